"""Charts that change without a new version: helm-controller upgrades nothing then."""

from __future__ import annotations

from collections.abc import Iterator

from nixernetes.changes.applying import chart_of, is_upgraded
from nixernetes.changes.dangers.scene import ClusterScene, listed
from nixernetes.objects.identity import ObjectKey
from nixernetes.objects.kinds import HELM_RELEASE
from nixernetes.verify.findings import Finding, Severity

__all__ = ["find"]


def find(scene: ClusterScene) -> Iterator[Finding]:
    """Yield releases whose chart changes and whose version does not."""
    held: dict[str, list[ObjectKey]] = {}
    for each in scene.cluster.held:
        held.setdefault(each.owner, []).append(each.key)
    for key, new in scene.cluster.head.deliveries.items():
        old = scene.before(key)
        chart = chart_of(new, scene.cluster.head)
        if (scene.cluster.head.objects.hub, key) in scene.head.kept and not scene.cluster.head.objects.is_remote:
            message = (
                f"its chart changes, but its version stays {chart}: what it brings now is the chart as it was "
                "built before; raise the version in Chart.yaml, or set reconcileStrategy: Revision"
            )
            yield scene.say("chart-version", Severity.WARNING, key, message)
            continue
        if key.group_kind != HELM_RELEASE or str(key) not in held or old is None or old.problem or new.problem:
            continue
        if not is_upgraded(old, new, scene.cluster.base, scene.cluster.head):
            message = (
                f"its chart changes, but its version stays {chart}: helm-controller upgrades nothing, and "
                f"this stays as it is: {listed(held[str(key)])}; raise the version in Chart.yaml, or set "
                "reconcileStrategy: Revision"
            )
            yield scene.say("chart-version", Severity.WARNING, key, message)
