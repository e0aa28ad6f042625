"""The value of an expression (``vm/runtime`` of expr-lang/expr 1.17.8)."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final

from nixernetes.languages.expr.functions import FUNCTIONS, LARGEST
from nixernetes.languages.expr.predicates import PREDICATES
from nixernetes.languages.expr.problems import EvaluationFailure
from nixernetes.languages.expr.reading import read
from nixernetes.languages.expr.tree import (
    ExprBinary,
    ExprCall,
    ExprChoice,
    ExprClosure,
    ExprElement,
    ExprEntries,
    ExprItems,
    ExprKnown,
    ExprLet,
    ExprMember,
    ExprNamed,
    ExprNode,
    ExprPart,
    ExprUnary,
)
from nixernetes.languages.go import moments
from nixernetes.languages.go.moments import GoDuration
from nixernetes.languages.regexes import linear
from nixernetes.objects.manifest import Json

__all__ = ["evaluate", "shown"]

_STEPS: Final = 200_000


def evaluate(text: str, values: Mapping[str, Json]) -> Json:
    """Return the value of an expression.

    Args:
        text: the expression.
        values: its variables; one that is not there is nil. A function is called as a field of one: ``time.Now()``.

    Raises:
        ExpressionError: it cannot be read, or uses what is not supported.
        EvaluationFailure: it has no value on these values.

    """
    tree = read(text)
    try:
        return _Evaluation(values).value(tree)
    except RecursionError:
        raise EvaluationFailure("a value is nested too deeply") from None


def shown(value: Json) -> str:
    """Return a value as Go's ``%v`` prints it."""
    return str(FUNCTIONS["string"](value))


class _Evaluation:
    def __init__(self, values: Mapping[str, Json]) -> None:
        self._values = dict(values)
        self._elements: list[dict[str, Json]] = []
        self._steps = 0

    def value(self, node: ExprNode) -> Json:  # noqa: C901, PLR0911, PLR0912  # one case for each kind of node
        self._steps += 1
        if self._steps > _STEPS:
            raise EvaluationFailure("the expression takes too many steps")
        match node:
            case ExprKnown(value=value):
                return value
            case ExprNamed(name=name):
                return self._values.get(name)
            case ExprElement(name=name):
                return self._elements[-1].get(name)
            case ExprMember():
                return self._member(node)
            case ExprPart():
                return self._part(node)
            case ExprCall():
                return self._call(node)
            case ExprUnary(operator=operator, value=inner):
                return _unary(operator, self.value(inner))
            case ExprBinary():
                return self._binary(node)
            case ExprChoice(condition=condition, then=then, otherwise=otherwise):
                return self.value(then if _truth(self.value(condition)) else otherwise)
            case ExprItems(items=items):
                return [self.value(item) for item in items]
            case ExprLet():
                return self._let(node)
            case ExprEntries(pairs=pairs):
                return {str(self.value(key)): self.value(item) for key, item in pairs}
        raise EvaluationFailure("a predicate stands where a value is expected")

    def _let(self, node: ExprLet) -> Json:
        before = self._values
        self._values = {**before, node.name: self.value(node.value)}
        try:
            return self.value(node.body)
        finally:
            self._values = before

    def _member(self, node: ExprMember) -> Json:
        value = self.value(node.value)
        if value is None and (node.is_optional or _may_be_missing(node.value)):
            return None
        return _fetched(value, self.value(node.key))

    def _part(self, node: ExprPart) -> Json:
        value = self.value(node.value)
        begin, end = (None if each is None else self.value(each) for each in (node.begin, node.end))
        return _tried("a part", lambda: value[begin:end])

    def _call(self, node: ExprCall) -> Json:
        if not isinstance(node.function, str):
            function = self.value(node.function)
            if function is None and isinstance(node.function, ExprMember) and _may_be_missing(node.function):
                return None
            if not callable(function):
                raise EvaluationFailure("what is called is not a function")
            arguments = [self.value(each) for each in node.arguments]
            return _sized(_tried("a function", lambda: function(*arguments)))
        if node.function in PREDICATES:
            return self._predicate(node.function, node.arguments)
        arguments = [self.value(each) for each in node.arguments]
        return _sized(_tried(f"{node.function}()", lambda: FUNCTIONS[str(node.function)](*arguments)))

    def _predicate(self, name: str, arguments: tuple[ExprNode, ...]) -> Json:
        given = self.value(arguments[0])
        items = [given[key] for key in sorted(given)] if isinstance(given, dict) else given
        if not isinstance(items, list):
            raise EvaluationFailure(f"{name}() is given what is not a list")
        body = arguments[1].body if len(arguments) > 1 and isinstance(arguments[1], ExprClosure) else ExprElement("#")
        said: list[Json] = []
        before = self.value(arguments[2]) if len(arguments) > 2 else None  # where reduce begins
        begins = name == "reduce" and len(arguments) <= 2 and bool(items)  # with the first element
        if begins:
            said.append(items[0])
        for index, item in enumerate(items[begins:]):
            acc = said[-1] if said else before
            self._elements.append({"#": item, "#index": index, "#acc": acc})
            try:
                said.append(self.value(body))
            finally:
                self._elements.pop()
        if name == "reduce" and not said:
            return before
        return _tried(f"{name}()", lambda: PREDICATES[name](items, said))

    def _binary(self, node: ExprBinary) -> Json:
        """Return the value of operators in a row: from the left, without going deeper for each of them."""
        row = [node]
        while isinstance(first := row[-1].left, ExprBinary):
            row.append(first)
        found = self.value(first)
        for each in reversed(row):
            found = self._joined(each, found)
        return found

    def _joined(self, node: ExprBinary, left: Json) -> Json:
        if node.operator == "and":
            return _truth(left) and _truth(self.value(node.right))
        if node.operator == "or":
            return _truth(left) or _truth(self.value(node.right))
        if node.operator == "??":
            return self.value(node.right) if left is None else left
        right = self.value(node.right)
        return _sized(_tried(node.operator, lambda: _OPERATORS[node.operator](left, right)))


