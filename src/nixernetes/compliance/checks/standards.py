"""The checks of the Pod Security Standards: one evaluation of a pod answers all of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from types import MappingProxyType
from typing import Final

from nixernetes.compliance.checks.catalog import CATALOG
from nixernetes.compliance.checks.check import UNSET, CheckScene, ComplianceCheck, Fault, on_pods
from nixernetes.compliance.objects import AssessedObject, FieldPath, PodView
from nixernetes.objects.fields import mapping_at
from nixernetes.objects.manifest import Json
from nixernetes.schemas.pod_security import Breach, SecurityLevel, Violation, failures
from nixernetes.schemas.pod_security.standards import LATEST

__all__ = ["CHECKS"]

_CONTROLS: Final = MappingProxyType(
    {
        "psa.host-process": "windowsHostProcess",
        "psa.host-namespaces": "hostNamespaces",
        "psa.privileged": "privileged",
        "psa.capabilities-baseline": "capabilities_baseline",
        "psa.host-path": "hostPathVolumes",
        "psa.host-ports": "hostPorts",
        "psa.apparmor": "appArmorProfile",
        "psa.selinux": "seLinuxOptions",
        "psa.proc-mount": "procMount",
        "psa.seccomp-baseline": "seccompProfile_baseline",
        "psa.sysctls": "sysctls",
        "psa.volume-types": "restrictedVolumes",
        "psa.privilege-escalation": "allowPrivilegeEscalation",
        "psa.run-as-non-root": "runAsNonRoot",
        "psa.run-as-user": "runAsUser",
        "psa.seccomp-restricted": "seccompProfile_restricted",
        "psa.capabilities-restricted": "capabilities_restricted",
    }
)
_STEP: Final = re.compile(r"\[(\d+)\]|\[([^\]]*)\]|([^.\[]+)")


def _breaches(item: AssessedObject, scene: CheckScene) -> dict[str, Breach]:
    """Return what a pod does not keep, by the name of the control; worked out once for all checks."""
    known = scene.index.breaches.get(id(item))
    if known is None:
        pod = scene.index.pod(item)
        minor = scene.options.minor_versions.get(scene.index.name, LATEST)
        metadata = mapping_at(pod.template, "metadata")
        found = failures(pod.spec, metadata, SecurityLevel.RESTRICTED, minor, all_checks=True)
        known = scene.index.breaches[id(item)] = {each.check: each for each in found}
    return known


def _check(name: str, control: str) -> ComplianceCheck:
    def judge(item: AssessedObject, scene: CheckScene) -> Iterator[Fault]:
        breach = _breaches(item, scene).get(control)
        if breach is not None:
            pod = scene.index.pod(item)
            for each in breach.violations:
                yield Fault(_path(pod, each), CATALOG[name].demand, _found(each))

    return on_pods(name, judge)


def _path(pod: PodView, violation: Violation) -> FieldPath:
    steps = [int(number) if number else text or word for number, text, word in _STEP.findall(violation.field)]
    return (*pod.path, *steps)


def _found(violation: Violation) -> Json:
    if violation.is_required or violation.value in (None, "nil"):
        return UNSET if violation.is_required or violation.value == "nil" else "set"
    return list(violation.value) if isinstance(violation.value, tuple) else violation.value


CHECKS: Final = tuple(_check(name, control) for name, control in _CONTROLS.items())
