"""The math extension (cel-go ``ext/math.go``)."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from nixernetes.languages.cel.equality import compare
from nixernetes.languages.cel.errors import EvaluationError
from nixernetes.languages.cel.evaluation.arithmetic import whole
from nixernetes.languages.cel.functions import Function, Library, function
from nixernetes.languages.cel.syntax.macros import Macro, MacroError
from nixernetes.languages.cel.syntax.nodes import Call, Ident, ListLiteral, Literal, MapLiteral, Node, StructLiteral
from nixernetes.languages.cel.values import UINT_MAX, UInt, Value, type_name

__all__ = ["MATH"]

_NUMERIC = ("double", "int", "uint")


def _extreme(name: str, sign: int) -> Callable[..., Value]:
    def find(*values: Value) -> Value:
        candidates = values[0] if len(values) == 1 and isinstance(values[0], (list, tuple)) else values
        if not candidates:
            raise EvaluationError(f"math.@{name}(list) argument must not be empty")
        best = candidates[0]
        for value in candidates:
            if type_name(value) not in _NUMERIC:
                raise EvaluationError(f"no such overload: math.@{name}")
            if compare(value, best) == sign:
                best = value
        return best

    return find


def _extreme_macro(word: str, name: str) -> Macro:
    def expand(offset: int, target: Node | None, arguments: Sequence[Node]) -> Node | None:
        if not isinstance(target, Ident) or target.name != "math":
            return None
        if not arguments:
            raise MacroError(target, f"math.{word}() requires at least one argument")
        for argument in arguments if len(arguments) > 1 else ():
            if not _may_be_number(argument):
                raise MacroError(argument, f"math.{word}() simple literal arguments must be numeric")
        if len(arguments) == 1 and not _may_be_numbers(arguments[0]):
            raise MacroError(arguments[0], f"math.{word}() invalid single argument value")
        if len(arguments) > 2:
            arguments = (ListLiteral(offset=offset, elements=tuple(arguments)),)
        return Call(offset=offset, name=f"math.@{name}", arguments=tuple(arguments))

    return Macro(name=word, arguments=None, method=True, expand=expand)


def _may_be_number(node: Node) -> bool:
    if isinstance(node, Literal):
        return type_name(node.value) in _NUMERIC
    return not isinstance(node, (ListLiteral, MapLiteral, StructLiteral))


def _may_be_numbers(node: Node) -> bool:
    if isinstance(node, ListLiteral):
        return bool(node.elements) and all(map(_may_be_number, node.elements))
    return _may_be_number(node)


def _extremes(name: str, sign: int) -> tuple[Function, ...]:
    find = _extreme(name, sign)
    full = f"math.@{name}"
    pairs = [(one, other) for one in _NUMERIC for other in _NUMERIC]
    return (
        *(function(full, f"({kind}) -> {kind}", find) for kind in _NUMERIC),
        *(function(full, f"({one}, {other}) -> {one if one == other else 'dyn'}", find) for one, other in pairs),
        *(function(full, f"(list({kind})) -> {kind}", find) for kind in _NUMERIC),
    )


def _round(value: float) -> float:
    """Round half away from zero."""
    if not math.isfinite(value):
        return value
    below = math.floor(abs(value))
    return math.copysign(below + (abs(value) - below >= 0.5), value)


def _kept(change: Callable[[float], float]) -> Callable[[float], float]:
    """Return a function of doubles that leaves infinity and NaN as they are."""
    return lambda value: float(change(value)) if math.isfinite(value) else value


def _sign(value: float) -> float:
    return value if math.isnan(value) or not value else math.copysign(1.0, value)


def _sqrt(value: float) -> float:
    return math.sqrt(value) if not value < 0 else math.nan


def _shift_left(value: int, count: int) -> int:
    if count < 0:
        raise EvaluationError(f"math.bitShiftLeft() negative offset: {count}")
    shifted = value << count if count < 64 else 0
    if isinstance(value, UInt):
        return UInt(shifted & UINT_MAX)
    shifted &= UINT_MAX
    return shifted - 2**64 if shifted >> 63 else shifted


def _shift_right(value: int, count: int) -> int:
    """Shift without regard to the sign, as the extension defines it."""
    if count < 0:
        raise EvaluationError(f"math.bitShiftRight() negative offset: {count}")
    shifted = (value & UINT_MAX) >> min(count, 64)
    if isinstance(value, UInt):
        return UInt(shifted)
    return shifted - 2**64 if shifted >> 63 else shifted


def _bits(name: str, apply: Callable[[int, int], int]) -> tuple[Function, ...]:
    return (
        function(name, "(int, int) -> int", apply),
        function(name, "(uint, uint) -> uint", lambda one, other: UInt(apply(int(one), int(other)))),
    )


MATH = Library(
    name="math",
    functions=(
        *_extremes("min", -1),
        *_extremes("max", 1),
        function("math.ceil", "(double) -> double", _kept(math.ceil)),
        function("math.floor", "(double) -> double", _kept(math.floor)),
        function("math.round", "(double) -> double", _round),
        function("math.trunc", "(double) -> double", _kept(math.trunc)),
        function("math.isInf", "(double) -> bool", math.isinf),
        function("math.isNaN", "(double) -> bool", math.isnan),
        function("math.isFinite", "(double) -> bool", math.isfinite),
        function("math.abs", "(double) -> double", abs),
        function("math.abs", "(int) -> int", lambda value: whole(abs(value))),
        function("math.abs", "(uint) -> uint", lambda value: value),
        function("math.sign", "(double) -> double", _sign),
        function("math.sign", "(int) -> int", lambda value: (value > 0) - (value < 0)),
        function("math.sign", "(uint) -> uint", lambda value: UInt(value > 0)),
        *_bits("math.bitAnd", lambda one, other: one & other),
        *_bits("math.bitOr", lambda one, other: one | other),
        *_bits("math.bitXor", lambda one, other: one ^ other),
        function("math.bitNot", "(int) -> int", lambda value: ~value),
        function("math.bitNot", "(uint) -> uint", lambda value: UInt(int(value) ^ UINT_MAX)),
        function("math.bitShiftLeft", "(int, int) -> int", _shift_left),
        function("math.bitShiftLeft", "(uint, int) -> uint", _shift_left),
        function("math.bitShiftRight", "(int, int) -> int", _shift_right),
        function("math.bitShiftRight", "(uint, int) -> uint", _shift_right),
        *(function("math.sqrt", f"({kind}) -> double", _sqrt) for kind in _NUMERIC),
    ),
    macros=(_extreme_macro("greatest", "max"), _extreme_macro("least", "min")),
)
