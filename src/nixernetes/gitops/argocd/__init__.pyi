# Made by scripts/make_vocabulary_stubs.py: change the models, and run it.

from collections.abc import Mapping, Sequence
from typing import Any, Literal, Required, TypedDict, Unpack

from pydantic import SecretStr

from nixernetes.gitops import ResourceDict
from nixernetes.gitops.argocd.applications.application import Application as _Application
from nixernetes.gitops.argocd.applications.application_fields import (
    ApplicationSpec as _ApplicationSpec,
    Destination as _Destination,
    DrySource as _DrySource,
    HydrateTo as _HydrateTo,
    IgnoreDifferences as _IgnoreDifferences,
    Info as _Info,
    SourceHydrator as _SourceHydrator,
    SyncSource as _SyncSource,
)
from nixernetes.gitops.argocd.applications.operation import (
    InitiatedBy as _InitiatedBy,
    Operation as _Operation,
    SyncOperation as _SyncOperation,
    SyncOperationResource as _SyncOperationResource,
    SyncStrategy as _SyncStrategy,
    SyncStrategyForce as _SyncStrategyForce,
)
from nixernetes.gitops.argocd.applications.sources import (
    ApplicationSource as _ApplicationSource,
    DirectorySource as _DirectorySource,
    HelmFileParameter as _HelmFileParameter,
    HelmParameter as _HelmParameter,
    HelmSource as _HelmSource,
    JsonnetSource as _JsonnetSource,
    JsonnetVariable as _JsonnetVariable,
    KustomizePatch as _KustomizePatch,
    KustomizeReplica as _KustomizeReplica,
    KustomizeSource as _KustomizeSource,
    KustomizeTarget as _KustomizeTarget,
    PluginEnv as _PluginEnv,
    PluginParameter as _PluginParameter,
    PluginSource as _PluginSource,
)
from nixernetes.gitops.argocd.applications.sync_policy import (
    Automated as _Automated,
    Backoff as _Backoff,
    ManagedNamespaceMetadata as _ManagedNamespaceMetadata,
    RetryStrategy as _RetryStrategy,
    SyncPolicy as _SyncPolicy,
)
from nixernetes.gitops.argocd.applicationsets.application_set import (
    ApplicationMatchExpression as _ApplicationMatchExpression,
    ApplicationSet as _ApplicationSet,
    ApplicationSetStrategy as _ApplicationSetStrategy,
    ApplicationSetSyncPolicy as _ApplicationSetSyncPolicy,
    IgnoreApplicationDifferences as _IgnoreApplicationDifferences,
    PreservedFields as _PreservedFields,
    RollingSync as _RollingSync,
    RollingSyncStep as _RollingSyncStep,
)
from nixernetes.gitops.argocd.applicationsets.generator_parts import (
    ApplicationSetTemplate as _ApplicationSetTemplate,
    BasicAuth as _BasicAuth,
    BearerToken as _BearerToken,
    ConfigMapKey as _ConfigMapKey,
    LabelSelector as _LabelSelector,
    SecretKey as _SecretKey,
    SelectorRequirement as _SelectorRequirement,
    TemplateMetadata as _TemplateMetadata,
)
from nixernetes.gitops.argocd.applicationsets.generators import (
    ClusterDecisionResourceGenerator as _ClusterDecisionResourceGenerator,
    ClustersGenerator as _ClustersGenerator,
    Generator as _Generator,
    GitDirectory as _GitDirectory,
    GitFile as _GitFile,
    GitGenerator as _GitGenerator,
    ListGenerator as _ListGenerator,
    MatrixGenerator as _MatrixGenerator,
    MergeGenerator as _MergeGenerator,
    PluginConfigMap as _PluginConfigMap,
    PluginGenerator as _PluginGenerator,
    PluginInput as _PluginInput,
)
from nixernetes.gitops.argocd.applicationsets.pull_request import (
    PullRequestAzureDevOps as _PullRequestAzureDevOps,
    PullRequestBitbucket as _PullRequestBitbucket,
    PullRequestBitbucketServer as _PullRequestBitbucketServer,
    PullRequestFilter as _PullRequestFilter,
    PullRequestGenerator as _PullRequestGenerator,
    PullRequestGitea as _PullRequestGitea,
    PullRequestGithub as _PullRequestGithub,
    PullRequestGitlab as _PullRequestGitlab,
)
from nixernetes.gitops.argocd.applicationsets.scm_provider import (
    AwsTagFilter as _AwsTagFilter,
    ScmAwsCodeCommit as _ScmAwsCodeCommit,
    ScmAzureDevOps as _ScmAzureDevOps,
    ScmBitbucket as _ScmBitbucket,
    ScmBitbucketServer as _ScmBitbucketServer,
    ScmFilter as _ScmFilter,
    ScmGitea as _ScmGitea,
    ScmGithub as _ScmGithub,
    ScmGitlab as _ScmGitlab,
    ScmProviderGenerator as _ScmProviderGenerator,
)
from nixernetes.gitops.argocd.notifications.notifications import (
    NotificationsConfig as _NotificationsConfig,
    Subscription as _Subscription,
    TriggerCondition as _TriggerCondition,
)
from nixernetes.gitops.argocd.projects.app_project import (
    AppProject as _AppProject,
    ClusterResource as _ClusterResource,
    DestinationServiceAccount as _DestinationServiceAccount,
    GitSourceIntegrity as _GitSourceIntegrity,
    GpgPolicy as _GpgPolicy,
    IntegrityPolicy as _IntegrityPolicy,
    IntegrityRepository as _IntegrityRepository,
    JwtToken as _JwtToken,
    NamespaceResource as _NamespaceResource,
    OrphanedResource as _OrphanedResource,
    OrphanedResources as _OrphanedResources,
    ProjectDestination as _ProjectDestination,
    ProjectRole as _ProjectRole,
    SignatureKey as _SignatureKey,
    SourceIntegrity as _SourceIntegrity,
    SyncWindow as _SyncWindow,
)
from nixernetes.gitops.argocd.secrets.cluster_secret import (
    AwsAuthConfig as _AwsAuthConfig,
    ClusterConfig as _ClusterConfig,
    ClusterSecret as _ClusterSecret,
    ExecProviderConfig as _ExecProviderConfig,
    TlsClientConfig as _TlsClientConfig,
)
from nixernetes.gitops.argocd.secrets.repository_secrets import (
    RepositoryCredentials as _RepositoryCredentials,
    RepositorySecret as _RepositorySecret,
)
from nixernetes.gitops.presets import Preset as _Preset

from .applications.application_fields import ApplicationFields as ApplicationFields
from .secrets.secret_resource import Count as Count, Flag as Flag, SecretResource as SecretResource

class ApplicationDict(ArgoResourceDict, ApplicationFieldsDict, total=False):
    operation: _Operation | OperationDict | Mapping[str, Any] | None

class Application(_Application):
    """Manifests that Argo CD keeps in a cluster.

    A destination without server and name is the cluster that Argo CD runs in. Without any destination it is also the
    Application's own namespace, where an app of apps puts its Applications. ``operation`` asks for a sync.

    >>> app = Application(name="web", source={"repo_url": "https://example.com/x.git", "path": "web"})
    >>> app.manifest()["spec"]["destination"]
    {'server': 'https://kubernetes.default.svc', 'namespace': 'argocd'}
    """

    source: ApplicationSource | None
    sources: tuple[ApplicationSource, ...] | None
    source_hydrator: SourceHydrator | None
    destination: Destination
    sync_policy: SyncPolicy | None
    ignore_differences: tuple[IgnoreDifferences, ...] | None
    info: tuple[Info, ...] | None
    operation: Operation | None
    def __init__(self, **fields: Unpack[ApplicationDict]) -> None:
        """Manifests that Argo CD keeps in a cluster."""

class ApplicationFieldsDict(TypedDict, total=False):
    project: str | _AppProject | None
    source: _ApplicationSource | ApplicationSourceDict | Mapping[str, Any] | None
    sources: Sequence[_ApplicationSource | ApplicationSourceDict | Mapping[str, Any]] | None
    source_hydrator: _SourceHydrator | SourceHydratorDict | Mapping[str, Any] | None
    destination: _Destination | DestinationDict | Mapping[str, Any] | None
    sync_policy: _SyncPolicy | SyncPolicyDict | Mapping[str, Any] | None
    ignore_differences: Sequence[_IgnoreDifferences | IgnoreDifferencesDict | Mapping[str, Any]] | None
    info: Sequence[_Info | InfoDict | Mapping[str, Any]] | None
    revision_history_limit: int | None

class ApplicationSpecDict(ApplicationFieldsDict, total=False): ...

class ApplicationSpec(_ApplicationSpec):
    """The spec in an ApplicationSet's template; fields may hold placeholders, overrides may leave out the source."""

    source: ApplicationSource | None
    sources: tuple[ApplicationSource, ...] | None
    source_hydrator: SourceHydrator | None
    destination: Destination
    sync_policy: SyncPolicy | None
    ignore_differences: tuple[IgnoreDifferences, ...] | None
    info: tuple[Info, ...] | None
    def __init__(self, **fields: Unpack[ApplicationSpecDict]) -> None:
        """The spec in an ApplicationSet's template; fields may hold placeholders, overrides may leave out the source."""

class DestinationDict(TypedDict, total=False):
    server: str | None
    name: str | None
    namespace: str | None

