"""Services (``ValidateService`` of ``pkg/apis/core/validation``, 1.34.4)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from nixernetes.objects.fields import items_at, mapping_at, number_at, objects_at, text_at
from nixernetes.objects.manifest import Json
from nixernetes.schemas import names
from nixernetes.schemas.problems import FieldPath, Problem, duplicate, forbidden, invalid, required, unsupported
from nixernetes.schemas.rules.addresses import NO_ADDRESS, NO_NETWORK, address_version, network, sloppy_address
from nixernetes.schemas.rules.metadata import labels
from nixernetes.schemas.rules.numbers import number_of_port, port

__all__ = ["RULES", "endpoint_address"]

_HEADLESS: Final = "None"
_FAMILIES: Final = ("IPv4", "IPv6")
_POLICIES: Final = ("PreferDualStack", "RequireDualStack", "SingleStack")
_TRAFFIC: Final = ("Cluster", "Local")
_DISTRIBUTIONS: Final = ("PreferClose", "PreferSameZone", "PreferSameNode")
_LONGEST_AFFINITY: Final = 86400  # seconds
_BALANCER: Final = "LoadBalancer"
_ONLY_BALANCER: Final = "may only be used when `type` is 'LoadBalancer'"
_NO_EXTERNAL: Final = "may not be set for ExternalName services"


def _service(value: Mapping[str, Json], path: FieldPath) -> Iterator[Problem]:
    kind = text_at(value, "type") or "ClusterIP"
    is_headless = text_at(value, "clusterIP") == _HEADLESS
    given = objects_at(value, "ports")
    if not given and kind != "ExternalName" and not is_headless:
        yield required((*path, "ports"))
    if kind in (_BALANCER, "NodePort") and is_headless:
        yield invalid((*path, "clusterIPs", 0), _HEADLESS, f"may not be set to 'None' for {kind} services")
    if kind == "ExternalName":
        yield from _alias(value, path)
    else:
        yield from _addresses(value, path)
    yield from _ports(given, path, kind)
    yield from labels(value.get("selector"), (*path, "selector"))
    yield from _affinity(value, path)
    for number, each in enumerate(items_at(value, "externalIPs")):
        here = (*path, "externalIPs", number)
        if not address_version(each):
            yield invalid(here, each, NO_ADDRESS)
        else:
            yield from endpoint_address(str(each), here)
    yield from _balancing(value, path, kind)
    yield from _traffic(value, path, kind)


def _alias(value: Mapping[str, Json], path: FieldPath) -> Iterator[Problem]:
    name = text_at(value, "externalName").removesuffix(".")
    if not name:
        yield required((*path, "externalName"))
    else:
        yield from (invalid((*path, "externalName"), name, wrong) for wrong in names.subdomain_problems(name))
    given = {part: value.get(part) for part in ("clusterIPs", "ipFamilies", "ipFamilyPolicy")}
    if text_at(value, "clusterIP") and not given["clusterIPs"]:
        given["clusterIPs"] = [value["clusterIP"]]
    yield from (forbidden((*path, part), _NO_EXTERNAL) for part, found in given.items() if found)


def _addresses(value: Mapping[str, Json], path: FieldPath) -> Iterator[Problem]:
    """Yield what is wrong with addresses and families (``ValidateServiceClusterIPsRelatedFields``)."""
    first, given, here = text_at(value, "clusterIP"), items_at(value, "clusterIPs"), (*path, "clusterIPs")
    if first and given and given[0] != first:
        yield invalid(here, given, "first value must match `clusterIP`")
    elif given and not first and "clusterIP" not in value:
        yield invalid(here, given, "must be empty when `clusterIP` is not specified")
    families, seen = items_at(value, "ipFamilies"), set[str]()
    for number, family in enumerate(families):
        if family not in _FAMILIES:
            yield unsupported((*path, "ipFamilies", number), family, _FAMILIES)
        if family in seen:
            yield duplicate((*path, "ipFamilies", number), family)
        seen.add(str(family))
    policy = value.get("ipFamilyPolicy")
    if policy is not None and policy not in _POLICIES:
        yield unsupported((*path, "ipFamilyPolicy"), policy, _POLICIES)
    is_broken = False
    for number, each in enumerate(given or ([first] if first else [])):
        if number == 0 and each == _HEADLESS:
            if len(given) > 1:
                is_broken = True
                yield invalid(here, given, "'None' must be the first and only value")
        elif not address_version(each):
            is_broken = True
            place = (*here, number) if given else (*path, "clusterIP")  # where it is written
            yield replace(invalid(place, each, NO_ADDRESS), field=(*here, number))
    if not is_broken:
        yield from _families(given, families, here)


def _families(given: list[Json], families: list[Json], path: FieldPath) -> Iterator[Problem]:
    if len(given) > len(_FAMILIES):
        yield invalid(path, given, "may only hold up to 2 values")
    if len(given) > 1 and len({address_version(each) for each in given}) == 1:
        yield invalid(path, given, "may specify no more than one IP for each IP family")
    for number, text in enumerate(given[: len(families)]):
        family = families[number]
        if text != _HEADLESS and f"IPv{address_version(text)}" != family and family in _FAMILIES:
            detail = f"expected an {family} value as indicated by `ipFamilies[{number}]`"
            yield invalid((*path, number), text, detail)


def _ports(given: Sequence[Mapping[str, Json]], path: FieldPath, kind: str) -> Iterator[Problem]:
    called, used, of_nodes = set[str](), set[tuple[Json, str]](), set[tuple[Json, str]]()
    for number, each in enumerate(given):
        name, here = text_at(each, "name"), (*path, "ports", number)
        protocol = text_at(each, "protocol") or "TCP"
        if not name and len(given) > 1:
            yield required((*here, "name"))
        if name and name in called:
            yield duplicate((*here, "name"), name)
        called.add(name)
        node = (each.get("nodePort"), protocol)
        if node[0] and kind == "ClusterIP":
            yield forbidden((*here, "nodePort"), "may not be used when `type` is 'ClusterIP'")
        if node[0] and node in of_nodes:
            yield duplicate((*here, "nodePort"), node[0])
        of_nodes.add(node)
        identity = (each.get("port"), protocol)
        if identity in used:
            shown = {"Name": "", "Protocol": protocol, "AppProtocol": None, "Port": identity[0] or 0}
            yield duplicate(here, {**shown, "TargetPort": 0, "NodePort": 0})
        used.add(identity)


def _service_port(value: Mapping[str, Json], path: FieldPath) -> Iterator[Problem]:
    number = value.get("port", 0)
    yield from number_of_port(number, (*path, "port"))
    target = value.get("targetPort", number)
    yield from port(number if target in (0, "") else target, (*path, "targetPort"))
    name = text_at(value, "name")
    if name:
        yield from (invalid((*path, "name"), name, wrong) for wrong in names.dns_label_problems(name))
    protocol = value.get("appProtocol")
    if isinstance(protocol, str):
        here = (*path, "appProtocol")
        yield from (invalid(here, protocol, wrong) for wrong in names.label_key_problems(protocol))


def _affinity(value: Mapping[str, Json], path: FieldPath) -> Iterator[Problem]:
    here, kind = (*path, "sessionAffinityConfig"), text_at(value, "sessionAffinity")
    if value.get("sessionAffinityConfig") is None:
        return
    if kind == "None":
        yield forbidden(here, "must not be set when session affinity is None")
    seconds = mapping_at(value, "sessionAffinityConfig", "clientIP").get("timeoutSeconds")
    if kind == "ClientIP" and isinstance(seconds, int) and not 0 < seconds <= _LONGEST_AFFINITY:
        detail = f"must be greater than 0 and less than {_LONGEST_AFFINITY}"
        yield invalid((*here, "clientIP", "timeoutSeconds"), seconds, detail)


def endpoint_address(text: str, path: FieldPath) -> Iterator[Problem]:
    """Yield why nothing outside may have an address (``ValidateEndpointIP``)."""
    address = sloppy_address(text)
    if address is None:
        return
    if address.is_unspecified:
        yield invalid(path, text, f"may not be unspecified ({text})")
    if address.is_loopback:
        yield invalid(path, text, "may not be in the loopback range (127.0.0.0/8, ::1/128)")
    if address.is_link_local:
        yield invalid(path, text, "may not be in the link-local range (169.254.0.0/16, fe80::/10)")
    if address.is_multicast and str(address).startswith(("224.0.0.", "ff02:")):
        yield invalid(path, text, "may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)")


def _balancing(value: Mapping[str, Json], path: FieldPath, kind: str) -> Iterator[Problem]:
    ranges, here = items_at(value, "loadBalancerSourceRanges"), (*path, "loadBalancerSourceRanges")
    called = (*path, "LoadBalancerSourceRanges")  # so a server calls it
    if ranges and kind != _BALANCER:
        yield replace(forbidden(here, _ONLY_BALANCER), field=called)
    for number, written in enumerate(ranges):
        text = str(written).strip()
        if network(text) is None:
            yield replace(invalid((*here, number), text, NO_NETWORK), field=(*called, number))
    if value.get("allocateLoadBalancerNodePorts") is not None and kind != _BALANCER:
        yield forbidden((*path, "allocateLoadBalancerNodePorts"), _ONLY_BALANCER)
    name = value.get("loadBalancerClass")
    if isinstance(name, str):
        if kind != _BALANCER:
            yield forbidden((*path, "loadBalancerClass"), _ONLY_BALANCER)
        yield from (invalid((*path, "loadBalancerClass"), name, wrong) for wrong in names.label_key_problems(name))


def _traffic(value: Mapping[str, Json], path: FieldPath, kind: str) -> Iterator[Problem]:
    outside = text_at(value, "externalTrafficPolicy")
    is_reached = kind in (_BALANCER, "NodePort") or (kind == "ClusterIP" and bool(items_at(value, "externalIPs")))
    if outside and not is_reached:
        detail = "may only be set for externally-accessible services"
        yield invalid((*path, "externalTrafficPolicy"), outside, detail)
    elif outside and outside not in _TRAFFIC:
        yield unsupported((*path, "externalTrafficPolicy"), outside, _TRAFFIC)
    check = number_at(dict(value), "healthCheckNodePort")
    if kind == _BALANCER and outside == "Local":
        yield from number_of_port(check or 1, (*path, "healthCheckNodePort"))
    elif check:
        detail = "may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'"
        yield invalid((*path, "healthCheckNodePort"), check, detail)
    inside = value.get("internalTrafficPolicy")
    if inside is not None and inside not in _TRAFFIC:
        yield unsupported((*path, "internalTrafficPolicy"), inside, _TRAFFIC)
    spread = value.get("trafficDistribution")
    if spread is not None and spread not in _DISTRIBUTIONS:
        yield unsupported((*path, "trafficDistribution"), spread, _DISTRIBUTIONS)


RULES: Final = {"ServiceSpec": (_service,), "ServicePort": (_service_port,)}
