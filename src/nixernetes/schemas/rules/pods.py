"""Pods, containers, probes, resources, volumes (``pkg/apis/core/validation``)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from nixernetes.errors import InputError
from nixernetes.languages import quantities
from nixernetes.objects.fields import items_at, mapping_at, objects_at, text_at
from nixernetes.objects.manifest import Json
from nixernetes.objects.well_known import KUBERNETES_PREFIX
from nixernetes.schemas import names
from nixernetes.schemas.problems import (
    FieldPath,
    MapKey,
    Problem,
    ProblemKind,
    duplicate,
    forbidden,
    invalid,
    required,
    unsupported,
)
from nixernetes.schemas.rules.numbers import at_least, number_of_port, port

__all__ = ["RULES"]

_HANDLERS: Final = ("exec", "httpGet", "tcpSocket", "grpc")
_VARIABLE: Final = re.compile(r"[ -<>-~]+")  # printable ASCII without =: what a relaxed name may have (1.32)
_ENV_SOURCES: Final = ("fieldRef", "resourceFieldRef", "configMapKeyRef", "secretKeyRef", "fileKeyRef")
_OF_CONTAINERS: Final = ("cpu", "memory", "ephemeral-storage")
_QUOTAS: Final = ("requests", "limits")
# What a quota may count is a standard name, too, though no container has it (``standardResources`` in core/helper).
_STANDARD: Final = (
    *_OF_CONTAINERS,
    *(f"{part}.{name}" for part in _QUOTAS for name in _OF_CONTAINERS),
    *("pods", "resourcequotas", "services", "replicationcontrollers", "secrets", "configmaps"),
    *("persistentvolumeclaims", "storage", "requests.storage", "services.nodeports", "services.loadbalancers"),
)
_HUGE_PAGES: Final = "hugepages-"
_SUBSCRIPT: Final = re.compile(r"(.*)\['(.*)'\]")
_MAPS_OF_PODS: Final = ("metadata.annotations", "metadata.labels")
_OF_VARIABLES: Final = (
    *("metadata.name", "metadata.namespace", "metadata.uid", "spec.nodeName", "spec.serviceAccountName"),
    *("status.hostIP", "status.hostIPs", "status.podIP", "status.podIPs"),
)
_OF_FILES: Final = ("metadata.annotations", "metadata.labels", "metadata.name", "metadata.namespace", "metadata.uid")
_FIELDS_OF_PODS: Final = (
    *_OF_VARIABLES,
    *_MAPS_OF_PODS,
    *("spec.host", "spec.restartPolicy", "spec.schedulerName", "status.phase"),
)
_LARGEST_ID: Final = 2**31 - 1  # of users and groups
_TINY: Final = 1_000_000_000  # nanounits: memory below one byte
_LONGEST_HOST: Final = 63


def _pod(value: Mapping[str, Json], path: FieldPath) -> Iterator[Problem]:
    containers = objects_at(value, "containers")
    if "containers" not in value or not containers:
        yield required((*path, "containers"))
    yield from _names(value, path)
    yield from _mounts(value, path)
    yield from _volumes(value, path)
    if value.get("activeDeadlineSeconds") is not None:
        yield from at_least(value, path, 1, "activeDeadlineSeconds")
    account = text_at(value, "serviceAccountName")
    wrong = names.subdomain_problem(account) if account else ""
    if wrong:
        yield invalid((*path, "serviceAccountName"), account, wrong)
    for key, text in mapping_at(value, "nodeSelector").items():
        wrong = names.label_key_problem(key) or (names.label_value_problem(text) if isinstance(text, str) else "")
        if wrong:
            yield invalid((*path, "nodeSelector"), key, wrong)
    if value.get("hostNetwork") is True:
        yield from _host_ports(value, path)
    if text_at(value, "dnsPolicy") == "None" and not items_at(value, "dnsConfig", "nameservers"):
        detail = "must provide at least one DNS nameserver when `dnsPolicy` is None"
        yield required((*path, "dnsConfig", "nameservers"), detail)


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


def _identity(value: Mapping[str, Json], path: FieldPath) -> Iterator[Problem]:
    """Yield users and groups that Linux has not."""
    detail = f"must be between 0 and {_LARGEST_ID}, inclusive"
    for name in ("runAsUser", "runAsGroup", "fsGroup"):
        number = value.get(name)
        if isinstance(number, int) and not 0 <= number <= _LARGEST_ID:
            yield invalid((*path, name), number, detail)
    for at, number in enumerate(items_at(value, "supplementalGroups")):
        if isinstance(number, int) and not 0 <= number <= _LARGEST_ID:
            yield invalid((*path, "supplementalGroups", at), number, detail)


def _privileges(value: Mapping[str, Json], path: FieldPath) -> Iterator[Problem]:
    if value.get("allowPrivilegeEscalation") is False and value.get("privileged") is True:
        yield invalid(path, value, "cannot set `allowPrivilegeEscalation` to false and `privileged` to true")


def _affinity_term(value: Mapping[str, Json], path: FieldPath) -> Iterator[Problem]:
    key, here = text_at(value, "topologyKey"), (*path, "topologyKey")
    if not key:
        yield required(here, "can not be empty")
    yield from (invalid(here, key, wrong) for wrong in names.label_key_problems(key))


def _spread(value: Mapping[str, Json], path: FieldPath) -> Iterator[Problem]:
    skew = value.get("maxSkew", 0)
    if isinstance(skew, int) and skew < 1:
        yield invalid((*path, "maxSkew"), skew, "must be greater than zero")
    if not text_at(value, "topologyKey"):
        yield required((*path, "topologyKey"), "can not be empty")
    least = value.get("minDomains")
    if isinstance(least, int) and least < 1:
        yield invalid((*path, "minDomains"), least, "must be greater than zero")


def _names(value: Mapping[str, Json], path: FieldPath) -> Iterator[Problem]:
    seen: set[str] = set()
    for part in ("containers", "initContainers"):
        for number, container in enumerate(objects_at(value, part)):
            name = text_at(container, "name")
            if name and name in seen:
                yield duplicate((*path, part, number, "name"), name)
            seen.add(name)


def _mounted(value: Mapping[str, Json], path: FieldPath) -> Iterator[Problem]:
    """Yield mounts of volumes that a pod does not have; a StatefulSet's claims are volumes, too."""
    below: FieldPath = ("spec",) if "kind" in value else ("template", "spec")
    spec = mapping_at(value, *(str(step) for step in below))
    known = {text_at(volume, "name") for volume in objects_at(spec, "volumes")}
    known |= {text_at(claim, "metadata", "name") for claim in objects_at(value, "volumeClaimTemplates")}
    for part in ("containers", "initContainers"):
        for number, container in enumerate(objects_at(spec, part)):
            for at, mount in enumerate(objects_at(container, "volumeMounts")):
                name = text_at(mount, "name")
                if name and name not in known:
                    here = (*path, *below, part, number, "volumeMounts", at, "name")
                    yield Problem(here, ProblemKind.INVALID, f'Not found: "{name}"')


