"""Regular expressions in CEL: an evaluation pays for each that it compiles."""

from __future__ import annotations

from typing import cast

from nixernetes.languages import regexes
from nixernetes.languages.cel.budget import Meter
from nixernetes.languages.cel.errors import EvaluationError
from nixernetes.languages.regexes import Pattern

__all__ = ["compiled", "pattern"]

_COMPILING = 10_000  # steps: about a millisecond


def pattern(text: str) -> Pattern:
    """Return a compiled expression.

    Raises:
        EvaluationError: it is broken or too large.

    """
    try:
        return regexes.compiled(text)
    except ValueError as error:
        raise EvaluationError(str(error)) from error


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
