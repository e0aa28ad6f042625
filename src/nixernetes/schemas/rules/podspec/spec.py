"""What a pod says of itself: names, DNS, gates, time (``ValidatePodSpec``)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from nixernetes.objects.fields import items_at, mapping_at, objects_at, text_at
from nixernetes.objects.manifest import Json
from nixernetes.schemas import names
from nixernetes.schemas.problems import FieldPath, Problem, duplicate, forbidden, invalid, required, unsupported
from nixernetes.schemas.rules.addresses import NO_ADDRESS, address_version
from nixernetes.schemas.rules.metadata import labels

__all__ = ["RULES"]

_LARGEST: Final = 2**31 - 1
_MOST_SERVERS: Final = 3
_MOST_SEARCHES: Final = 32
_LONGEST_SEARCHES: Final = 2048


def _pod(value: Mapping[str, Json], path: FieldPath) -> Iterator[Problem]:
    if not objects_at(value, "containers"):
        yield required((*path, "containers"))
    seconds = value.get("activeDeadlineSeconds")
    if isinstance(seconds, int) and not 1 <= seconds <= _LARGEST:
        yield invalid((*path, "activeDeadlineSeconds"), seconds, f"must be between 1 and {_LARGEST}, inclusive")
    for part in ("serviceAccountName", "nodeName", "priorityClassName", "runtimeClassName"):
        name = text_at(value, part)
        if name:
            yield from (invalid((*path, part), name, wrong) for wrong in names.subdomain_problems(name))
    for part in ("hostname", "subdomain"):
        name = text_at(value, part)
        if name:
            yield from (invalid((*path, part), name, wrong) for wrong in names.dns_label_problems(name))
    yield from labels(value.get("nodeSelector"), (*path, "nodeSelector"))
    if value.get("hostNetwork") is True:
        yield from _host_ports(value, path)
    if value.get("shareProcessNamespace") is True and value.get("hostPID") is True:
        yield invalid(
            (*path, "shareProcessNamespace"), True, "ShareProcessNamespace and HostPID cannot both be enabled"
        )
    if value.get("os") is not None:
        name = text_at(value, "os", "name")
        if not name:
            yield required((*path, "os", "name"))
        elif name not in ("linux", "windows"):
            yield unsupported((*path, "os"), name, ("linux", "windows"))
    yield from _gates(value, path)
    yield from _aliases(value, path)


def _gates(value: Mapping[str, Json], path: FieldPath) -> Iterator[Problem]:
    for number, each in enumerate(objects_at(value, "readinessGates")):
        kind, here = text_at(each, "conditionType"), (*path, "readinessGates", number, "conditionType")
        yield from (invalid(here, kind, wrong) for wrong in names.label_key_problems(kind))
    seen: set[str] = set()
    for number, each in enumerate(objects_at(value, "schedulingGates")):
        name, here = text_at(each, "name"), (*path, "schedulingGates", number)
        yield from (invalid(here, name, wrong) for wrong in names.label_key_problems(name))
        if name in seen:
            yield duplicate(here, name)
        seen.add(name)
    claims: set[str] = set()
    for number, each in enumerate(objects_at(value, "resourceClaims")):
        yield from _claim(each, (*path, "resourceClaims", number))
        name = text_at(each, "name")
        if name in claims:
            yield duplicate((*path, "resourceClaims", number, "name"), name)
        claims.add(name)


def _claim(value: Mapping[str, Json], path: FieldPath) -> Iterator[Problem]:
    name = text_at(value, "name")
    if not name:
        yield required((*path, "name"))
    else:
        yield from (invalid((*path, "name"), name, wrong) for wrong in names.dns_label_problems(name))
    parts = ("resourceClaimName", "resourceClaimTemplateName")
    given = [part for part in parts if value.get(part) is not None]
    shown: Json = {f"{part[:1].upper()}{part[1:]}": value.get(part) for part in parts}
    if not given:
        yield invalid(
            path, {"Name": name, **shown}, "must specify one of: `resourceClaimName`, `resourceClaimTemplateName`"
        )
    elif len(given) > 1:
        yield invalid(
            path,
            {"Name": name, **shown},
            "at most one of `resourceClaimName` or `resourceClaimTemplateName` may be specified",
        )
    for part in given:
        told = text_at(value, part)
        yield from (invalid((*path, part), told, wrong) for wrong in names.subdomain_problems(told))


def _aliases(value: Mapping[str, Json], path: FieldPath) -> Iterator[Problem]:
    for number, each in enumerate(objects_at(value, "hostAliases")):
        here, address = (*path, "hostAliases", number), text_at(each, "ip")
        if not address_version(address):
            yield invalid((*here, "ip"), address, NO_ADDRESS)
        for at, name in enumerate(items_at(each, "hostnames")):
            problems = names.subdomain_problems(str(name))
            yield from (invalid((*here, "hostnames", at), name, wrong) for wrong in problems)


def _dns(value: Mapping[str, Json], path: FieldPath) -> Iterator[Problem]:
    told, here = mapping_at(value, "dnsConfig"), (*path, "dnsConfig")
    servers, searches = items_at(told, "nameservers"), items_at(told, "searches")
    if text_at(value, "dnsPolicy") == "None" and not servers:
        detail = "must provide at least one DNS nameserver when `dnsPolicy` is None"
        yield required((*here, "nameservers"), detail)
    if len(servers) > _MOST_SERVERS:
        yield invalid((*here, "nameservers"), servers, f"must not have more than {_MOST_SERVERS} nameservers")
    for at, each in enumerate(servers):
        if not address_version(each):
            yield invalid((*here, "nameservers", at), each, NO_ADDRESS)
    if len(searches) > _MOST_SEARCHES:
        yield invalid((*here, "searches"), searches, f"must not have more than {_MOST_SEARCHES} search paths")
    if len(" ".join(map(str, searches))) > _LONGEST_SEARCHES:
        detail = "must not have more than 2048 characters (including spaces) in the search list"
        yield invalid((*here, "searches"), searches, detail)
    for at, each in enumerate(searches):
        if each != ".":
            problems = names.search_problems(str(each).removesuffix("."))
            yield from (invalid((*here, "searches", at), each, wrong) for wrong in problems)
    for at, option in enumerate(objects_at(told, "options")):
        if not text_at(option, "name"):
            yield required((*here, "options", at), "must not be empty")


def _host_ports(value: Mapping[str, Json], path: FieldPath) -> Iterator[Problem]:
    """Yield ports that are others on the host, in the network of which a pod is; none is given until defaults are."""
    for number, container in enumerate(objects_at(value, "containers")):
        for at, each in enumerate(objects_at(container, "ports")):
            host = each.get("hostPort")
            if host and host != each.get("containerPort"):
                detail = "must match `containerPort` when `hostNetwork` is true"
                yield invalid((*path, "containers", number, "ports", at, "hostPort"), host, detail)


def _new_pod(value: Mapping[str, Json], path: FieldPath) -> Iterator[Problem]:
    if objects_at(value, "spec", "ephemeralContainers"):
        yield forbidden((*path, "spec", "ephemeralContainers"), "cannot be set on create")


RULES: Final = {"PodSpec": (_pod, _dns), "Pod": (_new_pod,)}
