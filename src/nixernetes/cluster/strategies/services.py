"""What a server allocates for Services: addresses, their families, and ports of the nodes.

After Kubernetes 1.34.4, ``pkg/registry/core/service``: ``storage/alloc.go`` (``initIPFamilyFields``,
``allocateCreate``, ``allocateUpdate``) and ``strategy.go`` (``patchAllocatedValues``, ``dropTypeDependentFields``), for
a cluster that has IPv4 alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from ipaddress import ip_address, ip_network
from itertools import count
from typing import Final

from nixernetes.cluster.api import ApiError
from nixernetes.cluster.validation import invalid_field
from nixernetes.objects.fields import flag_at, items_at, mapping_at, number_at, objects_at, text_at
from nixernetes.objects.identity import key_of
from nixernetes.objects.manifest import Json, Manifest

__all__ = ["ServiceAllocator"]

_RANGE: Final = ip_network("10.96.0.0/12")
_NONE: Final = "None"
_V4: Final = "IPv4"
_V6: Final = "IPv6"
_SINGLE: Final = "SingleStack"
_FIRST_PORT: Final = 30000
_LAST_PORT: Final = 32767
_EXTERNAL_NAME: Final = "ExternalName"
_BY_TYPE: Final[dict[str, tuple[str, ...]]] = {  # fields that only these types have
    "externalTrafficPolicy": ("NodePort", "LoadBalancer"),
    "internalTrafficPolicy": ("ClusterIP", "NodePort", "LoadBalancer"),
    "allocateLoadBalancerNodePorts": ("LoadBalancer",),
    "loadBalancerClass": ("LoadBalancer",),
    "clusterIP": ("ClusterIP", "NodePort", "LoadBalancer"),
    "clusterIPs": ("ClusterIP", "NodePort", "LoadBalancer"),
    "ipFamilies": ("ClusterIP", "NodePort", "LoadBalancer"),
    "ipFamilyPolicy": ("ClusterIP", "NodePort", "LoadBalancer"),
}


class ServiceAllocator:
    """Gives Services what is unique in a cluster.

    Args:
        services: returns the Services that are stored.

    """

    def __init__(self, services: Callable[[], Iterable[Manifest]]) -> None:
        self._services = services
        self._given = 0

    def created(self, service: Manifest) -> Manifest:
        """Return a new Service with its allocations.

        Raises:
            ApiError: Invalid, where what it asks for is taken.

        """
        spec = dict(mapping_at(service, "spec"))
        if text_at(spec, "type") != _EXTERNAL_NAME:
            asked = text_at(spec, "clusterIP") or next(iter(items_at(spec, "clusterIPs")), "")
            _check_families(service, spec)
            if asked and asked != _NONE and ip_address(asked) not in _RANGE:
                why = f"failed to allocate IP {asked}: the provided network does not match the current range"
                raise _invalid(service, "spec.clusterIPs", [asked], why)
            if asked and asked != _NONE and asked in self._addresses():
                why = f"failed to allocate IP {asked}: provided IP is already allocated"
                raise _invalid(service, "spec.clusterIPs", [asked], why)
            spec["clusterIP"] = asked or self._next_address()
            spec.setdefault("clusterIPs", [spec["clusterIP"]])
            _with_families(spec)
        return {**service, "spec": self._with_ports(service, spec, frozenset())}

    def normalized(self, service: Manifest, live: Manifest) -> Manifest:
        """Return a changed Service whose addresses follow the first of them, where that alone changed."""
        spec, old = mapping_at(service, "spec"), mapping_at(live, "spec")
        first, before = text_at(spec, "clusterIP"), text_at(old, "clusterIP")
        if first == before or items_at(spec, "clusterIPs") != items_at(old, "clusterIPs") or not before:
            return service
        rest = items_at(spec, "clusterIPs")[1:] if first else []
        return {**service, "spec": {**spec, "clusterIPs": [first, *rest] if first else []}}

    def changed(self, service: Manifest, live: Manifest) -> Manifest:
        """Return a changed Service with the allocations that it had, and those that it needs now.

        Raises:
            ApiError: Invalid, where what it asks for is taken.

        """
        spec, old = dict(mapping_at(service, "spec")), mapping_at(live, "spec")
        kind, before = text_at(spec, "type"), text_at(old, "type")
        if kind != before:
            for name, types in _BY_TYPE.items():
                if kind not in types and spec.get(name) == old.get(name):
                    spec.pop(name, None)
            if kind in ("ClusterIP", _EXTERNAL_NAME) and "ports" in spec:
                spec["ports"] = _without_ports(spec, old)
        if kind != _EXTERNAL_NAME:
            spec["clusterIP"] = text_at(spec, "clusterIP") or text_at(old, "clusterIP") or self._next_address()
            if not spec.get("clusterIPs"):
                spec["clusterIPs"] = old.get("clusterIPs") or [spec["clusterIP"]]
            for name in ("ipFamilies", "ipFamilyPolicy"):
                if not spec.get(name) and name in old:
                    spec[name] = old[name]
            _with_families(spec)
        _keep_ports(spec, old)
        mine = frozenset(number for port in objects_at(old, "ports") if (number := number_at(port, "nodePort")))
        new = self._with_ports(service, spec, mine)
        return service if new == service.get("spec") else {**service, "spec": new}

    def _with_ports(self, service: Manifest, spec: Json, mine: frozenset[int]) -> Json:
        """Return a spec whose ports have ports of the nodes, where its type needs them."""
        kind = text_at(spec, "type")
        needs = kind == "NodePort" or (kind == "LoadBalancer" and flag_at(spec, "allocateLoadBalancerNodePorts"))
        asked = any(number_at(port, "nodePort") for port in objects_at(spec, "ports"))
        needs_check = kind == "LoadBalancer" and text_at(spec, "externalTrafficPolicy") == "Local"
        if not needs and not asked and not needs_check:
            return spec
        taken = self._ports() - mine
        for number, port in enumerate(objects_at(spec, "ports")):
            _check_port(service, number_at(port, "nodePort"), taken, f"spec.ports[{number}].nodePort")
        free = self._free(taken | mine | {number_at(port, "nodePort") for port in objects_at(spec, "ports")})
        if needs:
            spec["ports"] = _with_node_ports(objects_at(spec, "ports"), free)
        if needs_check and not number_at(spec, "healthCheckNodePort"):
            spec["healthCheckNodePort"] = free()
        return spec

    def _free(self, taken: set[int]) -> Callable[[], int]:
        numbers = (number for number in range(_FIRST_PORT, _LAST_PORT + 1) if number not in taken)
        return lambda: next(numbers, 0)

    def _next_address(self) -> str:
        taken = self._addresses()
        tried = (f"10.96.{number // 250 % 256}.{number % 250 + 1}" for number in count(self._given + 1))
        return next(address for address in tried if address not in taken)

    def note(self) -> None:
        """Take note that a Service with an allocation was stored."""
        self._given += 1

    def _addresses(self) -> set[str]:
        return {text_at(each, "spec", "clusterIP") for each in self._services()}

    def _ports(self) -> set[int]:
        found = {
            number
            for each in self._services()
            for port in objects_at(each, "spec", "ports")
            if (number := number_at(port, "nodePort"))
        }
        return found | {number_at(each, "spec", "healthCheckNodePort") for each in self._services()}


def _check_families(service: Manifest, spec: Manifest) -> None:
    """Refuse what only a cluster of two families has: a Service with a selector gets addresses of one."""
    if text_at(spec, "clusterIP") == _NONE and not mapping_at(spec, "selector"):
        return
    policy = text_at(spec, "ipFamilyPolicy")
    if policy == "RequireDualStack":
        why = "this cluster is not configured for dual-stack services"
        raise invalid_field(key_of(service), "spec.ipFamilyPolicy", f'Invalid value: "{policy}": {why}')
    for number, family in enumerate(items_at(spec, "ipFamilies")):
        if family == _V6:
            why = f'Invalid value: "{family}": not configured on this cluster'
            raise invalid_field(key_of(service), f"spec.ipFamilies[{number}]", why)


def _with_families(spec: dict[str, Json]) -> None:
    """Fill in the families of a Service's addresses: of one without selector and address, both."""
    if spec["clusterIP"] == _NONE and not spec.get("selector"):
        spec.setdefault("ipFamilyPolicy", "RequireDualStack")
        families = [_V4] if spec["ipFamilyPolicy"] == _SINGLE else [_V4, _V6]
    else:
        spec.setdefault("ipFamilyPolicy", _SINGLE)
        families = [_V4]
    spec.setdefault("ipFamilies", families)


