"""Patterns as Argo CD reads them: the globs of gobwas, the shell patterns of Go's ``path.Match``, regular expressions.

Both kinds are matched by following the set of positions that a pattern can have reached, so that no pattern takes more
than quadratic time, whoever wrote it. A malformed pattern matches nothing, as in Argo CD.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

from nixernetes.languages.regexes import linear

__all__ = ["glob_match", "in_list", "is_deny", "match", "shell_match"]

_ANSWERS = 16_384  # questions of which the latest answers are held: an engine asks the same ones at each look


@dataclass(frozen=True, slots=True)
class _One:
    """One character: of a set, or not of a set; ``any`` stands for every character."""

    ranges: tuple[tuple[str, str], ...] = ()
    negated: bool = False
    any: bool = False
    crosses: bool = True

    def fits(self, character: str, separators: str) -> bool:
        if not self.crosses and character in separators:
            return False
        return self.any or any(low <= character <= high for low, high in self.ranges) != self.negated


@dataclass(frozen=True, slots=True)
class _Run:
    """Any number of characters; separators too when it ``crosses``."""

    crosses: bool


@dataclass(frozen=True, slots=True)
class _Either:
    branches: tuple[_Pattern, ...]


# A project lists hundreds of names, each compared with every object: a pattern without these is the text itself.
_SPECIAL = frozenset("*?[]{}\\")

_Part: TypeAlias = _One | _Run | _Either
_Pattern: TypeAlias = tuple[_Part, ...]


def is_deny(pattern: str) -> bool:
    """Tell whether a pattern says what is not allowed."""
    return pattern.startswith("!")


def match(pattern: str, value: str, *, negation: bool = True, separators: str = "") -> bool:
    """Match as the lists of an AppProject do.

    Args:
        pattern: a glob; ``*`` alone matches everything, separators included.
        value: the text.
        negation: whether ``!pattern`` matches what ``pattern`` does not.
        separators: the characters that ``*`` and ``?`` do not match; ``**`` does.

    """
    if negation and is_deny(pattern):
        return not glob_match(pattern[1:], value, separators)
    return pattern == "*" or glob_match(pattern, value, separators)


@lru_cache(maxsize=_ANSWERS)
def glob_match(pattern: str, value: str, separators: str = "") -> bool:
    """Match a gobwas glob: ``*``, ``**``, ``?``, ``[abc]``, ``[!a-z]``, ``{one,two}``, a backslash to escape."""
    if _SPECIAL.isdisjoint(pattern):
        return pattern == value
    compiled = _glob(pattern)
    return compiled is not None and len(value) in _ends(compiled, {0}, value, separators)


@lru_cache(maxsize=_ANSWERS)
def shell_match(pattern: str, value: str) -> bool:
    """Match as Go's ``path.Match``: ``*`` and ``?`` stop at ``/``, and ``[^a-z]`` negates."""
    compiled = _shell(pattern)
    return compiled is not None and len(value) in _ends(compiled, {0}, value, "/")


def in_list(patterns: Iterable[str], value: str) -> bool:
    """Tell whether one pattern fits: a glob, or a regular expression between slashes (``/team-[0-9]+/``)."""
    return any(_regex_or_glob(pattern, value) for pattern in patterns)


def _regex_or_glob(pattern: str, value: str) -> bool:
    if len(pattern) < 2 or not (pattern.startswith("/") and pattern.endswith("/")):
        return glob_match(pattern, value)
    try:
        return linear(pattern[1:-1])(value)
    except ValueError:
        return False


def _ends(pattern: _Pattern, starts: set[int], value: str, separators: str) -> set[int]:
    for part in pattern:
        if not starts:
            return starts
        if isinstance(part, _One):
            starts = {at + 1 for at in starts if at < len(value) and part.fits(value[at], separators)}
        elif isinstance(part, _Either):
            starts = set().union(*(_ends(branch, starts, value, separators) for branch in part.branches))
        else:
            starts = set(_run(starts, value, "" if part.crosses else separators))
    return starts


def _run(starts: set[int], value: str, separators: str) -> Iterator[int]:
    reached = False
    for at in range(min(starts), len(value) + 1):
        reached = at in starts or (reached and value[at - 1] not in separators)
        if reached:
            yield at


