"""Operators of preconditions and deny conditions (Kyverno, ``pkg/engine/variables/operator``)."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Final

from nixernetes.errors import InputError
from nixernetes.kyverno.engine.scalars import duration, in_range, quantity, range_ends, shown
from nixernetes.kyverno.engine.wildcards import matches
from nixernetes.languages.semver import parse_version
from nixernetes.objects.manifest import Json

__all__ = ["holds"]

_SECOND: Final = 10**9
_ORDER: Final[dict[str, Callable[[float], bool]]] = {
    "greaterthan": lambda difference: difference > 0,
    "greaterthanorequals": lambda difference: difference >= 0,
    "lessthan": lambda difference: difference < 0,
    "lessthanorequals": lambda difference: difference <= 0,
}


def holds(key: Json, operator: str, value: Json) -> bool:
    """Tell whether a condition holds; key and value are without variables.

    Raises:
        InputError: there is no such operator, or it cannot compare these.

    """
    name = operator.lower()
    if name in ("equals", "equal"):
        return _equals(key, value)
    if name in ("notequals", "notequal"):
        return _differs(key, value)
    if name in ("anyin", "allin", "anynotin", "allnotin"):
        return _is_in(key, value, name)
    if name in ("in", "notin"):
        if isinstance(key, list) and not all(isinstance(each, str) for each in key):
            raise InputError(f"operator {operator} takes a list of texts as key")
        return _is_in_of_old(key, value, is_not=name == "notin")
    if name.startswith("duration") and name.removeprefix("duration") in _ORDER:
        first, second = _nanoseconds(key), _nanoseconds(value)
        return first is not None and second is not None and _ORDER[name.removeprefix("duration")](first - second)
    if name in _ORDER:
        difference = _difference(key, value)
        return difference is not None and _ORDER[name](difference)
    raise InputError(f"invalid condition operator {operator}")


def _equals(key: Json, value: Json) -> bool:
    if isinstance(key, bool):
        return isinstance(value, bool) and key == value
    if isinstance(key, int | float):
        number = _number(value)
        return number is not None and number == key
    if isinstance(key, str):
        first, second = _both_durations(key, value)
        if first is not None:
            return first == second
        one = quantity(key)
        if one is not None and isinstance(value, str):
            other = quantity(value)
            return other is not None and one == other
        return isinstance(value, str) and matches(value, key)
    return isinstance(key, dict | list) and type(key) is type(value) and key == value


def _differs(key: Json, value: Json) -> bool:
    return key is not None and not _equals(key, value)


def _number(value: Json) -> float | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return value
    try:
        return float(value) if isinstance(value, str) and "_" not in value and value == value.strip() else None
    except ValueError:
        return None


def _nanoseconds(value: Json) -> float | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return value * _SECOND
    return duration(value) if isinstance(value, str) else None


def _both_durations(key: Json, value: Json) -> tuple[float | None, float | None]:
    """Return both sides as durations, if at least one is written as one and both can be."""
    written = [each for each in (key, value) if isinstance(each, str) and each != "0" and duration(each) is not None]
    first, second = _nanoseconds(key), _nanoseconds(value)
    return (first, second) if written and first is not None and second is not None else (None, None)


def _difference(key: Json, value: Json) -> float | None:
    if isinstance(key, bool) or not isinstance(key, int | float | str):
        return None
    first, second = _both_durations(key, value)
    if first is not None and second is not None:
        return first - second
    if isinstance(key, str) and isinstance(value, str):
        one, other = quantity(key), quantity(value)
        if one is not None and other is not None:
            return one.nano - other.nano
    left, right = _number(key), _number(value)
    if left is not None and right is not None:
        return left - right
    return _of_versions(key, value)


def _of_versions(key: Json, value: Json) -> int | None:
    if not isinstance(key, str) or not isinstance(value, str) or "v" in (key[:1], value[:1]):
        return None
    if min(key.count("."), value.count(".")) < 2:
        return None
    one, other = parse_version(key), parse_version(value)
    if one is None or other is None:
        return None
    return (one > other) - (one < other)


def _text(value: Json) -> str | None:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value == int(value) else repr(value)
    return str(value) if isinstance(value, int | str) else None


def _is_in_of_old(key: Json, value: Json, *, is_not: bool) -> bool:
    """Decide the deprecated ``In`` and ``NotIn``: a list in or out as a whole, and exact but for a single text."""
    if isinstance(key, list):
        if isinstance(value, str) and key == [value]:
            return True  # of NotIn as well
        items = _texts_of(value)
        return items is not None and set(map(str, key)).issubset(items) is not is_not
    text = _text(key)
    if text is None:
        return False
    if isinstance(value, list):
        found = any(matches(shown(each), text) or matches(text, shown(each)) for each in value)
        return found is not is_not
    if not isinstance(value, str):
        return False
    if matches(value, text):
        return not is_not
    items = _texts_of(value)
    return items is not None and (text in items) is not is_not


def _texts_of(value: Json) -> list[str] | None:
    """Return a list of texts, or the one that a text is as JSON; None for anything else."""
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except ValueError:
            return None
    if value is None:
        return []
    return [str(each) for each in value] if isinstance(value, list) and _is_texts(value) else None


def _is_texts(values: list[Json]) -> bool:
    return all(isinstance(each, str) for each in values)


def _is_in(key: Json, value: Json, name: str) -> bool:
    keys = [shown(each) for each in key] if isinstance(key, list) else [_text(key)]
    if any(each is None for each in keys):
        return False
    texts = [each for each in keys if each is not None]
    found = _memberships(key, texts, value, name)
    if found is None:
        return False
    return {"anyin": any(found), "allin": all(found), "anynotin": not all(found), "allnotin": not any(found)}[name]


def _memberships(  # noqa: PLR0911  # one return for each kind of value
    key: Json, texts: list[str], value: Json, name: str
) -> list[bool] | None:
    """Tell of each key whether it is in; None where the value is nothing to be in."""
    if isinstance(value, list):
        items = [shown(each) for each in value]
        return [any(matches(each, text) or matches(text, each) for each in items) for text in texts]
    if not isinstance(value, str):
        if not isinstance(key, list) or name.startswith("all") or isinstance(value, dict) or value is None:
            return None
        return [each == _text(value) for each in texts]
    if not isinstance(key, list) and (key == value or matches(value, texts[0])):
        return [True]
    ends = range_ends(value)
    if ends is not None and not ends[2]:  # ``a!-b`` is a text like others here
        if isinstance(key, list) and name == "anynotin":
            return [not in_range(each, ends[0], ends[1], outside=True) for each in texts]
        return [in_range(each, ends[0], ends[1], outside=False) for each in texts]
    if texts == [value]:
        return [True]
    try:
        read = json.loads(value)
    except ValueError:
        return [matches(value, each) or (isinstance(key, list) and matches(each, value)) for each in texts]
    if not isinstance(read, list) or not all(isinstance(each, str) for each in read):
        return None
    return [any(matches(item, each) or matches(each, item) for item in read) for each in texts]
