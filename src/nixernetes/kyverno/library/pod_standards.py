"""The Pod Security Standards as a policy (kubernetes.io/docs/concepts/security/pod-security-standards).

A ClusterPolicy names the level (``podSecurity``). A ValidatingPolicy has no such word, so the controls are written out;
a test holds the two equal, control by control.
"""

from __future__ import annotations

from typing import Final, Literal

from nixernetes.kyverno.library.demands import PodDemand, pod_policy
from nixernetes.kyverno.library.notes import Enforcement, PolicyNote, in_rules
from nixernetes.kyverno.vocabulary.cel.validating_policy import ValidatingPolicy
from nixernetes.kyverno.vocabulary.rules.cluster_policy import ClusterPolicy
from nixernetes.objects.api_groups import KYVERNO_POLICIES_V1
from nixernetes.objects.well_known import APPARMOR_ANNOTATION

__all__ = ["pod_security_standard"]

_CAPABILITIES: Final = (
    *("AUDIT_WRITE", "CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL", "MKNOD"),
    *("NET_BIND_SERVICE", "SETFCAP", "SETGID", "SETPCAP", "SETUID", "SYS_CHROOT"),
)
_SYSCTLS: Final = (
    *("kernel.shm_rmid_forced", "net.ipv4.ip_local_port_range", "net.ipv4.ip_unprivileged_port_start"),
    *("net.ipv4.tcp_syncookies", "net.ipv4.ping_group_range", "net.ipv4.ip_local_reserved_ports"),
    *("net.ipv4.tcp_keepalive_time", "net.ipv4.tcp_fin_timeout", "net.ipv4.tcp_keepalive_intvl"),
    *("net.ipv4.tcp_keepalive_probes", "net.ipv4.tcp_rmem", "net.ipv4.tcp_wmem"),
)
_VOLUMES: Final = (
    *("configMap", "csi", "downwardAPI", "emptyDir", "ephemeral", "image"),
    *("persistentVolumeClaim", "projected", "secret"),
)
_SELINUX: Final = ("", "container_t", "container_init_t", "container_kvm_t", "container_engine_t")
_POD: Final = "object.spec.?securityContext"


def pod_security_standard(
    level: Literal["baseline", "restricted"] = "baseline",
    *,
    enforcement: Enforcement = "audit",
    api: str = KYVERNO_POLICIES_V1,
) -> ValidatingPolicy | ClusterPolicy:
    """Demand a level of the Pod Security Standards, in its latest version.

    Raises:
        ValueError: the level is neither ``baseline`` nor ``restricted``.

    """
    if level not in ("baseline", "restricted"):
        raise ValueError(f"level must be baseline or restricted, not {level!r}")
    note = PolicyNote(
        name=f"pod-security-{level}",
        title=f"Pod Security Standard {level}",
        category="Pod security",
        severity="high",
        description=f"Pods meet the level {level} of the Pod Security Standards.",
        controls=["cis-kubernetes-5:5.2.1", "nsa-cisa-kubernetes-hardening-1.2:pod/pss-enforced"],
    )
    if not in_rules(api):
        demands = _baseline() + (_restricted() if level == "restricted" else [])
        return pod_policy(note, demands, api, enforcement)
    match = {"any": [{"resources": {"kinds": ["Pod"], "operations": ["CREATE", "UPDATE"]}}]}
    demand = {"podSecurity": {"level": level, "version": "latest"}}
    return ClusterPolicy.model_validate(
        {
            "name": note.name,
            "annotations": note.annotations(),
            "enforcement": enforcement,
            "rules": [{"name": note.name, "match": match, "validate": demand}],
        }
    )


def _each(field: str, default: str, test: str) -> str:
    """Return the demand that a field of every container's security context, and of the pod's, passes a test."""
    of_pod = test.replace("VALUE", f"{_POD}{field}.orValue({default})")
    of_container = test.replace("VALUE", f"c.?securityContext{field}.orValue({default})")
    return f"({of_pod}) && variables.containers.all(c, {of_container})"


