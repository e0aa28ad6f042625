"""The library for quantities (``apiserver/pkg/cel/library/quantity.go``)."""

from __future__ import annotations

from dataclasses import dataclass
from operator import add, gt, lt, sub
from typing import ClassVar

from nixernetes.errors import InputError
from nixernetes.languages import quantities
from nixernetes.languages.cel.errors import EvaluationError
from nixernetes.languages.cel.functions import Library, function, type_constant
from nixernetes.languages.cel.values import INT_MAX, INT_MIN, Opaque
from nixernetes.languages.quantities import NANO, Family

__all__ = ["QUANTITIES"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Quantity(quantities.Quantity, Opaque):
    type_name: ClassVar[str] = "kubernetes.Quantity"


def _read(text: str) -> _Quantity:
    try:
        found = quantities.parse(text)
    except InputError as error:
        raise EvaluationError(error.message) from error
    return _Quantity(nano=found.nano, family=found.family, whole=found.whole)


def _is_quantity(text: str) -> bool:
    try:
        quantities.parse(text)
    except InputError:
        return False
    return True


def _is_integer(quantity: _Quantity) -> bool:
    return quantity.whole and INT_MIN <= quantity.nano // NANO <= INT_MAX


def _as_integer(quantity: _Quantity) -> int:
    if not _is_integer(quantity):
        raise EvaluationError("cannot convert value to integer")
    return quantity.nano // NANO


def _of_int(value: int) -> _Quantity:
    return _Quantity(nano=value * NANO, family=Family.EXPONENT, whole=True)


_TYPE = "kubernetes.Quantity"
QUANTITIES = Library(
    name="kubernetes.quantity",
    functions=(
        function("quantity", f"(string) -> {_TYPE}", _read),
        function("isQuantity", "(string) -> bool", _is_quantity),
        function("sign", f"({_TYPE}) -> int", lambda one: (one.nano > 0) - (one.nano < 0)),
        function("isGreaterThan", f"{_TYPE}.({_TYPE}) -> bool", gt),
        function("isLessThan", f"{_TYPE}.({_TYPE}) -> bool", lt),
        function("compareTo", f"{_TYPE}.({_TYPE}) -> int", lambda one, other: (one > other) - (one < other)),
        function("asApproximateFloat", f"{_TYPE}.() -> double", lambda one: one.nano / NANO),
        function("asInteger", f"{_TYPE}.() -> int", _as_integer),
        function("isInteger", f"{_TYPE}.() -> bool", _is_integer),
        function("add", f"{_TYPE}.({_TYPE}) -> {_TYPE}", add),
        function("add", f"{_TYPE}.(int) -> {_TYPE}", lambda one, other: one + _of_int(other)),
        function("sub", f"{_TYPE}.({_TYPE}) -> {_TYPE}", sub),
        function("sub", f"{_TYPE}.(int) -> {_TYPE}", lambda one, other: one - _of_int(other)),
    ),
    constants={_TYPE: type_constant(_TYPE)},
)
