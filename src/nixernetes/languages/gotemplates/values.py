"""Values as templates see them: which count as true, and how Go prints them."""

from __future__ import annotations

from decimal import Decimal
from math import isfinite

from nixernetes.objects.manifest import Json

__all__ = ["integer", "is_true", "show"]


def is_true(value: Json) -> bool:
    """Tell whether a value counts as true: not empty, not zero, not nil."""
    return bool(value)


def show(value: Json) -> str:
    """Write a value as Go's ``fmt.Print`` does."""
    if value is None:
        return "<nil>"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        return "map[" + " ".join(f"{key}:{show(value[key])}" for key in sorted(value)) + "]"
    if isinstance(value, list):
        return "[" + " ".join(show(item) for item in value) + "]"
    return _float(value) if isinstance(value, float) else str(value)


def _float(value: float) -> str:
    """Write a float with its shortest digits, with an exponent below 1e-4 and from 1e6 on."""
    if not isfinite(value):
        return {"inf": "+Inf", "-inf": "-Inf"}.get(str(value), "NaN")
    sign, digits, exponent = Decimal(repr(value)).as_tuple()
    power = len(digits) + int(exponent) - 1 if any(digits) else 0
    if -4 <= power < 6:
        text = f"{Decimal(repr(value)):f}"
        return text.rstrip("0").rstrip(".") if "." in text else text
    shown = "".join(map(str, digits)).rstrip("0")
    fraction = f".{shown[1:]}" if len(shown) > 1 else ""
    return f"{'-' if sign else ''}{shown[0]}{fraction}e{'-' if power < 0 else '+'}{abs(power):02}"


def integer(value: Json) -> int:
    """Return a value as a whole number; 0 where it is none."""
    try:
        return int(value or 0)
    except (TypeError, ValueError):
        return 0
