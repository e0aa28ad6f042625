"""The API groups of Flux and what its references may point at."""

from __future__ import annotations

from nixernetes.objects.identity import GroupKind

__all__ = [
    "CONFIG_MAP",
    "EVENT_KINDS",
    "HELM",
    "IMAGE",
    "KUSTOMIZE",
    "NOTIFICATION",
    "SECRET",
    "SOURCE",
    "SYSTEM_NAMESPACE",
    "source_kinds",
]

SOURCE = "source.toolkit.fluxcd.io"
KUSTOMIZE = "kustomize.toolkit.fluxcd.io"
HELM = "helm.toolkit.fluxcd.io"
NOTIFICATION = "notification.toolkit.fluxcd.io"
IMAGE = "image.toolkit.fluxcd.io"

# Where `flux bootstrap` installs Flux; its kinds live there unless told otherwise.
SYSTEM_NAMESPACE = "flux-system"

SECRET = GroupKind("", "Secret")
CONFIG_MAP = GroupKind("", "ConfigMap")


def source_kinds(*kinds: str) -> tuple[GroupKind, ...]:
    """Return kinds of the source API group."""
    return tuple(GroupKind(SOURCE, kind) for kind in kinds)


# What Alerts and Receivers may name; flux-behaviour.md 11.2.
EVENT_KINDS = (
    *source_kinds("Bucket", "GitRepository"),
    GroupKind(KUSTOMIZE, "Kustomization"),
    GroupKind(HELM, "HelmRelease"),
    *source_kinds("HelmChart", "HelmRepository"),
    GroupKind(IMAGE, "ImageRepository"),
    GroupKind(IMAGE, "ImagePolicy"),
    GroupKind(IMAGE, "ImageUpdateAutomation"),
    *source_kinds("OCIRepository"),
    GroupKind("source.extensions.fluxcd.io", "ArtifactGenerator"),
    *source_kinds("ExternalArtifact"),
)
