"""Sprig's functions for lists and maps."""

from __future__ import annotations

from nixernetes.languages.gotemplates.tokens import TemplateError
from nixernetes.languages.gotemplates.values import integer, is_true, same, show, type_of
from nixernetes.objects.manifest import Json

__all__ = [
    "changed",
    "chunks",
    "dig",
    "has",
    "items_of",
    "merged",
    "paired",
    "part",
    "unique",
    "without",
    "without_key",
]


def items_of(value: Json) -> list[Json]:
    """Return a list.

    Raises:
        TemplateError: the value is none.

    """
    if not isinstance(value, list):
        raise TemplateError(f"not a list: {show(value)}")
    return value


def has(item: Json, items: Json) -> bool:
    """Tell whether a list holds a value of the same type; nil holds none."""
    alike = [] if items is None else [other for other in items_of(items) if other.__class__ is item.__class__]
    found = item in alike
    return found and (not isinstance(item, list | dict) or any(same(item, other) for other in alike))


def without(items: Json, *gone: Json) -> list[Json]:
    """Return a list without some values."""
    return [item for item in items_of(items) if not has(item, list(gone))]


def unique(items: Json) -> list[Json]:
    """Return a list with each value once."""
    found: dict[Json, Json] = {}
    for item in items_of(items):
        found.setdefault(_mark(item), item)
    return [*found.values()]


def _mark(value: Json) -> Json:
    """Return a key that two values share when they are the same, types too."""
    if isinstance(value, dict):
        return dict, frozenset((name, _mark(item)) for name, item in value.items())
    if isinstance(value, list):
        return list, tuple(map(_mark, value))
    return value.__class__, value


def part(items: Json, *bounds: Json) -> Json:
    """Return a part of a list; nil for one that is empty.

    Raises:
        TemplateError: the value is no list, or the bounds are outside of it.

    """
    if not items_of(items):
        return None
    start, end = (*(integer(bound) for bound in bounds), *(0, len(items))[len(bounds) :])[:2]
    if not 0 <= start <= end <= len(items):
        raise TemplateError(f"slice bounds out of range: {start}:{end}")
    return items[start:end]


def chunks(size: int, items: Json) -> list[list[Json]]:
    """Return a list in lists of so many items."""
    found = items_of(items)
    return [found[start : start + size] for start in range(0, len(found), max(size, 1))]


def paired(*pairs: Json) -> dict[str, Json]:
    """Return a map of names and values, one after the other; a last name alone has an empty text."""
    return {show(key): value for key, value in zip(pairs[::2], [*pairs[1::2], ""], strict=False)}


def changed(target: dict[str, Json], key: str, value: Json) -> dict[str, Json]:
    """Return the map itself, with a value set."""
    target[key] = value
    return target


def without_key(target: dict[str, Json], key: str) -> dict[str, Json]:
    """Return the map itself, without a key."""
    target.pop(key, None)
    return target


def merged(into: Json, *others: Json, overwrite: bool = False) -> Json:
    """Merge maps into a new one; what is there and not empty stays, unless it is overwritten."""
    result = dict(into)
    for other in others:
        for key, value in other.items():
            known = result.get(key)
            if isinstance(known, dict) and isinstance(value, dict):
                result[key] = merged(known, value, overwrite=overwrite)
            elif overwrite or not is_true(known):
                result[key] = value
    return result


def dig(*path: Json) -> Json:
    """Return the value below some keys of a map, the last argument; or else the one before it.

    Raises:
        TemplateError: something on the way is no map.

    """
    if len(path) < 3:
        raise TemplateError("dig needs at least three arguments")
    *keys, fallback, value = path
    for key in keys:
        if not isinstance(key, str):
            found = "nil" if key is None else type_of(key)
            raise TemplateError(f"interface conversion: interface {{}} is {found}, not string")
        if not isinstance(value, dict):
            raise TemplateError(f"dig: {show(value)} is not a map")
        if key not in value:
            return fallback
        value = value[key]
    return value
