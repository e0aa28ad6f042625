"""What differs between an object and how it should be, as the operations of a JSON patch.

Promise: the operations, and how many of them, of github.com/wI2L/jsondiff v0.7 with ``Rationalize``, as helm-controller
v1.6.3 takes them (fluxcd/pkg/ssa v0.76, ``jsondiff/unstructured.go``): of metadata only what is added or changed among
labels and annotations, of the rest everything but the status. Ban: no I/O.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from nixernetes.objects import manifest as manifests
from nixernetes.objects.manifest import Json, Manifest, annotations_of, labels_of

__all__ = ["JsonChange", "changed_by", "client_patch", "cluster_changes"]

_BASE: Final = len('{"op":"","path":""}')
_VALUE: Final = len(',"value":')


@dataclass(frozen=True, slots=True, kw_only=True)
class JsonChange:
    """One operation.

    Attributes:
        operation: what is done.
        way: the keys and positions that lead to the place.
        value: what is put there.

    """

    operation: Literal["add", "replace", "remove"]
    way: tuple[str | int, ...]
    value: Json = None

    @property
    def length(self) -> int:
        """How long it is when it is written; values that are added do not count."""
        path = sum(len(_escaped(step)) + 1 for step in self.way)
        value = len(_compact(self.value)) if self.operation == "replace" else 0
        return _BASE + len(self.operation) + path + (0 if self.operation == "remove" else _VALUE + value)


def cluster_changes(live: Manifest, tried: Manifest) -> list[JsonChange]:
    """Return what brings an object to what a dry run of its apply gives."""
    before, after = _marks(live), _marks(tried)
    marks = [each for each in _changes((), before, after) if each.operation != "remove"]
    return [*marks, *_changes((), _content(live), _content(tried))]


def changed_by(live: Manifest, changes: Sequence[JsonChange]) -> Manifest:
    """Return an object with operations done."""
    result: Manifest = manifests.copy(live)
    for change in changes:
        holder: Json = result
        for step in change.way[:-1]:
            holder = holder[step]
        last = change.way[-1]
        if change.operation == "remove":
            del holder[last]
        elif last == "-":
            holder.append(manifests.copy(change.value))
        else:
            holder[last] = manifests.copy(change.value)
    return result


def client_patch(before: Manifest, wanted: Manifest) -> Manifest:
    """Return the merge patch of a client: all of what is wanted, and nothing where something was wanted before."""
    gone = {name: None for name in before if name not in wanted}
    return {**gone, **{name: _patched(before.get(name), value) for name, value in wanted.items()}}


def _patched(before: Json, wanted: Json) -> Json:
    return client_patch(before, wanted) if isinstance(before, dict) and isinstance(wanted, dict) else wanted


def _marks(manifest: Manifest) -> Manifest:
    meta = {"labels": labels_of(manifest), "annotations": annotations_of(manifest)}
    name = manifest.get("metadata", {}).get("name")
    return {"metadata": {"name": name, **{part: dict(held) for part, held in meta.items() if held}}}


def _content(manifest: Manifest) -> Manifest:
    return {name: value for name, value in manifest.items() if name not in ("metadata", "status")}


def _changes(way: tuple[str | int, ...], before: Json, after: Json) -> list[JsonChange]:
    whole = JsonChange(operation="replace", way=way, value=after)
    if before == after:
        return []
    if isinstance(before, dict) and isinstance(after, dict):
        found = list(_of_maps(way, before, after))
    elif isinstance(before, list) and isinstance(after, list):
        found = list(_of_lists(way, before, after))
    else:
        return [whole]
    return [whole] if way and sum(each.length for each in found) > whole.length else found


def _of_maps(way: tuple[str | int, ...], before: Manifest, after: Manifest) -> Iterator[JsonChange]:
    for name in sorted({*before, *after}):
        here = (*way, name)
        if name not in after:
            yield JsonChange(operation="remove", way=here)
        elif name not in before:
            yield JsonChange(operation="add", way=here, value=after[name])
        else:
            yield from _changes(here, before[name], after[name])


def _of_lists(way: tuple[str | int, ...], before: list[Json], after: list[Json]) -> Iterator[JsonChange]:
    shared = min(len(before), len(after))
    for _ in before[shared:]:
        yield JsonChange(operation="remove", way=(*way, shared))
    for position in range(shared):
        yield from _changes((*way, position), before[position], after[position])
    for value in after[shared:]:
        yield JsonChange(operation="add", way=(*way, "-"), value=value)


def _escaped(step: str | int) -> str:
    return str(step).replace("~", "~0").replace("/", "~1")


def _compact(value: Json) -> str:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)
