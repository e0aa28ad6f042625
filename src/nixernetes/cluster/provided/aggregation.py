"""Whether the API server behind an APIService can be asked: what a server finds out before it asks.

After kube-aggregator v0.34.4, ``pkg/controllers/status/remote/remote_available_controller.go``. Nothing runs in pods,
so that nobody ever answers: the last of its checks always fails.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Protocol

from nixernetes.objects.fields import at, mapping_at, number_at, objects_at, text_at
from nixernetes.objects.identity import GroupKind, ObjectKey
from nixernetes.objects.kinds import API_SERVICE, ENDPOINT_SLICE, SERVICE
from nixernetes.objects.manifest import Json, Manifest, labels_of
from nixernetes.objects.well_known import SERVICE_NAME

__all__ = ["affected", "availability", "is_remote"]

_HTTPS: Final = 443


class ServiceStore(Protocol):
    """What holds Services, and who stands behind them."""

    def get(self, key: ObjectKey) -> Manifest | None:
        """Return an object, or None."""
        ...

    def rows(self, kind: GroupKind) -> Mapping[tuple[str, str], Manifest]:
        """Return the objects of a kind by namespace and name."""
        ...


def is_remote(api_service: Manifest) -> bool:
    """Tell whether another server answers for an APIService."""
    return bool(mapping_at(api_service, "spec", "service"))


def affected(store: ServiceStore, key: ObjectKey) -> list[Manifest]:
    """Return the APIServices that a change of an object may make available, or not."""
    if key.group_kind == API_SERVICE:
        found = store.get(key)
        return [found] if found is not None else []
    if key.group_kind not in (SERVICE, ENDPOINT_SLICE):
        return []
    remote = [each for each in store.rows(API_SERVICE).values() if is_remote(each)]
    return [each for each in remote if text_at(each, "spec", "service", "namespace") == key.namespace]


def availability(store: ServiceStore, api_service: Manifest, now: str) -> Json:
    """Return the condition ``Available`` of an APIService."""
    status, reason, message = _found(store, api_service)
    before = next(
        (each for each in objects_at(api_service, "status", "conditions") if text_at(each, "type") == "Available"), {}
    )
    since = text_at(before, "lastTransitionTime") if text_at(before, "status") == status else ""
    told = {"type": "Available", "status": status, "reason": reason, "message": message}
    return {**told, "lastTransitionTime": since or now}


def _found(store: ServiceStore, api_service: Manifest) -> tuple[str, str, str]:
    service = mapping_at(api_service, "spec", "service")
    if not service:
        return "True", "Local", "Local APIServices are always available"
    name, namespace = text_at(service, "name"), text_at(service, "namespace")
    place, port = f'service/{name} in "{namespace}"', number_at(service, "port", default=_HTTPS)
    live = store.get(ObjectKey(*SERVICE, namespace, name))
    if live is None:
        return "False", "ServiceNotFound", f"{place} is not present"
    if text_at(live, "spec", "type") == "ClusterIP":
        ports = [each for each in objects_at(live, "spec", "ports") if at(each, "port") == port]
        if not ports:
            return "False", "ServicePortError", f"{place} is not listening on port {port}"
        slices = [
            each
            for (where, _), each in sorted(store.rows(ENDPOINT_SLICE).items())
            if where == namespace and labels_of(each).get(SERVICE_NAME) == name
        ]
        if not slices:
            return "False", "EndpointsNotFound", f"cannot find endpointslices for {place}"
        named = text_at(ports[0], "name")
        if not any(_is_ready(each, named) for each in slices):
            told = f'endpointslices for {place} have no addresses with port name "{named}"'
            return "False", "MissingEndpoints", told
    group, version = text_at(api_service, "spec", "group"), text_at(api_service, "spec", "version")
    host = f"{text_at(live, 'spec', 'clusterIP')}:{port}"
    url = f"https://{host}/apis/{group}/{version}"
    why = f'Get "{url}": dial tcp {host}: connect: connection refused'
    return "False", "FailedDiscoveryCheck", f"failing or missing response from {url}: {why}"


def _is_ready(part: Manifest, port: str) -> bool:
    ready = any(at(each, "conditions", "ready") is not False for each in objects_at(part, "endpoints"))
    return ready and any(text_at(each, "name") == port for each in objects_at(part, "ports"))
