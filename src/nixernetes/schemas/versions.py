"""Which minor version of Kubernetes serves which kind and knows which field, and what must be given.

The table comes from the OpenAPI schemas of the versions 1.25 and newer (``scripts/make_kubernetes_versions.py``); what
went before them is listed here, after the deprecation guide of Kubernetes.
"""

from __future__ import annotations

import json
from functools import cache
from importlib import resources
from typing import Final

from nixernetes.objects import schema
from nixernetes.objects.api_groups import (
    ADMISSIONREGISTRATION,
    APIEXTENSIONS,
    APIREGISTRATION,
    AUTHENTICATION,
    AUTHORIZATION,
    CERTIFICATES,
    COORDINATION,
    DISCOVERY,
    EVENTS,
    FLOWCONTROL,
    NETWORKING,
    NETWORKING_V1,
    NODE,
    RBAC,
    SCHEDULING,
    STORAGE,
)
from nixernetes.objects.manifest import Json

__all__ = ["NEWEST", "field_span", "kind_span", "minor", "must_be_given", "replacement", "went_in"]

# group -> versions that are gone, with the minor version that no longer serves them, and the kinds (none: all)
_GONE: Final[dict[str, tuple[tuple[str, int, tuple[str, ...]], ...]]] = {
    "extensions": (
        ("v1beta1", 16, ("DaemonSet", "Deployment", "NetworkPolicy", "PodSecurityPolicy", "ReplicaSet")),
        ("v1beta1", 22, ("Ingress",)),
    ),
    "apps": (("v1beta1", 16, ()), ("v1beta2", 16, ())),
    "batch": (("v2alpha1", 21, ()), ("v1beta1", 25, ())),
    "policy": (("v1beta1", 25, ()),),
    "autoscaling": (("v2beta1", 25, ()), ("v2beta2", 26, ())),
    EVENTS: (("v1beta1", 25, ()),),
    NETWORKING: (("v1beta1", 22, ("Ingress", "IngressClass")),),
    RBAC: (("v1alpha1", 22, ()), ("v1beta1", 22, ())),
    STORAGE: (("v1beta1", 27, ("CSIStorageCapacity",)), ("v1beta1", 22, ())),
    SCHEDULING: (("v1alpha1", 17, ()), ("v1beta1", 22, ())),
    ADMISSIONREGISTRATION: (("v1beta1", 22, ("MutatingWebhookConfiguration", "ValidatingWebhookConfiguration")),),
    APIEXTENSIONS: (("v1beta1", 22, ()),),
    APIREGISTRATION: (("v1beta1", 22, ()),),
    AUTHENTICATION: (("v1beta1", 22, ("TokenReview",)),),
    AUTHORIZATION: (("v1beta1", 22, ()),),
    CERTIFICATES: (("v1beta1", 22, ("CertificateSigningRequest",)),),
    COORDINATION: (("v1beta1", 22, ("Lease",)),),
    DISCOVERY: (("v1beta1", 25, ()),),
    NODE: (("v1alpha1", 25, ()), ("v1beta1", 25, ())),
    FLOWCONTROL: (("v1alpha1", 24, ()), ("v1beta1", 26, ()), ("v1beta2", 29, ()), ("v1beta3", 32, ())),
}
_MOVED: Final = {
    ("extensions", "Ingress"): NETWORKING_V1,
    ("extensions", "NetworkPolicy"): NETWORKING_V1,
    ("extensions", "DaemonSet"): "apps/v1",
    ("extensions", "Deployment"): "apps/v1",
    ("extensions", "ReplicaSet"): "apps/v1",
    ("autoscaling", "HorizontalPodAutoscaler"): "autoscaling/v2",
}
# Fields that the schema asks for and the server does not: its Go type has a value without them.
_NOT_ASKED: Final = frozenset(
    (
        ("NetworkPolicySpec", "podSelector"),
        ("StatefulSetSpec", "serviceName"),
        ("ControllerRevision", "revision"),
        ("EndpointSlice", "endpoints"),
        ("LimitRangeSpec", "limits"),
        ("PodDisruptionBudgetStatus", "disruptionsAllowed"),
        ("ISCSIVolumeSource", "lun"),
        ("ISCSIPersistentVolumeSource", "lun"),
        ("HTTPHeader", "value"),
        ("HTTPIngressPath", "pathType"),
        # What Go has as an empty value when it is not given, and rules speak of:
        *(("HorizontalPodAutoscalerSpec", name) for name in ("maxReplicas", "scaleTargetRef")),
        *((f"{kind}Spec", "template") for kind in ("DaemonSet", "Deployment", "StatefulSet")),
        *(("TopologySpreadConstraint", name) for name in ("maxSkew", "topologyKey")),
        ("PodAffinityTerm", "topologyKey"),
        *(("OwnerReference", name) for name in ("apiVersion", "kind", "name", "uid")),  # said by a rule
        ("KeyToPath", "path"),
        ("Event", "metadata"),
        ("CustomResourceDefinitionSpec", "versions"),
        ("WebhookClientConfig", "url"),
        ("CronJobSpec", "jobTemplate"),
        ("JobSpec", "template"),
        ("DaemonSet", "spec"),
        ("Deployment", "spec"),
        ("LabelSelectorRequirement", "values"),
        ("ResourceClaimSpec", "devices"),
        ("PriorityClass", "value"),
        ("ValidatingAdmissionPolicySpec", "validations"),
    )
)


