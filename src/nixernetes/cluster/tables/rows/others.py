"""Kinds of the other groups: networks, access, storage, admission, scheduling, certificates."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from nixernetes.cluster.tables.ages import human
from nixernetes.cluster.tables.rows.parts import NONE, UNSET, Ages, Cells, addresses, created, more, selector
from nixernetes.objects.api_groups import ADMISSIONREGISTRATION, COORDINATION, DISCOVERY, FLOWCONTROL, NETWORKING, RBAC
from nixernetes.objects.fields import at, flag_at, items_at, mapping_at, number_at, objects_at, text_at
from nixernetes.objects.manifest import Json, Manifest, annotations_of
from nixernetes.objects.well_known import DEFAULT_STORAGE_CLASS, OLD_DEFAULT_STORAGE_CLASS

__all__ = ["OTHERS"]

_DEFAULT_CLASS: Final = (DEFAULT_STORAGE_CLASS, OLD_DEFAULT_STORAGE_CLASS)
_HOSTS: Final = 3


def _texts(*paths: tuple[str, ...]) -> Cells:
    """Return the cells of a kind that shows texts as they are, and its age."""
    return lambda item, ages: [*(text_at(item, *path) for path in paths), created(item, ages)]


def _count(*path: str) -> Cells:
    return lambda item, ages: [len(items_at(item, *path)), created(item, ages)]


def _aged(item: Manifest, ages: Ages) -> list[Json]:
    return [created(item, ages)]


def _ingress(item: Manifest, ages: Ages) -> list[Json]:
    spec = mapping_at(item, "spec")
    ports = "80, 443" if items_at(spec, "tls") else "80"
    name = text_at(spec, "ingressClassName") or NONE
    return [name, _hosts(objects_at(spec, "rules")), addresses(item), ports, created(item, ages)]


def _hosts(rules: list[Manifest]) -> str:
    found: list[str] = []
    is_more = False
    for rule in rules:
        is_more = is_more or len(found) == _HOSTS
        if not is_more and text_at(rule, "host"):
            found.append(text_at(rule, "host"))
    told = ",".join(found)
    return f"{told} + {len(rules) - _HOSTS} more..." if is_more else told or "*"


def _ingress_class(item: Manifest, ages: Ages) -> list[Json]:
    told = mapping_at(item, "spec", "parameters")
    kind = ".".join(part for part in (text_at(told, "kind"), text_at(told, "apiGroup")) if part)
    parameters = f"{kind}/{text_at(told, 'name')}" if told else NONE
    return [text_at(item, "spec", "controller"), parameters, created(item, ages)]


def _network_policy(item: Manifest, ages: Ages) -> list[Json]:
    return [selector(item, "spec", "podSelector"), created(item, ages)]


def _service_cidr(item: Manifest, ages: Ages) -> list[Json]:
    return [",".join(map(str, items_at(item, "spec", "cidrs"))), created(item, ages)]


def _ip_address(item: Manifest, ages: Ages) -> list[Json]:
    parent = mapping_at(item, "spec", "parentRef")
    resource = ".".join(part for part in (text_at(parent, "resource"), text_at(parent, "group")) if part).lower()
    parts = (resource, text_at(parent, "namespace"), text_at(parent, "name"))
    return ["/".join(part for part in parts if part) if parent else NONE, created(item, ages)]


def _endpoint_slice(item: Manifest, ages: Ages) -> list[Json]:
    ports = [_endpoint_port(each) for each in objects_at(item, "ports")]
    hosts = [str(address) for each in objects_at(item, "endpoints") for address in items_at(each, "addresses")]
    return [text_at(item, "addressType"), more(ports, UNSET), more(hosts, UNSET), created(item, ages)]


def _endpoint_port(port: Manifest) -> str:
    number, name = at(port, "port"), at(port, "name")
    return str(number) if number is not None else str(name) if name is not None else "*"


def _binding(item: Manifest, ages: Ages) -> list[Json]:
    role = mapping_at(item, "roleRef")
    users, groups, accounts = [], [], []
    for each in objects_at(item, "subjects"):
        name = text_at(each, "name")
        match text_at(each, "kind"):
            case "User":
                users.append(name)
            case "Group":
                groups.append(name)
            case "ServiceAccount":
                accounts.append("/".join(part for part in (text_at(each, "namespace"), name) if part))
    told = f"{text_at(role, 'kind')}/{text_at(role, 'name')}"
    return [told, created(item, ages), *(", ".join(names) for names in (users, groups, accounts))]


def _storage_class(item: Manifest, ages: Ages) -> list[Json]:
    return [
        text_at(item, "provisioner"),
        text_at(item, "reclaimPolicy") or "Delete",
        text_at(item, "volumeBindingMode") or "Immediate",
        flag_at(item, "allowVolumeExpansion"),
        created(item, ages),
    ]


def _csi_driver(item: Manifest, ages: Ages) -> list[Json]:
    spec = mapping_at(item, "spec")
    tokens = at(spec, "tokenRequests")
    asked = ",".join(text_at(each, "audience") for each in objects_at(spec, "tokenRequests"))
    return [
        at(spec, "attachRequired") is not False,
        flag_at(spec, "podInfoOnMount"),
        flag_at(spec, "storageCapacity"),
        UNSET if tokens is None else asked,
        flag_at(spec, "requiresRepublish"),
        ",".join(map(str, items_at(spec, "volumeLifecycleModes"))) or NONE,
        created(item, ages),
    ]


def _volume_attachment(item: Manifest, ages: Ages) -> list[Json]:
    spec = mapping_at(item, "spec")
    volume = text_at(spec, "source", "persistentVolumeName")
    is_attached = flag_at(item, "status", "attached")
    return [text_at(spec, "attacher"), volume, text_at(spec, "nodeName"), is_attached, created(item, ages)]


def _admission_policy(part: str) -> Cells:
    def cells(item: Manifest, ages: Ages) -> list[Json]:
        kind = mapping_at(item, "spec", "paramKind")
        told = f"{text_at(kind, 'apiVersion')}/{text_at(kind, 'kind')}" if kind else UNSET
        return [len(items_at(item, "spec", part)), told, created(item, ages)]

    return cells


def _admission_binding(item: Manifest, ages: Ages) -> list[Json]:
    told = mapping_at(item, "spec", "paramRef")
    name = text_at(told, "name")
    shown = f"{text_at(told, 'namespace') or '*'}/{name}" if name else UNSET
    return [text_at(item, "spec", "policyName"), shown, created(item, ages)]


def _priority_class(item: Manifest, ages: Ages) -> list[Json]:
    is_default, policy = flag_at(item, "globalDefault"), text_at(item, "preemptionPolicy")
    return [number_at(item, "value"), is_default, created(item, ages), policy]


def _signing_request(item: Manifest, ages: Ages) -> list[Json]:
    seconds = at(item, "spec", "expirationSeconds")
    asked = human(timedelta(seconds=seconds)) if isinstance(seconds, int) else NONE
    signer, user = text_at(item, "spec", "signerName") or NONE, text_at(item, "spec", "username")
    return [created(item, ages), signer, user, asked, _signing_state(item)]


def _signing_state(item: Manifest) -> str:
    held = {text_at(each, "type") for each in objects_at(item, "status", "conditions")}
    word = next((kind for kind in ("Denied", "Approved") if kind in held), "Pending")
    return word + (",Failed" if "Failed" in held else "") + (",Issued" if at(item, "status", "certificate") else "")


def _flow_schema(item: Manifest, ages: Ages) -> list[Json]:
    spec = mapping_at(item, "spec")
    dangling = [each for each in objects_at(item, "status", "conditions") if text_at(each, "type") == "Dangling"]
    return [
        text_at(spec, "priorityLevelConfiguration", "name"),
        number_at(spec, "matchingPrecedence"),
        text_at(spec, "distinguisherMethod", "type") or NONE,
        created(item, ages),
        text_at(dangling[0], "status") if dangling else "?",
    ]


def _priority_level(item: Manifest, ages: Ages) -> list[Json]:
    limited = at(item, "spec", "limited")
    shares = at(limited, "nominalConcurrencyShares") if isinstance(limited, dict) else NONE
    queuing = at(limited, "limitResponse", "queuing") if isinstance(limited, dict) else None
    names = ("queues", "handSize", "queueLengthLimit")
    told = [number_at(queuing, name) for name in names] if isinstance(queuing, dict) else [NONE] * len(names)
    return [text_at(item, "spec", "type"), shares, *told, created(item, ages)]


def _resource_claim(item: Manifest, ages: Ages) -> list[Json]:
    is_going, status = bool(at(item, "metadata", "deletionTimestamp")), mapping_at(item, "status")
    states = ["deleted"] if is_going else []
    if at(status, "allocation") is None:
        states += [] if is_going else ["pending"]
    else:
        states += ["allocated", *(["reserved"] if items_at(status, "reservedFor") else [])]
    return [",".join(states), created(item, ages)]


def _api_service(item: Manifest, ages: Ages) -> list[Json]:
    service = mapping_at(item, "spec", "service")
    place = f"{text_at(service, 'namespace')}/{text_at(service, 'name')}" if service else "Local"
    found = next(
        (each for each in objects_at(item, "status", "conditions") if text_at(each, "type") == "Available"), {}
    )
    state = text_at(found, "status") or "Unknown"
    told = state if state == "True" or not found else f"{state} ({text_at(found, 'reason')})"
    return [place, told, created(item, ages)]


def is_default_class(item: Manifest) -> bool:
    """Tell whether a StorageClass is the one of claims that name none."""
    return any(annotations_of(item).get(name) == "true" for name in _DEFAULT_CLASS)


OTHERS: Final[dict[str, Cells]] = {
    f"MutatingWebhookConfiguration.{ADMISSIONREGISTRATION}": _count("webhooks"),
    f"ValidatingWebhookConfiguration.{ADMISSIONREGISTRATION}": _count("webhooks"),
    f"ValidatingAdmissionPolicy.{ADMISSIONREGISTRATION}": _admission_policy("validations"),
    f"MutatingAdmissionPolicy.{ADMISSIONREGISTRATION}": _admission_policy("mutations"),
    f"ValidatingAdmissionPolicyBinding.{ADMISSIONREGISTRATION}": _admission_binding,
    f"MutatingAdmissionPolicyBinding.{ADMISSIONREGISTRATION}": _admission_binding,
    "APIService.apiregistration.k8s.io": _api_service,
    "CertificateSigningRequest.certificates.k8s.io": _signing_request,
    f"Lease.{COORDINATION}": _texts(("spec", "holderIdentity")),
    f"EndpointSlice.{DISCOVERY}": _endpoint_slice,
    f"FlowSchema.{FLOWCONTROL}": _flow_schema,
    f"PriorityLevelConfiguration.{FLOWCONTROL}": _priority_level,
    f"Ingress.{NETWORKING}": _ingress,
    f"IngressClass.{NETWORKING}": _ingress_class,
    f"NetworkPolicy.{NETWORKING}": _network_policy,
    f"ServiceCIDR.{NETWORKING}": _service_cidr,
    f"IPAddress.{NETWORKING}": _ip_address,
    "RuntimeClass.node.k8s.io": _texts(("handler",)),
    f"RoleBinding.{RBAC}": _binding,
    f"ClusterRoleBinding.{RBAC}": _binding,
    "PriorityClass.scheduling.k8s.io": _priority_class,
    "CSIDriver.storage.k8s.io": _csi_driver,
    "CSINode.storage.k8s.io": _count("spec", "drivers"),
    "StorageClass.storage.k8s.io": _storage_class,
    "VolumeAttachment.storage.k8s.io": _volume_attachment,
    "VolumeAttributesClass.storage.k8s.io": _texts(("driverName",)),
    "DeviceClass.resource.k8s.io": _aged,
    "ResourceClaim.resource.k8s.io": _resource_claim,
    "ResourceClaimTemplate.resource.k8s.io": _aged,
    "ResourceSlice.resource.k8s.io": _texts(("spec", "nodeName"), ("spec", "driver"), ("spec", "pool", "name")),
}
"""The cells of each kind, by kind and group."""
