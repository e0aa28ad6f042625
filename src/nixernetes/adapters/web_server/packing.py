"""Answers packed with gzip, in parts that are packed by themselves, so that a part that stays is packed once.

No part refers to another one, so the size of the whole tells nothing of a secret in one part by what stands in another.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable
from typing import Final, NamedTuple

__all__ = ["PackedPart", "Packing", "packed", "part"]

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


class Packing:
    """One answer that is sent in parts.

    Args:
        is_packed: whether it is packed; else the parts are sent as they are.

    """

    def __init__(self, *, is_packed: bool = True) -> None:
        self._is_packed = is_packed
        self._check = 0
        self._size = 0

    def add(self, each: PackedPart) -> bytes:
        """Return what is sent for the next part."""
        if not self._is_packed:
            return each.plain
        head = b"" if self._size else _HEAD
        self._check = zlib.crc32(each.plain, self._check)
        self._size += len(each.plain)
        return head + each.packed

    def end(self) -> bytes:
        """Return what is sent after the last part, of which there is one that is not empty."""
        return _END + struct.pack("<II", self._check, self._size & 0xFFFFFFFF) if self._is_packed else b""


def packed(parts: Iterable[PackedPart]) -> bytes:
    """Return parts as one file of gzip; one of them is not empty."""
    packing = Packing()
    return b"".join([packing.add(each) for each in parts]) + packing.end()
