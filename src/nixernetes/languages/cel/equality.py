"""Equality and order of values (cel-go ``common/types``).

Numbers are compared across their types. Values of other types that differ are unequal, never an error. Lists and maps
may share parts, so that comparing them could take exponential time: each element is charged.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from nixernetes.languages.cel.budget import Meter
from nixernetes.languages.cel.errors import EvaluationError, no_such_overload
from nixernetes.languages.cel.times import Duration, Timestamp
from nixernetes.languages.cel.values import OptionalValue, UInt, Value

__all__ = ["compare", "contains", "equal", "has_key", "is_list", "is_map", "lookup"]

_PLAIN = frozenset({str, int, float, bytes, UInt, type(None), Duration, Timestamp})
_LONG = 1_000  # characters; comparing more is charged for
_NUMBERS = frozenset({int, float, UInt})


def is_map(value: Value) -> bool:
    """Return whether a value is a map."""
    return value.__class__ is dict or isinstance(value, Mapping)


def is_list(value: Value) -> bool:
    """Return whether a value is a list."""
    return value.__class__ is list or (isinstance(value, Sequence) and not isinstance(value, (str, bytes)))


def equal(meter: Meter, one: Value, other: Value) -> bool:
    """Return whether two values are equal."""
    first, second = one.__class__, other.__class__
    if first is bool or second is bool:
        return first is second and one is other
    if first is str and second is str and len(one) > _LONG:
        meter.charge(len(one) // 100)
    if first is not second and first in _NUMBERS and second in _NUMBERS and float in {first, second}:
        return bool(float(one) == float(other))
    if first in _PLAIN or second in _PLAIN:
        return bool(one == other)
    if first is OptionalValue or second is OptionalValue:
        if first is not second or one.present is not other.present:
            return False
        return not one.present or equal(meter, one.value, other.value)
    if is_list(one):
        return is_list(other) and _equal_lists(meter, one, other)
    if is_map(one):
        return is_map(other) and _equal_maps(meter, one, other)
    return bool(one == other)


def _equal_lists(meter: Meter, one: Sequence[Value], other: Sequence[Value]) -> bool:
    if len(one) != len(other):
        return False
    for mine, theirs in zip(one, other, strict=True):
        meter.charge(1)
        if not equal(meter, mine, theirs):
            return False
    return True


def _equal_maps(meter: Meter, one: Mapping[Value, Value], other: Mapping[Value, Value]) -> bool:
    if len(one) != len(other):
        return False
    for key in one:
        meter.charge(1)
        found, theirs = lookup(other, key)
        if not found or not equal(meter, one[key], theirs):
            return False
    return True


def contains(meter: Meter, container: Value, wanted: Value) -> bool:
    """Return whether a list has an element, or a map a key.

    Raises:
        EvaluationError: it is neither a list nor a map.

    """
    if is_map(container):
        return has_key(container, wanted)
    if not is_list(container):
        raise no_such_overload()
    meter.charge(len(container))
    if wanted.__class__ is str:
        return wanted in container
    return any(equal(meter, wanted, element) for element in container)


def has_key(container: Mapping[Value, Value], key: Value) -> bool:
    """Return whether a map has a key, without asking for its value."""
    kind = key.__class__
    if kind is not str and kind is not bool and kind not in _NUMBERS:
        return False
    return key in container and (kind is str or key not in {0, 1} or _same_kind(container, key))


def lookup(container: Mapping[Value, Value], key: Value) -> tuple[bool, Value]:
    """Return whether a map has a key, and the value. Numbers that are equal are one key; booleans are not numbers."""
    return (True, container[key]) if has_key(container, key) else (False, None)


def _same_kind(container: Mapping[Value, Value], key: Value) -> bool:
    """Return whether the key of a map that Python takes for equal is of the same kind: ``True`` is not 1."""
    wanted = key.__class__ is bool
    return any(each == key and (each.__class__ is bool) is wanted for each in container)


def compare(one: Value, other: Value) -> int:
    """Return -1, 0 or 1: which of two values is less.

    Raises:
        EvaluationError: values of these types have no order.

    """
    first, second = one.__class__, other.__class__
    if first in _NUMBERS and second in _NUMBERS:
        if one != one or other != other:  # noqa: PLR0124  only NaN is not itself
            raise EvaluationError("NaN values cannot be ordered")
        if first is not second and float in {first, second}:  # as doubles, even if that loses digits
            one, other = float(one), float(other)
    elif first is not second or first not in {str, bytes, bool, Duration, Timestamp}:
        return _compare_opaque(one, other)
    return -1 if one < other else int(one != other)


def _compare_opaque(one: Value, other: Value) -> int:
    if one.__class__ is not other.__class__ or not hasattr(one, "compared"):
        raise no_such_overload()
    return int(one.compared(other))
