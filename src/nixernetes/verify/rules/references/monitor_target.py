"""``monitor-target``: a ServiceMonitor or PodMonitor selects something, and the ports that it asks for exist."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from nixernetes.objects.fields import flag_at, items_at, mapping_at, objects_at, text_at
from nixernetes.objects.kinds import POD_MONITOR, SERVICE, SERVICE_MONITOR
from nixernetes.objects.manifest import labels_of
from nixernetes.verify.findings import Severity
from nixernetes.verify.hints import meant
from nixernetes.verify.objects import ClusterObjects, Placed
from nixernetes.verify.platform_view import PlatformView
from nixernetes.verify.pods.selection import has_strangers, selected, selects
from nixernetes.verify.pods.workloads import pod_templates, ports
from nixernetes.verify.rule import Found, Rule

__all__ = ["RULE"]

_UNKNOWN: Final = {"kube-system"}  # what a distribution runs there is not in the repository


def _check(view: PlatformView) -> Iterator[Found]:
    for cluster in view.clusters:
        inhabited = {pod.owner.namespace for pod in pod_templates(cluster)}
        for item in cluster.of(SERVICE_MONITOR, POD_MONITOR):
            spaces = _namespaces(item)
            is_known = bool(spaces) and inhabited.issuperset(spaces)
            if is_known and not any(has_strangers(cluster, space) for space in spaces):
                yield from _asked(cluster, item, spaces)
            elif item.key.group_kind == SERVICE_MONITOR:
                yield from _elsewhere(cluster, item, spaces)


def _namespaces(item: Placed) -> list[str]:
    """Return the namespaces that a monitor looks at; none where it looks at all, or at what nobody here knows."""
    selector = mapping_at(item.manifest, "spec", "namespaceSelector")
    if flag_at(selector, "any"):
        return []
    named = [str(each) for each in items_at(selector, "matchNames")] or [item.namespace]
    return [] if _UNKNOWN & set(named) else named


def _elsewhere(cluster: ClusterObjects, item: Placed, spaces: Sequence[str]) -> Iterator[Found]:
    """Yield a finding where the Services that a monitor means are in a namespace that it does not look at."""
    selector = mapping_at(item.manifest, "spec", "selector")
    if not selector or any(has_strangers(cluster, space) for space in spaces or [item.namespace]):
        return
    meant_here = [each for each in cluster.of(SERVICE) if selects(selector, labels_of(each.manifest))]
    homes = sorted({each.namespace for each in meant_here})
    if any(has_strangers(cluster, space) for space in homes) or not homes:
        return
    if flag_at(item.manifest, "spec", "namespaceSelector", "any"):
        yield from _asked(cluster, item, homes)
    elif spaces and not set(homes) & set(spaces):
        message = (
            f"it selects no Services of {', '.join(spaces)}: {meant_here[0].key} has these labels, so name its "
            "namespace in namespaceSelector"
        )
        yield Found(cluster=cluster, subject=item, message=message, path=("spec", "selector"))


def _asked(cluster: ClusterObjects, item: Placed, spaces: Sequence[str]) -> Iterator[Found]:
    selector = mapping_at(item.manifest, "spec", "selector")
    is_of_pods = item.key.group_kind == POD_MONITOR
    names: set[str] = set()
    if is_of_pods:
        pods = [pod for space in spaces for pod in selected(cluster, space, selector)]
        names = {text_at(port, "name") for pod in pods for _, port in ports(pod)}
        is_there = bool(pods)
    else:
        services = [each for each in cluster.of(SERVICE) if each.namespace in spaces]
        services = [each for each in services if selects(selector, labels_of(each.manifest))]
        names = {text_at(port, "name") for each in services for port in objects_at(each.manifest, "spec", "ports")}
        is_there = bool(services)
    what = "pods" if is_of_pods else "Services"
    if not is_there:
        message = f"it selects no {what}: none of its namespace has these labels"
        yield Found(cluster=cluster, subject=item, message=message, path=("spec", "selector"))
        return
    part = "podMetricsEndpoints" if is_of_pods else "endpoints"
    for index, endpoint in enumerate(objects_at(item.manifest, "spec", part)):
        port = text_at(endpoint, "port")
        if port and port not in names:
            message = f"none of the {what} that it selects has a port {port}{meant(port, names - {''})}"
            yield Found(cluster=cluster, subject=item, message=message, path=("spec", part, index, "port"))


RULE: Final = Rule(
    name="monitor-target",
    topic="selector",
    severity=Severity.WARNING,
    sentence="A ServiceMonitor or PodMonitor selects something, and its ports exist.",
    check=_check,
)
