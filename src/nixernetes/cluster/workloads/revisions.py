"""The revisions of a Deployment: which number each of its ReplicaSets has, and which old ones go.

The rules are ``getNewReplicaSet`` and ``cleanupDeployment`` of kubernetes/pkg/controller/deployment/sync.go, 1.33.
"""

from __future__ import annotations

from typing import Final

from nixernetes.objects.fields import number_at
from nixernetes.objects.manifest import Json, Manifest, annotations_of

__all__ = ["REVISION", "next_revision", "surplus"]

REVISION: Final = "deployment.kubernetes.io/revision"
_UNLIMITED: Final = 2**31 - 1


def next_revision(old: list[Manifest], current: Manifest | None = None) -> int:
    """Return the revision of the current ReplicaSet, if there is one: one more than the latest old one, never less."""
    latest = max((_revision(one) for one in old), default=0)
    return max(latest + 1, _revision(current) if current is not None else 0)


def surplus(deployment: Manifest, old: list[Manifest]) -> list[Manifest]:
    """Return which old ReplicaSets go: the earliest beyond ``revisionHistoryLimit``, if they have no pods."""
    limit = number_at(deployment, "spec", "revisionHistoryLimit", default=_UNLIMITED)
    if limit == _UNLIMITED:
        return []
    earliest = sorted(old, key=_revision)[: max(len(old) - limit, 0)]
    return [one for one in earliest if not _has_pods(one)]


def _has_pods(replica_set: Json) -> bool:
    counts = (number_at(replica_set, "status", "replicas"), number_at(replica_set, "spec", "replicas", default=1))
    seen = number_at(replica_set, "status", "observedGeneration")
    return any(counts) or number_at(replica_set, "metadata", "generation") > seen


def _revision(replica_set: Manifest) -> int:
    text = annotations_of(replica_set).get(REVISION, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 20 else 0
