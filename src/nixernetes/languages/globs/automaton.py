"""What all dialects of globs have in common: how a pattern is put together, read and matched.

A pattern is a sequence of characters, sets, runs and choices. RE2 matches it, so no pattern takes more time than the
text is long; most patterns have at most one run, and are compared without it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, TypeAlias

from nixernetes.languages.regexes import compiled, linear

__all__ = [
    "Either",
    "MalformedError",
    "One",
    "Pattern",
    "ReadPart",
    "Run",
    "any_but",
    "leading",
    "matcher",
    "parse",
    "tolerant",
]


@dataclass(frozen=True, slots=True)
class One:
    """One character: of some ranges, or outside of them. A range whose ends are the wrong way round has none."""

    ranges: tuple[tuple[str, str], ...]
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Run:
    """Any number of characters, but none of those that are barred."""

    barred: str = ""


@dataclass(frozen=True, slots=True)
class Either:
    """One of several patterns."""

    branches: tuple[Pattern, ...]


# A text stands for itself.
Pattern: TypeAlias = tuple[str | One | Run | Either, ...]
ReadPart: TypeAlias = Callable[[str, int], tuple[Pattern, int]]

_DEPTH: Final = 32  # no honest pattern nests braces deeper, and the recursion must end


class MalformedError(ValueError):
    """A text is no pattern of its dialect."""


def any_but(barred: str) -> One:
    """Return what any character matches that is not barred."""
    return One(tuple((sign, sign) for sign in barred), negated=True)


def parse(text: str, read: ReadPart, *, braces: bool = False) -> Pattern:
    """Return the pattern that a text spells.

    Args:
        text: the text.
        read: reads the part that begins at a position, and returns it with the position behind it.
        braces: whether ``{a,b}`` is a choice.

    Raises:
        MalformedError: the text is no pattern.

    """
    parts, end = _sequence(text, 0, read, depth=0 if braces else None)
    if end < len(text):
        raise MalformedError
    return parts


def _sequence(text: str, at: int, read: ReadPart, *, depth: int | None) -> tuple[Pattern, int]:
    parts: list[str | One | Run | Either] = []
    while at < len(text) and not (depth and text[at] in ",}"):
        if depth is not None and text[at] == "{":
            choice, at = _choice(text, at + 1, read, depth=depth + 1)
            parts.append(choice)
        else:
            found, at = read(text, at)
            parts += found
    return tuple(parts), at


def _choice(text: str, at: int, read: ReadPart, *, depth: int) -> tuple[Either, int]:
    branches: list[Pattern] = []
    while depth <= _DEPTH:
        branch, at = _sequence(text, at, read, depth=depth)
        branches.append(branch)
        if at == len(text):
            break
        at += 1
        if text[at - 1] == "}":
            return Either(tuple(branches)), at
    raise MalformedError


def matcher(pattern: Pattern) -> Callable[[str], bool]:
    """Return a function that tells whether a pattern matches a whole text.

    Raises:
        MalformedError: the pattern is too large.

    """
    runs = [at for at, part in enumerate(pattern) if not isinstance(part, str)]
    if not runs:
        return "".join(map(str, pattern)).__eq__
    run = pattern[runs[0]]
    if len(runs) == 1 and isinstance(run, Run):
        before, after = pattern[: runs[0]], pattern[runs[0] + 1 :]
        return _around("".join(map(str, before)), "".join(map(str, after)), run.barred)
    try:
        return linear(rf"\A{_expression(pattern)}\z")
    except ValueError as error:
        raise MalformedError from error


def tolerant(text: str, read: ReadPart, *, braces: bool = False) -> Callable[[str], bool]:
    """Return a function that tells whether what a text spells matches a whole text; what is malformed matches none."""
    try:
        return matcher(parse(text, read, braces=braces))
    except MalformedError:
        return _nothing


def _nothing(_: str) -> bool:
    return False


def _around(before: str, after: str, barred: str) -> Callable[[str], bool]:
    """Match what has one run."""
    shortest = len(before) + len(after)

    def found(text: str) -> bool:
        return (
            len(text) >= shortest
            and text.startswith(before)
            and text.endswith(after)
            and not any(sign in text[len(before) : len(text) - len(after)] for sign in barred)
        )

    return found


def leading(pattern: Pattern, text: str, *, longest: bool) -> int | None:
    """Return how long the longest or the shortest beginning of a text is that a pattern matches; None if none is.

    Args:
        pattern: it has no choices.
        text: the text.
        longest: a run takes as much as it can, else as little. What is between two runs always fits where it is found
            first (or last), so this gives the longest or the shortest match, too.

    Raises:
        MalformedError: the pattern is too large.

    """
    try:
        expression = compiled(rf"\A{_expression(pattern, lazy=not longest)}")
    except ValueError as error:
        raise MalformedError from error
    found = expression.search(text.encode(errors="replace").decode())  # half a character is one
    return None if found is None else found.end()


def _expression(pattern: Pattern, *, lazy: bool = False) -> str:
    """Return a pattern as a regular expression of RE2."""
    return "".join(_part(part, lazy=lazy) for part in pattern)


def _part(part: str | One | Run | Either, *, lazy: bool) -> str:
    if isinstance(part, str):
        return re.escape(part)
    if isinstance(part, One):
        return _set(part)
    if isinstance(part, Run):
        return f"{_set(any_but(part.barred))}*{'?' if lazy else ''}"
    return f"(?:{'|'.join(_expression(branch) for branch in part.branches)})"


def _set(part: One) -> str:
    inside = "".join(f"\\x{{{ord(low):x}}}-\\x{{{ord(high):x}}}" for low, high in part.ranges if low <= high)
    if not inside:
        return r"(?s:.)" if part.negated else r"[^\x00-\x{10ffff}]"
    return f"[{'^' if part.negated else ''}{inside}]"
