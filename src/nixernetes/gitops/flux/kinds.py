"""The API groups of Flux and what its references may point at."""

from __future__ import annotations

from nixernetes.objects.api_groups import (
    FLUX_HELM,
    FLUX_IMAGE,
    FLUX_KUSTOMIZE,
    FLUX_SOURCE,
    FLUX_SOURCE_EXTENSIONS,
)
from nixernetes.objects.identity import GroupKind

__all__ = [
    "CONFIG_MAP",
    "EVENT_KINDS",
    "SECRET",
    "source_kinds",
]


# Where `flux bootstrap` installs Flux; its kinds live there unless told otherwise.

SECRET = GroupKind("", "Secret")
CONFIG_MAP = GroupKind("", "ConfigMap")


def source_kinds(*kinds: str) -> tuple[GroupKind, ...]:
    """Return kinds of the source API group."""
    return tuple(GroupKind(FLUX_SOURCE, kind) for kind in kinds)


# What Alerts and Receivers may name; flux-behaviour.md 11.2.
EVENT_KINDS = (
    *source_kinds("Bucket", "GitRepository"),
    GroupKind(FLUX_KUSTOMIZE, "Kustomization"),
    GroupKind(FLUX_HELM, "HelmRelease"),
    *source_kinds("HelmChart", "HelmRepository"),
    GroupKind(FLUX_IMAGE, "ImageRepository"),
    GroupKind(FLUX_IMAGE, "ImagePolicy"),
    GroupKind(FLUX_IMAGE, "ImageUpdateAutomation"),
    *source_kinds("OCIRepository"),
    GroupKind(FLUX_SOURCE_EXTENSIONS, "ArtifactGenerator"),
    *source_kinds("ExternalArtifact"),
)
