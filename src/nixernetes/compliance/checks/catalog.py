"""The checks by name: what each demands, and how much a failure matters."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final, NamedTuple

__all__ = ["CATALOG", "CHECK_IDS", "CheckEntry", "is_absence", "severity_of"]


class CheckEntry(NamedTuple):
    """A check: what it demands of an object, how much a failure matters, and whether that is the absence of another."""

    demand: str
    severity: str = "medium"
    is_absence: bool = False


CATALOG: Final = MappingProxyType(
    {
        "psa.host-process": CheckEntry("no pod runs as a process of its Windows node", "high"),
        "psa.host-namespaces": CheckEntry("hostNetwork, hostPID and hostIPC are off", "high"),
        "psa.privileged": CheckEntry("no container is privileged", "critical"),
        "psa.capabilities-baseline": CheckEntry("no capability is added that is not on the baseline's list", "high"),
        "psa.host-path": CheckEntry("no volume is a hostPath", "high"),
        "psa.host-ports": CheckEntry("no container takes a hostPort"),
        "psa.apparmor": CheckEntry("the AppArmor profile is unset, RuntimeDefault or Localhost"),
        "psa.selinux": CheckEntry("SELinux types are those of containers, and user and role are unset"),
        "psa.proc-mount": CheckEntry("procMount is unset or Default"),
        "psa.seccomp-baseline": CheckEntry("the seccomp profile is not Unconfined"),
        "psa.sysctls": CheckEntry("sysctls are on the safe list"),
        "psa.volume-types": CheckEntry("volumes are of the types that the restricted standard allows"),
        "psa.privilege-escalation": CheckEntry("allowPrivilegeEscalation is false on every container", "high"),
        "psa.run-as-non-root": CheckEntry("runAsNonRoot is true, on the container or else on the pod", "high"),
        "psa.run-as-user": CheckEntry("runAsUser is not 0", "high"),
        "psa.seccomp-restricted": CheckEntry("the seccomp profile is RuntimeDefault or Localhost"),
        "psa.capabilities-restricted": CheckEntry("every container drops ALL, and adds at most NET_BIND_SERVICE"),
        "pod.drop-net-raw": CheckEntry("every container drops NET_RAW or ALL"),
        "pod.no-added-capabilities": CheckEntry("no container adds capabilities"),
        "pod.read-only-root": CheckEntry("readOnlyRootFilesystem is true on every container"),
        "pod.security-context": CheckEntry("the pod and every container have a securityContext"),
        "pod.linux-hardening": CheckEntry("seccomp, SELinux, AppArmor or dropped capabilities confine each container"),
        "pod.cpu-limit": CheckEntry("every container has a limit of CPU, its own or by a LimitRange", "low"),
        "pod.memory-limit": CheckEntry("every container has a limit of memory, its own or by a LimitRange"),
        "pod.requests": CheckEntry("every container requests CPU and memory, itself or by a LimitRange", "low"),
        "pod.sa-token": CheckEntry("no token is mounted for a service account without rights", is_absence=True),
        "pod.default-sa": CheckEntry("the pods run as a service account of their own"),
        "pod.secrets-as-files": CheckEntry("no variable takes its value from a Secret", "low"),
        "pod.image-tag": CheckEntry("the image has a digest, or a tag other than latest"),
        "pod.image-digest": CheckEntry("the image is pinned by its digest"),
        "pod.image-registry": CheckEntry("the image is from a registry of the list", "high"),
        "pod.no-plain-credentials": CheckEntry("no variable or ConfigMap holds what looks like a credential", "high"),
        "pod.probes": CheckEntry("every container has a liveness and a readiness probe", "low"),
        "net.default-deny": CheckEntry(
            "a NetworkPolicy denies by default what comes into and leaves the namespace", is_absence=True
        ),
        "net.policy-selects-pod": CheckEntry(
            "a NetworkPolicy selects the pods, for Ingress and for Egress", is_absence=True
        ),
        "net.namespace-has-policy": CheckEntry(
            "the Namespace has a NetworkPolicy or CiliumNetworkPolicy", is_absence=True
        ),
        "net.ingress-tls": CheckEntry("every host is served over TLS", "high"),
        "net.ingress-snippets": CheckEntry("no annotation of ingress-nginx adds configuration", "high"),
        "net.ingress-nginx": CheckEntry("nothing runs the retired ingress-nginx controller", "high"),
        "rbac.cluster-admin": CheckEntry("cluster-admin is bound to those on the list alone", "critical"),
        "rbac.wildcards": CheckEntry("no * in verbs, resources or apiGroups", "high"),
        "rbac.secrets": CheckEntry("the role does not read Secrets", "high"),
        "rbac.create-pods": CheckEntry("the role creates no pods, and nothing that runs them"),
        "rbac.exec": CheckEntry("the role runs no commands in containers", "high"),
        "rbac.escalate": CheckEntry("the role does not bind, impersonate or escalate", "critical"),
        "rbac.create-pv": CheckEntry("the role creates no PersistentVolumes"),
        "rbac.nodes-proxy": CheckEntry("the role does not reach nodes/proxy", "high"),
        "rbac.csr-approve": CheckEntry("the role approves no certificate signing requests", "high"),
        "rbac.webhooks": CheckEntry("the role changes no webhook configurations", "high"),
        "rbac.sa-token": CheckEntry("the role creates no tokens of service accounts", "high"),
        "rbac.system-masters": CheckEntry("nobody is bound as the group system:masters", "critical"),
        "ns.not-default": CheckEntry("no workload is in the namespace default", "low"),
        "ns.pod-security": CheckEntry(
            "the Namespace enforces the Pod Security Standard that is asked for", "high", is_absence=True
        ),
        "policy.engine": CheckEntry("the cluster has an admission policy", "high", is_absence=True),
        "policy.enforced": CheckEntry("policies deny, and do not only audit"),
        "policy.image-verify": CheckEntry("a policy verifies the signatures of the images", is_absence=True),
        "secrets.not-in-git": CheckEntry("no Secret is in Git in plain text", "critical"),
        "secrets.external": CheckEntry("Secrets are made from an external store", "low"),
        "mesh.mtls": CheckEntry("the mesh demands mutual TLS in the namespace", is_absence=True),
        "storage.encrypted": CheckEntry("the StorageClass of the claim encrypts"),
        "git.signed": CheckEntry("the source verifies signatures"),
        "labels.required": CheckEntry("the labels for framework, owner and data classification are there and valid"),
        "labels.audit-id": CheckEntry("an annotation says what an audit finds the object by", "low"),
    }
)
"""Each check by its name."""

CHECK_IDS: Final = tuple(CATALOG)


def is_absence(check: str) -> bool:
    """Tell whether a failure of a check is that another object is missing, which may come from elsewhere."""
    return CATALOG[check].is_absence


def severity_of(check: str) -> str:
    """Return how much a failure of a check matters: ``critical``, ``high``, ``medium`` or ``low``."""
    return CATALOG[check].severity