class Destination(_Destination):
    """The cluster, by server or by name, and the namespace of objects that name none.

    In Python the cluster may be left out: it is the one that Argo CD runs in."""

    def __init__(self, **fields: Unpack[DestinationDict]) -> None:
        """The cluster, by server or by name, and the namespace of objects that name none."""

class DrySourceDict(TypedDict, total=False):
    repo_url: Required[str]
    target_revision: Required[str]
    path: Required[str]
    helm: _HelmSource | HelmSourceDict | Mapping[str, Any] | None
    kustomize: _KustomizeSource | KustomizeSourceDict | Mapping[str, Any] | None
    directory: _DirectorySource | DirectorySourceDict | Mapping[str, Any] | None
    plugin: _PluginSource | PluginSourceDict | Mapping[str, Any] | None

class DrySource(_DrySource):
    """Where the hydrator reads what it renders."""

    helm: HelmSource | None
    kustomize: KustomizeSource | None
    directory: DirectorySource | None
    plugin: PluginSource | None
    def __init__(self, **fields: Unpack[DrySourceDict]) -> None:
        """Where the hydrator reads what it renders."""

class HydrateToDict(TypedDict, total=False):
    target_branch: Required[str]

class HydrateTo(_HydrateTo):
    """The branch that the hydrator writes to, when it is not the one that is synced."""

    def __init__(self, **fields: Unpack[HydrateToDict]) -> None:
        """The branch that the hydrator writes to, when it is not the one that is synced."""

class IgnoreDifferencesDict(TypedDict, total=False):
    kind: Required[str]
    group: str | None
    name: str | None
    namespace: str | None
    json_pointers: Sequence[str] | None
    jq_path_expressions: Sequence[str] | None
    managed_fields_managers: Sequence[str] | None

class IgnoreDifferences(_IgnoreDifferences):
    """Fields whose differences do not count, by JSON pointer, jq expression or field manager."""

    def __init__(self, **fields: Unpack[IgnoreDifferencesDict]) -> None:
        """Fields whose differences do not count, by JSON pointer, jq expression or field manager."""

class InfoDict(TypedDict, total=False):
    name: Required[str]
    value: Required[str]

class Info(_Info):
    """A line that the web page shows; a URL becomes a link."""

    def __init__(self, **fields: Unpack[InfoDict]) -> None:
        """A line that the web page shows; a URL becomes a link."""

class SourceHydratorDict(TypedDict, total=False):
    dry_source: Required[_DrySource | DrySourceDict | Mapping[str, Any]]
    sync_source: Required[_SyncSource | SyncSourceDict | Mapping[str, Any]]
    hydrate_to: _HydrateTo | HydrateToDict | Mapping[str, Any] | None

class SourceHydrator(_SourceHydrator):
    """Renders one source and pushes the manifests to a branch, before they are synced from there."""

    dry_source: DrySource
    sync_source: SyncSource
    hydrate_to: HydrateTo | None
    def __init__(self, **fields: Unpack[SourceHydratorDict]) -> None:
        """Renders one source and pushes the manifests to a branch, before they are synced from there."""

class SyncSourceDict(TypedDict, total=False):
    target_branch: Required[str]
    path: Required[str]
    repo_url: str | None

class SyncSource(_SyncSource):
    """Where the rendered manifests are, from which Argo CD syncs."""

    def __init__(self, **fields: Unpack[SyncSourceDict]) -> None:
        """Where the rendered manifests are, from which Argo CD syncs."""

class InitiatedByDict(TypedDict, total=False):
    username: str | None
    automated: bool | None

class InitiatedBy(_InitiatedBy):
    """Who asked."""

    def __init__(self, **fields: Unpack[InitiatedByDict]) -> None:
        """Who asked."""

class OperationDict(TypedDict, total=False):
    initiated_by: _InitiatedBy | InitiatedByDict | Mapping[str, Any] | None
    info: Sequence[_Info | InfoDict | Mapping[str, Any]] | None
    retry: _RetryStrategy | RetryStrategyDict | Mapping[str, Any] | None
    sync: _SyncOperation | SyncOperationDict | Mapping[str, Any] | None

class Operation(_Operation):
    """A request to sync."""

    initiated_by: InitiatedBy | None
    info: tuple[Info, ...] | None
    retry: RetryStrategy | None
    sync: SyncOperation | None
    def __init__(self, **fields: Unpack[OperationDict]) -> None:
        """A request to sync."""

class SyncOperationDict(TypedDict, total=False):
    revision: str | None
    revisions: Sequence[str] | None
    prune: bool | None
    dry_run: bool | None
    sync_strategy: _SyncStrategy | SyncStrategyDict | Mapping[str, Any] | None
    resources: Sequence[_SyncOperationResource | SyncOperationResourceDict | Mapping[str, Any]] | None
    source: _ApplicationSource | ApplicationSourceDict | Mapping[str, Any] | None
    sources: Sequence[_ApplicationSource | ApplicationSourceDict | Mapping[str, Any]] | None
    manifests: Sequence[str] | None
    sync_options: Sequence[str] | None
    auto_heal_attempts_count: int | None

class SyncOperation(_SyncOperation):
    """What to sync; without resources everything, without revision the target revision."""

    sync_strategy: SyncStrategy | None
    resources: tuple[SyncOperationResource, ...] | None
    source: ApplicationSource | None
    sources: tuple[ApplicationSource, ...] | None
    def __init__(self, **fields: Unpack[SyncOperationDict]) -> None:
        """What to sync; without resources everything, without revision the target revision."""

class SyncOperationResourceDict(TypedDict, total=False):
    group: str | None
    kind: Required[str]
    name: Required[str]
    namespace: str | None

class SyncOperationResource(_SyncOperationResource):
    """One object to sync."""

    def __init__(self, **fields: Unpack[SyncOperationResourceDict]) -> None:
        """One object to sync."""

class SyncStrategyDict(TypedDict, total=False):
    apply: _SyncStrategyForce | SyncStrategyForceDict | Mapping[str, Any] | None
    hook: _SyncStrategyForce | SyncStrategyForceDict | Mapping[str, Any] | None

class SyncStrategy(_SyncStrategy):
    """Plain apply, or apply with hooks (the default)."""

    apply: SyncStrategyForce | None
    hook: SyncStrategyForce | None
    def __init__(self, **fields: Unpack[SyncStrategyDict]) -> None:
        """Plain apply, or apply with hooks (the default)."""

class SyncStrategyForceDict(TypedDict, total=False):
    force: bool | None

class SyncStrategyForce(_SyncStrategyForce):
    """Whether objects are deleted and made again where they cannot be changed."""

    def __init__(self, **fields: Unpack[SyncStrategyForceDict]) -> None:
        """Whether objects are deleted and made again where they cannot be changed."""

class ApplicationSourceDict(TypedDict, total=False):
    repo_url: Required[str]
    path: str | None
    target_revision: str | None
    chart: str | None
    ref: str | None
    name: str | None
    tag_prefix: str | None
    helm: _HelmSource | HelmSourceDict | Mapping[str, Any] | None
    kustomize: _KustomizeSource | KustomizeSourceDict | Mapping[str, Any] | None
    directory: _DirectorySource | DirectorySourceDict | Mapping[str, Any] | None
    plugin: _PluginSource | PluginSourceDict | Mapping[str, Any] | None

class ApplicationSource(_ApplicationSource):
    """A folder of a Git repository, an OCI artifact, or a chart of a Helm repository."""

    helm: HelmSource | None
    kustomize: KustomizeSource | None
    directory: DirectorySource | None
    plugin: PluginSource | None
    def __init__(self, **fields: Unpack[ApplicationSourceDict]) -> None:
        """A folder of a Git repository, an OCI artifact, or a chart of a Helm repository."""

class DirectorySourceDict(TypedDict, total=False):
    recurse: bool | None
    include: str | None
    exclude: str | None
    jsonnet: _JsonnetSource | JsonnetSourceDict | Mapping[str, Any] | None
    disable_extension_filter: bool | None

class DirectorySource(_DirectorySource):
    """Which files of a plain folder are read; ``include`` and ``exclude`` are globs."""

    jsonnet: JsonnetSource | None
    def __init__(self, **fields: Unpack[DirectorySourceDict]) -> None:
        """Which files of a plain folder are read; ``include`` and ``exclude`` are globs."""

class HelmFileParameterDict(TypedDict, total=False):
    name: str | None
    path: str | None

class HelmFileParameter(_HelmFileParameter):
    """A value read from a file of the repository."""

    def __init__(self, **fields: Unpack[HelmFileParameterDict]) -> None:
        """A value read from a file of the repository."""

class HelmParameterDict(TypedDict, total=False):
    name: str | None
    value: str | None
    force_string: bool | None

class HelmParameter(_HelmParameter):
    """A value as ``helm --set`` takes it."""

    def __init__(self, **fields: Unpack[HelmParameterDict]) -> None:
        """A value as ``helm --set`` takes it."""

class HelmSourceDict(TypedDict, total=False):
    release_name: str | None
    value_files: Sequence[str] | None
    values: str | Mapping[str, Any] | None
    values_object: Mapping[str, Any] | None
    parameters: Sequence[_HelmParameter | HelmParameterDict | Mapping[str, Any]] | None
    file_parameters: Sequence[_HelmFileParameter | HelmFileParameterDict | Mapping[str, Any]] | None
    version: str | None
    pass_credentials: bool | None
    ignore_missing_value_files: bool | None
    skip_crds: bool | None
    skip_tests: bool | None
    skip_schema_validation: bool | None
    namespace: str | None
    kube_version: str | None
    api_versions: Sequence[str] | None

