"""``trace``: from an object to the delivery that brought it, to its source, to the line in Git; as ``flux trace``."""

from __future__ import annotations

from collections.abc import Iterator

from nixernetes.adapters.repositories.commits import commit_line
from nixernetes.app.console import origins
from nixernetes.app.console.selecting import LiveObject, Selection, selected
from nixernetes.app.worlds import World
from nixernetes.engine.reports import short_revision
from nixernetes.errors import InputError
from nixernetes.gitops.argocd.application_specs import sources_of
from nixernetes.health.conditions import condition
from nixernetes.objects.api_groups import FLUX_SOURCE
from nixernetes.objects.fields import at, mapping_at, objects_at, text_at
from nixernetes.objects.identity import GroupKind, ObjectKey
from nixernetes.objects.kinds import APPLICATION, HELM_RELEASE, KUSTOMIZATION
from nixernetes.objects.manifest import Json, Manifest

__all__ = ["Section", "source_of", "sources", "trace", "way"]

Section = list[list[str]]  # labels and what they say

_DEPTH = 12  # deliveries above one another; more of them are a circle


def trace(world: World, selection: Selection) -> list[list[Section]]:
    """Return the way of each object that is chosen: a section for the object, and one for each step to its source.

    Raises:
        InputError: what is named is not there, or nothing is.

    """
    if not selection.wanted or not all(wanted.name for wanted in selection.wanted):
        raise InputError("trace which object? write KIND NAME, as in `nixernetes trace deployment web`")
    return [[*way(world, item)] for item in selected(world, selection)]


def way(world: World, found: LiveObject) -> Iterator[Section]:
    """Yield a section for an object, and one for each step to its source."""
    whole, root = found, found
    for _ in range(_DEPTH):
        above = origins.controller(world, root)
        if above is None:
            break
        root = above
    by = origins.of(world, root)
    head = [["Object", str(whole.key)], ["Cluster", whole.cluster]]
    head += [["Controlled by", str(root.key)]] if root.key != whole.key else []
    head += [["Status", _managed(by)]]
    if by is not None:
        head += [*_declared(by)]
    yield head
    told: list[Section] = []  # sources: deliveries above one another often share theirs
    for _ in range(_DEPTH):
        if by is None or by.owner is None:
            return
        delivery = world.clusters[by.place].get(by.owner)
        if delivery is None:
            return
        held = LiveObject(by.place, delivery)
        above_it = origins.of(world, held)
        yield [*_delivery(held), *([*_declared(above_it)] if above_it is not None else [])]
        for section in sources(world, held):
            if section not in told:
                told.append(section)
                yield section
        if above_it is None or (above_it.place, above_it.owner) == (by.place, by.owner):
            return
        by = above_it


def _managed(by: origins.Brought | None) -> str:
    if by is None:
        return "not brought by Flux or Argo CD: somebody, or a controller of the cluster, made it"
    if by.owner is None:
        return "applied by hand, to start the cluster"
    return "Managed by Argo CD" if by.owner.group_kind == APPLICATION else "Managed by Flux"


def _declared(by: origins.Brought) -> Iterator[list[str]]:
    if str(by.origin):
        yield ["Declared", str(by.origin)]
    for step in by.origin.chain:
        if str(step):
            yield ["Through", str(step)]


def _delivery(held: LiveObject) -> Section:
    item, key = held.object, held.key
    section = [[key.kind, key.name], ["Namespace", key.namespace], ["Cluster", held.cluster]]
    if key.group_kind == APPLICATION:
        status = "/".join(filter(None, (text_at(item, "status", part, "status") for part in ("sync", "health"))))
        section += [["Project", text_at(item, "spec", "project")], ["Status", status]]
        section += [["Revision", short_revision(text_at(item, "status", "sync", "revision"))]]
        section += [["Message", text_at(item, "status", "operationState", "message")]]
        return [row for row in section if row[1]]
    ready = condition(item, "Ready")
    section += [["Path", text_at(item, "spec", "path")], ["Target", text_at(item, "spec", "targetNamespace")]]
    section += [["Revision", short_revision(_revision(item))], ["Status", f"Ready {ready.status or 'Unknown'}"]]
    section += [["Message", short_revision(ready.message)]]
    return [row for row in section if row[1]]


def _revision(item: Manifest) -> str:
    release = next(iter(objects_at(item, "status", "history")), {})
    return text_at(item, "status", "lastAppliedRevision") or text_at(release, "chartVersion")


def sources(world: World, held: LiveObject) -> Iterator[Section]:
    """Yield the sources of a delivery, with the commit of this repository that they are at."""
    if held.key.group_kind == APPLICATION:
        yield from _application_sources(world, held.object)
        return
    source = source_of(world, held)
    for _ in range(2):  # a HelmChart has a source of its own
        if source is None:
            return
        yield _source(world, source)
        if source.key.kind != "HelmChart":
            return
        source = _referenced(world, source, mapping_at(source.object, "spec", "sourceRef"))


def source_of(world: World, held: LiveObject) -> LiveObject | None:
    """Return the source that a Kustomization or a HelmRelease names; None where it is not there, or there is none."""
    kind = held.key.group_kind
    if kind == KUSTOMIZATION:
        return _referenced(world, held, mapping_at(held.object, "spec", "sourceRef"))
    if kind == HELM_RELEASE:
        named = mapping_at(held.object, "spec", "chartRef")
        return _referenced(world, held, named or mapping_at(held.object, "spec", "chart", "spec", "sourceRef"))
    if kind.kind == "HelmChart":
        return _referenced(world, held, mapping_at(held.object, "spec", "sourceRef"))
    return None


def _referenced(world: World, held: LiveObject, reference: Json) -> LiveObject | None:
    kind = GroupKind(FLUX_SOURCE, text_at(reference, "kind"))
    namespace = text_at(reference, "namespace") or held.key.namespace
    item = world.clusters[held.cluster].get(ObjectKey(*kind, namespace, text_at(reference, "name")))
    return LiveObject(held.cluster, item) if item is not None else None


def _source(world: World, source: LiveObject) -> Section:
    item, key = source.object, source.key
    ref = mapping_at(item, "spec", "ref")
    revision = text_at(item, "status", "artifact", "revision")
    ready = condition(item, "Ready")
    section = [[key.kind, key.name], ["Namespace", key.namespace], ["URL", text_at(item, "spec", "url")]]
    section += [[name.capitalize(), text_at(ref, name)] for name in ("branch", "tag", "semver", "commit")]
    section += [["Chart", text_at(item, "spec", "chart")], ["Version", text_at(item, "spec", "version")]]
    section += [["Revision", short_revision(revision)], ["Commit", commit_line(world.repository, revision)]]
    section += [["Status", f"Ready {ready.status or 'Unknown'}"], ["Message", short_revision(ready.message)]]
    return [row for row in section if row[1]]


def _application_sources(world: World, item: Manifest) -> Iterator[Section]:
    revisions = at(item, "status", "sync", "revisions") or [text_at(item, "status", "sync", "revision")]
    for number, source in enumerate(filter(None, sources_of(mapping_at(item, "spec")))):
        revision = revisions[number] if number < len(revisions) and isinstance(revisions[number], str) else ""
        section = [["Source", text_at(source, "repoURL")], ["Path", text_at(source, "path")]]
        section += [["Chart", text_at(source, "chart")], ["Target", text_at(source, "targetRevision")]]
        section += [["Revision", short_revision(revision)], ["Commit", commit_line(world.repository, revision)]]
        yield [row for row in section if row[1]]
