"""What is wrong with an Application before anything is rendered (sections 1 and 3.5), in Argo CD's own words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from nixernetes.gitops.argocd.application_specs import sources_of
from nixernetes.gitops.argocd.projects.permissions import (
    IN_CLUSTER,
    KnownCluster,
    is_destination_permitted,
    is_source_namespace_permitted,
    is_source_permitted,
)
from nixernetes.objects.fields import at, mapping_at, text_at
from nixernetes.objects.identity import key_of
from nixernetes.objects.manifest import Manifest
from nixernetes.objects.well_known import ARGOCD_NAMESPACE

__all__ = ["destination_cluster", "source_problem", "validate_application"]

_INVALID = "InvalidSpecError"
_UNKNOWN = "UnknownError"
_TOOLS = {"kustomize": "Kustomize", "helm": "Helm", "directory": "Directory", "plugin": "Plugin"}


def validate_application(
    application: Manifest,
    project: Manifest | None,
    known_clusters: Iterable[KnownCluster] = (),
    *,
    control_plane: str = ARGOCD_NAMESPACE,
) -> list[tuple[str, str]]:
    """Return the conditions that Argo CD would set, as pairs of type and message; none when all is well.

    Args:
        application: the Application's manifest.
        project: the manifest of the AppProject that it names (its globals merged in), None when there is none.
        known_clusters: the registered clusters; the one that Argo CD runs in counts without being listed.
        control_plane: the namespace of Argo CD, whose Applications may use every project.

    """
    spec, allowed, key = mapping_at(application, "spec"), mapping_at(project, "spec"), key_of(application)
    name = text_at(spec, "project") or "default"
    if project is None:
        return [(_INVALID, f"Application referencing project {name} which does not exist")]
    if not is_source_namespace_permitted(allowed, key.namespace, control_plane):
        message = f"application '{key.name}' in namespace '{key.namespace}' is not permitted to use project '{name}'"
        return [(_UNKNOWN, message)]
    problem = next(_source_problems(spec), None)
    if problem is not None:
        return [(_INVALID, problem)]
    repositories = [text_at(source, "repoURL") for source in _sources(spec)]
    found = [
        (_INVALID, f"application repo {url} is not permitted in project '{name}'")
        for url in repositories
        if not is_source_permitted(allowed, url)
    ]
    refused = _destination_problem(spec, allowed, name, list(known_clusters))
    return found + ([(_INVALID, refused)] if refused else [])


def destination_cluster(destination: Manifest, known_clusters: Iterable[KnownCluster] = ()) -> KnownCluster:
    """Return the cluster that a destination means.

    Raises:
        ValueError: it names no cluster, two, or one that is not known; the message is Argo CD's.

    """
    name, server = text_at(destination, "name"), text_at(destination, "server")
    clusters = list(known_clusters)
    if all(cluster.server.rstrip("/") != IN_CLUSTER.server for cluster in clusters):
        clusters.append(IN_CLUSTER)
    if name and server:
        raise ValueError(f"application destination can't have both name and server defined: {name} {server}")
    if not name and not server:
        raise ValueError("Destination server missing from app spec")
    if server:
        wanted = server.rstrip("/")
        found = [cluster for cluster in clusters if cluster.server.rstrip("/") == wanted]
        if not found:
            missing = f'rpc error: code = NotFound desc = cluster "{wanted}" not found'
            raise ValueError(f'error getting cluster by server "{wanted}": {missing}')
        return found[0]
    found = [cluster for cluster in clusters if cluster.name == name]
    if not found:
        raise ValueError(f"there are no clusters with this name: {name}")
    if len(found) > 1:
        servers = " ".join(cluster.server for cluster in found)
        raise ValueError(f"there are {len(found)} clusters with the same name: [{servers}]")
    return found[0]


def source_problem(source: Manifest, *, several: bool) -> str | None:
    """Return what is wrong with a source, None when nothing is.

    Args:
        source: ``spec.source``, or one of ``spec.sources``.
        several: whether it is one of ``spec.sources``: those may be a ``ref`` only.

    """
    tools = [word for field, word in _TOOLS.items() if at(source, field)]
    if len(tools) > 1:
        return f"multiple application sources defined: {','.join(tools)}"
    places = ("path", "chart", "ref") if several else ("path", "chart")
    if not at(source, "repoURL") or not any(at(source, place) for place in places):
        if several:
            return (
                "spec.source.repoURL and either source.path, source.chart, or source.ref are required for source "
                + (_words(source))
            )
        return "spec.source.repoURL and either spec.source.path or spec.source.chart are required"
    if at(source, "chart") and not at(source, "targetRevision"):
        return "spec.source.targetRevision is required if the manifest source is a helm chart"
    return None


def _words(source: Manifest) -> str:
    """Name a source by what tells it apart; never by its values, which may hold secrets."""
    named = ((key, at(source, key)) for key in ("repoURL", "targetRevision", "name"))
    return " ".join(f"{key}={value}" for key, value in named if value) or "{}"


def _source_problems(spec: Manifest) -> Iterator[str]:
    several = bool(at(spec, "sources"))
    if at(spec, "sourceHydrator") and not several and not at(spec, "source"):
        return
    for source in _sources(spec):
        problem = source_problem(source, several=several)
        if problem is not None:
            yield problem


def _sources(spec: Manifest) -> list[Manifest]:
    hydrator = mapping_at(spec, "sourceHydrator")
    if not hydrator:
        return sources_of(spec)
    dry, synced = (
        {field: text_at(hydrator, part, field) for field in ("repoURL", "path")} for part in ("drySource", "syncSource")
    )
    # What is rendered is pushed and synced from the same repository, unless another one is named.
    return [dry, synced] if synced["repoURL"] not in ("", dry["repoURL"]) else [dry]


def _destination_problem(
    spec: Manifest, allowed: Manifest, project: str, clusters: Sequence[KnownCluster]
) -> str | None:
    destination = mapping_at(spec, "destination")
    namespace = text_at(destination, "namespace")
    try:
        cluster = destination_cluster(destination, clusters)
    except ValueError as error:
        return str(error)
    reserved = [known for known in clusters if known.project == project]
    if is_destination_permitted(allowed, cluster, namespace, reserved):
        return None
    where = cluster.name if text_at(destination, "name") else cluster.server.rstrip("/")
    return (
        f"application destination server '{where}' and namespace '{namespace}' do not match any of the allowed "
        f"destinations in project '{project}'"
    )
