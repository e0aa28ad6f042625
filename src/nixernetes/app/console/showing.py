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
from nixernetes.objects.masking import mask_change

__all__ = ["HIDDEN", "shown", "shown_change", "unhidden"]

HIDDEN = "***"


def shown(world: World, found: LiveObject) -> Manifest:
    """Return an object as it may be shown."""
    visible = masked(_unmanaged(found.object), View())
    for path in _sealed_paths(world, found):
        visible = _put(visible, path)
    return visible


def shown_change(world: World, found: LiveObject, after: Manifest) -> tuple[Manifest, Manifest]:
    """Return an object and what would take its place, as they may be shown: that a secret value changes still shows."""
    one, two = _unmanaged(found.object), _unmanaged(after)
    before, then = mask_change(one, two)
    for path in _sealed_paths(world, found):
        changes = _value_at(one, path) != _value_at(two, path)
        before = _put(before, path, f"{HIDDEN} (before)" if changes else HIDDEN)
        then = _put(then, path, f"{HIDDEN} (after)" if changes else HIDDEN)
    return before, then


def _unmanaged(manifest: Manifest) -> Manifest:
    meta = {name: value for name, value in manifest["metadata"].items() if name != "managedFields"}
    return {**manifest, "metadata": meta}


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


def _value_at(value: Json, path: Sequence[str | int]) -> Json:
    """Return what stands at a path; None where nothing does."""
    for step in path:
        is_there = step in value if isinstance(value, dict) else isinstance(value, list) and step in range(len(value))
        if not is_there:
            return None
        value = value[step]
    return value


def _put(value: Json, path: Sequence[str | int], word: str = HIDDEN) -> Json:
    """Return a copy of a value that is hidden at a path, if it has something there."""
    if not path:
        return word
    head, rest = path[0], path[1:]
    if isinstance(value, dict) and head in value:
        return {**value, head: _put(value[head], rest, word)}
    if isinstance(value, list) and isinstance(head, int) and head < len(value):
        return [_put(each, rest, word) if at == head else each for at, each in enumerate(value)]
    return value
