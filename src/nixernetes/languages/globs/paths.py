"""Glob patterns as Argo CD reads them: ``*``, ``**``, ``?``, ``[ab]``, ``[!ab]``, ``{a,b}``."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

from nixernetes.errors import InputError
from nixernetes.languages.globs.automaton import (
    Either,
    MalformedError,
    One,
    Pattern,
    ReadPart,
    Run,
    any_but,
    matcher,
    parse,
)
from nixernetes.objects.sizes import clipped

__all__ = ["glob_matches", "path_glob_matches"]

_MAX_LENGTH = 1024
_RANGES = re.compile(r"(?:[^\\\[\]-](?:-[^\\\[\]-])?)+")
_RANGE = re.compile(r"(.)(?:-(.))?", re.DOTALL)


def glob_matches(pattern: str, text: str) -> bool:
    """Tell whether a pattern matches a whole text; ``*`` crosses ``/``.

    Raises:
        InputError: the pattern is broken.

    """
    return _compiled(pattern, False)(text)


def path_glob_matches(pattern: str, path: str) -> bool:
    """Tell whether a pattern matches a whole path; ``*`` stays within a folder, ``**`` crosses folders.

    Raises:
        InputError: the pattern is broken.

    """
    return _compiled(pattern, True)(path)


@lru_cache(maxsize=1024)
def _compiled(pattern: str, folders: bool) -> Callable[[str], bool]:
    if len(pattern) > _MAX_LENGTH:
        raise InputError(f"longer than {_MAX_LENGTH} characters", subject="glob")
    try:
        return matcher(parse(pattern, _reader(folders=folders), braces=True))
    except MalformedError as error:
        raise InputError(
            f"{clipped(pattern)!r} is not a glob pattern: brackets and braces must be closed", subject="glob"
        ) from error


def _reader(*, folders: bool) -> ReadPart:
    barred = "/" if folders else ""

    def read(text: str, at: int) -> tuple[Pattern, int]:
        if folders and text.startswith("**/", at):
            return (Either(((Run(), "/"), ())),), at + 3
        if text.startswith("**", at):
            return (Run(),), at + 2
        if text[at] == "*":
            return (Run(barred),), at + 1
        if text[at] == "?":
            return (any_but(barred),), at + 1
        if text[at] == "[":
            return _set(text, at)
        at += text[at] == "\\" and at + 1 < len(text)
        return (text[at],), at + 1

    return read


def _set(text: str, at: int) -> tuple[Pattern, int]:
    end = text.find("]", at + 2)
    negated = text[at + 1 : at + 2] in ("!", "^")
    inside = text[at + 1 + negated : end]
    if end < 0 or not _RANGES.fullmatch(inside):
        raise MalformedError
    ranges = tuple((found[1], found[2] or found[1]) for found in _RANGE.finditer(inside))
    if any(low > high for low, high in ranges):
        raise MalformedError
    return (One(ranges, negated),), end + 1
