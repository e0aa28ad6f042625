"""How others verify tokens of service accounts (kubernetes v1.34.4, ``pkg/routes/openidmetadata.go``)."""

from __future__ import annotations

from typing import Final

from nixernetes.cluster.access.tokens import TokenSigner
from nixernetes.cluster.server.encoding import encoded
from nixernetes.cluster.server.media import Form
from nixernetes.cluster.server.requests import ApiRequest, ApiResponse

__all__ = ["IssuerDocuments"]

_HEADERS: Final = (("cache-control", "public, max-age=3600"),)


class IssuerDocuments:
    """Answers what a server says of the key that it signs tokens with.

    Args:
        signer: has the key.
        address: host, port and prefix of the server.

    """

    def __init__(self, signer: TokenSigner, address: str) -> None:
        self._signer = signer
        self._address = address

    def answer(self, request: ApiRequest) -> ApiResponse | None:
        """Return the document at a path; None where there is none."""
        match request.path.rstrip("/"):
            case "/.well-known/openid-configuration":
                body = encoded(self._signer.configuration(self._address), Form())
                return ApiResponse(status=200, body=body, headers=_HEADERS)
            case "/openid/v1/jwks":
                body = encoded(self._signer.key_set(), Form())
                return ApiResponse(status=200, content_type="application/jwk-set+json", body=body, headers=_HEADERS)
        return None
