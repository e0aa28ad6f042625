"""The controls of the two levels, and since which Kubernetes version each is asked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from nixernetes.objects.fields import mapping_at
from nixernetes.objects.manifest import Json
from nixernetes.schemas.pod_security import baseline, restricted
from nixernetes.schemas.pod_security.violations import Breach, Pod

__all__ = ["BASELINE_CHECKS", "CONTROLS", "LATEST", "SecurityLevel", "failures"]

LATEST: Final = 10_000  # a minor version that is newer than any
_Check = Callable[[Pod, int], Breach | None]


class SecurityLevel(StrEnum):
    """How much a pod may ask for."""

    PRIVILEGED = "privileged"
    BASELINE = "baseline"
    RESTRICTED = "restricted"


@dataclass(frozen=True, slots=True)
class _Row:
    name: str
    level: SecurityLevel
    versions: tuple[tuple[int, _Check], ...]  # since which minor version each form of the check holds
    control: str
    replaces: str = ""  # the check of the lower level that it covers


_BASELINE, _RESTRICTED = SecurityLevel.BASELINE, SecurityLevel.RESTRICTED
_ROWS: Final = (
    _Row("allowPrivilegeEscalation", _RESTRICTED, ((8, restricted.privilege_escalation),), "Privilege Escalation"),
    _Row("appArmorProfile", _BASELINE, ((0, baseline.app_armor),), "AppArmor"),
    _Row("capabilities_baseline", _BASELINE, ((0, baseline.capabilities),), "Capabilities"),
    _Row(
        "capabilities_restricted",
        _RESTRICTED,
        ((22, restricted.capabilities),),
        "Capabilities",
        "capabilities_baseline",
    ),
    _Row("hostNamespaces", _BASELINE, ((0, baseline.host_namespaces),), "Host Namespaces"),
    _Row("hostPathVolumes", _BASELINE, ((0, baseline.host_paths),), "HostPath Volumes"),
    _Row("hostPorts", _BASELINE, ((0, baseline.host_ports),), "Host Ports"),
    _Row("hostProbesAndHostLifecycle", _BASELINE, ((34, baseline.host_probes),), "Host Probes / Lifecycle Hooks"),
    _Row("privileged", _BASELINE, ((0, baseline.privileged),), "Privileged Containers"),
    _Row("procMount", _BASELINE, ((0, baseline.proc_mount),), "/proc Mount Type"),
    _Row("restrictedVolumes", _RESTRICTED, ((0, restricted.volume_types),), "Volume Types", "hostPathVolumes"),
    _Row("runAsNonRoot", _RESTRICTED, ((0, restricted.non_root),), "Running as Non-root"),
    _Row("runAsUser", _RESTRICTED, ((23, restricted.non_root_user),), "Running as Non-root user"),
    _Row("seLinuxOptions", _BASELINE, ((0, baseline.se_linux),), "SELinux"),
    _Row(
        "seccompProfile_baseline",
        _BASELINE,
        ((0, baseline.seccomp_annotations), (19, baseline.seccomp)),
        "Seccomp",
    ),
    _Row("seccompProfile_restricted", _RESTRICTED, ((19, restricted.seccomp),), "Seccomp", "seccompProfile_baseline"),
    _Row("sysctls", _BASELINE, ((0, baseline.sysctls),), "Sysctls"),
    _Row("windowsHostProcess", _BASELINE, ((0, baseline.host_process),), "HostProcess"),
)

CONTROLS: Final[Mapping[str, str]] = MappingProxyType({row.name: row.control for row in _ROWS})
"""The name of each check to the name of its control in the standards."""

BASELINE_CHECKS: Final = frozenset(row.name for row in _ROWS if row.level is _BASELINE)
"""The checks of the lower level, which are told first."""


def failures(
    spec: Mapping[str, Json],
    metadata: Mapping[str, Json],
    level: SecurityLevel,
    minor: int = LATEST,
    *,
    all_checks: bool = False,
) -> list[Breach]:
    """Return the controls of a level that a pod does not keep, in the order of their checks.

    Args:
        spec: the specification of a pod or of a template.
        metadata: its metadata, for the annotations of old.
        level: the level.
        minor: the minor version of Kubernetes whose rules are asked; the newest without it.
        all_checks: whether each check is asked, as Kyverno does: those that another covers, and those that are newer
            than the version.

    """
    if level is SecurityLevel.PRIVILEGED:
        return []
    notes = {name: value for name, value in mapping_at(metadata, "annotations").items() if isinstance(value, str)}
    pod = Pod(spec=spec, annotations=notes)
    rows = [row for row in _ROWS if level is SecurityLevel.RESTRICTED or row.level is level]
    replaced = {row.replaces for row in rows if not all_checks and row.versions[0][0] <= minor}
    found = []
    for row in rows:
        checks = [check for since, check in row.versions if since <= minor]
        if not checks and all_checks:
            checks = [row.versions[0][1]]
        breach = checks[-1](pod, minor) if checks and row.name not in replaced else None
        if breach is not None:
            found.append(breach)
    return found
