"""Fields of pods, and amounts of resources of containers, that variables and files have."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from nixernetes.objects.fields import text_at
from nixernetes.objects.manifest import Json
from nixernetes.schemas import names
from nixernetes.schemas.problems import FieldPath, Problem, invalid, required, unsupported

__all__ = ["OF_FILES", "OF_VARIABLES", "field_of_pod", "resource_field"]

_SUBSCRIPT: Final = re.compile(r"(.*)\['(.*)'\]")
_MAPS_OF_PODS: Final = ("metadata.annotations", "metadata.labels")
OF_VARIABLES: Final = (
    *("metadata.name", "metadata.namespace", "metadata.uid", "spec.nodeName", "spec.serviceAccountName"),
    *("status.hostIP", "status.hostIPs", "status.podIP", "status.podIPs"),
)
OF_FILES: Final = ("metadata.annotations", "metadata.labels", "metadata.name", "metadata.namespace", "metadata.uid")
_FIELDS_OF_PODS: Final = (
    *OF_VARIABLES,
    *_MAPS_OF_PODS,
    *("spec.host", "spec.restartPolicy", "spec.schedulerName", "status.phase"),
)
_RESOURCES: Final = (
    *("limits.cpu", "limits.ephemeral-storage", "limits.memory"),
    *("requests.cpu", "requests.ephemeral-storage", "requests.memory"),
)
_SIZES: Final = ("1", "1k", "1M", "1G", "1T", "1P", "1E", "1Ki", "1Mi", "1Gi", "1Ti", "1Pi", "1Ei")
_DIVISORS: Final = {"cpu": (("1m", "1"), "cpu"), "memory": (_SIZES, "memory")}
_HUGE_PAGES: Final = ("limits.hugepages-", "requests.hugepages-")


def field_of_pod(value: Mapping[str, Json], path: FieldPath, allowed: tuple[str, ...]) -> Iterator[Problem]:
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


def resource_field(value: Mapping[str, Json], path: FieldPath, *, in_volume: bool) -> Iterator[Problem]:
    """Yield what is wrong with an amount that a variable or a file has (``validateContainerResourceFieldSelector``)."""
    resource = text_at(value, "resource")
    if in_volume and not text_at(value, "containerName"):
        yield required((*path, "containerName"))
    elif not resource:
        yield required((*path, "resource"))
    elif resource not in _RESOURCES and not resource.startswith(_HUGE_PAGES):
        yield unsupported((*path, "resource"), resource, _RESOURCES)
    divisor = str(value.get("divisor", "0"))
    kind = resource.partition(".")[2]
    allowed, what = _DIVISORS.get(kind, (_SIZES, "local ephemeral storage"))
    if kind.startswith("hugepages-"):
        what = "hugepages"
    if (
        resource
        and divisor not in ("0", *allowed)
        and (kind in _DIVISORS or what != "local ephemeral storage" or kind == "ephemeral-storage")
    ):
        detail = (
            f"only divisor's values {', '.join(allowed[:-1])} and {allowed[-1]} are supported with the {what} resource"
        )
        if kind != "cpu":
            detail = f"only divisor's values {', '.join(allowed)} are supported with the {what} resource"
        yield invalid((*path, "divisor"), resource, detail)
