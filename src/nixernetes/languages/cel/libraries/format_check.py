"""``format`` is tried before it runs when text and arguments stand in the program (cel-go ``ext/formatting.go``)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from nixernetes.languages.cel.errors import EvaluationError
from nixernetes.languages.cel.libraries.display import Style
from nixernetes.languages.cel.libraries.formatting import Clause, read_clause
from nixernetes.languages.cel.syntax.nodes import Call, ListLiteral, Literal, Node
from nixernetes.languages.cel.syntax.source import Issue
from nixernetes.languages.cel.types import Type

__all__ = ["format_check"]

_UNKNOWN = frozenset({"dyn", "!error!"})


def format_check(style: Style) -> Callable[[Call, Mapping[Node, Type]], Iterator[Issue]]:
    """Return the check of calls in a style."""

    def check(node: Call, types: Mapping[Node, Type]) -> Iterator[Issue]:
        if node.name != "format" or not isinstance(node.target, Literal) or not isinstance(node.target.value, str):
            return
        arguments = node.arguments[0] if len(node.arguments) == 1 else None
        if not isinstance(arguments, ListLiteral) or arguments.optionals:
            return
        used = 0
        try:
            for clause in _clauses(node.target.value, style):
                if used >= len(arguments.elements):
                    yield Issue(offset=node.offset, message=f"index {used} out of range")
                    return
                element = arguments.elements[used]
                kind = types[element].name
                if kind not in _UNKNOWN and not clause.takes(kind):
                    message = f"error during formatting: {clause.refusal(kind)}"
                    yield Issue(offset=element.offset, message=message)
                    return
                used += 1
        except EvaluationError as error:
            yield Issue(offset=node.offset, message=error.message)
            return
        given = len(arguments.elements)
        if given > used:
            message = f"too many arguments supplied to string.format (expected {used}, got {given})"
            yield Issue(offset=node.offset, message=message)

    return check


def _clauses(text: str, style: Style) -> Iterator[Clause]:
    at = 0
    while (begin := text.find("%", at)) >= 0:
        if text.startswith("%%", begin):
            at = begin + 2
            continue
        clause, at = read_clause(text, begin, style)
        yield clause
