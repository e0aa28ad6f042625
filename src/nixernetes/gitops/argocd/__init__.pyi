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
    """A sync to run now."""

class Application(_Application):
    """Manifests that Argo CD keeps in a cluster.

    A destination without server and name is the cluster that Argo CD runs in. Without any destination it is also the
    Application's own namespace, where an app of apps puts its Applications. ``operation`` asks for a sync.

    >>> app = Application(name="web", source={"repo_url": "https://example.com/x.git", "path": "web"})
    >>> app.manifest()["spec"]["destination"]
    {'server': 'https://kubernetes.default.svc', 'namespace': 'argocd'}
    """

    source: ApplicationSource | None
    """Where the manifests come from."""
    sources: tuple[ApplicationSource, ...] | None
    """Several sources, whose manifests are put together. Instead of `source`."""
    source_hydrator: SourceHydrator | None
    """A source whose manifests are rendered and pushed to a branch first. Instead of `source`."""
    destination: Destination
    """The cluster and the namespace. Default: the cluster that Argo CD runs in."""
    sync_policy: SyncPolicy | None
    """Whether and how to sync by itself. Left out, somebody has to ask for each sync."""
    ignore_differences: tuple[IgnoreDifferences, ...] | None
    """Fields whose differences do not count."""
    info: tuple[Info, ...] | None
    """Lines that the web page shows."""
    operation: Operation | None
    """A sync to run now."""
    def __init__(self, **fields: Unpack[ApplicationDict]) -> None:
        """Manifests that Argo CD keeps in a cluster."""

class ApplicationFieldsDict(TypedDict, total=False):
    project: str | _AppProject | None
    """The AppProject, or its name. Default: `default`."""
    source: _ApplicationSource | ApplicationSourceDict | Mapping[str, Any] | None
    """Where the manifests come from."""
    sources: Sequence[_ApplicationSource | ApplicationSourceDict | Mapping[str, Any]] | None
    """Several sources, whose manifests are put together. Instead of `source`."""
    source_hydrator: _SourceHydrator | SourceHydratorDict | Mapping[str, Any] | None
    """A source whose manifests are rendered and pushed to a branch first. Instead of `source`."""
    destination: _Destination | DestinationDict | Mapping[str, Any] | None
    """The cluster and the namespace. Default: the cluster that Argo CD runs in."""
    sync_policy: _SyncPolicy | SyncPolicyDict | Mapping[str, Any] | None
    """Whether and how to sync by itself. Left out, somebody has to ask for each sync."""
    ignore_differences: Sequence[_IgnoreDifferences | IgnoreDifferencesDict | Mapping[str, Any]] | None
    """Fields whose differences do not count."""
    info: Sequence[_Info | InfoDict | Mapping[str, Any]] | None
    """Lines that the web page shows."""
    revision_history_limit: int | None
    """How many syncs are remembered. Argo CD's default: 10."""

class ApplicationSpecDict(ApplicationFieldsDict, total=False): ...

class ApplicationSpec(_ApplicationSpec):
    """The spec in an ApplicationSet's template; fields may hold placeholders, overrides may leave out the source."""

    source: ApplicationSource | None
    """Where the manifests come from."""
    sources: tuple[ApplicationSource, ...] | None
    """Several sources, whose manifests are put together. Instead of `source`."""
    source_hydrator: SourceHydrator | None
    """A source whose manifests are rendered and pushed to a branch first. Instead of `source`."""
    destination: Destination
    """The cluster and the namespace. Default: the cluster that Argo CD runs in."""
    sync_policy: SyncPolicy | None
    """Whether and how to sync by itself. Left out, somebody has to ask for each sync."""
    ignore_differences: tuple[IgnoreDifferences, ...] | None
    """Fields whose differences do not count."""
    info: tuple[Info, ...] | None
    """Lines that the web page shows."""
    def __init__(self, **fields: Unpack[ApplicationSpecDict]) -> None:
        """The spec in an ApplicationSet's template; fields may hold placeholders, overrides may leave out the source."""

class DestinationDict(TypedDict, total=False):
    server: str | None
    """The URL of the cluster's API server. Instead of `name`. Default: the cluster that Argo CD runs in."""
    name: str | None
    """The cluster's name. Instead of `server`."""
    namespace: str | None
    """The namespace of objects that name none."""

class Destination(_Destination):
    """The cluster, by server or by name, and the namespace of objects that name none.

    In Python the cluster may be left out: it is the one that Argo CD runs in."""

    def __init__(self, **fields: Unpack[DestinationDict]) -> None:
        """The cluster, by server or by name, and the namespace of objects that name none."""

class DrySourceDict(TypedDict, total=False):
    repo_url: Required[str]
    """The URL of the Git repository."""
    target_revision: Required[str]
    """The branch, tag or commit."""
    path: Required[str]
    """The folder."""
    helm: _HelmSource | HelmSourceDict | Mapping[str, Any] | None
    """How Helm renders the chart."""
    kustomize: _KustomizeSource | KustomizeSourceDict | Mapping[str, Any] | None
    """What Kustomize changes."""
    directory: _DirectorySource | DirectorySourceDict | Mapping[str, Any] | None
    """How a plain folder is read."""
    plugin: _PluginSource | PluginSourceDict | Mapping[str, Any] | None
    """The plugin that renders."""

class DrySource(_DrySource):
    """Where the hydrator reads what it renders."""

    helm: HelmSource | None
    """How Helm renders the chart."""
    kustomize: KustomizeSource | None
    """What Kustomize changes."""
    directory: DirectorySource | None
    """How a plain folder is read."""
    plugin: PluginSource | None
    """The plugin that renders."""
    def __init__(self, **fields: Unpack[DrySourceDict]) -> None:
        """Where the hydrator reads what it renders."""

class HydrateToDict(TypedDict, total=False):
    target_branch: Required[str]
    """The branch to push to; a pull request brings it to the one that is synced."""

class HydrateTo(_HydrateTo):
    """The branch that the hydrator writes to, when it is not the one that is synced."""

    def __init__(self, **fields: Unpack[HydrateToDict]) -> None:
        """The branch that the hydrator writes to, when it is not the one that is synced."""

class IgnoreDifferencesDict(TypedDict, total=False):
    kind: Required[str]
    """The kind; `*` is any."""
    group: str | None
    """The API group. Left out, the core group."""
    name: str | None
    """The object's name. Any when left out."""
    namespace: str | None
    """The object's namespace. Any when left out."""
    json_pointers: Sequence[str] | None
    """JSON pointers of the fields: `/spec/replicas`."""
    jq_path_expressions: Sequence[str] | None
    """The jq paths of the fields: `.spec.template.spec.containers[].image`."""
    managed_fields_managers: Sequence[str] | None
    """Field managers whose fields do not count: `kube-controller-manager`."""

class IgnoreDifferences(_IgnoreDifferences):
    """Fields whose differences do not count, by JSON pointer, jq expression or field manager."""

    def __init__(self, **fields: Unpack[IgnoreDifferencesDict]) -> None:
        """Fields whose differences do not count, by JSON pointer, jq expression or field manager."""

class InfoDict(TypedDict, total=False):
    name: Required[str]
    """What the line is called."""
    value: Required[str]
    """What it says."""

class Info(_Info):
    """A line that the web page shows; a URL becomes a link."""

    def __init__(self, **fields: Unpack[InfoDict]) -> None:
        """A line that the web page shows; a URL becomes a link."""

class SourceHydratorDict(TypedDict, total=False):
    dry_source: Required[_DrySource | DrySourceDict | Mapping[str, Any]]
    """What is read and rendered."""
    sync_source: Required[_SyncSource | SyncSourceDict | Mapping[str, Any]]
    """Where the manifests are synced from."""
    hydrate_to: _HydrateTo | HydrateToDict | Mapping[str, Any] | None
    """Where the manifests are pushed to first. Argo CD takes the synced branch for none."""

class SourceHydrator(_SourceHydrator):
    """Renders one source and pushes the manifests to a branch, before they are synced from there."""

    dry_source: DrySource
    """What is read and rendered."""
    sync_source: SyncSource
    """Where the manifests are synced from."""
    hydrate_to: HydrateTo | None
    """Where the manifests are pushed to first. Argo CD takes the synced branch for none."""
    def __init__(self, **fields: Unpack[SourceHydratorDict]) -> None:
        """Renders one source and pushes the manifests to a branch, before they are synced from there."""

class SyncSourceDict(TypedDict, total=False):
    target_branch: Required[str]
    """The branch that is synced."""
    path: Required[str]
    """The folder of that branch; not its root."""
    repo_url: str | None
    """The URL of the repository to push to. Argo CD takes the one that is read for none."""

class SyncSource(_SyncSource):
    """Where the rendered manifests are, from which Argo CD syncs."""

    def __init__(self, **fields: Unpack[SyncSourceDict]) -> None:
        """Where the rendered manifests are, from which Argo CD syncs."""

class InitiatedByDict(TypedDict, total=False):
    username: str | None
    """The user."""
    automated: bool | None
    """Whether nobody asked, and it is an automated sync."""

class InitiatedBy(_InitiatedBy):
    """Who asked."""

    def __init__(self, **fields: Unpack[InitiatedByDict]) -> None:
        """Who asked."""

class OperationDict(TypedDict, total=False):
    initiated_by: _InitiatedBy | InitiatedByDict | Mapping[str, Any] | None
    """Who asked."""
    info: Sequence[_Info | InfoDict | Mapping[str, Any]] | None
    """Lines about the request."""
    retry: _RetryStrategy | RetryStrategyDict | Mapping[str, Any] | None
    """How often to try again. Argo CD does not, when left out."""
    sync: _SyncOperation | SyncOperationDict | Mapping[str, Any] | None
    """What to sync."""

class Operation(_Operation):
    """A request to sync."""

    initiated_by: InitiatedBy | None
    """Who asked."""
    info: tuple[Info, ...] | None
    """Lines about the request."""
    retry: RetryStrategy | None
    """How often to try again. Argo CD does not, when left out."""
    sync: SyncOperation | None
    """What to sync."""
    def __init__(self, **fields: Unpack[OperationDict]) -> None:
        """A request to sync."""

class SyncOperationDict(TypedDict, total=False):
    revision: str | None
    """The revision to sync. Argo CD takes the target revision for none."""
    revisions: Sequence[str] | None
    """The revisions to sync, one for each of several sources."""
    prune: bool | None
    """Whether objects that left the repository are deleted. Argo CD's default: False."""
    dry_run: bool | None
    """Whether only to try. Argo CD's default: False."""
    sync_strategy: _SyncStrategy | SyncStrategyDict | Mapping[str, Any] | None
    """Whether hooks are run."""
    resources: Sequence[_SyncOperationResource | SyncOperationResourceDict | Mapping[str, Any]] | None
    """The only objects to sync. All when left out."""
    source: _ApplicationSource | ApplicationSourceDict | Mapping[str, Any] | None
    """A source other than the Application's, for this sync only."""
    sources: Sequence[_ApplicationSource | ApplicationSourceDict | Mapping[str, Any]] | None
    """Sources other than the Application's, for this sync only."""
    manifests: Sequence[str] | None
    """Manifests to sync in place of the repository's, as text."""
    sync_options: Sequence[str] | None
    """Options of the sync: `ServerSideApply=true`."""
    auto_heal_attempts_count: int | None
    """How often Argo CD has tried to undo changes already. It writes this itself."""

class SyncOperation(_SyncOperation):
    """What to sync; without resources everything, without revision the target revision."""

    sync_strategy: SyncStrategy | None
    """Whether hooks are run."""
    resources: tuple[SyncOperationResource, ...] | None
    """The only objects to sync. All when left out."""
    source: ApplicationSource | None
    """A source other than the Application's, for this sync only."""
    sources: tuple[ApplicationSource, ...] | None
    """Sources other than the Application's, for this sync only."""
    def __init__(self, **fields: Unpack[SyncOperationDict]) -> None:
        """What to sync; without resources everything, without revision the target revision."""

class SyncOperationResourceDict(TypedDict, total=False):
    group: str | None
    """The API group. Left out, the core group."""
    kind: Required[str]
    """The kind."""
    name: Required[str]
    """The name."""
    namespace: str | None
    """The namespace. The Application's destination when left out."""

