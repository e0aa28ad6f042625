"""Exact arithmetic of costs: decimals that never round on the way, ranges, and money as it is printed.

Every cost is held to 30 digits behind the point, with room for 70 before it. So sums do not depend on their order, and
the parts of a roll-up add up to its total exactly. A figure is rounded once, when it is printed: half to even, to two
digits, below one to four.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import ROUND_HALF_EVEN, Context, Decimal, Inexact, InvalidOperation, localcontext
from fractions import Fraction
from typing import Final, NamedTuple

from nixernetes.errors import InputError

__all__ = [
    "DAY_HOURS",
    "MONTH_HOURS",
    "YEAR_MONTHS",
    "ZERO",
    "Span",
    "decimal_of",
    "difference",
    "divided",
    "exact_product",
    "exact_sum",
    "money",
    "plain",
    "ratio",
    "signed",
    "stripped",
]

MONTH_HOURS: Final = Decimal(730)  # as OpenCost counts
DAY_HOURS: Final = Decimal(24)
YEAR_MONTHS: Final = Decimal(12)
ZERO: Final = Decimal(0)
_EXACT: Final = Context(prec=100, rounding=ROUND_HALF_EVEN)
_GRID: Final = Decimal(1).scaleb(-30)
_ONE: Final = Decimal(1)
_CENT: Final = Decimal("0.01")
_FINE: Final = Decimal("0.0001")
_LONGEST: Final = 60  # characters of a number that somebody writes
_MOST_DIGITS: Final = 30


class Span(NamedTuple):
    """The least, the typical and the most of a figure."""

    least: Decimal = ZERO
    typical: Decimal = ZERO
    most: Decimal = ZERO

    @classmethod
    def of(cls, value: Decimal) -> Span:
        """Return a figure that does not vary."""
        return cls(value, value, value)

    @property
    def varies(self) -> bool:
        """Tell whether the least is not the most."""
        return self.least != self.most


def exact_sum(values: Iterable[Decimal]) -> Decimal:
    """Return a sum."""
    total = ZERO
    for value in values:
        total = _EXACT.add(total, value)
    return total


def difference(value: Decimal, less: Decimal) -> Decimal:
    """Return what is left of a value; ``-`` of Python would round it."""
    return _EXACT.subtract(value, less)


def exact_product(*factors: Decimal) -> Decimal:
    """Return a product, held to 30 digits behind the point."""
    product = Decimal(1)
    for factor in factors:
        product = _EXACT.multiply(product, factor)
    return _held(product)


def divided(value: Decimal, divisor: Decimal) -> Decimal:
    """Return a quotient, held to 30 digits behind the point."""
    return _held(_EXACT.divide(value, divisor))


def ratio(value: Fraction) -> Decimal:
    """Return a fraction as a decimal, held to 30 digits behind the point."""
    return _held(_EXACT.divide(Decimal(value.numerator), Decimal(value.denominator)))


def _held(value: Decimal) -> Decimal:
    if value.as_tuple().exponent >= -30:  # type: ignore[operator]  # it is finite
        return value
    return stripped(value.quantize(_GRID, context=_EXACT))


def stripped(value: Decimal) -> Decimal:
    """Return the same number without zeros at its end, and without an exponent."""
    short = value.normalize(_EXACT)
    return short if short.as_tuple().exponent <= 0 else short.quantize(_ONE, context=_EXACT)  # type: ignore[operator]  # finite


def decimal_of(value: object, what: str) -> Decimal:
    """Return a number that somebody wrote: a text, a whole number, a decimal, or a float as Python spells it.

    Raises:
        InputError: it is not a number, is negative, or has more digits than a price has.

    """
    text = str(value).strip() if isinstance(value, str | int | float | Decimal) and not isinstance(value, bool) else ""
    try:
        with localcontext(_EXACT):
            number = Decimal(text) if 0 < len(text) <= _LONGEST else Decimal("NaN")
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or number < 0 or "_" in text:
        raise InputError(f"{value!r} is not a number of 0 or more: write it as 0.031611", subject=what)
    sign, digits, exponent = number.as_tuple()
    if not isinstance(exponent, int) or -exponent > _MOST_DIGITS or len(digits) + exponent > _MOST_DIGITS:
        raise InputError(f"{text} has more than {_MOST_DIGITS} digits before or behind the point", subject=what)
    del sign
    return number


def plain(value: Decimal) -> str:
    """Return a decimal with all its digits and without an exponent: ``39.25356``."""
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def money(value: Decimal) -> str:
    """Return an amount as it is printed: half to even, two digits, below one four."""
    if value == 0:
        return "0.00"
    step = _FINE if abs(value) < 1 else _CENT
    context = _EXACT.copy()
    context.traps[Inexact] = False
    return format(value.quantize(step, context=context), "f")


def signed(value: Decimal) -> str:
    """Return an amount with its sign: ``+26.17``."""
    return money(value) if value <= 0 else f"+{money(value)}"
