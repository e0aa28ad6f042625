"""``replaced-claim``: nothing tells Argo CD to delete and create again what holds data."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from nixernetes.objects.fields import items_at
from nixernetes.objects.kinds import APPLICATION, NAMESPACE, PERSISTENT_VOLUME, PERSISTENT_VOLUME_CLAIM, STATEFUL_SET
from nixernetes.objects.manifest import annotations_of
from nixernetes.objects.well_known import ARGOCD_SYNC_OPTIONS
from nixernetes.verify.findings import Severity
from nixernetes.verify.platform_view import PlatformView
from nixernetes.verify.rule import Found, Rule

__all__ = ["RULE"]

_HOLDING: Final = (PERSISTENT_VOLUME_CLAIM, STATEFUL_SET, PERSISTENT_VOLUME, NAMESPACE)


def _check(view: PlatformView) -> Iterator[Found]:
    for cluster in view.clusters:
        for item in cluster.of(*_HOLDING):
            owner = item.owner
            if owner is None or owner.key.group_kind != APPLICATION:
                continue
            own = annotations_of(item.manifest).get(ARGOCD_SYNC_OPTIONS, "").replace(" ", "").split(",")
            given = [str(each) for each in items_at(owner.manifest, "spec", "syncPolicy", "syncOptions")]
            if "Force=true" in own and "Replace=true" in (*own, *given):
                message = "Force=true with Replace=true deletes it, with its data, at every change: leave one out"
                path = ("metadata", "annotations", ARGOCD_SYNC_OPTIONS)
                yield Found(cluster=cluster, subject=item, message=message, path=path)


RULE: Final = Rule(
    name="replaced-claim",
    topic="sync-option",
    severity=Severity.WARNING,
    sentence="Nothing tells Argo CD to delete and recreate objects that hold data.",
    check=_check,
)