def _may_be_missing(node: ExprNode) -> bool:
    """Tell whether a chain has a ``?.`` in it: what follows one that found nil is nil."""
    while isinstance(node, ExprMember | ExprCall):
        if isinstance(node, ExprMember) and node.is_optional:
            return True
        node = (
            node.value
            if isinstance(node, ExprMember)
            else node.function
            if isinstance(node.function, ExprNode)
            else node
        )
        if isinstance(node, ExprCall) and isinstance(node.function, str):
            return False
    return False


def _fetched(value: Json, key: Json) -> Json:
    if isinstance(value, dict) and isinstance(key, str):
        return value.get(key)
    method = moments.member(value, str(key))
    if method is not None:
        return method
    if isinstance(value, list | str) and isinstance(key, int) and -len(value) <= key < len(value):
        return value[key]
    raise EvaluationFailure(f"cannot fetch {str(key)[:40]} from {FUNCTIONS['type'](value)}")


def _unary(operator: str, value: Json) -> Json:
    if operator == "not":
        return not _truth(value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise EvaluationFailure(f"{operator} is not for {FUNCTIONS['type'](value)}")
    return -value if operator == "-" else value


def _truth(value: Json) -> bool:
    if not isinstance(value, bool):
        raise EvaluationFailure(f"a truth is expected, not {FUNCTIONS['type'](value)}")
    return value


def _tried(what: str, carry_out: Callable[[], Json]) -> Json:
    try:
        return carry_out()
    except EvaluationFailure:
        raise
    except ValueError as error:
        raise EvaluationFailure(f"{what}: {error}") from error
    except Exception as error:
        raise EvaluationFailure(f"{what} is not for these values") from error


def _sized(value: Json) -> Json:
    if isinstance(value, str | list | dict) and len(value) > LARGEST:
        raise EvaluationFailure("a value is too large")
    return value


def _ordered(left: Json, right: Json) -> tuple[Json, Json]:
    numbers = (int, float)
    alike = type(left) is type(right) or (isinstance(left, numbers) and isinstance(right, numbers))
    if not alike or isinstance(left, bool) or not isinstance(left, (*numbers, str, datetime)):
        raise TypeError
    return left, right


def _equal(left: Json, right: Json) -> bool:
    if isinstance(left, bool) or isinstance(right, bool):
        return left is right
    return bool(left == right)


def _within(left: Json, right: Json) -> bool:
    if right is None:
        return False
    if isinstance(right, dict):
        return left in right
    if not isinstance(right, list):
        raise TypeError
    return any(_equal(left, item) for item in right)


def _added(left: Json, right: Json) -> Json:
    if isinstance(left, datetime) or isinstance(right, datetime):
        moment, span = (left, right) if isinstance(left, datetime) else (right, left)
        return moments.member(moment, "Add")(span)  # type: ignore[misc]  # a moment has it
    if isinstance(left, str) != isinstance(right, str):
        raise TypeError
    return _typed(left, right, left + right)


def _taken(left: Json, right: Json) -> Json:
    if isinstance(left, datetime):
        if isinstance(right, datetime):
            return moments.member(left, "Sub")(right)  # type: ignore[misc]  # same
        return moments.member(left, "Add")(-right)  # type: ignore[misc]  # same
    return _typed(left, right, left - right)


def _times(left: Json, right: Json) -> Json:
    if isinstance(left, str | list) or isinstance(right, str | list):
        raise TypeError
    return _typed(left, right, left * right)


def _typed(left: Json, right: Json, value: Json) -> Json:
    """Return a sum or a product, which is a duration where one of both is."""
    is_span = isinstance(left, GoDuration) or isinstance(right, GoDuration)
    return GoDuration(int(value)) if is_span and isinstance(value, int | float) else value


def _modulo(left: int, right: int) -> int:
    return int(math.fmod(left, right))


def _power(left: float, right: float) -> float:
    return math.pow(left, right)


def _range(left: int, right: int) -> list[Json]:
    if right - left > LARGEST:
        raise ValueError
    return [*range(left, right + 1)]


_OPERATORS: Final[Mapping[str, Callable[[Json, Json], Json]]] = {
    "==": _equal,
    "!=": lambda left, right: not _equal(left, right),
    "<": lambda left, right: _ordered(left, right)[0] < right,
    ">": lambda left, right: _ordered(left, right)[0] > right,
    "<=": lambda left, right: _ordered(left, right)[0] <= right,
    ">=": lambda left, right: _ordered(left, right)[0] >= right,
    "in": _within,
    "contains": lambda left, right: left is not None and right in str.__str__(left),
    "startsWith": lambda left, right: left is not None and str.startswith(left, right),
    "endsWith": lambda left, right: left is not None and str.endswith(left, right),
    "matches": lambda left, right: left is not None and linear(right)(left),
    "+": _added,
    "-": _taken,
    "*": _times,
    "/": lambda left, right: float(left / right),
    "%": _modulo,
    "**": _power,
    "..": _range,
}