class _MalformedError(Exception):
    pass


@lru_cache(maxsize=4096)
def _glob(pattern: str) -> _Pattern | None:
    try:
        found, end = _glob_sequence(pattern, 0, depth=0)
    except _MalformedError:
        return None
    return found if end == len(pattern) else None


_DEPTH = 32  # no honest pattern nests braces deeper, and the recursion must end


def _glob_sequence(pattern: str, at: int, *, depth: int) -> tuple[_Pattern, int]:
    if depth > _DEPTH:
        raise _MalformedError
    parts: list[_Part] = []
    while at < len(pattern):
        character = pattern[at]
        if depth and character in ",}":
            break
        if character == "*":
            crosses = pattern.startswith("**", at)
            parts.append(_Run(crosses))
            at += 2 if crosses else 1
        elif character == "?":
            parts.append(_One(any=True, crosses=False))
            at += 1
        elif character == "[":
            part, at = _glob_set(pattern, at + 1)
            parts.append(part)
        elif character == "{":
            branches, at = _glob_either(pattern, at + 1, depth=depth)
            parts.append(branches)
        else:
            at += character == "\\"
            if at >= len(pattern):
                raise _MalformedError
            parts.append(_literal(pattern[at]))
            at += 1
    return tuple(parts), at


def _glob_either(pattern: str, at: int, *, depth: int) -> tuple[_Either, int]:
    branches = []
    while True:
        branch, at = _glob_sequence(pattern, at, depth=depth + 1)
        branches.append(branch)
        if at >= len(pattern):
            raise _MalformedError
        at += 1
        if pattern[at - 1] == "}":
            return _Either(tuple(branches)), at


def _glob_set(pattern: str, at: int) -> tuple[_One, int]:
    """Read a set after its bracket: a list of characters or one range, as gobwas has them."""
    end = at
    while end < len(pattern) and pattern[end] != "]":
        end += 2 if pattern[end] == "\\" else 1
    body = pattern[at:end]
    negated = body.startswith("!")
    body = body[1:] if negated else body
    if end >= len(pattern) or not body:
        raise _MalformedError
    if len(body) == 3 and body[1] == "-":
        if body[0] > body[2]:
            raise _MalformedError
        return _One(((body[0], body[2]),), negated), end + 1
    characters = _unescaped(body)
    return _One(tuple((character, character) for character in characters), negated), end + 1


def _unescaped(body: str) -> str:
    found, at = "", 0
    while at < len(body):
        at += body[at] == "\\" and at + 1 < len(body)
        found += body[at]
        at += 1
    return found


def _literal(character: str) -> _One:
    return _One(((character, character),))


@lru_cache(maxsize=4096)
def _shell(pattern: str) -> _Pattern | None:
    parts: list[_Part] = []
    at = 0
    try:
        while at < len(pattern):
            character = pattern[at]
            if character == "*":
                parts.append(_Run(crosses=False))
                at += 1
            elif character == "?":
                parts.append(_One(any=True, crosses=False))
                at += 1
            elif character == "[":
                part, at = _shell_set(pattern, at + 1)
                parts.append(part)
            else:
                literal, at = _shell_character(pattern, at, in_set=False)
                parts.append(_literal(literal))
    except _MalformedError:
        return None
    return tuple(parts)


def _shell_set(pattern: str, at: int) -> tuple[_One, int]:
    negated = pattern.startswith("^", at)
    at += negated
    ranges: list[tuple[str, str]] = []
    while not (ranges and pattern.startswith("]", at)):
        low, at = _shell_character(pattern, at, in_set=True)
        high = low
        if pattern.startswith("-", at):
            high, at = _shell_character(pattern, at + 1, in_set=True)
        ranges.append((low, high))
    return _One(tuple(ranges), negated, crosses=True), at + 1


def _shell_character(pattern: str, at: int, *, in_set: bool) -> tuple[str, int]:
    if at >= len(pattern) or (in_set and pattern[at] in "-]"):
        raise _MalformedError
    at += pattern[at] == "\\"
    if at >= len(pattern):
        raise _MalformedError
    return pattern[at], at + 1
