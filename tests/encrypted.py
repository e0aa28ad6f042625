"""Encrypts as SOPS does, for tests: age recipients, all formats that the tests need."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator

import pyrage
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from nixernetes.objects.manifest import Json

__all__ = ["Encryptor"]


class Encryptor:
    """Encrypts with one data key for one age recipient; nonces are counted, so that equal input gives equal output."""

    def __init__(self, recipient: str = "") -> None:
        self.identity = pyrage.x25519.Identity.generate()
        self.recipient = recipient or str(self.identity.to_public())
        self._key = bytes(range(32))
        self._count = 0

    def document(self, data: Json, **rules: str) -> Json:
        """Return an encrypted document; the rule is ``encrypted_regex`` for Kubernetes unless others are given."""
        rules = rules or {"encrypted_regex": "^(data|stringData)$"}
        pattern = next(iter(rules.values()))
        sealed = self._walked(data, (), self._matching(next(iter(rules)), pattern))
        return {**sealed, "sops": self.block(**rules)}

    def block(self, **rules: str) -> Json:
        """Return a ``sops`` block."""
        enc = pyrage.encrypt(self._key, [pyrage.x25519.Recipient.from_str(self.recipient)], armored=True).decode()
        mac = self.value("0" * 128, ("2026-01-01T00:00:00Z",))
        return {
            "age": [{"recipient": self.recipient, "enc": enc}],
            "lastmodified": "2026-01-01T00:00:00Z",
            "mac": mac,
            "version": "3.10.2",
            **rules,
        }

    def value(self, value: Json, path: tuple[str, ...]) -> str:
        """Return one encrypted value."""
        self._count += 1
        nonce = self._count.to_bytes(32, "big")
        kind, plain = next(_typed(value))
        out = AESGCM(self._key).encrypt(nonce, plain.encode(), f"{':'.join(path)}:".encode())
        data, tag = (base64.b64encode(part).decode() for part in (out[:-16], out[-16:]))
        return f"ENC[AES256_GCM,data:{data},iv:{base64.b64encode(nonce).decode()},tag:{tag},type:{kind}]"

    def _matching(self, rule: str, pattern: str) -> Callable[[tuple[str, ...]], bool]:
        if rule == "encrypted_regex":
            words = pattern.strip("^()$").split("|")
            return lambda path: any(step in words for step in path)
        return lambda path: not any(step.endswith(pattern) for step in path)

    def _walked(self, value: Json, path: tuple[str, ...], encrypts: Callable[[tuple[str, ...]], bool]) -> Json:
        if isinstance(value, dict):
            return {name: self._walked(each, (*path, name), encrypts) for name, each in value.items()}
        if isinstance(value, list):
            return [self._walked(each, path, encrypts) for each in value]
        return value if value in (None, "") or not encrypts(path) else self.value(value, path)


def _typed(value: Json) -> Iterator[tuple[str, str]]:
    if isinstance(value, bool):
        yield "bool", str(value)
    elif isinstance(value, int):
        yield "int", str(value)
    elif isinstance(value, float):
        yield "float", repr(value)
    yield "str", str(value)
