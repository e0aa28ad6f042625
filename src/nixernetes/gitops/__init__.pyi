# Made by scripts/make_vocabulary_stubs.py: change the models, and run it.

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal, Required, TypedDict, Unpack

from nixernetes.gitops.deployments import (
    ClusterPath as _ClusterPath,
    MultiClusterDeployment as _MultiClusterDeployment,
    SingleClusterDeployment as _SingleClusterDeployment,
)
from nixernetes.gitops.notification import WebhookNotification as _WebhookNotification
from nixernetes.gitops.platform import Cluster as _Cluster, Platform as _Platform
from nixernetes.gitops.presets import Preset as _Preset
from nixernetes.gitops.repository import GitOpsRepository as _GitOpsRepository
from nixernetes.gitops.resource import Resource as _Resource
from nixernetes.gitops.workloads import App as _App, AppOverrides as _AppOverrides, HelmChartRef as _HelmChartRef

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

class ClusterPathDict(TypedDict, total=False):
    server: str
    """The URL of its API server, as Argo CD knows it."""
    path: str | None
    """The folder of the repository; ``clusters/<name>`` when left out."""

class ClusterPath(_ClusterPath):
    """A cluster of a deployment: its API server and the path it runs.

    Attributes:
        server: the URL of its API server, as Argo CD knows it.
        path: the folder of the repository; ``clusters/<name>`` when left out."""

    def __init__(self, **fields: Unpack[ClusterPathDict]) -> None:
        """A cluster of a deployment: its API server and the path it runs."""

class MultiClusterDeploymentDict(TypedDict, total=False):
    name: Required[str]
    """Its name: of the AppProject, and the first part of the names of the Applications."""
    git_repository: Required[str]
    """The URL of the repository."""
    clusters: Required[Mapping[str, _ClusterPath | ClusterPathDict | Mapping[str, Any]]]
    """Name to server and path."""
    namespace: str
    """Where the objects go that do not say it themselves (Argo CD), or all of them (Flux, when given)."""
    branch: str
    """The branch to follow."""
    engine: Literal["flux", "argocd", "both"]
    """Who delivers."""
    interval: str
    """How often Flux fetches is ``source_interval``, how often it applies ``interval``."""
    source_interval: str

class MultiClusterDeployment(_MultiClusterDeployment):
    """One repository, and a folder of it for each of several clusters.

    With Argo CD: an AppProject and one Application a cluster, in the cluster that runs Argo CD. With Flux: a
    GitRepository and a Kustomization in each cluster.

    Attributes:
        name: its name: of the AppProject, and the first part of the names of the Applications.
        git_repository: the URL of the repository.
        clusters: name to server and path.
        namespace: where the objects go that do not say it themselves (Argo CD), or all of them (Flux, when given).
        branch: the branch to follow.
        engine: who delivers.
        interval: how often Flux fetches is ``source_interval``, how often it applies ``interval``."""

    clusters: dict[str, ClusterPath]  # type: ignore[assignment]
    """Name to server and path."""
    def __init__(self, **fields: Unpack[MultiClusterDeploymentDict]) -> None:
        """One repository, and a folder of it for each of several clusters."""

class SingleClusterDeploymentDict(TypedDict, total=False):
    name: Required[str]
    """Its name: of the cluster, of the GitRepository and Kustomization, or of the Application."""
    git_repository: Required[str]
    """The URL of the repository."""
    path: str
    """The folder."""
    namespace: str
    """Where the objects go that do not say it themselves (Argo CD), or all of them (Flux)."""
    branch: str
    """The branch to follow."""
    engine: Literal["flux", "argocd", "both"]
    """Who delivers."""
    server: str
    """The API server of the cluster, as Argo CD knows it; its own cluster when left out."""
    interval: str
    """How often Flux fetches is ``source_interval``, how often it applies ``interval``."""
    source_interval: str

class SingleClusterDeployment(_SingleClusterDeployment):
    """One folder of a repository, applied to one cluster.

    Attributes:
        name: its name: of the cluster, of the GitRepository and Kustomization, or of the Application.
        git_repository: the URL of the repository.
        path: the folder.
        namespace: where the objects go that do not say it themselves (Argo CD), or all of them (Flux).
        branch: the branch to follow.
        engine: who delivers.
        server: the API server of the cluster, as Argo CD knows it; its own cluster when left out.
        interval: how often Flux fetches is ``source_interval``, how often it applies ``interval``."""

    def __init__(self, **fields: Unpack[SingleClusterDeploymentDict]) -> None:
        """One folder of a repository, applied to one cluster."""