class HelmSource(_HelmSource):
    """How Helm renders the chart. ``values_object`` wins over ``values``."""

    parameters: tuple[HelmParameter, ...] | None
    file_parameters: tuple[HelmFileParameter, ...] | None
    def __init__(self, **fields: Unpack[HelmSourceDict]) -> None:
        """How Helm renders the chart. ``values_object`` wins over ``values``."""

class JsonnetSourceDict(TypedDict, total=False):
    ext_vars: Sequence[_JsonnetVariable | JsonnetVariableDict | Mapping[str, Any]] | None
    tlas: Sequence[_JsonnetVariable | JsonnetVariableDict | Mapping[str, Any]] | None
    libs: Sequence[str] | None

class JsonnetSource(_JsonnetSource):
    """How Jsonnet files are evaluated."""

    ext_vars: tuple[JsonnetVariable, ...] | None
    tlas: tuple[JsonnetVariable, ...] | None
    def __init__(self, **fields: Unpack[JsonnetSourceDict]) -> None:
        """How Jsonnet files are evaluated."""

class JsonnetVariableDict(TypedDict, total=False):
    name: Required[str]
    value: Required[str]
    code: bool | None

class JsonnetVariable(_JsonnetVariable):
    """A variable of Jsonnet; with ``code`` its value is an expression."""

    def __init__(self, **fields: Unpack[JsonnetVariableDict]) -> None:
        """A variable of Jsonnet; with ``code`` its value is an expression."""

class KustomizePatchDict(TypedDict, total=False):
    path: str | None
    patch: str | None
    target: _KustomizeTarget | KustomizeTargetDict | Mapping[str, Any] | None
    options: Mapping[str, bool] | None

class KustomizePatch(_KustomizePatch):
    """A patch, inline or in a file of the repository."""

    target: KustomizeTarget | None
    def __init__(self, **fields: Unpack[KustomizePatchDict]) -> None:
        """A patch, inline or in a file of the repository."""

class KustomizeReplicaDict(TypedDict, total=False):
    name: Required[str]
    count: Required[int | str]

class KustomizeReplica(_KustomizeReplica):
    """The replicas of a workload; ``count`` may be a placeholder in a template."""

    def __init__(self, **fields: Unpack[KustomizeReplicaDict]) -> None:
        """The replicas of a workload; ``count`` may be a placeholder in a template."""

class KustomizeSourceDict(TypedDict, total=False):
    name_prefix: str | None
    name_suffix: str | None
    namespace: str | None
    images: Sequence[str] | None
    replicas: Sequence[_KustomizeReplica | KustomizeReplicaDict | Mapping[str, Any]] | None
    common_labels: Mapping[str, str] | None
    common_annotations: Mapping[str, str] | None
    common_annotations_envsubst: bool | None
    force_common_labels: bool | None
    force_common_annotations: bool | None
    label_without_selector: bool | None
    label_include_templates: bool | None
    patches: Sequence[_KustomizePatch | KustomizePatchDict | Mapping[str, Any]] | None
    components: Sequence[str] | None
    ignore_missing_components: bool | None
    version: str | None
    kube_version: str | None
    api_versions: Sequence[str] | None

class KustomizeSource(_KustomizeSource):
    """What Kustomize changes before it builds; ``images`` are ``[old=]new[:tag|@digest]``."""

    replicas: tuple[KustomizeReplica, ...] | None
    patches: tuple[KustomizePatch, ...] | None
    def __init__(self, **fields: Unpack[KustomizeSourceDict]) -> None:
        """What Kustomize changes before it builds; ``images`` are ``[old=]new[:tag|@digest]``."""

class KustomizeTargetDict(TypedDict, total=False):
    group: str | None
    version: str | None
    kind: str | None
    name: str | None
    namespace: str | None
    label_selector: str | None
    annotation_selector: str | None

class KustomizeTarget(_KustomizeTarget):
    """What a patch applies to."""

    def __init__(self, **fields: Unpack[KustomizeTargetDict]) -> None:
        """What a patch applies to."""

class PluginEnvDict(TypedDict, total=False):
    name: Required[str]
    value: Required[str]

class PluginEnv(_PluginEnv):
    """A variable in the environment of a plugin."""

    def __init__(self, **fields: Unpack[PluginEnvDict]) -> None:
        """A variable in the environment of a plugin."""

class PluginParameterDict(TypedDict, total=False):
    name: str | None
    string: str | None
    map: Mapping[str, str] | None
    array: Sequence[str] | None

class PluginParameter(_PluginParameter):
    """A parameter of a plugin: text, a map or a list."""

    def __init__(self, **fields: Unpack[PluginParameterDict]) -> None:
        """A parameter of a plugin: text, a map or a list."""

class PluginSourceDict(TypedDict, total=False):
    name: str | None
    env: Sequence[_PluginEnv | PluginEnvDict | Mapping[str, Any]] | None
    parameters: Sequence[_PluginParameter | PluginParameterDict | Mapping[str, Any]] | None

class PluginSource(_PluginSource):
    """A config management plugin; without a name it is found by discovery."""

    env: tuple[PluginEnv, ...] | None
    parameters: tuple[PluginParameter, ...] | None
    def __init__(self, **fields: Unpack[PluginSourceDict]) -> None:
        """A config management plugin; without a name it is found by discovery."""

class AutomatedDict(TypedDict, total=False):
    prune: bool | None
    self_heal: bool | None
    allow_empty: bool | None
    enabled: bool | None

class Automated(_Automated):
    """Automated sync; the block alone switches it on."""

    def __init__(self, **fields: Unpack[AutomatedDict]) -> None:
        """Automated sync; the block alone switches it on."""

class BackoffDict(TypedDict, total=False):
    duration: str | None
    factor: int | None
    max_duration: str | None

class Backoff(_Backoff):
    """How long to wait before each retry; a bare number means seconds."""

    def __init__(self, **fields: Unpack[BackoffDict]) -> None:
        """How long to wait before each retry; a bare number means seconds."""

class ManagedNamespaceMetadataDict(TypedDict, total=False):
    labels: Mapping[str, str] | None
    annotations: Mapping[str, str] | None

class ManagedNamespaceMetadata(_ManagedNamespaceMetadata):
    """Labels and annotations of the namespace that ``CreateNamespace=true`` makes."""

    def __init__(self, **fields: Unpack[ManagedNamespaceMetadataDict]) -> None:
        """Labels and annotations of the namespace that ``CreateNamespace=true`` makes."""

class RetryStrategyDict(TypedDict, total=False):
    limit: int | None
    backoff: _Backoff | BackoffDict | Mapping[str, Any] | None
    refresh: bool | None

class RetryStrategy(_RetryStrategy):
    """How often to try again: a negative limit never gives up, 0 never tries again."""

    backoff: Backoff | None
    def __init__(self, **fields: Unpack[RetryStrategyDict]) -> None:
        """How often to try again: a negative limit never gives up, 0 never tries again."""

class SyncPolicyDict(TypedDict, total=False):
    automated: bool | _Automated | AutomatedDict | Mapping[str, Any] | None
    sync_options: Sequence[str] | None
    retry: _RetryStrategy | RetryStrategyDict | Mapping[str, Any] | None
    managed_namespace_metadata: _ManagedNamespaceMetadata | ManagedNamespaceMetadataDict | Mapping[str, Any] | None
    prune: bool | None
    """Beside `automated=True`: whether to delete what left Git. Default: True."""
    self_heal: bool | None
    """Beside `automated=True`: whether to undo changes by hand. Default: True."""
    allow_empty: bool | None
    """Beside `automated=True`: whether all may be deleted. Default: False."""

class SyncPolicy(_SyncPolicy):
    """How an Application syncs.

    ``prune``, ``self_heal`` and ``allow_empty`` may be given beside ``automated=True`` and override what it means."""

    automated: Automated | None
    retry: RetryStrategy | None
    managed_namespace_metadata: ManagedNamespaceMetadata | None
    def __init__(self, **fields: Unpack[SyncPolicyDict]) -> None:
        """How an Application syncs."""

class ApplicationMatchExpressionDict(TypedDict, total=False):
    key: str | None
    operator: Literal["In", "NotIn"] | None
    values: Sequence[str] | None

class ApplicationMatchExpression(_ApplicationMatchExpression):
    """Which Applications belong to a step, by a label."""

    def __init__(self, **fields: Unpack[ApplicationMatchExpressionDict]) -> None:
        """Which Applications belong to a step, by a label."""

class ApplicationSetDict(ArgoResourceDict, total=False):
    generators: Required[Sequence[_Generator | GeneratorDict | Mapping[str, Any]]]
    template: Required[_ApplicationSetTemplate | ApplicationSetTemplateDict | Mapping[str, Any]]
    go_template: bool | None
    go_template_options: Sequence[str] | None
    template_patch: str | None
    sync_policy: _ApplicationSetSyncPolicy | ApplicationSetSyncPolicyDict | Mapping[str, Any] | None
    strategy: _ApplicationSetStrategy | ApplicationSetStrategyDict | Mapping[str, Any] | None
    preserved_fields: _PreservedFields | PreservedFieldsDict | Mapping[str, Any] | None
    ignore_application_differences: (
        Sequence[_IgnoreApplicationDifferences | IgnoreApplicationDifferencesDict | Mapping[str, Any]] | None
    )
    apply_nested_selectors: bool | None

