"""Glob patterns as Argo CD reads them: ``*``, ``**``, ``?``, ``[ab]``, ``[!ab]``, ``{a,b}``; matched in linear time."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

from nixernetes.errors import InputError
from nixernetes.languages.regexes import linear
from nixernetes.objects.sizes import clipped

__all__ = ["glob_matches", "path_glob_matches"]

_MAX_LENGTH = 1024


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
    parts: list[str] = []
    depth, at = 0, 0
    while at < len(pattern):
        part, at = _part(pattern, at, depth, folders=folders)
        depth += {"(?:": 1, ")": -1}.get(part, 0)
        parts.append(part)
    if depth:
        raise _broken(pattern)
    try:
        return linear(rf"\A(?s:{''.join(parts)})\z")
    except ValueError as error:
        raise InputError(f"{clipped(pattern)!r} is no glob pattern that can be matched", subject="glob") from error


def _part(pattern: str, at: int, depth: int, *, folders: bool) -> tuple[str, int]:
    """Return the regular expression of the next part, and where it ends."""
    sign = pattern[at]
    any_character = "[^/]" if folders else "."
    if sign == "*":
        if folders and pattern.startswith("**/", at):
            return "(?:.*/)?", at + 3
        double = pattern.startswith("**", at)
        return (".*" if double else any_character + "*"), at + 1 + double
    if sign == "?":
        return any_character, at + 1
    if sign == "{":
        return "(?:", at + 1
    if depth and sign in ",}":
        return ("|" if sign == "," else ")"), at + 1
    if sign == "[":
        return _characters(pattern, at)
    if sign == "\\" and at + 1 < len(pattern):
        return re.escape(pattern[at + 1]), at + 2
    return re.escape(sign), at + 1


def _characters(pattern: str, at: int) -> tuple[str, int]:
    end = pattern.find("]", at + 2)
    inside = pattern[at + 1 : end]
    negated = inside[:1] in ("!", "^")
    found = re.fullmatch(r"(?:[^\\\[\]-](?:-[^\\\[\]-])?)+", inside[negated:])
    if end < 0 or found is None:
        raise _broken(pattern)
    ranges = re.findall(r"(.)(?:-(.))?", inside[negated:])
    if any(high and low > high for low, high in ranges):
        raise _broken(pattern)
    body = "".join(re.escape(low) + (f"-{re.escape(high)}" if high else "") for low, high in ranges)
    return f"[{'^' if negated else ''}{body}]", end + 1


def _broken(pattern: str) -> InputError:
    return InputError(f"{clipped(pattern)!r} is not a glob pattern: brackets and braces must be closed", subject="glob")