class WebhookNotificationDict(TypedDict, total=False):
    url: Required[str]
    """Where to send, ``https://...``."""
    name: str | None
    """What its objects are called."""
    insecure_skip_verify: bool | None
    """Whether any TLS certificate is accepted. Argo CD only."""
    secret_name: str | None
    """A Secret with ``address`` and ``headers`` in place of ``url``. Flux only."""
    ca_secret_name: str | None
    """A Secret with the CA of the server (``ca.crt``). Flux only."""
    headers: Mapping[str, str] | None
    """Headers to send. Argo CD only; Flux takes them from ``secret_name``."""
    username: str | None
    """Basic authentication. Argo CD only."""
    password: str | None
    """Basic authentication. Argo CD only."""
    method: Literal["POST", "PUT", "PATCH", "GET"] | None
    """The HTTP method; Flux always sends POST."""
    body: str | None
    """The text to send, a Go template. Argo CD only: Flux has one form."""
    retry_max: int | None
    """How often to try again. Argo CD only."""
    severity: Literal["info", "error"] | None
    """``info`` or ``error``. Flux only."""

class WebhookNotification(_WebhookNotification):
    """A webhook, as the guide declares it.

    Attributes:
        url: where to send, ``https://...``.
        name: what its objects are called.
        insecure_skip_verify: whether any TLS certificate is accepted. Argo CD only.
        secret_name: a Secret with ``address`` and ``headers`` in place of ``url``. Flux only.
        ca_secret_name: a Secret with the CA of the server (``ca.crt``). Flux only.
        headers: headers to send. Argo CD only; Flux takes them from ``secret_name``.
        username, password: basic authentication. Argo CD only.
        method: the HTTP method; Flux always sends POST.
        body: the text to send, a Go template. Argo CD only: Flux has one form.
        retry_max: how often to try again. Argo CD only.
        severity: ``info`` or ``error``. Flux only."""

    def __init__(self, **fields: Unpack[WebhookNotificationDict]) -> None:
        """A webhook, as the guide declares it."""

class ClusterDict(TypedDict, total=False):
    server: str
    """The URL of its API server, as Argo CD knows it; left out, Argo CD knows it by name, and the only cluster of a platform is the one that Argo CD runs in."""
    branch: str
    """The branch it follows; the repository's when left out."""
    resources: Sequence[_Resource | _WebhookNotification]
    """Flux objects for this cluster alone."""

class Cluster(_Cluster):
    """A cluster, or an environment that has one of its own.

    Attributes:
        server: the URL of its API server, as Argo CD knows it; left out, Argo CD knows it by name, and the only
            cluster of a platform is the one that Argo CD runs in.
        branch: the branch it follows; the repository's when left out.
        resources: Flux objects for this cluster alone."""

    def __init__(self, **fields: Unpack[ClusterDict]) -> None:
        """A cluster, or an environment that has one of its own."""

class PlatformDict(TypedDict, total=False):
    name: Required[str]
    """Its name; the AppProject of its Applications bears it."""
    repository: _GitOpsRepository | GitOpsRepositoryDict | Mapping[str, Any] | None
    """The repository it is built into."""
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
    """Name to :class:`Cluster` (or its fields); the repository's environments when left out."""
    environments: Sequence[str] | Mapping[str, _Cluster | ClusterDict | Mapping[str, Any]]
    """Another word for ``clusters``."""
    apps: Sequence[_App | AppDict | Mapping[str, Any]]
    """The workloads."""
    resources: Sequence[_Resource | _WebhookNotification]
    """Flux objects for every cluster, Argo CD objects for the one that runs Argo CD; a :class:`WebhookNotification` is told of everything that the platform delivers."""
    engine: Literal["flux", "argocd", "both"] | None
    """``flux``, ``argocd`` or ``both``; the deployment's when left out, else ``flux``."""
    cluster_resources: Sequence[Mapping[str, str]]
    """Cluster-scoped kinds (``{"group":, "kind":}``) that Argo CD must let the apps bring, besides those that can be seen in their manifests: those of charts and of custom kinds."""

