"""``unschedulable-pods``: where the settings name the nodes of a cluster, every pod fits on one of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from nixernetes.cost.node_pools import Misfit, NodePool
from nixernetes.objects.kinds import DAEMON_SET
from nixernetes.verify.findings import Severity
from nixernetes.verify.platform_view import PlatformView
from nixernetes.verify.pods.workloads import pod_templates
from nixernetes.verify.rule import Found, Rule

__all__ = ["RULE"]

_NAMED: Final = 4  # pools that are named with their reason


def _check(view: PlatformView) -> Iterator[Found]:
    for cluster in view.clusters:
        pools = view.node_pools.get(cluster.name)
        if not pools:
            continue
        for pod in pod_templates(cluster):
            if pod.owner.key.group_kind == DAEMON_SET:  # it runs where it fits, be it nowhere
                continue
            misfits = [each.misfit(pod.spec) for each in pools]
            told = [each for each in misfits if each is not None]
            if len(told) == len(pools):
                path = (*pod.path, "spec", *told[0].path)
                yield Found(cluster=cluster, subject=pod.owner, message=_message(pools, told), path=path)


def _message(pools: Sequence[NodePool], misfits: Sequence[Misfit]) -> str:
    reasons = [f"{pool.name} {misfit.reason}" for pool, misfit in zip(pools, misfits, strict=True)]
    more = f"; and {len(reasons) - _NAMED} more" if len(reasons) > _NAMED else ""
    return f"no node pool takes its pods, which stay Pending: {'; '.join(reasons[:_NAMED])}{more}"


RULE: Final = Rule(
    name="unschedulable-pods",
    topic="scheduling",
    severity=Severity.ERROR,
    sentence="Every pod fits on one of the nodes in the settings.",
    check=_check,
)
