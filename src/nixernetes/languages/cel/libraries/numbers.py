"""How Go spells numbers as text, and reads them (``strconv``)."""

from __future__ import annotations

import math
import re

__all__ = ["read_double", "shortest"]

_DOUBLE = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?|[+-]?(?:inf|infinity)|nan", re.ASCII | re.IGNORECASE)
_LONGEST = 400


def shortest(value: float, *, exponent_from: int = 6, exponent_below: int = -4) -> str:
    """Return the shortest text that reads back as the number, as ``FormatFloat(x, 'g', -1, 64)``.

    Args:
        value: the number.
        exponent_from: the power of ten from which an exponent is written.
        exponent_below: the power of ten below which one is written.

    """
    if value != value:  # noqa: PLR0124  only NaN is not itself
        return "NaN"
    if value in {float("inf"), float("-inf")}:
        return "+Inf" if value > 0 else "-Inf"
    digits, exponent = _digits(value)
    sign = "-" if math.copysign(1, value) < 0 else ""
    if exponent < exponent_below or exponent >= exponent_from:
        fraction = f".{digits[1:]}" if len(digits) > 1 else ""
        return f"{sign}{digits[0]}{fraction}e{'-' if exponent < 0 else '+'}{abs(exponent):02d}"
    if exponent < 0:
        return f"{sign}0.{'0' * (-exponent - 1)}{digits}"
    whole, fraction = digits[: exponent + 1].ljust(exponent + 1, "0"), digits[exponent + 1 :]
    return f"{sign}{whole}.{fraction}" if fraction else f"{sign}{whole}"


def _digits(value: float) -> tuple[str, int]:
    """Return the shortest digits of a number, and the power of ten of the first one."""
    mantissa, _, power = repr(abs(value)).partition("e")
    whole, _, fraction = mantissa.partition(".")
    fraction = "" if fraction == "0" else fraction
    digits = (whole + fraction).lstrip("0")
    exponent = int(power or 0) + len(whole) - 1
    if whole == "0":
        exponent -= len(fraction) - len(fraction.lstrip("0")) + 1
    digits = digits.rstrip("0")
    return (digits, exponent) if digits else ("0", 0)


def read_double(text: str) -> float | None:
    """Return the number of a text, or nothing."""
    if len(text) > _LONGEST or _DOUBLE.fullmatch(text) is None:
        return None
    value = float(text)
    return None if value in {float("inf"), float("-inf")} and "n" not in text.lower() else value