class Platform(_Platform):
    """A GitOps platform: what runs where, and who delivers it.

    Attributes:
        name: its name; the AppProject of its Applications bears it.
        repository: the repository it is built into.
        deployment: instead of a repository: the one folder, or one folder a cluster, that apps are written to.
        clusters: name to :class:`Cluster` (or its fields); the repository's environments when left out.
        environments: another word for ``clusters``.
        apps: the workloads.
        resources: Flux objects for every cluster, Argo CD objects for the one that runs Argo CD; a
            :class:`WebhookNotification` is told of everything that the platform delivers.
        engine: ``flux``, ``argocd`` or ``both``; the deployment's when left out, else ``flux``.
        cluster_resources: cluster-scoped kinds (``{"group":, "kind":}``) that Argo CD must let the apps bring, besides
            those that can be seen in their manifests: those of charts and of custom kinds."""

    repository: GitOpsRepository | None
    """The repository it is built into."""
    deployment: SingleClusterDeployment | MultiClusterDeployment | None
    """Instead of a repository: the one folder, or one folder a cluster, that apps are written to."""
    clusters: dict[str, Cluster]  # type: ignore[assignment]
    """Name to :class:`Cluster` (or its fields); the repository's environments when left out."""
    environments: dict[str, Cluster]  # type: ignore[assignment]
    """Another word for ``clusters``."""
    apps: tuple[App, ...]
    """The workloads."""
    def __init__(self, **fields: Unpack[PlatformDict]) -> None:
        """A GitOps platform: what runs where, and who delivers it."""

class GitOpsRepositoryDict(TypedDict, total=False):
    name: Required[str]
    """Its name; the Flux GitRepository that reads it is called so."""
    url: str
    """Where the clusters fetch it; may be left out when the platform declares one GitRepository, or a deployment."""
    environments: Sequence[str]
    """The environments (flat) or clusters (hierarchy); left out, they are the platform's clusters."""
    structure: Literal["flat", "hierarchy"]
    """``flat`` (``repos/<environment>/manifests/<app>``) or ``hierarchy`` (``clusters/<cluster>/kubernetes/<app>`` on a shared base)."""
    branch: str
    """The branch that the clusters follow."""

class GitOpsRepository(_GitOpsRepository):
    """The repository and its layout (``docs/repository-layout.md`` draws both).

    Attributes:
        name: its name; the Flux GitRepository that reads it is called so.
        url: where the clusters fetch it; may be left out when the platform declares one GitRepository, or a deployment.
        environments: the environments (flat) or clusters (hierarchy); left out, they are the platform's clusters.
        structure: ``flat`` (``repos/<environment>/manifests/<app>``) or ``hierarchy``
            (``clusters/<cluster>/kubernetes/<app>`` on a shared base).
        branch: the branch that the clusters follow."""

    def __init__(self, **fields: Unpack[GitOpsRepositoryDict]) -> None:
        """The repository and its layout (``docs/repository-layout.md`` draws both)."""

class ResourceDict(TypedDict, total=False):
    name: Required[str]
    """Its name, a DNS-1123 subdomain."""
    namespace: str | None
    """Its namespace, None when none is written."""
    labels: Mapping[str, str] | None
    """As in ``metadata``."""
    annotations: Mapping[str, str] | None
    """As in ``metadata``."""
    finalizers: Sequence[str] | None
    """As in ``metadata``."""
    other_metadata: Mapping[str, Any] | None
    """What ``metadata`` holds besides, in Kubernetes' spelling (``resourceVersion``, ``uid``)."""
    status: Any | None
    """What a controller wrote, carried as data."""
    preset: _Preset | None
    """One of `gitops.presets`: interval, pruning and waiting in one word; other keywords win."""

class AppDict(TypedDict, total=False):
    name: Required[str]
    """Its name; the folder, the Flux Kustomization (or HelmRelease) and the Argo CD Application bear it."""
    manifests: Sequence[Mapping[str, Any]]
    """Kubernetes manifests."""
    files: str | Path | Sequence[str | Path]
    """YAML files beside the platform file."""
    folders: str | Path | Sequence[str | Path]
    """Folders of YAML files, read recursively."""
    kustomize: str | Path | None
    """A Kustomize overlay, copied with everything that it refers to."""
    chart: _HelmChartRef | HelmChartRefDict | Mapping[str, Any] | None
    """A Helm chart."""
    values: Mapping[str, Any]
    """Its values."""
    namespace: str
    """Where its objects live, whatever they say themselves, and created if it is not there; left out, every namespaced object must name its own."""
    environments: Mapping[str, _AppOverrides | AppOverridesDict | Mapping[str, Any]]
    """What differs, by environment or cluster."""
    clusters: Sequence[str]
    """Where it runs; everywhere when left out."""
    project: str
    """The Argo CD AppProject; the platform's own when left out."""
    depends_on: Sequence[str]
    """Apps of the same platform that must be ready first (Flux only)."""
    interval: str
    """The delivery's settings (Flux only)."""
    timeout: str
    """The delivery's settings (Flux only)."""
    retry_interval: str
    """The delivery's settings (Flux only)."""
    wait: bool
    """The delivery's settings (Flux only)."""
    prune: bool
    """Whether objects go away from the cluster when they go away from the repository."""
    preset: _Preset | None
    """One of ``gitops.presets``, for interval, prune and wait that are not given (Argo CD: prune; how often it looks is a setting of its own, and it watches health always)."""

