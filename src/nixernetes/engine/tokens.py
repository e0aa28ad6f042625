"""Tokens of issuers (OpenID Connect), verified with keys that the user gives: nobody is asked for them here.

As coreos/go-oidc verifies one: the signature by a key of the issuer, the issuer, the audience, and that it is good now.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDSA,
    SECP256R1,
    SECP384R1,
    EllipticCurvePublicKey,
    EllipticCurvePublicNumbers,
)
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey, RSAPublicNumbers
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256, SHA384, SHA512, HashAlgorithm

from nixernetes.engine.issuers import Issuers
from nixernetes.errors import InputError
from nixernetes.objects.fields import text_at
from nixernetes.objects.manifest import Json

__all__ = ["bearer_of", "issuer_named", "verified_claims"]

_BEARER: Final = "Bearer "
_PARTS: Final = 3
_EARLY: Final = timedelta(minutes=5)  # by which the clock of an issuer may be ahead
_LONGEST: Final = 64 * 1024
_HASHES: Final[Mapping[str, HashAlgorithm]] = {"256": SHA256(), "384": SHA384(), "512": SHA512()}
_CURVES: Final = {"ES256": (SECP256R1(), "P-256", 32), "ES384": (SECP384R1(), "P-384", 48)}


def verified_claims(issuers: Issuers, token: str, issuer: str, audience: str, now: datetime) -> dict[str, Json]:
    """Return the claims of a token that an issuer gave to somebody, and that is good now.

    Args:
        issuers: the keys that are given.
        token: the token.
        issuer: the URL of the issuer whose keys must have signed it.
        audience: who it must be for.
        now: the present moment.

    Raises:
        InputError: it is not such a token, or no keys of this issuer are given.

    """
    known = issuers.keys.get(issuer)
    if known is None:
        raise InputError(f"the keys of the issuer {issuer} are not given: they are not downloaded, use --issuer-keys")
    head, claims = _decoded(token, 0), _decoded(token, 1)
    signed, _, signature = token.rpartition(".")
    algorithm, wanted = text_at(head, "alg"), text_at(head, "kid")
    candidates = [key for key in known if not wanted or text_at(key, "kid") in ("", wanted)]
    if not any(_verifies(key, algorithm, signed.encode(), _bytes(signature)) for key in candidates):
        raise InputError("failed to verify OIDC token: no key of the issuer verifies its signature")
    _check(claims, audience, now)
    return claims


def bearer_of(authorization: str) -> str:
    """Return the token in a header ``Authorization``.

    Raises:
        InputError: there is none.

    """
    token = authorization.removeprefix(_BEARER).strip()
    if not authorization.startswith(_BEARER) or not token:
        raise InputError("the Authorization header is missing or malformed")
    return token


def issuer_named(token: str) -> str:
    """Return the issuer that a token names, which is not verified by that.

    Raises:
        InputError: it is not a token, or names none.

    """
    found = text_at(_decoded(token, 1), "iss")
    if not found:
        raise InputError("failed to parse bearer token: token is missing the 'iss' claim")
    return found


def _decoded(token: str, place: int) -> dict[str, Json]:
    parts = token.split(".")
    if len(parts) != _PARTS or len(token) > _LONGEST:
        raise InputError("failed to parse bearer token: token is not a JWT")
    try:
        found = json.loads(_bytes(parts[place]))
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise InputError("failed to parse bearer token: failed to parse token payload")
    return found


def _bytes(text: str) -> bytes:
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise InputError("failed to parse bearer token: failed to decode token payload") from None


def _verifies(key: Json, algorithm: str, signed: bytes, signature: bytes) -> bool:
    """Tell whether a key signed something; which algorithm is used follows from the kind of the key."""
    try:
        if text_at(key, "kty") == "RSA" and algorithm in ("RS256", "RS384", "RS512"):
            _rsa(key).verify(signature, signed, PKCS1v15(), _HASHES[algorithm[2:]])
            return True
        if text_at(key, "kty") == "EC" and algorithm in _CURVES:
            size = _CURVES[algorithm][2]
            if len(signature) != 2 * size:
                return False
            pair = int.from_bytes(signature[:size]), int.from_bytes(signature[size:])
            _curved(key, algorithm).verify(encode_dss_signature(*pair), signed, ECDSA(_HASHES[algorithm[2:]]))
            return True
    except (InvalidSignature, ValueError, InputError):
        return False
    return False


def _rsa(key: Json) -> RSAPublicKey:
    return RSAPublicNumbers(_number(key, "e"), _number(key, "n")).public_key()


def _curved(key: Json, algorithm: str) -> EllipticCurvePublicKey:
    curve, name, _ = _CURVES[algorithm]
    if text_at(key, "crv") != name:
        raise InputError("a key of another curve")
    return EllipticCurvePublicNumbers(_number(key, "x"), _number(key, "y"), curve).public_key()


def _number(key: Json, name: str) -> int:
    return int.from_bytes(_bytes(text_at(key, name)))


def _check(claims: Mapping[str, Json], audience: str, now: datetime) -> None:
    if audience not in _audiences(claims):
        raise InputError(f"failed to verify OIDC token: expected audience {audience!r}")
    until, since = _moment(claims, "exp"), _moment(claims, "nbf")
    if until is None or until < now:
        raise InputError("failed to verify OIDC token: token is expired")
    if since is not None and since > now + _EARLY:
        raise InputError("failed to verify OIDC token: token is not good yet")


def _audiences(claims: Mapping[str, Json]) -> Iterator[str]:
    found = claims.get("aud")
    yield from (each for each in (found if isinstance(found, list) else [found]) if isinstance(each, str))


def _moment(claims: Mapping[str, Json], name: str) -> datetime | None:
    found = claims.get(name)
    if isinstance(found, bool) or not isinstance(found, int | float):
        return None
    try:
        return datetime.fromtimestamp(found, UTC)
    except (ValueError, OverflowError, OSError):
        return None
