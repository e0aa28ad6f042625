"""Find the clusters in a repository that Nixernetes did not write: what one would apply to start each of them.

Flux: every folder named ``flux-system`` that holds a Kustomization with its GitRepository is a cluster, named like the
folder around it: what ``flux bootstrap`` writes (``clusters/<name>/flux-system/gotk-sync.yaml``). Argo CD: every
folder named ``argocd`` that holds Applications starts a control plane; the servers its Applications name are clusters.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from urllib.parse import urlsplit

from nixernetes.app.cluster_plans import IN_CLUSTER, ClusterPlan
from nixernetes.app.written import (
    MADE_URL,
    bootstrap_source,
    holds_deliveries,
    missing_sources,
    origins_of,
    spec_of,
    written,
)
from nixernetes.errors import InputError
from nixernetes.objects import schema
from nixernetes.objects.identity import GroupKind, ObjectKey, group_kind, key_of
from nixernetes.objects.manifest import Json, Manifest
from nixernetes.render.delivery_builds import APPLICATION, APPLICATION_SET, KUSTOMIZATION
from nixernetes.render.rendered import Rendered
from nixernetes.render.tree import Tree, join

__all__ = ["Found", "NothingToStartError", "custom_kinds", "discover", "from_folders"]

_GIT = GroupKind("source.toolkit.fluxcd.io", "GitRepository")
_FLUX = ("source.toolkit.fluxcd.io", "kustomize.toolkit.fluxcd.io", "helm.toolkit.fluxcd.io")
_ARGOCD = "argoproj.io"
_STARTERS = (*_FLUX, _ARGOCD)
CONTROL_PLANE = "management"
_NOT_SERVED = ("kustomize.config.k8s.io",)  # files for tools, not objects


class Found:
    """What was found: cluster plans, engines, and the URLs by which the repository calls itself."""

    def __init__(self, clusters: Iterable[ClusterPlan], urls: Iterable[str]) -> None:
        self.clusters = tuple(clusters)
        self.urls = tuple(dict.fromkeys(urls))
        groups = {group_kind(item).group for plan in self.clusters for item in plan.bootstrap}
        self.engines = frozenset(
            engine for engine, wanted in (("flux", bool(groups & set(_FLUX))), ("argocd", _ARGOCD in groups)) if wanted
        )


class NothingToStartError(InputError):
    """No folder of a repository starts a cluster."""


def discover(tree: Tree) -> Found:
    """Find the clusters of a repository.

    Raises:
        NothingToStartError: there is nothing to start; the message says how to name folders by hand.
        InputError: a file of a folder that starts a cluster is no YAML.

    """
    plans: list[ClusterPlan] = []
    urls: list[str] = []
    argocd: list[Rendered] = []
    folders: list[str] = []
    for folder in tree.folders():
        name = folder.rsplit("/", 1)[-1]
        if name == "flux-system":
            plan = _flux_plan(tree, folder)
            if plan is not None:
                plans.append(plan)
                urls += _own_sources(tree, plan.bootstrap, folder)
        elif name == "argocd":
            found = [item for item in _starters(tree, folder) if group_kind(item.manifest).group == _ARGOCD]
            argocd += found
            folders += [folder] if found else []
    if any(group_kind(item.manifest) in (APPLICATION, APPLICATION_SET) for item in argocd):
        plans += _argocd_plans(argocd, tuple(folders), {plan.name for plan in plans})
        urls += _repository_urls(tree, [item.manifest for item in argocd])
    if not plans:
        raise NothingToStartError(
            "nothing to start: no folder flux-system/ with a Kustomization, no folder argocd/ with Applications; "
            "name the folder that starts a cluster with --cluster NAME=FOLDER"
        )
    return Found(plans, urls)


def _flux_plan(tree: Tree, folder: str) -> ClusterPlan | None:
    found = [item for item in _starters(tree, folder) if group_kind(item.manifest).group in _FLUX]
    starters = [item.manifest for item in found]
    if not starters and tree.is_file(f"{folder}/gotk-sync.yaml"):
        starters = _bootstrapped(folder.rpartition("/")[0])
    if not _is_bootstrap(starters, folder):
        return None
    return ClusterPlan(
        name=_cluster_name(folder),
        bootstrap=tuple(_in_order(starters)),
        origins=origins_of(found),
        folders=(folder,),
    )


def _is_bootstrap(starters: list[Manifest], folder: str) -> bool:
    """Tell a bootstrap from a folder that is merely called so: it brings its source, or a delivery of itself."""
    kustomizations = [item for item in starters if group_kind(item) == KUSTOMIZATION]
    if not kustomizations:
        return False
    return any(_covers(item, folder) for item in kustomizations) or any(group_kind(item) == _GIT for item in starters)


def _covers(kustomization: Manifest, folder: str) -> bool:
    path = _path(kustomization)
    return path in ("", ".", folder) or folder.startswith(f"{path}/")


def _path(kustomization: Manifest) -> str:
    return str(spec_of(kustomization).get("path") or "").removeprefix("./").strip("/")


def _own_sources(tree: Tree, starters: Iterable[Manifest], folder: str) -> list[str]:
    """Return the URLs of the GitRepositories that stand for this repository.

    They are what Kustomizations read that deliver the bootstrap itself; without such, what those read whose path is
    here. Sources that nobody declares stand for it too.
    """
    items = list(starters)
    urls = {key_of(item): str(spec_of(item).get("url") or "") for item in items if group_kind(item) == _GIT}
    readers = [item for item in items if group_kind(item) == KUSTOMIZATION]
    made = [url for url in urls.values() if url.startswith(MADE_URL)]
    for chosen in (
        [item for item in readers if _covers(item, folder)],
        [item for item in readers if _path(item) and tree.is_dir(_path(item))],
    ):
        read = [_source_key(item) for item in chosen]
        if any(key in urls for key in read):
            return [*made, *(urls[key] for key in read if urls.get(key))]
    return [*made, *(urls.values() if len(urls) == 1 else ())]


def _source_key(kustomization: Manifest) -> ObjectKey:
    reference = spec_of(kustomization).get("sourceRef") or {}
    own = key_of(kustomization).namespace or "default"
    return ObjectKey(*_GIT, reference.get("namespace") or own, reference.get("name") or "")


def from_folders(tree: Tree, folders: Mapping[str, str]) -> Found:
    """Take each cluster's starting objects from a folder that the user named.

    A Kustomization whose GitRepository is nowhere in the folder gets one, as ``flux bootstrap`` would make it.

    Raises:
        InputError: a folder that is not there, or that holds nothing of Flux or Argo CD.

    """
    plans: list[ClusterPlan] = []
    urls: list[str] = []
    for name, folder in folders.items():
        path = join("", folder)
        if not tree.is_dir(path):
            raise InputError("no such folder in the repository", subject=folder)
        found = [item for item in _starters(tree, path) if group_kind(item.manifest).group in _STARTERS]
        if not found:
            raise InputError("holds no object of Flux or Argo CD: nothing would start", subject=folder)
        starters = [item.manifest for item in found]
        ordered = _in_order(starters)
        has_argocd = any(group_kind(item).group == _ARGOCD for item in starters)
        plans.append(
            ClusterPlan(
                name=name,
                server=IN_CLUSTER if has_argocd else "",
                bootstrap=tuple(ordered),
                origins=origins_of(found),
                folders=(path,),
            )
        )
        urls += [*_own_sources(tree, ordered, path), *_repository_urls(tree, starters)]
    return Found(plans, urls)


def custom_kinds(tree: Tree) -> dict[GroupKind, bool]:
    """Return the custom kinds that a repository's manifests are of, and whether each is namespaced.

    Their definitions may come from charts or from the bootstrap of a cluster; without them the scope is told by a
    namespace in some manifest, else by the name: kinds named ``Cluster…`` have none.
    """
    found: dict[GroupKind, bool] = {}
    builtin = {GroupKind(group, kind) for group, _, kind in schema.known_kinds()}
    for item in written(tree, lenient=True):
        kind = group_kind(item.manifest)
        if "." in kind.group and kind not in builtin and kind.group not in _NOT_SERVED:
            namespaced = bool(key_of(item.manifest).namespace)
            found[kind] = found.get(kind, False) or namespaced or not kind.kind.startswith("Cluster")
    return dict(sorted(found.items()))


def _starters(tree: Tree, folder: str) -> list[Rendered]:
    return [item for item in written(tree, folder, holds=holds_deliveries) if key_of(item.manifest).name]


def _in_order(starters: list[Manifest]) -> list[Manifest]:
    """Put sources before what reads them, and make the GitRepository that nobody wrote down."""
    rank = {group: place for place, group in enumerate(_STARTERS)}
    ordered = sorted(starters, key=lambda item: (rank[group_kind(item).group], group_kind(item).kind != "AppProject"))
    return [*missing_sources(starters), *ordered]


def _bootstrapped(folder: str) -> list[Manifest]:
    """Return what ``flux bootstrap`` would write into a gotk-sync.yaml that is still empty, as templates leave it."""
    spec: Json = {"interval": "10m0s", "path": f"./{folder}", "prune": True}
    kustomization = {
        "apiVersion": "kustomize.toolkit.fluxcd.io/v1",
        "kind": "Kustomization",
        "metadata": {"name": "flux-system", "namespace": "flux-system"},
        "spec": {**spec, "sourceRef": {"kind": "GitRepository", "name": "flux-system"}},
    }
    return [bootstrap_source("flux-system", "flux-system"), kustomization]


def _argocd_plans(starters: list[Rendered], folders: tuple[str, ...], taken: set[str]) -> list[ClusterPlan]:
    items = [item.manifest for item in starters]
    clusters = {
        server: _server_name(destination, server)
        for item in items
        if group_kind(item) == APPLICATION
        for destination in [spec_of(item).get("destination") or {}]
        for server in [_server(destination)]
        if server != IN_CLUSTER
    }
    plane = CONTROL_PLANE if CONTROL_PLANE not in taken else f"{CONTROL_PLANE}-argocd"
    ordered = sorted(items, key=lambda item: item["kind"] != "AppProject")
    others = [ClusterPlan(name=name, server=server) for server, name in sorted(clusters.items()) if name not in taken]
    control = ClusterPlan(
        name=plane, server=IN_CLUSTER, bootstrap=tuple(ordered), origins=origins_of(starters), folders=folders
    )
    return [control, *others]


def _server(destination: Json) -> str:
    name = destination.get("name", "")
    server = destination.get("server") or (f"https://{name}.invalid" if name not in ("", "in-cluster") else IN_CLUSTER)
    return str(server).rstrip("/")


def _server_name(destination: Json, server: str) -> str:
    return str(destination.get("name") or (urlsplit(server).hostname or server).split(".")[0])


def _repository_urls(tree: Tree, starters: Iterable[Manifest]) -> list[str]:
    """Return the repositories of the Applications that start a control plane and whose files are here."""
    sources = [
        source
        for item in starters
        if group_kind(item) == APPLICATION
        for source in spec_of(item).get("sources") or [spec_of(item).get("source") or {}]
        if source.get("repoURL") and not source.get("chart")
    ]
    here = [source for source in sources if tree.is_dir(str(source.get("path") or "").removeprefix("./").strip("/"))]
    return [source["repoURL"] for source in here]


def _cluster_name(folder: str) -> str:
    parts = [part for part in folder.split("/")[:-1] if part not in ("kubernetes", "flux", "manifests")]
    return parts[-1] if parts else "cluster"
