"""Answers packed with gzip, in parts that are packed by themselves, so that a part that stays is packed once.

No part refers to another one, so the size of the whole tells nothing of a secret in one part by what stands in another.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable
from typing import Final, NamedTuple

__all__ = ["PackedPart", "packed", "part"]

_HEAD: Final = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"  # of RFC 1952: deflate, no time, no system
_END: Final = b"\x03\x00"  # an empty last block
_QUICK: Final = 4  # of nine levels: a megabyte takes ten milliseconds


class PackedPart(NamedTuple):
    """A part of an answer, plain and packed."""

    plain: bytes
    packed: bytes


def part(plain: bytes, level: int = _QUICK) -> PackedPart:
    """Pack a part."""
    packer = zlib.compressobj(level, zlib.DEFLATED, -zlib.MAX_WBITS)
    return PackedPart(plain, packer.compress(plain) + packer.flush(zlib.Z_FULL_FLUSH))


def packed(parts: Iterable[PackedPart]) -> bytes:
    """Return parts as one file of gzip."""
    check, size, found = 0, 0, [_HEAD]
    for each in parts:
        check, size = zlib.crc32(each.plain, check), size + len(each.plain)
        found.append(each.packed)
    return b"".join((*found, _END, struct.pack("<II", check, size & 0xFFFFFFFF)))
