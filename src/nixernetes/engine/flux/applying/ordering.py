"""The order in which objects are applied, and its stages (Flux, section 6.1)."""

from __future__ import annotations

from collections.abc import Iterable

from nixernetes.objects.identity import ObjectKey, key_of
from nixernetes.objects.manifest import Manifest

__all__ = ["sort_key", "stages"]

_FIRST = (
    "CustomResourceDefinition",
    "Namespace",
    "ClusterRole",
    "ClusterClass",
    "RuntimeClass",
    "PriorityClass",
    "StorageClass",
    "VolumeSnapshotClass",
    "IngressClass",
    "GatewayClass",
    "ClusterRoleBinding",
    "ResourceQuota",
    "ServiceAccount",
    "Role",
    "RoleBinding",
    "ConfigMap",
    "Secret",
    "Service",
    "LimitRange",
    "Deployment",
    "StatefulSet",
    "CronJob",
    "PodDisruptionBudget",
)
_LAST = ("MutatingWebhookConfiguration", "ValidatingWebhookConfiguration")
_RANKS = {kind: rank for rank, kind in enumerate(_FIRST)} | {kind: 1000 + rank for rank, kind in enumerate(_LAST)}
_DEFINITIONS = frozenset({"CustomResourceDefinition", "Namespace", "ClusterRole"})


def sort_key(key: ObjectKey) -> tuple[int, str, str, str, str]:
    """Return what objects are sorted by: the rank of the kind, then group, kind, namespace and name."""
    return (_RANKS.get(key.kind, 500), key.group, key.kind, key.namespace, key.name)


def stages(manifests: Iterable[Manifest]) -> tuple[list[Manifest], list[Manifest], list[Manifest]]:
    """Split objects into definitions, classes and the rest, each sorted."""
    found: tuple[list[Manifest], list[Manifest], list[Manifest]] = ([], [], [])
    for manifest in sorted(manifests, key=lambda one: sort_key(key_of(one))):
        kind = manifest.get("kind") or ""
        found[0 if kind in _DEFINITIONS else 1 if kind.endswith("Class") else 2].append(manifest)
    return found
