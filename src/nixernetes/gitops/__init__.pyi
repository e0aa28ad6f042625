# Made by scripts/make_vocabulary_stubs.py: change the models, and run it.

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal, Required, TypedDict, Unpack

from nixernetes.gitops.apps.charts import HelmChartRef as _HelmChartRef
from nixernetes.gitops.apps.workloads import App as _App, AppOverrides as _AppOverrides
from nixernetes.gitops.argocd import IgnoreDifferences, IgnoreDifferencesDict
from nixernetes.gitops.argocd.applications.application_fields import IgnoreDifferences as _IgnoreDifferences
from nixernetes.gitops.deployments import (
    ClusterPath as _ClusterPath,
    MultiClusterDeployment as _MultiClusterDeployment,
    SingleClusterDeployment as _SingleClusterDeployment,
)
from nixernetes.gitops.flux import (
    Decryption,
    DecryptionDict,
    HealthCheckDict,
    HealthCheckExpr,
    HealthCheckExprDict,
    Install,
    InstallDict,
    PostBuild,
    PostBuildDict,
    Upgrade,
    UpgradeDict,
    ValuesReference,
    ValuesReferenceDict,
)
from nixernetes.gitops.flux.health import HealthCheck as _HealthCheck, HealthCheckExpr as _HealthCheckExpr
from nixernetes.gitops.flux.helm_actions import Install as _Install, Upgrade as _Upgrade
from nixernetes.gitops.flux.helm_release import ValuesReference as _ValuesReference
from nixernetes.gitops.flux.kustomization import Decryption as _Decryption, PostBuild as _PostBuild
from nixernetes.gitops.notification import WebhookNotification as _WebhookNotification
from nixernetes.gitops.platform import Cluster as _Cluster, Platform as _Platform
from nixernetes.gitops.presets import Preset as _Preset
from nixernetes.gitops.repository import GitOpsRepository as _GitOpsRepository
from nixernetes.gitops.resource import Resource as _Resource

from . import argocd as argocd, flux as flux, presets as presets
from .argocd import (
    Application as Application,
    ApplicationSet as ApplicationSet,
    AppProject as AppProject,
    ClusterSecret as ClusterSecret,
    NotificationsConfig as NotificationsConfig,
    RepositoryCredentials as RepositoryCredentials,
    RepositorySecret as RepositorySecret,
    SyncPolicy as SyncPolicy,
)
from .flux import (
    Alert as Alert,
    Bucket as Bucket,
    ExternalArtifact as ExternalArtifact,
    GitRepository as GitRepository,
    HealthCheck as HealthCheck,
    HelmChart as HelmChart,
    HelmRelease as HelmRelease,
    HelmRepository as HelmRepository,
    ImagePolicy as ImagePolicy,
    ImageRepository as ImageRepository,
    ImageUpdateAutomation as ImageUpdateAutomation,
    Kustomization as Kustomization,
    OCIRepository as OCIRepository,
    Provider as Provider,
    Receiver as Receiver,
)
from .flux.health import health_checks as health_checks
from .git_urls import is_git_url as is_git_url, repository_name as repository_name
from .intervals import sync_interval_seconds as sync_interval_seconds
from .reference import Reference as Reference
from .resource import Resource as Resource
from .spec import Spec as Spec
from .summary import DeploymentSummary as DeploymentSummary, deployment_summary as deployment_summary

class HelmChartRefDict(TypedDict, total=False):
    name: str
    """The chart's name in the repository. Default for a folder: the folder's name."""
    repository: str
    """The URL of the chart repository, `https://charts.example.com`, or of the registry, `oci://ghcr.io/myorg/charts`; the chart's name comes after it."""
    version: str
    """The version, or a semver range. An environment may have its own."""
    digest: str
    """For a registry: the digest to install, `sha256:...`, instead of a version."""
    secret_ref: str
    """The name of the Secret, in `flux-system`, that Flux logs in with; Argo CD has repository Secrets for that. Default: nobody logs in."""
    path: str | Path | None
    """Instead of a repository: a folder, relative to the platform file; it is copied to `charts/<name>`."""

class HelmChartRef(_HelmChartRef):
    """A Helm chart: in a chart repository (``repository``, ``name``, ``version``), or a folder (``path``)."""

    def __init__(self, **fields: Unpack[HelmChartRefDict]) -> None:
        """A Helm chart: in a chart repository (``repository``, ``name``, ``version``), or a folder (``path``)."""

