"""Regular expressions: RE2, the engine of Go, in time that grows with the text alone."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from importlib import import_module
from typing import Protocol, cast

from nixernetes.languages.cel.budget import Meter
from nixernetes.languages.cel.errors import EvaluationError

__all__ = ["Match", "Pattern", "compiled", "matches", "pattern"]

_COMPILING = 10_000  # steps: about a millisecond
_LARGEST = 4 << 20  # bytes of one compiled expression
_LONGEST = 10_000  # characters of an expression


class Match(Protocol):
    """A place where an expression was found."""

    def group(self, group: int) -> str | None:
        """Return what a group matched."""

    def start(self) -> int:
        """Return where it begins."""

    def end(self) -> int:
        """Return where it ends."""


class Pattern(Protocol):
    """A compiled expression."""

    groups: int

    def search(self, text: str) -> Match | None:
        """Find it anywhere in a text."""

    def finditer(self, text: str) -> Iterator[Match]:
        """Find it wherever it is."""

    def fullmatch(self, text: str) -> Match | None:
        """Match the whole text."""


@lru_cache(maxsize=1_024)
def pattern(text: str) -> Pattern:
    """Return a compiled expression. The last 1,024 are kept.

    Raises:
        EvaluationError: it is broken or too large.

    """
    if len(text) > _LONGEST:
        raise EvaluationError("error parsing regexp: expression is too long")
    re2 = import_module("re2")  # loaded when the first expression needs it
    options = re2.Options()
    options.log_errors = False
    options.max_mem = _LARGEST
    try:
        return cast("Pattern", re2.compile(text, options))
    except re2.error as error:
        reason = error.args[0] if error.args else ""
        shown = reason.decode("utf-8", "replace") if isinstance(reason, bytes) else str(reason)
        raise EvaluationError(f"error parsing regexp: {_as_go(shown)}") from error


# RE2 and Go say a few things in other words.
_GO_WORDS = (
    ("missing ):", "missing closing ):"),
    ("missing ]:", "missing closing ]:"),
    ("no argument for repetition operator:", "missing argument to repetition operator:"),
    ("bad repetition operator:", "invalid nested repetition operator:"),
    ("invalid perl operator:", "invalid or unsupported Perl syntax:"),
    ("invalid repetition size:", "invalid repeat count:"),
)


def _as_go(reason: str) -> str:
    for ours, go in _GO_WORDS:
        if reason.startswith(ours):
            return f"{go} `{reason.removeprefix(ours).strip()}`"
    return reason


def compiled(meter: Meter, text: str) -> Pattern:
    """Return a compiled expression, for which an evaluation pays once.

    Raises:
        EvaluationError: it is broken or too large.
        BudgetError: there are no steps left to compile it.

    """
    if text not in meter.patterns:
        meter.charge(_COMPILING + 100 * len(text))
        meter.patterns[text] = pattern(text)
    return cast("Pattern", meter.patterns[text])


def matches(expression: Pattern, text: str) -> Iterator[Match]:
    """Give every match that does not overlap, as Go does: an empty one right behind another does not count."""
    last = -1
    for found in expression.finditer(text):
        if found.start() == found.end() == last:
            continue
        last = found.end()
        yield found