class SyncOperationResource(_SyncOperationResource):
    """One object to sync."""

    def __init__(self, **fields: Unpack[SyncOperationResourceDict]) -> None:
        """One object to sync."""

class SyncStrategyDict(TypedDict, total=False):
    apply: _SyncStrategyForce | SyncStrategyForceDict | Mapping[str, Any] | None
    """Apply without hooks."""
    hook: _SyncStrategyForce | SyncStrategyForceDict | Mapping[str, Any] | None
    """Apply with hooks, which is Argo CD's default."""

class SyncStrategy(_SyncStrategy):
    """Plain apply, or apply with hooks (the default)."""

    apply: SyncStrategyForce | None
    """Apply without hooks."""
    hook: SyncStrategyForce | None
    """Apply with hooks, which is Argo CD's default."""
    def __init__(self, **fields: Unpack[SyncStrategyDict]) -> None:
        """Plain apply, or apply with hooks (the default)."""

class SyncStrategyForceDict(TypedDict, total=False):
    force: bool | None
    """Whether objects are deleted and made again where they cannot be changed. Argo CD's default: False."""

class SyncStrategyForce(_SyncStrategyForce):
    """Whether objects are deleted and made again where they cannot be changed."""

    def __init__(self, **fields: Unpack[SyncStrategyForceDict]) -> None:
        """Whether objects are deleted and made again where they cannot be changed."""

class ApplicationSourceDict(TypedDict, total=False):
    repo_url: Required[str]
    """The URL of the Git repository, chart repository or OCI registry."""
    path: str | None
    """The folder of the repository. Instead of `chart`."""
    target_revision: str | None
    """The branch, tag, commit or range of versions; for a chart its version. Argo CD takes `HEAD` for none."""
    chart: str | None
    """The chart's name in a Helm repository. Instead of `path`."""
    ref: str | None
    """A name for this source, so that the values files of others can be read from it: `$ref/values.yaml`."""
    name: str | None
    """What the web page calls this source, where there are several."""
    tag_prefix: str | None
    """Only tags that begin so count for a range of versions, and it is left out of the comparison."""
    helm: _HelmSource | HelmSourceDict | Mapping[str, Any] | None
    """How Helm renders the chart."""
    kustomize: _KustomizeSource | KustomizeSourceDict | Mapping[str, Any] | None
    """What Kustomize changes."""
    directory: _DirectorySource | DirectorySourceDict | Mapping[str, Any] | None
    """How a plain folder is read."""
    plugin: _PluginSource | PluginSourceDict | Mapping[str, Any] | None
    """The plugin that renders."""

class ApplicationSource(_ApplicationSource):
    """A folder of a Git repository, an OCI artifact, or a chart of a Helm repository."""

    helm: HelmSource | None
    """How Helm renders the chart."""
    kustomize: KustomizeSource | None
    """What Kustomize changes."""
    directory: DirectorySource | None
    """How a plain folder is read."""
    plugin: PluginSource | None
    """The plugin that renders."""
    def __init__(self, **fields: Unpack[ApplicationSourceDict]) -> None:
        """A folder of a Git repository, an OCI artifact, or a chart of a Helm repository."""

class DirectorySourceDict(TypedDict, total=False):
    recurse: bool | None
    """Whether folders below count too. Argo CD's default: False."""
    include: str | None
    """A glob for the files to read: `*.yaml`, `{a,b}.yaml`. All when left out."""
    exclude: str | None
    """A glob for the files to leave out; it wins over `include`."""
    jsonnet: _JsonnetSource | JsonnetSourceDict | Mapping[str, Any] | None
    """How Jsonnet files are evaluated."""
    disable_extension_filter: bool | None
    """Whether files with other endings than yaml, yml, json and jsonnet are read too. Argo CD's default: False."""

class DirectorySource(_DirectorySource):
    """Which files of a plain folder are read; ``include`` and ``exclude`` are globs."""

    jsonnet: JsonnetSource | None
    """How Jsonnet files are evaluated."""
    def __init__(self, **fields: Unpack[DirectorySourceDict]) -> None:
        """Which files of a plain folder are read; ``include`` and ``exclude`` are globs."""

class HelmFileParameterDict(TypedDict, total=False):
    name: str | None
    """The value's path: `config.text`."""
    path: str | None
    """The file, relative to the chart."""

class HelmFileParameter(_HelmFileParameter):
    """A value read from a file of the repository."""

    def __init__(self, **fields: Unpack[HelmFileParameterDict]) -> None:
        """A value read from a file of the repository."""

class HelmParameterDict(TypedDict, total=False):
    name: str | None
    """The value's path: `image.tag`."""
    value: str | None
    """The value, as text; it may use build variables such as `$ARGOCD_APP_NAME`."""
    force_string: bool | None
    """Whether the value stays text even when it looks like a number or a boolean. Argo CD's default: False."""

class HelmParameter(_HelmParameter):
    """A value as ``helm --set`` takes it."""

    def __init__(self, **fields: Unpack[HelmParameterDict]) -> None:
        """A value as ``helm --set`` takes it."""

class HelmSourceDict(TypedDict, total=False):
    release_name: str | None
    """The release's name. Argo CD takes the Application's name for none."""
    value_files: Sequence[str] | None
    """Values files, relative to the chart, or `$ref/path` in another source; later ones win."""
    values: str | Mapping[str, Any] | None
    """Values as YAML text, or as a mapping, which is written as `values_object`. They win over `value_files`."""
    values_object: Mapping[str, Any] | None
    """Values as a mapping; they win over `values`."""
    parameters: Sequence[_HelmParameter | HelmParameterDict | Mapping[str, Any]] | None
    """Single values, as `helm --set` has them; they win over everything else."""
    file_parameters: Sequence[_HelmFileParameter | HelmFileParameterDict | Mapping[str, Any]] | None
    """Single values that are read from files, as `helm --set-file` has them."""
    version: str | None
    """The version of Helm's templates: `v3`, the only one."""
    pass_credentials: bool | None
    """Whether credentials are also sent to other hosts that the index names. Argo CD's default: False."""
    ignore_missing_value_files: bool | None
    """Whether values files that do not exist are passed over. Argo CD's default: False."""
    skip_crds: bool | None
    """Whether to leave out the chart's CRDs. Argo CD's default: False."""
    skip_tests: bool | None
    """Whether to leave out the chart's tests. Argo CD's default: False."""
    skip_schema_validation: bool | None
    """Whether to skip the check of values against the chart's schema. Argo CD's default: False."""
    namespace: str | None
    """The namespace that templates see. Argo CD takes the destination's for none."""
    kube_version: str | None
    """The Kubernetes version that templates see. Argo CD takes the cluster's for none."""
    api_versions: Sequence[str] | None
    """The API versions that templates see. Argo CD takes the cluster's for none."""

class HelmSource(_HelmSource):
    """How Helm renders the chart. ``values_object`` wins over ``values``."""

    parameters: tuple[HelmParameter, ...] | None
    """Single values, as `helm --set` has them; they win over everything else."""
    file_parameters: tuple[HelmFileParameter, ...] | None
    """Single values that are read from files, as `helm --set-file` has them."""
    def __init__(self, **fields: Unpack[HelmSourceDict]) -> None:
        """How Helm renders the chart. ``values_object`` wins over ``values``."""

class JsonnetSourceDict(TypedDict, total=False):
    ext_vars: Sequence[_JsonnetVariable | JsonnetVariableDict | Mapping[str, Any]] | None
    """External variables: `std.extVar("name")`."""
    tlas: Sequence[_JsonnetVariable | JsonnetVariableDict | Mapping[str, Any]] | None
    """Arguments of the file's function."""
    libs: Sequence[str] | None
    """Folders to import from, relative to the repository's root."""

class JsonnetSource(_JsonnetSource):
    """How Jsonnet files are evaluated."""

    ext_vars: tuple[JsonnetVariable, ...] | None
    """External variables: `std.extVar("name")`."""
    tlas: tuple[JsonnetVariable, ...] | None
    """Arguments of the file's function."""
    def __init__(self, **fields: Unpack[JsonnetSourceDict]) -> None:
        """How Jsonnet files are evaluated."""

class JsonnetVariableDict(TypedDict, total=False):
    name: Required[str]
    """The variable's name."""
    value: Required[str]
    """The value."""
    code: bool | None
    """Whether the value is a Jsonnet expression. Argo CD's default: False, text."""

class JsonnetVariable(_JsonnetVariable):
    """A variable of Jsonnet; with ``code`` its value is an expression."""

    def __init__(self, **fields: Unpack[JsonnetVariableDict]) -> None:
        """A variable of Jsonnet; with ``code`` its value is an expression."""

class KustomizePatchDict(TypedDict, total=False):
    path: str | None
    """The file with the patch, relative to the source's folder."""
    patch: str | None
    """The patch: a strategic-merge patch, or a list of JSON 6902 operations, as YAML or JSON text."""
    target: _KustomizeTarget | KustomizeTargetDict | Mapping[str, Any] | None
    """The objects that are patched. A strategic-merge patch without a target is for the object that it names."""
    options: Mapping[str, bool] | None
    """Options of Kustomize: `allowNameChange`, `allowKindChange`."""

class KustomizePatch(_KustomizePatch):
    """A patch, inline or in a file of the repository."""

    target: KustomizeTarget | None
    """The objects that are patched. A strategic-merge patch without a target is for the object that it names."""
    def __init__(self, **fields: Unpack[KustomizePatchDict]) -> None:
        """A patch, inline or in a file of the repository."""

class KustomizeReplicaDict(TypedDict, total=False):
    name: Required[str]
    """The workload's name."""
    count: Required[int | str]
    """The number of replicas."""

class KustomizeReplica(_KustomizeReplica):
    """The replicas of a workload; ``count`` may be a placeholder in a template."""

    def __init__(self, **fields: Unpack[KustomizeReplicaDict]) -> None:
        """The replicas of a workload; ``count`` may be a placeholder in a template."""

class KustomizeSourceDict(TypedDict, total=False):
    name_prefix: str | None
    """Text put before the name of every object."""
    name_suffix: str | None
    """Text put after the name of every object."""
    namespace: str | None
    """The namespace that every namespaced object is put into."""
    images: Sequence[str] | None
    """Images to run: `[old=]new[:tag|@digest]`."""
    replicas: Sequence[_KustomizeReplica | KustomizeReplicaDict | Mapping[str, Any]] | None
    """The replicas of workloads."""
    common_labels: Mapping[str, str] | None
    """Labels for every object, and for selectors unless `label_without_selector` is set."""
    common_annotations: Mapping[str, str] | None
    """Annotations for every object."""
    common_annotations_envsubst: bool | None
    """Whether build variables in `common_annotations` are replaced. Argo CD's default: False."""
    force_common_labels: bool | None
    """Whether `common_labels` win over labels of the kustomization.yaml. Argo CD's default: False."""
    force_common_annotations: bool | None
    """Whether `common_annotations` win over those of the kustomization.yaml. Argo CD's default: False."""
    label_without_selector: bool | None
    """Whether `common_labels` stay out of selectors. Argo CD's default: False."""
    label_include_templates: bool | None
    """Whether `common_labels` reach Pod templates too. For `label_without_selector`. Argo CD's default: False."""
    patches: Sequence[_KustomizePatch | KustomizePatchDict | Mapping[str, Any]] | None
    """Patches to apply."""
    components: Sequence[str] | None
    """Kustomize components to add: folders relative to the source's folder."""
    ignore_missing_components: bool | None
    """Whether components that do not exist are passed over. Argo CD's default: False."""
    version: str | None
    """The version of Kustomize, one of those that Argo CD is set up with."""
    kube_version: str | None
    """The Kubernetes version that charts in the kustomization see. Argo CD takes the cluster's for none."""
    api_versions: Sequence[str] | None
    """The API versions that charts in the kustomization see. Argo CD takes the cluster's for none."""

class KustomizeSource(_KustomizeSource):
    """What Kustomize changes before it builds; ``images`` are ``[old=]new[:tag|@digest]``."""

    replicas: tuple[KustomizeReplica, ...] | None
    """The replicas of workloads."""
    patches: tuple[KustomizePatch, ...] | None
    """Patches to apply."""
    def __init__(self, **fields: Unpack[KustomizeSourceDict]) -> None:
        """What Kustomize changes before it builds; ``images`` are ``[old=]new[:tag|@digest]``."""

