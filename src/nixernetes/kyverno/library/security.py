"""Policies about what a pod may do to its node, its neighbours and itself."""

from __future__ import annotations

from typing import Final

from nixernetes.kyverno.library.demands import PodDemand, pod_policy
from nixernetes.kyverno.library.notes import Enforcement, PolicyNote
from nixernetes.kyverno.vocabulary.cel.validating_policy import ValidatingPolicy
from nixernetes.kyverno.vocabulary.rules.cluster_policy import ClusterPolicy
from nixernetes.objects.api_groups import KYVERNO_POLICIES_V1

__all__ = [
    "disallow_host_access",
    "disallow_privilege_escalation",
    "disallow_privileged",
    "require_dropped_capabilities",
    "require_non_root",
    "require_read_only_root",
]

_CATEGORY: Final = "Pod security"


def disallow_privileged(
    *, enforcement: Enforcement = "audit", api: str = KYVERNO_POLICIES_V1
) -> ValidatingPolicy | ClusterPolicy:
    """Demand that no container is privileged."""
    note = PolicyNote(
        name="disallow-privileged-containers",
        title="Disallow privileged containers",
        category=_CATEGORY,
        severity="critical",
        description="A privileged container is root on its node.",
        controls=[
            "cis-kubernetes-5:5.2.2",
            "nsa-cisa-kubernetes-hardening-1.2:pod/no-privileged",
            "pod-security-standards:baseline/privileged",
        ],
    )
    demand = PodDemand(
        expression="variables.containers.all(c, c.?securityContext.?privileged.orValue(false) == false)",
        message="Containers must not be privileged.",
    )
    return pod_policy(note, [demand], api, enforcement)


def disallow_host_access(
    *, enforcement: Enforcement = "audit", api: str = KYVERNO_POLICIES_V1
) -> ValidatingPolicy | ClusterPolicy:
    """Demand that pods use neither namespaces, ports nor directories of their node."""
    note = PolicyNote(
        name="disallow-host-access",
        title="Disallow access to the host",
        category=_CATEGORY,
        severity="high",
        description="Namespaces, ports and directories of the node let a pod see and change what is not its own.",
        controls=[
            *("cis-kubernetes-5:5.2.3", "cis-kubernetes-5:5.2.4", "cis-kubernetes-5:5.2.5"),
            *("cis-kubernetes-5:5.2.12", "cis-kubernetes-5:5.2.13"),
            "pod-security-standards:baseline/host-namespaces",
        ],
    )
    demands = [
        PodDemand(
            expression="object.spec.?hostNetwork.orValue(false) == false"
            " && object.spec.?hostPID.orValue(false) == false && object.spec.?hostIPC.orValue(false) == false",
            message="Pods must not share namespaces of the host.",
        ),
        PodDemand(
            expression="variables.containers.all(c, c.?ports.orValue([]).all(p, p.?hostPort.orValue(0) == 0))",
            message="Containers must not use ports of the host.",
        ),
        PodDemand(
            expression="object.spec.?volumes.orValue([]).all(v, !has(v.hostPath))",
            message="Pods must not mount directories of the host.",
        ),
    ]
    return pod_policy(note, demands, api, enforcement)


def disallow_privilege_escalation(
    *, enforcement: Enforcement = "audit", api: str = KYVERNO_POLICIES_V1
) -> ValidatingPolicy | ClusterPolicy:
    """Demand ``allowPrivilegeEscalation: false`` of every container."""
    note = PolicyNote(
        name="disallow-privilege-escalation",
        title="Disallow privilege escalation",
        category=_CATEGORY,
        severity="high",
        description="A process must not gain more rights than the one that started it.",
        controls=["cis-kubernetes-5:5.2.6", "pod-security-standards:restricted/privilege-escalation"],
    )
    demand = PodDemand(
        expression="variables.containers.all(c, c.?securityContext.?allowPrivilegeEscalation.orValue(true) == false)",
        message="Containers must set allowPrivilegeEscalation to false.",
    )
    return pod_policy(note, [demand], api, enforcement)


def require_non_root(
    *, enforcement: Enforcement = "audit", api: str = KYVERNO_POLICIES_V1
) -> ValidatingPolicy | ClusterPolicy:
    """Demand ``runAsNonRoot`` and no user 0. What a container says goes before what its pod says."""
    note = PolicyNote(
        name="require-run-as-non-root",
        title="Require running as non-root",
        category=_CATEGORY,
        severity="high",
        description="Root in a container is root on the node once it gets out.",
        controls=["cis-kubernetes-5:5.2.7", "pod-security-standards:restricted/run-as-non-root"],
    )
    demands = [
        PodDemand(
            expression="variables.containers.all(c, c.?securityContext.?runAsNonRoot.orValue("
            "object.spec.?securityContext.?runAsNonRoot.orValue(false)) == true)",
            message="Containers must run as non-root: set runAsNonRoot to true.",
        ),
        PodDemand(
            expression="object.spec.?securityContext.?runAsUser.orValue(1) != 0"
            " && variables.containers.all(c, c.?securityContext.?runAsUser.orValue(1) != 0)",
            message="Containers must not run as user 0.",
        ),
    ]
    return pod_policy(note, demands, api, enforcement)


def require_dropped_capabilities(
    *, enforcement: Enforcement = "audit", api: str = KYVERNO_POLICIES_V1
) -> ValidatingPolicy | ClusterPolicy:
    """Demand that every container drops ``ALL`` capabilities and adds ``NET_BIND_SERVICE`` at most."""
    note = PolicyNote(
        name="require-dropped-capabilities",
        title="Require dropped capabilities",
        category=_CATEGORY,
        severity="medium",
        description="Capabilities are parts of root's rights; few programs need any.",
        controls=["cis-kubernetes-5:5.2.10", "pod-security-standards:restricted/capabilities-restricted"],
    )
    demand = PodDemand(
        expression="variables.containers.all(c,"
        " c.?securityContext.?capabilities.?drop.orValue([]).exists(d, d == 'ALL')"
        " && c.?securityContext.?capabilities.?add.orValue([]).all(a, a == 'NET_BIND_SERVICE'))",
        message="Containers must drop ALL capabilities, and may add NET_BIND_SERVICE alone.",
    )
    return pod_policy(note, [demand], api, enforcement)


def require_read_only_root(
    *, enforcement: Enforcement = "audit", api: str = KYVERNO_POLICIES_V1
) -> ValidatingPolicy | ClusterPolicy:
    """Demand ``readOnlyRootFilesystem: true`` of every container but the ephemeral ones."""
    note = PolicyNote(
        name="require-read-only-root-filesystem",
        title="Require a read-only root filesystem",
        category=_CATEGORY,
        severity="medium",
        description="What cannot be written cannot be replaced by an intruder.",
        controls=["nsa-cisa-kubernetes-hardening-1.2:pod/immutable-fs", "pci-dss-4.0:11.5.2", "soc2-tsc-2017:CC6.8"],
    )
    demand = PodDemand(
        expression="variables.started.all(c, c.?securityContext.?readOnlyRootFilesystem.orValue(false) == true)",
        message="Containers must have a read-only root filesystem.",
    )
    return pod_policy(note, [demand], api, enforcement)
