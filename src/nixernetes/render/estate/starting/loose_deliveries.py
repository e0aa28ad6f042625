"""What starts the clusters of a repository without a bootstrap: the deliveries that no other delivery brings.

A delivery that a kustomization beside it does not list is not applied by anybody, and starts nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from nixernetes.objects.api_groups import ARGOPROJ, FLUX_SOURCE
from nixernetes.objects.fields import items_at, mapping_at, text_at
from nixernetes.objects.identity import group_kind, key_of
from nixernetes.objects.kinds import (
    APPLICATION,
    APPLICATION_SET,
    ARGOCD_INSTANCE,
    ARTIFACT_GENERATOR,
    HELM_RELEASE,
    KUSTOMIZATION,
)
from nixernetes.objects.manifest import Manifest
from nixernetes.render.estate.cluster_names import cluster_folder, home_of
from nixernetes.render.estate.reach import Reach
from nixernetes.render.estate.references import References, folder_of
from nixernetes.render.rendered import Rendered

__all__ = ["Loose", "is_whole", "loose_deliveries", "loose_homes"]

_STARTS: Final = (KUSTOMIZATION, HELM_RELEASE, APPLICATION, APPLICATION_SET, ARGOCD_INSTANCE)
_NEEDED: Final = {  # what tells a delivery from a patch of one
    KUSTOMIZATION: ("sourceRef",),
    HELM_RELEASE: ("chart", "chartRef"),
    APPLICATION: ("source", "sources"),
    APPLICATION_SET: ("generators",),
    ARTIFACT_GENERATOR: ("artifacts",),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Loose:
    """A delivery that nothing brings, and the folder that is applied to start it."""

    item: Rendered
    folder: str

    @property
    def is_argocd(self) -> bool:
        """Whether Argo CD delivers it."""
        return group_kind(self.item.manifest).group == ARGOPROJ


def is_whole(data: Manifest) -> bool:
    """Tell a delivery or a source from a patch of one."""
    spec, kind = data.get("spec"), group_kind(data)
    if not key_of(data).name:
        return False
    if kind == ARGOCD_INSTANCE:
        return True
    if spec is None:
        return False
    if not isinstance(spec, dict):
        return kind in _STARTS  # nothing patches it so: it is told as what cannot be rendered
    return any(field in spec for field in _NEEDED.get(kind, ())) or kind.group == FLUX_SOURCE


def loose_deliveries(deliveries: Iterable[Rendered], reach: Reach, references: References) -> list[Loose]:
    """Return the deliveries that nothing brings, in order."""
    found: list[Loose] = []
    for item in deliveries:
        lines = references.lines(item.origin.file)
        if group_kind(item.manifest) not in _STARTS or not lines:
            continue
        # Two that deliver each other start each other: neither is delivered by that alone.
        passed = {folder for line in lines for folder in line}
        by = [other for other in reach.bringing(sorted(passed)) if other is not item]
        if any(not reach.brings(item, [folder_of(other.origin.file)]) for other in by):
            continue
        found += [Loose(item=item, folder=line[-1]) for line in lines]
    return found


def loose_homes(found: Sequence[Loose]) -> dict[str, list[Loose]]:
    """Return the deliveries by the folder that their cluster is named after.

    Where some are below ``clusters/NAME``, only these start clusters. Elsewhere the top folders that differ are
    clusters; those whose deliveries name each other are one. Argo CD's are all of one control plane, unless two of one
    identity show that there are several.
    """
    named = [each for each in found if cluster_folder(each.folder)]
    if named:
        homes: dict[str, list[Loose]] = {}
        for each in named:
            homes.setdefault(cluster_folder(each.folder), []).append(each)
        return homes
    flux = _by_top([each for each in found if not each.is_argocd])
    argocd = [each for each in found if each.is_argocd]
    planes = _by_top(argocd) if _clashes(argocd) else {"": argocd} if argocd else {}
    return {home: [*flux.get(home, ()), *planes.get(home, ())] for home in (*flux, *planes)}


def _clashes(found: Sequence[Loose]) -> bool:
    """Tell whether two of them have one identity."""
    written = {(key_of(each.item.manifest), each.item.origin) for each in found}
    return len({key for key, _ in written}) < len(written)


def _by_top(found: Sequence[Loose]) -> dict[str, list[Loose]]:
    """Group by the top folders that differ, and join groups that name each other."""
    shared = _shared([each.folder for each in found])
    groups: dict[str, list[Loose]] = {}
    for each in found:
        rest = each.folder.removeprefix(f"{shared}/") if shared else each.folder
        top = "" if each.folder == shared else rest.partition("/")[0]
        groups.setdefault(f"{shared}/{top}".strip("/"), []).append(each)
    if len(groups) < 2 or shared in groups:
        return {home_of(shared if len(groups) > 1 else found[0].folder): list(found)} if found else {}
    joined: list[tuple[list[str], list[Loose]]] = []
    for home, items in groups.items():
        linked = [other for other in joined if _name_each_other(other[1], items)]
        joined = [other for other in joined if other not in linked]
        names = [name for other in linked for name in other[0]]
        joined.append(([*names, home], [*(each for other in linked for each in other[1]), *items]))
    return {home_of(_shared(names)): items for names, items in joined}


def _shared(folders: Sequence[str]) -> str:
    """Return the folder that some folders are all in, or are."""
    parts: list[str] = []
    for level in zip(*(folder.split("/") for folder in folders), strict=False):
        if len(set(level)) > 1:
            break
        parts.append(level[0])
    return "/".join(parts)


def _name_each_other(left: Sequence[Loose], right: Sequence[Loose]) -> bool:
    return _names(left, right) or _names(right, left)


def _names(these: Sequence[Loose], those: Sequence[Loose]) -> bool:
    """Tell whether one delivery depends on another."""
    keys = {(key_of(each.item.manifest).kind, key_of(each.item.manifest).name) for each in those}
    return any(
        (key_of(each.item.manifest).kind, text_at(entry, "name")) in keys
        for each in these
        for entry in items_at(mapping_at(each.item.manifest, "spec"), "dependsOn")
    )
