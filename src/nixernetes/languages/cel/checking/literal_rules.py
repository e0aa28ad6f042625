"""Rules of Kubernetes about literals (cel-go ``cel/validator.go``): what can never be right is said before it runs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from nixernetes.languages.cel.errors import EvaluationError
from nixernetes.languages.cel.functions import Check
from nixernetes.languages.cel.patterns import pattern
from nixernetes.languages.cel.syntax.nodes import Call, Entry, ListLiteral, Literal, MapLiteral, Node
from nixernetes.languages.cel.syntax.source import Issue
from nixernetes.languages.cel.syntax.trees import children
from nixernetes.languages.cel.times import read_duration, read_timestamp
from nixernetes.languages.cel.types import Type

__all__ = ["LiteralRules", "literal_issues"]

_TRIED: dict[str, Callable[[str], object]] = {
    "duration": read_duration,
    "timestamp": read_timestamp,
    "matches": pattern,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class LiteralRules:
    """What is looked for.

    Args:
        homogeneous: whether lists and maps must have elements of one type; arguments of ``format`` need not.
        literals: whether texts of durations, timestamps and regular expressions are tried.
        checks: of the libraries.

    """

    homogeneous: bool
    literals: bool
    checks: Sequence[Check]


def literal_issues(tree: Node, types: Mapping[Node, Type], rules: LiteralRules) -> list[Issue]:
    """Return what is wrong with literals.

    Args:
        tree: a checked tree.
        types: of its nodes.
        rules: what is looked for.

    """
    issues: list[Issue] = []
    for node, exempt in _walk(tree):
        if isinstance(node, Call):
            issues += _tried(node) if rules.literals else ()
            for check in rules.checks:
                issues += check(node, types)
        if rules.homogeneous and not exempt and isinstance(node, ListLiteral):
            issues += _mixed(_elements(node, types))
        if rules.homogeneous and not exempt and isinstance(node, MapLiteral):
            issues += _mixed([(entry.key, types[entry.key]) for entry in node.entries])
            issues += _mixed([(entry.value, _value_type(entry, types)) for entry in node.entries])
    return issues


def _walk(tree: Node) -> Iterator[tuple[Node, bool]]:
    waiting = [(tree, False)]
    while waiting:
        node, exempt = waiting.pop()
        yield node, exempt
        inside = exempt or (isinstance(node, Call) and node.name == "format")
        waiting.extend((child, inside) for child in children(node))


def _tried(node: Call) -> Iterator[Issue]:
    try_it = _TRIED.get(node.name)
    argument = node.arguments[-1] if node.arguments else None
    if try_it is None or not isinstance(argument, Literal) or not isinstance(argument.value, str):
        return
    try:
        right = try_it(argument.value) is not None
    except EvaluationError:
        right = False
    if not right:
        yield Issue(offset=argument.offset, message=f"invalid {node.name} argument")


def _elements(node: ListLiteral, types: Mapping[Node, Type]) -> list[tuple[Node, Type]]:
    return [
        (element, _inside(types[element]) if index in node.optionals else types[element])
        for index, element in enumerate(node.elements)
    ]


def _value_type(entry: Entry, types: Mapping[Node, Type]) -> Type:
    return _inside(types[entry.value]) if entry.optional else types[entry.value]


def _inside(given: Type) -> Type:
    return given.parameters[0] if given.parameters else given


def _mixed(parts: Sequence[tuple[Node, Type]]) -> Iterator[Issue]:
    for node, given in parts:
        if given != parts[0][1]:
            yield Issue(offset=node.offset, message=f"expected type '{parts[0][1]}' but found '{given}'")
            return
