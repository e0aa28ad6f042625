"""In which order a delivery is applied: dependsOn of Flux, its stages and hooks; phases, waves and hooks of Argo CD.

Flux (kustomize-controller v1.9): a Kustomization starts when all that it depends on is ready, and applies definitions
and namespaces first, then classes, then the rest. Argo CD 3.5 (gitops-engine's ``sync_context``): by phase, wave, kind
and name; a wave begins when the one before is healthy, SyncFail only when something has failed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from nixernetes.app.web.values import DeliveryLine, ObjectLine, ObjectName
from nixernetes.app.web.views.drawing import DrawnGraph
from nixernetes.app.web.views.graph_values import GraphNode, OrderPage, StageLine, StepLine, WaveLine
from nixernetes.app.web.views.reading import Reading, WantedObject
from nixernetes.app.web.views.releases import release_stages
from nixernetes.engine.argocd.sync import hooks
from nixernetes.engine.argocd.sync.ordering import Phase, sort_tasks, task_for
from nixernetes.engine.flux.applying import ordering
from nixernetes.objects.fields import objects_at, text_at
from nixernetes.objects.identity import ObjectKey, key_of
from nixernetes.objects.kinds import APPLICATION, HELM_RELEASE, KUSTOMIZATION
from nixernetes.objects.manifest import Manifest
from nixernetes.render.dependency_circles import circle_of, dependencies_of

__all__ = ["order_page"]

_WAITING: Final = (KUSTOMIZATION, HELM_RELEASE)
_TEXTS: Final = {
    "PreDelete": "before the Application is deleted",
    "PreSync": "before anything is applied",
    "Sync": "what is applied",
    "PostSync": "when all of it is healthy",
    "SyncFail": "only when something has failed",
    "PostDelete": "when the Application's objects are deleted",
}
_STAGES: Final = (
    ("Definitions", "namespaces and definitions, until they are there"),
    ("Classes", "classes, until they are there"),
    ("Objects", "the rest, all at once"),
)
_DELETIONS: Final = ("PreDelete", "PostDelete")


def order_page(reading: Reading, wanted: ObjectName) -> OrderPage:
    """Return the order of a delivery.

    Raises:
        NixernetesError: it is not there.

    """
    page = reading.delivery(wanted)
    statuses = {line.id.key: line for line in page.tree if line.role == "brought"}
    says = []
    stages: tuple[StageLine, ...] = ()
    if wanted.key.group_kind == APPLICATION:
        stages = tuple(_phases(reading, wanted, statuses))
        if reading.mode == "live":
            says.append("Git is not read here: hooks are those of the last operation")
            if not stages:
                says.append("its objects are in another cluster, or may not be read: their order is not known")
    elif wanted.key.group_kind == KUSTOMIZATION:
        stages = tuple(_stages(reading.wanted(wanted), statuses))
    elif wanted.key.group_kind == HELM_RELEASE:
        stages = tuple(release_stages(reading.wanted(wanted), statuses))
        if reading.mode == "live":
            says.append("hooks of charts are not read from clusters")
    nodes, edges, left_out = _waits(reading, wanted).around_own().made()
    return OrderPage(
        id=wanted, nodes=nodes, edges=edges, stages=stages, says=(*says, *reading.unread()), left_out=left_out
    )


def _waits(reading: Reading, wanted: ObjectName) -> DrawnGraph:
    """Return which deliveries of the kind and cluster of one wait for which."""
    graph = DrawnGraph()
    kind = wanted.key.group_kind
    if kind not in _WAITING:
        return graph
    lines = {line.id.key: line for line in reading.lines() if line.id.cluster == wanted.cluster}
    items = {key_of(item): item for item in reading.list(wanted.cluster, kind)}
    for key, item in items.items():
        name = ObjectName.of(wanted.cluster, key)
        graph.add(_delivery(name, lines.get(key), is_own=name == wanted))
        circle = circle_of(key, items.get)
        told = {(text_at(each, "namespace") or key.namespace, text_at(each, "name")): each for each in _entries(item)}
        for needed in dependencies_of(item):
            first = ObjectName.of(wanted.cluster, needed)
            if needed not in items and not graph.has(first):
                graph.add(GraphNode(id=first, text="does not exist", state="missing"))
            expression = text_at(told.get((needed.namespace, needed.name)), "readyExpr")
            graph.join(first, name, "readyExpr" if expression else "", _problem(needed, items, circle))
    return graph


def _entries(item: Manifest) -> list[Manifest]:
    return objects_at(item, "spec", "dependsOn")


def _problem(needed: ObjectKey, items: Mapping[ObjectKey, Manifest], circle: Sequence[ObjectKey]) -> str:
    if needed not in items:
        return "it does not exist"
    return "a circle: none of these is ever ready" if needed in circle else ""


def _delivery(name: ObjectName, line: DeliveryLine | None, *, is_own: bool) -> GraphNode:
    if line is None:
        return GraphNode(id=name, is_own=is_own)
    return GraphNode(id=name, text=line.revision, state=line.state, is_own=is_own)


def _stages(wanted: Sequence[WantedObject], statuses: Mapping[ObjectKey, ObjectLine]) -> Iterator[StageLine]:
    places = {id(each.manifest): each.id for each in wanted}
    for (name, text), items in zip(_STAGES, ordering.stages([each.manifest for each in wanted]), strict=True):
        steps = tuple(_step(places[id(item)], item, statuses) for item in items)
        if steps:
            yield StageLine(name=name, text=text, waves=(WaveLine(number=0, steps=steps),))


def _phases(reading: Reading, wanted: ObjectName, statuses: Mapping[ObjectKey, ObjectLine]) -> Iterator[StageLine]:
    app = reading.get(wanted.cluster, wanted.key)
    results = objects_at(app, "status", "operationState", "syncResult", "resources")
    found = [replace(each, id=_named(each)) for each in reading.wanted(wanted)]
    places = {id(each.manifest): each.id for each in found}
    tasks = [
        task_for(each.manifest, each.id.key, None, phase=Phase(phase), hook=hooks.is_hook(each.manifest))
        for each in found
        for phase in hooks.phases(each.manifest)
    ]
    phases: dict[str, dict[int, list[StepLine]]] = {name: {} for name in _TEXTS}
    for task in sort_tasks(tasks):
        place = places[id(task.obj)]
        step = _hook(place, task.obj, _result(results, place, task.phase)) if task.hook else None
        phases[task.phase].setdefault(task.wave, []).append(step or _step(place, task.obj, statuses))
    for each in found:
        for name in _DELETIONS:
            if hooks.is_deletion_hook(each.manifest, name):
                steps = phases[name].setdefault(hooks.wave_of(each.manifest), [])
                steps.append(_hook(each.id, each.manifest, None))
    known = {each.id.key for each in found}
    for entry in results if reading.mode == "live" else ():
        key = ObjectKey(*(text_at(entry, part) for part in ("group", "kind", "namespace", "name")))
        phase = text_at(entry, "syncPhase")
        if text_at(entry, "hookType") and key not in known and phase in phases:
            phases[phase].setdefault(0, []).append(_hook(ObjectName.of(wanted.cluster, key), {}, entry))
    for name, waves in phases.items():
        if waves:
            lines = tuple(WaveLine(number=number, steps=tuple(waves[number])) for number in sorted(waves))
            yield StageLine(name=name, text=_TEXTS[name], waves=lines)


def _named(wanted: WantedObject) -> ObjectName:
    """Return who an object is; of one whose name is generated, how that begins."""
    if wanted.id.name:
        return wanted.id
    return replace(wanted.id, name=f"{text_at(wanted.manifest, 'metadata', 'generateName')}*")


def _result(results: Sequence[Manifest], place: ObjectName, phase: str) -> Manifest | None:
    """Return what the last operation says of a hook; names of generated ones begin with what was written."""
    for entry in results:
        if text_at(entry, "hookType") and text_at(entry, "syncPhase") in ("", phase):
            same = text_at(entry, "kind") == place.kind and text_at(entry, "group") == place.group
            name = text_at(entry, "name")
            if same and (name == place.name or (place.name.endswith("*") and name.startswith(place.name[:-1]))):
                return entry
    return None


def _hook(place: ObjectName, item: Manifest, result: Manifest | None) -> StepLine:
    phase = text_at(result, "hookPhase")
    return StepLine(
        id=place,
        is_hook=True,
        status=phase,
        message=text_at(result, "message"),
        available={"Succeeded": True, "Failed": False, "Error": False, "Running": False}.get(phase),
        deletes=hooks.delete_policies(item) if item else (),
    )


def _step(place: ObjectName, item: Manifest, statuses: Mapping[ObjectKey, ObjectLine]) -> StepLine:
    line = statuses.get(place.key)
    del item
    if line is None:
        return StepLine(id=place)
    return StepLine(id=place, status=line.status, message=line.message, available=line.available)