class AppDict(TypedDict, total=False):
    name: Required[str]
    """Its name; the folder, the Flux Kustomization (or HelmRelease) and the Argo CD Application bear it."""
    manifests: Sequence[Mapping[str, Any]]
    """Kubernetes manifests."""
    files: str | Path | Sequence[str | Path]
    """YAML files."""
    folders: str | Path | Sequence[str | Path]
    """Folders of YAML files, read recursively."""
    kustomize: str | Path | None
    """A Kustomize overlay, copied with everything that it refers to."""
    chart: _HelmChartRef | HelmChartRefDict | Mapping[str, Any] | None
    """A Helm chart."""
    values: Mapping[str, Any]
    """The chart's values."""
    values_from: Sequence[_ValuesReference | ValuesReferenceDict | Mapping[str, Any]]
    """ConfigMaps and Secrets in `flux-system` with more values of the chart; `values` win. Flux only."""
    namespace: str
    """Where its objects live, whatever they say themselves; it is created if it is not there. Left out, every namespaced object must name its own."""
    environments: Mapping[str, _AppOverrides | AppOverridesDict | Mapping[str, Any]]
    """What differs, by environment or cluster."""
    clusters: Sequence[str]
    """Where it runs. Default: everywhere."""
    project: str
    """The AppProject of its Applications. Argo CD only. Default: the platform's own."""
    labels: Mapping[str, str]
    """Labels of the Kustomization, HelmRelease or Application."""
    annotations: Mapping[str, str]
    """Annotations of the Kustomization, HelmRelease or Application."""
    common_labels: Mapping[str, str]
    """Labels for every object of the app, and for the Pods of its workloads; selectors stay as they are."""
    common_annotations: Mapping[str, str]
    """Annotations for every object of the app, and for the Pods of its workloads."""
    depends_on: Sequence[str]
    """Apps of the same platform that must be ready first: `dependsOn` of Flux, and a later sync wave of Argo CD."""
    wave: int | None
    """The sync wave of its Applications: lower ones are synced first. Argo CD only. Default: one after the apps that it depends on."""
    interval: str
    """How often it is delivered again, which also undoes changes by hand. Flux only. Default: `10m`."""
    timeout: str
    """How long a delivery may take. Flux only; its default for a chart is `5m`, else `interval`."""
    retry_interval: str
    """How soon to try again after a failure. Flux only, and not for charts. Default: `interval`."""
    wait: bool
    """Whether it is ready only when all of its objects are. Flux only. Default: True, unless there are `health_checks`, which do not count beside it."""
    health_checks: (
        _HealthCheck
        | HealthCheckDict
        | Mapping[str, Any]
        | _Resource
        | Sequence[_HealthCheck | HealthCheckDict | Mapping[str, Any] | _Resource]
    )
    """Objects that must be healthy, in place of all; `health_checks(...)`, dicts or resources. The namespace is the app's own where none is given. Flux only, and not for charts."""
    health_check_exprs: Sequence[_HealthCheckExpr | HealthCheckExprDict | Mapping[str, Any]]
    """What healthy means for custom kinds, as CEL expressions. Flux only."""
    decryption: _Decryption | DecryptionDict | Mapping[str, Any] | None
    """How to decrypt its Secrets: `{"provider": "sops", "secret_ref": "sops-age"}`. Flux only, and not for charts."""
    post_build: _PostBuild | PostBuildDict | Mapping[str, Any] | None
    """Variables that replace `${name}` after the build. Flux only, and not for charts."""
    install: _Install | InstallDict | Mapping[str, Any] | None
    """How the chart is installed: retries, CRDs, timeout. Flux only."""
    upgrade: _Upgrade | UpgradeDict | Mapping[str, Any] | None
    """How the chart is upgraded: retries, CRDs, what a failure leads to. Flux only."""
    sync_options: Sequence[str]
    """Options of a sync: `ServerSideApply=true`. They win over those that the build gives. Argo CD only."""
    ignore_differences: Sequence[_IgnoreDifferences | IgnoreDifferencesDict | Mapping[str, Any]]
    """Fields that others may change: `{"kind": "Deployment", "group": "apps", "json_pointers": ["/spec/replicas"]}`. For Flux, which knows only JSON pointers, they are `ignore` rules."""
    prune: bool
    """Whether objects go away from the cluster when they go away from the repository. Default: True."""
    preset: _Preset | None
    """One of `gitops.presets`, for interval, prune and wait that are not given. How often Argo CD looks is a setting of its own, and it watches health always: to it, a preset says how to prune."""
    flux: Mapping[str, Any]
    """More fields of the Kustomization's or HelmRelease's `spec`, in either spelling, merged over what the build makes; None removes one."""
    argocd: Mapping[str, Any]
    """More fields of the Application's `spec`, in either spelling, merged over what the build makes; None removes one."""

