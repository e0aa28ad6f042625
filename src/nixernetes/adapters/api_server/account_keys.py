"""The key that tokens of service accounts are signed with: RSA, made when the first token asks for it."""

from __future__ import annotations

import base64
import functools
import hashlib
from collections.abc import Callable
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

__all__ = ["AccountKey", "new_account_key"]

_BITS: Final = 2048
_EXPONENT: Final = 65537


def new_account_key() -> bytes:
    """Return a key that nobody had before, in PEM."""
    key = rsa.generate_private_key(_EXPONENT, _BITS)
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


class AccountKey:
    """A :class:`~nixernetes.cluster.access.tokens.AccountTokenKey`.

    Args:
        load: returns it, in PEM; called once, when it is needed first: making one takes a tenth of a second.

    """

    def __init__(self, load: Callable[[], bytes] = new_account_key) -> None:
        self._load = load

    @functools.cached_property
    def _key(self) -> rsa.RSAPrivateKey:
        key = serialization.load_pem_private_key(self._load(), None)
        assert isinstance(key, rsa.RSAPrivateKey)  # noqa: S101  # no other kind is ever made here
        return key

    def identity(self) -> str:
        """Return what tells it from others: the digest of its public half, as Kubernetes computes it."""
        return self._identity

    @functools.cached_property
    def _identity(self) -> str:
        public = self._key.public_key().public_bytes(
            serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        return base64.urlsafe_b64encode(hashlib.sha256(public).digest()).rstrip(b"=").decode()

    def numbers(self) -> tuple[bytes, bytes]:
        """Return modulus and exponent of its public half, big end first."""
        numbers = self._key.public_key().public_numbers()
        modulus, exponent = (each.to_bytes((each.bit_length() + 7) // 8, "big") for each in (numbers.n, numbers.e))
        return modulus, exponent

    def sign(self, data: bytes) -> bytes:
        """Return a signature."""
        return self._key.sign(data, padding.PKCS1v15(), hashes.SHA256())

    def verifies(self, data: bytes, signature: bytes) -> bool:
        """Tell whether a signature is its own."""
        try:
            self._key.public_key().verify(signature, data, padding.PKCS1v15(), hashes.SHA256())
        except InvalidSignature:
            return False
        return True
