"""Containers: names, images, ports, variables (``validateContainerCommon``)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from nixernetes.objects.fields import mapping_at, objects_at, text_at
from nixernetes.objects.manifest import Json
from nixernetes.schemas import names
from nixernetes.schemas.config_keys import config_key_problem
from nixernetes.schemas.problems import (
    FieldPath,
    Problem,
    duplicate,
    forbidden,
    invalid,
    required,
    unsupported,
)
from nixernetes.schemas.rules.numbers import number_of_port, port
from nixernetes.schemas.rules.podspec.fields import OF_VARIABLES, field_of_pod, resource_field
from nixernetes.schemas.rules.podspec.probes import of_probes

__all__ = ["RULES"]

_VARIABLE: Final = re.compile(r"[ -<>-~]+")  # printable ASCII without =: what a relaxed name may have (1.32)
_VARIABLE_RULE: Final = (
    "a valid environment variable name must consist only of printable ASCII characters other than '='"
)
_ENV_SOURCES: Final = ("fieldRef", "resourceFieldRef", "configMapKeyRef", "secretKeyRef", "fileKeyRef")
_DROPPED: Final = ("Never", "OnFailure")  # only what is off by default has them
_RESIZES: Final = ("NotRequired", "RestartContainer")


def _container(value: Mapping[str, Json], path: FieldPath) -> Iterator[Problem]:
    name, image = text_at(value, "name"), value.get("image")
    if not name:
        yield required((*path, "name"))
    else:
        yield from (invalid((*path, "name"), name, wrong) for wrong in names.dns_label_problems(name))
    if image is None or image == "":
        yield required((*path, "image"))
    elif isinstance(image, str) and image.strip() != image:
        yield invalid((*path, "image"), image, "must not have leading or trailing whitespace")
    if "initContainers" in path and text_at(value, "restartPolicy") != "Always":
        for probe in ("livenessProbe", "readinessProbe", "startupProbe", "lifecycle"):
            if value.get(probe) is not None:
                detail = "may not be set for init containers without restartPolicy=Always"
                yield forbidden((*path, probe), detail)
    policy = value.get("restartPolicy")
    if "initContainers" in path and policy and policy not in ("Always", *_DROPPED):
        yield unsupported((*path, "restartPolicy"), policy, ("Always",))
    yield from of_probes(value, path)
    yield from _port_names(value, path)
    yield from _imported(value, path)
    yield from _resizes(value, path)


def _port_names(value: Mapping[str, Json], path: FieldPath) -> Iterator[Problem]:
    seen: set[str] = set()
    for number, each in enumerate(objects_at(value, "ports")):
        name = text_at(each, "name")
        if name and name in seen:
            yield duplicate((*path, "ports", number, "name"), name)
        seen.add(name)


def _port(value: Mapping[str, Json], path: FieldPath) -> Iterator[Problem]:
    if not value.get("containerPort"):
        yield required((*path, "containerPort"))
    else:
        yield from number_of_port(value.get("containerPort"), (*path, "containerPort"))
    if value.get("hostPort"):
        yield from number_of_port(value.get("hostPort"), (*path, "hostPort"))
    if text_at(value, "name"):
        yield from port(text_at(value, "name"), (*path, "name"))


def _resizes(value: Mapping[str, Json], path: FieldPath) -> Iterator[Problem]:
    here, seen = (*path, "resizePolicy"), set[str]()
    for number, each in enumerate(objects_at(value, "resizePolicy")):
        resource, policy = text_at(each, "resourceName"), text_at(each, "restartPolicy")
        if resource in seen:
            yield duplicate((*here, number), resource)
        seen.add(resource)
        if not resource:
            yield required(here)
        elif resource not in ("cpu", "memory"):
            yield unsupported(here, resource, ("cpu", "memory"))
        if not policy:
            yield required(here)
        elif policy not in _RESIZES:
            yield unsupported(here, policy, _RESIZES)


def _imported(value: Mapping[str, Json], path: FieldPath) -> Iterator[Problem]:
    """Yield what is wrong with the variables that come from whole ConfigMaps and Secrets."""
    for number, each in enumerate(objects_at(value, "envFrom")):
        here, prefix = (*path, "envFrom", number), text_at(each, "prefix")
        if prefix and not _VARIABLE.fullmatch(prefix):
            yield invalid((*here, "prefix"), prefix, _VARIABLE_RULE)
        given = [part for part in ("configMapRef", "secretRef") if each.get(part) is not None]
        for part in given:
            name = text_at(each, part, "name")
            if not name:
                yield required((*here, part, "name"))
            else:
                yield from (invalid((*here, part, "name"), name, wrong) for wrong in names.subdomain_problems(name))
        if not given:
            yield invalid((*path, "envFrom"), "", "must specify one of: `configMapRef` or `secretRef`")
        elif len(given) > 1:
            yield invalid((*path, "envFrom"), "", "may not have more than one field specified at a time")


def _variable(value: Mapping[str, Json], path: FieldPath) -> Iterator[Problem]:
    name = text_at(value, "name")
    if not name:
        yield required((*path, "name"))
    elif not _VARIABLE.fullmatch(name):
        yield invalid((*path, "name"), name, _VARIABLE_RULE)
    source = value.get("valueFrom")
    if source is None:
        return
    here = (*path, "valueFrom")
    given = [part for part in _ENV_SOURCES if value["valueFrom"].get(part) is not None]
    for part in given:
        told, place = mapping_at(source, part), (*here, part)
        if part == "fieldRef":
            yield from field_of_pod(told, place, OF_VARIABLES)
        elif part == "resourceFieldRef":
            yield from resource_field(told, place, in_volume=False)
        elif part != "fileKeyRef":
            yield from _key(told, place)
    if text_at(value, "value"):
        yield invalid(here, "", "may not be specified when `value` is not empty")
    if not given:
        detail = "must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef` or `secretKeyRef`"
        yield invalid(here, "", detail)
    elif len(given) > 1:
        yield invalid(here, "", "may not have more than one field specified at a time")


def _key(value: Mapping[str, Json], path: FieldPath) -> Iterator[Problem]:
    name, key = text_at(value, "name"), text_at(value, "key")
    yield from (invalid((*path, "name"), name, wrong) for wrong in names.subdomain_problems(name))
    if not key:
        yield required((*path, "key"))
    elif config_key_problem(key):
        yield invalid((*path, "key"), key, config_key_problem(key))


def _containers(value: Mapping[str, Json], path: FieldPath) -> Iterator[Problem]:
    """Yield names, and ports of the host, that two containers of a pod have."""
    seen, ports = set[str](), set[str]()
    for part in ("containers", "initContainers"):
        for number, container in enumerate(objects_at(value, part)):
            name = text_at(container, "name")
            if name in seen and (name or part == "containers"):
                yield duplicate((*path, part, number, "name"), name)
            seen.add(name)
    for number, container in enumerate(objects_at(value, "containers")):
        for at, each in enumerate(objects_at(container, "ports")):
            if not each.get("hostPort"):
                continue
            taken = f"{text_at(each, 'protocol')}/{text_at(each, 'hostIP')}/{each['hostPort']}"
            if taken in ports:
                yield duplicate((*path, "containers", number, "ports", at, "hostPort"), taken)
            ports.add(taken)


RULES: Final = {
    "PodSpec": (_containers,),
    "Container": (_container,),
    "ContainerPort": (_port,),
    "EnvVar": (_variable,),
}
