r"""Patterns of Go's ``path.Match``: ``*``, ``?``, ``[a-z]``, ``[^a]``, and a backslash to escape, in sets too."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from nixernetes.languages.globs.automaton import MalformedError, One, Pattern, ReadPart, Run, any_but, parse, tolerant

__all__ = ["compiled", "parsed"]


def parsed(text: str, barred: str) -> Pattern:
    """Return the pattern that a text spells; ``*`` and ``?`` match no character that is barred.

    Raises:
        MalformedError: the text is no pattern.

    """
    return parse(text, _reader(barred))


@lru_cache(maxsize=4096)
def compiled(text: str, barred: str) -> Callable[[str], bool]:
    """Return a function that tells whether a pattern matches a whole text; a malformed pattern matches none."""
    return tolerant(text, _reader(barred))


def _reader(barred: str) -> ReadPart:
    def read(text: str, at: int) -> tuple[Pattern, int]:
        if text[at] == "*":
            return (Run(barred),), at + 1
        if text[at] == "?":
            return (any_but(barred),), at + 1
        if text[at] == "[":
            return _set(text, at + 1)
        sign, at = _character(text, at)
        return (sign,), at

    return read


def _set(text: str, at: int) -> tuple[Pattern, int]:
    negated = text.startswith("^", at)
    at += negated
    ranges: list[tuple[str, str]] = []
    while not (ranges and text.startswith("]", at)):
        low, at = _in_set(text, at)
        high = low
        if text.startswith("-", at):
            high, at = _in_set(text, at + 1)
        ranges.append((low, high))
    return (One(tuple(ranges), negated),), at + 1


def _in_set(text: str, at: int) -> tuple[str, int]:
    if text[at : at + 1] in ("-", "]"):
        raise MalformedError
    return _character(text, at)


def _character(text: str, at: int) -> tuple[str, int]:
    at += text.startswith("\\", at)
    if at >= len(text):
        raise MalformedError
    return text[at], at + 1
