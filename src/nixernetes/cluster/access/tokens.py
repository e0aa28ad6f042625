"""Tokens of service accounts: JSON Web Tokens that the cluster signs and knows again (RFC 7519, HS256).

Real servers sign with RSA, so that others can verify; here nobody else has to.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
from datetime import datetime
from typing import Final, NamedTuple

from nixernetes.errors import InputError
from nixernetes.objects.fields import items_at, mapping_at, number_at, text_at
from nixernetes.objects.manifest import Json, Manifest

__all__ = ["ISSUER", "AccountToken", "TokenSigner"]

ISSUER: Final = "https://kubernetes.default.svc"
_HEAD: Final = {"alg": "HS256", "typ": "JWT"}
_LONGEST: Final = 16_384


class AccountToken(NamedTuple):
    """What a token says.

    Attributes:
        namespace: the namespace of the account.
        name: its name.
        uid: its uid.
        audiences: who is to accept it.
        identity: what tells one token from another.

    """

    namespace: str
    name: str
    uid: str
    audiences: tuple[str, ...]
    identity: str


class TokenSigner:
    """Signs and verifies tokens.

    Args:
        key: the secret of the cluster.

    """

    def __init__(self, key: bytes) -> None:
        self._key = key

    def signed(self, token: AccountToken, issued: datetime, expires: datetime) -> str:
        """Return a token that is valid for a time."""
        account = {"name": token.name, "uid": token.uid}
        claims: Manifest = {
            "aud": list(token.audiences),
            "exp": int(expires.timestamp()),
            "iat": int(issued.timestamp()),
            "iss": ISSUER,
            "jti": token.identity,
            "kubernetes.io": {"namespace": token.namespace, "serviceaccount": account},
            "nbf": int(issued.timestamp()),
            "sub": f"system:serviceaccount:{token.namespace}:{token.name}",
        }
        body = f"{_part(_HEAD)}.{_part(claims)}"
        return f"{body}.{_text(self._sign(body))}"

    def read(self, text: str, now: datetime) -> AccountToken:
        """Return what a token says.

        Raises:
            InputError: it is none of this cluster's, or its time is over.

        """
        body, dot, signature = text[:_LONGEST].rpartition(".")
        if not dot or not hmac.compare_digest(_text(self._sign(body)).encode(), _octets(signature)):
            raise InputError("invalid bearer token")
        try:
            claims: Json = json.loads(_bytes(body.partition(".")[2]))
        except (ValueError, binascii.Error) as error:
            raise InputError("invalid bearer token") from error
        if number_at(claims, "exp") <= now.timestamp():
            raise InputError("invalid bearer token, service account token has expired")
        account = mapping_at(claims, "kubernetes.io", "serviceaccount")
        return AccountToken(
            text_at(claims, "kubernetes.io", "namespace"),
            text_at(account, "name"),
            text_at(account, "uid"),
            tuple(map(str, items_at(claims, "aud"))),
            text_at(claims, "jti"),
        )

    def _sign(self, body: str) -> bytes:
        return hmac.new(self._key, _octets(body), hashlib.sha256).digest()


def _octets(text: str) -> bytes:
    """Return a text of whoever asks as bytes, whatever is in it."""
    return text.encode("utf-8", "replace")


def _part(value: Manifest) -> str:
    return _text(json.dumps(value, separators=(",", ":"), sort_keys=True).encode())


def _text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
