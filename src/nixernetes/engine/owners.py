"""Which delivery an object belongs to, by the marks that its engine left on it."""

from __future__ import annotations

from typing import Final

from nixernetes.objects.api_groups import FLUX_HELM, FLUX_KUSTOMIZE
from nixernetes.objects.fields import objects_at
from nixernetes.objects.identity import GroupKind, ObjectKey
from nixernetes.objects.kinds import APPLICATION, HELM_RELEASE, KUSTOMIZATION, RESOURCE_SET
from nixernetes.objects.manifest import Manifest, annotations_of, labels_of
from nixernetes.objects.well_known import ARGOCD_TRACKING_ID, FLUX_OPERATOR_RESOURCE_SET

__all__ = ["owner_of"]

_MARKS: Final[tuple[tuple[str, GroupKind], ...]] = (
    (FLUX_KUSTOMIZE, KUSTOMIZATION),
    (FLUX_HELM, HELM_RELEASE),
    (FLUX_OPERATOR_RESOURCE_SET, RESOURCE_SET),
)


def owner_of(manifest: Manifest) -> ObjectKey | None:
    """Return the delivery that brought an object; None for what belongs to another object, or to nobody.

    The namespace of an Application is ``""`` where it is the one that Argo CD is installed into.
    """
    if objects_at(manifest, "metadata", "ownerReferences"):
        return None
    labels = labels_of(manifest)
    for group, kind in _MARKS:
        if f"{group}/name" in labels:
            return ObjectKey(*kind, labels.get(f"{group}/namespace", ""), labels[f"{group}/name"])
    tracked = annotations_of(manifest).get(ARGOCD_TRACKING_ID, "").partition(":")[0]
    namespace, _, name = tracked.rpartition("_")
    return ObjectKey(*APPLICATION, namespace, name) if name else None
