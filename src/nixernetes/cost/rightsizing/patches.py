"""Patches that follow recommendations, in the form of ``patches`` of a kustomization.

Flux's Kustomizations and Argo CD's Applications take the same form. Kinds of Kubernetes get a strategic merge, in which
containers are found by name; others, for which Kustomize would replace the whole list, get JSON 6902 operations.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from nixernetes.cost.objects import CostObject
from nixernetes.cost.rightsizing.resizing import Resized, pod_path
from nixernetes.cost.workloads.running import is_custom
from nixernetes.objects.fields import mapping_at, objects_at, text_at
from nixernetes.objects.manifest import Json, Manifest

__all__ = ["patch_entries"]


def patch_entries(changes: Iterable[Resized]) -> Iterator[Mapping[str, Json]]:
    """Yield an entry of ``patches`` for each object, with its target and the patch as data."""
    by_item: dict[int, list[Resized]] = {}
    for each in changes:
        by_item.setdefault(id(each.item), []).append(each)
    for found in sorted(by_item.values(), key=lambda each: (each[0].item.cluster, each[0].item.key)):
        item = found[0].item
        key = item.key
        group = {"group": key.group} if key.group else {}
        namespace = {"namespace": key.namespace} if key.namespace else {}
        yield {
            "cluster": item.cluster,
            "target": {**group, "kind": key.kind, "name": key.name, **namespace},
            "patch": _operations(item, found) if is_custom(key.group) else _merge(item, found),
        }


def _merge(item: CostObject, changes: Iterable[Resized]) -> Manifest:
    containers = [
        {
            "name": each.container,
            "resources": {
                name: {resource: after or None for resource, (_, after) in values.items()}
                for name, values in (("requests", each.requests), ("limits", each.limits))
                if values
            },
        }
        for each in changes
    ]
    body: Json = {"containers": containers}
    for step in reversed(pod_path(item.key)):
        body = {step: body}
    metadata = {"name": item.key.name, **({"namespace": item.key.namespace} if item.key.namespace else {})}
    version = text_at(item.manifest, "apiVersion")
    return {"apiVersion": version, "kind": item.key.kind, "metadata": metadata, **body}


def _operations(item: CostObject, changes: Iterable[Resized]) -> list[Manifest]:
    containers = objects_at(mapping_at(item.manifest, *pod_path(item.key)), "containers")
    return [
        operation
        for each in changes
        for operation in _resources(containers[each.index], (*pod_path(item.key), "containers", str(each.index)), each)
    ]


def _resources(container: Manifest, path: tuple[str, ...], change: Resized) -> Iterator[Manifest]:
    now = mapping_at(container, "resources")
    if not now:
        yield {"op": "add", "path": _pointer(*path, "resources"), "value": {}}
    for name, values in (("requests", change.requests), ("limits", change.limits)):
        if values and not mapping_at(now, name):
            yield {"op": "add", "path": _pointer(*path, "resources", name), "value": {}}
        for resource, (_, after) in values.items():
            at = _pointer(*path, "resources", name, resource)
            yield {"op": "add", "path": at, "value": after} if after else {"op": "remove", "path": at}


def _pointer(*path: str) -> str:
    return "".join(f"/{step}" for step in path)  # none of them holds what would have to be escaped
