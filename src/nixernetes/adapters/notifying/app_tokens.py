"""The token that a GitHub App signs of itself: RS256, good for some minutes (JSON Web Token, RFC 7519)."""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Callable, Mapping

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from nixernetes.errors import InputError

__all__ = ["app_token"]

_BEFORE = 60  # seconds by which clocks may differ
_GOOD_FOR = 300


def app_token(app: str, key: str, now: Callable[[], float] = time.time) -> str:
    """Return a token of an app.

    Args:
        app: its id.
        key: its private key (PEM).
        now: seconds of the epoch.

    Raises:
        InputError: the key cannot be used. The message holds nothing of it.

    """
    try:
        loaded = load_pem_private_key(key.encode(), None)
    except (TypeError, ValueError, UnsupportedAlgorithm):
        loaded = None
    if not isinstance(loaded, RSAPrivateKey):
        raise InputError("the private key of the GitHub App cannot be used: it must be an RSA key (PEM)")
    moment = int(now())
    claims = {"iat": moment - _BEFORE, "exp": moment + _GOOD_FOR, "iss": app}
    signed = f"{_part({'alg': 'RS256', 'typ': 'JWT'})}.{_part(claims)}"
    return f"{signed}.{_encoded(loaded.sign(signed.encode(), PKCS1v15(), SHA256()))}"


def _part(value: Mapping[str, object]) -> str:
    return _encoded(json.dumps(value, separators=(",", ":")).encode())


def _encoded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
