"""Quantities such as ``500m`` and ``1Gi``, exact (apimachinery ``resource/quantity.go``, apiserver ``quantity.go``).

A quantity is a whole number of nano units; finer parts are rounded away from zero. What is added or subtracted keeps
the suffix family of the first one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import ClassVar

from nixernetes.languages.cel.errors import EvaluationError
from nixernetes.languages.cel.functions import Library, function, type_constant
from nixernetes.languages.cel.values import INT_MAX, INT_MIN, Opaque

__all__ = ["QUANTITIES", "Quantity", "read_quantity"]

_NANO = 10**9
_DECIMAL = {"n": -9, "u": -6, "m": -3, "": 0, "k": 3, "M": 6, "G": 9, "T": 12, "P": 15, "E": 18}
_BINARY = {"Ki": 10, "Mi": 20, "Gi": 30, "Ti": 40, "Pi": 50, "Ei": 60}
_SPELLED = re.compile(r"([+-]?)(\d*)(?:\.(\d*))?(?:([numkMGTPE]|[KMGTPE]i)|[eE]([+-]?\d{1,3}))?", re.ASCII)
_LONGEST = 100
_REFUSED = "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantity(Opaque):
    """A quantity.

    Args:
        nano: its value in nano units.
        family: how it is written: ``decimal``, ``binary`` or ``exponent``.
        whole: whether it was written without parts of one, which is what Kubernetes goes by.

    """

    type_name: ClassVar[str] = "kubernetes.Quantity"
    nano: int
    family: str
    whole: bool

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Quantity) and other.nano == self.nano

    def __hash__(self) -> int:
        return hash(self.nano)

    def __str__(self) -> str:
        if self.family == "binary" and abs(self.nano) >= 1024 * _NANO and self.nano % _NANO == 0:
            return _scaled(self.nano // _NANO, 1024, ["", *_BINARY])
        if self.family == "exponent":
            return _exponent(self.nano)
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


def _exponent(nano: int) -> str:
    power, value = -9, nano
    while value and value % 1000 == 0:
        value //= 1000
        power += 3
    return f"{value}e{power}" if value and power else str(value)


def read_quantity(text: str) -> Quantity:
    """Return the quantity that a text spells.

    Raises:
        EvaluationError: it spells none.

    """
    found = _SPELLED.fullmatch(text) if len(text) <= _LONGEST else None
    if found is None or not (found[2] or found[3]):
        raise EvaluationError(_REFUSED)
    fraction, suffix = found[3] or "", found[4] or ""
    digits = int(found[2] + fraction)
    shift, power = _BINARY.get(suffix, 0), _DECIMAL.get(suffix, 0) + int(found[5] or 0)
    scale = power - len(fraction)
    above, below = digits * 2**shift * 10 ** max(scale + 9, 0), 10 ** max(-scale - 9, 0)
    nano = -(-above // below)
    nano = min(nano, INT_MAX * _NANO)
    family = "binary" if shift else "exponent" if found[5] else "decimal"
    whole = scale >= 0 and not (shift and found[3] is not None) and nano <= INT_MAX * _NANO
    return Quantity(nano=-nano if found[1] == "-" else nano, family=family, whole=whole)


def _is_quantity(text: str) -> bool:
    try:
        read_quantity(text)
    except EvaluationError:
        return False
    return True


def _is_integer(quantity: Quantity) -> bool:
    return quantity.whole and INT_MIN <= quantity.nano // _NANO <= INT_MAX


def _as_integer(quantity: Quantity) -> int:
    if not _is_integer(quantity):
        raise EvaluationError("cannot convert value to integer")
    return quantity.nano // _NANO


def _plus(one: Quantity, other: Quantity, sign: int = 1) -> Quantity:
    family = one.family if one.nano else other.family
    return Quantity(nano=one.nano + sign * other.nano, family=family, whole=one.whole and other.whole)


def _minus(one: Quantity, other: Quantity) -> Quantity:
    return _plus(one, other, -1)


def _of_int(value: int) -> Quantity:
    return Quantity(nano=value * _NANO, family="exponent", whole=True)


_TYPE = "kubernetes.Quantity"
QUANTITIES = Library(
    name="kubernetes.quantity",
    functions=(
        function("quantity", f"(string) -> {_TYPE}", read_quantity),
        function("isQuantity", "(string) -> bool", _is_quantity),
        function("sign", f"({_TYPE}) -> int", lambda one: (one.nano > 0) - (one.nano < 0)),
        function("isGreaterThan", f"{_TYPE}.({_TYPE}) -> bool", lambda one, other: one.nano > other.nano),
        function("isLessThan", f"{_TYPE}.({_TYPE}) -> bool", lambda one, other: one.nano < other.nano),
        function(
            "compareTo",
            f"{_TYPE}.({_TYPE}) -> int",
            lambda one, other: (one.nano > other.nano) - (one.nano < other.nano),
        ),
        function("asApproximateFloat", f"{_TYPE}.() -> double", lambda one: one.nano / _NANO),
        function("asInteger", f"{_TYPE}.() -> int", _as_integer),
        function("isInteger", f"{_TYPE}.() -> bool", _is_integer),
        function("add", f"{_TYPE}.({_TYPE}) -> {_TYPE}", _plus),
        function("add", f"{_TYPE}.(int) -> {_TYPE}", lambda one, other: _plus(one, _of_int(other))),
        function("sub", f"{_TYPE}.({_TYPE}) -> {_TYPE}", _minus),
        function("sub", f"{_TYPE}.(int) -> {_TYPE}", lambda one, other: _minus(one, _of_int(other))),
    ),
    constants={_TYPE: type_constant(_TYPE)},
)
