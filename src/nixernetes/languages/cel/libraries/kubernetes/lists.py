"""``sum``, ``min``, ``max``, ``isSorted``, ``indexOf`` of lists (k8s.io/apiserver ``pkg/cel/library/lists.go``)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise

from nixernetes.languages.cel.budget import Meter
from nixernetes.languages.cel.equality import compare, equal
from nixernetes.languages.cel.errors import EvaluationError
from nixernetes.languages.cel.evaluation.arithmetic import add
from nixernetes.languages.cel.functions import Library, function
from nixernetes.languages.cel.values import Value

__all__ = ["KUBERNETES_LISTS"]

_COMPARABLE = ("int", "uint", "double", "bool", "duration", "timestamp", "string", "bytes")
_SUMMABLE = ("int", "uint", "double", "duration")


def _is_sorted(meter: Meter, values: Sequence[Value]) -> bool:
    meter.charge(len(values))
    return all(compare(one, other) <= 0 for one, other in pairwise(values))


def _sum(meter: Meter, values: Sequence[Value]) -> Value:
    meter.charge(len(values))
    if not values:
        return 0
    total = values[0]
    for value in values[1:]:
        total = add(meter, total, value)
    return total


def _extreme(name: str, sign: int) -> Callable[[Meter, Sequence[Value]], Value]:
    def find(meter: Meter, values: Sequence[Value]) -> Value:
        meter.charge(len(values))
        if not values:
            raise EvaluationError(f"{name} called on empty list")
        best = values[0]
        for value in values:
            if compare(value, best) == sign:
                best = value
        return best

    return find


def _index_of(meter: Meter, values: Sequence[Value], wanted: Value) -> int:
    meter.charge(len(values))
    return next((index for index, value in enumerate(values) if equal(meter, value, wanted)), -1)


def _last_index_of(meter: Meter, values: Sequence[Value], wanted: Value) -> int:
    meter.charge(len(values))
    places = range(len(values) - 1, -1, -1)
    return next((index for index in places if equal(meter, values[index], wanted)), -1)


KUBERNETES_LISTS = Library(
    name="kubernetes.lists",
    functions=(
        *(function("isSorted", f"list({kind}).() -> bool", _is_sorted, metered=True) for kind in _COMPARABLE),
        *(function("sum", f"list({kind}).() -> {kind}", _sum, metered=True) for kind in _SUMMABLE),
        *(function("max", f"list({kind}).() -> {kind}", _extreme("max", 1), metered=True) for kind in _COMPARABLE),
        *(function("min", f"list({kind}).() -> {kind}", _extreme("min", -1), metered=True) for kind in _COMPARABLE),
        function("indexOf", "list(A).(A) -> int", _index_of, metered=True),
        function("lastIndexOf", "list(A).(A) -> int", _last_index_of, metered=True),
    ),
)
