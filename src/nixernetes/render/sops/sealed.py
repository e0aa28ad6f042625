"""One value that SOPS encrypted: ``ENC[AES256_GCM,data:...,iv:...,tag:...,type:str]`` (SOPS ``aes/cipher.go``)."""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass
from typing import Final

from nixernetes.errors import InputError
from nixernetes.objects.manifest import Json

__all__ = ["ENCODED", "PLACEHOLDER", "PLACEHOLDERS", "Sealed", "is_sealed", "placeholder", "sealed", "typed"]

PLACEHOLDER: Final = "sops-placeholder"
ENCODED: Final = base64.b64encode(PLACEHOLDER.encode()).decode()
PLACEHOLDERS: Final = (PLACEHOLDER, ENCODED)
_PREFIX: Final = "ENC[AES256_GCM,"
_PART: Final = r"([A-Za-z0-9+/=]+)"
_FORM: Final = re.compile(rf"ENC\[AES256_GCM,data:{_PART},iv:{_PART},tag:{_PART},type:([a-z]+)\]")
_STANDS_FOR: Final[dict[str, Json]] = {"int": 0, "float": 0, "bool": False}
_TRUE: Final = ("1", "t", "T", "TRUE", "true", "True")
_FALSE: Final = ("0", "f", "F", "FALSE", "false", "False")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sealed:
    """A value that SOPS encrypted.

    Attributes:
        data: the cipher text, without the tag.
        iv: the nonce.
        tag: the authentication tag.
        type: what the value was: ``str``, ``int``, ``float``, ``bool``, ``bytes``, ``time`` or ``comment``.

    """

    data: bytes
    iv: bytes
    tag: bytes
    type: str


def is_sealed(value: Json) -> bool:
    """Tell whether a value begins as what SOPS encrypted."""
    return isinstance(value, str) and value.startswith(_PREFIX)


def sealed(text: str) -> Sealed | None:
    """Return what SOPS encrypted; None for a text of another form."""
    found = _FORM.match(text)
    if found is None:
        return None
    try:
        data, iv, tag = (base64.b64decode(part, validate=True) for part in found.groups()[:3])
    except (binascii.Error, ValueError):
        return None
    return Sealed(data=data, iv=iv, tag=tag, type=found[4])


def placeholder(text: str) -> Json:
    """Return what stands for an encrypted value that nobody can read: of the type that SOPS recorded."""
    found = _FORM.match(text)
    return _STANDS_FOR.get(found[4] if found else "str", PLACEHOLDER)


def typed(kind: str, plain: bytes) -> Json:
    """Return a decrypted value in its type.

    Raises:
        InputError: it is not of that type. The value is never part of the message.

    """
    text = plain.decode(errors="replace")
    try:
        if kind == "int":
            return int(text)
        if kind == "float":
            number = float(text)
            return int(number) if number.is_integer() and abs(number) < 1e15 else number
    except (ValueError, OverflowError):
        raise InputError(f"a decrypted value is not of its type {kind!r}") from None
    if kind == "bool":
        if text not in (*_TRUE, *_FALSE):
            raise InputError("a decrypted value is not of its type 'bool'")
        return text in _TRUE
    if kind not in ("str", "bytes", "time", "comment"):
        raise InputError(f"Unknown datatype: {kind}")
    return text
