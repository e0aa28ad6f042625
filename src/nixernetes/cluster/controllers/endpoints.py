"""Where the pods of a Service are reached: its Endpoints, and its EndpointSlice.

After Kubernetes 1.34.4: ``pkg/controller/endpoint`` and ``endpointslice/reconciler.go``; slices leave out pods on nodes
that are not there, and are not split: a Service here has at most a thousand pods.
"""

from __future__ import annotations

from typing import Final

from nixernetes.cluster.api import ApiError, Event
from nixernetes.cluster.controllers.parts import MANAGER, Worker
from nixernetes.cluster.generated_names import suffix
from nixernetes.objects.api_groups import DISCOVERY
from nixernetes.objects.fields import at, mapping_at, number_at, objects_at, text_at
from nixernetes.objects.identity import ObjectKey
from nixernetes.objects.kinds import ENDPOINT_SLICE, NODE, POD, SERVICE
from nixernetes.objects.manifest import Json, Manifest, labels_of
from nixernetes.objects.well_known import SERVICE_NAME

__all__ = ["EndpointsController"]

_ENDPOINTS: Final = "Endpoints"
_MANAGED: Final = "endpointslice.kubernetes.io/managed-by"
_CHANGED: Final = "endpoints.kubernetes.io/last-change-trigger-time"
_MOST: Final = 1000


class EndpointsController(Worker):
    """Keeps the addresses of Services."""

    def note(self, event: Event, key: ObjectKey) -> None:
        """Look at a Service that changed, and at those that select a pod that did."""
        if key.group_kind == SERVICE:
            self.ask(key)
        elif key.group_kind == POD:
            pods = [each for each in (event.object, event.old) if each is not None]
            for service in self._cluster.list(SERVICE, namespace=key.namespace):
                if any(_selects(service, pod) for pod in pods):
                    self.ask(ObjectKey("", SERVICE.kind, key.namespace, service["metadata"]["name"]))

    def handle(self, key: ObjectKey) -> None:
        """Bring the addresses of one Service up to date."""
        service = self._cluster.get(key)
        if service is None or not mapping_at(service, "spec", "selector"):
            return
        pods = [pod for pod in self._cluster.list(POD, namespace=key.namespace) if _selects(service, pod)]
        reached = [pod for pod in pods if text_at(pod, "status", "podIP") and not _is_over(pod)][:_MOST]
        ports = [_port(each, reached) for each in objects_at(service, "spec", "ports")]
        try:
            self._write_endpoints(service, reached, ports)
            self._write_slice(service, reached, ports)
        except ApiError:
            return  # its namespace is going, or somebody has these names

    def _write_endpoints(self, service: Manifest, pods: list[Manifest], ports: list[Json]) -> None:
        meta = service["metadata"]
        subset: Json = {}
        for name, is_ready in (("addresses", True), ("notReadyAddresses", False)):
            found = [_address(pod) for pod in pods if _is_ready(pod) is is_ready]
            if found:
                subset[name] = found
        subsets = [{**subset, "ports": ports}] if subset else []
        labels = {**labels_of(service), "endpoints.kubernetes.io/managed-by": "endpoint-controller"}
        wanted = {
            "apiVersion": "v1",
            "kind": _ENDPOINTS,
            "metadata": {
                "name": meta["name"],
                "namespace": meta["namespace"],
                "labels": labels,
                "annotations": {_CHANGED: _last_change(service, pods)},
            },
            **({"subsets": subsets} if subsets else {}),
        }
        live = self._cluster.get(ObjectKey("", _ENDPOINTS, meta["namespace"], meta["name"]))
        self._write(live, wanted, "subsets")

    def _write_slice(self, service: Manifest, pods: list[Manifest], ports: list[Json]) -> None:
        meta = service["metadata"]
        nodes = {each["metadata"]["name"] for each in self._cluster.list(NODE)}
        endpoints = [_endpoint(pod) for pod in pods if text_at(pod, "spec", "nodeName") in nodes]
        labels = {_MANAGED: "endpointslice-controller.k8s.io", SERVICE_NAME: meta["name"]}
        owner = {
            "apiVersion": "v1",
            "kind": SERVICE.kind,
            "name": meta["name"],
            "uid": meta["uid"],
            "controller": True,
            "blockOwnerDeletion": True,
        }
        name = f"{meta['name']}-{suffix(meta['uid'])}"
        wanted = {
            "apiVersion": f"{DISCOVERY}/v1",
            "kind": ENDPOINT_SLICE.kind,
            "metadata": {
                "name": name,
                "generateName": f"{meta['name']}-",
                "namespace": meta["namespace"],
                "labels": labels,
                "annotations": {_CHANGED: _last_change(service, pods)},
                "ownerReferences": [owner],
            },
            "addressType": "IPv4",
            **({"endpoints": endpoints, "ports": ports} if endpoints else {}),
        }
        live = self._cluster.get(ObjectKey(DISCOVERY, ENDPOINT_SLICE.kind, meta["namespace"], name))
        self._write(live, wanted, "endpoints", "ports")

    def _write(self, live: Manifest | None, wanted: Manifest, *parts: str) -> None:
        """Write an object where those parts of it differ."""
        if live is None:
            self._cluster.create(wanted, manager=MANAGER)
        elif any(objects_at(live, part) != objects_at(wanted, part) for part in parts):
            rest = {name: value for name, value in live.items() if name not in parts}
            new = {**rest, **{part: wanted[part] for part in parts if part in wanted}}
            self._cluster.update(new, manager=MANAGER)


