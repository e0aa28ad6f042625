"""``+ - * / %`` and negation, with the overflow errors of cel-go (``common/types/overflow.go``)."""

from __future__ import annotations

import math
from collections.abc import Callable

from nixernetes.languages.cel.budget import Meter
from nixernetes.languages.cel.equality import is_list
from nixernetes.languages.cel.errors import EvaluationError, no_such_overload
from nixernetes.languages.cel.times import Duration, Timestamp, duration, timestamp
from nixernetes.languages.cel.values import INT_MAX, INT_MIN, UINT_MAX, UInt, Value

__all__ = ["OPERATORS", "add", "negate", "whole"]

Operator = Callable[[Meter, Value, Value], Value]


def whole(number: int) -> int:
    """Return an int.

    Raises:
        EvaluationError: it does not fit into 64 bits.

    """
    if INT_MIN <= number <= INT_MAX:
        return number
    raise EvaluationError("integer overflow")


def unsigned(number: int) -> UInt:
    """Return a uint.

    Raises:
        EvaluationError: it does not fit into 64 bits.

    """
    if 0 <= number <= UINT_MAX:
        return UInt(number)
    raise EvaluationError("unsigned integer overflow")


def _quotient(one: int, other: int) -> int:
    """Divide as Go does: towards zero."""
    if not other:
        raise EvaluationError("division by zero")
    result = abs(one) // abs(other)
    return -result if (one < 0) != (other < 0) else result


def _remainder(one: int, other: int) -> int:
    if not other:
        raise EvaluationError("modulus by zero")
    if one == INT_MIN and other == -1:
        raise EvaluationError("integer overflow")
    result = abs(one) % abs(other)
    return -result if one < 0 else result


def _divided(one: float, other: float) -> float:
    if other:
        return one / other
    if one != one or not one:  # noqa: PLR0124  only NaN is not itself
        return math.nan
    return math.copysign(math.inf, one) * math.copysign(1.0, other)


def add(meter: Meter, one: Value, other: Value) -> Value:
    """Return the sum of two values, or one after the other.

    Raises:
        EvaluationError: they cannot be added, or the sum is out of range.
        BudgetError: the text or list would be too long.

    """
    first, second = one.__class__, other.__class__
    if first is second:
        if first is int:
            return whole(one + other)
        if first is str or first is bytes:
            meter.text(len(one) + len(other))
            return one + other
        if first is float:
            return one + other
        if first is UInt:
            return unsigned(int(one) + int(other))
        if first is Duration:
            return duration(one.nanoseconds + other.nanoseconds)
    if {first, second} == {Duration, Timestamp}:
        return timestamp(one.nanoseconds + other.nanoseconds)
    if is_list(one) and is_list(other):
        meter.elements(len(one) + len(other))
        return [*one, *other]
    raise no_such_overload()


def _subtract(_: Meter, one: Value, other: Value) -> Value:
    first, second = one.__class__, other.__class__
    if first is second:
        if first is int:
            return whole(one - other)
        if first is float:
            return one - other
        if first is UInt:
            return unsigned(int(one) - int(other))
        if first is Duration or first is Timestamp:
            return duration(one.nanoseconds - other.nanoseconds)
    if first is Timestamp and second is Duration:
        return timestamp(one.nanoseconds - other.nanoseconds)
    raise no_such_overload()


def _multiply(_: Meter, one: Value, other: Value) -> Value:
    if one.__class__ is other.__class__:
        if one.__class__ is int:
            return whole(one * other)
        if one.__class__ is float:
            return one * other
        if one.__class__ is UInt:
            return unsigned(int(one) * int(other))
    raise no_such_overload()


def _divide(_: Meter, one: Value, other: Value) -> Value:
    if one.__class__ is other.__class__:
        if one.__class__ is int:
            return whole(_quotient(one, other))
        if one.__class__ is float:
            return _divided(one, other)
        if one.__class__ is UInt:
            return UInt(_quotient(one, other))
    raise no_such_overload()


def _modulo(_: Meter, one: Value, other: Value) -> Value:
    if one.__class__ is other.__class__:
        if one.__class__ is int:
            return _remainder(one, other)
        if one.__class__ is UInt:
            return UInt(_remainder(one, other))
    raise no_such_overload()


def negate(value: Value) -> Value:
    """Return a number with the other sign.

    Raises:
        EvaluationError: it is no number that has one, or the result is out of range.

    """
    if value.__class__ is int:
        return whole(-value)
    if value.__class__ is float:
        return -value
    if value.__class__ is Duration:
        return duration(-value.nanoseconds)
    raise no_such_overload()


OPERATORS: dict[str, Operator] = {"_+_": add, "_-_": _subtract, "_*_": _multiply, "_/_": _divide, "_%_": _modulo}
