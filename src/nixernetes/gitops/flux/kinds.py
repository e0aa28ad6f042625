"""What the references of Flux may point at."""

from __future__ import annotations

from nixernetes.objects.api_groups import FLUX_SOURCE
from nixernetes.objects.identity import GroupKind
from nixernetes.objects.kinds import (
    ARTIFACT_GENERATOR,
    BUCKET,
    EXTERNAL_ARTIFACT,
    GIT_REPOSITORY,
    HELM_CHART,
    HELM_RELEASE,
    HELM_REPOSITORY,
    IMAGE_POLICY,
    IMAGE_REPOSITORY,
    IMAGE_UPDATE_AUTOMATION,
    KUSTOMIZATION,
    OCI_REPOSITORY,
)

__all__ = ["EVENT_KINDS", "source_kinds"]


def source_kinds(*kinds: str) -> tuple[GroupKind, ...]:
    """Return kinds of the source API group."""
    return tuple(GroupKind(FLUX_SOURCE, kind) for kind in kinds)


# What Alerts and Receivers may name; flux-behaviour.md 11.2.
EVENT_KINDS = (
    BUCKET,
    GIT_REPOSITORY,
    KUSTOMIZATION,
    HELM_RELEASE,
    HELM_CHART,
    HELM_REPOSITORY,
    IMAGE_REPOSITORY,
    IMAGE_POLICY,
    IMAGE_UPDATE_AUTOMATION,
    OCI_REPOSITORY,
    ARTIFACT_GENERATOR,
    EXTERNAL_ARTIFACT,
)
