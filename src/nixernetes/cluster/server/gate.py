"""Who may ask: those who show a token that was handed out, or a certificate that TLS has verified."""

from __future__ import annotations

import hmac
from collections.abc import Collection
from typing import Final

from nixernetes.cluster.api import ApiError, Details
from nixernetes.cluster.server.paths import target
from nixernetes.cluster.server.requests import ApiRequest

__all__ = ["TokenGate"]

_OPEN: Final = ("/version", "/healthz", "/livez", "/readyz")
_BEARER: Final = "bearer "


class TokenGate:
    """Lets administrators in, and nobody else.

    Args:
        tokens: their tokens.

    """

    def __init__(self, tokens: Collection[str]) -> None:
        self._tokens = [token.encode() for token in tokens]

    def check(self, request: ApiRequest) -> None:
        """Refuse who may not ask.

        Raises:
            ApiError: Unauthorized or Forbidden.

        """
        header = request.headers.get("authorization", "")
        if header[: len(_BEARER)].lower() == _BEARER:
            told = header[len(_BEARER) :].strip().encode()
            if not any(hmac.compare_digest(told, token) for token in self._tokens):
                raise ApiError("Unauthorized", "Unauthorized")
        elif request.peer is None and not request.path.startswith(_OPEN):
            raise _anonymous(request)


def _anonymous(request: ApiRequest) -> ApiError:
    what = target(request.path)
    verb = {"POST": "create", "PUT": "update", "PATCH": "patch", "DELETE": "delete"}.get(request.method, "get")
    if what is None:
        message = f'forbidden: User "system:anonymous" cannot {verb} path "{request.path}"'
        return ApiError("Forbidden", message, details=Details())
    resource = f"{what.resource}.{what.group}" if what.group else what.resource
    verb = "list" if verb == "get" and not what.name else verb
    named = f' "{what.name}"' if what.name else ""
    where = f'in the namespace "{what.namespace}"' if what.namespace else "at the cluster scope"
    message = (
        f'{resource}{named} is forbidden: User "system:anonymous" cannot {verb} resource "{what.resource}" '
        f'in API group "{what.group}" {where}'
    )
    return ApiError("Forbidden", message, details=Details(name=what.name, group=what.group, kind=what.resource))