class ApplicationSet(_ApplicationSet):
    """Applications made from a template and generated parameters."""

    generators: tuple[Generator, ...]
    template: ApplicationSetTemplate
    sync_policy: ApplicationSetSyncPolicy | None
    strategy: ApplicationSetStrategy | None
    preserved_fields: PreservedFields | None
    ignore_application_differences: tuple[IgnoreApplicationDifferences, ...] | None
    def __init__(self, **fields: Unpack[ApplicationSetDict]) -> None:
        """Applications made from a template and generated parameters."""

class ApplicationSetStrategyDict(TypedDict, total=False):
    type: Literal["AllAtOnce", "RollingSync", ""] | None
    rolling_sync: _RollingSync | RollingSyncDict | Mapping[str, Any] | None
    deletion_order: Literal["AllAtOnce", "Reverse", ""] | None

class ApplicationSetStrategy(_ApplicationSetStrategy):
    """Whether Applications are synced all at once or step by step, and in what order they are deleted."""

    rolling_sync: RollingSync | None
    def __init__(self, **fields: Unpack[ApplicationSetStrategyDict]) -> None:
        """Whether Applications are synced all at once or step by step, and in what order they are deleted."""

class ApplicationSetSyncPolicyDict(TypedDict, total=False):
    applications_sync: Literal["create-only", "create-update", "create-delete", "sync"] | None
    preserve_resources_on_deletion: bool | None

class ApplicationSetSyncPolicy(_ApplicationSetSyncPolicy):
    """What may happen to the Applications that are made."""

    def __init__(self, **fields: Unpack[ApplicationSetSyncPolicyDict]) -> None:
        """What may happen to the Applications that are made."""

class IgnoreApplicationDifferencesDict(TypedDict, total=False):
    name: str | None
    json_pointers: Sequence[str] | None
    jq_path_expressions: Sequence[str] | None

class IgnoreApplicationDifferences(_IgnoreApplicationDifferences):
    """Fields of the Applications that others may change."""

    def __init__(self, **fields: Unpack[IgnoreApplicationDifferencesDict]) -> None:
        """Fields of the Applications that others may change."""

class PreservedFieldsDict(TypedDict, total=False):
    annotations: Sequence[str] | None
    labels: Sequence[str] | None

class PreservedFields(_PreservedFields):
    """Labels and annotations of the Applications that are left as they are."""

    def __init__(self, **fields: Unpack[PreservedFieldsDict]) -> None:
        """Labels and annotations of the Applications that are left as they are."""

class RollingSyncDict(TypedDict, total=False):
    steps: Sequence[_RollingSyncStep | RollingSyncStepDict | Mapping[str, Any]] | None

class RollingSync(_RollingSync):
    """The steps, one after the other; each waits until the one before is healthy."""

    steps: tuple[RollingSyncStep, ...] | None
    def __init__(self, **fields: Unpack[RollingSyncDict]) -> None:
        """The steps, one after the other; each waits until the one before is healthy."""

class RollingSyncStepDict(TypedDict, total=False):
    match_expressions: Sequence[_ApplicationMatchExpression | ApplicationMatchExpressionDict | Mapping[str, Any]] | None
    max_update: int | str | None

class RollingSyncStep(_RollingSyncStep):
    """The Applications that are synced together."""

    match_expressions: tuple[ApplicationMatchExpression, ...] | None
    def __init__(self, **fields: Unpack[RollingSyncStepDict]) -> None:
        """The Applications that are synced together."""

class ApplicationSetTemplateDict(TypedDict, total=False):
    metadata: _TemplateMetadata | TemplateMetadataDict | Mapping[str, Any] | None
    spec: _ApplicationSpec | ApplicationSpecDict | Mapping[str, Any] | None
    name: str | None
    namespace: str | None
    labels: Mapping[str, str] | None
    annotations: Mapping[str, str] | None
    finalizers: Sequence[str] | None
    project: str | None
    source: _ApplicationSource | ApplicationSourceDict | Mapping[str, Any] | None
    sources: Sequence[_ApplicationSource | ApplicationSourceDict | Mapping[str, Any]] | None
    source_hydrator: _SourceHydrator | SourceHydratorDict | Mapping[str, Any] | None
    destination: _Destination | DestinationDict | Mapping[str, Any] | None
    sync_policy: _SyncPolicy | SyncPolicyDict | Mapping[str, Any] | None
    ignore_differences: Sequence[_IgnoreDifferences | IgnoreDifferencesDict | Mapping[str, Any]] | None
    info: Sequence[_Info | InfoDict | Mapping[str, Any]] | None
    revision_history_limit: int | None

class ApplicationSetTemplate(_ApplicationSetTemplate):
    """The Application that is made from each set of parameters.

    In Python its fields may be written flat, as those of an Application: ``{"name": "{{name}}", "source": ...}``."""

    metadata: TemplateMetadata
    spec: ApplicationSpec
    def __init__(self, **fields: Unpack[ApplicationSetTemplateDict]) -> None:
        """The Application that is made from each set of parameters."""

class BasicAuthDict(TypedDict, total=False):
    username: Required[str]
    password_ref: Required[_SecretKey | SecretKeyDict | Mapping[str, Any]]

class BasicAuth(_BasicAuth):
    """A user, and the password in a Secret."""

    password_ref: SecretKey
    def __init__(self, **fields: Unpack[BasicAuthDict]) -> None:
        """A user, and the password in a Secret."""

class BearerTokenDict(TypedDict, total=False):
    token_ref: Required[_SecretKey | SecretKeyDict | Mapping[str, Any]]

class BearerToken(_BearerToken):
    """A token in a Secret."""

    token_ref: SecretKey
    def __init__(self, **fields: Unpack[BearerTokenDict]) -> None:
        """A token in a Secret."""

class ConfigMapKeyDict(TypedDict, total=False):
    config_map_name: Required[str]
    key: Required[str]

class ConfigMapKey(_ConfigMapKey):
    """A key of a ConfigMap in the ApplicationSet's namespace."""

    def __init__(self, **fields: Unpack[ConfigMapKeyDict]) -> None:
        """A key of a ConfigMap in the ApplicationSet's namespace."""

class LabelSelectorDict(TypedDict, total=False):
    match_labels: Mapping[str, str] | None
    match_expressions: Sequence[_SelectorRequirement | SelectorRequirementDict | Mapping[str, Any]] | None

class LabelSelector(_LabelSelector):
    """Labels that must be there; all of them."""

    match_expressions: tuple[SelectorRequirement, ...] | None
    def __init__(self, **fields: Unpack[LabelSelectorDict]) -> None:
        """Labels that must be there; all of them."""

class SecretKeyDict(TypedDict, total=False):
    secret_name: Required[str]
    key: Required[str]

class SecretKey(_SecretKey):
    """A key of a Secret in the ApplicationSet's namespace."""

    def __init__(self, **fields: Unpack[SecretKeyDict]) -> None:
        """A key of a Secret in the ApplicationSet's namespace."""

class SelectorRequirementDict(TypedDict, total=False):
    key: Required[str]
    operator: Required[Literal["In", "NotIn", "Exists", "DoesNotExist"]]
    values: Sequence[str] | None

class SelectorRequirement(_SelectorRequirement):
    """A rule about one label."""

    def __init__(self, **fields: Unpack[SelectorRequirementDict]) -> None:
        """A rule about one label."""

class TemplateMetadataDict(TypedDict, total=False):
    name: str | None
    namespace: str | None
    labels: Mapping[str, str] | None
    annotations: Mapping[str, str] | None
    finalizers: Sequence[str] | None

class TemplateMetadata(_TemplateMetadata):
    """The metadata of the Applications that are made; values may hold placeholders."""

    def __init__(self, **fields: Unpack[TemplateMetadataDict]) -> None:
        """The metadata of the Applications that are made; values may hold placeholders."""

class ClusterDecisionResourceGeneratorDict(TypedDict, total=False):
    config_map_ref: Required[str]
    name: str | None
    label_selector: _LabelSelector | LabelSelectorDict | Mapping[str, Any] | None
    values: Mapping[str, str] | None
    requeue_after_seconds: int | None
    template: _ApplicationSetTemplate | ApplicationSetTemplateDict | Mapping[str, Any] | None

class ClusterDecisionResourceGenerator(_ClusterDecisionResourceGenerator):
    """Clusters that an object of another kind has decided for; the ConfigMap says which kind."""

    label_selector: LabelSelector | None
    template: ApplicationSetTemplate | None
    def __init__(self, **fields: Unpack[ClusterDecisionResourceGeneratorDict]) -> None:
        """Clusters that an object of another kind has decided for; the ConfigMap says which kind."""

class ClustersGeneratorDict(TypedDict, total=False):
    selector: _LabelSelector | LabelSelectorDict | Mapping[str, Any] | None
    values: Mapping[str, str] | None
    flat_list: bool | None
    template: _ApplicationSetTemplate | ApplicationSetTemplateDict | Mapping[str, Any] | None

