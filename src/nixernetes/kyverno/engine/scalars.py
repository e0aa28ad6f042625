"""Scalar patterns such as ``?*``, ``!latest``, ``>=2 & <10`` and ``1Mi-1Gi`` (Kyverno, ``pkg/engine/pattern``)."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from nixernetes.errors import InputError
from nixernetes.kyverno.engine.wildcards import matches
from nixernetes.languages.quantities import Quantity, parse as parse_quantity
from nixernetes.objects.durations import nanoseconds
from nixernetes.objects.manifest import Json

__all__ = ["duration", "in_range", "is_matched", "quantity", "range_ends", "shown", "text_of"]

_OPERATORS: Final = (">=", "<=", ">", "<", "!")
_RANGE: Final = re.compile(r"([-+]?\d+(?:\.\d+)?[A-Za-z]*)(!?-)([-+]?\d+(?:\.\d+)?[A-Za-z]*)")


@lru_cache(maxsize=4096)
def quantity(text: str) -> Quantity | None:
    """Return the quantity that a text spells, if it does. 4,096 answers are kept."""
    try:
        return parse_quantity(text)
    except InputError:
        return None


@lru_cache(maxsize=4096)
def duration(text: str) -> int | None:
    """Return the nanoseconds of a Go duration, if the text is one. 4,096 answers are kept."""
    try:
        return nanoseconds(text)
    except ValueError:
        return None


def range_ends(text: str) -> tuple[str, str, bool] | None:
    """Return the ends of ``a-b`` or ``a!-b``, and whether what is outside is meant."""
    found = _RANGE.fullmatch(text.strip())
    return (found[1], found[3], found[2] == "!-") if found else None


def in_range(value: Json, low: str, high: str, *, outside: bool) -> bool:
    """Tell whether a value lies in (or outside of) a range, ends included."""
    if outside:
        return _compared(value, low, "<") or _compared(value, high, ">")
    return _compared(value, low, ">=") and _compared(value, high, "<=")


def text_of(value: Json) -> str | None:
    """Return how a scalar is written for wildcards; None for null, maps and lists."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return f"{value:.6E}".replace(".000000E", "E") if value == int(value) else _shortest(value)
    if isinstance(value, int):
        return str(value)
    return value if isinstance(value, str) else None


def _shortest(value: float) -> str:
    digits = repr(value)
    for precision in range(18):
        if float(f"{value:.{precision}E}") == value:
            return f"{value:.{precision}E}"
    return digits


def is_matched(pattern: Json, value: Json) -> bool:
    """Tell whether a value fits a scalar pattern; a list as value is for the caller to walk."""
    if isinstance(pattern, bool):
        return isinstance(value, bool) and value == pattern
    if isinstance(pattern, int | float):
        return _is_number(pattern, value)
    if pattern is None:
        return value is None or value == "" or (value in (0, False) and isinstance(value, int | float))
    if isinstance(pattern, dict):
        return isinstance(value, dict)
    return isinstance(pattern, str) and _is_text(pattern, value)


def _is_number(pattern: float, value: Json) -> bool:
    if isinstance(value, bool) or value is None:
        return False
    if isinstance(value, int | float):
        return value == pattern
    if not isinstance(value, str) or "_" in value or value != value.strip():
        return False
    try:
        return (int(value) if isinstance(pattern, int) else float(value)) == pattern
    except ValueError:
        return False


def _is_text(pattern: str, value: Json) -> bool:
    if isinstance(value, dict | list):
        return False
    if pattern == value:
        return True
    return any(
        all(_is_piece(piece.strip(), value) for piece in choice.strip().split("&")) for choice in pattern.split("|")
    )


def _is_piece(piece: str, value: Json) -> bool:
    ends = range_ends(piece)
    if ends is not None:
        return in_range(value, ends[0], ends[1], outside=ends[2])
    operator = next((each for each in _OPERATORS if len(piece) > 1 and piece.startswith(each)), "")
    return _compared(value, piece[len(operator) :].strip(), operator)


def _compared(value: Json, bound: str, operator: str) -> bool:
    plain = "0" if value is None else _plain(value)
    if plain is not None:
        first, second = duration(plain), duration(bound)
        if first is not None and second is not None:
            return _ordered(first - second, operator)
        one, other = quantity(plain), quantity(bound)
        if one is not None and other is not None:
            return _ordered(one.nano - other.nano, operator)
    text = text_of(value)
    if text is None or operator not in ("", "!"):
        return False
    return matches(bound, text) is (operator == "")


def _plain(value: Json) -> str | None:
    return f"{value:f}" if isinstance(value, float) else text_of(value)


def _ordered(difference: int, operator: str) -> bool:
    return {
        "": difference == 0,
        "!": difference != 0,
        ">": difference > 0,
        "<": difference < 0,
        ">=": difference >= 0,
        "<=": difference <= 0,
    }[operator]


def shown(value: Json) -> str:
    """Return a value as Go prints it (``%v``)."""
    if value is None:
        return "<nil>"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value == int(value) else repr(value)
    if isinstance(value, list):
        return f"[{' '.join(map(shown, value))}]"
    if isinstance(value, dict):
        return f"map[{' '.join(f'{key}:{shown(item)}' for key, item in sorted(value.items()))}]"
    return str(value)
