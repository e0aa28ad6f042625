"""What users import: the vocabulary of Flux and Argo CD, and the logic of that domain.

``from nixernetes import gitops`` costs nothing: each name is loaded when it is first used, from the module that
``_MODULES`` names. The block for type checkers repeats the table in the form that editors understand.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from nixernetes.gitops import argocd, flux, presets
    from nixernetes.gitops.argocd.app_project import AppProject
    from nixernetes.gitops.argocd.application import Application
    from nixernetes.gitops.argocd.application_set import ApplicationSet
    from nixernetes.gitops.argocd.cluster_secret import ClusterSecret
    from nixernetes.gitops.argocd.notifications import NotificationsConfig
    from nixernetes.gitops.argocd.repository_secrets import RepositoryCredentials, RepositorySecret
    from nixernetes.gitops.argocd.sync_policy import SyncPolicy
    from nixernetes.gitops.deployments import ClusterPath, MultiClusterDeployment, SingleClusterDeployment
    from nixernetes.gitops.flux.alert import Alert
    from nixernetes.gitops.flux.bucket import Bucket
    from nixernetes.gitops.flux.external_artifact import ExternalArtifact
    from nixernetes.gitops.flux.git_repository import GitRepository
    from nixernetes.gitops.flux.health import HealthCheck, health_checks
    from nixernetes.gitops.flux.helm_chart import HelmChart
    from nixernetes.gitops.flux.helm_release import HelmRelease
    from nixernetes.gitops.flux.helm_repository import HelmRepository
    from nixernetes.gitops.flux.image_policy import ImagePolicy
    from nixernetes.gitops.flux.image_repository import ImageRepository
    from nixernetes.gitops.flux.image_update_automation import ImageUpdateAutomation
    from nixernetes.gitops.flux.kustomization import Kustomization
    from nixernetes.gitops.flux.oci_repository import OCIRepository
    from nixernetes.gitops.flux.provider import Provider
    from nixernetes.gitops.flux.receiver import Receiver
    from nixernetes.gitops.git_urls import is_git_url, repository_name
    from nixernetes.gitops.intervals import sync_interval_seconds
    from nixernetes.gitops.notification import WebhookNotification
    from nixernetes.gitops.platform import Cluster, Platform
    from nixernetes.gitops.reference import Reference
    from nixernetes.gitops.repository import GitOpsRepository
    from nixernetes.gitops.resource import Resource
    from nixernetes.gitops.spec import Spec
    from nixernetes.gitops.summary import DeploymentSummary, deployment_summary
    from nixernetes.gitops.workloads import App, AppOverrides, HelmChartRef

# Where each public name lives; a name that is a module of its own stands for that module.
_MODULES: dict[str, str] = {
    "Alert": "flux.alert",
    "App": "workloads",
    "AppOverrides": "workloads",
    "AppProject": "argocd.app_project",
    "Application": "argocd.application",
    "ApplicationSet": "argocd.application_set",
    "Bucket": "flux.bucket",
    "Cluster": "platform",
    "ClusterPath": "deployments",
    "ClusterSecret": "argocd.cluster_secret",
    "DeploymentSummary": "summary",
    "ExternalArtifact": "flux.external_artifact",
    "GitOpsRepository": "repository",
    "GitRepository": "flux.git_repository",
    "HealthCheck": "flux.health",
    "HelmChart": "flux.helm_chart",
    "HelmChartRef": "workloads",
    "HelmRelease": "flux.helm_release",
    "HelmRepository": "flux.helm_repository",
    "ImagePolicy": "flux.image_policy",
    "ImageRepository": "flux.image_repository",
    "ImageUpdateAutomation": "flux.image_update_automation",
    "Kustomization": "flux.kustomization",
    "MultiClusterDeployment": "deployments",
    "NotificationsConfig": "argocd.notifications",
    "OCIRepository": "flux.oci_repository",
    "Platform": "platform",
    "Provider": "flux.provider",
    "Receiver": "flux.receiver",
    "Reference": "reference",
    "RepositoryCredentials": "argocd.repository_secrets",
    "RepositorySecret": "argocd.repository_secrets",
    "Resource": "resource",
    "SingleClusterDeployment": "deployments",
    "Spec": "spec",
    "SyncPolicy": "argocd.sync_policy",
    "WebhookNotification": "notification",
    "argocd": "argocd",
    "deployment_summary": "summary",
    "flux": "flux",
    "health_checks": "flux.health",
    "is_git_url": "git_urls",
    "presets": "presets",
    "repository_name": "git_urls",
    "sync_interval_seconds": "intervals",
}

__all__ = [
    "Alert",
    "App",
    "AppOverrides",
    "AppProject",
    "Application",
    "ApplicationSet",
    "Bucket",
    "Cluster",
    "ClusterPath",
    "ClusterSecret",
    "DeploymentSummary",
    "ExternalArtifact",
    "GitOpsRepository",
    "GitRepository",
    "HealthCheck",
    "HelmChart",
    "HelmChartRef",
    "HelmRelease",
    "HelmRepository",
    "ImagePolicy",
    "ImageRepository",
    "ImageUpdateAutomation",
    "Kustomization",
    "MultiClusterDeployment",
    "NotificationsConfig",
    "OCIRepository",
    "Platform",
    "Provider",
    "Receiver",
    "Reference",
    "RepositoryCredentials",
    "RepositorySecret",
    "Resource",
    "SingleClusterDeployment",
    "Spec",
    "SyncPolicy",
    "WebhookNotification",
    "argocd",
    "deployment_summary",
    "flux",
    "health_checks",
    "is_git_url",
    "presets",
    "repository_name",
    "sync_interval_seconds",
]


def __getattr__(name: str) -> Any:
    module = _MODULES.get(name)
    if module is None:
        from difflib import get_close_matches  # noqa: PLC0415  # importing the vocabulary stays free

        near = get_close_matches(name.removeprefix("mk"), _MODULES, n=1)
        advice = f": did you mean {near[0]}?" if near else ""
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}{advice}")
    loaded = import_module(f"{__name__}.{module}")
    found = loaded if module == name else getattr(loaded, name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return __all__
