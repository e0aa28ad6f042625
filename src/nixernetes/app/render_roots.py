"""What starts the clusters of a repository: the bootstraps, or where there are none, what no delivery delivers.

Repositories that an operator or a script starts hold no bootstrap. There, a delivery whose file is below the path of no
other one is what somebody applies by hand; the source that it reads and nobody declares is this repository. ConfigMaps
and Secrets in the folders of what starts are applied with it, encrypted ones too: deliveries read them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace

from nixernetes.app import discovery
from nixernetes.app.cluster_plans import ClusterPlan
from nixernetes.app.discovery import Found
from nixernetes.app.written import MADE_URL, holds_data, holds_deliveries, missing_sources, origins_of, spec_of, written
from nixernetes.errors import InputError
from nixernetes.objects.identity import ObjectKey, group_kind, key_of
from nixernetes.objects.manifest import Json, Manifest
from nixernetes.render.artifact_generators import ARTIFACT_GENERATOR
from nixernetes.render.delivery_builds import APPLICATION, APPLICATION_SET, HELM_RELEASE, KUSTOMIZATION
from nixernetes.render.rendered import Origin, Rendered
from nixernetes.render.tree import Tree, join

__all__ = ["find_roots"]

_KINDS = (KUSTOMIZATION, HELM_RELEASE, APPLICATION, APPLICATION_SET)
_Place = tuple[Origin, ObjectKey]
_SOURCES = "source.toolkit.fluxcd.io"
_NEEDED = {  # what tells a delivery from a patch of one
    KUSTOMIZATION: ("sourceRef",),
    HELM_RELEASE: ("chart", "chartRef"),
    APPLICATION: ("source", "sources"),
    APPLICATION_SET: ("generators",),
    ARTIFACT_GENERATOR: ("artifacts",),
}


def find_roots(tree: Tree, own: Collection[str] = ()) -> Found:
    """Find what starts each cluster.

    Args:
        tree: the repository.
        own: URLs that are known to be this repository's, as Git knows them.

    Raises:
        NothingToStartError: there is no delivery at all.
        InputError: a file of a folder that starts a cluster is no YAML.

    """
    reason: InputError | None = None
    try:
        found = discovery.discover(tree)
    except discovery.NothingToStartError as error:
        found, reason = Found((), ()), error
    delivered, loose = _split(tree, (*own, *found.urls))
    plans = [plan for plan in found.clusters if plan.bootstrap and not _is_delivered(plan, delivered)]
    if plans:
        return Found([_with_data(tree, plan) for plan in plans], found.urls)
    roots = [item.manifest for item in loose]
    if not any(group_kind(item) in _KINDS for item in roots):
        fact = "no delivery here: no Kustomization, HelmRelease or Application"
        raise discovery.NothingToStartError(fact) from reason
    missing = missing_sources(roots)
    folders = {item.origin.file.rpartition("/")[0] for item in loose}
    beside = [item for item in _data(tree, sorted(folders)) if item.origin.file.rpartition("/")[0] in folders]
    plan = ClusterPlan(name="", bootstrap=(*missing, *roots), origins=origins_of(loose))
    return Found([_joined(plan, beside)], [item["spec"]["url"] for item in missing])


def _is_delivered(plan: ClusterPlan, delivered: Mapping[_Place, Collection[_Place]]) -> bool:
    """Tell a folder that is merely named flux-system from a bootstrap: a delivery elsewhere brings all that is in it.

    What Argo CD brings is no start of Argo CD, what Flux brings none of Flux.
    """
    keys = (key_of(item) for item in plan.bootstrap if group_kind(item) in _KINDS)
    places = [(plan.origins[key], key) for key in keys if key in plan.origins]
    inside = set(places)
    return bool(places) and all(
        any(by not in inside and _is_argocd(by) == _is_argocd(place) for by in delivered.get(place, ()))
        for place in places
    )


def _is_argocd(place: _Place) -> bool:
    return place[1].group == APPLICATION.group


def _with_data(tree: Tree, plan: ClusterPlan) -> ClusterPlan:
    return _joined(plan, _data(tree, plan.folders))


def _joined(plan: ClusterPlan, beside: Iterable[Rendered]) -> ClusterPlan:
    items = list(beside)
    bootstrap = (*(item.manifest for item in items), *plan.bootstrap)
    return replace(plan, bootstrap=bootstrap, origins={**origins_of(items), **plan.origins})


def _data(tree: Tree, folders: Iterable[str]) -> list[Rendered]:
    """Return the ConfigMaps and Secrets of folders, and the generators of artifacts."""
    found: dict[_Place, Rendered] = {}
    for folder in folders:
        for item in written(tree, folder, holds=holds_data, lenient=True):
            key = key_of(item.manifest)
            if key.name and (key[:2] in (("", "ConfigMap"), ("", "Secret")) or key.group_kind == ARTIFACT_GENERATOR):
                found[_place(item)] = item
    return list(found.values())


def _split(tree: Tree, own: Collection[str]) -> tuple[dict[_Place, list[_Place]], list[Rendered]]:
    """Return the objects that paths of deliveries cover, by which, and the objects that none covers."""
    found = [item for item in written(tree, holds=holds_deliveries, lenient=True) if _is_whole(item.manifest)]
    is_here = _Here(tree, [item.manifest for item in found], own)
    readers: dict[str, list[Rendered]] = {}
    for item in found:
        for folder in is_here.folders(item.manifest):
            readers.setdefault(folder, []).append(item)
    delivered: dict[_Place, list[_Place]] = {}
    loose: list[Rendered] = []
    for item in found:
        above = [other for folder in _above(item.origin.file) for other in readers.get(folder, ())]
        # Two that deliver each other start each other: neither is delivered by that alone.
        by = [other for other in above if other is not item and not _reaches(is_here, item, other)]
        if by:
            delivered[_place(item)] = [_place(other) for other in by]
        else:
            loose.append(item)
    return delivered, loose


def _place(item: Rendered) -> _Place:
    return item.origin, key_of(item.manifest)


def _above(path: str) -> Iterator[str]:
    while path:
        path = path.rpartition("/")[0]
        yield path


def _reaches(here: _Here, item: Rendered, other: Rendered) -> bool:
    above = set(_above(other.origin.file))
    return any(folder in above for folder in here.folders(item.manifest))


def _is_whole(data: Manifest) -> bool:
    """Tell a delivery or a source from a patch of one."""
    spec, kind = data.get("spec"), group_kind(data)
    if not key_of(data).name or spec is None:
        return False
    if not isinstance(spec, dict):
        return kind in _KINDS  # nothing patches it so: it is told as what cannot be rendered
    return any(field in spec for field in _NEEDED.get(kind, ())) or kind.group == _SOURCES


class _Here:
    """Tells which folders of this repository deliveries read, as far as their own specs say.

    Args:
        tree: the repository.
        items: what it declares.
        own: URLs that are known to be its own.

    """

    def __init__(self, tree: Tree, items: Iterable[Manifest], own: Collection[str]) -> None:
        self._tree = tree
        self._own = {_spelled(url) for url in own}
        self._urls = {key_of(item): spec_of(item).get("url") for item in items if key_of(item)[0] == _SOURCES}
        self._knows = {_spelled(url) for url in self._urls.values() if isinstance(url, str)} & self._own

    def folders(self, item: Manifest) -> list[str]:
        """Return the folders that a delivery reads here."""
        spec, kind = spec_of(item), group_kind(item)
        found: list[tuple[Json, Json]] = []
        if kind == KUSTOMIZATION:
            found = [(spec.get("path") or "", self._url(item))]
        elif kind == APPLICATION:
            sources = [spec.get("source") or {}, *(spec.get("sources") or [])]
            found = [(source.get("path"), source.get("repoURL")) for source in sources if isinstance(source, dict)]
        joined = [(_joined_path(path), url) for path, url in found if isinstance(path, str)]
        return [path for path, url in joined if path is not None and self._is_here(path, url)]

    def _url(self, item: Manifest) -> Json:
        """Return the URL of a Kustomization's source; None where nobody declares it: that is this repository."""
        reference = spec_of(item).get("sourceRef") or {}
        namespace = reference.get("namespace") or key_of(item).namespace or "default"
        key = ObjectKey(_SOURCES, reference.get("kind") or "", namespace, reference.get("name") or "")
        return self._urls.get(key)

    def _is_here(self, path: str, url: Json) -> bool:
        if not isinstance(url, str) or _spelled(url) in self._own or url.startswith(MADE_URL):
            return True
        # Where no URL is known to be ours, a folder that is here tells; every repository has a top folder.
        return not self._knows and bool(path) and self._tree.is_dir(path)


def _joined_path(path: str) -> str | None:
    try:
        return join("", path.lstrip("/"))
    except InputError:
        return None


def _spelled(url: str) -> str:
    return url.strip().rstrip("/").removesuffix(".git").lower()