class KustomizeTargetDict(TypedDict, total=False):
    group: str | None
    """The API group. Any when left out."""
    version: str | None
    """The API version. Any when left out."""
    kind: str | None
    """The kind. Any when left out."""
    name: str | None
    """The name. Any when left out."""
    namespace: str | None
    """The namespace. Any when left out."""
    label_selector: str | None
    """Labels that the objects must have, as `kubectl -l` takes them: `app=web,tier!=db`."""
    annotation_selector: str | None
    """Annotations that the objects must have, in the form of a label selector."""

class KustomizeTarget(_KustomizeTarget):
    """What a patch applies to."""

    def __init__(self, **fields: Unpack[KustomizeTargetDict]) -> None:
        """What a patch applies to."""

class PluginEnvDict(TypedDict, total=False):
    name: Required[str]
    """The variable's name; the plugin sees it with `ARGOCD_ENV_` before it."""
    value: Required[str]
    """The variable's value; it may use build variables."""

class PluginEnv(_PluginEnv):
    """A variable in the environment of a plugin."""

    def __init__(self, **fields: Unpack[PluginEnvDict]) -> None:
        """A variable in the environment of a plugin."""

class PluginParameterDict(TypedDict, total=False):
    name: str | None
    """The parameter's name."""
    string: str | None
    """The value, as text."""
    map: Mapping[str, str] | None
    """The value, as a mapping."""
    array: Sequence[str] | None
    """The value, as a list."""

class PluginParameter(_PluginParameter):
    """A parameter of a plugin: text, a map or a list."""

    def __init__(self, **fields: Unpack[PluginParameterDict]) -> None:
        """A parameter of a plugin: text, a map or a list."""

class PluginSourceDict(TypedDict, total=False):
    name: str | None
    """The plugin's name. Argo CD asks every plugin whether the folder is one of its own when left out."""
    env: Sequence[_PluginEnv | PluginEnvDict | Mapping[str, Any]] | None
    """Variables for the plugin."""
    parameters: Sequence[_PluginParameter | PluginParameterDict | Mapping[str, Any]] | None
    """Parameters for the plugin."""

class PluginSource(_PluginSource):
    """A config management plugin; without a name it is found by discovery."""

    env: tuple[PluginEnv, ...] | None
    """Variables for the plugin."""
    parameters: tuple[PluginParameter, ...] | None
    """Parameters for the plugin."""
    def __init__(self, **fields: Unpack[PluginSourceDict]) -> None:
        """A config management plugin; without a name it is found by discovery."""

class AutomatedDict(TypedDict, total=False):
    prune: bool | None
    """Whether objects that left the repository are deleted. Argo CD's default: False."""
    self_heal: bool | None
    """Whether changes made by hand are undone. Argo CD's default: False."""
    allow_empty: bool | None
    """Whether a sync may delete everything. Argo CD's default: False."""
    enabled: bool | None
    """Whether automated sync is on. Argo CD's default: True where the block is written."""

class Automated(_Automated):
    """Automated sync; an empty block is enough to switch it on."""

    def __init__(self, **fields: Unpack[AutomatedDict]) -> None:
        """Automated sync; an empty block is enough to switch it on."""

class BackoffDict(TypedDict, total=False):
    duration: str | None
    """The first wait. Argo CD's default: `5s`."""
    factor: int | None
    """What each wait is multiplied with. Argo CD's default: 2."""
    max_duration: str | None
    """The longest wait. Argo CD's default: `3m`."""

class Backoff(_Backoff):
    """How long to wait before each retry; a bare number means seconds."""

    def __init__(self, **fields: Unpack[BackoffDict]) -> None:
        """How long to wait before each retry; a bare number means seconds."""

class ManagedNamespaceMetadataDict(TypedDict, total=False):
    labels: Mapping[str, str] | None
    """Labels of the namespace."""
    annotations: Mapping[str, str] | None
    """Annotations of the namespace."""

class ManagedNamespaceMetadata(_ManagedNamespaceMetadata):
    """Labels and annotations of the namespace that ``CreateNamespace=true`` makes."""

    def __init__(self, **fields: Unpack[ManagedNamespaceMetadataDict]) -> None:
        """Labels and annotations of the namespace that ``CreateNamespace=true`` makes."""

class RetryStrategyDict(TypedDict, total=False):
    limit: int | None
    """How often to try again; a negative number never gives up."""
    backoff: _Backoff | BackoffDict | Mapping[str, Any] | None
    """How long to wait before each attempt."""
    refresh: bool | None
    """Whether an attempt takes the newest revision, not the one that failed. Argo CD's default: False."""

class RetryStrategy(_RetryStrategy):
    """How often to try again: a negative limit never gives up, 0 never tries again."""

    backoff: Backoff | None
    """How long to wait before each attempt."""
    def __init__(self, **fields: Unpack[RetryStrategyDict]) -> None:
        """How often to try again: a negative limit never gives up, 0 never tries again."""

class SyncPolicyDict(TypedDict, total=False):
    automated: bool | _Automated | AutomatedDict | Mapping[str, Any] | None
    """Whether to sync by itself: `True` also prunes, heals and retries; a dict is taken as it is."""
    sync_options: Sequence[str] | None
    """Options of a sync: `CreateNamespace=true`, `ServerSideApply=true`."""
    retry: _RetryStrategy | RetryStrategyDict | Mapping[str, Any] | None
    """How often to try a failed sync again."""
    managed_namespace_metadata: _ManagedNamespaceMetadata | ManagedNamespaceMetadataDict | Mapping[str, Any] | None
    """Labels and annotations of the namespace that `CreateNamespace=true` makes."""
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
    """Whether to sync by itself: `True` also prunes, heals and retries; a dict is taken as it is."""
    retry: RetryStrategy | None
    """How often to try a failed sync again."""
    managed_namespace_metadata: ManagedNamespaceMetadata | None
    """Labels and annotations of the namespace that `CreateNamespace=true` makes."""
    def __init__(self, **fields: Unpack[SyncPolicyDict]) -> None:
        """How an Application syncs."""

class ApplicationMatchExpressionDict(TypedDict, total=False):
    key: str | None
    """The label."""
    operator: Literal["In", "NotIn"] | None
    """How the label is compared."""
    values: Sequence[str] | None
    """The values."""

class ApplicationMatchExpression(_ApplicationMatchExpression):
    """Which Applications belong to a step, by a label."""

    def __init__(self, **fields: Unpack[ApplicationMatchExpressionDict]) -> None:
        """Which Applications belong to a step, by a label."""

class ApplicationSetDict(ArgoResourceDict, total=False):
    generators: Required[Sequence[_Generator | GeneratorDict | Mapping[str, Any]]]
    """Where the parameters come from; the sets of all generators count."""
    template: Required[_ApplicationSetTemplate | ApplicationSetTemplateDict | Mapping[str, Any]]
    """The Application that is made for each set of parameters."""
    go_template: bool | None
    """Whether placeholders are Go templates: `{{.name}}` in place of `{{name}}`. Argo CD's default: False."""
    go_template_options: Sequence[str] | None
    """Options of Go templates: `missingkey=error` fails where a parameter is missing."""
    template_patch: str | None
    """A Go template of YAML that is merged into each Application; for what is not text."""
    sync_policy: _ApplicationSetSyncPolicy | ApplicationSetSyncPolicyDict | Mapping[str, Any] | None
    """What may happen to the Applications."""
    strategy: _ApplicationSetStrategy | ApplicationSetStrategyDict | Mapping[str, Any] | None
    """Whether Applications are synced all at once or step by step."""
    preserved_fields: _PreservedFields | PreservedFieldsDict | Mapping[str, Any] | None
    """Labels and annotations of the Applications that are left as they are."""
    ignore_application_differences: (
        Sequence[_IgnoreApplicationDifferences | IgnoreApplicationDifferencesDict | Mapping[str, Any]] | None
    )
    """Fields of the Applications that others may change."""
    apply_nested_selectors: bool | None
    """Does nothing any more: selectors inside of generators always count."""

class ApplicationSet(_ApplicationSet):
    """Applications made from a template and generated parameters."""

    generators: tuple[Generator, ...]
    """Where the parameters come from; the sets of all generators count."""
    template: ApplicationSetTemplate
    """The Application that is made for each set of parameters."""
    sync_policy: ApplicationSetSyncPolicy | None
    """What may happen to the Applications."""
    strategy: ApplicationSetStrategy | None
    """Whether Applications are synced all at once or step by step."""
    preserved_fields: PreservedFields | None
    """Labels and annotations of the Applications that are left as they are."""
    ignore_application_differences: tuple[IgnoreApplicationDifferences, ...] | None
    """Fields of the Applications that others may change."""
    def __init__(self, **fields: Unpack[ApplicationSetDict]) -> None:
        """Applications made from a template and generated parameters."""

class ApplicationSetStrategyDict(TypedDict, total=False):
    type: Literal["", "AllAtOnce", "RollingSync"] | None
    """Whether all at once (`AllAtOnce`, Argo CD's default) or step by step (`RollingSync`)."""
    rolling_sync: _RollingSync | RollingSyncDict | Mapping[str, Any] | None
    """The steps of `RollingSync`."""
    deletion_order: Literal["", "AllAtOnce", "Reverse"] | None
    """In what order Applications are deleted. Argo CD's default: `AllAtOnce`."""

class ApplicationSetStrategy(_ApplicationSetStrategy):
    """Whether Applications are synced all at once or step by step, and in what order they are deleted."""

    rolling_sync: RollingSync | None
    """The steps of `RollingSync`."""
    def __init__(self, **fields: Unpack[ApplicationSetStrategyDict]) -> None:
        """Whether Applications are synced all at once or step by step, and in what order they are deleted."""

class ApplicationSetSyncPolicyDict(TypedDict, total=False):
    applications_sync: Literal["create-delete", "create-only", "create-update", "sync"] | None
    """What may be done to Applications: create, update and delete (`sync`, Argo CD's default), or only some of it."""
    preserve_resources_on_deletion: bool | None
    """Whether the objects stay when an Application is deleted. Argo CD's default: False."""

class ApplicationSetSyncPolicy(_ApplicationSetSyncPolicy):
    """What may happen to the Applications that are made."""

    def __init__(self, **fields: Unpack[ApplicationSetSyncPolicyDict]) -> None:
        """What may happen to the Applications that are made."""

class IgnoreApplicationDifferencesDict(TypedDict, total=False):
    name: str | None
    """The Application. Every one when left out."""
    json_pointers: Sequence[str] | None
    """JSON pointers of the fields: `/spec/source/targetRevision`."""
    jq_path_expressions: Sequence[str] | None
    """The jq paths of the fields."""

class IgnoreApplicationDifferences(_IgnoreApplicationDifferences):
    """Fields of the Applications that others may change."""

    def __init__(self, **fields: Unpack[IgnoreApplicationDifferencesDict]) -> None:
        """Fields of the Applications that others may change."""

class PreservedFieldsDict(TypedDict, total=False):
    annotations: Sequence[str] | None
    """The annotations."""
    labels: Sequence[str] | None
    """The labels."""

class PreservedFields(_PreservedFields):
    """Labels and annotations of the Applications that are left as they are."""

    def __init__(self, **fields: Unpack[PreservedFieldsDict]) -> None:
        """Labels and annotations of the Applications that are left as they are."""

class RollingSyncDict(TypedDict, total=False):
    steps: Sequence[_RollingSyncStep | RollingSyncStepDict | Mapping[str, Any]] | None
    """The steps, in order."""

class RollingSync(_RollingSync):
    """The steps, one after the other; each waits until the one before is healthy."""

    steps: tuple[RollingSyncStep, ...] | None
    """The steps, in order."""
    def __init__(self, **fields: Unpack[RollingSyncDict]) -> None:
        """The steps, one after the other; each waits until the one before is healthy."""

class RollingSyncStepDict(TypedDict, total=False):
    match_expressions: Sequence[_ApplicationMatchExpression | ApplicationMatchExpressionDict | Mapping[str, Any]] | None
    """Which Applications belong to the step; all of the rules must hold."""
    max_update: int | str | None
    """How many of them are synced at the same time: a number or a part such as `25%`. All when left out."""

