"""Kyverno's wildcards: ``*`` is any run, ``?`` exactly one character, and there is no escape (``ext/wildcard``)."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

__all__ = ["any_matches", "has_wildcard", "matches"]


def has_wildcard(text: str) -> bool:
    """Tell whether a text holds ``*`` or ``?``."""
    return "*" in text or "?" in text


@lru_cache(maxsize=8192)
def matches(pattern: str, text: str) -> bool:
    """Tell whether the whole text fits a pattern, in at most length times length steps. 8,192 answers are kept."""
    if pattern == "*":
        return True
    if not has_wildcard(pattern):
        return pattern == text
    at, place, star, resume = 0, 0, -1, 0
    while place < len(text):
        if at < len(pattern) and pattern[at] == "*":
            star, resume = at, place
            at += 1
        elif at < len(pattern) and pattern[at] in ("?", text[place]):
            at += 1
            place += 1
        elif star >= 0:
            resume += 1
            at, place = star + 1, resume
        else:
            return False
    return not pattern[at:].strip("*")


def any_matches(patterns: Iterable[str], text: str) -> bool:
    """Tell whether one of the patterns fits a text."""
    return any(matches(pattern, text) for pattern in patterns)
