"""Operators as steps: arithmetic, comparison, membership. Common cases stand first, each in one step."""

from __future__ import annotations

from collections.abc import Callable

from nixernetes.languages.cel.equality import compare, contains, equal
from nixernetes.languages.cel.evaluation.arithmetic import OPERATORS, negate
from nixernetes.languages.cel.evaluation.logic import negation
from nixernetes.languages.cel.evaluation.steps import Frame, Step
from nixernetes.languages.cel.syntax.nodes import ListLiteral, Literal, Node
from nixernetes.languages.cel.values import INT_MAX, INT_MIN, Value

__all__ = ["BINARY", "UNARY", "equality", "membership"]


def _arithmetic(name: str) -> Callable[[Step, Step], Step]:
    operator = OPERATORS[name]

    def build(left: Step, right: Step) -> Step:
        return lambda frame: operator(frame[0], left(frame), right(frame))

    return build


def _add(left: Step, right: Step) -> Step:
    operator = OPERATORS["_+_"]

    def apply(frame: Frame) -> Value:
        one, other = left(frame), right(frame)
        if one.__class__ is int and other.__class__ is int:
            total = one + other
            if INT_MIN <= total <= INT_MAX:
                return total
        return operator(frame[0], one, other)

    return apply


def _less(left: Step, right: Step) -> Step:
    def apply(frame: Frame) -> bool:
        one, other = left(frame), right(frame)
        if one.__class__ is int and other.__class__ is int:
            return bool(one < other)
        return compare(one, other) < 0

    return apply


def _less_or_equal(left: Step, right: Step) -> Step:
    def apply(frame: Frame) -> bool:
        one, other = left(frame), right(frame)
        if one.__class__ is int and other.__class__ is int:
            return bool(one <= other)
        return compare(one, other) <= 0

    return apply


def _greater(left: Step, right: Step) -> Step:
    def apply(frame: Frame) -> bool:
        one, other = left(frame), right(frame)
        if one.__class__ is int and other.__class__ is int:
            return bool(one > other)
        return compare(one, other) > 0

    return apply


def _greater_or_equal(left: Step, right: Step) -> Step:
    def apply(frame: Frame) -> bool:
        one, other = left(frame), right(frame)
        if one.__class__ is int and other.__class__ is int:
            return bool(one >= other)
        return compare(one, other) >= 0

    return apply


def _negative(operand: Step) -> Step:
    return lambda frame: negate(operand(frame))


UNARY: dict[str, Callable[[Step], Step]] = {"!_": negation, "-_": _negative}
BINARY: dict[str, Callable[[Step, Step], Step]] = {
    "_+_": _add,
    "_-_": _arithmetic("_-_"),
    "_*_": _arithmetic("_*_"),
    "_/_": _arithmetic("_/_"),
    "_%_": _arithmetic("_%_"),
    "_<_": _less,
    "_<=_": _less_or_equal,
    "_>_": _greater,
    "_>=_": _greater_or_equal,
}


def equality(left: Step, right: Step, nodes: tuple[Node, Node], *, negated: bool) -> Step:
    """Return the step of ``==`` or ``!=``; a text in the program is equal to nothing but a text."""
    for node, step in zip(nodes, (right, left), strict=True):
        if isinstance(node, Literal) and node.value.__class__ is str:
            return _equal_to_text(step, node.value, negated=negated)
        if isinstance(node, Literal) and node.value.__class__ is int:
            return _equal_to_number(step, node.value, negated=negated)

    def apply(frame: Frame) -> bool:
        return equal(frame[0], left(frame), right(frame)) is not negated

    return apply


def _equal_to_text(step: Step, text: str, *, negated: bool) -> Step:
    if negated:
        return lambda frame: bool(step(frame) != text)
    return lambda frame: bool(step(frame) == text)


def _equal_to_number(step: Step, number: int, *, negated: bool) -> Step:
    def apply(frame: Frame) -> bool:
        value = step(frame)
        if value.__class__ is int:
            return (value == number) is not negated
        return equal(frame[0], value, number) is not negated

    return apply


def membership(left: Step, right: Step, container: Node) -> Step:
    """Return the step of ``in``; a list of texts that stands in the program is looked up at once."""
    if isinstance(container, ListLiteral) and container.elements and not container.optionals:
        values = [each.value for each in container.elements if isinstance(each, Literal)]
        if len(values) == len(container.elements) and all(value.__class__ is str for value in values):
            known = frozenset(values)

            def listed(frame: Frame) -> bool:
                value = left(frame)
                return value.__class__ is str and value in known

            return listed

    def apply(frame: Frame) -> bool:
        wanted = left(frame)
        return contains(frame[0], right(frame), wanted)

    return apply
