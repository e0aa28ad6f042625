"""Objects as they would be if recommendations were followed, what that would cost, and what fits nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from nixernetes.cost.deltas import CostDelta
from nixernetes.cost.objects import CostObject
from nixernetes.cost.rightsizing.recommendations import Recommendation
from nixernetes.objects.fields import mapping_at, objects_at, text_at
from nixernetes.objects.identity import ObjectKey
from nixernetes.objects.kinds import CRON_JOB, POD
from nixernetes.objects.manifest import Json, Manifest, copy

__all__ = ["Resized", "Resizing", "pod_path", "resized"]

_Named = tuple[str, str, str]
_TEMPLATE: Final = ("spec", "template", "spec")


@dataclass(frozen=True, slots=True, kw_only=True)
class Resized:
    """A container that would ask for something else.

    Attributes:
        item: its object, as it is.
        container: its name.
        index: which one of the containers it is.
        requests: resource to what it asks for and would ask for; ``""`` for nothing.
        limits: the same of limits.

    """

    item: CostObject
    container: str
    index: int
    requests: Mapping[str, tuple[str, str]]
    limits: Mapping[str, tuple[str, str]]


@dataclass(frozen=True, kw_only=True)
class Resizing:
    """What recommendations would do.

    Attributes:
        changes: the containers that would ask for something else.
        unmatched: recommendations that fit nothing, with the reason.
        delta: what that would cost.

    """

    changes: tuple[Resized, ...]
    unmatched: tuple[str, ...]
    delta: CostDelta


def pod_path(key: ObjectKey) -> tuple[str, ...]:
    """Return where the spec of the pods of an object stands."""
    if key.group_kind == POD:
        return ("spec",)
    return ("spec", "jobTemplate", *_TEMPLATE) if key.group_kind == CRON_JOB else _TEMPLATE


def resized(
    objects: Sequence[CostObject], recommendations: Iterable[Recommendation]
) -> tuple[list[CostObject], list[Resized], list[str]]:
    """Return the objects as they would be, the containers that would change, and what fits nothing.

    Args:
        objects: the objects, as they are.
        recommendations: what is recommended.

    """
    known: dict[_Named, list[CostObject]] = {}
    for item in objects:
        known.setdefault((item.key.kind, item.key.namespace, item.key.name), []).append(item)
    changes: list[Resized] = []
    unmatched: list[str] = []
    for advice in recommendations:
        found = known.get((advice.kind, advice.namespace, advice.name), [])
        chosen, problem = _chosen(advice, found)
        if chosen is None:
            unmatched.append(f"{advice}: {problem}")
            continue
        change = _change(chosen, advice)
        if change is None:
            unmatched.append(f"{advice}: it has no such container")
        elif change.requests or change.limits:
            changes.append(change)
    return list(_followed(objects, changes)), changes, unmatched


def _chosen(advice: Recommendation, found: Sequence[CostObject]) -> tuple[CostObject | None, str]:
    """Return the one object that advice is about, or why there is none."""
    clusters = list(dict.fromkeys(item.cluster for item in found))
    if len(clusters) > 1:
        if advice.cluster not in clusters:
            return None, f"it is on {' and '.join(clusters)}, and {advice.cluster or 'no cluster'} is recommended for"
        found = [item for item in found if item.cluster == advice.cluster]
    return (found[0], "") if found else (None, "nothing that is rendered is called so")


def _change(item: CostObject, advice: Recommendation) -> Resized | None:
    containers = objects_at(mapping_at(item.manifest, *pod_path(item.key)), "containers")
    for index, container in enumerate(containers):
        if text_at(container, "name") == advice.container:
            resources = mapping_at(container, "resources")
            return Resized(
                item=item,
                container=advice.container,
                index=index,
                requests=dict(_differing(mapping_at(resources, "requests"), advice.requests)),
                limits=dict(_differing(mapping_at(resources, "limits"), advice.limits)),
            )
    return None


def _differing(now: Mapping[str, Json], wanted: Mapping[str, str | None]) -> Iterator[tuple[str, tuple[str, str]]]:
    for resource, value in sorted(wanted.items()):
        is_there = resource in now and now[resource] is not None
        before, after = str(now[resource]) if is_there else "", value or ""
        if before != after:
            yield resource, (before, after)


def _followed(objects: Iterable[CostObject], changes: Iterable[Resized]) -> Iterator[CostObject]:
    by_item: dict[int, list[Resized]] = {}
    for each in changes:
        by_item.setdefault(id(each.item), []).append(each)
    for item in objects:
        wanted = by_item.get(id(item))
        yield item if wanted is None else replace(item, manifest=_patched(item, wanted))


def _patched(item: CostObject, changes: Iterable[Resized]) -> Manifest:
    manifest: Manifest = copy(item.manifest)
    containers = objects_at(mapping_at(manifest, *pod_path(item.key)), "containers")
    for change in changes:
        container = containers[change.index]
        resources = {**mapping_at(container, "resources")}
        for name, wanted in (("requests", change.requests), ("limits", change.limits)):
            values = {**mapping_at(resources, name)}
            for resource, (_, after) in wanted.items():
                values.pop(resource, None)
                if after:
                    values[resource] = after
            resources[name] = values
        container["resources"] = resources
    return manifest
