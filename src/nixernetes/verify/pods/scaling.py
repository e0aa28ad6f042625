"""Which autoscaler scales a workload."""

from __future__ import annotations

from nixernetes.objects.fields import mapping_at, text_at
from nixernetes.objects.identity import ObjectKey, split_api_version
from nixernetes.objects.kinds import HORIZONTAL_POD_AUTOSCALER, SCALED_OBJECT
from nixernetes.verify.objects import ClusterObjects, Placed

__all__ = ["HORIZONTAL_POD_AUTOSCALER", "SCALED_OBJECT", "scale_target", "scaled_by"]


def scaled_by(cluster: ClusterObjects, workload: ObjectKey) -> Placed | None:
    """Return the HorizontalPodAutoscaler or ScaledObject that scales a workload, or None."""
    return next(
        (item for item in cluster.of(HORIZONTAL_POD_AUTOSCALER, SCALED_OBJECT) if scale_target(item) == workload), None
    )


def scale_target(item: Placed) -> ObjectKey:
    """Return what an autoscaler scales; KEDA means a Deployment where it does not say."""
    target = mapping_at(item.manifest, "spec", "scaleTargetRef")
    group = split_api_version(text_at(target, "apiVersion") or "apps/v1")[0]
    return ObjectKey(group, text_at(target, "kind") or "Deployment", item.namespace, text_at(target, "name"))
