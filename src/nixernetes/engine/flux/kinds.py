"""The kinds of Flux, as this engine serves them (Flux, section 0.1): all are namespaced."""

from __future__ import annotations

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

_SOURCE = "source.toolkit.fluxcd.io"
_NOTIFICATION = "notification.toolkit.fluxcd.io"
_IMAGE = "image.toolkit.fluxcd.io"

GIT_REPOSITORY = GroupKind(_SOURCE, "GitRepository")
OCI_REPOSITORY = GroupKind(_SOURCE, "OCIRepository")
HELM_REPOSITORY = GroupKind(_SOURCE, "HelmRepository")
HELM_CHART = GroupKind(_SOURCE, "HelmChart")
BUCKET = GroupKind(_SOURCE, "Bucket")
ARTIFACT_GENERATOR = GroupKind("source.extensions.fluxcd.io", "ArtifactGenerator")
EXTERNAL_ARTIFACT = GroupKind(_SOURCE, "ExternalArtifact")
INPUT_PROVIDER = GroupKind("fluxcd.controlplane.io", "ResourceSetInputProvider")
RESOURCE_SET = GroupKind("fluxcd.controlplane.io", "ResourceSet")
KUSTOMIZATION = GroupKind("kustomize.toolkit.fluxcd.io", "Kustomization")
HELM_RELEASE = GroupKind("helm.toolkit.fluxcd.io", "HelmRelease")
PROVIDER = GroupKind(_NOTIFICATION, "Provider")
ALERT = GroupKind(_NOTIFICATION, "Alert")
RECEIVER = GroupKind(_NOTIFICATION, "Receiver")
IMAGE_REPOSITORY = GroupKind(_IMAGE, "ImageRepository")
IMAGE_POLICY = GroupKind(_IMAGE, "ImagePolicy")
IMAGE_UPDATE_AUTOMATION = GroupKind(_IMAGE, "ImageUpdateAutomation")

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
