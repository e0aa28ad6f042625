"""Claims in use are protected: a finalizer keeps one that is deleted until no pod of its namespace uses it any more.

After Kubernetes 1.34: the admission plugin StorageObjectInUseProtection puts the finalizer on, the controller
``pkg/controller/volume/pvcprotection`` takes it off; pods that are done use nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from nixernetes.objects.fields import items_at, objects_at, text_at
from nixernetes.objects.manifest import Manifest

__all__ = ["PROTECTION", "is_in_use", "protected"]

PROTECTION: Final = "kubernetes.io/pvc-protection"


def protected(claim: Manifest) -> Manifest:
    """Return a new claim with the finalizer that protects it."""
    finalizers = items_at(claim, "metadata", "finalizers")
    if PROTECTION in finalizers:
        return claim
    return {**claim, "metadata": {**claim["metadata"], "finalizers": [*finalizers, PROTECTION]}}


def is_in_use(claim: Manifest, pods: Iterable[Manifest]) -> bool:
    """Tell whether a pod uses a claim.

    Args:
        claim: the claim.
        pods: the pods of its namespace.

    """
    name = claim["metadata"]["name"]
    return any(
        text_at(volume, "persistentVolumeClaim", "claimName") == name
        for pod in pods
        if text_at(pod, "status", "phase") not in ("Succeeded", "Failed")
        for volume in objects_at(pod, "spec", "volumes")
    )
