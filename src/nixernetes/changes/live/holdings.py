"""What each delivery of a cluster has: by the inventories of Flux, the marks of Argo CD, the owners of Applications.

A Kustomization, a ResourceSet and, since Flux 2.8, a HelmRelease keep an inventory in their status. An Application has
what carries its mark (``argocd.argoproj.io/tracking-id``) and nobody else made; an ApplicationSet the Applications that
it owns.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Final

from nixernetes.engine.argocd.comparison.tracking import instance_name
from nixernetes.engine.argocd.settings import Settings
from nixernetes.engine.argocd.sync.hooks import is_hook
from nixernetes.engine.flux.applying import inventory
from nixernetes.objects.fields import at, mapping_at, objects_at, text_at
from nixernetes.objects.identity import ObjectKey, group_kind, key_of
from nixernetes.objects.kinds import APPLICATION, APPLICATION_SET, HELM_RELEASE, KUSTOMIZATION, RESOURCE_SET
from nixernetes.objects.manifest import Manifest
from nixernetes.objects.well_known import ARGOCD_NAMESPACE, IN_CLUSTER

__all__ = [
    "INVENTORIED",
    "KINDS",
    "application_holdings",
    "flux_holdings",
    "lacks_inventory",
    "other_owners",
    "set_holdings",
]

KINDS: Final = (KUSTOMIZATION, HELM_RELEASE, RESOURCE_SET, APPLICATION_SET, APPLICATION)
INVENTORIED: Final = (KUSTOMIZATION, HELM_RELEASE, RESOURCE_SET)


def flux_holdings(deliveries: Mapping[ObjectKey, Manifest]) -> dict[ObjectKey, list[ObjectKey]]:
    """Return what the deliveries of Flux have by their inventories."""
    return {
        key: inventory.keys(mapping_at(manifest, "status"))
        for key, manifest in deliveries.items()
        if key.group_kind in INVENTORIED
    }


def lacks_inventory(release: Manifest) -> bool:
    """Tell whether a HelmRelease has a release and no inventory, as before Flux 2.8."""
    return bool(objects_at(release, "status", "history")) and at(release, "status", "inventory") is None


def application_holdings(
    deliveries: Mapping[ObjectKey, Manifest], found: Iterable[Manifest], settings: Settings
) -> dict[ObjectKey, list[ObjectKey]]:
    """Return what Applications have, by the marks on the objects of a cluster.

    Args:
        deliveries: the deliveries, Applications among them.
        found: the objects of the cluster; their metadata is enough.
        settings: the settings of Argo CD.

    """
    names = _names(deliveries)
    held: dict[ObjectKey, list[ObjectKey]] = {key: [] for key in names.values()}
    for item in found:
        owner = names.get(settings.tracking.owner(item))
        if owner is not None and key_of(item) != owner and _is_held(item, settings):
            held[owner].append(key_of(item))
    return {key: sorted(keys) for key, keys in held.items()}


def other_owners(
    deliveries: Mapping[ObjectKey, Manifest], found: Iterable[Manifest], settings: Settings
) -> dict[str, int]:
    """Return the Applications, as they mark objects, that are none of the deliveries, and how many objects they have.

    Arguments are those of :func:`application_holdings`.
    """
    names = _names(deliveries)
    owners = Counter(settings.tracking.owner(item) for item in found if _is_held(item, settings))
    return {owner: number for owner, number in sorted(owners.items()) if owner and owner not in names}


def _names(deliveries: Mapping[ObjectKey, Manifest]) -> dict[str, ObjectKey]:
    return {
        instance_name(key.namespace, key.name, ARGOCD_NAMESPACE): key
        for key in deliveries
        if key.group_kind == APPLICATION
    }


def _is_held(item: Manifest, settings: Settings) -> bool:
    """Tell whether an object that carries a mark is the Application's own: no copy, no child, no hook."""
    if settings.excludes(group_kind(item), IN_CLUSTER) or objects_at(item, "metadata", "ownerReferences"):
        return False
    return not is_hook(item) and settings.tracking.is_self_referenced(item)


def set_holdings(deliveries: Mapping[ObjectKey, Manifest]) -> dict[ObjectKey, list[ObjectKey]]:
    """Return the Applications that each ApplicationSet owns."""
    sets = {text_at(each, "metadata", "uid"): key for key, each in deliveries.items() if key.kind == "ApplicationSet"}
    held: dict[ObjectKey, list[ObjectKey]] = {key: [] for key in deliveries if key.group_kind == APPLICATION_SET}
    for key in sorted(deliveries):
        if key.group_kind != APPLICATION:
            continue
        for reference in objects_at(deliveries[key], "metadata", "ownerReferences"):
            owner = sets.get(text_at(reference, "uid"))
            if owner is not None:
                held[owner].append(key)
    return held
