"""Find the clusters in a repository that Nixernetes did not write: what one would apply to start each of them.

Flux: every folder named ``flux-system`` that holds a Kustomization with its GitRepository is a cluster, named like the
folder around it: what ``flux bootstrap`` writes (``clusters/<name>/flux-system/gotk-sync.yaml``). Argo CD: every
folder named ``argocd`` that holds Applications starts a control plane; the servers its Applications name are clusters.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from urllib.parse import urlsplit

from nixernetes.app.cluster_plans import IN_CLUSTER, ClusterPlan
from nixernetes.errors import InputError
from nixernetes.objects import schema, yamls
from nixernetes.objects.identity import GroupKind, group_kind, key_of
from nixernetes.objects.manifest import Json, Manifest
from nixernetes.render.tree import Tree, join

__all__ = ["Found", "custom_kinds", "discover", "from_folders"]

_GIT = GroupKind("source.toolkit.fluxcd.io", "GitRepository")
_KUSTOMIZATION = GroupKind("kustomize.toolkit.fluxcd.io", "Kustomization")
_APPLICATION = GroupKind("argoproj.io", "Application")
_FLUX = ("source.toolkit.fluxcd.io", "kustomize.toolkit.fluxcd.io", "helm.toolkit.fluxcd.io")
_STARTERS = (*_FLUX, "argoproj.io")
CONTROL_PLANE = "management"
_NOT_SERVED = ("kustomize.config.k8s.io",)  # files for tools, not objects


class Found:
    """What was found: cluster plans, engines, and the URLs by which the repository calls itself."""

    def __init__(self, clusters: Iterable[ClusterPlan], urls: Iterable[str]) -> None:
        self.clusters = tuple(clusters)
        self.urls = tuple(dict.fromkeys(urls))
        groups = {group_kind(item).group for plan in self.clusters for item in plan.bootstrap}
        self.engines = frozenset(
            engine
            for engine, wanted in (("flux", bool(groups & set(_FLUX))), ("argocd", "argoproj.io" in groups))
            if wanted
        )


def discover(tree: Tree) -> Found:
    """Find the clusters of a repository.

    Raises:
        InputError: there is nothing to start; the message says how to name folders by hand.

    """
    plans: list[ClusterPlan] = []
    urls: list[str] = []
    argocd: list[Manifest] = []
    for folder in _folders(tree, ""):
        name = folder.rsplit("/", 1)[-1]
        if name == "flux-system":
            starters = [item for item in _manifests(tree, folder) if group_kind(item).group in _FLUX]
            if not starters and tree.is_file(f"{folder}/gotk-sync.yaml"):
                starters = _bootstrapped(folder.rpartition("/")[0])
            if _is_bootstrap(starters, folder):
                plans.append(ClusterPlan(name=_cluster_name(folder), bootstrap=tuple(_flux_order(starters))))
                urls += [item["spec"]["url"] for item in starters if group_kind(item) == _GIT]
        elif name == "argocd":
            argocd += [item for item in _manifests(tree, folder) if group_kind(item).group == "argoproj.io"]
    if any(group_kind(item) == _APPLICATION for item in argocd):
        plans += _argocd_plans(argocd, {plan.name for plan in plans})
        urls += _repository_urls(argocd)
    if not plans:
        raise InputError(
            "nothing to start: no folder flux-system/ with a Kustomization, no folder argocd/ with Applications; "
            "name the folder that starts a cluster with --cluster NAME=FOLDER"
        )
    return Found(plans, urls)


def _is_bootstrap(starters: list[Manifest], folder: str) -> bool:
    """Tell a bootstrap from a folder that is merely called so: it brings its source, or a delivery of itself."""
    kustomizations = [item for item in starters if group_kind(item) == _KUSTOMIZATION]
    if not kustomizations:
        return False
    paths = [str((item.get("spec") or {}).get("path") or "").removeprefix("./").strip("/") for item in kustomizations]
    covered = any(path in ("", ".", folder) or folder.startswith(f"{path}/") for path in paths)
    return covered or any(group_kind(item) == _GIT for item in starters)


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
        starters = [item for item in _manifests(tree, path) if group_kind(item).group in _STARTERS]
        if not starters:
            raise InputError("holds no object of Flux or Argo CD: nothing would start", subject=folder)
        ordered = _flux_order(starters)
        has_argocd = any(group_kind(item).group == "argoproj.io" for item in starters)
        plans.append(ClusterPlan(name=name, server=IN_CLUSTER if has_argocd else "", bootstrap=tuple(ordered)))
        urls += [item["spec"]["url"] for item in ordered if group_kind(item) == _GIT]
        urls += _repository_urls(starters)
    return Found(plans, urls)


def custom_kinds(tree: Tree) -> dict[GroupKind, bool]:
    """Return the custom kinds that a repository's manifests are of, and whether each is namespaced.

    Their definitions may come from charts or from the bootstrap of a cluster; without them the scope is told by a
    namespace in some manifest, else by the name: kinds named ``Cluster…`` have none.
    """
    found: dict[GroupKind, bool] = {}
    builtin = {GroupKind(group, kind) for group, _, kind in schema.known_kinds()}
    for path in tree.walk():
        if path.endswith((".yaml", ".yml")):
            for manifest in _readable(tree, path):
                kind = group_kind(manifest)
                if "." in kind.group and kind.kind and kind not in builtin and kind.group not in _NOT_SERVED:
                    namespaced = bool((manifest.get("metadata") or {}).get("namespace"))
                    found[kind] = found.get(kind, False) or namespaced or not kind.kind.startswith("Cluster")
    return dict(sorted(found.items()))


def _readable(tree: Tree, path: str) -> Iterator[Manifest]:
    """Yield the manifests of a file; one that is no YAML (a template, say) has none."""
    try:
        documents = yamls.parse_all(tree.read(path), file=path)
    except InputError:
        return
    for document in documents:
        if isinstance(document.data, dict) and isinstance(document.data.get("apiVersion"), str):
            yield document.data


def _folders(tree: Tree, folder: str) -> Iterator[str]:
    for name, is_folder in tree.entries(folder).items():
        if is_folder and name != ".git":
            path = f"{folder}/{name}" if folder else name
            yield path
            yield from _folders(tree, path)


def _manifests(tree: Tree, folder: str) -> Iterator[Manifest]:
    for path in tree.walk(folder):
        if path.endswith((".yaml", ".yml")):
            for document in yamls.parse_all(tree.read(path), file=path):
                if isinstance(document.data, dict) and document.data.get("kind") and document.data.get("metadata"):
                    yield document.data


def _flux_order(starters: list[Manifest]) -> list[Manifest]:
    """Put sources before what reads them, and make the GitRepository that nobody wrote down."""
    git = {key_of(item)[2:] for item in starters if group_kind(item) == _GIT}
    missing: dict[tuple[str, ...], Manifest] = {}
    for item in starters:
        reference = (item.get("spec") or {}).get("sourceRef") or {}
        if group_kind(item) != _KUSTOMIZATION or reference.get("kind") != "GitRepository":
            continue
        namespace = reference.get("namespace") or item["metadata"].get("namespace", "flux-system")
        if (namespace, reference["name"]) not in git:
            missing[(namespace, reference["name"])] = _bootstrap_source(namespace, reference["name"])
    rank = {group: place for place, group in enumerate(_STARTERS)}
    ordered = sorted(starters, key=lambda item: (rank[group_kind(item).group], group_kind(item).kind != "AppProject"))
    return [*missing.values(), *ordered]


def _bootstrapped(folder: str) -> list[Manifest]:
    """Return what ``flux bootstrap`` would write into a gotk-sync.yaml that is still empty, as templates leave it."""
    spec: Json = {"interval": "10m0s", "path": f"./{folder}", "prune": True}
    kustomization = {
        "apiVersion": "kustomize.toolkit.fluxcd.io/v1",
        "kind": "Kustomization",
        "metadata": {"name": "flux-system", "namespace": "flux-system"},
        "spec": {**spec, "sourceRef": {"kind": "GitRepository", "name": "flux-system"}},
    }
    return [_bootstrap_source("flux-system", "flux-system"), kustomization]


def _bootstrap_source(namespace: str, name: str) -> Manifest:
    return {
        "apiVersion": "source.toolkit.fluxcd.io/v1",
        "kind": "GitRepository",
        "metadata": {"name": name, "namespace": namespace},
        "spec": {"interval": "1m", "url": f"https://bootstrap.invalid/{namespace}/{name}", "ref": {"name": "HEAD"}},
    }


def _argocd_plans(starters: list[Manifest], taken: set[str]) -> list[ClusterPlan]:
    clusters = {
        server: _server_name(destination, server)
        for item in starters
        if group_kind(item) == _APPLICATION
        for destination in [item["spec"].get("destination") or {}]
        for server in [_server(destination)]
        if server != IN_CLUSTER
    }
    plane = CONTROL_PLANE if CONTROL_PLANE not in taken else f"{CONTROL_PLANE}-argocd"
    ordered = sorted(starters, key=lambda item: item["kind"] != "AppProject")
    others = [ClusterPlan(name=name, server=server) for server, name in sorted(clusters.items()) if name not in taken]
    return [ClusterPlan(name=plane, server=IN_CLUSTER, bootstrap=tuple(ordered)), *others]


def _server(destination: Json) -> str:
    name = destination.get("name", "")
    server = destination.get("server") or (f"https://{name}.invalid" if name not in ("", "in-cluster") else IN_CLUSTER)
    return str(server).rstrip("/")


def _server_name(destination: Json, server: str) -> str:
    return str(destination.get("name") or (urlsplit(server).hostname or server).split(".")[0])


def _repository_urls(starters: Iterable[Manifest]) -> list[str]:
    """Return the repositories of the Applications that start a control plane: one that lives here names itself."""
    urls: list[str] = []
    for item in starters:
        if group_kind(item) == _APPLICATION:
            spec = item["spec"]
            sources = spec.get("sources") or [spec.get("source") or {}]
            urls += [source["repoURL"] for source in sources if source.get("repoURL") and not source.get("chart")]
    return urls


def _cluster_name(folder: str) -> str:
    parts = [part for part in folder.split("/")[:-1] if part not in ("kubernetes", "flux", "manifests")]
    return parts[-1] if parts else "cluster"