class App(_App):
    """A workload and how it is delivered.

    It brings manifests (``manifests``, ``files``, ``folders``), an overlay (``kustomize``) or a ``chart``. Paths are
    relative to the platform file, and stay inside its Git repository. With Flux it becomes a Kustomization, or for a
    chart a HelmRelease, in each cluster; with Argo CD an Application for each."""

    chart: HelmChartRef | None
    """A Helm chart."""
    values_from: tuple[ValuesReference, ...]
    """ConfigMaps and Secrets in `flux-system` with more values of the chart; `values` win. Flux only."""
    environments: dict[str, AppOverrides]  # type: ignore[assignment]
    """What differs, by environment or cluster."""
    health_check_exprs: tuple[HealthCheckExpr, ...]
    """What healthy means for custom kinds, as CEL expressions. Flux only."""
    decryption: Decryption | None
    """How to decrypt its Secrets: `{"provider": "sops", "secret_ref": "sops-age"}`. Flux only, and not for charts."""
    post_build: PostBuild | None
    """Variables that replace `${name}` after the build. Flux only, and not for charts."""
    install: Install | None
    """How the chart is installed: retries, CRDs, timeout. Flux only."""
    upgrade: Upgrade | None
    """How the chart is upgraded: retries, CRDs, what a failure leads to. Flux only."""
    ignore_differences: tuple[IgnoreDifferences, ...]
    """Fields that others may change: `{"kind": "Deployment", "group": "apps", "json_pointers": ["/spec/replicas"]}`. For Flux, which knows only JSON pointers, they are `ignore` rules."""
    def __init__(self, **fields: Unpack[AppDict]) -> None:
        """A workload and how it is delivered."""

class AppOverridesDict(TypedDict, total=False):
    replicas: int | Mapping[str, int] | None
    """The count for every Deployment and StatefulSet of the app, or for each by name."""
    images: Mapping[str, str]
    """Image name to what runs instead: `{"nginx": ":1.27"}`, `{"web": "registry.example.com/web:2"}`."""
    patches: Sequence[str | Mapping[str, Any]]
    """Strategic-merge patches (manifests or YAML text), or Kustomize patches (`{"patch":, "target":}`)."""
    version: str
    """Another version of the chart than the app's."""
    values: Mapping[str, Any]
    """Helm values, merged over the app's own."""
    values_from: Sequence[_ValuesReference | ValuesReferenceDict | Mapping[str, Any]]
    """More ConfigMaps and Secrets with Helm values, after the app's own."""
    substitute: Mapping[str, str]
    """Variables and their values, over those of the app's `post_build`."""
    kustomize: str | Path | None
    """Another overlay than the app's."""
    namespace: str
    """Another namespace than the app's."""
    interval: str
    """How often it is delivered there. Default: the app's interval."""
    preset: _Preset | None
    """Another preset than the app's; it wins over the app's interval, prune and wait."""
    flux: Mapping[str, Any]
    """More fields of the Kustomization's or HelmRelease's `spec`, over the app's `flux`."""
    argocd: Mapping[str, Any]
    """More fields of the Application's `spec`, over the app's `argocd`."""

class AppOverrides(_AppOverrides):
    """How one environment differs."""

    values_from: tuple[ValuesReference, ...]
    """More ConfigMaps and Secrets with Helm values, after the app's own."""
    def __init__(self, **fields: Unpack[AppOverridesDict]) -> None:
        """How one environment differs."""

class ClusterPathDict(TypedDict, total=False):
    server: str
    """The URL of its API server, as Argo CD knows it. Left out, Argo CD knows the cluster by its name."""
    path: str | None
    """The folder of the repository that it runs. Default: `clusters/<name>`."""

class ClusterPath(_ClusterPath):
    """A cluster of a deployment: its API server and the path it runs."""

    def __init__(self, **fields: Unpack[ClusterPathDict]) -> None:
        """A cluster of a deployment: its API server and the path it runs."""