def _mounts(value: Mapping[str, Json], path: FieldPath) -> Iterator[Problem]:
    for part in ("containers", "initContainers"):
        for number, container in enumerate(objects_at(value, part)):
            paths: set[str] = set()
            for at, mount in enumerate(objects_at(container, "volumeMounts")):
                where = text_at(mount, "mountPath")
                if where and where in paths:
                    yield invalid((*path, part, number, "volumeMounts", at, "mountPath"), where, "must be unique")
                paths.add(where)


def _volumes(value: Mapping[str, Json], path: FieldPath) -> Iterator[Problem]:
    for number, volume in enumerate(objects_at(value, "volumes")):
        name = text_at(volume, "name")
        here = (*path, "volumes", number)
        wrong = names.dns_label_problem(name) if name else ""
        if wrong:
            yield invalid((*here, "name"), name, wrong)
        sources = [part for part, given in volume.items() if part != "name" and given is not None]
        if not sources:
            yield required(here, "must specify a volume type")
        elif len(sources) > 1:
            yield forbidden((*here, sources[1]), "may not specify more than 1 volume type")


def _container(value: Mapping[str, Json], path: FieldPath) -> Iterator[Problem]:
    name, image = text_at(value, "name"), value.get("image")
    wrong = names.dns_label_problem(name) if name else ""
    if wrong:
        yield invalid((*path, "name"), name, wrong)
    if image is None or image == "":
        yield required((*path, "image"))
    elif isinstance(image, str) and image.strip() != image:
        yield invalid((*path, "image"), image, "must not have leading or trailing whitespace")
    if "initContainers" in path and text_at(value, "restartPolicy") != "Always":
        for probe in ("livenessProbe", "readinessProbe", "startupProbe", "lifecycle"):
            if value.get(probe) is not None:
                detail = "may not be set for init containers without restartPolicy=Always"
                yield forbidden((*path, probe), detail)
    for probe in ("livenessProbe", "startupProbe"):
        threshold = mapping_at(value, probe).get("successThreshold")
        if isinstance(threshold, int) and threshold not in (0, 1):
            yield invalid((*path, probe, "successThreshold"), threshold, "must be 1")
    yield from _port_names(value, path)