class RollingSyncStep(_RollingSyncStep):
    """The Applications that are synced together."""

    match_expressions: tuple[ApplicationMatchExpression, ...] | None
    """Which Applications belong to the step; all of the rules must hold."""
    def __init__(self, **fields: Unpack[RollingSyncStepDict]) -> None:
        """The Applications that are synced together."""

class ApplicationSetTemplateDict(TypedDict, total=False):
    metadata: _TemplateMetadata | TemplateMetadataDict | Mapping[str, Any] | None
    """Name, labels and annotations of the Application."""
    spec: _ApplicationSpec | ApplicationSpecDict | Mapping[str, Any] | None
    """The spec of the Application."""
    name: str | None
    """The Application's name; every one needs another."""
    namespace: str | None
    """The Application's namespace. Argo CD takes the ApplicationSet's own."""
    labels: Mapping[str, str] | None
    """Labels of the Application."""
    annotations: Mapping[str, str] | None
    """Annotations of the Application."""
    finalizers: Sequence[str] | None
    """Finalizers of the Application. `resources-finalizer.argocd.argoproj.io` deletes its objects with it."""
    project: str | None
    """The AppProject, or its name. Default: `default`."""
    source: _ApplicationSource | ApplicationSourceDict | Mapping[str, Any] | None
    """Where the manifests come from."""
    sources: Sequence[_ApplicationSource | ApplicationSourceDict | Mapping[str, Any]] | None
    """Several sources, whose manifests are put together. Instead of `source`."""
    source_hydrator: _SourceHydrator | SourceHydratorDict | Mapping[str, Any] | None
    """A source whose manifests are rendered and pushed to a branch first. Instead of `source`."""
    destination: _Destination | DestinationDict | Mapping[str, Any] | None
    """The cluster and the namespace. Default: the cluster that Argo CD runs in."""
    sync_policy: _SyncPolicy | SyncPolicyDict | Mapping[str, Any] | None
    """Whether and how to sync by itself. Left out, somebody has to ask for each sync."""
    ignore_differences: Sequence[_IgnoreDifferences | IgnoreDifferencesDict | Mapping[str, Any]] | None
    """Fields whose differences do not count."""
    info: Sequence[_Info | InfoDict | Mapping[str, Any]] | None
    """Lines that the web page shows."""
    revision_history_limit: int | None
    """How many syncs are remembered. Argo CD's default: 10."""

class ApplicationSetTemplate(_ApplicationSetTemplate):
    """The Application that is made from each set of parameters.

    In Python its fields may be written flat, as those of an Application: ``{"name": "{{name}}", "source": ...}``."""

    metadata: TemplateMetadata
    """Name, labels and annotations of the Application."""
    spec: ApplicationSpec
    """The spec of the Application."""
    def __init__(self, **fields: Unpack[ApplicationSetTemplateDict]) -> None:
        """The Application that is made from each set of parameters."""

class BasicAuthDict(TypedDict, total=False):
    username: Required[str]
    """The user."""
    password_ref: Required[_SecretKey | SecretKeyDict | Mapping[str, Any]]
    """The Secret with the password."""

class BasicAuth(_BasicAuth):
    """A user, and the password in a Secret."""

    password_ref: SecretKey
    """The Secret with the password."""
    def __init__(self, **fields: Unpack[BasicAuthDict]) -> None:
        """A user, and the password in a Secret."""

class BearerTokenDict(TypedDict, total=False):
    token_ref: Required[_SecretKey | SecretKeyDict | Mapping[str, Any]]
    """The Secret with the token."""

class BearerToken(_BearerToken):
    """A token in a Secret."""

    token_ref: SecretKey
    """The Secret with the token."""
    def __init__(self, **fields: Unpack[BearerTokenDict]) -> None:
        """A token in a Secret."""

class ConfigMapKeyDict(TypedDict, total=False):
    config_map_name: Required[str]
    """The ConfigMap's name."""
    key: Required[str]
    """The key of the ConfigMap."""

class ConfigMapKey(_ConfigMapKey):
    """A key of a ConfigMap in the ApplicationSet's namespace."""

    def __init__(self, **fields: Unpack[ConfigMapKeyDict]) -> None:
        """A key of a ConfigMap in the ApplicationSet's namespace."""

class LabelSelectorDict(TypedDict, total=False):
    match_labels: Mapping[str, str] | None
    """Labels that must be there; all of them."""
    match_expressions: Sequence[_SelectorRequirement | SelectorRequirementDict | Mapping[str, Any]] | None
    """Rules about labels; all of them must hold."""

class LabelSelector(_LabelSelector):
    """Labels that must be there; all of them."""

    match_expressions: tuple[SelectorRequirement, ...] | None
    """Rules about labels; all of them must hold."""
    def __init__(self, **fields: Unpack[LabelSelectorDict]) -> None:
        """Labels that must be there; all of them."""

class SecretKeyDict(TypedDict, total=False):
    secret_name: Required[str]
    """The Secret's name."""
    key: Required[str]
    """The key of the Secret."""

class SecretKey(_SecretKey):
    """A key of a Secret in the ApplicationSet's namespace."""

    def __init__(self, **fields: Unpack[SecretKeyDict]) -> None:
        """A key of a Secret in the ApplicationSet's namespace."""

class SelectorRequirementDict(TypedDict, total=False):
    key: Required[str]
    """The label."""
    operator: Required[Literal["DoesNotExist", "Exists", "In", "NotIn"]]
    """How the label is compared."""
    values: Sequence[str] | None
    """The values for `In` and `NotIn`."""

class SelectorRequirement(_SelectorRequirement):
    """A rule about one label."""

    def __init__(self, **fields: Unpack[SelectorRequirementDict]) -> None:
        """A rule about one label."""

class TemplateMetadataDict(TypedDict, total=False):
    name: str | None
    """The Application's name; every one needs another."""
    namespace: str | None
    """The Application's namespace. Argo CD takes the ApplicationSet's own."""
    labels: Mapping[str, str] | None
    """Labels of the Application."""
    annotations: Mapping[str, str] | None
    """Annotations of the Application."""
    finalizers: Sequence[str] | None
    """Finalizers of the Application. `resources-finalizer.argocd.argoproj.io` deletes its objects with it."""

class TemplateMetadata(_TemplateMetadata):
    """The metadata of the Applications that are made; values may hold placeholders."""

    def __init__(self, **fields: Unpack[TemplateMetadataDict]) -> None:
        """The metadata of the Applications that are made; values may hold placeholders."""

class ClusterDecisionResourceGeneratorDict(TypedDict, total=False):
    config_map_ref: Required[str]
    """The ConfigMap that says which kind has decided."""
    name: str | None
    """The name of the object that has decided. Instead of `label_selector`."""
    label_selector: _LabelSelector | LabelSelectorDict | Mapping[str, Any] | None
    """Labels of the objects that have decided."""
    values: Mapping[str, str] | None
    """More parameters: `values.<name>`."""
    requeue_after_seconds: int | None
    """How often to look, in seconds. Argo CD's default: 180."""
    template: _ApplicationSetTemplate | ApplicationSetTemplateDict | Mapping[str, Any] | None
    """What the Applications of this generator have in another way."""

class ClusterDecisionResourceGenerator(_ClusterDecisionResourceGenerator):
    """Clusters that an object of another kind has decided for; the ConfigMap says which kind."""

    label_selector: LabelSelector | None
    """Labels of the objects that have decided."""
    template: ApplicationSetTemplate | None
    """What the Applications of this generator have in another way."""
    def __init__(self, **fields: Unpack[ClusterDecisionResourceGeneratorDict]) -> None:
        """Clusters that an object of another kind has decided for; the ConfigMap says which kind."""

class ClustersGeneratorDict(TypedDict, total=False):
    selector: _LabelSelector | LabelSelectorDict | Mapping[str, Any] | None
    """Labels that the Secrets of the clusters must have. Every cluster when left out."""
    values: Mapping[str, str] | None
    """More parameters: `values.<name>`."""
    flat_list: bool | None
    """Whether there is one set of parameters, with all clusters in a list. Argo CD's default: False."""
    template: _ApplicationSetTemplate | ApplicationSetTemplateDict | Mapping[str, Any] | None
    """What the Applications of this generator have in another way."""

class ClustersGenerator(_ClustersGenerator):
    """The clusters that Argo CD knows; with a selector those whose Secret has the labels."""

    selector: LabelSelector | None
    """Labels that the Secrets of the clusters must have. Every cluster when left out."""
    template: ApplicationSetTemplate | None
    """What the Applications of this generator have in another way."""
    def __init__(self, **fields: Unpack[ClustersGeneratorDict]) -> None:
        """The clusters that Argo CD knows; with a selector those whose Secret has the labels."""

class GeneratorDict(TypedDict, total=False):
    list: _ListGenerator | ListGeneratorDict | Mapping[str, Any] | None
    """Parameters written out."""
    clusters: _ClustersGenerator | ClustersGeneratorDict | Mapping[str, Any] | None
    """The clusters that Argo CD knows."""
    git: _GitGenerator | GitGeneratorDict | Mapping[str, Any] | None
    """Folders or files of a Git repository."""
    scm_provider: _ScmProviderGenerator | ScmProviderGeneratorDict | Mapping[str, Any] | None
    """The repositories of an organisation."""
    pull_request: _PullRequestGenerator | PullRequestGeneratorDict | Mapping[str, Any] | None
    """The open pull requests of a repository."""
    cluster_decision_resource: (
        _ClusterDecisionResourceGenerator | ClusterDecisionResourceGeneratorDict | Mapping[str, Any] | None
    )
    """Clusters that another controller has decided for."""
    plugin: _PluginGenerator | PluginGeneratorDict | Mapping[str, Any] | None
    """What a service of your own answers."""
    matrix: _MatrixGenerator | MatrixGeneratorDict | Mapping[str, Any] | None
    """Every combination of two generators."""
    merge: _MergeGenerator | MergeGeneratorDict | Mapping[str, Any] | None
    """The sets of several generators, put together."""
    selector: _LabelSelector | LabelSelectorDict | Mapping[str, Any] | None
    """Labels, in the form of parameters, that a set must have to count."""

class Generator(_Generator):
    """One generator; the selector keeps the sets of parameters that fit."""

    list: ListGenerator | None
    """Parameters written out."""
    clusters: ClustersGenerator | None
    """The clusters that Argo CD knows."""
    git: GitGenerator | None
    """Folders or files of a Git repository."""
    scm_provider: ScmProviderGenerator | None
    """The repositories of an organisation."""
    pull_request: PullRequestGenerator | None
    """The open pull requests of a repository."""
    cluster_decision_resource: ClusterDecisionResourceGenerator | None
    """Clusters that another controller has decided for."""
    plugin: PluginGenerator | None
    """What a service of your own answers."""
    matrix: MatrixGenerator | None
    """Every combination of two generators."""
    merge: MergeGenerator | None
    """The sets of several generators, put together."""
    selector: LabelSelector | None
    """Labels, in the form of parameters, that a set must have to count."""
    def __init__(self, **fields: Unpack[GeneratorDict]) -> None:
        """One generator; the selector keeps the sets of parameters that fit."""

class GitDirectoryDict(TypedDict, total=False):
    path: Required[str]
    """The glob: `apps/*`."""
    exclude: bool | None
    """Whether these folders are left out; it wins over the others. Argo CD's default: False."""

class GitDirectory(_GitDirectory):
    """Folders by glob, or what not to take."""

    def __init__(self, **fields: Unpack[GitDirectoryDict]) -> None:
        """Folders by glob, or what not to take."""

class GitFileDict(TypedDict, total=False):
    path: Required[str]
    """The glob: `clusters/**/config.json`."""
    exclude: bool | None
    """Whether these files are left out; it wins over the others. Argo CD's default: False."""

class GitFile(_GitFile):
    """JSON or YAML files by glob, or what not to take."""

    def __init__(self, **fields: Unpack[GitFileDict]) -> None:
        """JSON or YAML files by glob, or what not to take."""

