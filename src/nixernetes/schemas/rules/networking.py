"""Services, Ingresses, NetworkPolicies (``pkg/apis/core/validation``, ``pkg/apis/networking/validation``)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from typing import Final

from nixernetes.objects.fields import items_at, mapping_at, objects_at, text_at
from nixernetes.objects.manifest import Json
from nixernetes.schemas import names
from nixernetes.schemas.problems import FieldPath, Problem, duplicate, forbidden, invalid, required, unsupported
from nixernetes.schemas.rules.metadata import labels
from nixernetes.schemas.rules.numbers import number_of_port, port

__all__ = ["RULES"]

_NODE_PORTS: Final = range(30000, 32768)
_HEADLESS: Final = "None"
_NO_CIDR: Final = "must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)"
_POLICY_TYPES: Final = ("Ingress", "Egress")


def _service(value: Mapping[str, Json], path: FieldPath) -> Iterator[Problem]:
    kind = text_at(value, "type") or "ClusterIP"
    is_headless = text_at(value, "clusterIP") == _HEADLESS
    given = objects_at(value, "ports")
    if not given and kind != "ExternalName" and not is_headless:
        yield required((*path, "ports"))
    if kind == "ExternalName" and not text_at(value, "externalName"):
        yield required((*path, "externalName"))
    if kind in ("LoadBalancer", "NodePort") and is_headless:
        yield invalid((*path, "clusterIPs", 0), _HEADLESS, f"may not be set to 'None' for {kind} services")
    if kind != "ExternalName":
        yield from _addresses(value, path)
    yield from labels(value.get("selector"), (*path, "selector"))
    yield from _source_ranges(value, (*path, "loadBalancerSourceRanges"), kind)
    seen: set[tuple[Json, str]] = set()
    called: set[str] = set()
    for number, each in enumerate(given):
        name, here = text_at(each, "name"), (*path, "ports", number)
        if not name and len(given) > 1:
            yield required((*here, "name"))
        if name and name in called:
            yield duplicate((*here, "name"), name)
        called.add(name)
        identity = (each.get("port"), text_at(each, "protocol") or "TCP")
        if identity in seen:
            yield duplicate(here, each.get("port"))
        seen.add(identity)
        if each.get("nodePort") and kind == "ClusterIP":
            yield forbidden((*here, "nodePort"), "may not be used when `type` is 'ClusterIP'")


def _addresses(value: Mapping[str, Json], path: FieldPath) -> Iterator[Problem]:
    """Yield addresses that are none, or of another family than the Service says.

    The rule is ``ValidateServiceClusterIPsRelatedFields``; the one address of ``clusterIP`` is the first of
    ``clusterIPs``, where these are not given.
    """
    families = items_at(value, "ipFamilies")
    for number, text in enumerate(items_at(value, "clusterIPs") or [value.get("clusterIP")]):
        if text not in (None, "", _HEADLESS) and not _is_address(text):
            field = "clusterIPs" if items_at(value, "clusterIPs") else "clusterIP"
            where = (*path, field, number) if field == "clusterIPs" else (*path, field)
            yield invalid(where, text, "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)")
    for number, text in enumerate(items_at(value, "clusterIPs")[: len(families)]):
        family = families[number]
        try:
            address = ip_address(str(text))
        except ValueError:
            continue  # None, or no address at all
        if f"IPv{address.version}" != family:
            detail = f"expected an {family} value as indicated by `ipFamilies[{number}]`"
            yield invalid((*path, "clusterIPs", number), text, detail)


def _is_address(text: Json) -> bool:
    try:
        ip_address(str(text))
    except ValueError:
        return False
    return True


def _source_ranges(value: Mapping[str, Json], path: FieldPath, kind: str) -> Iterator[Problem]:
    ranges = items_at(value, "loadBalancerSourceRanges")
    if ranges and kind != "LoadBalancer":
        yield forbidden(path, "may only be used when `type` is 'LoadBalancer'")
        return
    for number, written in enumerate(ranges):
        if _network(str(written).strip()) is None:
            yield invalid((*path, number), written, _NO_CIDR)


def _service_port(value: Mapping[str, Json], path: FieldPath) -> Iterator[Problem]:
    yield from number_of_port(value.get("port"), (*path, "port"))
    target = value.get("targetPort")
    if target is not None and target != 0:
        yield from port(target, (*path, "targetPort"))
    node = value.get("nodePort")
    if isinstance(node, int) and node and node not in _NODE_PORTS:
        yield invalid((*path, "nodePort"), node, "provided port is not in the valid range. The range is 30000-32767")
    name = text_at(value, "name")
    wrong = names.dns_label_problem(name) if name else ""
    if wrong:
        yield invalid((*path, "name"), name, wrong)


def _ingress(value: Mapping[str, Json], path: FieldPath) -> Iterator[Problem]:
    if not objects_at(value, "rules") and not mapping_at(value, "defaultBackend"):
        yield invalid(path, value, "either `defaultBackend` or `rules` must be specified")
    if mapping_at(value, "defaultBackend"):
        yield from _backend(mapping_at(value, "defaultBackend"), (*path, "defaultBackend"))
    for number, rule in enumerate(objects_at(value, "rules")):
        host = text_at(rule, "host")
        wrong = names.host_problem(host) if host and "${" not in host else ""
        if wrong:
            yield invalid((*path, "rules", number, "host"), host, wrong)


def _ingress_path(value: Mapping[str, Json], path: FieldPath) -> Iterator[Problem]:
    if not value.get("pathType"):
        yield required((*path, "pathType"), "pathType must be specified")
        return
    written = text_at(value, "path")
    if text_at(value, "pathType") in ("Exact", "Prefix") and not written.startswith("/"):
        yield invalid((*path, "path"), written, "must be an absolute path")
    yield from _backend(mapping_at(value, "backend"), (*path, "backend"))


def _backend(value: Mapping[str, Json], path: FieldPath) -> Iterator[Problem]:
    service, resource = mapping_at(value, "service"), mapping_at(value, "resource")
    if service and resource:
        yield invalid(path, "", "cannot set both resource and service backends")
    elif service:
        wrong = names.service_name_problem(text_at(service, "name"))
        if not text_at(service, "name"):
            yield required((*path, "service", "name"))
        elif wrong:
            yield invalid((*path, "service", "name"), text_at(service, "name"), wrong)
        yield from _backend_port(mapping_at(service, "port"), path)
    elif not resource:
        yield invalid(path, "", "resource or service backend is required")


def _backend_port(value: Mapping[str, Json], path: FieldPath) -> Iterator[Problem]:
    name, number = value.get("name"), value.get("number")
    if name and number:
        yield invalid(path, "", "cannot set both port name & port number")
    elif name:
        yield from port(name, (*path, "service", "port", "name"))
    elif number:
        yield from number_of_port(number, (*path, "service", "port", "number"))
    else:
        yield required(path, "port name or number is required")


def _peer(value: Mapping[str, Json], path: FieldPath) -> Iterator[Problem]:
    block = value.get("ipBlock")
    if block is not None and ("podSelector" in value or "namespaceSelector" in value):
        yield forbidden(path, "may not specify both ipBlock and another peer")
    if not value:
        yield required(path, "must specify a peer")


def _block(value: Mapping[str, Json], path: FieldPath) -> Iterator[Problem]:
    outer = _network(value.get("cidr"))
    if not value.get("cidr"):
        yield required((*path, "cidr"))
    elif outer is None:
        yield invalid((*path, "cidr"), value.get("cidr"), _NO_CIDR)
    for number, text in enumerate(items_at(value, "except")):
        inner, here = _network(text), (*path, "except", number)
        if inner is None:
            yield invalid(here, text, _NO_CIDR)
        elif outer is not None and not _is_within(inner, outer):
            yield invalid(here, text, "must be a strict subset of `cidr`")


def _network(text: Json) -> IPv4Network | IPv6Network | None:
    """Return a network; what is behind its mask does not count (``ParseCIDRSloppy``)."""
    try:
        return ip_network(str(text), strict=False) if "/" in str(text) else None
    except ValueError:
        return None


def _is_within(inner: IPv4Network | IPv6Network, outer: IPv4Network | IPv6Network) -> bool:
    same = inner.version == outer.version and inner.prefixlen > outer.prefixlen
    return same and inner.network_address in outer


def _policy_port(value: Mapping[str, Json], path: FieldPath) -> Iterator[Problem]:
    first, last = value.get("port"), value.get("endPort")
    if first is not None:
        yield from port(first, (*path, "port"))
    if last is None:
        return
    if isinstance(first, str):
        yield invalid((*path, "endPort"), last, "may not be specified when `port` is non-numeric")
    elif first is None:
        yield invalid((*path, "endPort"), last, "may not be specified when `port` is not specified")
    elif isinstance(first, int) and isinstance(last, int):
        if last < first:
            yield invalid((*path, "endPort"), first, "must be greater than or equal to `port`")
        yield from number_of_port(last, (*path, "endPort"))


def _policy(value: Mapping[str, Json], path: FieldPath) -> Iterator[Problem]:
    types = items_at(value, "policyTypes")
    if len(types) > len(_POLICY_TYPES):
        yield invalid((*path, "policyTypes"), types, "may not specify more than two policyTypes")
        return
    for number, each in enumerate(types):
        if each not in _POLICY_TYPES:
            yield unsupported((*path, "policyTypes", number), each, _POLICY_TYPES)


RULES: Final = {
    "ServiceSpec": (_service,),
    "ServicePort": (_service_port,),
    "IngressSpec": (_ingress,),
    "HTTPIngressPath": (_ingress_path,),
    "NetworkPolicyPeer": (_peer,),
    "IPBlock": (_block,),
    "NetworkPolicyPort": (_policy_port,),
    "NetworkPolicySpec": (_policy,),
}