def _port_names(value: Mapping[str, Json], path: FieldPath) -> Iterator[Problem]:
    seen: set[str] = set()
    for number, each in enumerate(objects_at(value, "ports")):
        name = text_at(each, "name")
        if name and name in seen:
            yield duplicate((*path, "ports", number, "name"), name)
        seen.add(name)


def _port(value: Mapping[str, Json], path: FieldPath) -> Iterator[Problem]:
    if value.get("containerPort") == 0:
        yield required((*path, "containerPort"))
    else:
        yield from number_of_port(value.get("containerPort"), (*path, "containerPort"))
    if value.get("hostPort"):
        yield from number_of_port(value.get("hostPort"), (*path, "hostPort"))
    if text_at(value, "name"):
        yield from port(text_at(value, "name"), (*path, "name"))


def _probe(value: Mapping[str, Json], path: FieldPath) -> Iterator[Problem]:
    given = [handler for handler in _HANDLERS if value.get(handler) is not None]
    if not given:
        yield required(path, "must specify a handler type")
    elif len(given) > 1:
        yield forbidden((*path, given[1]), "may not specify more than 1 handler type")
    if given:
        yield from _handler(given[0], mapping_at(value, given[0]), (*path, given[0]))
    yield from at_least(value, path, 0, "initialDelaySeconds")
    yield from at_least(
        {name: found for name, found in value.items() if found != 0},
        path,
        0,
        "timeoutSeconds",
        "periodSeconds",
        "successThreshold",
        "failureThreshold",
    )


def _handler(kind: str, value: Mapping[str, Json], path: FieldPath) -> Iterator[Problem]:
    if kind == "exec" and not items_at(value, "command"):
        yield required((*path, "command"))
    if kind in ("httpGet", "tcpSocket"):
        yield from port(value.get("port"), (*path, "port"))


def _hook(value: Mapping[str, Json], path: FieldPath) -> Iterator[Problem]:
    """Yield what is wrong with a hook of a container's life: the first handler is looked at."""
    given = [handler for handler in (*_HANDLERS, "sleep") if value.get(handler) is not None]
    if not given:
        yield required(path, "must specify a handler type")
        return
    yield from (forbidden((*path, each), "may not specify more than 1 handler type") for each in given[1:])
    yield from _handler(given[0], mapping_at(value, given[0]), (*path, given[0]))


def _variable(value: Mapping[str, Json], path: FieldPath) -> Iterator[Problem]:
    name = text_at(value, "name")
    if value.get("name") == "":
        yield required((*path, "name"))
    if name and not _VARIABLE.fullmatch(name):
        yield invalid((*path, "name"), name, "a valid environment variable name must consist only of printable ASCII")
    source = value.get("valueFrom")
    if source is None:
        return
    if mapping_at(source, "fieldRef"):
        yield from _field_of_pod(mapping_at(source, "fieldRef"), (*path, "valueFrom", "fieldRef"), _OF_VARIABLES)
    if text_at(value, "value"):
        detail = "may not be specified when `value` is not empty"
        yield invalid((*path, "valueFrom"), "", detail)
    given = [part for part in _ENV_SOURCES if mapping_at(source, part)]
    if not given:
        detail = "must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef` or `secretKeyRef`"
        yield invalid((*path, "valueFrom"), "", detail)
    elif len(given) > 1:
        yield invalid((*path, "valueFrom"), "", "may not have more than one field specified at a time")


def _field_of_pod(value: Mapping[str, Json], path: FieldPath, allowed: tuple[str, ...]) -> Iterator[Problem]:
    """Yield what is wrong with a field of a pod that a variable or a file has (``validateObjectFieldSelector``)."""
    field, here = text_at(value, "fieldPath"), (*path, "fieldPath")
    subscripted = _SUBSCRIPT.fullmatch(field)
    if not field:
        yield required(here)
    elif subscripted is not None and subscripted[1] not in _MAPS_OF_PODS:
        yield invalid(here, field, f"error converting fieldPath: field label does not support subscript: {field}")
    elif subscripted is not None:
        key = subscripted[2].lower() if subscripted[1] == "metadata.annotations" else subscripted[2]
        yield from (invalid(path, key, wrong) for wrong in names.label_key_problems(key))
    elif field not in _FIELDS_OF_PODS:
        yield invalid(here, field, f"error converting fieldPath: field label not supported: {field}")
    elif field.replace("spec.host", "spec.nodeName") not in allowed and field not in allowed:
        yield unsupported(here, field, allowed)