class GitGeneratorDict(TypedDict, total=False):
    repo_url: Required[str]
    """The URL of the repository."""
    revision: Required[str]
    """The branch, tag or commit."""
    directories: Sequence[_GitDirectory | GitDirectoryDict | Mapping[str, Any]] | None
    """Folders; each that fits is a set of parameters."""
    files: Sequence[_GitFile | GitFileDict | Mapping[str, Any]] | None
    """JSON or YAML files; each that fits is a set of parameters."""
    path_param_prefix: str | None
    """What stands before `path` in the names of the parameters, to tell two of these apart."""
    values: Mapping[str, str] | None
    """More parameters: `values.<name>`."""
    requeue_after_seconds: int | None
    """How often to look, in seconds. Argo CD's default: 180."""
    template: _ApplicationSetTemplate | ApplicationSetTemplateDict | Mapping[str, Any] | None
    """What the Applications of this generator have in another way."""

class GitGenerator(_GitGenerator):
    """Folders, or the contents of files, of a Git repository."""

    directories: tuple[GitDirectory, ...] | None
    """Folders; each that fits is a set of parameters."""
    files: tuple[GitFile, ...] | None
    """JSON or YAML files; each that fits is a set of parameters."""
    template: ApplicationSetTemplate | None
    """What the Applications of this generator have in another way."""
    def __init__(self, **fields: Unpack[GitGeneratorDict]) -> None:
        """Folders, or the contents of files, of a Git repository."""

class ListGeneratorDict(TypedDict, total=False):
    elements: Sequence[Any] | None
    """The sets of parameters."""
    elements_yaml: str | None
    """The sets of parameters as YAML text, which may hold placeholders."""
    template: _ApplicationSetTemplate | ApplicationSetTemplateDict | Mapping[str, Any] | None
    """What the Applications of this generator have in another way."""

class ListGenerator(_ListGenerator):
    """Parameters written out, as a list or as YAML (which may hold placeholders)."""

    template: ApplicationSetTemplate | None
    """What the Applications of this generator have in another way."""
    def __init__(self, **fields: Unpack[ListGeneratorDict]) -> None:
        """Parameters written out, as a list or as YAML (which may hold placeholders)."""

class MatrixGeneratorDict(TypedDict, total=False):
    generators: Required[Sequence[_Generator | GeneratorDict | Mapping[str, Any]]]
    """The two generators; the second may use parameters of the first."""
    template: _ApplicationSetTemplate | ApplicationSetTemplateDict | Mapping[str, Any] | None
    """What the Applications of this generator have in another way."""

class MatrixGenerator(_MatrixGenerator):
    """Every combination of two generators; the second may use the parameters of the first."""

    generators: tuple[Generator, ...]
    """The two generators; the second may use parameters of the first."""
    template: ApplicationSetTemplate | None
    """What the Applications of this generator have in another way."""
    def __init__(self, **fields: Unpack[MatrixGeneratorDict]) -> None:
        """Every combination of two generators; the second may use the parameters of the first."""

class MergeGeneratorDict(TypedDict, total=False):
    generators: Required[Sequence[_Generator | GeneratorDict | Mapping[str, Any]]]
    """The generators; later ones override parameters of the first."""
    merge_keys: Required[Sequence[str]]
    """The parameters that tell which sets belong together."""
    template: _ApplicationSetTemplate | ApplicationSetTemplateDict | Mapping[str, Any] | None
    """What the Applications of this generator have in another way."""

class MergeGenerator(_MergeGenerator):
    """The first generator's parameters, overridden by the others' where the merge keys are equal."""

    generators: tuple[Generator, ...]
    """The generators; later ones override parameters of the first."""
    template: ApplicationSetTemplate | None
    """What the Applications of this generator have in another way."""
    def __init__(self, **fields: Unpack[MergeGeneratorDict]) -> None:
        """The first generator's parameters, overridden by the others' where the merge keys are equal."""

class PluginConfigMapDict(TypedDict, total=False):
    name: Required[str]
    """The ConfigMap's name."""

class PluginConfigMap(_PluginConfigMap):
    """The ConfigMap with the address of the plugin and the key of its token."""

    def __init__(self, **fields: Unpack[PluginConfigMapDict]) -> None:
        """The ConfigMap with the address of the plugin and the key of its token."""

class PluginGeneratorDict(TypedDict, total=False):
    config_map_ref: Required[_PluginConfigMap | PluginConfigMapDict | Mapping[str, Any]]
    """The ConfigMap with the URL of the service and the key of its token."""
    input: _PluginInput | PluginInputDict | Mapping[str, Any] | None
    """What the service is asked."""
    values: Mapping[str, str] | None
    """More parameters: `values.<name>`."""
    requeue_after_seconds: int | None
    """How often to look, in seconds. Argo CD's default: 1800."""
    template: _ApplicationSetTemplate | ApplicationSetTemplateDict | Mapping[str, Any] | None
    """What the Applications of this generator have in another way."""

class PluginGenerator(_PluginGenerator):
    """Parameters that a service of your own answers."""

    config_map_ref: PluginConfigMap
    """The ConfigMap with the URL of the service and the key of its token."""
    input: PluginInput | None
    """What the service is asked."""
    template: ApplicationSetTemplate | None
    """What the Applications of this generator have in another way."""
    def __init__(self, **fields: Unpack[PluginGeneratorDict]) -> None:
        """Parameters that a service of your own answers."""

class PluginInputDict(TypedDict, total=False):
    parameters: Mapping[str, Any] | None
    """What the service is sent."""

class PluginInput(_PluginInput):
    """What the plugin is asked."""

    def __init__(self, **fields: Unpack[PluginInputDict]) -> None:
        """What the plugin is asked."""

class PullRequestAzureDevOpsDict(TypedDict, total=False):
    organization: Required[str]
    """The organisation."""
    project: Required[str]
    """The project."""
    repo: Required[str]
    """The repository."""
    api: str | None
    """The URL of Azure DevOps. Argo CD's default: `https://dev.azure.com`."""
    token_ref: _SecretKey | SecretKeyDict | Mapping[str, Any] | None
    """The Secret with an access token."""
    labels: Sequence[str] | None
    """Labels that a pull request must have; all of them."""

class PullRequestAzureDevOps(_PullRequestAzureDevOps):
    """A repository of Azure DevOps."""

    token_ref: SecretKey | None
    """The Secret with an access token."""
    def __init__(self, **fields: Unpack[PullRequestAzureDevOpsDict]) -> None:
        """A repository of Azure DevOps."""

class PullRequestBitbucketDict(TypedDict, total=False):
    owner: Required[str]
    """The workspace."""
    repo: Required[str]
    """The repository."""
    api: str | None
    """The URL of Bitbucket's API. Argo CD's default: `https://api.bitbucket.org/2.0`."""
    basic_auth: _BasicAuth | BasicAuthDict | Mapping[str, Any] | None
    """A user and a password to log in with."""
    bearer_token: _BearerToken | BearerTokenDict | Mapping[str, Any] | None
    """A token to log in with."""

class PullRequestBitbucket(_PullRequestBitbucket):
    """A repository of Bitbucket Cloud."""

    basic_auth: BasicAuth | None
    """A user and a password to log in with."""
    bearer_token: BearerToken | None
    """A token to log in with."""
    def __init__(self, **fields: Unpack[PullRequestBitbucketDict]) -> None:
        """A repository of Bitbucket Cloud."""

class PullRequestBitbucketServerDict(TypedDict, total=False):
    project: Required[str]
    """The project's key."""
    repo: Required[str]
    """The repository."""
    api: Required[str]
    """The URL of Bitbucket's API."""
    basic_auth: _BasicAuth | BasicAuthDict | Mapping[str, Any] | None
    """A user and a password to log in with."""
    bearer_token: _BearerToken | BearerTokenDict | Mapping[str, Any] | None
    """A token to log in with."""
    insecure: bool | None
    """Whether any TLS certificate is accepted. Argo CD's default: False."""
    ca_ref: _ConfigMapKey | ConfigMapKeyDict | Mapping[str, Any] | None
    """The ConfigMap with the CA of the server."""

class PullRequestBitbucketServer(_PullRequestBitbucketServer):
    """A repository of Bitbucket Server."""

    basic_auth: BasicAuth | None
    """A user and a password to log in with."""
    bearer_token: BearerToken | None
    """A token to log in with."""
    ca_ref: ConfigMapKey | None
    """The ConfigMap with the CA of the server."""
    def __init__(self, **fields: Unpack[PullRequestBitbucketServerDict]) -> None:
        """A repository of Bitbucket Server."""

class PullRequestFilterDict(TypedDict, total=False):
    branch_match: str | None
    """A regular expression for the branch."""
    target_branch_match: str | None
    """A regular expression for the branch that it goes to."""
    title_match: str | None
    """A regular expression for the title."""

class PullRequestFilter(_PullRequestFilter):
    """Which pull requests count; regular expressions, all of which must fit."""

    def __init__(self, **fields: Unpack[PullRequestFilterDict]) -> None:
        """Which pull requests count; regular expressions, all of which must fit."""

class PullRequestGeneratorDict(TypedDict, total=False):
    github: _PullRequestGithub | PullRequestGithubDict | Mapping[str, Any] | None
    """The repository, on GitHub."""
    gitlab: _PullRequestGitlab | PullRequestGitlabDict | Mapping[str, Any] | None
    """The project, on GitLab."""
    gitea: _PullRequestGitea | PullRequestGiteaDict | Mapping[str, Any] | None
    """The repository, on Gitea."""
    bitbucket_server: _PullRequestBitbucketServer | PullRequestBitbucketServerDict | Mapping[str, Any] | None
    """The repository, on Bitbucket Server."""
    bitbucket: _PullRequestBitbucket | PullRequestBitbucketDict | Mapping[str, Any] | None
    """The repository, on Bitbucket Cloud."""
    azuredevops: _PullRequestAzureDevOps | PullRequestAzureDevOpsDict | Mapping[str, Any] | None
    """The repository, on Azure DevOps."""
    filters: Sequence[_PullRequestFilter | PullRequestFilterDict | Mapping[str, Any]] | None
    """Which pull requests count; one of the filters must fit. All when left out."""
    continue_on_repo_not_found_error: bool | None
    """Whether a repository that is not found has no pull requests, and is no error. Argo CD's default: False."""
    requeue_after_seconds: int | None
    """How often to look, in seconds. Argo CD's default: 1800."""
    template: _ApplicationSetTemplate | ApplicationSetTemplateDict | Mapping[str, Any] | None
    """What the Applications of this generator have in another way."""
    values: Mapping[str, str] | None
    """More parameters: `values.<name>`."""

class PullRequestGenerator(_PullRequestGenerator):
    """A set of parameters for each open pull request; one of the filters must fit."""

    github: PullRequestGithub | None
    """The repository, on GitHub."""
    gitlab: PullRequestGitlab | None
    """The project, on GitLab."""
    gitea: PullRequestGitea | None
    """The repository, on Gitea."""
    bitbucket_server: PullRequestBitbucketServer | None
    """The repository, on Bitbucket Server."""
    bitbucket: PullRequestBitbucket | None
    """The repository, on Bitbucket Cloud."""
    azuredevops: PullRequestAzureDevOps | None
    """The repository, on Azure DevOps."""
    filters: tuple[PullRequestFilter, ...] | None
    """Which pull requests count; one of the filters must fit. All when left out."""
    template: ApplicationSetTemplate | None
    """What the Applications of this generator have in another way."""
    def __init__(self, **fields: Unpack[PullRequestGeneratorDict]) -> None:
        """A set of parameters for each open pull request; one of the filters must fit."""

class PullRequestGiteaDict(TypedDict, total=False):
    owner: Required[str]
    """The user or organisation."""
    repo: Required[str]
    """The repository."""
    api: Required[str]
    """The URL of Gitea's API."""
    token_ref: _SecretKey | SecretKeyDict | Mapping[str, Any] | None
    """The Secret with an access token. Only public repositories are seen without one."""
    insecure: bool | None
    """Whether any TLS certificate is accepted. Argo CD's default: False."""
    labels: Sequence[str] | None
    """Labels that a pull request must have; all of them."""

class PullRequestGitea(_PullRequestGitea):
    """A repository of Gitea."""

    token_ref: SecretKey | None
    """The Secret with an access token. Only public repositories are seen without one."""
    def __init__(self, **fields: Unpack[PullRequestGiteaDict]) -> None:
        """A repository of Gitea."""

