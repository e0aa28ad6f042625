"""How values become text in ``format``: two styles, as cel-go has them.

``QUOTED`` (``ext/formatting.go``) is what version 2 of the strings library has, hence Kubernetes and Kyverno: texts
inside of lists and maps stand in quotes. ``PLAIN`` (``ext/formatting_v2.go``) is what later versions have.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from nixernetes.languages.cel.budget import Meter
from nixernetes.languages.cel.equality import is_list, is_map
from nixernetes.languages.cel.errors import EvaluationError
from nixernetes.languages.cel.libraries.numbers import shortest
from nixernetes.languages.cel.times import Duration, Timestamp
from nixernetes.languages.cel.values import TypeValue, Value, type_name
from nixernetes.languages.go_quoting import go_quoted

__all__ = ["PLAIN", "QUOTED", "Style", "shown"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """A style: whether texts are quoted inside of others, and what stands between key and value."""

    quoted: bool
    colon: str


PLAIN = Style(quoted=False, colon=": ")
QUOTED = Style(quoted=True, colon=":")

_TAKES = "strings, bools, bytes, ints, doubles, maps, lists, types, durations, and timestamps"


def shown(meter: Meter, value: Value, style: Style) -> str:
    """Return a value as ``%s`` writes it.

    Raises:
        EvaluationError: values of its type are not shown.
        BudgetError: the text would be too long.

    """
    if isinstance(value, str):
        text: str = value
    elif isinstance(value, float):
        text = _double(value, style)
    elif value is None or isinstance(value, (bool, int)):
        text = "null" if value is None else str(value).lower() if value.__class__ is bool else str(int(value))
    elif isinstance(value, bytes):
        text = value.decode("utf-8", "replace")
    elif isinstance(value, (Duration, Timestamp)):
        text = str(value)
    elif isinstance(value, TypeValue):
        text = value.name
    elif is_list(value):
        text = f"[{', '.join(_inner(meter, each, style) for each in value)}]"
    elif is_map(value):
        text = _map(meter, value, style)
    else:
        raise EvaluationError(f"string clause can only be used on {_TAKES}, was given {type_name(value)}")
    meter.charge(1)
    meter.text(len(text))
    return text


def _map(meter: Meter, value: Value, style: Style) -> str:
    entries = [(_inner(meter, key, style), _inner(meter, value[key], style)) for key in value]
    return f"{{{', '.join(f'{key}{style.colon}{each}' for key, each in sorted(entries))}}}"


def _inner(meter: Meter, value: Value, style: Style) -> str:
    text = shown(meter, value, style)
    if not style.quoted:
        return text
    if isinstance(value, str):
        return go_quoted(text)
    if isinstance(value, bytes):
        return f"b{go_quoted(text)}"
    if isinstance(value, float):
        return f"{value:.6f}" if math.isfinite(value) else go_quoted(f"{value:+}".title().replace("+Nan", "NaN"))
    if isinstance(value, Timestamp):
        return f"timestamp({go_quoted(text)})"
    return f"duration({go_quoted(text)})" if isinstance(value, Duration) else text


def _double(value: float, style: Style) -> str:
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return ("Infinity" if value > 0 else "-Infinity") if not style.quoted else ("+Inf" if value > 0 else "-Inf")
    return shortest(value) if style.quoted else shortest(value, exponent_from=400, exponent_below=-400)