class MultiClusterDeploymentDict(TypedDict, total=False):
    name: Required[str]
    """Its name: of the AppProject, and the first part of the names of the Applications."""
    git_repository: Required[str]
    """The URL of the repository."""
    clusters: Required[Mapping[str, _ClusterPath | ClusterPathDict | Mapping[str, Any]]]
    """Cluster to its API server and its folder."""
    namespace: str
    """Where objects go that do not say it themselves (Argo CD), or all of them (Flux, when given). Default: `default`."""
    branch: str
    """The branch to follow. Default: `main`."""
    engine: Literal["argocd", "both", "flux"]
    """Who delivers: `flux`, `argocd` or `both`. Default: `argocd`."""
    interval: str
    """How often Flux applies the folders. Default: `10m`."""
    source_interval: str
    """How often Flux fetches the repository. Default: `1m`."""

class MultiClusterDeployment(_MultiClusterDeployment):
    """One repository, and a folder of it for each of several clusters.

    With Argo CD: an AppProject and one Application a cluster, in the cluster that runs Argo CD. With Flux: a
    GitRepository and a Kustomization in each cluster."""

    clusters: dict[str, ClusterPath]  # type: ignore[assignment]
    """Cluster to its API server and its folder."""
    def __init__(self, **fields: Unpack[MultiClusterDeploymentDict]) -> None:
        """One repository, and a folder of it for each of several clusters."""

class SingleClusterDeploymentDict(TypedDict, total=False):
    name: Required[str]
    """Its name: of the cluster, of the GitRepository and Kustomization, or of the Application."""
    git_repository: Required[str]
    """The URL of the repository."""
    path: str
    """The folder of the repository. Default: its root."""
    namespace: str
    """Where objects go that do not say it themselves (Argo CD), or all of them (Flux). Default: `default`."""
    branch: str
    """The branch to follow. Default: `main`."""
    engine: Literal["argocd", "both", "flux"]
    """Who delivers: `flux`, `argocd` or `both`. Default: `flux`."""
    server: str
    """The URL of the cluster's API server, as Argo CD knows it. Default: the cluster that Argo CD runs in."""
    interval: str
    """How often Flux applies the folder. Default: `10m`."""
    source_interval: str
    """How often Flux fetches the repository. Default: `1m`."""

class SingleClusterDeployment(_SingleClusterDeployment):
    """One folder of a repository, applied to one cluster."""

    def __init__(self, **fields: Unpack[SingleClusterDeploymentDict]) -> None:
        """One folder of a repository, applied to one cluster."""

class WebhookNotificationDict(TypedDict, total=False):
    url: Required[str]
    """Where to send: `https://...`."""
    name: str | None
    """What its objects are called. Default: `webhook`."""
    insecure_skip_verify: bool | None
    """Whether any TLS certificate is accepted. Argo CD only. Default: False."""
    secret_name: str | None
    """A Secret with `address` and `headers` in place of `url`. Flux only."""
    ca_secret_name: str | None
    """A Secret with the CA of the server (`ca.crt`). Flux only."""
    headers: Mapping[str, str] | None
    """Headers to send. Argo CD only: Flux takes them from `secret_name`."""
    username: str | None
    """The user of basic authentication. Argo CD only."""
    password: str | None
    """The password of basic authentication; never shown. Argo CD only."""
    method: Literal["GET", "PATCH", "POST", "PUT"] | None
    """The HTTP method. Default: `POST`, the only one that Flux knows."""
    body: str | None
    """The text to send, a Go template. Argo CD only: Flux has one form."""
    retry_max: int | None
    """How often to try again. Argo CD only."""
    severity: Literal["error", "info"] | None
    """Whether everything is sent (`info`) or only errors (`error`). Flux only."""

class WebhookNotification(_WebhookNotification):
    """A webhook, as the guide declares it."""

    def __init__(self, **fields: Unpack[WebhookNotificationDict]) -> None:
        """A webhook, as the guide declares it."""

class ClusterDict(TypedDict, total=False):
    server: str
    """The URL of its API server, as Argo CD knows it. Left out, Argo CD knows it by name, and the only cluster of a platform is the one that Argo CD runs in."""
    branch: str
    """The branch that it follows. Default: the repository's."""
    resources: Sequence[_Resource | _WebhookNotification]
    """Flux objects for this cluster only."""

class Cluster(_Cluster):
    """A cluster, or an environment that has one of its own."""

    def __init__(self, **fields: Unpack[ClusterDict]) -> None:
        """A cluster, or an environment that has one of its own."""

