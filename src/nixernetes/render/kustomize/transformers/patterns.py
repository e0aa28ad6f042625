"""Regular expressions in an overlay, read as Go reads them; failures are those of Kustomize."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from nixernetes.languages.regexes import linear
from nixernetes.render.kustomize.failures import KustomizeError

__all__ = ["KustomizePattern", "compile_pattern"]

MAX_PATTERN = 1000  # Go refuses repetitions beyond 1000; no honest name selector is longer than this many characters
MAX_TEXT = 4096  # Kubernetes names end at 253 characters, namespaces at 63


@dataclass(frozen=True, slots=True)
class KustomizePattern:
    """A compiled expression."""

    found: Callable[[str], object]

    def matches(self, text: str) -> bool:
        """Tell whether the expression is found in the text (anchors are up to the pattern)."""
        if len(text) > MAX_TEXT:
            raise KustomizeError(f"a text of {len(text)} characters is too long to be matched")
        return bool(self.found(text))


@lru_cache(maxsize=1024)
def compile_pattern(text: str) -> KustomizePattern:
    """Compile an expression of Go's syntax.

    Raises:
        KustomizeError: it is broken, too long, or uses what Go does not have.

    """
    if len(text) > MAX_PATTERN:
        raise KustomizeError(f"a regular expression of {len(text)} characters is too long: at most {MAX_PATTERN}")
    try:
        return KustomizePattern(linear(text))
    except ValueError as error:
        raise KustomizeError(str(error)) from error