class ClustersGenerator(_ClustersGenerator):
    """The clusters that Argo CD knows; with a selector those whose Secret has the labels."""

    selector: LabelSelector | None
    template: ApplicationSetTemplate | None
    def __init__(self, **fields: Unpack[ClustersGeneratorDict]) -> None:
        """The clusters that Argo CD knows; with a selector those whose Secret has the labels."""

class GeneratorDict(TypedDict, total=False):
    list: _ListGenerator | ListGeneratorDict | Mapping[str, Any] | None
    clusters: _ClustersGenerator | ClustersGeneratorDict | Mapping[str, Any] | None
    git: _GitGenerator | GitGeneratorDict | Mapping[str, Any] | None
    scm_provider: _ScmProviderGenerator | ScmProviderGeneratorDict | Mapping[str, Any] | None
    pull_request: _PullRequestGenerator | PullRequestGeneratorDict | Mapping[str, Any] | None
    cluster_decision_resource: (
        _ClusterDecisionResourceGenerator | ClusterDecisionResourceGeneratorDict | Mapping[str, Any] | None
    )
    plugin: _PluginGenerator | PluginGeneratorDict | Mapping[str, Any] | None
    matrix: _MatrixGenerator | MatrixGeneratorDict | Mapping[str, Any] | None
    merge: _MergeGenerator | MergeGeneratorDict | Mapping[str, Any] | None
    selector: _LabelSelector | LabelSelectorDict | Mapping[str, Any] | None

class Generator(_Generator):
    """One generator; the selector keeps the sets of parameters that fit."""

    list: ListGenerator | None
    clusters: ClustersGenerator | None
    git: GitGenerator | None
    scm_provider: ScmProviderGenerator | None
    pull_request: PullRequestGenerator | None
    cluster_decision_resource: ClusterDecisionResourceGenerator | None
    plugin: PluginGenerator | None
    matrix: MatrixGenerator | None
    merge: MergeGenerator | None
    selector: LabelSelector | None
    def __init__(self, **fields: Unpack[GeneratorDict]) -> None:
        """One generator; the selector keeps the sets of parameters that fit."""

class GitDirectoryDict(TypedDict, total=False):
    path: Required[str]
    exclude: bool | None

class GitDirectory(_GitDirectory):
    """Folders by glob, or what not to take."""

    def __init__(self, **fields: Unpack[GitDirectoryDict]) -> None:
        """Folders by glob, or what not to take."""

class GitFileDict(TypedDict, total=False):
    path: Required[str]
    exclude: bool | None

class GitFile(_GitFile):
    """JSON or YAML files by glob, or what not to take."""

    def __init__(self, **fields: Unpack[GitFileDict]) -> None:
        """JSON or YAML files by glob, or what not to take."""

class GitGeneratorDict(TypedDict, total=False):
    repo_url: Required[str]
    revision: Required[str]
    directories: Sequence[_GitDirectory | GitDirectoryDict | Mapping[str, Any]] | None
    files: Sequence[_GitFile | GitFileDict | Mapping[str, Any]] | None
    path_param_prefix: str | None
    values: Mapping[str, str] | None
    requeue_after_seconds: int | None
    template: _ApplicationSetTemplate | ApplicationSetTemplateDict | Mapping[str, Any] | None

class GitGenerator(_GitGenerator):
    """Folders, or the contents of files, of a Git repository."""

    directories: tuple[GitDirectory, ...] | None
    files: tuple[GitFile, ...] | None
    template: ApplicationSetTemplate | None
    def __init__(self, **fields: Unpack[GitGeneratorDict]) -> None:
        """Folders, or the contents of files, of a Git repository."""

class ListGeneratorDict(TypedDict, total=False):
    elements: Sequence[Any] | None
    elements_yaml: str | None
    template: _ApplicationSetTemplate | ApplicationSetTemplateDict | Mapping[str, Any] | None

class ListGenerator(_ListGenerator):
    """Parameters written out, as a list or as YAML (which may hold placeholders)."""

    template: ApplicationSetTemplate | None
    def __init__(self, **fields: Unpack[ListGeneratorDict]) -> None:
        """Parameters written out, as a list or as YAML (which may hold placeholders)."""

class MatrixGeneratorDict(TypedDict, total=False):
    generators: Required[Sequence[_Generator | GeneratorDict | Mapping[str, Any]]]
    template: _ApplicationSetTemplate | ApplicationSetTemplateDict | Mapping[str, Any] | None

class MatrixGenerator(_MatrixGenerator):
    """Every combination of two generators; the second may use the parameters of the first."""

    generators: tuple[Generator, ...]
    template: ApplicationSetTemplate | None
    def __init__(self, **fields: Unpack[MatrixGeneratorDict]) -> None:
        """Every combination of two generators; the second may use the parameters of the first."""

class MergeGeneratorDict(TypedDict, total=False):
    generators: Required[Sequence[_Generator | GeneratorDict | Mapping[str, Any]]]
    merge_keys: Required[Sequence[str]]
    template: _ApplicationSetTemplate | ApplicationSetTemplateDict | Mapping[str, Any] | None

class MergeGenerator(_MergeGenerator):
    """The first generator's parameters, overridden by the others' where the merge keys are equal."""

    generators: tuple[Generator, ...]
    template: ApplicationSetTemplate | None
    def __init__(self, **fields: Unpack[MergeGeneratorDict]) -> None:
        """The first generator's parameters, overridden by the others' where the merge keys are equal."""

class PluginConfigMapDict(TypedDict, total=False):
    name: Required[str]

class PluginConfigMap(_PluginConfigMap):
    """The ConfigMap with the address of the plugin and the key of its token."""

    def __init__(self, **fields: Unpack[PluginConfigMapDict]) -> None:
        """The ConfigMap with the address of the plugin and the key of its token."""

class PluginGeneratorDict(TypedDict, total=False):
    config_map_ref: Required[_PluginConfigMap | PluginConfigMapDict | Mapping[str, Any]]
    input: _PluginInput | PluginInputDict | Mapping[str, Any] | None
    values: Mapping[str, str] | None
    requeue_after_seconds: int | None
    template: _ApplicationSetTemplate | ApplicationSetTemplateDict | Mapping[str, Any] | None

class PluginGenerator(_PluginGenerator):
    """Parameters that a service of your own answers."""

    config_map_ref: PluginConfigMap
    input: PluginInput | None
    template: ApplicationSetTemplate | None
    def __init__(self, **fields: Unpack[PluginGeneratorDict]) -> None:
        """Parameters that a service of your own answers."""

class PluginInputDict(TypedDict, total=False):
    parameters: Mapping[str, Any] | None

class PluginInput(_PluginInput):
    """What the plugin is asked."""

    def __init__(self, **fields: Unpack[PluginInputDict]) -> None:
        """What the plugin is asked."""

class PullRequestAzureDevOpsDict(TypedDict, total=False):
    organization: Required[str]
    project: Required[str]
    repo: Required[str]
    api: str | None
    token_ref: _SecretKey | SecretKeyDict | Mapping[str, Any] | None
    labels: Sequence[str] | None

class PullRequestAzureDevOps(_PullRequestAzureDevOps):
    """A repository of Azure DevOps."""

    token_ref: SecretKey | None
    def __init__(self, **fields: Unpack[PullRequestAzureDevOpsDict]) -> None:
        """A repository of Azure DevOps."""

class PullRequestBitbucketDict(TypedDict, total=False):
    owner: Required[str]
    repo: Required[str]
    api: str | None
    basic_auth: _BasicAuth | BasicAuthDict | Mapping[str, Any] | None
    bearer_token: _BearerToken | BearerTokenDict | Mapping[str, Any] | None

class PullRequestBitbucket(_PullRequestBitbucket):
    """A repository of Bitbucket Cloud."""

    basic_auth: BasicAuth | None
    bearer_token: BearerToken | None
    def __init__(self, **fields: Unpack[PullRequestBitbucketDict]) -> None:
        """A repository of Bitbucket Cloud."""

class PullRequestBitbucketServerDict(TypedDict, total=False):
    project: Required[str]
    repo: Required[str]
    api: Required[str]
    basic_auth: _BasicAuth | BasicAuthDict | Mapping[str, Any] | None
    bearer_token: _BearerToken | BearerTokenDict | Mapping[str, Any] | None
    insecure: bool | None
    ca_ref: _ConfigMapKey | ConfigMapKeyDict | Mapping[str, Any] | None

class PullRequestBitbucketServer(_PullRequestBitbucketServer):
    """A repository of Bitbucket Server."""

    basic_auth: BasicAuth | None
    bearer_token: BearerToken | None
    ca_ref: ConfigMapKey | None
    def __init__(self, **fields: Unpack[PullRequestBitbucketServerDict]) -> None:
        """A repository of Bitbucket Server."""

class PullRequestFilterDict(TypedDict, total=False):
    branch_match: str | None
    target_branch_match: str | None
    title_match: str | None

class PullRequestFilter(_PullRequestFilter):
    """Which pull requests count; regular expressions, all of which must fit."""

    def __init__(self, **fields: Unpack[PullRequestFilterDict]) -> None:
        """Which pull requests count; regular expressions, all of which must fit."""

