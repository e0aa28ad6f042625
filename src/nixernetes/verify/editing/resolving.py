"""What is named at a place: objects by the table of references and those of deliveries, files and folders by paths."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from nixernetes.errors import InputError
from nixernetes.objects.fields import text_at
from nixernetes.objects.identity import GroupKind, ObjectKey, group_kind, key_of
from nixernetes.objects.kinds import APP_PROJECT, APPLICATION, HELM_RELEASE, KUSTOMIZATION
from nixernetes.objects.provenance import Origin
from nixernetes.render.kustomization_files import FILE_NAMES
from nixernetes.render.tree import join
from nixernetes.verify.editing.pointing import Pointed
from nixernetes.verify.findings import Place
from nixernetes.verify.objects import ClusterObjects, Placed
from nixernetes.verify.places import FieldPath
from nixernetes.verify.platform_view import PlatformView
from nixernetes.verify.references.graph import references, walked

__all__ = ["Resolved", "resolved", "subject_at"]

# of deliveries: where a reference stands, and the kind that it means where it says none
_DELIVERIES: Final[dict[GroupKind, tuple[tuple[str, str], ...]]] = {
    KUSTOMIZATION: (
        ("spec.sourceRef", ""),
        ("spec.dependsOn.[]", "Kustomization"),
        ("spec.postBuild.substituteFrom.[]", ""),
        ("spec.healthChecks.[]", ""),
    ),
    HELM_RELEASE: (
        ("spec.chart.spec.sourceRef", ""),
        ("spec.chartRef", ""),
        ("spec.dependsOn.[]", "HelmRelease"),
        ("spec.valuesFrom.[]", ""),
    ),
}
_PATHS: Final = (("spec", "path"), ("spec", "source", "path"), ("spec", "chart", "spec", "chart"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolved:
    """What is named at a place.

    Attributes:
        name: what is named: an object's identity, or a path.
        places: where it is declared; none where it is not.
        found: the object, with its cluster; one for each cluster that has it.

    """

    name: str
    places: tuple[Place, ...] = ()
    found: tuple[tuple[ClusterObjects, Placed], ...] = ()


def resolved(view: PlatformView, file: str, at: Pointed) -> Resolved | None:
    """Return what is named at a place of a file; None where nothing is."""
    named = _path_named(view, file, at)
    if named is not None:
        return named
    for cluster, subject in _subjects(view, file, at):
        for path, target in _named_by(subject, at):
            if at.path[: len(path) - 1] == path[:-1] and len(path) > 1:
                return _object(view, cluster, target)
    return None


def subject_at(view: PlatformView, file: str, at: Pointed) -> tuple[ClusterObjects, Placed] | None:
    """Return the object whose document stands at a place, as it is rendered."""
    return next(_rendered(view, file, at), None)


def _object(view: PlatformView, cluster: ClusterObjects, target: ObjectKey) -> Resolved:
    found: list[tuple[ClusterObjects, Placed]] = []
    for each in (cluster, *(other for other in view.clusters if other is not cluster)):
        keys = [key for key in each.by_key if key[1:] == target[1:]]
        found += [(each, each.by_key[key][0]) for key in keys if key.group == target.group or not target.group]
    places = tuple(dict.fromkeys(view.place(item, ("metadata", "name")) for _, item in found))
    return Resolved(name=str(target), places=places, found=tuple(found))


def _rendered(view: PlatformView, file: str, at: Pointed) -> Iterator[tuple[ClusterObjects, Placed]]:
    kind, name = text_at(at.document, "kind"), text_at(at.document, "metadata", "name")
    for cluster in view.clusters:
        for item in cluster.placed:
            if item.origin.file == file and item.key.kind == kind and name and name in item.key.name:
                yield cluster, item


def _subjects(view: PlatformView, file: str, at: Pointed) -> Iterator[tuple[ClusterObjects, Placed]]:
    """Yield the object as each cluster has it; one that no cluster has yet as it is written."""
    if not isinstance(at.document, dict) or not text_at(at.document, "kind"):
        return
    is_there = False
    for cluster, item in _rendered(view, file, at):
        is_there = True
        written = Placed(key=item.key, manifest=at.document, origin=item.origin, owner=item.owner)
        yield cluster, written
    if not is_there and view.clusters:
        yield view.clusters[0], Placed(key=key_of(at.document), manifest=at.document, origin=Origin(file=file))


def _named_by(subject: Placed, at: Pointed) -> Iterator[tuple[FieldPath, ObjectKey]]:
    kind = group_kind(at.document)
    for pattern, fixed in _DELIVERIES.get(kind, ()):
        for path, entry in walked(at.document, pattern):
            space = text_at(entry, "namespace") or subject.namespace
            named = ObjectKey("", fixed or text_at(entry, "kind"), space, text_at(entry, "name"))
            yield (*path, "name"), named
    if kind == APPLICATION and at.path == ("spec", "project"):
        project = ObjectKey(*APP_PROJECT, subject.namespace, text_at(at.document, "spec", "project"))
        yield ("spec", "project"), project
    alone = ClusterObjects(name="", hub="", placed=(subject,), deliveries=())
    for reference in references(alone):
        yield reference.path, reference.target


def _path_named(view: PlatformView, file: str, at: Pointed) -> Resolved | None:
    """Return the file or folder that a path at a place names."""
    try:
        value = at.value
    except (LookupError, TypeError):
        return None
    if not isinstance(value, str) or not value or "\n" in value:
        return None
    is_kustomization = file.rpartition("/")[2] in FILE_NAMES
    if not is_kustomization and at.path not in _PATHS:
        return None
    folder = file.rpartition("/")[0] if is_kustomization else ""
    try:
        path = join(folder, value.rpartition("=")[2] if is_kustomization else value.lstrip("/"))
    except InputError:
        return None
    tree = view.platform.estate.index.tree
    if tree.is_file(path):
        return Resolved(name=path, places=(Place(path, 1, 1),))
    inside = (f"{path}/{name}" if path else name for name in (*FILE_NAMES, "Chart.yaml"))
    found = next((each for each in inside if tree.is_file(each)), "")
    if not found and tree.is_dir(path):
        entries = (f"{path}/{name}" if path else name for name, deep in tree.entries(path).items() if not deep)
        found = next(iter(entries), "")
    if found:
        return Resolved(name=path, places=(Place(found, 1, 1),))
    return None if is_kustomization else Resolved(name=path)
