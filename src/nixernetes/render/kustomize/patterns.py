"""Regular expressions of users, read as Go reads them and run in bounded time.

Go's engine is linear, Python's backtracks. So a pattern that could make it backtrack without bound (a repetition inside
a repetition, or of alternatives) is refused, and so is one that uses what Go does not have.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from nixernetes.render.kustomize.failures import KustomizeError

__all__ = ["Pattern", "compile_pattern"]

MAX_PATTERN = 1000  # Go refuses repetitions beyond 1000; no honest name selector is longer than this many characters
MAX_TEXT = 4096  # Kubernetes names end at 253 characters, namespaces at 63


@dataclass(frozen=True, slots=True)
class Pattern:
    """A compiled expression."""

    compiled: re.Pattern[str]

    def matches(self, text: str) -> bool:
        """Tell whether the expression is found in the text (anchors are up to the pattern)."""
        if len(text) > MAX_TEXT:
            raise KustomizeError(f"a text of {len(text)} characters is too long to be matched")
        return self.compiled.search(text) is not None


# A group that holds a repetition or an alternative and is itself repeated without bound.
_NESTED = re.compile(r"\((?:[^()\\]|\\.)*(?:[*+|]|\{\d+,?\d*\})(?:[^()\\]|\\.)*\)(?:[*+]|\{\d+,)")
_UNKNOWN_TO_GO = re.compile(r"\(\?(?:=|!|<=|<!|\(|#)|\\[1-9]|[*+?}]\+")


@lru_cache(maxsize=1024)
def compile_pattern(text: str) -> Pattern:
    """Compile an expression of Go's syntax.

    Raises:
        KustomizeError: it is broken, uses what Go does not have, or could run without bound.

    """
    if len(text) > MAX_PATTERN:
        raise KustomizeError(f"a regular expression of {len(text)} characters is too long: at most {MAX_PATTERN}")
    if _UNKNOWN_TO_GO.search(text):
        raise KustomizeError(f"error parsing regexp: invalid or unsupported Perl syntax: `{text}`")
    if _NESTED.search(text) or text.count("*") + text.count("+") > 20:
        raise KustomizeError(f"regular expression `{text}` could take for ever: do not repeat a repetition")
    try:
        return Pattern(re.compile(_for_python(text), re.ASCII))
    except re.error as error:
        raise KustomizeError(f"error parsing regexp: {error}: `{text}`") from error


def _for_python(text: str) -> str:
    r"""Rewrite what Python spells otherwise: ``\z`` and a ``$`` that matches only at the very end."""
    text = text.replace("\\z", "\\Z")
    return re.sub(r"(?<!\\)\$(?![^\[]*\])", r"\\Z", text)