class PullRequestGeneratorDict(TypedDict, total=False):
    github: _PullRequestGithub | PullRequestGithubDict | Mapping[str, Any] | None
    gitlab: _PullRequestGitlab | PullRequestGitlabDict | Mapping[str, Any] | None
    gitea: _PullRequestGitea | PullRequestGiteaDict | Mapping[str, Any] | None
    bitbucket_server: _PullRequestBitbucketServer | PullRequestBitbucketServerDict | Mapping[str, Any] | None
    bitbucket: _PullRequestBitbucket | PullRequestBitbucketDict | Mapping[str, Any] | None
    azuredevops: _PullRequestAzureDevOps | PullRequestAzureDevOpsDict | Mapping[str, Any] | None
    filters: Sequence[_PullRequestFilter | PullRequestFilterDict | Mapping[str, Any]] | None
    continue_on_repo_not_found_error: bool | None
    requeue_after_seconds: int | None
    template: _ApplicationSetTemplate | ApplicationSetTemplateDict | Mapping[str, Any] | None
    values: Mapping[str, str] | None

class PullRequestGenerator(_PullRequestGenerator):
    """A set of parameters for each open pull request; one of the filters must fit."""

    github: PullRequestGithub | None
    gitlab: PullRequestGitlab | None
    gitea: PullRequestGitea | None
    bitbucket_server: PullRequestBitbucketServer | None
    bitbucket: PullRequestBitbucket | None
    azuredevops: PullRequestAzureDevOps | None
    filters: tuple[PullRequestFilter, ...] | None
    template: ApplicationSetTemplate | None
    def __init__(self, **fields: Unpack[PullRequestGeneratorDict]) -> None:
        """A set of parameters for each open pull request; one of the filters must fit."""

class PullRequestGiteaDict(TypedDict, total=False):
    owner: Required[str]
    repo: Required[str]
    api: Required[str]
    token_ref: _SecretKey | SecretKeyDict | Mapping[str, Any] | None
    insecure: bool | None
    labels: Sequence[str] | None

class PullRequestGitea(_PullRequestGitea):
    """A repository of Gitea."""

    token_ref: SecretKey | None
    def __init__(self, **fields: Unpack[PullRequestGiteaDict]) -> None:
        """A repository of Gitea."""

class PullRequestGithubDict(TypedDict, total=False):
    owner: Required[str]
    repo: Required[str]
    api: str | None
    token_ref: _SecretKey | SecretKeyDict | Mapping[str, Any] | None
    app_secret_name: str | None
    labels: Sequence[str] | None

class PullRequestGithub(_PullRequestGithub):
    """A repository of GitHub."""

    token_ref: SecretKey | None
    def __init__(self, **fields: Unpack[PullRequestGithubDict]) -> None:
        """A repository of GitHub."""

class PullRequestGitlabDict(TypedDict, total=False):
    project: Required[str]
    api: str | None
    token_ref: _SecretKey | SecretKeyDict | Mapping[str, Any] | None
    labels: Sequence[str] | None
    pull_request_state: str | None
    insecure: bool | None
    ca_ref: _ConfigMapKey | ConfigMapKeyDict | Mapping[str, Any] | None

class PullRequestGitlab(_PullRequestGitlab):
    """A project of GitLab."""

    token_ref: SecretKey | None
    ca_ref: ConfigMapKey | None
    def __init__(self, **fields: Unpack[PullRequestGitlabDict]) -> None:
        """A project of GitLab."""

class AwsTagFilterDict(TypedDict, total=False):
    key: Required[str]
    value: str | None

class AwsTagFilter(_AwsTagFilter):
    """A tag of AWS."""

    def __init__(self, **fields: Unpack[AwsTagFilterDict]) -> None:
        """A tag of AWS."""

class ScmAwsCodeCommitDict(TypedDict, total=False):
    region: str | None
    role: str | None
    tag_filters: Sequence[_AwsTagFilter | AwsTagFilterDict | Mapping[str, Any]] | None
    all_branches: bool | None

class ScmAwsCodeCommit(_ScmAwsCodeCommit):
    """The repositories of an AWS account."""

    tag_filters: tuple[AwsTagFilter, ...] | None
    def __init__(self, **fields: Unpack[ScmAwsCodeCommitDict]) -> None:
        """The repositories of an AWS account."""

class ScmAzureDevOpsDict(TypedDict, total=False):
    organization: Required[str]
    team_project: Required[str]
    access_token_ref: Required[_SecretKey | SecretKeyDict | Mapping[str, Any]]
    api: str | None
    all_branches: bool | None

class ScmAzureDevOps(_ScmAzureDevOps):
    """A team project of Azure DevOps."""

    access_token_ref: SecretKey
    def __init__(self, **fields: Unpack[ScmAzureDevOpsDict]) -> None:
        """A team project of Azure DevOps."""

class ScmBitbucketDict(TypedDict, total=False):
    owner: Required[str]
    user: Required[str]
    app_password_ref: Required[_SecretKey | SecretKeyDict | Mapping[str, Any]]
    all_branches: bool | None

class ScmBitbucket(_ScmBitbucket):
    """An owner of Bitbucket Cloud."""

    app_password_ref: SecretKey
    def __init__(self, **fields: Unpack[ScmBitbucketDict]) -> None:
        """An owner of Bitbucket Cloud."""

class ScmBitbucketServerDict(TypedDict, total=False):
    project: Required[str]
    api: Required[str]
    basic_auth: _BasicAuth | BasicAuthDict | Mapping[str, Any] | None
    bearer_token: _BearerToken | BearerTokenDict | Mapping[str, Any] | None
    ca_ref: _ConfigMapKey | ConfigMapKeyDict | Mapping[str, Any] | None
    insecure: bool | None
    all_branches: bool | None

class ScmBitbucketServer(_ScmBitbucketServer):
    """A project of Bitbucket Server."""

    basic_auth: BasicAuth | None
    bearer_token: BearerToken | None
    ca_ref: ConfigMapKey | None
    def __init__(self, **fields: Unpack[ScmBitbucketServerDict]) -> None:
        """A project of Bitbucket Server."""

class ScmFilterDict(TypedDict, total=False):
    repository_match: str | None
    branch_match: str | None
    label_match: str | None
    paths_exist: Sequence[str] | None
    paths_do_not_exist: Sequence[str] | None

class ScmFilter(_ScmFilter):
    """Which repositories and branches count; all of its rules must hold."""

    def __init__(self, **fields: Unpack[ScmFilterDict]) -> None:
        """Which repositories and branches count; all of its rules must hold."""

class ScmGiteaDict(TypedDict, total=False):
    owner: Required[str]
    api: Required[str]
    token_ref: _SecretKey | SecretKeyDict | Mapping[str, Any] | None
    insecure: bool | None
    all_branches: bool | None
    exclude_archived_repos: bool | None

class ScmGitea(_ScmGitea):
    """An owner of Gitea."""

    token_ref: SecretKey | None
    def __init__(self, **fields: Unpack[ScmGiteaDict]) -> None:
        """An owner of Gitea."""

class ScmGithubDict(TypedDict, total=False):
    organization: Required[str]
    api: str | None
    token_ref: _SecretKey | SecretKeyDict | Mapping[str, Any] | None
    app_secret_name: str | None
    all_branches: bool | None
    exclude_archived_repos: bool | None

class ScmGithub(_ScmGithub):
    """An organisation of GitHub."""

    token_ref: SecretKey | None
    def __init__(self, **fields: Unpack[ScmGithubDict]) -> None:
        """An organisation of GitHub."""

class ScmGitlabDict(TypedDict, total=False):
    group: Required[str]
    include_subgroups: bool | None
    include_shared_projects: bool | None
    include_archived_repos: bool | None
    topic: str | None
    api: str | None
    token_ref: _SecretKey | SecretKeyDict | Mapping[str, Any] | None
    ca_ref: _ConfigMapKey | ConfigMapKeyDict | Mapping[str, Any] | None
    insecure: bool | None
    all_branches: bool | None

class ScmGitlab(_ScmGitlab):
    """A group of GitLab."""

    token_ref: SecretKey | None
    ca_ref: ConfigMapKey | None
    def __init__(self, **fields: Unpack[ScmGitlabDict]) -> None:
        """A group of GitLab."""

class ScmProviderGeneratorDict(TypedDict, total=False):
    github: _ScmGithub | ScmGithubDict | Mapping[str, Any] | None
    gitlab: _ScmGitlab | ScmGitlabDict | Mapping[str, Any] | None
    gitea: _ScmGitea | ScmGiteaDict | Mapping[str, Any] | None
    bitbucket: _ScmBitbucket | ScmBitbucketDict | Mapping[str, Any] | None
    bitbucket_server: _ScmBitbucketServer | ScmBitbucketServerDict | Mapping[str, Any] | None
    azure_dev_ops: _ScmAzureDevOps | ScmAzureDevOpsDict | Mapping[str, Any] | None
    aws_code_commit: _ScmAwsCodeCommit | ScmAwsCodeCommitDict | Mapping[str, Any] | None
    filters: Sequence[_ScmFilter | ScmFilterDict | Mapping[str, Any]] | None
    clone_protocol: Literal["ssh", "https", "https-fips", ""] | None
    requeue_after_seconds: int | None
    template: _ApplicationSetTemplate | ApplicationSetTemplateDict | Mapping[str, Any] | None
    values: Mapping[str, str] | None