def _selects(service: Manifest, pod: Manifest) -> bool:
    wanted = mapping_at(service, "spec", "selector")
    return bool(wanted) and wanted.items() <= labels_of(pod).items()


def _is_over(pod: Manifest) -> bool:
    return text_at(pod, "status", "phase") in ("Succeeded", "Failed")


def _is_ready(pod: Manifest) -> bool:
    found = objects_at(pod, "status", "conditions")
    return any(text_at(each, "type") == "Ready" and text_at(each, "status") == "True" for each in found)


def _last_change(service: Manifest, pods: list[Manifest]) -> str:
    """Return when what is written last changed: a pod got ready, or the Service came."""
    moments = [text_at(service, "metadata", "creationTimestamp")]
    for pod in pods:
        for each in objects_at(pod, "status", "conditions"):
            if text_at(each, "type") == "Ready" and text_at(each, "lastTransitionTime"):
                moments.append(text_at(each, "lastTransitionTime"))
    return moments[-1]


def _address(pod: Manifest) -> Json:
    meta, node = pod["metadata"], text_at(pod, "spec", "nodeName")
    target = {"kind": "Pod", "name": meta["name"], "namespace": meta["namespace"], "uid": meta["uid"]}
    found: Json = {"ip": text_at(pod, "status", "podIP"), "targetRef": target}
    return {**found, "nodeName": node} if node else found


def _endpoint(pod: Manifest) -> Json:
    meta, is_going = pod["metadata"], bool(at(pod, "metadata", "deletionTimestamp"))
    is_ready = _is_ready(pod)
    return {
        "addresses": [text_at(pod, "status", "podIP")],
        "conditions": {"ready": is_ready and not is_going, "serving": is_ready, "terminating": is_going},
        "nodeName": text_at(pod, "spec", "nodeName"),
        "targetRef": {"kind": "Pod", "name": meta["name"], "namespace": meta["namespace"], "uid": meta["uid"]},
    }


def _port(port: Manifest, pods: list[Manifest]) -> Json:
    """Return a port of a Service as its pods have it; one that is named is looked up in the first of them."""
    target = port.get("targetPort", port.get("port"))
    if isinstance(target, str):
        named = (
            number_at(each, "containerPort")
            for pod in pods[:1]
            for container in objects_at(pod, "spec", "containers")
            for each in objects_at(container, "ports")
            if text_at(each, "name") == target
        )
        target = next(named, number_at(port, "port"))
    name = text_at(port, "name")
    protocol = text_at(port, "protocol") or "TCP"
    return {**({"name": name} if name else {}), "port": target, "protocol": protocol}
