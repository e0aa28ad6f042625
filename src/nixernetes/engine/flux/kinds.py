"""The kinds of Flux, as this engine serves them (Flux, section 0.1): all are namespaced."""

from __future__ import annotations

from nixernetes.objects.api_groups import (
    FLUX_HELM,
    FLUX_IMAGE,
    FLUX_KUSTOMIZE,
    FLUX_NOTIFICATION,
    FLUX_OPERATOR,
    FLUX_SOURCE,
    FLUX_SOURCE_EXTENSIONS,
)
from nixernetes.objects.identity import GroupKind

__all__ = [
    "ALERT",
    "ARTIFACT_GENERATOR",
    "BUCKET",
    "EXTERNAL_ARTIFACT",
    "GIT_REPOSITORY",
    "HELM_CHART",
    "HELM_RELEASE",
    "HELM_REPOSITORY",
    "IMAGE_POLICY",
    "IMAGE_REPOSITORY",
    "IMAGE_UPDATE_AUTOMATION",
    "INPUT_PROVIDER",
    "KINDS",
    "KUSTOMIZATION",
    "OCI_REPOSITORY",
    "PROVIDER",
    "RECEIVER",
    "RESOURCE_SET",
]


GIT_REPOSITORY = GroupKind(FLUX_SOURCE, "GitRepository")
OCI_REPOSITORY = GroupKind(FLUX_SOURCE, "OCIRepository")
HELM_REPOSITORY = GroupKind(FLUX_SOURCE, "HelmRepository")
HELM_CHART = GroupKind(FLUX_SOURCE, "HelmChart")
BUCKET = GroupKind(FLUX_SOURCE, "Bucket")
ARTIFACT_GENERATOR = GroupKind(FLUX_SOURCE_EXTENSIONS, "ArtifactGenerator")
EXTERNAL_ARTIFACT = GroupKind(FLUX_SOURCE, "ExternalArtifact")
INPUT_PROVIDER = GroupKind(FLUX_OPERATOR, "ResourceSetInputProvider")
RESOURCE_SET = GroupKind(FLUX_OPERATOR, "ResourceSet")
KUSTOMIZATION = GroupKind(FLUX_KUSTOMIZE, "Kustomization")
HELM_RELEASE = GroupKind(FLUX_HELM, "HelmRelease")
PROVIDER = GroupKind(FLUX_NOTIFICATION, "Provider")
ALERT = GroupKind(FLUX_NOTIFICATION, "Alert")
RECEIVER = GroupKind(FLUX_NOTIFICATION, "Receiver")
IMAGE_REPOSITORY = GroupKind(FLUX_IMAGE, "ImageRepository")
IMAGE_POLICY = GroupKind(FLUX_IMAGE, "ImagePolicy")
IMAGE_UPDATE_AUTOMATION = GroupKind(FLUX_IMAGE, "ImageUpdateAutomation")

# Kind to "is namespaced".
KINDS: dict[GroupKind, bool] = dict.fromkeys(
    (
        GIT_REPOSITORY,
        OCI_REPOSITORY,
        HELM_REPOSITORY,
        HELM_CHART,
        BUCKET,
        EXTERNAL_ARTIFACT,
        ARTIFACT_GENERATOR,
        RESOURCE_SET,
        INPUT_PROVIDER,
        KUSTOMIZATION,
        HELM_RELEASE,
        PROVIDER,
        ALERT,
        RECEIVER,
        IMAGE_REPOSITORY,
        IMAGE_POLICY,
        IMAGE_UPDATE_AUTOMATION,
    ),
    True,
)