def _file(value: Mapping[str, Json], path: FieldPath) -> Iterator[Problem]:
    if not text_at(value, "path"):
        yield required((*path, "path"))
    if mapping_at(value, "fieldRef"):
        yield from _field_of_pod(mapping_at(value, "fieldRef"), (*path, "fieldRef"), _OF_FILES)
    elif not mapping_at(value, "resourceFieldRef"):
        yield required(path, "one of fieldRef and resourceFieldRef is required")


def _resources(value: Mapping[str, Json], path: FieldPath) -> Iterator[Problem]:
    """Yield what ``validateResourceRequirements`` does."""
    limits, requests = mapping_at(value, "limits"), mapping_at(value, "requests")
    for part, given in (("limits", limits), ("requests", requests)):
        for name, amount in given.items():
            here = (*path, part, MapKey(name))
            yield from _resource_name(name, here)
            yield from _amount(name, amount, here)
    for name, amount in requests.items():
        is_native = ("/" not in name or KUBERNETES_PREFIX in name) and not name.startswith(_HUGE_PAGES)
        most, asked = _nano(limits.get(name)), _nano(amount)
        if most is not None and asked is not None and asked != most and not is_native:
            detail = f"must be equal to {name} limit of {limits[name]}"
            yield invalid((*path, "requests"), str(amount), detail)
        elif most is not None and asked is not None and asked > most:
            detail = f"must be less than or equal to {name} limit of {limits[name]}"
            yield invalid((*path, "requests"), str(amount), detail)
        elif name not in limits and not is_native:
            yield required((*path, "limits"), "Limit must be set for non overcommitable resources")


def _resource_name(name: str, path: FieldPath) -> Iterator[Problem]:
    wrong = names.label_key_problems(name)
    yield from (invalid(path, name, each) for each in wrong)
    if "/" in name or name in _OF_CONTAINERS or name.startswith(_HUGE_PAGES):
        return
    if not wrong and name not in _STANDARD:
        yield invalid(path, name, "must be a standard resource type or fully qualified")
    yield invalid(path, name, "must be a standard resource for containers")


def _amount(name: str, amount: Json, path: FieldPath) -> Iterator[Problem]:
    nano = _nano(amount)
    if nano is not None and nano < 0:
        yield invalid(path, amount, "must be greater than or equal to 0")
    elif nano is not None and "/" in name and KUBERNETES_PREFIX not in name and nano % _TINY:
        yield invalid(path, amount, "must be an integer")
    elif nano is not None and name == "memory" and 0 < nano < _TINY:
        meant = str(amount).removesuffix("m")
        hint = f": is it {meant}Mi?"
        yield Problem(path, ProblemKind.DOUBTFUL, f"{amount} is less than one byte of memory", hint)


def _nano(amount: Json) -> int | None:
    try:
        return quantities.parse(str(amount)).nano if amount is not None else None
    except InputError:
        return None


def _toleration(value: Mapping[str, Json], path: FieldPath) -> Iterator[Problem]:
    operator = text_at(value, "operator")
    if not text_at(value, "key") and operator != "Exists":
        detail = 'operator must be Exists when `key` is empty, which means "match all values and all keys"'
        yield invalid((*path, "operator"), operator, detail)
    if operator == "Exists" and text_at(value, "value"):
        yield invalid((*path, "operator"), value.get("value"), "value must be empty when `operator` is 'Exists'")


def _mount(value: Mapping[str, Json], path: FieldPath) -> Iterator[Problem]:
    if value.get("mountPath") == "":
        yield required((*path, "mountPath"))
    inside = text_at(value, "subPath")
    if inside.startswith("/"):
        yield invalid((*path, "subPath"), inside, "must be a relative path")
    if ".." in inside.split("/"):
        yield invalid((*path, "subPath"), inside, "must not contain '..'")


RULES: Final = {
    **dict.fromkeys(("DeploymentSpec", "DaemonSetSpec", "ReplicaSetSpec", "StatefulSetSpec", "JobSpec"), (_mounted,)),
    "Pod": (_mounted, _new_pod),
    "PodSpec": (_pod,),
    "Container": (_container,),
    "ContainerPort": (_port,),
    "Probe": (_probe,),
    "LifecycleHandler": (_hook,),
    "EnvVar": (_variable,),
    "ResourceRequirements": (_resources,),
    "PodSecurityContext": (_identity,),
    "SecurityContext": (_identity, _privileges),
    "PodAffinityTerm": (_affinity_term,),
    "TopologySpreadConstraint": (_spread,),
    "DownwardAPIVolumeFile": (_file,),
    "Toleration": (_toleration,),
    "VolumeMount": (_mount,),
}
