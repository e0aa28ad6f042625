"""What was deleted from the clusters of what deliveries had brought: said, because nobody sees what is gone."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from nixernetes.cluster.api import Event, EventType
from nixernetes.objects.api_groups import FLUX_HELM, FLUX_KUSTOMIZE
from nixernetes.objects.clocks import Clock
from nixernetes.objects.identity import ObjectKey, key_of
from nixernetes.objects.manifest import Manifest, annotations_of, labels_of
from nixernetes.objects.well_known import ARGOCD_TRACKING_ID, FLUX_OPERATOR_RESOURCE_SET

__all__ = ["Removal", "Removals"]

_KEPT: Final = 1_000  # a view shows the latest; older ones are only counted
_FLUX: Final = (
    (FLUX_KUSTOMIZE, "Kustomization"),
    (FLUX_HELM, "HelmRelease"),
    (FLUX_OPERATOR_RESOURCE_SET, "ResourceSet"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Removal:
    """One object that is gone.

    Attributes:
        time: when it went.
        cluster: the cluster that held it.
        key: the object.
        owner: the delivery that had brought it.

    """

    time: datetime
    cluster: str
    key: ObjectKey
    owner: str


class Removals:
    """Takes note of what goes; beyond a thousand, the oldest are forgotten and only counted.

    Args:
        clock: where time comes from.

    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._recent: deque[Removal] = deque(maxlen=_KEPT)
        self.count = 0

    @property
    def recent(self) -> list[Removal]:
        """The latest, oldest first."""
        return list(self._recent)

    def on_event(self, cluster: str, event: Event) -> None:
        """Take note of one change of a cluster."""
        if event.type is not EventType.DELETED:
            return
        owner = _owner(event.object)
        if owner:
            self.count += 1
            removal = Removal(time=self._clock.now(), cluster=cluster, key=key_of(event.object), owner=owner)
            self._recent.append(removal)


def _owner(manifest: Manifest) -> str:
    """Return the delivery whose marks an object has; what belongs to another object follows that one."""
    if (manifest.get("metadata") or {}).get("ownerReferences"):
        return ""
    labels = labels_of(manifest)
    for group, kind in _FLUX:
        if f"{group}/name" in labels:
            return f"{kind}/{labels.get(f'{group}/namespace')}/{labels[f'{group}/name']}"
    tracked = annotations_of(manifest).get(ARGOCD_TRACKING_ID, "").partition(":")[0]
    return f"Application/{tracked}" if tracked else ""