@cache
def _table() -> Json:
    return json.loads(resources.files("nixernetes.schemas").joinpath("data/kubernetes_versions.json").read_bytes())


NEWEST: Final = schema.kubernetes_version


def minor(version: str) -> int:
    """Return the minor version of a Kubernetes version, as ``v1.33.2``; the newest known for ``""``."""
    text = version or NEWEST()
    parts = text.removeprefix("v").split(".")
    return int(parts[1]) if len(parts) > 1 and parts[1].isdigit() else minor("")


def kind_span(group: str, version: str, kind: str) -> tuple[int, int] | None:
    """Return the first and the last minor version that serve a kind; None for a kind that Kubernetes never had."""
    found = _table()["kinds"].get(f"{group}/{version}/{kind}")
    if found is not None:
        return minor(found[0]), _until(found[1])
    if schema.of(f"{group}/{version}" if group else version, kind) is not None:
        return 0, _until(_table()["versions"][1])
    return None


def _until(version: str) -> int:
    """Return the last minor version; what the newest known one serves is served for ever, as far as it is known."""
    return 10_000 if version == _table()["versions"][1] else minor(version)


def went_in(group: str, version: str, kind: str) -> int | None:
    """Return the minor version that no longer serves a kind, or None."""
    for gone, last, kinds in _GONE.get(group, ()):
        if gone == version and (not kinds or kind in kinds):
            return last
    span = kind_span(group, version, kind)
    return span[1] + 1 if span is not None and span[1] < 10_000 else None


def replacement(group: str, kind: str, at: int) -> str:
    """Return the API version that serves a kind at a minor version; the most stable one, or ``""``."""
    moved = _MOVED.get((group, kind))
    if moved is not None:
        return moved
    served = [
        version
        for known, version, name in schema.known_kinds()
        if known == group and name == kind and (span := kind_span(known, version, name)) and span[0] <= at <= span[1]
    ]
    best = min(served, key=lambda version: ("alpha" in version, "beta" in version, version), default="")
    return f"{group}/{best}" if best and group else best


@cache
def field_span(type_name: str, field: str) -> tuple[int, int]:
    """Return the first and the last minor version that know a field of a type."""
    found = _table()["fields"].get(type_name, {}).get(field)
    return (minor(found[0]), _until(found[1])) if found is not None else (0, 10_000)


@cache
def must_be_given(type_name: str) -> tuple[str, ...]:
    """Return the fields of a type that must be given."""
    short = type_name.rpartition(".")[2]
    return tuple(name for name in _table()["required"].get(type_name, ()) if (short, name) not in _NOT_ASKED)
