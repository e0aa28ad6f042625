"""Sprig's functions for numbers: whole ones of 64 bits, and decimal ones that are exact."""

from __future__ import annotations

from collections.abc import Callable
from decimal import ROUND_HALF_UP, Context, Decimal
from math import ceil, floor, modf
from typing import Final

from nixernetes.languages.gotemplates.tokens import TemplateError
from nixernetes.languages.gotemplates.values import Int64, Ints, integer, show
from nixernetes.objects.manifest import Json

__all__ = ["decimals", "divided", "number_list", "octal", "real", "remainder", "rounded", "sequence", "whole"]

_MAX_ITEMS: Final = 10_000
_EXACT: Final = Context(prec=700)  # digits of the product of two floats
_DIVIDED: Final = Decimal("1e-16")  # what a quotient is rounded to


def whole(value: int) -> Int64:
    """Return what is left of a number in 64 bits."""
    return Int64((value + 2**63) % 2**64 - 2**63)


def divided(first: Json, second: Json) -> Int64:
    """Return a quotient, rounded towards zero.

    Raises:
        TemplateError: the divisor is zero.

    """
    below = integer(second)
    if below == 0:
        raise TemplateError("integer divide by zero")
    found = abs(integer(first)) // abs(below)
    return Int64(found if (integer(first) < 0) == (below < 0) else -found)


def remainder(first: Json, second: Json) -> Int64:
    """Return what a division leaves, with the sign of the dividend."""
    return Int64(integer(first) - integer(second) * divided(first, second))


def real(value: Json) -> float:
    """Return a value as a float; zero where it is none."""
    if isinstance(value, str) and (value != value.strip() or "_" in value):
        return 0.0
    try:
        return float(value or 0)
    except (TypeError, ValueError, OverflowError):
        return 0.0


def rounded(value: Json, places: int, up_from: float = 0.5) -> float:
    """Return a number rounded to so many places; up where what is cut is at least ``up_from``."""
    scale = 10.0**places
    moved = real(value) * scale
    return (ceil(moved) if modf(moved)[0] >= up_from else floor(moved)) / scale


def decimals(operate: Callable[[Context, Decimal, Decimal], Decimal]) -> Callable[..., float]:
    """Return a function that takes numbers together from left to right, as decimal numbers."""

    def together(first: Json = 0.0, *others: Json) -> float:
        value = _decimal(first)
        for other in others:
            value = operate(_EXACT, value, _decimal(other))
            if operate is Context.divide:
                value = value.quantize(_DIVIDED, ROUND_HALF_UP, _EXACT)
        return float(value) + 0.0  # there is no zero below zero

    return together


def _decimal(value: Json) -> Decimal:
    return Decimal(repr(real(value)))


def number_list(start: int, stop: int, step: int) -> Ints:
    """Return the numbers from a start to before a stop; none where the step leads away from it.

    Raises:
        TemplateError: there are more than 10,000.

    """
    if step == 0 or (stop - start) * step < 0:
        return Ints()
    found = range(start, stop, step)
    if len(found) > _MAX_ITEMS:
        raise TemplateError(f"more than {_MAX_ITEMS:,} numbers")
    return Ints(found)


def sequence(*bounds: Json) -> str:
    """Return numbers as the command ``seq`` prints them, with spaces: ``last``, ``first last``, ``first step last``."""
    if not 1 <= len(bounds) <= 3:
        return ""
    given = [integer(bound) for bound in bounds]
    start, last = given[0] if len(given) > 1 else 1, given[-1]
    step = given[1] if len(given) == 3 else -1 if last < start else 1
    return " ".join(map(str, number_list(start, last + (1 if step > 0 else -1), step)))


def octal(value: Json) -> Int64:
    """Return the number that octal digits spell; zero where they are none."""
    text = show(value)
    is_octal = text.isascii() and text.lstrip("+-").isdigit() and not set("89") & set(text)
    return Int64(int(text, 8) if is_octal else 0)
