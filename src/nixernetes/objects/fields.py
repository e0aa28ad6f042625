"""Reading what somebody wrote: a field that is not there, or has another form, reads as nothing."""

from __future__ import annotations

from collections.abc import Iterator

from nixernetes.objects.manifest import Json

__all__ = ["at", "flag_at", "items_at", "mapping_at", "mappings_in", "number_at", "objects_at", "text_at", "texts_in"]

_MAX_DEPTH = 40  # deeper than anybody nests values; the reader of YAML allows more


def at(data: Json, *path: str) -> Json:
    """Return what stands at a path, or None."""
    for name in path:
        if not isinstance(data, dict):
            return None
        data = data.get(name)
    return data


def text_at(data: Json, *path: str) -> str:
    """Return the text at a path, or ``""``."""
    for name in path:
        if not isinstance(data, dict):
            return ""
        data = data.get(name)
    return data if isinstance(data, str) else ""


def items_at(data: Json, *path: str) -> list[Json]:
    """Return the list at a path, or an empty one."""
    for name in path:
        if not isinstance(data, dict):
            return []
        data = data.get(name)
    return data if isinstance(data, list) else []


def mapping_at(data: Json, *path: str) -> dict[str, Json]:
    """Return the object at a path, or an empty one."""
    for name in path:
        if not isinstance(data, dict):
            return {}
        data = data.get(name)
    return data if isinstance(data, dict) else {}


def objects_at(data: Json, *path: str) -> list[dict[str, Json]]:
    """Return the objects in the list at a path; what is none is left out."""
    return [item for item in items_at(data, *path) if isinstance(item, dict)]


def number_at(data: Json, *path: str, default: int = 0) -> int:
    """Return the whole number at a path, or a default."""
    found = at(data, *path)
    return found if isinstance(found, int) and not isinstance(found, bool) else default


def flag_at(data: Json, *path: str) -> bool:
    """Tell whether ``true`` stands at a path."""
    return at(data, *path) is True


def mappings_in(data: Json) -> Iterator[dict[str, Json]]:
    """Yield every object in some data, the outer ones first."""
    return (each for each in _values_in(data) if isinstance(each, dict))


def texts_in(data: Json) -> Iterator[str]:
    """Yield every text in some data, in order; keys are none."""
    return (each for each in _values_in(data) if isinstance(each, str))


def _values_in(data: Json) -> Iterator[Json]:
    waiting: list[tuple[Json, int]] = [(data, 0)]
    while waiting:
        found, depth = waiting.pop()
        if depth > _MAX_DEPTH:
            continue
        yield found
        if isinstance(found, dict):
            waiting += [(each, depth + 1) for each in reversed(list(found.values()))]
        elif isinstance(found, list):
            waiting += [(each, depth + 1) for each in reversed(found)]
