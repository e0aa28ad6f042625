"""The sets extension: lists as sets (cel-go ``ext/sets.go``)."""

from __future__ import annotations

from collections.abc import Sequence

from nixernetes.languages.cel.budget import Meter
from nixernetes.languages.cel.equality import equal
from nixernetes.languages.cel.functions import Library, function
from nixernetes.languages.cel.values import Value

__all__ = ["SETS"]


def _equal(meter: Meter, one: Value, other: Value) -> bool:
    meter.charge(1)
    return equal(meter, one, other)


def _within(meter: Meter, values: Sequence[Value], wanted: Value) -> bool:
    return any(_equal(meter, wanted, each) for each in values)


def _contains_all(meter: Meter, values: Sequence[Value], wanted: Sequence[Value]) -> bool:
    return all(_within(meter, values, each) for each in wanted)


def _equivalent(meter: Meter, one: Sequence[Value], other: Sequence[Value]) -> bool:
    return _contains_all(meter, one, other) and _contains_all(meter, other, one)


def _intersects(meter: Meter, one: Sequence[Value], other: Sequence[Value]) -> bool:
    return any(_within(meter, other, each) for each in one)


SETS = Library(
    name="sets",
    functions=(
        function("sets.contains", "(list(A), list(A)) -> bool", _contains_all, metered=True),
        function("sets.equivalent", "(list(A), list(A)) -> bool", _equivalent, metered=True),
        function("sets.intersects", "(list(A), list(A)) -> bool", _intersects, metered=True),
    ),
)