class App(_App):
    """A workload and how it is delivered.

    Attributes:
        name: its name; the folder, the Flux Kustomization (or HelmRelease) and the Argo CD Application bear it.
        manifests: Kubernetes manifests.
        files: YAML files beside the platform file.
        folders: folders of YAML files, read recursively.
        kustomize: a Kustomize overlay, copied with everything that it refers to.
        chart: a Helm chart.
        values: its values.
        namespace: where its objects live, whatever they say themselves, and created if it is not there; left out,
            every namespaced object must name its own.
        environments: what differs, by environment or cluster.
        clusters: where it runs; everywhere when left out.
        project: the Argo CD AppProject; the platform's own when left out.
        depends_on: apps of the same platform that must be ready first (Flux only).
        interval, timeout, retry_interval, wait: the delivery's settings (Flux only).
        prune: whether objects go away from the cluster when they go away from the repository.
        preset: one of ``gitops.presets``, for interval, prune and wait that are not given (Argo CD: prune; how often it
            looks is a setting of its own, and it watches health always)."""

    chart: HelmChartRef | None
    """A Helm chart."""
    environments: dict[str, AppOverrides]  # type: ignore[assignment]
    """What differs, by environment or cluster."""
    def __init__(self, **fields: Unpack[AppDict]) -> None:
        """A workload and how it is delivered."""

class AppOverridesDict(TypedDict, total=False):
    replicas: int | Mapping[str, int] | None
    """The count for every Deployment and StatefulSet of the app, or for each by name."""
    images: Mapping[str, str]
    """Image name to what runs instead: ``{"nginx": ":1.27"}``, ``{"web": "registry.example.com/web:2"}``."""
    patches: Sequence[str | Mapping[str, Any]]
    """Strategic-merge patches (manifests or YAML text), or Kustomize patches (``{"patch":, "target":}``)."""
    values: Mapping[str, Any]
    """Helm values, merged over the app's own."""
    kustomize: str | Path | None
    """Another overlay than the app's."""
    namespace: str
    """Another namespace than the app's."""
    interval: str
    """How often it is delivered there."""
    preset: _Preset | None
    """Another preset than the app's; it wins over the app's interval, prune and wait."""

class AppOverrides(_AppOverrides):
    """How one environment differs.

    Attributes:
        replicas: the count for every Deployment and StatefulSet of the app, or for each by name.
        images: image name to what runs instead: ``{"nginx": ":1.27"}``, ``{"web": "registry.example.com/web:2"}``.
        patches: strategic-merge patches (manifests or YAML text), or Kustomize patches (``{"patch":, "target":}``).
        values: Helm values, merged over the app's own.
        kustomize: another overlay than the app's.
        namespace: another namespace than the app's.
        interval: how often it is delivered there.
        preset: another preset than the app's; it wins over the app's interval, prune and wait."""

    def __init__(self, **fields: Unpack[AppOverridesDict]) -> None:
        """How one environment differs."""

class HelmChartRefDict(TypedDict, total=False):
    name: str
    """The chart's name in the repository; for a folder, the folder's name unless given."""
    repository: str
    """The URL of the chart repository (``https://`` or ``oci://``)."""
    version: str
    """The version, or a semver range."""
    path: str | Path | None
    """A folder beside the platform file; it is copied to ``charts/<name>``."""

class HelmChartRef(_HelmChartRef):
    """A Helm chart: in a chart repository (``repository``, ``name``, ``version``), or a folder (``path``).

    Attributes:
        name: the chart's name in the repository; for a folder, the folder's name unless given.
        repository: the URL of the chart repository (``https://`` or ``oci://``).
        version: the version, or a semver range.
        path: a folder beside the platform file; it is copied to ``charts/<name>``."""

    def __init__(self, **fields: Unpack[HelmChartRefDict]) -> None:
        """A Helm chart: in a chart repository (``repository``, ``name``, ``version``), or a folder (``path``)."""
