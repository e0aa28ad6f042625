"""The folders that start clusters by their names and forms: ``flux-system/`` of ``flux bootstrap``, and ``argocd/``."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from nixernetes.objects.api_groups import FLUX_KUSTOMIZE_V1, FLUX_SOURCE
from nixernetes.objects.fields import text_at
from nixernetes.objects.identity import ObjectKey, group_kind, key_of
from nixernetes.objects.kinds import APPLICATION, APPLICATION_SET, KUSTOMIZATION
from nixernetes.objects.manifest import Manifest
from nixernetes.objects.well_known import FLUX_NAMESPACE
from nixernetes.render.estate.estates import DELIVERIES
from nixernetes.render.estate.index import DocumentIndex
from nixernetes.render.estate.made_sources import (
    is_made,
    made_source,
    source_key,
    source_url,
)
from nixernetes.render.estate.reach import Reach, brought_path, place_of
from nixernetes.render.estate.references import folder_of
from nixernetes.render.rendered import Rendered

__all__ = ["argocd_folders", "bootstrapped", "gotk_folders", "inside", "is_delivered", "own_sources"]

_FLUX_FOLDER: Final = FLUX_NAMESPACE
_FLUX: Final = ".toolkit.fluxcd.io"
_ARGOCD_FOLDER: Final = "argocd"
_SYNC_FILE: Final = "gotk-sync.yaml"


def gotk_folders(index: DocumentIndex) -> list[str]:
    """Return the folders ``flux-system`` with a Kustomization and its source: what ``flux bootstrap`` writes."""
    return [folder for folder in index.folders if _last(folder) == _FLUX_FOLDER and _is_bootstrap(index, folder)]


def argocd_folders(index: DocumentIndex) -> list[str]:
    """Return the folders ``argocd`` that hold Applications or ApplicationSets, the outermost ones."""
    found: list[str] = []
    for folder in index.folders:
        if _last(folder) != _ARGOCD_FOLDER or any(folder.startswith(f"{outer}/") for outer in found):
            continue
        if any(group_kind(item.manifest) in (APPLICATION, APPLICATION_SET) for item in inside(index, folder)):
            found.append(folder)
    return found


def inside(index: DocumentIndex, folder: str) -> list[Rendered]:
    """Return the declared objects of a folder and those below, as they are written."""
    return [item for item in index.declared if not folder or item.origin.file.startswith(f"{folder}/")]


def is_delivered(items: Sequence[Rendered], reach: Reach) -> bool:
    """Tell a folder that is merely called so from a bootstrap: a delivery elsewhere brings all that is in it.

    What Argo CD brings is no start of Argo CD, what Flux brings none of Flux.
    """
    starting = [item for item in items if group_kind(item.manifest) in DELIVERIES]
    places = {place_of(item) for item in starting}
    return bool(starting) and all(
        any(
            place_of(by) not in places
            and _is_argocd(by) == _is_argocd(item)
            and not reach.brings(item, [folder_of(by.origin.file)])
            for by in reach.bringing([folder_of(item.origin.file)])
        )
        for item in starting
    )


def bootstrapped(folder: str) -> list[Manifest]:
    """Return what ``flux bootstrap`` would write into a gotk-sync.yaml that is still empty, as templates leave it."""
    kustomization = {
        "apiVersion": FLUX_KUSTOMIZE_V1,
        "kind": "Kustomization",
        "metadata": {"name": _FLUX_FOLDER, "namespace": _FLUX_FOLDER},
        "spec": {
            "interval": "10m0s",
            "path": f"./{folder_of(folder)}",
            "prune": True,
            "sourceRef": {"kind": "GitRepository", "name": _FLUX_FOLDER},
        },
    }
    return [made_source(ObjectKey(FLUX_SOURCE, "GitRepository", _FLUX_FOLDER, _FLUX_FOLDER)), kustomization]


def own_sources(index: DocumentIndex, starters: Iterable[Manifest], folder: str) -> list[str]:
    """Return the URLs of the sources that stand for this repository.

    They are what Kustomizations read that deliver the bootstrap itself; without such, what those read whose path is
    here; without such, the only one.
    """
    items = list(starters)
    urls = {key_of(item): source_url(item) for item in items if group_kind(item).group == FLUX_SOURCE}
    readers = [item for item in items if group_kind(item) == KUSTOMIZATION]
    for chosen in (
        [item for item in readers if _covers(item, folder)],
        [item for item in readers if _path(item) and index.tree.is_dir(_path(item))],
    ):
        read = [urls[source_key(item)] for item in chosen if urls.get(source_key(item))]
        if read:
            return list(dict.fromkeys(url for url in read if not is_made(url)))
    return [url for url in urls.values() if url] if len(urls) == 1 else []


def _is_bootstrap(index: DocumentIndex, folder: str) -> bool:
    """Tell a bootstrap from a folder that is merely called so: it brings its source, or a delivery of itself."""
    objects = [item.manifest for item in inside(index, folder) if group_kind(item.manifest).group.endswith(_FLUX)]
    if not objects:
        return index.tree.is_file(f"{folder}/{_SYNC_FILE}")
    kustomizations = [item for item in objects if group_kind(item) == KUSTOMIZATION]
    has_source = any(group_kind(item).group == FLUX_SOURCE for item in objects)
    return bool(kustomizations) and (has_source or any(_covers(item, folder) for item in kustomizations))


def _covers(kustomization: Manifest, folder: str) -> bool:
    path = _path(kustomization)
    return path in ("", folder) or folder.startswith(f"{path}/")


def _path(kustomization: Manifest) -> str:
    return brought_path(text_at(kustomization, "spec", "path")) or ""


def _is_argocd(item: Rendered) -> bool:
    return group_kind(item.manifest).group == APPLICATION.group


def _last(folder: str) -> str:
    return folder.rpartition("/")[2]
