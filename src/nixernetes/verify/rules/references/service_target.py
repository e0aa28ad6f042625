"""``service-target``: a Service selects pods, and the ports that are named on the way to them exist."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from nixernetes.objects.api_groups import GATEWAY_API
from nixernetes.objects.fields import at, mapping_at, objects_at, text_at
from nixernetes.objects.identity import ObjectKey
from nixernetes.objects.kinds import GATEWAY, INGRESS, SERVICE
from nixernetes.objects.manifest import Manifest
from nixernetes.verify.findings import Severity
from nixernetes.verify.hints import meant
from nixernetes.verify.objects import ClusterObjects, Placed
from nixernetes.verify.platform_view import PlatformView
from nixernetes.verify.pods.selection import has_strangers, selected
from nixernetes.verify.pods.workloads import PodTemplate, containers, pod_templates, ports
from nixernetes.verify.references.graph import walked
from nixernetes.verify.rule import Found, Rule

__all__ = ["RULE"]

_BACKENDS: Final = ("spec.defaultBackend.service", "spec.rules.[].http.paths.[].backend.service")

_PROBES: Final = ("livenessProbe", "readinessProbe", "startupProbe")


def _check(view: PlatformView) -> Iterator[Found]:
    for cluster in view.clusters:
        for pod in pod_templates(cluster):
            yield from _probes(cluster, pod)
        for item in cluster.of(SERVICE):
            yield from _service(cluster, item)
        for item in cluster.of(INGRESS):
            yield from _ingress(cluster, item)
        for kind, items in cluster.by_kind.items():
            if kind.group == GATEWAY_API and kind.kind.endswith("Route"):
                for item in items:
                    yield from _route(cluster, item)
        for item in cluster.of(GATEWAY):
            yield from _certificates(cluster, item)


def _service(cluster: ClusterObjects, item: Placed) -> Iterator[Found]:
    selector = mapping_at(item.manifest, "spec", "selector")
    if not selector or text_at(item.manifest, "spec", "type") == "ExternalName":
        return
    pods = list(selected(cluster, item.namespace, {"matchLabels": selector}))
    if not pods:
        if not has_strangers(cluster, item.namespace):
            message = "it selects no pods: no workload of its namespace has these labels"
            path = ("spec", "selector")
            yield Found(cluster=cluster, subject=item, message=message, path=path, severity=Severity.WARNING)
        return
    names = {text_at(port, "name") for pod in pods for _, port in ports(pod)} - {""}
    for index, port in enumerate(objects_at(item.manifest, "spec", "ports")):
        target = port.get("targetPort")
        if isinstance(target, str) and not target.isdigit() and target not in names:
            message = f"its target port {target} is not a port of the pods that it selects{meant(target, names)}"
            yield Found(cluster=cluster, subject=item, message=message, path=("spec", "ports", index, "targetPort"))


def _probes(cluster: ClusterObjects, pod: PodTemplate) -> Iterator[Found]:
    """Yield a finding where a probe names a port that its container does not have."""
    for path, container in containers(pod):
        names = {text_at(port, "name") for port in objects_at(container, "ports")} - {""}
        for probe in _PROBES:
            for how in ("httpGet", "tcpSocket"):
                port = at(container, probe, how, "port")
                if isinstance(port, str) and not port.isdigit() and port not in names:
                    message = f"its container {text_at(container, 'name')} has no port {port}{meant(port, names)}"
                    where = (*path, probe, how, "port")
                    yield Found(cluster=cluster, subject=pod.owner, message=message, path=where)


def _ingress(cluster: ClusterObjects, item: Placed) -> Iterator[Found]:
    for where in _BACKENDS:
        for path, backend in walked(item.manifest, where):
            name, port = text_at(backend, "name"), mapping_at(backend, "port")
            service = cluster.get(ObjectKey("", "Service", item.namespace, name))
            wanted = port.get("name") or port.get("number")
            if service is not None and wanted and not _has_port(service.manifest, wanted):
                message = f"{service.key} has no port {wanted}: it has {_ports(service.manifest)}"
                field = "name" if port.get("name") else "number"
                yield Found(
                    cluster=cluster,
                    subject=item,
                    message=message,
                    path=(*path, "port", field),
                    topic="ref-missing",
                )


def _route(cluster: ClusterObjects, item: Placed) -> Iterator[Found]:
    for path, backend in walked(item.manifest, "spec.rules.[].backendRefs.[]"):
        if text_at(backend, "kind") not in ("", "Service"):
            continue
        space = text_at(backend, "namespace") or item.namespace
        service = cluster.get(ObjectKey("", "Service", space, text_at(backend, "name")))
        port = at(backend, "port")
        if service is None:
            continue
        if port is not None and not _has_port(service.manifest, port):
            message = f"{service.key} has no port {port}: it has {_ports(service.manifest)}"
            yield Found(cluster=cluster, subject=item, message=message, path=(*path, "port"), topic="ref-missing")
        if space != item.namespace and not _is_granted(cluster, item, service.key):
            message = (
                f"{service.key} is in another namespace, and no ReferenceGrant there allows it: the route refuses it"
            )
            yield Found(cluster=cluster, subject=item, message=message, path=(*path, "namespace"), topic="ref-missing")


def _has_port(service: Manifest, wanted: str | int) -> bool:
    """Tell whether a Service has a port; an ExternalName without ports has the numbers of where it leads."""
    if text_at(service, "spec", "type") == "ExternalName" and not objects_at(service, "spec", "ports"):
        return isinstance(wanted, int)
    return any(wanted in (port.get("port"), port.get("name")) for port in objects_at(service, "spec", "ports"))


def _ports(service: Manifest) -> str:
    found = [
        f"{port.get('port')} ({text_at(port, 'name')})" if port.get("name") else str(port.get("port"))
        for port in objects_at(service, "spec", "ports")
    ]
    return ", ".join(found) or "none"


def _certificates(cluster: ClusterObjects, item: Placed) -> Iterator[Found]:
    """Yield a finding where a Gateway takes a certificate of another namespace that does not grant it."""
    for path, reference in walked(item.manifest, "spec.listeners.[].tls.certificateRefs.[]"):
        space = text_at(reference, "namespace") or item.namespace
        target = ObjectKey("", text_at(reference, "kind") or "Secret", space, text_at(reference, "name"))
        if space != item.namespace and not _is_granted(cluster, item, target):
            message = (
                f"{target} is in another namespace, and no ReferenceGrant there allows it: the listener has no "
                "certificate"
            )
            yield Found(cluster=cluster, subject=item, message=message, path=(*path, "namespace"), topic="ref-missing")


def _is_granted(cluster: ClusterObjects, who: Placed, target: ObjectKey) -> bool:
    for grant in (item for kind, items in cluster.by_kind.items() if kind.kind == "ReferenceGrant" for item in items):
        if grant.namespace != target.namespace:
            continue
        allows_from = any(
            (text_at(each, "group"), text_at(each, "kind"), text_at(each, "namespace"))
            == (who.key.group, who.key.kind, who.namespace)
            for each in objects_at(grant.manifest, "spec", "from")
        )
        allows_to = any(
            (text_at(each, "group"), text_at(each, "kind")) == (target.group, target.kind)
            and text_at(each, "name") in ("", target.name)
            for each in objects_at(grant.manifest, "spec", "to")
        )
        if allows_from and allows_to:
            return True
    return cluster.may_have(target.namespace)


RULE: Final = Rule(
    name="service-target",
    topic="selector",
    severity=Severity.ERROR,
    sentence="A Service selects pods, and all ports on the way to them exist.",
    check=_check,
)
