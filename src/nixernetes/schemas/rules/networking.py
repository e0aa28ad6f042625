"""Ingresses, NetworkPolicies (``pkg/apis/networking/validation``)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from ipaddress import IPv4Network, IPv6Network
from typing import Final

from nixernetes.objects.fields import items_at, mapping_at, objects_at, text_at
from nixernetes.objects.manifest import Json
from nixernetes.schemas import names
from nixernetes.schemas.problems import FieldPath, Problem, forbidden, invalid, required, unsupported
from nixernetes.schemas.rules.addresses import NO_NETWORK, network
from nixernetes.schemas.rules.numbers import number_of_port, port

__all__ = ["RULES"]

_PATH_TYPES: Final = ("Exact", "ImplementationSpecific", "Prefix")
_POLICY_TYPES: Final = ("Ingress", "Egress")


def _ingress(value: Mapping[str, Json], path: FieldPath) -> Iterator[Problem]:
    if not objects_at(value, "rules") and value.get("defaultBackend") is None:
        yield invalid(path, value, "either `defaultBackend` or `rules` must be specified")
    name = value.get("ingressClassName")
    if isinstance(name, str):
        yield from (invalid((*path, "ingressClassName"), name, wrong) for wrong in names.subdomain_problems(name))
    yield from _tls(value, path)
    if value.get("defaultBackend") is not None:
        yield from _backend(mapping_at(value, "defaultBackend"), (*path, "defaultBackend"))
    for number, rule in enumerate(objects_at(value, "rules")):
        host = text_at(rule, "host")
        wrong = names.host_problem(host) if host and "${" not in host else ""
        if wrong:
            yield invalid((*path, "rules", number, "host"), host, wrong)


def _tls(value: Mapping[str, Json], path: FieldPath) -> Iterator[Problem]:
    for number, each in enumerate(objects_at(value, "tls")):
        here, secret = (*path, "tls", number), text_at(each, "secretName")
        for at, host in enumerate(map(str, items_at(each, "hosts"))):
            problems = names.subdomain_problems(host.removeprefix("*.")) if "${" not in host else ()
            yield from (invalid((*here, "hosts", at), host, wrong) for wrong in problems)
        if secret:
            yield from (invalid((*here, "secretName"), secret, wrong) for wrong in names.subdomain_problems(secret))


def _ingress_path(value: Mapping[str, Json], path: FieldPath) -> Iterator[Problem]:
    kind = value.get("pathType")
    if kind is None:
        yield required((*path, "pathType"), "pathType must be specified")
        return
    if kind not in _PATH_TYPES:
        yield unsupported((*path, "pathType"), kind, _PATH_TYPES)
    written = text_at(value, "path")
    if text_at(value, "pathType") in ("Exact", "Prefix") and not written.startswith("/"):
        yield invalid((*path, "path"), written, "must be an absolute path")
    yield from _backend(mapping_at(value, "backend"), (*path, "backend"))


def _backend(value: Mapping[str, Json], path: FieldPath) -> Iterator[Problem]:
    service, resource = mapping_at(value, "service"), mapping_at(value, "resource")
    has_service, has_resource = (value.get(part) is not None for part in ("service", "resource"))
    if has_service and has_resource:
        yield invalid(path, "", "cannot set both resource and service backends")
    elif has_service:
        wrong = names.service_name_problem(text_at(service, "name"))
        if not text_at(service, "name"):
            yield required((*path, "service", "name"))
        elif wrong:
            yield invalid((*path, "service", "name"), text_at(service, "name"), wrong)
        yield from _backend_port(mapping_at(service, "port"), path)
    elif has_resource:
        yield from _resource(resource, (*path, "resource"))
    else:
        yield invalid(path, "", "resource or service backend is required")


def _resource(value: Mapping[str, Json], path: FieldPath) -> Iterator[Problem]:
    group = value.get("apiGroup")
    if isinstance(group, str):
        yield from (invalid((*path, "apiGroup"), group, wrong) for wrong in names.subdomain_problems(group))
    for part in ("kind", "name"):
        text = text_at(value, part)
        wrong = names.path_segment_problem(text)
        if not text:
            yield required((*path, part))
        elif wrong:
            yield invalid((*path, part), text, wrong)


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
    outer = network(value.get("cidr"))
    if not value.get("cidr"):
        yield required((*path, "cidr"))
    elif outer is None:
        yield invalid((*path, "cidr"), value.get("cidr"), NO_NETWORK)
    for number, text in enumerate(items_at(value, "except")):
        inner, here = network(text), (*path, "except", number)
        if inner is None:
            yield invalid(here, text, NO_NETWORK)
        elif outer is not None and not _is_within(inner, outer):
            yield invalid(here, text, "must be a strict subset of `cidr`")


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


def _class(value: Mapping[str, Json], path: FieldPath) -> Iterator[Problem]:
    """Yield what is wrong with who an IngressClass is for (``IsDomainPrefixedPath``)."""
    controller, here = text_at(value, "controller"), (*path, "controller")
    host, _, rest = controller.partition("/")
    wrong = names.subdomain_problem(host) if host and rest else ""
    if not controller:
        yield required(here)
    elif not host or not rest:
        yield invalid(here, controller, 'must be a domain-prefixed path (such as "acme.io/foo")')
    elif wrong:
        yield invalid(here, host, wrong)


RULES: Final = {
    "IngressSpec": (_ingress,),
    "IngressClassSpec": (_class,),
    "HTTPIngressPath": (_ingress_path,),
    "NetworkPolicyPeer": (_peer,),
    "IPBlock": (_block,),
    "NetworkPolicyPort": (_policy_port,),
    "NetworkPolicySpec": (_policy,),
}
