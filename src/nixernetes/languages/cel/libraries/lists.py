"""The lists extension (cel-go ``ext/lists.go``)."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cmp_to_key

from nixernetes.languages.cel.budget import Meter
from nixernetes.languages.cel.equality import compare, equal, is_list
from nixernetes.languages.cel.errors import EvaluationError
from nixernetes.languages.cel.functions import Library, function
from nixernetes.languages.cel.syntax.macros import Macro, MacroError
from nixernetes.languages.cel.syntax.nodes import Bind, Call, Ident, Loop, LoopKind, Node
from nixernetes.languages.cel.values import NONE, OptionalValue, Value, type_name

__all__ = ["FIRST_AND_LAST", "LISTS"]

_COMPARABLE = ("int", "uint", "double", "bool", "duration", "timestamp", "string", "bytes")


def _slice(meter: Meter, values: Sequence[Value], start: int, end: int) -> list[Value]:
    if start < 0 or end < 0:
        raise EvaluationError(f"cannot slice({start}, {end}), negative indexes not supported")
    if start > end:
        raise EvaluationError(f"cannot slice({start}, {end}), start index must be less than or equal to end index")
    if end > len(values):
        raise EvaluationError(f"cannot slice({start}, {end}), list is length {len(values)}")
    meter.elements(end - start)
    return list(values[start:end])


def _flatten(meter: Meter, values: Sequence[Value], level: int = 1) -> list[Value]:
    if level < 0:
        raise EvaluationError("level must be non-negative")
    made: list[Value] = []
    for value in values:
        if is_list(value) and level:
            inner = _flatten(meter, value, level - 1)
            meter.elements(len(made) + len(inner))
            made += inner
        else:
            meter.charge(1)
            made.append(value)
    return made


def _comparable(keys: Sequence[Value]) -> None:
    for key in keys:
        if type_name(key) not in {*_COMPARABLE, "google.protobuf.Duration", "google.protobuf.Timestamp"}:
            raise EvaluationError("list elements must be comparable")
        if type_name(key) != type_name(keys[0]):
            raise EvaluationError("list elements must have the same type")


def _sort(meter: Meter, values: Sequence[Value]) -> list[Value]:
    return _sort_by(meter, values, values)


def _sort_by(meter: Meter, values: Sequence[Value], keys: Sequence[Value]) -> list[Value]:
    if len(values) != len(keys):
        sizes = f"{len(values)} != {len(keys)}"
        raise EvaluationError(
            f"@sortByAssociatedKeys() expected a list of the same size as the associated keys: {sizes}"
        )
    meter.elements(len(values) * max(len(values).bit_length(), 1))
    _comparable(keys)
    order = cmp_to_key(compare)
    pairs = sorted(zip(keys, values, strict=True), key=lambda pair: order(pair[0]))
    return [value for _, value in pairs]


def _sort_by_macro(offset: int, target: Node | None, arguments: Sequence[Node]) -> Node | None:
    if target is None:
        return None
    variable = arguments[0]
    if not isinstance(variable, Ident):
        raise MacroError(variable, "argument must be a simple name")
    subject = Ident(offset=offset, name="@sorted")
    keys = Loop(offset=offset, kind=LoopKind.MAP, subject=subject, variables=(variable.name,), transform=arguments[1])
    body = Call(offset=offset, name="@sortByAssociatedKeys", target=subject, arguments=(keys,))
    return Bind(offset=offset, name="@sorted", value=target, body=body)


def _range(meter: Meter, size: int) -> list[int]:
    meter.elements(max(size, 0))
    return list(range(size))


def _reverse(meter: Meter, values: Sequence[Value]) -> list[Value]:
    meter.elements(len(values))
    return list(reversed(values))


def _distinct(meter: Meter, values: Sequence[Value]) -> list[Value]:
    made: list[Value] = []
    texts: set[str] = set()
    for value in values:
        meter.charge(1)
        if value.__class__ is str:
            if value not in texts:
                texts.add(value)
                made.append(value)
        elif not any(_counted(meter, value, each) for each in made):
            made.append(value)
    return made


def _counted(meter: Meter, one: Value, other: Value) -> bool:
    meter.charge(1)
    return equal(meter, one, other)


def _first(values: Sequence[Value]) -> OptionalValue:
    return OptionalValue(values[0]) if values else NONE


def _last(values: Sequence[Value]) -> OptionalValue:
    return OptionalValue(values[-1]) if values else NONE


LISTS = Library(
    name="lists",
    functions=(
        function("slice", "list(A).(int, int) -> list(A)", _slice, metered=True),
        function("flatten", "list(list(A)).() -> list(A)", _flatten, metered=True),
        function("flatten", "list(dyn).(int) -> list(dyn)", _flatten, metered=True),
        *(function("sort", f"list({kind}).() -> list({kind})", _sort, metered=True) for kind in _COMPARABLE),
        *(
            function("@sortByAssociatedKeys", f"list(A).(list({kind})) -> list(A)", _sort_by, metered=True)
            for kind in _COMPARABLE
        ),
        function("lists.range", "(int) -> list(int)", _range, metered=True),
        function("reverse", "list(A).() -> list(A)", _reverse, metered=True),
        function("distinct", "list(A).() -> list(A)", _distinct, metered=True),
    ),
    macros=(Macro(name="sortBy", arguments=2, method=True, expand=_sort_by_macro),),
)

FIRST_AND_LAST = Library(
    name="first and last",
    functions=(
        function("first", "list(A).() -> optional_type(A)", _first),
        function("last", "list(A).() -> optional_type(A)", _last),
    ),
)
