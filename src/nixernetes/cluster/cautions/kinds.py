"""What a server warns of, by kind (``pkg/registry/*/*/strategy.go``, 1.34.4)."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Callable, Iterator
from typing import Final, TypeAlias

from nixernetes.cluster.cautions.addresses import of_address, of_network
from nixernetes.cluster.cautions.pods import DEPRECATED_LABELS, fractions, of_pod, of_term
from nixernetes.objects.fields import items_at, mapping_at, number_at, objects_at, text_at
from nixernetes.objects.identity import GroupKind, group_kind
from nixernetes.objects.kinds import (
    CRON_JOB,
    DAEMON_SET,
    DEPLOYMENT,
    ENDPOINT_SLICE,
    INGRESS,
    JOB,
    NETWORK_POLICY,
    NODE,
    PERSISTENT_VOLUME,
    PERSISTENT_VOLUME_CLAIM,
    POD,
    REPLICA_SET,
    RUNTIME_CLASS,
    SECRET,
    SERVICE,
    SERVICE_ACCOUNT,
    STATEFUL_SET,
    STORAGE_CLASS,
)
from nixernetes.objects.manifest import Manifest, annotations_of
from nixernetes.objects.well_known import INGRESS_CLASS_ANNOTATION, OLD_STORAGE_CLASS, TLS_SECRET_TYPE
from nixernetes.schemas.names import dns_label_problem

__all__ = ["cautions"]

_Rule: TypeAlias = Callable[[Manifest, Manifest | None], Iterator[str]]

_OLD_CLASS_TOLD: Final = 'deprecated since v1.8; use "storageClassName" attribute instead'
_MOUNT_OPTIONS: Final = "volume.beta.kubernetes.io/mount-options"
_MOUNTABLE: Final = "kubernetes.io/enforce-mountable-secrets"
_HINTS: Final = "service.kubernetes.io/topology-aware-hints"
_MODE: Final = "service.kubernetes.io/topology-mode"
_VOLUMES: Final = {
    "cephfs": "deprecated in v1.28, non-functional in v1.31+",
    "photonPersistentDisk": "deprecated in v1.11, non-functional in v1.16+",
    "scaleIO": "deprecated in v1.16, non-functional in v1.22+",
    "storageos": "deprecated in v1.22, non-functional in v1.25+",
    "glusterfs": "deprecated in v1.25, non-functional in v1.26+",
    "rbd": "deprecated in v1.28, non-functional in v1.31+",
}
_MANY_INDEXES: Final = 100_000
_MANY_AT_ONCE: Final = 10_000


def cautions(new: Manifest, live: Manifest | None) -> tuple[str, ...]:
    """Return what a client is warned of that writes an object.

    Args:
        new: the object as it is stored.
        live: what it replaces.

    """
    rule = _RULES.get(group_kind(new))
    return () if rule is None else tuple(dict.fromkeys(rule(new, live)))


def _is_new_generation(new: Manifest, live: Manifest | None) -> bool:
    return live is None or new["metadata"].get("generation") != live["metadata"].get("generation")


def _label(new: Manifest, whose: str) -> Iterator[str]:
    wrong = dns_label_problem(text_at(new, "metadata", "name"))
    if wrong:
        told = f"this is used in {whose}, which can result in surprising behavior; a DNS label is recommended"
        yield f"metadata.name: {told}: [{wrong}]"


def _pod(new: Manifest, live: Manifest | None) -> Iterator[str]:
    if live is None:
        yield from _label(new, "the Pod's hostname")
        yield from of_pod(new)


def _workload(new: Manifest, live: Manifest | None) -> Iterator[str]:
    if live is None and group_kind(new) in (DEPLOYMENT, REPLICA_SET):
        yield from _label(new, "Pod names and hostnames")
    if _is_new_generation(new, live):
        yield from of_pod(mapping_at(new, "spec", "template"), "spec.template.")


def _stateful_set(new: Manifest, live: Manifest | None) -> Iterator[str]:
    yield from _workload(new, live)
    below = "resources" if live is None else "Spec.resources"  # as Kubernetes spells it on updates
    for number, claim in enumerate(objects_at(new, "spec", "volumeClaimTemplates")):
        for part in ("requests", "limits"):
            path = f"spec.volumeClaimTemplates[{number}].{below}.{part}"
            yield from fractions(mapping_at(claim, "spec", "resources", part), path, ("storage",))
    if number_at(new, "spec", "revisionHistoryLimit") < 0:
        yield (
            "spec.revisionHistoryLimit: a negative value retains all historical revisions; a value >= 0 is recommended"
        )


def _job(new: Manifest, live: Manifest | None) -> Iterator[str]:
    if live is None:
        yield from _label(new, "Pod names and hostnames")
    if _is_new_generation(new, live):
        yield from _job_spec(mapping_at(new, "spec"), "spec")


def _cron_job(new: Manifest, live: Manifest | None) -> Iterator[str]:
    if live is None:
        yield from _label(new, "Pod names and hostnames")
    if _is_new_generation(new, live):
        yield from _job_spec(mapping_at(new, "spec", "jobTemplate", "spec"), "spec.jobTemplate.spec")
    if live is not None and "TZ" in text_at(new, "spec", "schedule"):
        yield (
            "cannot use TZ or CRON_TZ in spec.spec.schedule, use timeZone instead, see "
            "https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/ for more details"
        )


def _job_spec(spec: Manifest, path: str) -> Iterator[str]:
    is_indexed = text_at(spec, "completionMode") == "Indexed"
    if is_indexed and number_at(spec, "completions") > _MANY_INDEXES and number_at(spec, "parallelism") > _MANY_AT_ONCE:
        yield (
            f"{path}: In Indexed Jobs with a number of completions higher than 10^5 and a parallelism higher than "
            "10^4, Kubernetes might not be able to track completedIndexes when a big number of indexes fail"
        )
    yield from of_pod(mapping_at(spec, "template"), f"{path}.template.")


def _service(new: Manifest, live: Manifest | None) -> Iterator[str]:
    del live
    spec = mapping_at(new, "spec")
    kind, address = text_at(spec, "type"), text_at(spec, "clusterIP")
    if _HINTS in annotations_of(new):
        yield f"annotation {_HINTS} is deprecated, please use {_MODE} instead"
    if address not in ("", "None"):
        for number, each in enumerate(items_at(spec, "clusterIPs")):
            yield from of_address(f"spec.clusterIPs[{number}]", str(each))
    if kind == "ClusterIP" and address == "None":
        yield from _headless(spec)
    for number, each in enumerate(items_at(spec, "externalIPs")):
        yield from of_address(f"spec.externalIPs[{number}]", str(each))
    if text_at(spec, "loadBalancerIP"):
        yield from of_address("spec.loadBalancerIP", text_at(spec, "loadBalancerIP"))
    for number, each in enumerate(items_at(spec, "loadBalancerSourceRanges")):
        yield from of_network(f"spec.loadBalancerSourceRanges[{number}]", str(each))
    if kind == "ExternalName" and items_at(spec, "externalIPs"):
        yield 'spec.externalIPs is ignored when spec.type is "ExternalName"'
    if kind != "ExternalName" and text_at(spec, "externalName"):
        yield 'spec.externalName is ignored when spec.type is not "ExternalName"'


def _headless(spec: Manifest) -> Iterator[str]:
    if text_at(spec, "loadBalancerIP"):
        yield "spec.loadBalancerIP is ignored for headless services"
    if items_at(spec, "externalIPs"):
        yield "spec.externalIPs is ignored for headless services"
    if text_at(spec, "sessionAffinity") != "None":
        yield "spec.SessionAffinity is ignored for headless services"


def _ingress(new: Manifest, live: Manifest | None) -> Iterator[str]:
    if (
        live is None
        and INGRESS_CLASS_ANNOTATION in annotations_of(new)
        and not text_at(new, "spec", "ingressClassName")
    ):
        yield f"annotation \"{INGRESS_CLASS_ANNOTATION}\" is deprecated, please use 'spec.ingressClassName' instead"


def _network_policy(new: Manifest, live: Manifest | None) -> Iterator[str]:
    del live
    for way, whom in (("ingress", "from"), ("egress", "to")):
        for number, rule in enumerate(objects_at(new, "spec", way)):
            for at, peer in enumerate(objects_at(rule, whom)):
                path, block = f"spec.{way}[{number}].{whom}[{at}].ipBlock", mapping_at(peer, "ipBlock")
                if text_at(block, "cidr"):
                    yield from of_network(f"{path}.cidr", text_at(block, "cidr"))
                for place, each in enumerate(items_at(block, "except")):
                    yield from of_network(f"{path}.except[{place}]", str(each))


def _node(new: Manifest, live: Manifest | None) -> Iterator[str]:
    del live
    spec = mapping_at(new, "spec")
    if spec.get("configSource") is not None:
        yield "spec.configSource: the feature is removed"
    if text_at(spec, "externalID"):
        yield "spec.externalID: this field is deprecated, and is unused by Kubernetes"
    for number, each in enumerate(items_at(spec, "podCIDRs")):
        yield from of_network(f"spec.podCIDRs[{number}]", str(each))


def _volume(new: Manifest, live: Manifest | None) -> Iterator[str]:
    del live
    spec, notes = mapping_at(new, "spec"), annotations_of(new)
    if OLD_STORAGE_CLASS in notes:
        yield f"metadata.annotations[{OLD_STORAGE_CLASS}]: {_OLD_CLASS_TOLD}"
    if _MOUNT_OPTIONS in notes:
        yield f'metadata.annotations[{_MOUNT_OPTIONS}]: deprecated since v1.31; use "mountOptions" attribute instead'
    if text_at(spec, "persistentVolumeReclaimPolicy") == "Recycle":
        yield (
            "spec.persistentVolumeReclaimPolicy: The Recycle reclaim policy is deprecated. Instead, the recommended "
            "approach is to use dynamic provisioning."
        )
    for number, term in enumerate(objects_at(spec, "nodeAffinity", "required", "nodeSelectorTerms")):
        yield from of_term(term, f"spec.nodeAffinity.required.nodeSelectorTerms[{number}]")
    for name, told in _VOLUMES.items():
        if spec.get(name) is not None:
            yield f"spec.{'storageOS' if name == 'storageos' else name}: {told}"


def _claim(new: Manifest, live: Manifest | None) -> Iterator[str]:
    del live
    if OLD_STORAGE_CLASS in annotations_of(new):
        yield f"metadata.annotations[{OLD_STORAGE_CLASS}]: {_OLD_CLASS_TOLD}"
    for part in ("requests", "limits"):
        yield from fractions(mapping_at(new, "spec", "resources", part), f"spec.resources.{part}", ("storage",))


def _account(new: Manifest, live: Manifest | None) -> Iterator[str]:
    if _MOUNTABLE in annotations_of(new) and (live is None or _MOUNTABLE not in annotations_of(live)):
        yield (
            f"metadata.annotations[{_MOUNTABLE}]: deprecated in v1.32+; prefer separate namespaces to isolate access "
            "to mounted secrets"
        )


def _secret(new: Manifest, live: Manifest | None) -> Iterator[str]:
    """Yield that a pair of a certificate and its key is none; nothing of what is in it (``tls.X509KeyPair``)."""
    del live
    if text_at(new, "type") != TLS_SECRET_TYPE:
        return
    for name, what in (("tls.crt", "certificate"), ("tls.key", "key")):
        if b"-----BEGIN " not in _bytes(text_at(new, "data", name)):
            yield f"tls: failed to find any PEM data in {what} input"
            return


def _bytes(text: str) -> bytes:
    try:
        return b64decode(text)
    except ValueError:
        return b""


def _runtime_class(new: Manifest, live: Manifest | None) -> Iterator[str]:
    del live
    for key in mapping_at(new, "scheduling", "nodeSelector"):
        if key in DEPRECATED_LABELS:
            yield f"scheduling.nodeSelector: {DEPRECATED_LABELS[key]}"


def _storage_class(new: Manifest, live: Manifest | None) -> Iterator[str]:
    del live
    for number, topology in enumerate(objects_at(new, "allowedTopologies")):
        for at, expression in enumerate(objects_at(topology, "matchLabelExpressions")):
            key = text_at(expression, "key")
            if key in DEPRECATED_LABELS:
                here = f"allowedTopologies[{number}].matchLabelExpressions[{at}].key"
                yield f"{here}: {DEPRECATED_LABELS[key]}"


def _slice(new: Manifest, live: Manifest | None) -> Iterator[str]:
    if live is None and text_at(new, "addressType") == "FQDN":
        yield "spec.addressType: FQDN endpoints are deprecated"
    for number, endpoint in enumerate(objects_at(new, "endpoints")):
        for at, address in enumerate(items_at(endpoint, "addresses")):
            yield from of_address(f"endpoints[{number}].addresses[{at}]", str(address))


_RULES: Final[dict[GroupKind, _Rule]] = {
    POD: _pod,
    DEPLOYMENT: _workload,
    REPLICA_SET: _workload,
    DAEMON_SET: _workload,
    STATEFUL_SET: _stateful_set,
    JOB: _job,
    CRON_JOB: _cron_job,
    SERVICE: _service,
    INGRESS: _ingress,
    NETWORK_POLICY: _network_policy,
    NODE: _node,
    PERSISTENT_VOLUME: _volume,
    PERSISTENT_VOLUME_CLAIM: _claim,
    SERVICE_ACCOUNT: _account,
    SECRET: _secret,
    RUNTIME_CLASS: _runtime_class,
    STORAGE_CLASS: _storage_class,
    ENDPOINT_SLICE: _slice,
}
