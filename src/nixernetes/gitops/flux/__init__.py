"""Flux v2: every kind, every field, every rule of its CustomResourceDefinitions, refused where Flux would refuse.

Promise: what can be built here is what the API server admits. Ban: no I/O; what controllers do is the engine's.
The kinds are also in ``nixernetes.gitops``; the types of nested values (which may be given as dicts) are only here.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from nixernetes.gitops.flux.access import AccessFrom, NamespaceSelector
    from nixernetes.gitops.flux.alert import Alert, ProviderReference
    from nixernetes.gitops.flux.bucket import Bucket, BucketSTS
    from nixernetes.gitops.flux.external_artifact import ArtifactOrigin, ExternalArtifact
    from nixernetes.gitops.flux.flux_references import (
        ConfigMapReference,
        DependencyReference,
        EventSource,
        KubeConfig,
        SecretKeyReference,
        SecretReference,
    )
    from nixernetes.gitops.flux.git_repository import GitRef, GitRepository, GitRepositoryInclude, GitVerification
    from nixernetes.gitops.flux.health import HealthCheck, HealthCheckExpr, health_checks
    from nixernetes.gitops.flux.helm_actions import (
        DriftDetection,
        Install,
        InstallRemediation,
        PostRenderer,
        PostRendererKustomize,
        Rollback,
        Strategy,
        Test,
        TestFilter,
        Uninstall,
        Upgrade,
        UpgradeRemediation,
        WaitStrategy,
    )
    from nixernetes.gitops.flux.helm_chart import HelmChart, HelmChartSource
    from nixernetes.gitops.flux.helm_release import (
        HelmChartTemplate,
        HelmChartTemplateMetadata,
        HelmChartTemplateSource,
        HelmChartTemplateSpec,
        HelmRelease,
        ReleaseChartReference,
        ValuesReference,
    )
    from nixernetes.gitops.flux.helm_repository import HelmRepository
    from nixernetes.gitops.flux.image_policy import (
        ImagePolicy,
        ImagePolicyChoice,
        ImageRepositoryReference,
        Order,
        SemverPolicy,
        TagFilter,
    )
    from nixernetes.gitops.flux.image_repository import ImageRepository
    from nixernetes.gitops.flux.image_update_automation import (
        CommitAuthor,
        GitCheckout,
        GitCommit,
        GitPush,
        GitSpec,
        ImageUpdateAutomation,
        PolicyRequirement,
        PolicySelector,
        SigningKey,
        UpdateSource,
        UpdateStrategy,
    )
    from nixernetes.gitops.flux.kustomization import (
        Decryption,
        Kustomization,
        PostBuild,
        SourceReference,
        SubstituteReference,
    )
    from nixernetes.gitops.flux.kustomize_parts import CommonMetadata, IgnoreRule, Image, Patch, Selector
    from nixernetes.gitops.flux.oci_repository import OCILayerSelector, OCIRef, OCIRepository
    from nixernetes.gitops.flux.provider import Provider
    from nixernetes.gitops.flux.receiver import OIDCProvider, OIDCValidation, OIDCVariable, Receiver, ReceiverResource
    from nixernetes.gitops.flux.verification import (
        ChartVerification,
        OCIVerification,
        OIDCIdentity,
        ReleaseChartVerification,
    )

_MODULES: dict[str, str] = {
    "AccessFrom": "access",
    "Alert": "alert",
    "ArtifactOrigin": "external_artifact",
    "Bucket": "bucket",
    "BucketSTS": "bucket",
    "ChartVerification": "verification",
    "CommitAuthor": "image_update_automation",
    "CommonMetadata": "kustomize_parts",
    "ConfigMapReference": "flux_references",
    "Decryption": "kustomization",
    "DependencyReference": "flux_references",
    "DriftDetection": "helm_actions",
    "EventSource": "flux_references",
    "ExternalArtifact": "external_artifact",
    "GitCheckout": "image_update_automation",
    "GitCommit": "image_update_automation",
    "GitPush": "image_update_automation",
    "GitRef": "git_repository",
    "GitRepository": "git_repository",
    "GitRepositoryInclude": "git_repository",
    "GitSpec": "image_update_automation",
    "GitVerification": "git_repository",
    "HealthCheck": "health",
    "HealthCheckExpr": "health",
    "HelmChart": "helm_chart",
    "HelmChartSource": "helm_chart",
    "HelmChartTemplate": "helm_release",
    "HelmChartTemplateMetadata": "helm_release",
    "HelmChartTemplateSource": "helm_release",
    "HelmChartTemplateSpec": "helm_release",
    "HelmRelease": "helm_release",
    "HelmRepository": "helm_repository",
    "IgnoreRule": "kustomize_parts",
    "Image": "kustomize_parts",
    "ImagePolicy": "image_policy",
    "ImagePolicyChoice": "image_policy",
    "ImageRepository": "image_repository",
    "ImageRepositoryReference": "image_policy",
    "ImageUpdateAutomation": "image_update_automation",
    "Install": "helm_actions",
    "InstallRemediation": "helm_actions",
    "KubeConfig": "flux_references",
    "Kustomization": "kustomization",
    "NamespaceSelector": "access",
    "OCILayerSelector": "oci_repository",
    "OCIRef": "oci_repository",
    "OCIRepository": "oci_repository",
    "OCIVerification": "verification",
    "OIDCIdentity": "verification",
    "OIDCProvider": "receiver",
    "OIDCValidation": "receiver",
    "OIDCVariable": "receiver",
    "Order": "image_policy",
    "Patch": "kustomize_parts",
    "PolicyRequirement": "image_update_automation",
    "PolicySelector": "image_update_automation",
    "PostBuild": "kustomization",
    "PostRenderer": "helm_actions",
    "PostRendererKustomize": "helm_actions",
    "Provider": "provider",
    "ProviderReference": "alert",
    "Receiver": "receiver",
    "ReceiverResource": "receiver",
    "ReleaseChartReference": "helm_release",
    "ReleaseChartVerification": "verification",
    "Rollback": "helm_actions",
    "SecretKeyReference": "flux_references",
    "SecretReference": "flux_references",
    "Selector": "kustomize_parts",
    "SemverPolicy": "image_policy",
    "SigningKey": "image_update_automation",
    "SourceReference": "kustomization",
    "Strategy": "helm_actions",
    "SubstituteReference": "kustomization",
    "TagFilter": "image_policy",
    "Test": "helm_actions",
    "TestFilter": "helm_actions",
    "Uninstall": "helm_actions",
    "UpdateSource": "image_update_automation",
    "UpdateStrategy": "image_update_automation",
    "Upgrade": "helm_actions",
    "UpgradeRemediation": "helm_actions",
    "ValuesReference": "helm_release",
    "WaitStrategy": "helm_actions",
    "health_checks": "health",
}

__all__ = [
    "AccessFrom",
    "Alert",
    "ArtifactOrigin",
    "Bucket",
    "BucketSTS",
    "ChartVerification",
    "CommitAuthor",
    "CommonMetadata",
    "ConfigMapReference",
    "Decryption",
    "DependencyReference",
    "DriftDetection",
    "EventSource",
    "ExternalArtifact",
    "GitCheckout",
    "GitCommit",
    "GitPush",
    "GitRef",
    "GitRepository",
    "GitRepositoryInclude",
    "GitSpec",
    "GitVerification",
    "HealthCheck",
    "HealthCheckExpr",
    "HelmChart",
    "HelmChartSource",
    "HelmChartTemplate",
    "HelmChartTemplateMetadata",
    "HelmChartTemplateSource",
    "HelmChartTemplateSpec",
    "HelmRelease",
    "HelmRepository",
    "IgnoreRule",
    "Image",
    "ImagePolicy",
    "ImagePolicyChoice",
    "ImageRepository",
    "ImageRepositoryReference",
    "ImageUpdateAutomation",
    "Install",
    "InstallRemediation",
    "KubeConfig",
    "Kustomization",
    "NamespaceSelector",
    "OCILayerSelector",
    "OCIRef",
    "OCIRepository",
    "OCIVerification",
    "OIDCIdentity",
    "OIDCProvider",
    "OIDCValidation",
    "OIDCVariable",
    "Order",
    "Patch",
    "PolicyRequirement",
    "PolicySelector",
    "PostBuild",
    "PostRenderer",
    "PostRendererKustomize",
    "Provider",
    "ProviderReference",
    "Receiver",
    "ReceiverResource",
    "ReleaseChartReference",
    "ReleaseChartVerification",
    "Rollback",
    "SecretKeyReference",
    "SecretReference",
    "Selector",
    "SemverPolicy",
    "SigningKey",
    "SourceReference",
    "Strategy",
    "SubstituteReference",
    "TagFilter",
    "Test",
    "TestFilter",
    "Uninstall",
    "UpdateSource",
    "UpdateStrategy",
    "Upgrade",
    "UpgradeRemediation",
    "ValuesReference",
    "WaitStrategy",
    "health_checks",
]


def __getattr__(name: str) -> Any:
    module = _MODULES.get(name)
    if module is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found = getattr(import_module(f"{__name__}.{module}"), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return __all__
