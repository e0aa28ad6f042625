# What is imported here is a public name of the package, loaded when it is first used.

from . import argocd as argocd, flux as flux, presets as presets
from .apps.charts import HelmChartRef as HelmChartRef
from .apps.workloads import App as App, AppOverrides as AppOverrides
from .argocd.applications.application import Application as Application
from .argocd.applications.sync_policy import SyncPolicy as SyncPolicy
from .argocd.applicationsets.application_set import ApplicationSet as ApplicationSet
from .argocd.notifications.notifications import NotificationsConfig as NotificationsConfig
from .argocd.projects.app_project import AppProject as AppProject
from .argocd.secrets.cluster_secret import ClusterSecret as ClusterSecret
from .argocd.secrets.repository_secrets import (
    RepositoryCredentials as RepositoryCredentials,
    RepositorySecret as RepositorySecret,
)
from .deployments import (
    ClusterPath as ClusterPath,
    MultiClusterDeployment as MultiClusterDeployment,
    SingleClusterDeployment as SingleClusterDeployment,
)
from .flux.health import HealthCheck as HealthCheck, health_checks as health_checks
from .flux.helm_release import HelmRelease as HelmRelease
from .flux.images.image_policy import ImagePolicy as ImagePolicy
from .flux.images.image_repository import ImageRepository as ImageRepository
from .flux.images.image_update_automation import ImageUpdateAutomation as ImageUpdateAutomation
from .flux.kustomization import Kustomization as Kustomization
from .flux.notifications.alert import Alert as Alert
from .flux.notifications.provider import Provider as Provider
from .flux.notifications.receiver import Receiver as Receiver
from .flux.sources.bucket import Bucket as Bucket
from .flux.sources.external_artifact import ExternalArtifact as ExternalArtifact
from .flux.sources.git_repository import GitRepository as GitRepository
from .flux.sources.helm_chart import HelmChart as HelmChart
from .flux.sources.helm_repository import HelmRepository as HelmRepository
from .flux.sources.oci_repository import OCIRepository as OCIRepository
from .git_urls import is_git_url as is_git_url, repository_name as repository_name
from .intervals import sync_interval_seconds as sync_interval_seconds
from .notification import WebhookNotification as WebhookNotification
from .platform import Cluster as Cluster, Platform as Platform
from .reference import Reference as Reference
from .repository import GitOpsRepository as GitOpsRepository
from .resource import Resource as Resource
from .spec import Spec as Spec
from .summary import DeploymentSummary as DeploymentSummary, deployment_summary as deployment_summary
