"""Checks of pods beyond the Pod Security Standards: hardening, resources, service accounts, probes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from nixernetes.compliance.checks.check import UNSET, CheckScene, ComplianceCheck, Fault, on_pods
from nixernetes.compliance.objects import AssessedObject
from nixernetes.objects.fields import at, items_at, mapping_at, objects_at, text_at
from nixernetes.objects.kinds import CRON_JOB, JOB, LIMIT_RANGE, SERVICE_ACCOUNT
from nixernetes.objects.manifest import Json
from nixernetes.objects.well_known import APPARMOR_ANNOTATION

__all__ = ["CHECKS"]

_CONFINING: Final = ("seccompProfile", "seLinuxOptions", "appArmorProfile")
_APP_ARMOR_NOTE: Final = APPARMOR_ANNOTATION


def _security(item: AssessedObject, scene: CheckScene) -> Iterator[tuple[tuple[str | int, ...], dict[str, Json]]]:
    """Yield the security context of each container, and where it stands."""
    for container in scene.index.pod(item).containers:
        yield (*container.path, "securityContext"), mapping_at(container.spec, "securityContext")


def _drop_net_raw(item: AssessedObject, scene: CheckScene) -> Iterator[Fault]:
    for path, security in _security(item, scene):
        dropped = items_at(security, "capabilities", "drop")
        if not {"NET_RAW", "ALL"} & {each for each in dropped if isinstance(each, str)}:
            yield Fault((*path, "capabilities", "drop"), "drop has NET_RAW or ALL", dropped or UNSET)


def _no_added(item: AssessedObject, scene: CheckScene) -> Iterator[Fault]:
    for path, security in _security(item, scene):
        added = items_at(security, "capabilities", "add")
        if added:
            yield Fault((*path, "capabilities", "add"), "no capability is added", added)


def _read_only(item: AssessedObject, scene: CheckScene) -> Iterator[Fault]:
    for path, security in _security(item, scene):
        found = at(security, "readOnlyRootFilesystem")
        if found is not True:
            yield Fault((*path, "readOnlyRootFilesystem"), "true", UNSET if found is None else found)


def _contexts(item: AssessedObject, scene: CheckScene) -> Iterator[Fault]:
    pod = scene.index.pod(item)
    if not isinstance(at(pod.spec, "securityContext"), dict):
        yield Fault((*pod.path, "spec", "securityContext"), "the pod has a securityContext")
    for container in pod.containers:
        if not isinstance(at(container.spec, "securityContext"), dict):
            yield Fault((*container.path, "securityContext"), "the container has a securityContext")


def _hardening(item: AssessedObject, scene: CheckScene) -> Iterator[Fault]:
    pod = scene.index.pod(item)
    own = mapping_at(pod.spec, "securityContext")
    notes = mapping_at(pod.template, "metadata", "annotations")
    if any(at(own, name) for name in _CONFINING):
        return
    for container in pod.containers:
        security = mapping_at(container.spec, "securityContext")
        confined = any(at(security, name) for name in _CONFINING) or items_at(security, "capabilities", "drop")
        if not confined and _APP_ARMOR_NOTE + text_at(container.spec, "name") not in notes:
            yield Fault((*container.path, "securityContext"), "seccomp, SELinux, AppArmor or dropped capabilities")


def _default_of(scene: CheckScene, namespace: str, field: str, resource: str) -> bool:
    """Tell whether a LimitRange of a namespace gives containers a default."""
    return any(
        at(limit, field, resource) is not None
        for each in scene.index.within(LIMIT_RANGE, namespace)
        for limit in objects_at(each.manifest, "spec", "limits")
        if text_at(limit, "type") == "Container"
    )


def _limit(resource: str) -> ComplianceCheck:
    def judge(item: AssessedObject, scene: CheckScene) -> Iterator[Fault]:
        pod = scene.index.pod(item)
        whole = at(pod.spec, "resources", "limits", resource) is not None
        if whole or _default_of(scene, item.namespace, "default", resource):
            return
        for container in pod.containers:
            path = ("resources", "limits", resource)
            if "ephemeralContainers" not in container.path and at(container.spec, *path) is None:
                yield Fault((*container.path, *path), f"a limit of {resource}")

    return on_pods(f"pod.{resource}-limit", judge)


def _requests(item: AssessedObject, scene: CheckScene) -> Iterator[Fault]:
    pod = scene.index.pod(item)
    for resource in ("cpu", "memory"):
        # a limit, its own or by default, is the request of who makes none
        if any(at(pod.spec, "resources", each, resource) is not None for each in ("requests", "limits")):
            continue
        if any(_default_of(scene, item.namespace, each, resource) for each in ("defaultRequest", "default")):
            continue
        for container in pod.containers:
            own = mapping_at(container.spec, "resources")
            is_given = any(at(own, each, resource) is not None for each in ("requests", "limits"))
            if "ephemeralContainers" not in container.path and not is_given:
                yield Fault((*container.path, "resources", "requests", resource), f"a request of {resource}")


def _token(item: AssessedObject, scene: CheckScene) -> Iterator[Fault]:
    pod = scene.index.pod(item)
    name = pod.service_account or "default"
    field = "automountServiceAccountToken"
    own = at(pod.spec, field)
    account = scene.index.named(SERVICE_ACCOUNT, item.namespace, name)
    if own is False or (own is None and account is not None and at(account.manifest, field) is False):
        return
    if (item.namespace, name) not in scene.index.bound_accounts:
        expected = f"false, or rights for the service account {name}"
        yield Fault((*pod.path, "spec", field), expected, UNSET if own is None else own)


def _own_account(item: AssessedObject, scene: CheckScene) -> Iterator[Fault]:
    pod = scene.index.pod(item)
    if pod.service_account in ("", "default"):
        expected = "a service account other than default"
        yield Fault((*pod.path, "spec", "serviceAccountName"), expected, pod.service_account or UNSET)


def _as_files(item: AssessedObject, scene: CheckScene) -> Iterator[Fault]:
    for container in scene.index.pod(item).containers:
        for number, each in enumerate(items_at(container.spec, "env")):
            if isinstance(at(each, "valueFrom", "secretKeyRef"), dict):
                name = text_at(each, "valueFrom", "secretKeyRef", "name")
                path = (*container.path, "env", number, "valueFrom", "secretKeyRef")
                yield Fault(path, "the Secret is mounted as a file", name or "set")
        for number, each in enumerate(items_at(container.spec, "envFrom")):
            if isinstance(at(each, "secretRef"), dict):
                path = (*container.path, "envFrom", number, "secretRef")
                yield Fault(path, "the Secret is mounted as a file", text_at(each, "secretRef", "name") or "set")


def _probes(item: AssessedObject, scene: CheckScene) -> Iterator[Fault]:
    for container in scene.index.pod(item).containers:
        if "containers" in container.path:
            for name in ("livenessProbe", "readinessProbe"):
                if not isinstance(at(container.spec, name), dict):
                    yield Fault((*container.path, name), f"a {name}")


CHECKS: Final = (
    on_pods("pod.drop-net-raw", _drop_net_raw),
    on_pods("pod.no-added-capabilities", _no_added),
    on_pods("pod.read-only-root", _read_only),
    on_pods("pod.security-context", _contexts),
    on_pods("pod.linux-hardening", _hardening),
    _limit("cpu"),
    _limit("memory"),
    on_pods("pod.requests", _requests),
    on_pods("pod.sa-token", _token),
    on_pods("pod.default-sa", _own_account),
    on_pods("pod.secrets-as-files", _as_files),
    ComplianceCheck(  # what runs to its end is not asked whether it lives
        "pod.probes",
        lambda index: [each for each in index.pods if each.key.group_kind not in (JOB, CRON_JOB)],
        _probes,
    ),
)
