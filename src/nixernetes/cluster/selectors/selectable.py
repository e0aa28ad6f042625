"""The fields that clients may select objects by, of each kind, and what they are of an object.

Names are those of ``pkg/apis/*/conversion.go``, values those of ``pkg/registry/*/strategy.go`` (kubernetes v1.34.4).
A name that is accepted and has no value is ``""``, as ``status.podIPs`` of a Pod.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from nixernetes.cluster.api import ApiError
from nixernetes.cluster.selectors.parsing import FieldRequirement, FieldRequirements
from nixernetes.errors import InputError
from nixernetes.languages import json_path
from nixernetes.objects.fields import flag_at, number_at, objects_at, text_at
from nixernetes.objects.identity import GroupKind
from nixernetes.objects.manifest import Manifest

__all__ = ["SelectableFields", "of_builtin", "of_custom"]

Value = Callable[[Manifest], str]


def _text(*path: str) -> Value:
    return lambda item: text_at(item, *path)


def _either(first: Sequence[str], second: Sequence[str]) -> Value:
    return lambda item: text_at(item, *first) or text_at(item, *second)


def _flag(*path: str) -> Value:
    return lambda item: "true" if flag_at(item, *path) else "false"


def _number(*path: str) -> Value:
    return lambda item: str(number_at(item, *path))


def _pod_ip(item: Manifest) -> str:
    addresses = objects_at(item, "status", "podIPs")
    return text_at(addresses[0], "ip") if addresses else text_at(item, "status", "podIP")


def _nothing(item: Manifest) -> str:
    del item
    return ""


_META: Final[Mapping[str, Value]] = {
    "metadata.name": _text("metadata", "name"),
    "metadata.namespace": _text("metadata", "namespace"),
}
_NAME: Final[Mapping[str, Value]] = {"metadata.name": _META["metadata.name"]}
_ABOUT: Final = ("kind", "namespace", "name", "uid", "apiVersion", "resourceVersion", "fieldPath")


def _event(about: str, reporter: str) -> dict[str, Value]:
    """Return the fields of an Event; it may be stored in either of its versions."""
    fields = {f"{about}.{name}": _either(("involvedObject", name), ("regarding", name)) for name in _ABOUT}
    reporting = _either(("reportingComponent",), ("reportingController",))
    return {**_META, **fields, "reason": _text("reason"), reporter: reporting, "type": _text("type")}


def _source(item: Manifest) -> str:
    told = text_at(item, "source", "component") or text_at(item, "deprecatedSource", "component")
    return told or text_at(item, "reportingComponent") or text_at(item, "reportingController")


@dataclass(frozen=True, slots=True)
class SelectableFields:
    """The fields of one kind.

    Attributes:
        values: what each is of an object.
        refusal: what a client is told of another one, with ``{}`` for its name.
        renamed: older names.

    """

    values: Mapping[str, Value]
    refusal: str = "field label not supported: {}"
    renamed: Mapping[str, str] = field(default_factory=dict)

    def accepted(self, wanted: FieldRequirements) -> FieldRequirements:
        """Return requirements by fields of this kind.

        Raises:
            ApiError: BadRequest, it has no such field to select by.

        """
        found = []
        for each in wanted.requirements:
            name = self.renamed.get(each.field, each.field)
            if name not in self.values:
                raise ApiError("BadRequest", self.refusal.format(each.field))
            found.append(FieldRequirement(name, each.value, each.differs))
        return FieldRequirements(found)

    def of(self, item: Manifest) -> Callable[[str], str]:
        """Return what tells the fields of an object."""
        return lambda name: self.values[name](item)


_UNKNOWN: Final = '"{}" is not a known field selector: only "metadata.name", "metadata.namespace"'
_DEFAULT: Final = SelectableFields(_META, _UNKNOWN)
_BUILTIN: Final[dict[str, SelectableFields]] = {  # by kind and group, as "Lease.coordination.k8s.io"
    "Pod": SelectableFields(
        {
            **_META,
            "spec.nodeName": _text("spec", "nodeName"),
            "spec.restartPolicy": _text("spec", "restartPolicy"),
            "spec.schedulerName": _text("spec", "schedulerName"),
            "spec.serviceAccountName": _text("spec", "serviceAccountName"),
            "spec.hostNetwork": _flag("spec", "hostNetwork"),
            "status.phase": _text("status", "phase"),
            "status.podIP": _pod_ip,
            "status.podIPs": _nothing,
            "status.nominatedNodeName": _text("status", "nominatedNodeName"),
        },
        renamed={"spec.host": "spec.nodeName"},
    ),
    "Node": SelectableFields({**_NAME, "spec.unschedulable": _flag("spec", "unschedulable")}),
    "Namespace": SelectableFields({**_NAME, "status.phase": _text("status", "phase")}),
    "Secret": SelectableFields({**_META, "type": _text("type")}),
    "Service": SelectableFields(
        {**_META, "spec.clusterIP": _text("spec", "clusterIP"), "spec.type": _text("spec", "type")}
    ),
    "ReplicationController": SelectableFields({**_META, "status.replicas": _number("status", "replicas")}),
    "Job.batch": SelectableFields({**_META, "status.successful": _number("status", "succeeded")}),
    "Event": SelectableFields({**_event("involvedObject", "reportingComponent"), "source": _source}),
    "Event.events.k8s.io": SelectableFields(_event("regarding", "reportingController")),
    "CertificateSigningRequest.certificates.k8s.io": SelectableFields(
        {**_NAME, "spec.signerName": _text("spec", "signerName")}
    ),
    "ResourceSlice.resource.k8s.io": SelectableFields(
        {**_NAME, "spec.nodeName": _text("spec", "nodeName"), "spec.driver": _text("spec", "driver")},
        "field label not supported for resource.k8s.io/v1, Kind=ResourceSlice: {}",
    ),
}


def of_builtin(kind: GroupKind) -> SelectableFields:
    """Return the fields of a built-in kind, as the group of the request names it."""
    return _BUILTIN.get(f"{kind.kind}.{kind.group}".rstrip("."), _DEFAULT)


def of_custom(paths: Sequence[str], *, is_namespaced: bool) -> SelectableFields:
    """Return the fields of a custom kind.

    Args:
        paths: the JSONPaths of ``selectableFields`` of its version.
        is_namespaced: whether its objects are in namespaces.

    """
    own = {path.removeprefix("."): _reader(path) for path in paths}
    return SelectableFields({**(_META if is_namespaced else _NAME), **own})


def _reader(path: str) -> Value:
    def read(item: Manifest) -> str:
        try:
            found = json_path.parse(path).find(item)
        except InputError:
            return ""
        value = found[0] if found else None
        if isinstance(value, bool):
            return "true" if value else "false"
        return "" if value is None else str(value)

    return read
