"""Tokens of service accounts: JSON Web Tokens that the cluster signs and knows again (RFC 7519, RS256).

After kubernetes v1.34.4, ``pkg/serviceaccount``: who knows the public key, which the server tells, can verify them.
"""

from __future__ import annotations

import base64
import binascii
import json
from datetime import datetime
from typing import Final, NamedTuple, Protocol

from nixernetes.errors import InputError
from nixernetes.objects.fields import items_at, mapping_at, number_at, text_at
from nixernetes.objects.manifest import Json, Manifest

__all__ = ["ISSUER", "AccountToken", "AccountTokenKey", "BoundTo", "TokenSigner"]

ISSUER: Final = "https://kubernetes.default.svc"
_ALGORITHM: Final = "RS256"
_LONGEST: Final = 16_384
_LEEWAY_SECONDS: Final = 60
_BOUND: Final = ("pod", "secret", "node")


class AccountTokenKey(Protocol):
    """The key that tokens are signed with."""

    def identity(self) -> str:
        """Return what tells it from others (``kid``)."""
        ...

    def numbers(self) -> tuple[bytes, bytes]:
        """Return modulus and exponent of its public half, big end first."""
        ...

    def sign(self, data: bytes) -> bytes:
        """Return a signature (RSASSA-PKCS1-v1_5 with SHA-256)."""
        ...

    def verifies(self, data: bytes, signature: bytes) -> bool:
        """Tell whether a signature is its own."""
        ...


class BoundTo(NamedTuple):
    """An object that a token is bound to, or tells of.

    Attributes:
        kind: ``pod``, ``secret`` or ``node``.
        name: its name.
        uid: its uid; ``""`` where it is not there.

    """

    kind: str
    name: str
    uid: str


class AccountToken(NamedTuple):
    """What a token says.

    Attributes:
        namespace: the namespace of the account.
        name: its name.
        uid: its uid.
        audiences: who is to accept it.
        identity: what tells one token from another.
        bound: the object that it ends with, and the node of a pod.

    """

    namespace: str
    name: str
    uid: str
    audiences: tuple[str, ...]
    identity: str
    bound: tuple[BoundTo, ...] = ()


class TokenSigner:
    """Signs and verifies tokens.

    Args:
        key: the key of the cluster.

    """

    def __init__(self, key: AccountTokenKey) -> None:
        self._key = key

    def signed(self, token: AccountToken, issued: datetime, expires: datetime, warned: datetime | None = None) -> str:
        """Return a token that is valid for a time; beyond ``warned`` its use is to be told of."""
        told: Json = {
            "namespace": token.namespace,
            "serviceaccount": {"name": token.name, "uid": token.uid},
            **{each.kind: _reference(each) for each in token.bound},
        }
        if warned is not None:
            told["warnafter"] = int(warned.timestamp())
        claims: Manifest = {
            "aud": list(token.audiences),
            "exp": int(expires.timestamp()),
            "iat": int(issued.timestamp()),
            "iss": ISSUER,
            "jti": token.identity,
            "kubernetes.io": told,
            "nbf": int(issued.timestamp()),
            "sub": f"system:serviceaccount:{token.namespace}:{token.name}",
        }
        body = f"{_part({'alg': _ALGORITHM, 'kid': self._key.identity()})}.{_part(claims)}"
        return f"{body}.{_text(self._key.sign(body.encode()))}"

    def read(self, text: str, now: datetime) -> AccountToken:
        """Return what a token says.

        Raises:
            InputError: it is none of this cluster's, or its time is over.

        """
        body, dot, signature = text[:_LONGEST].rpartition(".")
        head, second, told = body.partition(".")
        try:
            header: Json = json.loads(_bytes(head))
            is_ours = dot and second and text_at(header, "alg") == _ALGORITHM
            if not is_ours or not self._key.verifies(body.encode("ascii"), _bytes(signature)):
                raise InputError("invalid bearer token")
            claims: Json = json.loads(_bytes(told))
        except (ValueError, RecursionError, binascii.Error) as error:
            raise InputError("invalid bearer token") from error
        if number_at(claims, "exp") < now.timestamp() - _LEEWAY_SECONDS:
            raise InputError("invalid bearer token, service account token has expired")
        if number_at(claims, "nbf") > now.timestamp() + _LEEWAY_SECONDS:
            raise InputError("invalid bearer token, service account token is not valid yet")
        private = mapping_at(claims, "kubernetes.io")
        return AccountToken(
            text_at(private, "namespace"),
            text_at(private, "serviceaccount", "name"),
            text_at(private, "serviceaccount", "uid"),
            tuple(map(str, items_at(claims, "aud"))),
            text_at(claims, "jti"),
            tuple(
                BoundTo(kind, text_at(private, kind, "name"), text_at(private, kind, "uid"))
                for kind in _BOUND
                if kind in private
            ),
        )

    def key_set(self) -> Json:
        """Return the public half of the key, as clients read it (RFC 7517)."""
        modulus, exponent = self._key.numbers()
        told = {"use": "sig", "kty": "RSA", "kid": self._key.identity(), "alg": _ALGORITHM}
        return {"keys": [{**told, "n": _text(modulus), "e": _text(exponent)}]}

    def configuration(self, address: str) -> Json:
        """Return where the key is found, and what it is for (OpenID Connect Discovery 1.0).

        Args:
            address: host, port and prefix of the server.

        """
        return {
            "issuer": ISSUER,
            "jwks_uri": f"https://{address}/openid/v1/jwks",
            "response_types_supported": ["id_token"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": [_ALGORITHM],
        }


def _reference(bound: BoundTo) -> Json:
    return {"name": bound.name, **({"uid": bound.uid} if bound.uid else {})}


def _part(value: Manifest) -> str:
    return _text(json.dumps(value, separators=(",", ":"), sort_keys=True).encode())


def _text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