class PullRequestGithubDict(TypedDict, total=False):
    owner: Required[str]
    """The user or organisation."""
    repo: Required[str]
    """The repository."""
    api: str | None
    """The URL of GitHub Enterprise's API. Argo CD's default: github.com."""
    token_ref: _SecretKey | SecretKeyDict | Mapping[str, Any] | None
    """The Secret with an access token. Only public repositories are seen without one."""
    app_secret_name: str | None
    """The Secret of a GitHub App. Instead of `token_ref`."""
    labels: Sequence[str] | None
    """Labels that a pull request must have; all of them."""

class PullRequestGithub(_PullRequestGithub):
    """A repository of GitHub."""

    token_ref: SecretKey | None
    """The Secret with an access token. Only public repositories are seen without one."""
    def __init__(self, **fields: Unpack[PullRequestGithubDict]) -> None:
        """A repository of GitHub."""

class PullRequestGitlabDict(TypedDict, total=False):
    project: Required[str]
    """The project's id or path."""
    api: str | None
    """The URL of GitLab's API. Argo CD's default: gitlab.com."""
    token_ref: _SecretKey | SecretKeyDict | Mapping[str, Any] | None
    """The Secret with an access token. Only public projects are seen without one."""
    labels: Sequence[str] | None
    """Labels that a merge request must have; all of them."""
    pull_request_state: str | None
    """The state of the merge requests: `opened`, `closed`, `merged`. All when left out."""
    insecure: bool | None
    """Whether any TLS certificate is accepted. Argo CD's default: False."""
    ca_ref: _ConfigMapKey | ConfigMapKeyDict | Mapping[str, Any] | None
    """The ConfigMap with the CA of the server."""

class PullRequestGitlab(_PullRequestGitlab):
    """A project of GitLab."""

    token_ref: SecretKey | None
    """The Secret with an access token. Only public projects are seen without one."""
    ca_ref: ConfigMapKey | None
    """The ConfigMap with the CA of the server."""
    def __init__(self, **fields: Unpack[PullRequestGitlabDict]) -> None:
        """A project of GitLab."""

class AwsTagFilterDict(TypedDict, total=False):
    key: Required[str]
    """The tag's key."""
    value: str | None
    """The tag's value. Any when left out."""

class AwsTagFilter(_AwsTagFilter):
    """A tag of AWS."""

    def __init__(self, **fields: Unpack[AwsTagFilterDict]) -> None:
        """A tag of AWS."""

class ScmAwsCodeCommitDict(TypedDict, total=False):
    region: str | None
    """The region. Argo CD's own when left out."""
    role: str | None
    """The ARN of the role to act as. Argo CD's own when left out."""
    tag_filters: Sequence[_AwsTagFilter | AwsTagFilterDict | Mapping[str, Any]] | None
    """Tags that the repositories must have."""
    all_branches: bool | None
    """Whether every branch counts, not only the default branch. Argo CD's default: False."""

class ScmAwsCodeCommit(_ScmAwsCodeCommit):
    """The repositories of an AWS account."""

    tag_filters: tuple[AwsTagFilter, ...] | None
    """Tags that the repositories must have."""
    def __init__(self, **fields: Unpack[ScmAwsCodeCommitDict]) -> None:
        """The repositories of an AWS account."""

class ScmAzureDevOpsDict(TypedDict, total=False):
    organization: Required[str]
    """The organisation."""
    team_project: Required[str]
    """The project."""
    access_token_ref: Required[_SecretKey | SecretKeyDict | Mapping[str, Any]]
    """The Secret with an access token."""
    api: str | None
    """The URL of Azure DevOps. Argo CD's default: `https://dev.azure.com`."""
    all_branches: bool | None
    """Whether every branch counts, not only the default branch. Argo CD's default: False."""

class ScmAzureDevOps(_ScmAzureDevOps):
    """A team project of Azure DevOps."""

    access_token_ref: SecretKey
    """The Secret with an access token."""
    def __init__(self, **fields: Unpack[ScmAzureDevOpsDict]) -> None:
        """A team project of Azure DevOps."""

class ScmBitbucketDict(TypedDict, total=False):
    owner: Required[str]
    """The workspace."""
    user: Required[str]
    """The user to log in as."""
    app_password_ref: Required[_SecretKey | SecretKeyDict | Mapping[str, Any]]
    """The Secret with the user's app password."""
    all_branches: bool | None
    """Whether every branch counts, not only the main branch. Argo CD's default: False."""

class ScmBitbucket(_ScmBitbucket):
    """An owner of Bitbucket Cloud."""

    app_password_ref: SecretKey
    """The Secret with the user's app password."""
    def __init__(self, **fields: Unpack[ScmBitbucketDict]) -> None:
        """An owner of Bitbucket Cloud."""

class ScmBitbucketServerDict(TypedDict, total=False):
    project: Required[str]
    """The project's key."""
    api: Required[str]
    """The URL of Bitbucket's API."""
    basic_auth: _BasicAuth | BasicAuthDict | Mapping[str, Any] | None
    """A user and a password to log in with."""
    bearer_token: _BearerToken | BearerTokenDict | Mapping[str, Any] | None
    """A token to log in with."""
    ca_ref: _ConfigMapKey | ConfigMapKeyDict | Mapping[str, Any] | None
    """The ConfigMap with the CA of the server."""
    insecure: bool | None
    """Whether any TLS certificate is accepted. Argo CD's default: False."""
    all_branches: bool | None
    """Whether every branch counts, not only the default branch. Argo CD's default: False."""

class ScmBitbucketServer(_ScmBitbucketServer):
    """A project of Bitbucket Server."""

    basic_auth: BasicAuth | None
    """A user and a password to log in with."""
    bearer_token: BearerToken | None
    """A token to log in with."""
    ca_ref: ConfigMapKey | None
    """The ConfigMap with the CA of the server."""
    def __init__(self, **fields: Unpack[ScmBitbucketServerDict]) -> None:
        """A project of Bitbucket Server."""

class ScmFilterDict(TypedDict, total=False):
    repository_match: str | None
    """A regular expression for the repository's name."""
    branch_match: str | None
    """A regular expression for the branch."""
    label_match: str | None
    """A regular expression for labels of the repository; one must match."""
    paths_exist: Sequence[str] | None
    """Paths that must exist."""
    paths_do_not_exist: Sequence[str] | None
    """Paths that must not exist."""

class ScmFilter(_ScmFilter):
    """Which repositories and branches count; all of its rules must hold."""

    def __init__(self, **fields: Unpack[ScmFilterDict]) -> None:
        """Which repositories and branches count; all of its rules must hold."""

class ScmGiteaDict(TypedDict, total=False):
    owner: Required[str]
    """The user or organisation."""
    api: Required[str]
    """The URL of Gitea's API."""
    token_ref: _SecretKey | SecretKeyDict | Mapping[str, Any] | None
    """The Secret with an access token. Only public repositories are seen without one."""
    insecure: bool | None
    """Whether any TLS certificate is accepted. Argo CD's default: False."""
    all_branches: bool | None
    """Whether every branch counts, not only the default branch. Argo CD's default: False."""
    exclude_archived_repos: bool | None
    """Whether archived repositories are left out. Argo CD's default: False."""

class ScmGitea(_ScmGitea):
    """An owner of Gitea."""

    token_ref: SecretKey | None
    """The Secret with an access token. Only public repositories are seen without one."""
    def __init__(self, **fields: Unpack[ScmGiteaDict]) -> None:
        """An owner of Gitea."""

class ScmGithubDict(TypedDict, total=False):
    organization: Required[str]
    """The organisation."""
    api: str | None
    """The URL of GitHub Enterprise's API. Argo CD's default: github.com."""
    token_ref: _SecretKey | SecretKeyDict | Mapping[str, Any] | None
    """The Secret with an access token. Only public repositories are seen without one."""
    app_secret_name: str | None
    """The Secret of a GitHub App. Instead of `token_ref`."""
    all_branches: bool | None
    """Whether every branch counts, not only the default branch. Argo CD's default: False."""
    exclude_archived_repos: bool | None
    """Whether archived repositories are left out. Argo CD's default: False."""

class ScmGithub(_ScmGithub):
    """An organisation of GitHub."""

    token_ref: SecretKey | None
    """The Secret with an access token. Only public repositories are seen without one."""
    def __init__(self, **fields: Unpack[ScmGithubDict]) -> None:
        """An organisation of GitHub."""

class ScmGitlabDict(TypedDict, total=False):
    group: Required[str]
    """The group's id or path."""
    include_subgroups: bool | None
    """Whether groups below count too. Argo CD's default: False."""
    include_shared_projects: bool | None
    """Whether projects that are shared with the group count too. Argo CD's default: True."""
    include_archived_repos: bool | None
    """Whether archived projects count too. Argo CD's default: False."""
    topic: str | None
    """A topic that the projects must have."""
    api: str | None
    """The URL of GitLab's API. Argo CD's default: gitlab.com."""
    token_ref: _SecretKey | SecretKeyDict | Mapping[str, Any] | None
    """The Secret with an access token."""
    ca_ref: _ConfigMapKey | ConfigMapKeyDict | Mapping[str, Any] | None
    """The ConfigMap with the CA of the server."""
    insecure: bool | None
    """Whether any TLS certificate is accepted. Argo CD's default: False."""
    all_branches: bool | None
    """Whether every branch counts, not only the default branch. Argo CD's default: False."""

class ScmGitlab(_ScmGitlab):
    """A group of GitLab."""

    token_ref: SecretKey | None
    """The Secret with an access token."""
    ca_ref: ConfigMapKey | None
    """The ConfigMap with the CA of the server."""
    def __init__(self, **fields: Unpack[ScmGitlabDict]) -> None:
        """A group of GitLab."""

class ScmProviderGeneratorDict(TypedDict, total=False):
    github: _ScmGithub | ScmGithubDict | Mapping[str, Any] | None
    """The organisation, on GitHub."""
    gitlab: _ScmGitlab | ScmGitlabDict | Mapping[str, Any] | None
    """The group, on GitLab."""
    gitea: _ScmGitea | ScmGiteaDict | Mapping[str, Any] | None
    """The owner, on Gitea."""
    bitbucket: _ScmBitbucket | ScmBitbucketDict | Mapping[str, Any] | None
    """The workspace, on Bitbucket Cloud."""
    bitbucket_server: _ScmBitbucketServer | ScmBitbucketServerDict | Mapping[str, Any] | None
    """The project, on Bitbucket Server."""
    azure_dev_ops: _ScmAzureDevOps | ScmAzureDevOpsDict | Mapping[str, Any] | None
    """The project, on Azure DevOps."""
    aws_code_commit: _ScmAwsCodeCommit | ScmAwsCodeCommitDict | Mapping[str, Any] | None
    """The account, on AWS CodeCommit."""
    filters: Sequence[_ScmFilter | ScmFilterDict | Mapping[str, Any]] | None
    """Which repositories and branches count; one of the filters must fit. All when left out."""
    clone_protocol: Literal["", "https", "https-fips", "ssh"] | None
    """The protocol of the `url` parameter. Argo CD's default is the provider's own, most often `ssh`."""
    requeue_after_seconds: int | None
    """How often to look, in seconds. Argo CD's default: 1800."""
    template: _ApplicationSetTemplate | ApplicationSetTemplateDict | Mapping[str, Any] | None
    """What the Applications of this generator have in another way."""
    values: Mapping[str, str] | None
    """More parameters: `values.<name>`."""

class ScmProviderGenerator(_ScmProviderGenerator):
    """A set of parameters for each repository; one of the filters must fit."""

    github: ScmGithub | None
    """The organisation, on GitHub."""
    gitlab: ScmGitlab | None
    """The group, on GitLab."""
    gitea: ScmGitea | None
    """The owner, on Gitea."""
    bitbucket: ScmBitbucket | None
    """The workspace, on Bitbucket Cloud."""
    bitbucket_server: ScmBitbucketServer | None
    """The project, on Bitbucket Server."""
    azure_dev_ops: ScmAzureDevOps | None
    """The project, on Azure DevOps."""
    aws_code_commit: ScmAwsCodeCommit | None
    """The account, on AWS CodeCommit."""
    filters: tuple[ScmFilter, ...] | None
    """Which repositories and branches count; one of the filters must fit. All when left out."""
    template: ApplicationSetTemplate | None
    """What the Applications of this generator have in another way."""
    def __init__(self, **fields: Unpack[ScmProviderGeneratorDict]) -> None:
        """A set of parameters for each repository; one of the filters must fit."""

