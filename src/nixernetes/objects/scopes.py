"""Which built-in kinds have no namespace. Everything else that Kubernetes ships is namespaced."""

from __future__ import annotations

from nixernetes.objects.api_groups import (
    ADMISSIONREGISTRATION,
    APIEXTENSIONS,
    APIREGISTRATION,
    AUTHENTICATION,
    AUTHORIZATION,
    CERTIFICATES,
    FLOWCONTROL,
    KYVERNO,
    KYVERNO_POLICIES,
    NETWORKING,
    NODE,
    RBAC,
    RESOURCE,
    SCHEDULING,
    STORAGE,
)
from nixernetes.objects.identity import GroupKind

__all__ = ["CLUSTER_SCOPED", "is_cluster_scoped", "is_cluster_scoped_policy", "is_policy_group"]

CLUSTER_SCOPED: frozenset[GroupKind] = frozenset(
    GroupKind(group, kind)
    for group, kinds in {
        "": "ComponentStatus Namespace Node PersistentVolume",
        ADMISSIONREGISTRATION: "MutatingAdmissionPolicy MutatingAdmissionPolicyBinding "
        "MutatingWebhookConfiguration ValidatingAdmissionPolicy ValidatingAdmissionPolicyBinding "
        "ValidatingWebhookConfiguration",
        APIEXTENSIONS: "CustomResourceDefinition",
        APIREGISTRATION: "APIService",
        AUTHENTICATION: "SelfSubjectReview TokenReview",
        AUTHORIZATION: "SelfSubjectAccessReview SelfSubjectRulesReview SubjectAccessReview",
        CERTIFICATES: "CertificateSigningRequest ClusterTrustBundle",
        FLOWCONTROL: "FlowSchema PriorityLevelConfiguration",
        "internal.apiserver.k8s.io": "StorageVersion",
        NETWORKING: "IPAddress IngressClass ServiceCIDR",
        NODE: "RuntimeClass",
        RBAC: "ClusterRole ClusterRoleBinding",
        RESOURCE: "DeviceClass DeviceTaintRule ResourceSlice",
        SCHEDULING: "PriorityClass",
        STORAGE: "CSIDriver CSINode StorageClass VolumeAttachment VolumeAttributesClass",
        "storagemigration.k8s.io": "StorageVersionMigration",
        "policy": "PodSecurityPolicy",
    }.items()
    for kind in kinds.split()
)


def is_cluster_scoped(kind: GroupKind) -> bool:
    """Tell whether a built-in kind is cluster-scoped (unknown kinds count as namespaced)."""
    return kind in CLUSTER_SCOPED


_NAMESPACED_POLICIES: frozenset[GroupKind] = frozenset(
    (
        *(GroupKind(KYVERNO, kind) for kind in ("Policy", "CleanupPolicy", "PolicyException", "UpdateRequest")),
        GroupKind(KYVERNO_POLICIES, "PolicyException"),
        *(
            GroupKind(KYVERNO_POLICIES, f"Namespaced{kind}Policy")
            for kind in ("Validating", "Mutating", "Generating", "Deleting", "ImageValidating")
        ),
    )
)


def is_policy_group(group: str) -> bool:
    """Tell whether the kinds of an API group are Kyverno's own."""
    return group in (KYVERNO, KYVERNO_POLICIES)


def is_cluster_scoped_policy(kind: GroupKind) -> bool:
    """Tell whether a kind is one of Kyverno's without a namespace."""
    return is_policy_group(kind.group) and kind not in _NAMESPACED_POLICIES
