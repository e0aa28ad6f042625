"""From the files of a repository to its estate.

Clusters start with the folders ``flux-system/`` that ``flux bootstrap`` writes, with Flux Operator's FluxInstances and
with folders ``argocd/``; where there is none of these, with the deliveries that no other delivery brings:
``argocd-autopilot``'s ``bootstrap/`` and the folder of an operator's ArgoCD object are found so. A folder
``clusters/NAME`` with such deliveries starts a cluster beside others too. Folders that the user names win over all.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from nixernetes.errors import InputError
from nixernetes.objects.identity import group_kind, key_of
from nixernetes.objects.kinds import ARGOCD_INSTANCE
from nixernetes.objects.well_known import ARGOCD_NAMESPACE, IN_CLUSTER
from nixernetes.render.estate.build_options import BuildOptionsFound, build_options, options_of, with_build_options
from nixernetes.render.estate.cluster_names import distinct_names
from nixernetes.render.estate.estates import (
    DELIVERIES,
    Estate,
    NothingToStartError,
    StartedCluster,
)
from nixernetes.render.estate.index import DocumentIndex
from nixernetes.render.estate.made_sources import is_made, missing_sources, source_url
from nixernetes.render.estate.notes import Note, NoteKind
from nixernetes.render.estate.starting.argocd_servers import named_servers
from nixernetes.render.estate.starting.bootstrap_objects import in_order, placed, twice
from nixernetes.render.estate.starting.folders import FolderReader
from nixernetes.render.estate.starting.starts import Start, Starts
from nixernetes.render.kustomize.options import BuildOptions
from nixernetes.render.kustomize.remote_bases import Remotes
from nixernetes.render.rendered import Rendered
from nixernetes.render.tree import Tree

__all__ = ["read_estate"]

_PLANE: Final = "management"
_STARTING: Final = (*DELIVERIES, ARGOCD_INSTANCE)
_REMOTE: Final = "remote"  # follows the name of a cluster that an Application calls as another cluster is called
_NOTHING: Final = (
    "nothing to start: there is no Kustomization, HelmRelease, Application or FluxInstance; "
    "name the folder that starts a cluster with --cluster NAME=FOLDER"
)
_NOTHING_IN_FOLDER: Final = "holds no object of Flux or Argo CD: nothing would start"


def read_estate(
    tree: Tree | DocumentIndex,
    *,
    own: Collection[str] = (),
    folders: Mapping[str, str] | None = None,
    remotes: Remotes | None = None,
    is_lenient: bool = False,
    may_be_empty: bool = False,
) -> Estate:
    """Return what a repository is made of.

    Args:
        tree: its files, or their index.
        own: URLs that are known to be its own, as Git knows them.
        folders: cluster name to the folder that starts it, as the user says; none: found by itself.
        remotes: what stands for remote bases of folders that start clusters; None leaves these out.
        is_lenient: whether a cluster that does not start for a fault of its files is only told among the notes.
        may_be_empty: whether a repository in which nothing starts is one without clusters.

    Raises:
        NothingToStartError: nothing starts a cluster; the message says how to name folders by hand.
        InputError: a folder that the user names is not there, or starts nothing.

    """
    index = tree if isinstance(tree, DocumentIndex) else DocumentIndex(tree)
    starts = Starts(index, own)
    found = starts.named(folders) if folders else starts.found()
    named = _named(found)
    applied = [(name, _applied(starts, name, each, remotes)) for name, each in named.items()]
    notes = tuple(dict.fromkeys([*starts.notes, *(note for _, each in applied for note in each.notes)]))
    clusters = [each.cluster for _, each in applied]
    if is_lenient and not any(cluster.manifests for cluster in clusters):
        notes += tuple(_unreadable(index))
    if not (is_lenient and (may_be_empty or any(note.is_problem for note in notes))):
        _check(clusters, notes, folders or {})
    clusters = _with_options(clusters, build_options(index))
    made = [source_url(item) for cluster in clusters for item in cluster.manifests if is_made(source_url(item))]
    return Estate(
        clusters=tuple(_with_servers(clusters, index)),
        urls=tuple(dict.fromkeys((*starts.urls, *made))),
        index=index,
        notes=notes,
    )


def _unreadable(index: DocumentIndex) -> Iterator[Note]:
    """Yield the files that speak of Flux or Argo CD and are not YAML: where nothing starts, they may be the reason."""
    for file, error in index.unreadable():
        yield Note(kind=NoteKind.BROKEN, message=error.message, place=error.place or file)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Applied:
    """A cluster, and what is to be said of what starts it."""

    cluster: StartedCluster
    notes: tuple[Note, ...] = field(default=())


def _named(found: Sequence[Start]) -> dict[str, list[Start]]:
    """Return the starts of each cluster by its name: what is of one home, for either engine, is one cluster."""
    homes = [start.home for start in found if not start.name and not _is_plane(start)]
    names = distinct_names(homes)
    plane = _PLANE if _PLANE not in names.values() else f"{_PLANE}-argocd"
    named: dict[str, list[Start]] = {}
    for start in found:
        name = start.name or (plane if _is_plane(start) else names[start.home])
        named.setdefault(name, []).append(start)
    return named


def _is_plane(start: Start) -> bool:
    """Tell whether an Argo CD is not one of a cluster that has a folder."""
    return start.is_argocd and not start.home


def _applied(starts: Starts, name: str, found: Sequence[Start], remotes: Remotes | None) -> _Applied:
    items: list[Rendered] = []
    notes: list[Note] = []
    made: list[Rendered] = []
    for start in found:
        restrictor = "rootOnly" if start.is_argocd else "none"
        options = BuildOptions(load_restrictor=restrictor, remotes=remotes)  # type: ignore[arg-type]
        reader = FolderReader(
            index=starts.index, is_left_out=starts.is_left_out, is_brought=starts.is_brought, options=options
        )
        for folder in start.folders:
            given = reader.applied(folder)
            items += placed(given.items, ARGOCD_NAMESPACE if start.is_argocd else "default")
            notes += given.notes
        made += start.made
    known = {key_of(item.manifest) for item in items}
    items += [item for item in made if key_of(item.manifest) not in known]
    distinct, problems = twice(items)
    sources = [Rendered(manifest=item) for item in missing_sources(item.manifest for item in distinct)]
    whole = () if problems else tuple(in_order([*sources, *distinct]))
    folders = tuple(dict.fromkeys(folder for start in found for folder in start.folders))
    cluster = StartedCluster(name=name, bootstrap=whole, folders=folders)
    cluster = replace(cluster, server=IN_CLUSTER if "argocd" in cluster.engines else "")
    return _Applied(cluster=cluster, notes=tuple(replace(note, cluster=name) for note in (*notes, *problems)))


def _check(clusters: Sequence[StartedCluster], notes: Sequence[Note], folders: Mapping[str, str]) -> None:
    """Refuse a repository of which nothing starts.

    Raises:
        NothingToStartError: none of the clusters has a delivery.
        InputError: a folder that the user names has none.

    """
    problem = next((note for note in notes if note.is_problem), None)
    for name, folder in folders.items():
        if not any(cluster.name == name and cluster.engines for cluster in clusters):
            fact = problem.message if problem is not None and problem.cluster == name else _NOTHING_IN_FOLDER
            raise InputError(
                fact, subject=folder, place=problem.place if fact != _NOTHING_IN_FOLDER and problem else ""
            )
    if any(group_kind(item) in _STARTING for cluster in clusters for item in cluster.manifests):
        return
    if problem is not None:
        raise InputError(problem.message, place=problem.place)
    raise NothingToStartError(_NOTHING)


def _with_options(clusters: Sequence[StartedCluster], found: Sequence[BuildOptionsFound]) -> list[StartedCluster]:
    """Return the clusters, those with an Argo CD with its flags for Kustomize."""
    done = []
    for cluster in clusters:
        if cluster.server != IN_CLUSTER:
            done.append(cluster)
            continue
        chosen = options_of(found, cluster.folders)
        bootstrap, text = with_build_options(cluster.bootstrap, _argocd_namespace(cluster), chosen)
        done.append(replace(cluster, bootstrap=bootstrap, build_options=text))
    return done


def _argocd_namespace(cluster: StartedCluster) -> str:
    """Return the namespace of a cluster's Argo CD: that of an operator's object, else that of what it delivers."""
    keys = [key_of(item) for item in cluster.manifests if group_kind(item).group == ARGOCD_INSTANCE.group]
    operated = [key.namespace for key in keys if key.group_kind == ARGOCD_INSTANCE]
    spaces = [
        *operated,
        *sorted({key.namespace for key in keys if key.namespace}, key=lambda each: each != ARGOCD_NAMESPACE),
    ]
    return next(iter(spaces), ARGOCD_NAMESPACE)


def _with_servers(clusters: Sequence[StartedCluster], index: DocumentIndex) -> list[StartedCluster]:
    """Return the clusters with the servers by which Applications name them, and those that only Applications name."""
    if not any(cluster.server == IN_CLUSTER for cluster in clusters):
        return list(clusters)
    started = [item for cluster in clusters for item in cluster.manifests]
    secrets = [item.manifest for item in index.cluster_secrets]
    servers = named_servers([*secrets, *started])
    done = [
        replace(cluster, server=servers.pop(cluster.name))
        if cluster.server != IN_CLUSTER and cluster.name in servers
        else cluster
        for cluster in clusters
    ]
    taken = {cluster.name for cluster in done}
    others = [(name if name not in taken else f"{name}-{_REMOTE}", server) for name, server in sorted(servers.items())]
    return [*done, *(StartedCluster(name=name, server=server) for name, server in others)]
