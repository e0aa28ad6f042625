"""Patterns that take one end off a text: those of Go's ``path.Match``, but ``*`` and ``?`` match ``/`` too."""

from __future__ import annotations

from nixernetes.languages.globs import go_paths
from nixernetes.languages.globs.automaton import MalformedError, leading

__all__ = ["longest_prefix", "shortest_prefix"]

_MAX_PATTERN = 1024  # characters; bounds the work of one removal


def shortest_prefix(pattern: str, text: str, *, backwards: bool = False) -> int | None:
    """Return the length of the shortest beginning (backwards: end) that the pattern matches whole; None if none."""
    return _matched(pattern, text, backwards=backwards, longest=False)


def longest_prefix(pattern: str, text: str, *, backwards: bool = False) -> int | None:
    """Return the length of the longest beginning (backwards: end) that the pattern matches whole; None if none."""
    return _matched(pattern, text, backwards=backwards, longest=True)


def _matched(pattern: str, text: str, *, backwards: bool, longest: bool) -> int | None:
    if len(pattern) > _MAX_PATTERN:
        return None
    try:
        parts = go_paths.parsed(pattern, "")
        return leading(parts[::-1], text[::-1], longest=longest) if backwards else leading(parts, text, longest=longest)
    except MalformedError:
        return None
