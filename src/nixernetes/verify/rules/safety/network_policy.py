"""``network-policy``: a NetworkPolicy selects pods of its namespace."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from nixernetes.objects.fields import mapping_at
from nixernetes.objects.kinds import NETWORK_POLICY
from nixernetes.verify.findings import Severity
from nixernetes.verify.platform_view import PlatformView
from nixernetes.verify.pods.selection import has_strangers, selected
from nixernetes.verify.pods.workloads import pod_templates
from nixernetes.verify.rule import Found, Rule

__all__ = ["RULE"]


def _check(view: PlatformView) -> Iterator[Found]:
    for cluster in view.clusters:
        inhabited = {pod.owner.namespace for pod in pod_templates(cluster)}
        for item in cluster.of(NETWORK_POLICY):
            selector = mapping_at(item.manifest, "spec", "podSelector")
            if not selector or item.namespace not in inhabited or has_strangers(cluster, item.namespace):
                continue
            if next(iter(selected(cluster, item.namespace, selector)), None) is None:
                message = "it selects no pods, and protects nothing: no workload of its namespace has these labels"
                yield Found(cluster=cluster, subject=item, message=message, path=("spec", "podSelector"))


RULE: Final = Rule(
    name="network-policy",
    topic="selector",
    severity=Severity.WARNING,
    sentence="A NetworkPolicy selects pods of its namespace.",
    check=_check,
)
