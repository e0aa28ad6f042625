"""What a LimitRange of a namespace gives to containers that do not say it."""

from __future__ import annotations

from nixernetes.objects.fields import mapping_at, objects_at, text_at
from nixernetes.objects.kinds import LIMIT_RANGE
from nixernetes.verify.objects import ClusterObjects

__all__ = ["given_to_containers"]

_REQUESTING = ("defaultRequest", "default", "max", "min")


def given_to_containers(cluster: ClusterObjects, namespace: str) -> frozenset[str]:
    """Return the resources that every container of a namespace requests without saying so.

    A LimitRange gives a request where it has any of its amounts (``SetDefaults_LimitRangeItem``).
    """
    return frozenset(
        resource
        for item in cluster.of(LIMIT_RANGE)
        if item.namespace == namespace
        for limit in objects_at(item.manifest, "spec", "limits")
        if text_at(limit, "type") == "Container"
        for part in _REQUESTING
        for resource in mapping_at(limit, part)
    )
