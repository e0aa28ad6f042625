"""Patterns of Go's ``path.Match``, but ``*`` and ``?`` match ``/`` too. They match a text, or one end of it."""

from __future__ import annotations

from nixernetes.languages.globs import go_paths
from nixernetes.languages.globs.automaton import MalformedError, leading

__all__ = ["longest_prefix", "matches", "shortest_prefix"]

_MAX_PATTERN = 1024  # characters; bounds the work of one removal


def shortest_prefix(pattern: str, text: str, *, backwards: bool = False) -> int | None:
    """Return the length of the shortest beginning (backwards: end) that the pattern matches whole; None if none."""
    return _matched(pattern, text, backwards=backwards, longest=False)


def longest_prefix(pattern: str, text: str, *, backwards: bool = False) -> int | None:
    """Return the length of the longest beginning (backwards: end) that the pattern matches whole; None if none."""
    return _matched(pattern, text, backwards=backwards, longest=True)


def matches(pattern: str, text: str) -> bool:
    """Tell whether a pattern matches a whole text; one that is malformed matches nothing."""
    return len(pattern) <= _MAX_PATTERN and go_paths.compiled(pattern, "")(text)


def _matched(pattern: str, text: str, *, backwards: bool, longest: bool) -> int | None:
    if len(pattern) > _MAX_PATTERN:
        return None
    try:
        parts = go_paths.parsed(pattern, "")
        return leading(parts[::-1], text[::-1], longest=longest) if backwards else leading(parts, text, longest=longest)
    except MalformedError:
        return None
