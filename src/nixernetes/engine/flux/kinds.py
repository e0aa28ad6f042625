"""The kinds of Flux, as this engine serves them (Flux, section 0.1): all are namespaced."""

from __future__ import annotations

from nixernetes.objects.identity import GroupKind
from nixernetes.objects.kinds import (
    ALERT,
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
    INPUT_PROVIDER,
    KUSTOMIZATION,
    OCI_REPOSITORY,
    PROVIDER,
    RECEIVER,
    RESOURCE_SET,
)

__all__ = ["KINDS"]


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
