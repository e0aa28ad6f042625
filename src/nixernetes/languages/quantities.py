"""Quantities of Kubernetes, such as ``500m``, ``1.5Gi`` and ``1e3``: exact, and written as an API server writes them.

A quantity is a whole number of nano units; finer parts are rounded away from zero, so that nobody who asks for little
gets nothing. What is written with ``Ki`` to ``Ei`` ends at 2^63-1 (apimachinery, ``pkg/api/resource/quantity.go``).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final, Self

from nixernetes.errors import InputError

__all__ = ["NANO", "Family", "Quantity", "parse"]

NANO: Final = 10**9  # nano units of one
_DECIMAL: Final = {"n": -9, "u": -6, "m": -3, "": 0, "k": 3, "M": 6, "G": 9, "T": 12, "P": 15, "E": 18}
_BINARY: Final = {"Ki": 10, "Mi": 20, "Gi": 30, "Ti": 40, "Pi": 50, "Ei": 60}
_SPELLED: Final = re.compile(r"([+-]?)([0-9]*)(?:\.([0-9]*))?([eEinumkKMGTP]*[+-]?[0-9]*)")
_EXPONENT: Final = re.compile(r"[eE]([+-]?[0-9]{1,3})")  # an API server reads larger ones; no cluster is that large
_LONGEST: Final = 100  # characters; no honest quantity has more, and the work must end
_FAST_DIGITS: Final = 18  # of a number that is held in 64 bits without a look at its value
_MOST: Final = (2**63 - 1) * NANO


class Family(StrEnum):
    """How a quantity is written: with ``k`` or ``m``, with ``Ki``, or with ``e3``."""

    DECIMAL = "DecimalSI"
    BINARY = "BinarySI"
    EXPONENT = "DecimalExponent"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Quantity:
    """A quantity. Equal are those of one value, however they are written; ``str`` gives the canonical form.

    Args:
        nano: its value in nano units.
        family: how it is written.
        whole: whether an API server holds it as a whole number of 64 bits: written without parts of one, and short.

    """

    nano: int
    family: Family = Family.DECIMAL
    whole: bool = False

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Quantity) and other.nano == self.nano

    def __hash__(self) -> int:
        return hash(self.nano)

    def __lt__(self, other: Quantity) -> bool:
        return self.nano < other.nano

    def __add__(self, other: Quantity) -> Self:
        """Return the sum, in the family of the first one that is not zero."""
        family = self.family if self.nano else other.family
        return replace(self, nano=self.nano + other.nano, family=family, whole=self.whole and other.whole)

    def __neg__(self) -> Self:
        return replace(self, nano=-self.nano)

    def __sub__(self, other: Quantity) -> Self:
        return self + -other

    def __str__(self) -> str:
        if self.family is Family.BINARY and abs(self.nano) >= 1024 * NANO and self.nano % NANO == 0:
            return _scaled(self.nano // NANO, 1024, ["", *_BINARY])
        if self.family is Family.EXPONENT:
            return _with_exponent(self.nano)
        return _scaled(self.nano, 1000, list(_DECIMAL))


def _scaled(value: int, step: int, suffixes: list[str]) -> str:
    """Write a number with the largest suffix that leaves it whole."""
    if not value:
        return "0"
    index = 0
    while index + 1 < len(suffixes) and value % step == 0:
        value //= step
        index += 1
    return f"{value}{suffixes[index]}"


def _with_exponent(nano: int) -> str:
    power, value = -9, nano
    while value and value % 1000 == 0:
        value //= 1000
        power += 3
    return f"{value}e{power}" if value and power else str(value)


def parse(text: str) -> Quantity:
    """Return the quantity that a text spells.

    Raises:
        InputError: it spells none; the message is the API server's.

    """
    found = _SPELLED.fullmatch(text) if len(text) <= _LONGEST else None
    if found is None or not text:
        raise InputError("quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'")
    sign, number, fraction, suffix = found[1], found[2].lstrip("0"), found[3] or "", found[4]
    shift, power, family = _meaning(suffix)
    digits = int(number + fraction or "0")
    scale = power - len(fraction)
    above, below = digits * 2**shift * 10 ** max(scale + 9, 0), 10 ** max(-scale - 9, 0)
    nano = -(-above // below)
    if family is Family.BINARY:
        nano = min(nano, _MOST)
        family = Family.DECIMAL if nano < NANO else family
    short = len(number + fraction) + (shift * 3 // 10 + 4 if shift else 0) <= _FAST_DIGITS
    whole = scale >= 0 and not (shift and fraction) and short and nano <= _MOST
    return Quantity(nano=-nano if sign == "-" else nano, family=family, whole=whole)


def _meaning(suffix: str) -> tuple[int, int, Family]:
    """Return the powers of two and of ten that a suffix stands for, and its family."""
    if suffix in _DECIMAL:
        return 0, _DECIMAL[suffix], Family.DECIMAL
    if suffix in _BINARY:
        return _BINARY[suffix], 0, Family.BINARY
    exponent = _EXPONENT.fullmatch(suffix)
    if exponent is None:
        raise InputError("unable to parse quantity's suffix")
    return 0, int(exponent[1]), Family.EXPONENT
