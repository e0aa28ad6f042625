"""Endpoints and EndpointSlices (``ValidateEndpoints``, ``pkg/apis/discovery/validation``)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from nixernetes.objects.fields import items_at, objects_at, text_at
from nixernetes.objects.manifest import Json
from nixernetes.schemas import names
from nixernetes.schemas.problems import FieldPath, Problem, duplicate, invalid, required, too_many, unsupported
from nixernetes.schemas.rules.addresses import NO_ADDRESS, address_version
from nixernetes.schemas.rules.numbers import number_of_port
from nixernetes.schemas.rules.services import endpoint_address

__all__ = ["RULES"]

_PROTOCOLS: Final = ("SCTP", "TCP", "UDP")
_KINDS: Final = ("FQDN", "IPv4", "IPv6")
_MOST_ENDPOINTS: Final = 1000
_MOST_ADDRESSES: Final = 100


def _subset(value: Mapping[str, Json], path: FieldPath) -> Iterator[Problem]:
    parts = ("addresses", "notReadyAddresses")
    if not any(objects_at(value, part) for part in parts):
        yield required(path, "must specify `addresses` or `notReadyAddresses`")
    for part in parts:
        for number, each in enumerate(objects_at(value, part)):
            yield from _address(each, (*path, part, number))
    ports = objects_at(value, "ports")
    for number, each in enumerate(ports):
        yield from _port(each, (*path, "ports", number), needs_name=len(ports) > 1)


def _address(value: Mapping[str, Json], path: FieldPath) -> Iterator[Problem]:
    address, host, node = text_at(value, "ip"), text_at(value, "hostname"), value.get("nodeName")
    if not address_version(address):
        yield invalid((*path, "ip"), address, NO_ADDRESS)
        yield invalid((*path, "ip"), address, "must be a valid IP address")
    else:
        yield from endpoint_address(address, (*path, "ip"))
    if host:
        yield from (invalid((*path, "hostname"), host, wrong) for wrong in names.dns_label_problems(host))
    if isinstance(node, str):
        yield from (invalid((*path, "nodeName"), node, wrong) for wrong in names.subdomain_problems(node))


def _port(value: Mapping[str, Json], path: FieldPath, *, needs_name: bool) -> Iterator[Problem]:
    name, protocol, application = text_at(value, "name"), text_at(value, "protocol"), value.get("appProtocol")
    if needs_name and not name:
        yield required((*path, "name"))
    elif name:
        yield from (invalid((*path, "name"), name, wrong) for wrong in names.dns_label_problems(name))
    yield from number_of_port(value.get("port", 0), (*path, "port"))
    if protocol and protocol not in _PROTOCOLS:
        yield unsupported((*path, "protocol"), protocol, _PROTOCOLS)
    yield from _application(application, (*path, "appProtocol"))


def _application(name: Json, path: FieldPath) -> Iterator[Problem]:
    if isinstance(name, str):
        yield from (invalid(path, name, wrong) for wrong in names.label_key_problems(name))


def _slice(value: Mapping[str, Json], path: FieldPath) -> Iterator[Problem]:
    kind, endpoints = text_at(value, "addressType"), objects_at(value, "endpoints")
    if not kind:
        yield required((*path, "addressType"))
    elif kind not in _KINDS:
        yield unsupported((*path, "addressType"), kind, _KINDS)
    if len(endpoints) > _MOST_ENDPOINTS:
        yield too_many((*path, "endpoints"), len(endpoints), _MOST_ENDPOINTS)
    for number, each in enumerate(endpoints):
        yield from _endpoint(each, (*path, "endpoints", number), kind)
    seen: set[str] = set()
    for number, each in enumerate(objects_at(value, "ports")):
        here, name = (*path, "ports", number), text_at(each, "name")
        if name:
            yield from (invalid((*here, "name"), name, wrong) for wrong in names.dns_label_problems(name))
        if name in seen:
            yield duplicate((*here, "name"), name)
        seen.add(name)
        protocol = text_at(each, "protocol")
        if protocol and protocol not in _PROTOCOLS:
            yield unsupported((*here, "protocol"), protocol, _PROTOCOLS)
        yield from _application(each.get("appProtocol"), (*here, "appProtocol"))


def _endpoint(value: Mapping[str, Json], path: FieldPath, kind: str) -> Iterator[Problem]:
    addresses, here = items_at(value, "addresses"), (*path, "addresses")
    if not addresses:
        yield required(here, "must contain at least 1 address")
    elif len(addresses) > _MOST_ADDRESSES:
        yield too_many(here, len(addresses), _MOST_ADDRESSES)
    for number, each in enumerate(addresses):
        place, version = (*here, number), address_version(each)
        if kind == "FQDN":
            yield from (invalid(place, each, wrong) for wrong in names.subdomain_problems(str(each)))
        elif kind in _KINDS and not version:
            yield invalid(place, each, NO_ADDRESS)
        elif kind in _KINDS:
            if kind != f"IPv{version}":
                yield invalid(place, each, f"must be an {kind} address")
            yield from endpoint_address(str(each), place)
    host, node = value.get("hostname"), value.get("nodeName")
    if isinstance(host, str):
        yield from (invalid((*path, "hostname"), host, wrong) for wrong in names.dns_label_problems(host))
    if isinstance(node, str):
        yield from (invalid((*path, "nodeName"), node, wrong) for wrong in names.subdomain_problems(node))


RULES: Final = {"EndpointSubset": (_subset,), "EndpointSlice": (_slice,)}