def _with_node_ports(ports: list[Manifest], free: Callable[[], int]) -> list[Json]:
    """Return ports, each with one of the nodes; those with one number, of other protocols, share it."""
    given = {number_at(port, "port"): port["nodePort"] for port in ports if number_at(port, "nodePort")}
    found: list[Json] = []
    for port in ports:
        number = number_at(port, "nodePort") or given.get(number_at(port, "port")) or free()
        given[number_at(port, "port")] = number
        found.append({**port, "nodePort": number})
    return found


def _keep_ports(spec: dict[str, Json], old: Manifest) -> None:
    """Give ports without one the nodes' port that those with their name had, unless another has it now."""
    kinds = ("NodePort", "LoadBalancer")
    if text_at(spec, "type") not in kinds or text_at(old, "type") not in kinds:
        return
    before = {text_at(port, "name"): number_at(port, "nodePort") for port in objects_at(old, "ports")}
    used = {number_at(port, "nodePort") for port in objects_at(spec, "ports")} & set(before.values())
    found: list[Json] = []
    for port in objects_at(spec, "ports"):
        number = before.get(text_at(port, "name"), 0)
        is_free = not number_at(port, "nodePort") and bool(number) and number not in used
        found.append({**port, "nodePort": number} if is_free else port)
        if is_free:
            used.add(number)
    if "ports" in spec:
        spec["ports"] = found
    if number_at(old, "healthCheckNodePort") and text_at(spec, "externalTrafficPolicy") == "Local":
        spec.setdefault("healthCheckNodePort", old["healthCheckNodePort"])


def _without_ports(spec: Manifest, old: Manifest) -> list[Json]:
    """Return ports without the nodes' ports that another type gave them."""
    before = {number_at(port, "nodePort") for port in objects_at(old, "ports")}
    return [
        {name: item for name, item in port.items() if name != "nodePort" or item not in before}
        for port in objects_at(spec, "ports")
    ]


def _check_port(service: Manifest, number: Json, taken: set[int], path: str) -> None:
    if not isinstance(number, int) or not number:
        return
    if not _FIRST_PORT <= number <= _LAST_PORT:
        why = f"provided port is not in the valid range. The range of valid ports is {_FIRST_PORT}-{_LAST_PORT}"
        raise _invalid(service, path, number, why)
    if number in taken:
        raise _invalid(service, path, number, "provided port is already allocated")


def _invalid(service: Manifest, path: str, value: Json, why: str) -> ApiError:
    shown = f'["{value[0]}"]' if isinstance(value, list) else str(value)
    return invalid_field(key_of(service), path, f"Invalid value: {shown}: {why}")
