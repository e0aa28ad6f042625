"""The namespace that an Application deploys to, as ``managedNamespaceMetadata`` wants it.

The rules are those of ``controller/sync_namespace.go``, and of ``HasChangedManagedNamespaceMetadata`` of Argo CD 3.5.
"""

from __future__ import annotations

from nixernetes.engine.argocd.statuses import OperationState
from nixernetes.objects.fields import at, mapping_at
from nixernetes.objects.manifest import Json, Manifest
from nixernetes.objects.well_known import ARGOCD_SYNC_OPTIONS

__all__ = ["has_changed", "managed_namespace"]


def managed_namespace(name: str, wanted: Json) -> Manifest:
    """Return a namespace with the metadata that is wanted for it; the server applies it, so that others' stays."""
    meta: Json = {"name": name}
    if wanted is not None:
        labels = mapping_at(wanted, "labels")
        meta.update({"labels": labels} if labels else {})
        meta["annotations"] = {**mapping_at(wanted, "annotations"), ARGOCD_SYNC_OPTIONS: "ServerSideApply=true"}
    return {"apiVersion": "v1", "kind": "Namespace", "metadata": meta}


def has_changed(app: Manifest) -> bool:
    """Tell whether the metadata that an Application wants is not what was synced last."""
    wanted = at(app, "spec", "syncPolicy", "managedNamespaceMetadata")
    synced = OperationState.of(app).result
    return wanted is not None and bool(synced) and wanted != synced.get("managedNamespaceMetadata")
