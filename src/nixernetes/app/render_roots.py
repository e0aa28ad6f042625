"""What starts the clusters of a repository: the bootstraps, or where there are none, what no delivery delivers.

Repositories that an operator or a script starts hold no bootstrap. There, a delivery whose file is below the path of no
other one is what somebody applies by hand; the source that it reads and nobody declares is this repository.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from nixernetes.app import discovery
from nixernetes.errors import InputError
from nixernetes.objects import yamls
from nixernetes.objects.identity import group_kind, key_of
from nixernetes.objects.manifest import Json, Manifest
from nixernetes.render.delivery_builds import APPLICATION, APPLICATION_SET, HELM_RELEASE, KUSTOMIZATION
from nixernetes.render.tree import Tree, join

__all__ = ["Cluster", "Roots", "find_roots"]

_KINDS = (KUSTOMIZATION, HELM_RELEASE, APPLICATION, APPLICATION_SET)
_SOURCES = "source.toolkit.fluxcd.io"
_MARKS = (b"kustomize.toolkit.fluxcd.io/", b"helm.toolkit.fluxcd.io/", b"source.toolkit.fluxcd.io/", b"argoproj.io/")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cluster:
    """A cluster and the objects that start it; the name is ``""`` where the repository names none."""

    name: str
    roots: tuple[Manifest, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Roots:
    """The clusters, and the URLs by which the repository calls itself."""

    clusters: tuple[Cluster, ...]
    urls: tuple[str, ...] = ()


def find_roots(tree: Tree, own: str) -> Roots:
    """Find what starts each cluster.

    Args:
        tree: the repository.
        own: the URL for sources that nobody declares.

    Raises:
        InputError: there is no delivery at all.

    """
    delivered, loose = _split(tree)
    clusters: list[Cluster] = []
    urls: list[str] = []
    reason: InputError | None = None
    try:
        found = discovery.discover(tree)
    except InputError as error:
        reason = error
    else:
        clusters = [
            Cluster(name=plan.name, roots=plan.bootstrap)
            for plan in found.clusters
            if plan.bootstrap and not _is_delivered(plan.bootstrap, delivered)
        ]
        urls = [*found.urls, *(url for each in clusters for url in _repositories(each.roots))]
    if clusters:
        return Roots(clusters=tuple(clusters), urls=tuple(dict.fromkeys(urls)))
    if not any(group_kind(item) in _KINDS for item in loose):
        raise InputError("no delivery here: no Kustomization, HelmRelease or Application") from reason
    return Roots(clusters=(Cluster(name="", roots=(*_missing_sources(loose, own), *loose)),))


def _is_delivered(starters: Iterable[Manifest], delivered: list[Manifest]) -> bool:
    """Tell a folder that is merely named flux-system from a bootstrap: another delivery brings all that is in it."""
    kustomizations = [item for item in starters if group_kind(item) == KUSTOMIZATION]
    return bool(kustomizations) and all(item in delivered for item in kustomizations)


def _repositories(roots: Iterable[Manifest]) -> Iterable[str]:
    return (str(item["spec"]["url"]) for item in roots if key_of(item)[:2] == (_SOURCES, "GitRepository"))


def _split(tree: Tree) -> tuple[list[Manifest], list[Manifest]]:
    """Return the objects that a delivery's path covers, and those that none covers."""
    found = [(path, item) for path in tree.walk() for item in _documents(tree, path)]
    paths = [(item, folder) for _, item in found for folder in _folders(item)]
    delivered: list[Manifest] = []
    loose: list[Manifest] = []
    for path, item in found:
        covered = any(other is not item and _is_below(path, folder) for other, folder in paths)
        (delivered if covered else loose).append(item)
    return delivered, loose


def _documents(tree: Tree, path: str) -> list[Manifest]:
    if not path.endswith((".yaml", ".yml")):
        return []
    try:
        data = tree.read(path)
        if not any(mark in data for mark in _MARKS):
            return []
        documents = [document.data for document in yamls.parse_all(data, file=path)]
    except InputError:  # templates and the like: who delivers the file will say what is wrong with it
        return []
    return [data for data in documents if _is_whole(data)]


def _is_whole(data: Json) -> bool:
    """Tell a delivery or a source from a patch of one."""
    if not isinstance(data, dict) or not isinstance(data.get("metadata"), dict) or not data["metadata"].get("name"):
        return False
    spec, kind = data.get("spec"), group_kind(data)
    if not isinstance(spec, dict):
        return False
    needed = {
        KUSTOMIZATION: ("sourceRef",),
        HELM_RELEASE: ("chart", "chartRef"),
        APPLICATION: ("source", "sources"),
        APPLICATION_SET: ("generators",),
    }
    return any(field in spec for field in needed.get(kind, ())) or kind.group == _SOURCES


def _folders(item: Manifest) -> Iterable[str]:
    """Return the folders that a delivery reads, as far as its own spec says."""
    spec, kind = item["spec"], group_kind(item)
    paths: list[Json] = []
    if kind == KUSTOMIZATION:
        paths = [spec.get("path") or ""]
    elif kind == APPLICATION:
        paths = [source.get("path") for source in [spec.get("source") or {}, *(spec.get("sources") or [])]]
    for path in paths:
        if isinstance(path, str):
            try:
                yield join("", path.lstrip("/"))
            except InputError:
                continue


def _is_below(path: str, folder: str) -> bool:
    return not folder or path.startswith(f"{folder}/")


def _missing_sources(roots: Iterable[Manifest], own: str) -> list[Manifest]:
    items = list(roots)
    declared = {key_of(item)[1:] for item in items}
    missing: dict[tuple[str, ...], Manifest] = {}
    for item in items:
        reference = item["spec"].get("sourceRef") or {}
        if group_kind(item) != KUSTOMIZATION or reference.get("kind") != "GitRepository":
            continue
        namespace = reference.get("namespace") or item["metadata"].get("namespace") or "default"
        key = ("GitRepository", namespace, reference.get("name") or "")
        if key not in declared:
            missing[key] = {
                "apiVersion": f"{_SOURCES}/v1",
                "kind": "GitRepository",
                "metadata": {"name": key[2], "namespace": namespace},
                "spec": {"interval": "1m", "url": own, "ref": {"name": "HEAD"}},
            }
    return list(missing.values())
