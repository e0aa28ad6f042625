"""Patterns as Argo CD reads them: the globs of gobwas, the shell patterns of Go's ``path.Match``, regular expressions.

A malformed pattern matches nothing, as in Argo CD.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import lru_cache

from nixernetes.languages.globs import go_paths
from nixernetes.languages.globs.automaton import MalformedError, One, Pattern, ReadPart, Run, any_but, tolerant
from nixernetes.languages.regexes import linear

__all__ = ["glob_match", "in_list", "is_deny", "match", "shell_match"]

_LONE = re.compile(r"\?|\[!(?:[^\]\\]|\\.)+\]")
_BRACES = re.compile(r"\\.|\[[^\]]*\]|[{}]", re.DOTALL)
_ANSWERS = 16_384  # questions of which the latest answers are held: an engine asks the same ones at each look


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
    return _glob(pattern, separators)(value)


@lru_cache(maxsize=_ANSWERS)
def shell_match(pattern: str, value: str) -> bool:
    """Match as Go's ``path.Match``: ``*`` and ``?`` stop at ``/``, and ``[^a-z]`` negates."""
    return go_paths.compiled(pattern, "/")(value)


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


@lru_cache(maxsize=4096)
def _glob(pattern: str, separators: str) -> Callable[[str], bool]:
    found = tolerant(_closed(pattern), _reader(separators), braces=True)
    # What matches any character but some, alone, matches the empty text, too (``match/single.go``, ``match/list.go``).
    return _or_empty(found) if _LONE.fullmatch(pattern) else found


def _closed(pattern: str) -> str:
    """Return a pattern with the braces that it leaves open, which gobwas reads up to its end (``syntax/lexer``)."""
    left = 0
    for found in _BRACES.finditer(pattern):
        left = max(left + {"{": 1, "}": -1}.get(found[0], 0), 0)
    return pattern.removesuffix("\\") + "}" * left if left else pattern


def _or_empty(found: Callable[[str], bool]) -> Callable[[str], bool]:
    return lambda text: not text or found(text)


def _reader(separators: str) -> ReadPart:
    def read(text: str, at: int) -> tuple[Pattern, int]:
        if text.startswith("**", at):
            return (Run(),), at + 2
        if text[at] == "*":
            return (Run(separators),), at + 1
        if text[at] == "?":
            return (any_but(separators),), at + 1
        if text[at] == "[":
            return _set(text, at + 1)
        at += text[at] == "\\"
        # A backslash that ends a pattern escapes nothing.
        return (text[at : at + 1],), at + 1

    return read


def _set(text: str, at: int) -> tuple[Pattern, int]:
    """Read a set after its bracket: a list of characters or one range, as gobwas has them."""
    end = at
    while end < len(text) and text[end] != "]":
        end += 2 if text[end] == "\\" else 1
    body = text[at:end]
    negated = body.startswith("!")
    body = body.removeprefix("!")
    if end >= len(text) or not body:
        raise MalformedError
    if len(body) == 3 and body[1] == "-":
        if body[0] > body[2]:
            raise MalformedError
        return (One(((body[0], body[2]),), negated),), end + 1
    return (One(tuple((sign, sign) for sign in _unescaped(body)), negated),), end + 1


def _unescaped(body: str) -> str:
    found, at = "", 0
    while at < len(body):
        at += body[at] == "\\" and at + 1 < len(body)
        found += body[at]
        at += 1
    return found