class ScmProviderGenerator(_ScmProviderGenerator):
    """A set of parameters for each repository; one of the filters must fit."""

    github: ScmGithub | None
    gitlab: ScmGitlab | None
    gitea: ScmGitea | None
    bitbucket: ScmBitbucket | None
    bitbucket_server: ScmBitbucketServer | None
    azure_dev_ops: ScmAzureDevOps | None
    aws_code_commit: ScmAwsCodeCommit | None
    filters: tuple[ScmFilter, ...] | None
    template: ApplicationSetTemplate | None
    def __init__(self, **fields: Unpack[ScmProviderGeneratorDict]) -> None:
        """A set of parameters for each repository; one of the filters must fit."""

class ArgoResourceDict(ResourceDict, total=False): ...

class NotificationsConfigDict(TypedDict, total=False):
    name: str | None
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
    entries: Mapping[str, str] | None
    binary_data: Mapping[str, Any] | None
    immutable: bool | None
    preset: _Preset | None
    """One of `gitops.presets`: interval, pruning and waiting in one word; other keywords win."""
    services: Mapping[str, Mapping[str, Any]] | None
    """Service (`slack`, `webhook.<name>`) to its settings."""
    triggers: (
        Mapping[
            str,
            _TriggerCondition
            | TriggerConditionDict
            | Mapping[str, Any]
            | Sequence[_TriggerCondition | TriggerConditionDict | Mapping[str, Any]],
        ]
        | None
    )
    """Trigger to its conditions: when to send which templates."""
    templates: Mapping[str, Mapping[str, Any]] | None
    """Template to its message and its parts for services."""
    subscriptions: Sequence[_Subscription | SubscriptionDict | Mapping[str, Any]] | None
    """Who is told of what, whatever Applications say."""
    default_triggers: Sequence[str] | Mapping[str, Sequence[str]] | None
    """The triggers of subscriptions that name none: for all services, or by service."""
    context: Mapping[str, str] | None
    """Values that templates read as `.context.<name>`."""

class NotificationsConfig(_NotificationsConfig):
    """What Argo CD tells whom, and when.

    Keywords: ``services`` (``{"slack": {"token": "$slack-token"}}``), ``triggers`` (name to conditions), ``templates``
    (name to message and service parts), ``subscriptions``, ``default_triggers`` (names, or a dict from service to
    names) and ``context`` (values for templates)."""

    def __init__(self, **fields: Unpack[NotificationsConfigDict]) -> None:
        """What Argo CD tells whom, and when."""

class SubscriptionDict(TypedDict, total=False):
    recipients: Required[Sequence[str]]
    triggers: Sequence[str] | None
    selector: str | None

class Subscription(_Subscription):
    """Recipients (``service:address``) of some triggers, for the Applications that have the labels."""

    def __init__(self, **fields: Unpack[SubscriptionDict]) -> None:
        """Recipients (``service:address``) of some triggers, for the Applications that have the labels."""

class TriggerConditionDict(TypedDict, total=False):
    when: Required[str]
    send: Required[Sequence[str]]
    once_per: str | None
    description: str | None

class TriggerCondition(_TriggerCondition):
    """When to send which templates; ``when`` and ``once_per`` are expressions over ``app``."""

    def __init__(self, **fields: Unpack[TriggerConditionDict]) -> None:
        """When to send which templates; ``when`` and ``once_per`` are expressions over ``app``."""

class AppProjectDict(ArgoResourceDict, total=False):
    description: str | None
    source_repos: Sequence[str] | None
    destinations: Sequence[_ProjectDestination | ProjectDestinationDict | Mapping[str, Any]] | None
    cluster_resource_whitelist: Sequence[str | _ClusterResource | ClusterResourceDict | Mapping[str, Any]] | None
    cluster_resource_blacklist: Sequence[str | _ClusterResource | ClusterResourceDict | Mapping[str, Any]] | None
    namespace_resource_whitelist: Sequence[str | _NamespaceResource | NamespaceResourceDict | Mapping[str, Any]] | None
    namespace_resource_blacklist: Sequence[str | _NamespaceResource | NamespaceResourceDict | Mapping[str, Any]] | None
    roles: Sequence[_ProjectRole | ProjectRoleDict | Mapping[str, Any]] | None
    sync_windows: Sequence[_SyncWindow | SyncWindowDict | Mapping[str, Any]] | None
    orphaned_resources: _OrphanedResources | OrphanedResourcesDict | Mapping[str, Any] | None
    signature_keys: Sequence[_SignatureKey | SignatureKeyDict | Mapping[str, Any]] | None
    source_namespaces: Sequence[str] | None
    permit_only_project_scoped_clusters: bool | None
    destination_service_accounts: (
        Sequence[_DestinationServiceAccount | DestinationServiceAccountDict | Mapping[str, Any]] | None
    )
    source_integrity: _SourceIntegrity | SourceIntegrityDict | Mapping[str, Any] | None

class AppProject(_AppProject):
    """What the Applications of a team may use, and where they may go."""

    destinations: tuple[ProjectDestination, ...] | None
    cluster_resource_whitelist: tuple[ClusterResource, ...] | None
    cluster_resource_blacklist: tuple[ClusterResource, ...] | None
    namespace_resource_whitelist: tuple[NamespaceResource, ...] | None
    namespace_resource_blacklist: tuple[NamespaceResource, ...] | None
    roles: tuple[ProjectRole, ...] | None
    sync_windows: tuple[SyncWindow, ...] | None
    orphaned_resources: OrphanedResources | None
    signature_keys: tuple[SignatureKey, ...] | None
    destination_service_accounts: tuple[DestinationServiceAccount, ...] | None
    source_integrity: SourceIntegrity | None
    def __init__(self, **fields: Unpack[AppProjectDict]) -> None:
        """What the Applications of a team may use, and where they may go."""

class ClusterResourceDict(NamespaceResourceDict, total=False):
    name: str | None

class ClusterResource(_ClusterResource, NamespaceResource):
    """A cluster-scoped kind, or its objects of some name."""

    def __init__(self, **fields: Unpack[ClusterResourceDict]) -> None:
        """A cluster-scoped kind, or its objects of some name."""

class DestinationServiceAccountDict(TypedDict, total=False):
    server: Required[str]
    namespace: str | None
    default_service_account: Required[str]

class DestinationServiceAccount(_DestinationServiceAccount):
    """The account that Argo CD acts as in a destination: ``name`` or ``namespace:name``."""

    def __init__(self, **fields: Unpack[DestinationServiceAccountDict]) -> None:
        """The account that Argo CD acts as in a destination: ``name`` or ``namespace:name``."""

class GitSourceIntegrityDict(TypedDict, total=False):
    policies: Required[Sequence[_IntegrityPolicy | IntegrityPolicyDict | Mapping[str, Any]]]

class GitSourceIntegrity(_GitSourceIntegrity):
    """How Git commits are verified."""

    policies: tuple[IntegrityPolicy, ...]
    def __init__(self, **fields: Unpack[GitSourceIntegrityDict]) -> None:
        """How Git commits are verified."""

class GpgPolicyDict(TypedDict, total=False):
    mode: Required[str]
    keys: Required[Sequence[str]]

class GpgPolicy(_GpgPolicy):
    """Whose signatures count."""

    def __init__(self, **fields: Unpack[GpgPolicyDict]) -> None:
        """Whose signatures count."""

class IntegrityPolicyDict(TypedDict, total=False):
    repos: Required[Sequence[_IntegrityRepository | IntegrityRepositoryDict | Mapping[str, Any]]]
    gpg: Required[_GpgPolicy | GpgPolicyDict | Mapping[str, Any]]

class IntegrityPolicy(_IntegrityPolicy):
    """How commits of some repositories are verified."""

    repos: tuple[IntegrityRepository, ...]
    gpg: GpgPolicy
    def __init__(self, **fields: Unpack[IntegrityPolicyDict]) -> None:
        """How commits of some repositories are verified."""

class IntegrityRepositoryDict(TypedDict, total=False):
    url: Required[str]

class IntegrityRepository(_IntegrityRepository):
    """A repository; a glob."""

    def __init__(self, **fields: Unpack[IntegrityRepositoryDict]) -> None:
        """A repository; a glob."""

class JwtTokenDict(TypedDict, total=False):
    iat: Required[int]
    exp: int | None
    id: str | None

class JwtToken(_JwtToken):
    """A token that was issued for a role; times are seconds since 1970."""

    def __init__(self, **fields: Unpack[JwtTokenDict]) -> None:
        """A token that was issued for a role; times are seconds since 1970."""

class NamespaceResourceDict(TypedDict, total=False):
    group: Required[str]
    kind: Required[str]

class NamespaceResource(_NamespaceResource):
    """A kind; ``*`` and other shell patterns are allowed."""

    def __init__(self, **fields: Unpack[NamespaceResourceDict]) -> None:
        """A kind; ``*`` and other shell patterns are allowed."""

class OrphanedResourceDict(TypedDict, total=False):
    group: str | None
    kind: str | None
    name: str | None

class OrphanedResource(_OrphanedResource):
    """Objects that are no orphans; globs."""

    def __init__(self, **fields: Unpack[OrphanedResourceDict]) -> None:
        """Objects that are no orphans; globs."""

class OrphanedResourcesDict(TypedDict, total=False):
    warn: bool | None
    ignore: Sequence[_OrphanedResource | OrphanedResourceDict | Mapping[str, Any]] | None