class ArgoResourceDict(TypedDict, total=False):
    name: Required[str]
    """Its name, a DNS-1123 subdomain."""
    namespace: str | None
    """The namespace. Default: `argocd`, where Argo CD itself runs."""
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

class NotificationsConfigDict(TypedDict, total=False):
    name: str | None
    """The name of the ConfigMap. Default: `argocd-notifications-cm`, which is the one that Argo CD reads."""
    namespace: str | None
    """The namespace. Default: `argocd`, where Argo CD itself runs."""
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
    entries: Mapping[str, str] | None
    """The keys of the ConfigMap and their YAML text, as they are."""
    binary_data: Mapping[str, Any] | None
    """Keys with binary values, in base64."""
    immutable: bool | None
    """Whether the ConfigMap can never change. Kubernetes' default: False."""
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
    """The receiver: `slack:channel`, `webhook:name`."""
    triggers: Sequence[str] | None
    """The triggers that count. The default triggers when left out."""
    selector: str | None
    """Labels that the Applications must have, as `kubectl -l` takes them. All when left out."""

class Subscription(_Subscription):
    """Recipients (``service:address``) of some triggers, for the Applications that have the labels."""

    def __init__(self, **fields: Unpack[SubscriptionDict]) -> None:
        """Recipients (``service:address``) of some triggers, for the Applications that have the labels."""

class TriggerConditionDict(TypedDict, total=False):
    when: Required[str]
    """The expression over `app` that must become true."""
    send: Required[Sequence[str]]
    """The templates to send."""
    once_per: str | None
    """An expression: a message is sent once for each value that it has. Left out, each time that `when` becomes true."""
    description: str | None
    """What the trigger is for."""

class TriggerCondition(_TriggerCondition):
    """When to send which templates; ``when`` and ``once_per`` are expressions over ``app``."""

    def __init__(self, **fields: Unpack[TriggerConditionDict]) -> None:
        """When to send which templates; ``when`` and ``once_per`` are expressions over ``app``."""

class AppProjectDict(ArgoResourceDict, total=False):
    description: str | None
    """What the project is for, in at most 255 characters."""
    source_repos: Sequence[str] | None
    """The repositories that its Applications may use; globs, and `!` before one denies. None when left out."""
    destinations: Sequence[_ProjectDestination | ProjectDestinationDict | Mapping[str, Any]] | None
    """Where its Applications may go. Nowhere when left out."""
    cluster_resource_whitelist: Sequence[str | _ClusterResource | ClusterResourceDict | Mapping[str, Any]] | None
    """Kinds without a namespace that its Applications may bring. None when left out."""
    cluster_resource_blacklist: Sequence[str | _ClusterResource | ClusterResourceDict | Mapping[str, Any]] | None
    """Kinds without a namespace that its Applications may not bring; it wins over the whitelist."""
    namespace_resource_whitelist: Sequence[str | _NamespaceResource | NamespaceResourceDict | Mapping[str, Any]] | None
    """Kinds with a namespace that its Applications may bring. All when left out."""
    namespace_resource_blacklist: Sequence[str | _NamespaceResource | NamespaceResourceDict | Mapping[str, Any]] | None
    """Kinds with a namespace that its Applications may not bring; it wins over the whitelist."""
    roles: Sequence[_ProjectRole | ProjectRoleDict | Mapping[str, Any]] | None
    """Who may do what with its Applications."""
    sync_windows: Sequence[_SyncWindow | SyncWindowDict | Mapping[str, Any]] | None
    """When its Applications may sync. Always when left out."""
    orphaned_resources: _OrphanedResources | OrphanedResourcesDict | Mapping[str, Any] | None
    """Whether to warn of objects in its namespaces that belong to no Application. Argo CD does not, when left out."""
    signature_keys: Sequence[_SignatureKey | SignatureKeyDict | Mapping[str, Any]] | None
    """GnuPG keys that commits must be signed with. Deprecated: use `source_integrity`."""
    source_namespaces: Sequence[str] | None
    """Namespaces besides Argo CD's own that its Applications may be in; globs."""
    permit_only_project_scoped_clusters: bool | None
    """Whether only clusters that are registered for the project count. Argo CD's default: False."""
    destination_service_accounts: (
        Sequence[_DestinationServiceAccount | DestinationServiceAccountDict | Mapping[str, Any]] | None
    )
    """The service account that Argo CD acts as, by destination."""
    source_integrity: _SourceIntegrity | SourceIntegrityDict | Mapping[str, Any] | None
    """How the sources of its Applications are verified."""

class AppProject(_AppProject):
    """What the Applications of a team may use, and where they may go."""

    destinations: tuple[ProjectDestination, ...] | None
    """Where its Applications may go. Nowhere when left out."""
    cluster_resource_whitelist: tuple[ClusterResource, ...] | None
    """Kinds without a namespace that its Applications may bring. None when left out."""
    cluster_resource_blacklist: tuple[ClusterResource, ...] | None
    """Kinds without a namespace that its Applications may not bring; it wins over the whitelist."""
    namespace_resource_whitelist: tuple[NamespaceResource, ...] | None
    """Kinds with a namespace that its Applications may bring. All when left out."""
    namespace_resource_blacklist: tuple[NamespaceResource, ...] | None
    """Kinds with a namespace that its Applications may not bring; it wins over the whitelist."""
    roles: tuple[ProjectRole, ...] | None
    """Who may do what with its Applications."""
    sync_windows: tuple[SyncWindow, ...] | None
    """When its Applications may sync. Always when left out."""
    orphaned_resources: OrphanedResources | None
    """Whether to warn of objects in its namespaces that belong to no Application. Argo CD does not, when left out."""
    signature_keys: tuple[SignatureKey, ...] | None
    """GnuPG keys that commits must be signed with. Deprecated: use `source_integrity`."""
    destination_service_accounts: tuple[DestinationServiceAccount, ...] | None
    """The service account that Argo CD acts as, by destination."""
    source_integrity: SourceIntegrity | None
    """How the sources of its Applications are verified."""
    def __init__(self, **fields: Unpack[AppProjectDict]) -> None:
        """What the Applications of a team may use, and where they may go."""

class ClusterResourceDict(NamespaceResourceDict, total=False):
    name: str | None
    """The name of the objects; a pattern. Any when left out."""

class ClusterResource(_ClusterResource, NamespaceResource):
    """A cluster-scoped kind, or its objects of some name."""

    def __init__(self, **fields: Unpack[ClusterResourceDict]) -> None:
        """A cluster-scoped kind, or its objects of some name."""

class DestinationServiceAccountDict(TypedDict, total=False):
    server: Required[str]
    """The URL of the API server; a glob."""
    namespace: str | None
    """The destination namespace; a glob."""
    default_service_account: Required[str]
    """The service account, `name` or `namespace:name`."""

class DestinationServiceAccount(_DestinationServiceAccount):
    """The account that Argo CD acts as in a destination: ``name`` or ``namespace:name``."""

    def __init__(self, **fields: Unpack[DestinationServiceAccountDict]) -> None:
        """The account that Argo CD acts as in a destination: ``name`` or ``namespace:name``."""

class GitSourceIntegrityDict(TypedDict, total=False):
    policies: Required[Sequence[_IntegrityPolicy | IntegrityPolicyDict | Mapping[str, Any]]]
    """The policies; the first that fits a repository counts."""

class GitSourceIntegrity(_GitSourceIntegrity):
    """How Git commits are verified."""

    policies: tuple[IntegrityPolicy, ...]
    """The policies; the first that fits a repository counts."""
    def __init__(self, **fields: Unpack[GitSourceIntegrityDict]) -> None:
        """How Git commits are verified."""

class GpgPolicyDict(TypedDict, total=False):
    mode: Required[str]
    """What must be signed: `none`, `head` (the commit or tag) or `strict` (all commits before it too)."""
    keys: Required[Sequence[str]]
    """The ids of the GnuPG keys whose signatures count."""

class GpgPolicy(_GpgPolicy):
    """Whose signatures count."""

    def __init__(self, **fields: Unpack[GpgPolicyDict]) -> None:
        """Whose signatures count."""

class IntegrityPolicyDict(TypedDict, total=False):
    repos: Required[Sequence[_IntegrityRepository | IntegrityRepositoryDict | Mapping[str, Any]]]
    """The repositories that the policy is for."""
    gpg: Required[_GpgPolicy | GpgPolicyDict | Mapping[str, Any]]
    """Whose signatures count."""

class IntegrityPolicy(_IntegrityPolicy):
    """How commits of some repositories are verified."""

    repos: tuple[IntegrityRepository, ...]
    """The repositories that the policy is for."""
    gpg: GpgPolicy
    """Whose signatures count."""
    def __init__(self, **fields: Unpack[IntegrityPolicyDict]) -> None:
        """How commits of some repositories are verified."""

class IntegrityRepositoryDict(TypedDict, total=False):
    url: Required[str]
    """The URL; a glob."""

class IntegrityRepository(_IntegrityRepository):
    """A repository; a glob."""

    def __init__(self, **fields: Unpack[IntegrityRepositoryDict]) -> None:
        """A repository; a glob."""

class JwtTokenDict(TypedDict, total=False):
    iat: Required[int]
    """When it was issued, in seconds since 1970."""
    exp: int | None
    """When it expires, in seconds since 1970. Never when left out."""
    id: str | None
    """The token's id."""

class JwtToken(_JwtToken):
    """A token that was issued for a role; times are seconds since 1970."""

    def __init__(self, **fields: Unpack[JwtTokenDict]) -> None:
        """A token that was issued for a role; times are seconds since 1970."""

class NamespaceResourceDict(TypedDict, total=False):
    group: Required[str]
    """The API group; empty is the core group, and `*` any."""
    kind: Required[str]
    """The kind; `*` is any."""

class NamespaceResource(_NamespaceResource):
    """A kind; ``*`` and other shell patterns are allowed."""

    def __init__(self, **fields: Unpack[NamespaceResourceDict]) -> None:
        """A kind; ``*`` and other shell patterns are allowed."""

class OrphanedResourceDict(TypedDict, total=False):
    group: str | None
    """The API group; a glob."""
    kind: str | None
    """The kind; a glob."""
    name: str | None
    """The name; a glob."""

class OrphanedResource(_OrphanedResource):
    """Objects that do not count as orphaned; globs."""

    def __init__(self, **fields: Unpack[OrphanedResourceDict]) -> None:
        """Objects that do not count as orphaned; globs."""

class OrphanedResourcesDict(TypedDict, total=False):
    warn: bool | None
    """Whether Applications get a warning. Argo CD's default: True where the block is written."""
    ignore: Sequence[_OrphanedResource | OrphanedResourceDict | Mapping[str, Any]] | None
    """Objects that do not count."""

class OrphanedResources(_OrphanedResources):
    """Whether to warn of objects that belong to no Application."""

    ignore: tuple[OrphanedResource, ...] | None
    """Objects that do not count."""
    def __init__(self, **fields: Unpack[OrphanedResourcesDict]) -> None:
        """Whether to warn of objects that belong to no Application."""

class ProjectDestinationDict(TypedDict, total=False):
    server: str | None
    """The URL of the API server; a glob, and `!` before it denies. Default: the cluster that Argo CD runs in."""
    name: str | None
    """The cluster's name; a glob, and `!` before it denies. Instead of `server`."""
    namespace: str | None
    """The namespace; a glob, and `!` before it denies."""

class ProjectDestination(_ProjectDestination):
    """A cluster, by server or name, and a namespace; globs, ``!`` denies."""

    def __init__(self, **fields: Unpack[ProjectDestinationDict]) -> None:
        """A cluster, by server or name, and a namespace; globs, ``!`` denies."""

