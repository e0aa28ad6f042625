"""Names that a server makes for objects that state only a beginning (apiserver pkg/storage/names/generate.go)."""

from __future__ import annotations

import hashlib
from typing import Final

__all__ = ["generated"]

_ALPHABET: Final = "bcdfghjklmnpqrstvwxz2456789"
_LENGTH: Final = 5
_LONGEST: Final = 63


def generated(beginning: str, seed: str) -> str:
    """Return a name that begins as asked for.

    Args:
        beginning: ``metadata.generateName``; cut where the name would be longer than 63.
        seed: what nothing else in the cluster has, such as the revision: equal seeds give equal names.

    """
    number = int.from_bytes(hashlib.sha256(f"{beginning}\0{seed}".encode()).digest()[:8], "big")
    letters = []
    for _ in range(_LENGTH):
        number, at = divmod(number, len(_ALPHABET))
        letters.append(_ALPHABET[at])
    return beginning[: _LONGEST - _LENGTH] + "".join(letters)
