"""``dependsOn`` that leads back to where it began: none of its Kustomizations or HelmReleases is ever ready."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from nixernetes.objects.fields import mapping_at, text_at
from nixernetes.objects.identity import ObjectKey
from nixernetes.objects.manifest import Json, Manifest

__all__ = ["circle_of", "circle_text", "dependencies_of", "never_ready"]

_MOST = 64  # objects that are looked at from each: circles of real platforms have two or three


def dependencies_of(manifest: Manifest) -> list[ObjectKey]:
    """Return what an object depends on: objects of its own kind, in its namespace unless another is named."""
    spec, meta = manifest.get("spec"), mapping_at(manifest, "metadata")
    entries: Json = spec.get("dependsOn") if isinstance(spec, dict) else None
    group = str(text_at(manifest, "apiVersion")).rpartition("/")[0]
    kind, namespace = str(text_at(manifest, "kind")), text_at(meta, "namespace")
    named = [each for each in entries if isinstance(each, dict)] if isinstance(entries, list) else []
    return [ObjectKey(group, kind, each.get("namespace") or namespace, str(text_at(each, "name"))) for each in named]


def never_ready(objects: Mapping[ObjectKey, Manifest]) -> frozenset[ObjectKey]:
    """Return the objects that are of a circle, or depend on one.

    Args:
        objects: the objects; what they depend on besides these is taken as ready.

    """
    waits = {key: {each for each in dependencies_of(item) if each in objects} for key, item in objects.items()}
    needed: dict[ObjectKey, list[ObjectKey]] = {}
    for key, others in waits.items():
        for other in others:
            needed.setdefault(other, []).append(key)
    ready = [key for key, others in waits.items() if not others]
    for key in ready:  # grows while it is walked
        for other in needed.get(key, ()):
            waits[other].discard(key)
            if not waits[other]:
                ready.append(other)
    return frozenset(objects) - frozenset(ready)


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
