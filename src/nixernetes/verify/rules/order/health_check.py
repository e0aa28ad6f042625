"""``health-check``: what a Kustomization waits for exists, is not suspended, and can be ready within its timeout."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from nixernetes.errors import InputError
from nixernetes.health.expressions import unreadable
from nixernetes.objects.api_groups import FLUX_DOMAIN
from nixernetes.objects.durations import parse_duration
from nixernetes.objects.fields import flag_at, mapping_at, number_at, objects_at, text_at
from nixernetes.objects.identity import ObjectKey, split_api_version
from nixernetes.objects.kinds import HELM_RELEASE, JOB, KUSTOMIZATION, PERSISTENT_VOLUME_CLAIM, STORAGE_CLASS
from nixernetes.render.deliveries import Delivery
from nixernetes.render.dependency_circles import dependencies_of
from nixernetes.verify.cluster_schemas import schemas_of
from nixernetes.verify.findings import Severity
from nixernetes.verify.objects import ClusterObjects, Placed
from nixernetes.verify.platform_view import PlatformView
from nixernetes.verify.pods.selection import has_strangers
from nixernetes.verify.pods.workloads import containers, template_of
from nixernetes.verify.rule import Found, Rule

__all__ = ["RULE"]


_SUSPENDED: Final = (KUSTOMIZATION, HELM_RELEASE, JOB)
_USUAL: Final = "5m"  # of helm-controller, where no timeout is set


def _check(view: PlatformView) -> Iterator[Found]:
    for cluster in view.clusters:
        for delivery in cluster.deliveries:
            if delivery.key.group_kind in (KUSTOMIZATION, HELM_RELEASE):
                yield from _depending(view, cluster, delivery)
                yield from _expressions(cluster, delivery)
            if delivery.key.group_kind == HELM_RELEASE and not delivery.problem:
                yield from _slow(cluster, delivery)
            if delivery.key.group_kind == KUSTOMIZATION and not delivery.problem:
                yield from _named(cluster, delivery)
                yield from _unserved(view, cluster, delivery)
                if flag_at(delivery.manifest, "spec", "wait"):
                    yield from _suspended(view, cluster, delivery)
                    yield from _unbound(view, cluster, delivery)
                yield from _late(cluster, delivery)


def _named(cluster: ClusterObjects, delivery: Delivery) -> Iterator[Found]:
    if flag_at(delivery.manifest, "spec", "wait"):
        return  # the list is not looked at then
    for index, each in enumerate(objects_at(delivery.manifest, "spec", "healthChecks")):
        group = split_api_version(text_at(each, "apiVersion"))[0]
        wanted = ObjectKey(group, text_at(each, "kind"), text_at(each, "namespace"), text_at(each, "name"))
        named = [key for key in cluster.by_key if key[:2] == wanted[:2] and key.name == wanted.name]
        if wanted in named or any(not key.namespace for key in named):
            continue
        if not named and (cluster.may_have(wanted.namespace) or _is_of_charts(cluster, wanted)):
            continue
        where = f": {named[0]} is there" if named else ""
        message = f"it waits for {wanted}, which does not exist, so it is never ready{where}"
        twins = any(key.name == wanted.name and key.namespace != wanted.namespace for key in named)
        path = ("spec", "healthChecks", index, "namespace" if twins else "name")
        yield Found(cluster=cluster, subject=delivery, message=message, path=path)


def _is_of_charts(cluster: ClusterObjects, wanted: ObjectKey) -> bool:
    """Tell whether an operator or a release that is not rendered may make what is waited for."""
    return any(
        "." in key.group and not key.group.endswith((".k8s.io", FLUX_DOMAIN)) and key.namespace == wanted.namespace
        for key in cluster.by_key
    )


def _suspended(view: PlatformView, cluster: ClusterObjects, delivery: Delivery) -> Iterator[Found]:
    for item in cluster.brought_by(delivery.key):
        if item.key.group_kind in _SUSPENDED and flag_at(item.manifest, "spec", "suspend"):
            message = f"it is suspended, and {delivery.key} waits for it: at its first installation that is never ready"
            related = [(view.place(delivery, ("spec", "wait")), "waits here")]
            path = ("spec", "suspend")
            severity = Severity.WARNING
            yield Found(cluster=cluster, subject=item, message=message, path=path, severity=severity, related=related)


def _unserved(view: PlatformView, cluster: ClusterObjects, delivery: Delivery) -> Iterator[Found]:
    """Yield a finding where a health check asks in an API version that the cluster does not serve."""
    schemas = schemas_of(view, cluster)
    for index, each in enumerate(objects_at(delivery.manifest, "spec", "healthChecks")):
        version, kind = text_at(each, "apiVersion"), text_at(each, "kind")
        asked = {"apiVersion": version, "kind": kind}
        gone, served = schemas.removed(asked), schemas.unserved(asked)
        if gone is None and served is None:
            continue
        instead = (
            gone.replacement if gone is not None else f"{split_api_version(version)[0]}/{' or '.join(served or ())}"
        )
        message = f"it asks for {kind} in {version}, which is not served, so it is never ready: use {instead}"
        path = ("spec", "healthChecks", index, "apiVersion")
        yield Found(cluster=cluster, subject=delivery, message=message, path=path)


def _unbound(view: PlatformView, cluster: ClusterObjects, delivery: Delivery) -> Iterator[Found]:
    """Yield claims that are bound when a pod needs them, where no pod of the same delivery does (kstatus: Pending)."""
    late = {
        item.key.name
        for item in cluster.of(STORAGE_CLASS)
        if text_at(item.manifest, "volumeBindingMode") == "WaitForFirstConsumer"
    }
    mine = cluster.brought_by(delivery.key)
    used = {
        (item.namespace, text_at(volume, "persistentVolumeClaim", "claimName"))
        for item in (mine if late else ())
        for pod in filter(None, [template_of(item)])
        for volume in objects_at(pod.spec, "volumes")
    }
    for item in mine if late else ():
        if item.key.group_kind != PERSISTENT_VOLUME_CLAIM or (item.namespace, item.key.name) in used:
            continue
        if text_at(item.manifest, "spec", "storageClassName") in late and not has_strangers(cluster, item.namespace):
            message = (
                f"its StorageClass binds it when a pod needs it, no pod of {delivery.key} does, and that one waits for "
                "it: it is never ready"
            )
            related = [(view.place(delivery, ("spec", "wait")), "waits here")]
            severity = Severity.WARNING
            path = ("spec", "storageClassName")
            yield Found(cluster=cluster, subject=item, message=message, path=path, severity=severity, related=related)


def _depending(view: PlatformView, cluster: ClusterObjects, delivery: Delivery) -> Iterator[Found]:
    """Yield a finding where a delivery depends on one that is suspended."""
    for index, key in enumerate(dependencies_of(delivery.manifest)):
        needed = cluster.get(key)
        if needed is not None and flag_at(needed.manifest, "spec", "suspend"):
            message = f"it is suspended, and {delivery.key} depends on it: at its first installation that never starts"
            related = [(view.place(delivery, ("spec", "dependsOn", index, "name")), "depends on it")]
            path = ("spec", "suspend")
            severity = Severity.WARNING
            yield Found(cluster=cluster, subject=needed, message=message, path=path, severity=severity, related=related)


def _expressions(cluster: ClusterObjects, delivery: Delivery) -> Iterator[Found]:
    """Yield a finding where an expression by which health is told cannot be read."""
    for index, each in enumerate(objects_at(delivery.manifest, "spec", "healthCheckExprs")):
        for field in ("current", "inProgress", "failed"):
            source = text_at(each, field)
            problem = unreadable(source) if source else ""
            if problem:
                path = ("spec", "healthCheckExprs", index, field)
                yield Found(cluster=cluster, subject=delivery, message=problem, path=path)


def _late(cluster: ClusterObjects, delivery: Delivery) -> Iterator[Found]:
    """Yield a finding where a workload cannot be ready before the Kustomization gives up."""
    spec = mapping_at(delivery.manifest, "spec")
    timeout = _duration(text_at(spec, "timeout")) or _duration(text_at(spec, "interval"))
    checks = {(text_at(each, "kind"), text_at(each, "name")) for each in objects_at(spec, "healthChecks")}
    if timeout is None:
        return
    for item in cluster.brought_by(delivery.key):
        if not flag_at(spec, "wait") and (item.key.kind, item.key.name) not in checks:
            continue
        delay = _delay(item)
        if delay > timeout:
            seconds, limit = int(delay.total_seconds()), int(timeout.total_seconds())
            message = f"its timeout is {limit} s, and {item.key} is not ready before {seconds} s: every roll-out fails"
            yield Found(
                cluster=cluster,
                subject=delivery,
                message=message,
                path=("spec", "timeout"),
                severity=Severity.WARNING,
            )


def _slow(cluster: ClusterObjects, delivery: Delivery) -> Iterator[Found]:
    """Yield a finding where a workload of a release cannot be ready before its installation gives up."""
    spec = mapping_at(delivery.manifest, "spec")
    if flag_at(spec, "install", "disableWait"):
        return
    own = text_at(spec, "install", "timeout")
    timeout = _duration(own or text_at(spec, "timeout") or _USUAL)
    for item in cluster.brought_by(delivery.key) if timeout is not None else ():
        delay = _delay(item)
        if timeout is not None and delay > timeout:
            seconds, limit = int(delay.total_seconds()), int(timeout.total_seconds())
            message = f"its timeout is {limit} s, and {item.key} is not ready before {seconds} s: it is never installed"
            path = ("spec", "install", "timeout") if own else ("spec", "timeout")
            yield Found(cluster=cluster, subject=delivery, message=message, path=path, severity=Severity.WARNING)
            return


def _delay(item: Placed) -> timedelta:
    """Return how long the probes of a workload wait at least before it can be ready."""
    pod = template_of(item)
    seconds = 0
    for _, container in containers(pod) if pod is not None else ():
        startup = number_at(container, "startupProbe", "initialDelaySeconds")
        seconds = max(seconds, startup + number_at(container, "readinessProbe", "initialDelaySeconds"))
    return timedelta(seconds=seconds + number_at(item.manifest, "spec", "minReadySeconds"))


def _duration(text: str) -> timedelta | None:
    try:
        return parse_duration(text) if text else None
    except (InputError, ValueError):
        return None


RULE: Final = Rule(
    name="health-check",
    topic="ready-never",
    severity=Severity.ERROR,
    sentence="What a Kustomization waits for exists, is not suspended, and can become ready in time.",
    check=_check,
)
