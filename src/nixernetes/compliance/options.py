"""What an assessment must be told, since no manifest says it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from nixernetes.schemas.pod_security import SecurityLevel

__all__ = ["AssessmentOptions"]


@dataclass(frozen=True, slots=True, kw_only=True)
class AssessmentOptions:
    """What is known besides the objects.

    Attributes:
        registries: the registries that images may come from, as ``registry.example.com`` or
            ``ghcr.io/myorg``; none: nobody has said it, and no image is judged by it.
        admins: who may be bound to cluster-admin, as ``Group/platform-admins`` or
            ``ServiceAccount/flux-system/kustomize-controller``; globs.
        roles: roles that may do what others may not, as ``ClusterRole/external-secrets``; globs.
        policies: the names of policies that must be placed and enforced; none: all that are placed must be enforced.
        encrypted_storage_classes: StorageClasses that are known to encrypt.
        credential_keys: regular expressions (RE2); keys that hold credentials besides those that are known by name.
        pod_security: the level that namespaces are held to.
        minor_versions: cluster to the minor version of its Kubernetes, as 34; of others, the newest rules hold.

    """

    registries: Sequence[str] = ()
    admins: Sequence[str] = ()
    roles: Sequence[str] = ()
    policies: Sequence[str] = ()
    encrypted_storage_classes: Sequence[str] = ()
    credential_keys: Sequence[str] = ()
    pod_security: SecurityLevel = SecurityLevel.BASELINE
    minor_versions: Mapping[str, int] = field(default_factory=dict)