class PlatformDict(TypedDict, total=False):
    name: Required[str]
    """Its name; the AppProject of its Applications has it too."""
    repository: _GitOpsRepository | GitOpsRepositoryDict | Mapping[str, Any] | None
    """The repository that it is built into."""
    deployment: (
        _SingleClusterDeployment
        | SingleClusterDeploymentDict
        | Mapping[str, Any]
        | _MultiClusterDeployment
        | MultiClusterDeploymentDict
        | Mapping[str, Any]
        | None
    )
    """Instead of a repository: the one folder, or one folder a cluster, that apps are written to."""
    clusters: Sequence[str] | Mapping[str, _Cluster | ClusterDict | Mapping[str, Any]]
    """Cluster to its settings, or a list of names. Default: the repository's environments."""
    environments: Sequence[str] | Mapping[str, _Cluster | ClusterDict | Mapping[str, Any]]
    """Another word for `clusters`."""
    apps: Sequence[_App | AppDict | Mapping[str, Any]]
    """The workloads."""
    resources: Sequence[_Resource | _WebhookNotification]
    """Flux objects for every cluster, Argo CD objects for the one that runs Argo CD; a WebhookNotification is told of everything that the platform delivers."""
    engine: Literal["argocd", "both", "flux"] | None
    """Who delivers: `flux`, `argocd` or `both`. Default: the deployment's, else `flux`."""
    owner: str
    """Who answers for it: what compliance labels name where they do not name somebody themselves."""
    compliance: Any
    """`compliance.labels(...)` or `compliance.Profile(...)`: what every object of every delivery bears."""
    policies: Sequence[Any]
    """Policies for every cluster, delivered before everything else: objects such as `kyverno.ValidatingPolicy(...)`, lists of them such as `kyverno.library.security_baseline()`, manifests, and YAML files or folders of them."""
    policies_depend_on: Sequence[str]
    """Apps and resources that come before the policies, since those need them. The app of the chart `kyverno` need not be named."""
    cluster_resources: Sequence[Mapping[str, str]]
    """Kinds without a namespace (`{"group": ..., "kind": ...}`) that Argo CD must let the apps bring, besides those that can be seen in their manifests: those of charts and of custom kinds."""

class Platform(_Platform):
    """A GitOps platform: what runs where, and who delivers it."""

    repository: GitOpsRepository | None
    """The repository that it is built into."""
    deployment: SingleClusterDeployment | MultiClusterDeployment | None
    """Instead of a repository: the one folder, or one folder a cluster, that apps are written to."""
    clusters: dict[str, Cluster]  # type: ignore[assignment]
    """Cluster to its settings, or a list of names. Default: the repository's environments."""
    environments: dict[str, Cluster]  # type: ignore[assignment]
    """Another word for `clusters`."""
    apps: tuple[App, ...]
    """The workloads."""
    def __init__(self, **fields: Unpack[PlatformDict]) -> None:
        """A GitOps platform: what runs where, and who delivers it."""

class GitOpsRepositoryDict(TypedDict, total=False):
    name: Required[str]
    """Its name; the Flux GitRepository that reads it is called so."""
    url: str
    """Where the clusters fetch it. It may be left out when the platform declares one GitRepository, or a deployment."""
    environments: Sequence[str]
    """The environments (flat) or clusters (hierarchy). Default: the platform's clusters."""
    structure: Literal["flat", "hierarchy"]
    """The layout: `flat` (`repos/<environment>/manifests/<app>`) or `hierarchy` (`clusters/<cluster>/kubernetes/<app>` on a shared base). Default: `flat`."""
    branch: str
    """The branch that the clusters follow. Default: `main`."""

class GitOpsRepository(_GitOpsRepository):
    """The repository and its layout (``docs/repository-layout.md`` draws both)."""

    def __init__(self, **fields: Unpack[GitOpsRepositoryDict]) -> None:
        """The repository and its layout (``docs/repository-layout.md`` draws both)."""

class ResourceDict(TypedDict, total=False):
    name: Required[str]
    """Its name, a DNS-1123 subdomain."""
    namespace: str | None
    """Its namespace; none is written when left out."""
    labels: Mapping[str, str] | None
    """Its labels."""
    annotations: Mapping[str, str] | None
    """Its annotations."""
    finalizers: Sequence[str] | None
    """Its finalizers: who must agree before it is gone."""
    other_metadata: Mapping[str, Any] | None
    """What else `metadata` holds, as Kubernetes spells it: `ownerReferences`, `uid`."""
    status: Any | None
    """What a controller has written, as it is."""
    preset: _Preset | None
    """One of `gitops.presets`: interval, pruning and waiting in one word; other keywords win."""
