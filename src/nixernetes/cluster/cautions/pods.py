"""What a server warns of in pods and templates of pods (``pkg/api/pod/warnings.go``, 1.34.4)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from nixernetes.cluster.cautions.addresses import of_address
from nixernetes.cluster.cautions.overlaps import of_volumes
from nixernetes.errors import InputError
from nixernetes.languages import quantities
from nixernetes.objects.fields import items_at, mapping_at, number_at, objects_at, text_at
from nixernetes.objects.manifest import Json, Manifest
from nixernetes.objects.well_known import APPARMOR_ANNOTATION, SECCOMP_CONTAINER_ANNOTATION, SECCOMP_POD_ANNOTATION

__all__ = ["DEPRECATED_LABELS", "fractions", "of_pod", "of_term"]

DEPRECATED_LABELS: Final = {  # ``pkg/api/node/util.go``
    "beta.kubernetes.io/arch": 'deprecated since v1.14; use "kubernetes.io/arch" instead',
    "beta.kubernetes.io/os": 'deprecated since v1.14; use "kubernetes.io/os" instead',
    "failure-domain.beta.kubernetes.io/region": 'deprecated since v1.17; use "topology.kubernetes.io/region" instead',
    "failure-domain.beta.kubernetes.io/zone": 'deprecated since v1.17; use "topology.kubernetes.io/zone" instead',
    "beta.kubernetes.io/instance-type": 'deprecated since v1.17; use "node.kubernetes.io/instance-type" instead',
    "app.kubernetes.io/created-by": "deprecated since v1.9",
    "scheduler.alpha.kubernetes.io/preferAvoidPods": "deprecated since v1.22; use Taints and Tolerations instead",
    "node-role.kubernetes.io/master": 'use "node-role.kubernetes.io/control-plane" instead',
}
_ANNOTATIONS: Final = {
    "scheduler.alpha.kubernetes.io/critical-pod": (
        'non-functional in v1.16+; use the "priorityClassName" field instead'
    ),
    "security.alpha.kubernetes.io/sysctls": 'non-functional in v1.11+; use the "sysctls" field instead',
    "security.alpha.kubernetes.io/unsafe-sysctls": 'non-functional in v1.11+; use the "sysctls" field instead',
}
_VOLUMES: Final = {
    "photonPersistentDisk": "deprecated in v1.11, non-functional in v1.16+",
    "gitRepo": "deprecated in v1.11, and disabled by default in v1.33+",
    "scaleIO": "deprecated in v1.16, non-functional in v1.22+",
    "flocker": "deprecated in v1.22, non-functional in v1.25+",
    "storageos": "deprecated in v1.22, non-functional in v1.25+",
    "quobyte": "deprecated in v1.22, non-functional in v1.25+",
    "glusterfs": "deprecated in v1.25, non-functional in v1.26+",
    "ephemeral": "",
    "cephfs": "deprecated in v1.28, non-functional in v1.31+",
    "rbd": "deprecated in v1.28, non-functional in v1.31+",
}
_AS_TOLD: Final = {"storageos": "storageOS"}
_CONTAINERS: Final = ("initContainers", "containers", "ephemeralContainers")
_SECCOMP_TOLD: Final = 'non-functional in v1.27+; use the "seccompProfile" field instead'
_APPARMOR_TOLD: Final = 'deprecated since v1.30; use the "appArmorProfile" field instead'
_REQUIRED: Final = "requiredDuringSchedulingIgnoredDuringExecution"
_PREFERRED: Final = "preferredDuringSchedulingIgnoredDuringExecution"
_NO_SELECTOR: Final = "a null labelSelector results in matching no pod"
_BYTES: Final = ("memory", "ephemeral-storage")


def of_pod(pod: Manifest, above: str = "") -> Iterator[str]:
    """Yield the warnings of a pod, or of a template of one.

    Args:
        pod: the pod.
        above: where a template is: ``spec.template.``.

    """
    spec, notes = mapping_at(pod, "spec"), mapping_at(pod, "metadata", "annotations")
    at, noted = f"{above}spec", f"{above}metadata.annotations"
    yield from _nodes(spec, at)
    yield from (f"{noted}[{key}]: {told}" for key, told in _ANNOTATIONS.items() if key in notes)
    yield from _volumes(spec, at)
    yield from _twice(objects_at(spec, "hostAliases"), "ip", f"{at}.hostAliases")
    yield from _twice(objects_at(spec, "imagePullSecrets"), "name", f"{at}.imagePullSecrets")
    nameless = (n for n, secret in enumerate(objects_at(spec, "imagePullSecrets")) if not text_at(secret, "name"))
    yield from (f'{at}.imagePullSecrets[{number}].name: invalid empty name ""' for number in nameless)
    yield from fractions(mapping_at(spec, "overhead"), f"{at}.overhead")
    if not mapping_at(spec, "securityContext", "seccompProfile") and SECCOMP_POD_ANNOTATION in notes:
        yield f"{noted}[{SECCOMP_POD_ANNOTATION}]: {_SECCOMP_TOLD}"
    for container, here in _containers(spec, at):
        yield from _container(container, here, notes, noted, is_template=bool(above))
    yield from _ports(spec, at)
    yield from _port_names(spec, at)
    if number_at(spec, "terminationGracePeriodSeconds") < 0:
        yield (
            f"{at}.terminationGracePeriodSeconds: must be >= 0; negative values are invalid and will be treated as 1"
        )
    for kind in ("podAffinity", "podAntiAffinity"):
        yield from _pod_affinity(mapping_at(spec, "affinity", kind), f"{at}.affinity.{kind}")
    for number, server in enumerate(items_at(spec, "dnsConfig", "nameservers")):
        yield from of_address(f"{at}.dnsConfig.nameservers[{number}]", str(server))
    for number, alias in enumerate(objects_at(spec, "hostAliases")):
        yield from of_address(f"{at}.hostAliases[{number}].ip", text_at(alias, "ip"))


def of_term(term: Manifest, path: str, *, looks_at_values: bool = False) -> Iterator[str]:
    """Yield the warnings of a term that selects nodes (``GetWarningsForNodeSelectorTerm``)."""
    del looks_at_values  # their words are those of validation, which comes first
    for number, expression in enumerate(objects_at(term, "matchExpressions")):
        key = text_at(expression, "key")
        if key in DEPRECATED_LABELS:
            yield f"{path}.matchExpressions[{number}].key: {key} is {DEPRECATED_LABELS[key]}"


def fractions(amounts: Manifest, path: str, names: tuple[str, ...] = _BYTES) -> Iterator[str]:
    """Yield amounts of bytes that are no whole numbers."""
    for name in names:
        if name in amounts and _is_broken(amounts[name]):
            yield f'{path}[{name}]: fractional byte value "{amounts[name]}" is invalid, must be an integer'


def _is_broken(amount: Json) -> bool:
    try:
        return quantities.parse(str(amount)).nano % 1_000_000_000 != 0
    except InputError:
        return False


def _nodes(spec: Manifest, at: str) -> Iterator[str]:
    """Yield what a pod asks of nodes by labels that are no longer set, or of other pods by no label at all."""
    for key in mapping_at(spec, "nodeSelector"):
        if key in DEPRECATED_LABELS:
            yield f"{at}.nodeSelector[{key}]: {DEPRECATED_LABELS[key]}"
    yield from _node_affinity(mapping_at(spec, "affinity", "nodeAffinity"), f"{at}.affinity.nodeAffinity")
    for number, spread in enumerate(objects_at(spec, "topologySpreadConstraints")):
        here, key = f"{at}.topologySpreadConstraints[{number}]", text_at(spread, "topologyKey")
        if key in DEPRECATED_LABELS:
            yield f"{here}.topologyKey: {key} is {DEPRECATED_LABELS[key]}"
        if spread.get("labelSelector") is None:
            yield f"{here}.labelSelector: {_NO_SELECTOR}"


def _node_affinity(affinity: Manifest, at: str) -> Iterator[str]:
    for number, term in enumerate(objects_at(affinity, _REQUIRED, "nodeSelectorTerms")):
        yield from of_term(term, f"{at}.{_REQUIRED}.nodeSelectorTerms[{number}]")
    for number, term in enumerate(objects_at(affinity, _PREFERRED)):
        yield from of_term(mapping_at(term, "preference"), f"{at}.{_PREFERRED}[{number}].preference")


def _pod_affinity(affinity: Manifest, at: str) -> Iterator[str]:
    for number, term in enumerate(objects_at(affinity, _REQUIRED)):
        if term.get("labelSelector") is None:
            yield f"{at}.{_REQUIRED}[{number}].labelSelector: {_NO_SELECTOR}"
    for number, term in enumerate(objects_at(affinity, _PREFERRED)):
        if mapping_at(term, "podAffinityTerm").get("labelSelector") is None:
            yield f"{at}.{_PREFERRED}[{number}].podAffinityTerm.labelSelector: {_NO_SELECTOR}"


def _volumes(spec: Manifest, at: str) -> Iterator[str]:
    volumes = objects_at(spec, "volumes")
    for number, volume in enumerate(volumes):
        here = f"{at}.volumes[{number}]"
        for name, told in _VOLUMES.items():
            if volume.get(name) is None:
                continue
            if told:
                yield f"{here}.{_AS_TOLD.get(name, name)}: {told}"
            else:
                claim = mapping_at(volume, name, "volumeClaimTemplate", "spec", "resources")
                below = f"{here}.ephemeral.volumeClaimTemplate.spec.resources"
                for part in ("requests", "limits"):
                    yield from fractions(mapping_at(claim, part), f"{below}.{part}", ("storage",))
    yield from of_volumes(volumes)


def _twice(items: list[Manifest], name: str, path: str) -> Iterator[str]:
    seen: set[str] = set()
    for number, item in enumerate(items):
        value = text_at(item, name)
        if value in seen:
            yield f'{path}[{number}].{name}: duplicate {name} "{value}"'
        seen.add(value)


def _containers(spec: Manifest, at: str) -> Iterator[tuple[Manifest, str]]:
    for part in _CONTAINERS:
        for number, container in enumerate(objects_at(spec, part)):
            yield container, f"{at}.{part}[{number}]"


def _container(container: Manifest, here: str, notes: Manifest, noted: str, *, is_template: bool) -> Iterator[str]:
    name, context = text_at(container, "name"), mapping_at(container, "securityContext")
    if not context.get("seccompProfile") and f"{SECCOMP_CONTAINER_ANNOTATION}{name}" in notes:
        yield f"{noted}[{SECCOMP_CONTAINER_ANNOTATION}{name}]: {_SECCOMP_TOLD}"
    if is_template and not context.get("appArmorProfile") and f"{APPARMOR_ANNOTATION}{name}" in notes:
        yield f"{noted}[{APPARMOR_ANNOTATION}{name}]: {_APPARMOR_TOLD}"
    for amount in _BYTES:
        for part in ("limits", "requests"):
            path = f"{here}.resources.{part}"
            yield from fractions(mapping_at(container, "resources", part), path, (amount,))
    seen: set[str] = set()
    for number, variable in enumerate(objects_at(container, "env")):
        variable_name, value = text_at(variable, "name"), text_at(variable, "value")
        reference = f"$({variable_name})"
        builds_on_it = reference in value and value != reference and variable.get("valueFrom") is None
        if variable_name in seen and not builds_on_it:
            told = f'hides previous definition of "{variable_name}", which may be dropped when using apply'
            yield f"{here}.env[{number}]: {told}"
        seen.add(variable_name)


def _ports(spec: Manifest, at: str) -> Iterator[str]:
    """Yield the ports that are given twice; those of the host decide whether that does harm."""
    seen: dict[tuple[int, str], list[tuple[str, str, int]]] = {}
    for container, path in _containers(spec, at):
        for number, port in enumerate(objects_at(container, "ports")):
            here, host, host_port = f"{path}.ports[{number}]", text_at(port, "hostIP"), number_at(port, "hostPort")
            key = (number_at(port, "containerPort"), text_at(port, "protocol"))
            if host and not host_port:
                shown = (
                    f"Name:{text_at(port, 'name')} HostPort:0 ContainerPort:{key[0]} Protocol:{key[1]} HostIP:{host}"
                )
                yield f"{here}: hostIP set without hostPort: {{{shown}}}"
            for other, other_host, other_port in seen.get(key, []):
                if (host, host_port) == (other_host, other_port):
                    yield f"{here}: duplicate port definition with {other}"
                elif not host_port or not other_port:
                    yield f"{here}: overlapping port definition with {other}"
                elif host_port == other_port and bool(host) is not bool(other_host):
                    yield f"{here}: dangerously ambiguous port definition with {other}"
            seen.setdefault(key, []).append((here, host, host_port))


def _port_names(spec: Manifest, at: str) -> Iterator[str]:
    seen: dict[str, str] = {}
    for container, path in _containers(spec, at):
        for number, port in enumerate(objects_at(container, "ports")):
            here, name = f"{path}.ports[{number}]", text_at(port, "name")
            other = seen.get(name)
            if name and other is not None:
                told = f"services and probes that select ports by name will use {other}"
                yield f'{here}: duplicate port name "{name}" with {other}, {told}'
            elif name:
                seen[name] = here