def _baseline() -> list[PodDemand]:
    profiles = "['', 'RuntimeDefault', 'Localhost'].exists(t, t == VALUE)"
    demands = {
        "HostProcess": _each(".?windowsOptions.?hostProcess", "false", "VALUE == false"),
        "Host Namespaces": "object.spec.?hostNetwork.orValue(false) == false"
        " && object.spec.?hostPID.orValue(false) == false && object.spec.?hostIPC.orValue(false) == false",
        "Privileged Containers": "variables.containers.all(c, c.?securityContext.?privileged.orValue(false) == false)",
        "Capabilities": "variables.containers.all(c, c.?securityContext.?capabilities.?add.orValue([])"
        f".all(a, a in {list(_CAPABILITIES)}))",
        "HostPath Volumes": "object.spec.?volumes.orValue([]).all(v, !has(v.hostPath))",
        "Host Ports": "variables.containers.all(c, c.?ports.orValue([]).all(p, p.?hostPort.orValue(0) == 0))",
        "AppArmor": f"{_each('.?appArmorProfile.?type', repr(''), profiles)}"
        " && (!has(object.metadata) || !has(object.metadata.annotations)"
        f" || object.metadata.annotations.all(k, !k.startsWith('{APPARMOR_ANNOTATION}')"
        " || object.metadata.annotations[k] in ['', 'runtime/default']"
        " || object.metadata.annotations[k].startsWith('localhost/')))",
        "SELinux": _each(".?seLinuxOptions.?type", "''", f"{list(_SELINUX)}.exists(t, t == VALUE)")
        + " && "
        + _each(".?seLinuxOptions.?user", "''", "VALUE == ''")
        + " && "
        + _each(".?seLinuxOptions.?role", "''", "VALUE == ''"),
        "/proc Mount Type": "variables.containers.all(c,"
        " c.?securityContext.?procMount.orValue('Default') == 'Default')",
        "Seccomp": _each(".?seccompProfile.?type", "''", profiles),
        "Sysctls": f"{_POD}.?sysctls.orValue([]).all(s, s.name in {list(_SYSCTLS)})",
    }
    return [_demand(control, expression) for control, expression in demands.items()]


def _restricted() -> list[PodDemand]:
    windows = "object.spec.?os.?name.orValue('') == 'windows'"  # restricted asks these of Linux alone
    drops = (
        "variables.containers.all(c, c.?securityContext.?capabilities.?drop.orValue([]).exists(d, d == 'ALL')"
        " && c.?securityContext.?capabilities.?add.orValue([]).all(a, a == 'NET_BIND_SERVICE'))"
    )
    escalation = "variables.containers.all(c, c.?securityContext.?allowPrivilegeEscalation.orValue(true) == false)"
    seccomp = (
        "variables.containers.all(c, c.?securityContext.?seccompProfile.?type.orValue("
        f"{_POD}.?seccompProfile.?type.orValue('')) in ['RuntimeDefault', 'Localhost'])"
    )
    demands = {
        "Volume Types": f"object.spec.?volumes.orValue([]).all(v, {list(_VOLUMES)}.exists(t, t in v))",
        "Privilege Escalation": f"{windows} || {escalation}",
        "Running as Non-root": "variables.containers.all(c, c.?securityContext.?runAsNonRoot.orValue("
        f"{_POD}.?runAsNonRoot.orValue(false)) == true)",
        "Running as Non-root user": _each(".?runAsUser", "1", "VALUE != 0"),
        "Seccomp set": f"{windows} || {seccomp}",
        "Capabilities dropped": f"{windows} || {drops}",
    }
    return [_demand(control, expression) for control, expression in demands.items()]


def _demand(control: str, expression: str) -> PodDemand:
    return PodDemand(expression=expression, message=f"Pod Security Standard: {control}.")
