"""``dependsOn`` that leads back to where it began: none of its Kustomizations or HelmReleases is ever ready."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from nixernetes.objects.identity import ObjectKey
from nixernetes.objects.manifest import Json, Manifest

__all__ = ["circle_of", "circle_text", "dependencies_of"]

_MOST = 10_000  # objects that are looked at; no platform has so many in one line


def dependencies_of(manifest: Manifest) -> list[ObjectKey]:
    """Return what an object depends on: objects of its own kind, in its namespace unless another is named."""
    spec, meta = manifest.get("spec"), manifest.get("metadata") or {}
    entries: Json = spec.get("dependsOn") if isinstance(spec, dict) else None
    group = str(manifest.get("apiVersion") or "").rpartition("/")[0]
    kind, namespace = str(manifest.get("kind") or ""), meta.get("namespace") or ""
    named = [each for each in entries if isinstance(each, dict)] if isinstance(entries, list) else []
    return [ObjectKey(group, kind, each.get("namespace") or namespace, str(each.get("name") or "")) for each in named]


def circle_of(key: ObjectKey, get: Callable[[ObjectKey], Manifest | None]) -> tuple[ObjectKey, ...]:
    """Return the shortest line of dependencies that leads from an object back to it; empty when none does.

    Every object of a circle gives the same line, which begins with the first of them by name.

    Args:
        key: the object.
        get: gives an object, or None.

    """
    came: dict[ObjectKey, ObjectKey] = {}
    waiting = [key]
    for here in waiting:  # grows while it is walked
        found = get(here)
        for other in dependencies_of(found) if found is not None else ():
            if other == key:
                return _line(here, came, key)
            if other not in came and len(came) < _MOST:
                came[other] = here
                waiting.append(other)
    return ()


def _line(last: ObjectKey, came: dict[ObjectKey, ObjectKey], first: ObjectKey) -> tuple[ObjectKey, ...]:
    line = [last]
    while line[-1] != first:
        line.append(came[line[-1]])
    line.reverse()
    start = line.index(min(line))
    return (*line[start:], *line[:start], line[start])


def circle_text(line: Iterable[ObjectKey]) -> str:
    """Return a circle as ``a -> b -> a``, with namespaces where there are several."""
    keys = list(line)
    several = len({key.namespace for key in keys}) > 1
    return " -> ".join(f"{key.namespace}/{key.name}" if several else key.name for key in keys)
