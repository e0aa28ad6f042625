"""The functions of expr-lang that need no predicate (``builtin/builtin.go`` of 1.17.8)."""

from __future__ import annotations

import base64
import json
import math
import statistics
from collections.abc import Callable, Mapping
from typing import Final

from nixernetes.languages.go.moments import GoDuration
from nixernetes.objects.durations import nanoseconds
from nixernetes.objects.manifest import Json

__all__ = ["FUNCTIONS", "LARGEST"]

LARGEST: Final = 100_000  # characters of a text, or items of a list, that an expression makes
_DEEP: Final = 20


def _length(value: Json) -> int:
    return len(value.encode()) if isinstance(value, str) else len(value)


def _kind(value: Json) -> str:
    names = ((bool, "bool"), (int, "int"), (float, "float"), (str, "string"), (list, "array"), (dict, "map"))
    return "nil" if value is None else next((name for kind, name in names if isinstance(value, kind)), "unknown")


def _integer(value: Json) -> int:
    return int(value, 10) if isinstance(value, str) else int(value)


def _text(value: Json) -> str:
    if isinstance(value, str):
        return value
    if value is None:
        return "<nil>"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return f"{value:g}"
    if isinstance(value, list):
        return "[" + " ".join(map(_text, value)) + "]"
    if isinstance(value, dict):
        return "map[" + " ".join(f"{key}:{_text(value[key])}" for key in sorted(value)) + "]"
    return str(value)


def _split(text: str, mark: str, most: int = -1) -> list[str]:
    found = text.split(mark, most - 1 if most > 0 else -1) if mark else [*text]
    return found if most else []


def _split_after(text: str, mark: str, most: int = -1) -> list[str]:
    found = _split(text, mark, most)
    return [part + mark for part in found[:-1]] + found[-1:]


def _replace(text: str, old: str, new: str, most: int = -1) -> str:
    return text.replace(old, new, most)


def _repeat(text: str, times: int) -> str:
    if times < 0 or len(text) * times > LARGEST:
        raise ValueError("the text would be too large")
    return text * times


def _numbers(values: tuple[Json, ...]) -> list[Json]:
    found: list[Json] = []
    for each in values:
        found += _numbers(tuple(each)) if isinstance(each, list) else [each]
    if not found or any(isinstance(each, bool) or not isinstance(each, int | float) for each in found):
        raise ValueError("numbers are expected")
    return found


def _flat(values: list[Json], depth: int = 0) -> list[Json]:
    if depth > _DEEP:
        raise ValueError("nested too deeply")
    found: list[Json] = []
    for each in values:
        found += _flat(each, depth + 1) if isinstance(each, list) else [each]
    return found


def _unique(values: list[Json]) -> list[Json]:
    known: set[str] = set()
    found = []
    for each in values:
        key = json.dumps(each, sort_keys=True, default=str)
        if key not in known:
            known.add(key)
            found.append(each)
    return found


def _round(value: float) -> float:
    return float(math.copysign(math.floor(abs(value) + 0.5), value))


def _get(value: Json, key: Json) -> Json:
    try:
        return value.get(key) if isinstance(value, dict) else value[key]
    except (IndexError, TypeError):
        return None


def _trim(text: str, letters: str = " \t\n\v\f\r") -> str:
    return text.strip(letters)


FUNCTIONS: Final[Mapping[str, Callable[..., Json]]] = {
    "abs": abs,
    "ceil": lambda value: float(math.ceil(value)),
    "concat": lambda *lists: [each for one in lists for each in one],
    "duration": lambda text: GoDuration(nanoseconds(text)),
    "first": lambda values: values[0] if values else None,
    "flatten": _flat,
    "float": float,
    "floor": lambda value: float(math.floor(value)),
    "fromBase64": lambda text: base64.b64decode(text, validate=True).decode(),
    "fromJSON": json.loads,
    "fromPairs": lambda pairs: {str(key): value for key, value in pairs},
    "get": _get,
    "hasPrefix": lambda text, part: text.startswith(part),
    "hasSuffix": lambda text, part: text.endswith(part),
    "indexOf": lambda text, part: text.find(part),
    "int": _integer,
    "join": lambda values, mark="": mark.join(values),
    "keys": lambda value: sorted(value.keys()),
    "last": lambda values: values[-1] if values else None,
    "lastIndexOf": lambda text, part: text.rfind(part),
    "len": _length,
    "lower": lambda text: text.lower(),
    "max": lambda *values: max(_numbers(values)),
    "mean": lambda *values: statistics.fmean(_numbers(values)),
    "median": lambda *values: float(statistics.median(_numbers(values))),
    "min": lambda *values: min(_numbers(values)),
    "repeat": _repeat,
    "replace": _replace,
    "reverse": lambda values: values[::-1],
    "round": _round,
    "sort": lambda values, order="asc": sorted(values, reverse=order == "desc"),
    "split": _split,
    "splitAfter": _split_after,
    "string": _text,
    "take": lambda values, number: values[:number],
    "toBase64": lambda text: base64.b64encode(text.encode()).decode(),
    "toJSON": lambda value: json.dumps(value, indent=2, ensure_ascii=False, sort_keys=True),
    "toPairs": lambda value: [[key, value[key]] for key in sorted(value)],
    "trim": _trim,
    "trimPrefix": lambda text, part=" ": text.removeprefix(part),
    "trimSuffix": lambda text, part=" ": text.removesuffix(part),
    "type": _kind,
    "uniq": _unique,
    "upper": lambda text: text.upper(),
    "values": lambda value: [value[key] for key in sorted(value)],
}