class ProjectRoleDict(TypedDict, total=False):
    name: Required[str]
    """The role's name."""
    description: str | None
    """What the role is for."""
    policies: Sequence[str] | None
    """What it may do: `p, proj:team:deployer, applications, sync, team/*, allow`."""
    groups: Sequence[str] | None
    """The groups of the login service that have the role."""
    jwt_tokens: Sequence[_JwtToken | JwtTokenDict | Mapping[str, Any]] | None
    """The tokens that were issued for the role. Argo CD writes this itself."""

class ProjectRole(_ProjectRole):
    """Who may do what with the Applications of the project."""

    jwt_tokens: tuple[JwtToken, ...] | None
    """The tokens that were issued for the role. Argo CD writes this itself."""
    def __init__(self, **fields: Unpack[ProjectRoleDict]) -> None:
        """Who may do what with the Applications of the project."""

class SignatureKeyDict(TypedDict, total=False):
    key_id: Required[str]
    """The id of the GnuPG key."""

class SignatureKey(_SignatureKey):
    """A GnuPG key that commits must be signed with."""

    def __init__(self, **fields: Unpack[SignatureKeyDict]) -> None:
        """A GnuPG key that commits must be signed with."""

class SourceIntegrityDict(TypedDict, total=False):
    git: Required[_GitSourceIntegrity | GitSourceIntegrityDict | Mapping[str, Any]]
    """How Git commits are verified."""

class SourceIntegrity(_SourceIntegrity):
    """How sources are verified."""

    git: GitSourceIntegrity
    """How Git commits are verified."""
    def __init__(self, **fields: Unpack[SourceIntegrityDict]) -> None:
        """How sources are verified."""

class SyncWindowDict(TypedDict, total=False):
    kind: Literal["allow", "deny"] | None
    """Whether syncs are allowed or denied."""
    schedule: str | None
    """When the window opens: `0 22 * * *`, as cron has it."""
    duration: str | None
    """How long the window stays open: `1h`."""
    applications: Sequence[str] | None
    """Applications that it is for; globs."""
    namespaces: Sequence[str] | None
    """Destination namespaces that it is for; globs."""
    clusters: Sequence[str] | None
    """Destination clusters that it is for, by server or name; globs."""
    manual_sync: bool | None
    """Whether people may sync outside of the window all the same. Argo CD's default: False."""
    time_zone: str | None
    """The time zone of the schedule: `Europe/Berlin`. Argo CD's default: `UTC`."""
    and_operator: bool | None
    """Whether applications, namespaces and clusters must all fit, not one of them. Argo CD's default: False."""
    description: str | None
    """What the window is for."""
    sync_overrun: bool | None
    """Whether a sync that has begun may finish when it would no longer be allowed. Argo CD's default: False."""

class SyncWindow(_SyncWindow):
    """When Applications may, or may not, sync."""

    def __init__(self, **fields: Unpack[SyncWindowDict]) -> None:
        """When Applications may, or may not, sync."""

class AwsAuthConfigDict(TypedDict, total=False):
    cluster_name: str | None
    """The name of the EKS cluster."""
    role_arn: str | None
    """The ARN of the role to act as."""
    profile: str | None
    """The profile of AWS's settings to use."""

class AwsAuthConfig(_AwsAuthConfig):
    """Authentication to EKS."""

    def __init__(self, **fields: Unpack[AwsAuthConfigDict]) -> None:
        """Authentication to EKS."""

class ClusterConfigDict(TypedDict, total=False):
    username: str | None
    """The user to log in as."""
    password: str | None
    """The user's password."""
    bearer_token: str | None
    """The token of a service account. Instead of a user."""
    aws_auth_config: _AwsAuthConfig | AwsAuthConfigDict | Mapping[str, Any] | None
    """How to log in to EKS."""
    exec_provider_config: _ExecProviderConfig | ExecProviderConfigDict | Mapping[str, Any] | None
    """A program that prints credentials."""
    tls_client_config: _TlsClientConfig | TlsClientConfigDict | Mapping[str, Any] | None
    """How the connection is secured."""
    proxy_url: str | None
    """The URL of a proxy."""
    disable_compression: bool | None
    """Whether answers are sent without compression. Argo CD's default: False."""

class ClusterConfig(_ClusterConfig):
    """How to reach a cluster and who to be there."""

    aws_auth_config: AwsAuthConfig | None
    """How to log in to EKS."""
    exec_provider_config: ExecProviderConfig | None
    """A program that prints credentials."""
    tls_client_config: TlsClientConfig | None
    """How the connection is secured."""
    def __init__(self, **fields: Unpack[ClusterConfigDict]) -> None:
        """How to reach a cluster and who to be there."""

class ClusterSecretDict(SecretResourceDict, total=False):
    cluster_name: str | None
    """The name that destinations use. Default: the name of the Secret."""
    server: Required[str]
    """The URL of the API server."""
    config: _ClusterConfig | ClusterConfigDict | Mapping[str, Any] | str | SecretStr | None
    """How to reach the cluster and who to be there; never shown."""
    namespaces: str | Sequence[str] | None
    """The only namespaces to look at. All when left out."""
    cluster_resources: bool | str | None
    """Whether kinds without a namespace count too, when `namespaces` is given. Argo CD's default: False."""
    project: str | None
    """The AppProject that the cluster is registered for. For all when left out."""
    shard: int | str | None
    """The number of the controller that looks after the cluster. Argo CD decides when left out."""

class ClusterSecret(_ClusterSecret):
    """A cluster that Argo CD deploys to. Its labels and annotations are parameters of the clusters generator.

    ``cluster_name`` is the name that destinations use; left out, it is the name of the Secret. ``config`` is a dict or
    a :class:`ClusterConfig`, and is hidden like every secret."""

    def __init__(self, **fields: Unpack[ClusterSecretDict]) -> None:
        """A cluster that Argo CD deploys to. Its labels and annotations are parameters of the clusters generator."""

class ExecProviderConfigDict(TypedDict, total=False):
    command: Required[str]
    """The program."""
    args: Sequence[str] | None
    """The program's arguments."""
    env: Mapping[str, str] | None
    """Variables for the program."""
    api_version: str | None
    """The version of the API that it answers in: `client.authentication.k8s.io/v1beta1`."""
    install_hint: str | None
    """What to tell when the program is not there."""

class ExecProviderConfig(_ExecProviderConfig):
    """A program that prints credentials."""

    def __init__(self, **fields: Unpack[ExecProviderConfigDict]) -> None:
        """A program that prints credentials."""

class TlsClientConfigDict(TypedDict, total=False):
    insecure: bool | None
    """Whether any certificate of the server is accepted. Argo CD's default: False."""
    server_name: str | None
    """The name that the server's certificate must have. The host of the URL when left out."""
    ca_data: str | None
    """The CA of the server, in base64."""
    cert_data: str | None
    """The client certificate, in base64."""
    key_data: str | None
    """The key of the client certificate, in base64."""

class TlsClientConfig(_TlsClientConfig):
    """TLS to the API server; the data are base64."""

    def __init__(self, **fields: Unpack[TlsClientConfigDict]) -> None:
        """TLS to the API server; the data are base64."""

class RepositoryCredentialsDict(TypedDict, total=False):
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
    type: Literal["git", "helm", "oci"] | None
    """What the repository is. Argo CD takes `git` for none."""
    immutable: bool | None
    """Whether the Secret can never change. Kubernetes' default: False."""
    base64_keys: Sequence[str] | None
    """The keys that are written in base64 under `data`, and not as text under `stringData`."""
    url: Required[str]
    """The URL of the repository, or what the URLs of several begin with."""
    username: str | None
    """The user to log in as."""
    password: str | SecretStr | None
    """The user's password or access token; never shown."""
    bearer_token: str | SecretStr | None
    """The token of Bitbucket Server; never shown."""
    ssh_private_key: str | SecretStr | None
    """The SSH key; never shown."""
    tls_client_cert_data: str | None
    """The client certificate."""
    tls_client_cert_key: str | SecretStr | None
    """The key of the client certificate; never shown."""
    insecure: bool | str | None
    """Whether any certificate or host key is accepted. Argo CD's default: False."""
    enable_oci: bool | str | None
    """Whether a Helm repository is a registry. Argo CD's default: False."""
    force_http_basic_auth: bool | str | None
    """Whether user and password are sent before the server asks. Argo CD's default: False."""
    proxy: str | SecretStr | None
    """The URL of a proxy; never shown, as it may hold a password."""
    no_proxy: str | None
    """The hosts that are reached without the proxy."""
    github_app_id: int | str | None
    """The id of the GitHub App."""
    github_app_installation_id: int | str | None
    """The id of its installation. Argo CD finds it out by the organisation when left out."""
    github_app_private_key: str | SecretStr | None
    """The key of the GitHub App; never shown."""
    github_app_enterprise_base_url: str | None
    """The URL of GitHub Enterprise's API. Argo CD's default: github.com."""
    gcp_service_account_key: str | SecretStr | None
    """The key of a Google service account; never shown."""
    use_azure_workload_identity: bool | str | None
    """Whether to log in with a workload identity of Azure. Argo CD's default: False."""
    azure_service_principal_client_id: str | None
    """The client id of an Azure service principal."""
    azure_service_principal_client_secret: str | SecretStr | None
    """The client secret of an Azure service principal; never shown."""
    azure_service_principal_tenant_id: str | None
    """The tenant of an Azure service principal."""
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
    type: Literal["git", "helm", "oci"] | None
    """What the repository is. Argo CD takes `git` for none."""
    immutable: bool | None
    """Whether the Secret can never change. Kubernetes' default: False."""
    base64_keys: Sequence[str] | None
    """The keys that are written in base64 under `data`, and not as text under `stringData`."""
    url: Required[str]
    """The URL of the repository, or what the URLs of several begin with."""
    username: str | None
    """The user to log in as."""
    password: str | SecretStr | None
    """The user's password or access token; never shown."""
    bearer_token: str | SecretStr | None
    """The token of Bitbucket Server; never shown."""
    ssh_private_key: str | SecretStr | None
    """The SSH key; never shown."""
    tls_client_cert_data: str | None
    """The client certificate."""
    tls_client_cert_key: str | SecretStr | None
    """The key of the client certificate; never shown."""
    insecure: bool | str | None
    """Whether any certificate or host key is accepted. Argo CD's default: False."""
    enable_oci: bool | str | None
    """Whether a Helm repository is a registry. Argo CD's default: False."""
    force_http_basic_auth: bool | str | None
    """Whether user and password are sent before the server asks. Argo CD's default: False."""
    proxy: str | SecretStr | None
    """The URL of a proxy; never shown, as it may hold a password."""
    no_proxy: str | None
    """The hosts that are reached without the proxy."""
    github_app_id: int | str | None
    """The id of the GitHub App."""
    github_app_installation_id: int | str | None
    """The id of its installation. Argo CD finds it out by the organisation when left out."""
    github_app_private_key: str | SecretStr | None
    """The key of the GitHub App; never shown."""
    github_app_enterprise_base_url: str | None
    """The URL of GitHub Enterprise's API. Argo CD's default: github.com."""
    gcp_service_account_key: str | SecretStr | None
    """The key of a Google service account; never shown."""
    use_azure_workload_identity: bool | str | None
    """Whether to log in with a workload identity of Azure. Argo CD's default: False."""
    azure_service_principal_client_id: str | None
    """The client id of an Azure service principal."""
    azure_service_principal_client_secret: str | SecretStr | None
    """The client secret of an Azure service principal; never shown."""
    azure_service_principal_tenant_id: str | None
    """The tenant of an Azure service principal."""
    display_name: str | None
    """The name that Argo CD shows. The URL when left out."""
    project: str | None
    """The AppProject that the repository is registered for. For all when left out."""
    insecure_ignore_host_key: bool | str | None
    """Whether any host key of an SSH server is accepted. Deprecated: use `insecure`."""
    enable_lfs: bool | str | None
    """Whether Git LFS files are fetched. Argo CD's default: False."""
    depth: int | str | None
    """How many commits are fetched. All when left out."""
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
    """The type of the Secret. Kubernetes' default: `Opaque`."""
    immutable: bool | None
    """Whether the Secret can never change. Kubernetes' default: False."""
    base64_keys: Sequence[str] | None
    """The keys that are written in base64 under `data`, and not as text under `stringData`."""