class OrphanedResources(_OrphanedResources):
    """Whether to warn of objects that belong to no Application."""

    ignore: tuple[OrphanedResource, ...] | None
    def __init__(self, **fields: Unpack[OrphanedResourcesDict]) -> None:
        """Whether to warn of objects that belong to no Application."""

class ProjectDestinationDict(TypedDict, total=False):
    server: str | None
    name: str | None
    namespace: str | None

class ProjectDestination(_ProjectDestination):
    """A cluster, by server or name, and a namespace; globs, ``!`` denies."""

    def __init__(self, **fields: Unpack[ProjectDestinationDict]) -> None:
        """A cluster, by server or name, and a namespace; globs, ``!`` denies."""

class ProjectRoleDict(TypedDict, total=False):
    name: Required[str]
    description: str | None
    policies: Sequence[str] | None
    groups: Sequence[str] | None
    jwt_tokens: Sequence[_JwtToken | JwtTokenDict | Mapping[str, Any]] | None

class ProjectRole(_ProjectRole):
    """Who may do what with the Applications of the project."""

    jwt_tokens: tuple[JwtToken, ...] | None
    def __init__(self, **fields: Unpack[ProjectRoleDict]) -> None:
        """Who may do what with the Applications of the project."""

class SignatureKeyDict(TypedDict, total=False):
    key_id: Required[str]

class SignatureKey(_SignatureKey):
    """A GnuPG key that commits must be signed with."""

    def __init__(self, **fields: Unpack[SignatureKeyDict]) -> None:
        """A GnuPG key that commits must be signed with."""

class SourceIntegrityDict(TypedDict, total=False):
    git: Required[_GitSourceIntegrity | GitSourceIntegrityDict | Mapping[str, Any]]

class SourceIntegrity(_SourceIntegrity):
    """How sources are verified."""

    git: GitSourceIntegrity
    def __init__(self, **fields: Unpack[SourceIntegrityDict]) -> None:
        """How sources are verified."""

class SyncWindowDict(TypedDict, total=False):
    kind: Literal["allow", "deny"] | None
    schedule: str | None
    duration: str | None
    applications: Sequence[str] | None
    namespaces: Sequence[str] | None
    clusters: Sequence[str] | None
    manual_sync: bool | None
    time_zone: str | None
    and_operator: bool | None
    description: str | None
    sync_overrun: bool | None

class SyncWindow(_SyncWindow):
    """When Applications may, or may not, sync."""

    def __init__(self, **fields: Unpack[SyncWindowDict]) -> None:
        """When Applications may, or may not, sync."""

class AwsAuthConfigDict(TypedDict, total=False):
    cluster_name: str | None
    role_arn: str | None
    profile: str | None

class AwsAuthConfig(_AwsAuthConfig):
    """Authentication to EKS."""

    def __init__(self, **fields: Unpack[AwsAuthConfigDict]) -> None:
        """Authentication to EKS."""

class ClusterConfigDict(TypedDict, total=False):
    username: str | None
    password: str | None
    bearer_token: str | None
    aws_auth_config: _AwsAuthConfig | AwsAuthConfigDict | Mapping[str, Any] | None
    exec_provider_config: _ExecProviderConfig | ExecProviderConfigDict | Mapping[str, Any] | None
    tls_client_config: _TlsClientConfig | TlsClientConfigDict | Mapping[str, Any] | None
    proxy_url: str | None
    disable_compression: bool | None

class ClusterConfig(_ClusterConfig):
    """How to reach a cluster and who to be there."""

    aws_auth_config: AwsAuthConfig | None
    exec_provider_config: ExecProviderConfig | None
    tls_client_config: TlsClientConfig | None
    def __init__(self, **fields: Unpack[ClusterConfigDict]) -> None:
        """How to reach a cluster and who to be there."""

class ClusterSecretDict(SecretResourceDict, total=False):
    cluster_name: str | None
    server: Required[str]
    config: _ClusterConfig | ClusterConfigDict | Mapping[str, Any] | str | SecretStr | None
    namespaces: str | Sequence[str] | None
    cluster_resources: bool | str | None
    project: str | None
    shard: int | str | None

class ClusterSecret(_ClusterSecret):
    """A cluster that Argo CD deploys to. Its labels and annotations are parameters of the clusters generator.

    ``cluster_name`` is the name that destinations use; left out, it is the name of the Secret. ``config`` is a dict or
    a :class:`ClusterConfig`, and is hidden like every secret."""

    def __init__(self, **fields: Unpack[ClusterSecretDict]) -> None:
        """A cluster that Argo CD deploys to. Its labels and annotations are parameters of the clusters generator."""

class ExecProviderConfigDict(TypedDict, total=False):
    command: Required[str]
    args: Sequence[str] | None
    env: Mapping[str, str] | None
    api_version: str | None
    install_hint: str | None

class ExecProviderConfig(_ExecProviderConfig):
    """A program that prints credentials."""

    def __init__(self, **fields: Unpack[ExecProviderConfigDict]) -> None:
        """A program that prints credentials."""

class TlsClientConfigDict(TypedDict, total=False):
    insecure: bool | None
    server_name: str | None
    ca_data: str | None
    cert_data: str | None
    key_data: str | None

class TlsClientConfig(_TlsClientConfig):
    """TLS to the API server; the data are base64."""

    def __init__(self, **fields: Unpack[TlsClientConfigDict]) -> None:
        """TLS to the API server; the data are base64."""

class RepositoryCredentialsDict(TypedDict, total=False):
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
    type: Literal["git", "helm", "oci"] | None
    """What the repository is. Argo CD takes `git` for none."""
    immutable: bool | None
    """Whether it can never change."""
    base64_keys: Sequence[str] | None
    """The keys that are written base64 under ``data``, not as text under ``stringData``."""
    url: Required[str]
    username: str | None
    password: str | SecretStr | None
    bearer_token: str | SecretStr | None
    ssh_private_key: str | SecretStr | None
    tls_client_cert_data: str | None
    tls_client_cert_key: str | SecretStr | None
    insecure: bool | str | None
    enable_oci: bool | str | None
    force_http_basic_auth: bool | str | None
    proxy: str | SecretStr | None
    no_proxy: str | None
    github_app_id: int | str | None
    github_app_installation_id: int | str | None
    github_app_private_key: str | SecretStr | None
    github_app_enterprise_base_url: str | None
    gcp_service_account_key: str | SecretStr | None
    use_azure_workload_identity: bool | str | None
    azure_service_principal_client_id: str | None
    azure_service_principal_client_secret: str | SecretStr | None
    azure_service_principal_tenant_id: str | None
    preset: _Preset | None
    """One of `gitops.presets`: interval, pruning and waiting in one word; other keywords win."""
    for_writing: bool | None
    """Whether the source hydrator pushes with it. Default: False."""

class RepositoryCredentials(_RepositoryCredentials):
    """How to get into all repositories whose URL starts with ``url``; the longest one counts."""

    def __init__(self, **fields: Unpack[RepositoryCredentialsDict]) -> None:
        """How to get into all repositories whose URL starts with ``url``; the longest one counts."""

class RepositorySecretDict(TypedDict, total=False):
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
    type: Literal["git", "helm", "oci"] | None
    """What the repository is. Argo CD takes `git` for none."""
    immutable: bool | None
    """Whether it can never change."""
    base64_keys: Sequence[str] | None
    """The keys that are written base64 under ``data``, not as text under ``stringData``."""
    url: Required[str]
    username: str | None
    password: str | SecretStr | None
    bearer_token: str | SecretStr | None
    ssh_private_key: str | SecretStr | None
    tls_client_cert_data: str | None
    tls_client_cert_key: str | SecretStr | None
    insecure: bool | str | None
    enable_oci: bool | str | None
    force_http_basic_auth: bool | str | None
    proxy: str | SecretStr | None
    no_proxy: str | None
    github_app_id: int | str | None
    github_app_installation_id: int | str | None
    github_app_private_key: str | SecretStr | None
    github_app_enterprise_base_url: str | None
    gcp_service_account_key: str | SecretStr | None
    use_azure_workload_identity: bool | str | None
    azure_service_principal_client_id: str | None
    azure_service_principal_client_secret: str | SecretStr | None
    azure_service_principal_tenant_id: str | None
    display_name: str | None
    project: str | None
    insecure_ignore_host_key: bool | str | None
    enable_lfs: bool | str | None
    depth: int | str | None
    preset: _Preset | None
    """One of `gitops.presets`: interval, pruning and waiting in one word; other keywords win."""
    for_writing: bool | None
    """Whether the source hydrator pushes with it. Default: False."""

class RepositorySecret(_RepositorySecret):
    """A repository that Argo CD knows, with how to get in.

    ``type`` is ``git`` (the default), ``helm`` or ``oci``. With ``project`` it is for one project. ``for_writing=True``
    makes it the one that the source hydrator pushes with."""

    def __init__(self, **fields: Unpack[RepositorySecretDict]) -> None:
        """A repository that Argo CD knows, with how to get in."""

class SecretResourceDict(ResourceDict, total=False):
    type: Literal["Opaque"] | None
    """The type of the Secret, ``Opaque`` when none is written."""
    immutable: bool | None
    """Whether it can never change."""
    base64_keys: Sequence[str] | None
    """The keys that are written base64 under ``data``, not as text under ``stringData``."""
