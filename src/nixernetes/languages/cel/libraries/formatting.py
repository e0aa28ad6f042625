"""``format`` of texts: ``%s %d %f %e %b %x %X %o`` (cel-go ``ext/formatting.go`` and ``formatting_v2.go``)."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from nixernetes.languages.cel.budget import Meter
from nixernetes.languages.cel.errors import EvaluationError
from nixernetes.languages.cel.libraries.display import Style, shown
from nixernetes.languages.cel.values import Value, type_name

__all__ = ["Clause", "formatted", "read_clause"]

_CLAUSE = re.compile(r"%(?:\.(\d{0,9}))?(.?)", re.DOTALL | re.ASCII)
_MOST_DIGITS = 1_000
_RAISED = str.maketrans("0123456789-", "\u2070\u00b9\u00b2\u00b3\u2074\u2075\u2076\u2077\u2078\u2079\u207b")
_WRONG = {
    "d": "decimal clause can only be used on {ints}",
    "f": "fixed-point clause can only be used on {doubles}",
    "e": "scientific clause can only be used on {doubles}",
    "b": "only {binary} can be formatted as binary",
    "x": "only {hex} can be formatted as hex",
    "o": "octal clause can only be used on {octal}",
}
_WORDS = {
    True: {
        "ints": "integers",
        "doubles": "doubles",
        "binary": "integers and bools",
        "hex": "integers, byte buffers, and strings",
        "octal": "integers",
    },
    False: {
        "ints": "ints, uints, and doubles",
        "doubles": "ints, uints, and doubles",
        "binary": "ints, uints, and bools",
        "hex": "ints, uints, bytes, and strings",
        "octal": "ints and uints",
    },
}


_TEXTS = frozenset({"string", "bytes"})
_INTS = frozenset({"int", "uint"})
_NAMED_DOUBLES = frozenset({"NaN", "Infinity", "-Infinity"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """One clause: its letter, its precision, and the style that all of them have."""

    letter: str
    precision: int
    style: Style

    def takes(self, kind: str) -> bool:
        """Return whether values of a type fit."""
        match self.letter:
            case "f" | "e":
                return kind == "double" or (kind in _INTS and not self.style.quoted)
            case "d":
                return kind in _INTS or (kind == "double" and not self.style.quoted)
            case "b":
                return kind in _INTS or kind == "bool"
            case "x" | "X":
                return kind in _INTS or kind in _TEXTS
            case "o":
                return kind in _INTS
        return True

    def refusal(self, kind: str) -> str:
        """Return what is said of a type that does not fit."""
        return f"{_WRONG[self.letter.lower()].format(**_WORDS[self.style.quoted])}, was given {kind}"


def formatted(meter: Meter, text: str, values: Sequence[Value], style: Style) -> str:
    """Return a text with its clauses replaced by values.

    Raises:
        EvaluationError: a clause is unknown, has no value, or one of another type.
        BudgetError: the text would be too long.

    """
    parts, at, used = [], 0, 0
    while (begin := text.find("%", at)) >= 0:
        parts.append(text[at:begin])
        if text.startswith("%%", begin):
            parts.append("%")
            at = begin + 2
            continue
        if used >= len(values):
            raise EvaluationError(f"index {used} out of range")
        clause, at = read_clause(text, begin, style)
        parts.append(_written(meter, clause, values[used]))
        meter.text(len(parts[-1]))
        used += 1
    parts.append(text[at:])
    meter.text(sum(map(len, parts)))
    return "".join(parts)


def read_clause(text: str, begin: int, style: Style) -> tuple[Clause, int]:
    """Return the clause at a percent sign, and where it ends.

    Raises:
        EvaluationError: it is not a clause.

    """
    if begin + 1 >= len(text):
        raise EvaluationError("unexpected end of string")
    found = _CLAUSE.match(text, begin)
    letter = "" if found is None else found[2]
    if found is None or not letter:
        reason = "could not find end of precision specifier"
        raise EvaluationError(f"could not parse formatting clause: error while parsing precision: {reason}")
    if letter not in "sdfebxXo":
        raise EvaluationError(f'could not parse formatting clause: unrecognized formatting clause "{letter}"')
    precision = int(found[1] or 0) if found[1] is not None else 6
    if precision > _MOST_DIGITS:
        raise EvaluationError(f"could not parse formatting clause: precision of more than {_MOST_DIGITS} digits")
    return Clause(letter=letter, precision=precision, style=style), found.end()


def _written(meter: Meter, clause: Clause, value: Value) -> str:
    kind = type_name(value)
    if clause.letter == "s":
        try:
            return shown(meter, value, clause.style)
        except EvaluationError as error:
            raise EvaluationError(f"error during formatting: {error.message}") from error
    named = clause.style.quoted and clause.letter in "fe" and kind == "string" and value in _NAMED_DOUBLES
    if not named and not clause.takes(kind):
        raise EvaluationError(f"error during formatting: {clause.refusal(kind)}")
    if clause.letter in "fe":
        return _double(clause, float(value))
    if kind == "double":
        return shown(meter, value, clause.style)
    if clause.letter in "xX":
        digits = (value.encode() if kind == "string" else value).hex() if kind in _TEXTS else f"{int(value):x}"
        return digits.upper() if clause.letter == "X" else digits
    return f"{int(value):{clause.letter}}"


def _double(clause: Clause, value: float) -> str:
    if not math.isfinite(value):
        if clause.style.quoted:
            return "NaN" if math.isnan(value) else "\u221e" if value > 0 else "-\u221e"
        return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
    if clause.letter == "f":
        # The older style writes numbers as English text does, with commas between thousands.
        return f"{value:,.{clause.precision}f}" if clause.style.quoted else f"{value:.{clause.precision}f}"
    if not clause.style.quoted:
        return f"{value:.{clause.precision}e}"
    # It takes the precision for a width, and writes the power of ten as people do.
    mantissa, _, power = f"{value:.6e}".partition("e")
    raised = f"{int(power):03d}" if int(power) < 0 else f"{int(power):02d}"
    return f"{mantissa}\u00d710{raised.translate(_RAISED)}".rjust(clause.precision)
