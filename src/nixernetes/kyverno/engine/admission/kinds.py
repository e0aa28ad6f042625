"""Which kinds decide about what is written, and of what Kyverno is not asked as it is installed by default."""

from __future__ import annotations

from typing import Final

from nixernetes.objects.api_groups import KYVERNO
from nixernetes.objects.identity import GroupKind

__all__ = ["DELETING", "EXCEPTIONS", "FILTERED_NAMESPACES", "GENERATING", "JUDGING", "RULED"]

_CEL: Final = f"policies.{KYVERNO}"
RULED: Final = (GroupKind(KYVERNO, "ClusterPolicy"), GroupKind(KYVERNO, "Policy"))
JUDGING: Final = (
    *RULED,
    *(
        GroupKind(_CEL, f"{prefix}{kind}")
        for kind in ("ValidatingPolicy", "MutatingPolicy", "ImageValidatingPolicy")
        for prefix in ("", "Namespaced")
    ),
)
GENERATING: Final = (GroupKind(_CEL, "GeneratingPolicy"), GroupKind(_CEL, "NamespacedGeneratingPolicy"))
DELETING: Final = (
    GroupKind(KYVERNO, "ClusterCleanupPolicy"),
    GroupKind(KYVERNO, "CleanupPolicy"),
    GroupKind(_CEL, "DeletingPolicy"),
    GroupKind(_CEL, "NamespacedDeletingPolicy"),
)
EXCEPTIONS: Final = (GroupKind(KYVERNO, "PolicyException"), GroupKind(_CEL, "PolicyException"))
FILTERED_NAMESPACES: Final = ("kube-system", "kube-public", "kube-node-lease", "kyverno")
