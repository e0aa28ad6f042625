"""Objects as they may be shown: without what Kubernetes keeps for itself, and without secret values.

What is hidden stands as ``***``; an object that comes back with it keeps what it has there.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from nixernetes.app.console.selecting import LiveObject
from nixernetes.app.rendering.manifest_text import View, masked
from nixernetes.app.worlds import World
from nixernetes.objects.identity import key_of
from nixernetes.objects.manifest import Json, Manifest

__all__ = ["HIDDEN", "shown", "unhidden"]

HIDDEN = "***"


def shown(world: World, found: LiveObject) -> Manifest:
    """Return an object as it may be shown."""
    meta = {name: value for name, value in found.object["metadata"].items() if name != "managedFields"}
    visible = masked({**found.object, "metadata": meta}, View())
    for path in _sealed_paths(world, found):
        visible = _put(visible, path)
    return visible


def unhidden(edited: Json, live: Json) -> Json:
    """Return what was edited, with what the live object has wherever a value is still hidden."""
    if edited == HIDDEN and isinstance(live, str):
        return live
    if isinstance(edited, dict) and isinstance(live, dict):
        return {name: unhidden(value, live.get(name)) for name, value in edited.items()}
    if isinstance(edited, list) and isinstance(live, list):
        return [unhidden(value, live[at] if at < len(live) else None) for at, value in enumerate(edited)]
    return edited


def _sealed_paths(world: World, found: LiveObject) -> Iterator[Sequence[str | int]]:
    """Yield the places of an object that SOPS had encrypted and that are in plain text now."""
    for item in world.sealed():
        if item.seal is not None and item.seal.state == "opened":
            key = key_of(item.manifest)
            if key in (found.key, found.key._replace(namespace="")):
                yield from item.seal.paths


def _put(value: Json, path: Sequence[str | int]) -> Json:
    """Return a copy of a value that is hidden at a path, if it has something there."""
    if not path:
        return HIDDEN
    head, rest = path[0], path[1:]
    if isinstance(value, dict) and head in value:
        return {**value, head: _put(value[head], rest)}
    if isinstance(value, list) and isinstance(head, int) and head < len(value):
        return [_put(each, rest) if at == head else each for at, each in enumerate(value)]
    return value
