"""The revisions of a Deployment: which number each of its ReplicaSets has, what it notes of it, which old ones go.

The rules are ``getNewReplicaSet`` and ``cleanupDeployment`` of kubernetes/pkg/controller/deployment/sync.go, and
``SetNewReplicaSetAnnotations`` of its ``util/deployment_util.go``, 1.34.4.
"""

from __future__ import annotations

from typing import Final

from nixernetes.objects.fields import number_at
from nixernetes.objects.manifest import Json, Manifest, annotations_of
from nixernetes.objects.well_known import KUBECTL_LAST_APPLIED

__all__ = ["DESIRED", "MOST", "REVISION", "copied", "history", "next_revision", "revision_of", "surplus"]

DESIRED: Final = "deployment.kubernetes.io/desired-replicas"
MOST: Final = "deployment.kubernetes.io/max-replicas"
REVISION: Final = "deployment.kubernetes.io/revision"
_HISTORY: Final = "deployment.kubernetes.io/revision-history"
_NOT_COPIED: Final = frozenset(
    (
        REVISION,
        _HISTORY,
        DESIRED,
        MOST,
        "deprecated.deployment.rollback.to",
        KUBECTL_LAST_APPLIED,
    )
)
_LONGEST_HISTORY: Final = 2000
_UNLIMITED: Final = 2**31 - 1


def copied(deployment: Manifest) -> dict[str, str]:
    """Return the annotations that a Deployment hands on to its new ReplicaSet."""
    return {name: text for name, text in annotations_of(deployment).items() if name not in _NOT_COPIED}


def history(replica_set: Manifest) -> dict[str, str]:
    """Return the note of the revisions that a ReplicaSet had, before it gets another one."""
    had = annotations_of(replica_set).get(REVISION, "")
    if not had:
        return {}
    before = [text for text in annotations_of(replica_set).get(_HISTORY, "").split(",") if text]
    while before and len(",".join([*before, had])) > _LONGEST_HISTORY:
        del before[0]
    return {_HISTORY: ",".join([*before, had])}


def next_revision(old: list[Manifest], current: Manifest | None = None) -> int:
    """Return the revision of the current ReplicaSet, if there is one: one more than the latest old one, never less."""
    latest = max((revision_of(one) for one in old), default=0)
    return max(latest + 1, revision_of(current) if current is not None else 0)


def surplus(deployment: Manifest, old: list[Manifest]) -> list[Manifest]:
    """Return which old ReplicaSets go: the earliest beyond ``revisionHistoryLimit``, if they have no pods."""
    limit = number_at(deployment, "spec", "revisionHistoryLimit", default=_UNLIMITED)
    if limit == _UNLIMITED:
        return []
    earliest = sorted(old, key=revision_of)[: max(len(old) - limit, 0)]
    return [one for one in earliest if not _has_pods(one)]


def revision_of(replica_set: Manifest) -> int:
    """Return the revision of a ReplicaSet; 0 where it has none."""
    text = annotations_of(replica_set).get(REVISION, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 20 else 0


def _has_pods(replica_set: Json) -> bool:
    counts = (number_at(replica_set, "status", "replicas"), number_at(replica_set, "spec", "replicas", default=1))
    seen = number_at(replica_set, "status", "observedGeneration")
    return any(counts) or number_at(replica_set, "metadata", "generation") > seen
