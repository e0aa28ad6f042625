"""Regular expressions that somebody else wrote, read as Go reads them and run by RE2: linear time, bounded memory.

Python's own engine backtracks, so an expression that somebody else wrote could make it run for ever, and it reads what
Go refuses. The rules are those of Go's package ``regexp``; ``expanded`` follows its ``Regexp.Expand``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from importlib import import_module
from typing import Protocol, cast

__all__ = ["Match", "Pattern", "compiled", "linear", "matched", "replaced", "split"]

_LONGEST = 10_000  # characters; no honest expression is longer
_LARGEST = 4 << 20  # bytes of one compiled expression
_REFERENCE = re.compile(r"\$(?:\$|(\w+)|\{(\w+)\})")
_NUMBER = re.compile(r"0|[1-9][0-9]{0,7}")  # others are names to Go


class Match(Protocol):
    """A place where an expression was found."""

    def group(self, group: int | str) -> str | None:
        """Return what a group matched."""

    def start(self) -> int:
        """Return where it begins."""

    def end(self) -> int:
        """Return where it ends."""


class Pattern(Protocol):
    """A compiled expression."""

    groups: int
    groupindex: dict[str, int]

    def search(self, text: str | bytes) -> Match | None:
        """Find it anywhere in a text."""

    def finditer(self, text: str) -> Iterator[Match]:
        """Find it wherever it is."""


@lru_cache(maxsize=1024)
def compiled(pattern: str) -> Pattern:
    """Return a compiled expression. The last 1,024 are kept.

    Raises:
        ValueError: the expression is broken, or too large to be compiled; the message is Go's.

    """
    if len(pattern) > _LONGEST:
        raise ValueError(f"error parsing regexp: expression is longer than {_LONGEST:,} characters")
    re2 = import_module("re2")  # loaded when the first expression needs it: most programs that render have none
    options = re2.Options()
    options.log_errors = False
    options.max_mem = _LARGEST
    try:
        return cast("Pattern", re2.compile(pattern, options))
    except re2.error as error:
        said = error.args[0] if error.args else ""
        reason = said.decode(errors="replace") if isinstance(said, bytes) else str(said)
        raise ValueError(f"error parsing regexp: {_as_go(reason)}") from error


# RE2 and Go say a few things in other words.
_GO_WORDS = (
    ("missing ):", "missing closing ):"),
    ("missing ]:", "missing closing ]:"),
    ("no argument for repetition operator:", "missing argument to repetition operator:"),
    ("bad repetition operator:", "invalid nested repetition operator:"),
    ("invalid perl operator:", "invalid or unsupported Perl syntax:"),
    ("invalid repetition size:", "invalid repeat count:"),
)


def _as_go(reason: str) -> str:
    for ours, go in _GO_WORDS:
        if reason.startswith(ours):
            return f"{go} `{reason.removeprefix(ours).strip()}`"
    return reason


@lru_cache(maxsize=1024)
def linear(pattern: str) -> Callable[[str], bool]:
    """Return a function that tells whether the expression is found in a text.

    Raises:
        ValueError: the expression is broken, or too large to be compiled.

    """
    search = compiled(pattern).search

    def found(text: str) -> bool:
        # A text would be encoded with the places of its characters. Half a character, as JSON may write one, counts.
        return search(text.encode(errors="replace")) is not None

    return found


def matched(expression: Pattern, text: str) -> Iterator[Match]:
    """Give the matches in a text, as Go's ``FindAll`` does: none that is empty right after another one."""
    last = -1
    for match in expression.finditer(text):
        if match.start() != match.end() or match.start() != last:
            yield match
        last = match.end()


def split(pattern: str, text: str, count: int) -> list[str]:
    """Return the parts of a text between the matches, as Go's ``Regexp.Split`` does.

    Args:
        pattern: the expression.
        text: what is split.
        count: how many parts at most, of which the last is the rest; below zero all.

    Raises:
        ValueError: the expression is broken.

    """
    if count == 0:
        return []
    if pattern and not text:
        return [""]
    parts: list[str] = []
    begin, end = 0, 0
    for match in matched(compiled(pattern), text):
        if 0 < count <= len(parts) + 1:
            break
        end = match.start()
        if match.end():
            parts.append(text[begin:end])
        begin = match.end()
    return [*parts, text[begin:]] if end != len(text) else parts


def replaced(pattern: str, text: str, replacement: str, *, literal: bool = False) -> str:
    """Return a text in which each match is replaced, as Go's ``ReplaceAllString`` does.

    Args:
        pattern: the expression.
        text: where it is looked for.
        replacement: ``$1``, ``$name``, ``${1}`` and ``${name}`` stand for groups (a group that does not exist is
            empty), ``$$`` for a dollar.
        literal: whether the replacement is taken as it is.

    Raises:
        ValueError: the expression is broken.

    """
    expression = compiled(pattern)
    parts: list[str] = []
    end = 0
    for match in matched(expression, text):
        parts += [text[end : match.start()], replacement if literal else _expanded(expression, match, replacement)]
        end = match.end()
    return "".join([*parts, text[end:]])


def _expanded(expression: Pattern, match: Match, replacement: str) -> str:
    def value(reference: re.Match[str]) -> str:
        name = reference[1] or reference[2]
        if name is None:
            return "$"
        number = int(name) if _NUMBER.fullmatch(name) else expression.groupindex.get(name, -1)
        return (match.group(number) or "") if 0 <= number <= expression.groups else ""

    return _REFERENCE.sub(value, replacement)
