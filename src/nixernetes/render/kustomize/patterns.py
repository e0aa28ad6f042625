"""Regular expressions of users, read as Go reads them and run in bounded time.

Go's engine is linear, Python's backtracks. So Python's runs only what cannot make it slow (at most one repetition, no
repeated group, and alternatives in one group at most), and a linear engine runs the rest. What Go does not have is
refused.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from nixernetes.languages.regexes import linear
from nixernetes.render.kustomize.failures import KustomizeError

__all__ = ["Pattern", "compile_pattern"]

MAX_PATTERN = 1000  # Go refuses repetitions beyond 1000; no honest name selector is longer than this many characters
MAX_TEXT = 4096  # Kubernetes names end at 253 characters, namespaces at 63


@dataclass(frozen=True, slots=True)
class Pattern:
    """A compiled expression."""

    found: Callable[[str], object]

    def matches(self, text: str) -> bool:
        """Tell whether the expression is found in the text (anchors are up to the pattern)."""
        if len(text) > MAX_TEXT:
            raise KustomizeError(f"a text of {len(text)} characters is too long to be matched")
        return bool(self.found(text))


_REPEATED = re.compile(r"(?<!\()[*+?{]")  # "(?" begins a group; each other one is a choice that may be taken back
_REPEATED_GROUP = re.compile(r"\)[*+?{]")
_UNKNOWN_TO_GO = re.compile(r"\(\?(?:=|!|<=|<!|\(|#)|\\[1-9]|[*+?}]\+")


@lru_cache(maxsize=1024)
def compile_pattern(text: str) -> Pattern:
    """Compile an expression of Go's syntax.

    Raises:
        KustomizeError: it is broken, too long, or uses what Go does not have.

    """
    if len(text) > MAX_PATTERN:
        raise KustomizeError(f"a regular expression of {len(text)} characters is too long: at most {MAX_PATTERN}")
    if _UNKNOWN_TO_GO.search(text):
        raise KustomizeError(f"error parsing regexp: invalid or unsupported Perl syntax: `{text}`")
    try:
        compiled = re.compile(_for_python(text), re.ASCII)
        multiplies = _REPEATED_GROUP.search(text) or ("|" in text and text.count("(") > 1)
        is_quick = len(_REPEATED.findall(text)) <= 1 and not multiplies
        return Pattern(compiled.search if is_quick else linear(text))
    except (re.error, ValueError, RecursionError) as error:
        raise KustomizeError(f"error parsing regexp: {error}: `{text}`") from error


def _for_python(text: str) -> str:
    r"""Rewrite what Python spells otherwise: ``\z`` and a ``$`` that matches only at the very end."""
    text = text.replace("\\z", "\\Z")
    return re.sub(r"(?<!\\)\$(?![^\[]*\])", r"\\Z", text)
