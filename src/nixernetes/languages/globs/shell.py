"""Patterns that take one end off a text: those of Go's ``path.Match``, but ``*`` and ``?`` match ``/`` too."""

from __future__ import annotations

from nixernetes.languages.globs import go_paths
from nixernetes.languages.globs.automaton import MalformedError, leading

__all__ = ["longest_prefix", "shortest_prefix"]

_MAX_PATTERN = 1024  # characters; bounds the work of one removal


def shortest_prefix(pattern: str, text: str, *, backwards: bool = False) -> int | None:
    """Return the length of the shortest beginning (backwards: end) that the pattern matches whole; None if none.

    It has at least one character: what may be nothing (``*``) is one.
    """
    found = _matched(pattern, text, backwards=backwards, longest=False)
    return 1 if found == 0 and text and pattern else found


def longest_prefix(pattern: str, text: str, *, backwards: bool = False) -> int | None:
    """Return the length of the longest beginning (backwards: end) that the pattern matches whole; None if none."""
    return _matched(pattern, text, backwards=backwards, longest=True)


def _matched(pattern: str, text: str, *, backwards: bool, longest: bool) -> int | None:
    if len(pattern) > _MAX_PATTERN:
        return None
    try:
        if backwards:  # Go turns both texts around, the signs of a set and of an escape too
            pattern, text = pattern[::-1], text[::-1]
        return leading(go_paths.parsed(pattern, ""), text, longest=longest)
    except MalformedError:
        return None
