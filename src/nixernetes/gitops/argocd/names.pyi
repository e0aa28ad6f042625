# What is imported here is a public name of the package, loaded when it is first used.

from .applications.application import Application as Application
from .applications.application_fields import (
    ApplicationFields as ApplicationFields,
    ApplicationSpec as ApplicationSpec,
    Destination as Destination,
    DrySource as DrySource,
    HydrateTo as HydrateTo,
    IgnoreDifferences as IgnoreDifferences,
    Info as Info,
    SourceHydrator as SourceHydrator,
    SyncSource as SyncSource,
)
from .applications.operation import (
    InitiatedBy as InitiatedBy,
    Operation as Operation,
    SyncOperation as SyncOperation,
    SyncOperationResource as SyncOperationResource,
    SyncStrategy as SyncStrategy,
    SyncStrategyForce as SyncStrategyForce,
)
from .applications.sources import (
    ApplicationSource as ApplicationSource,
    DirectorySource as DirectorySource,
    HelmFileParameter as HelmFileParameter,
    HelmParameter as HelmParameter,
    HelmSource as HelmSource,
    JsonnetSource as JsonnetSource,
    JsonnetVariable as JsonnetVariable,
    KustomizePatch as KustomizePatch,
    KustomizeReplica as KustomizeReplica,
    KustomizeSource as KustomizeSource,
    KustomizeTarget as KustomizeTarget,
    PluginEnv as PluginEnv,
    PluginParameter as PluginParameter,
    PluginSource as PluginSource,
)
from .applications.sync_policy import (
    Automated as Automated,
    Backoff as Backoff,
    ManagedNamespaceMetadata as ManagedNamespaceMetadata,
    RetryStrategy as RetryStrategy,
    SyncPolicy as SyncPolicy,
)
from .applicationsets.application_set import (
    ApplicationMatchExpression as ApplicationMatchExpression,
    ApplicationSet as ApplicationSet,
    ApplicationSetStrategy as ApplicationSetStrategy,
    ApplicationSetSyncPolicy as ApplicationSetSyncPolicy,
    IgnoreApplicationDifferences as IgnoreApplicationDifferences,
    PreservedFields as PreservedFields,
    RollingSync as RollingSync,
    RollingSyncStep as RollingSyncStep,
)
from .applicationsets.generator_parts import (
    ApplicationSetTemplate as ApplicationSetTemplate,
    BasicAuth as BasicAuth,
    BearerToken as BearerToken,
    ConfigMapKey as ConfigMapKey,
    LabelSelector as LabelSelector,
    SecretKey as SecretKey,
    SelectorRequirement as SelectorRequirement,
    TemplateMetadata as TemplateMetadata,
)
from .applicationsets.generators import (
    ClusterDecisionResourceGenerator as ClusterDecisionResourceGenerator,
    ClustersGenerator as ClustersGenerator,
    Generator as Generator,
    GitDirectory as GitDirectory,
    GitFile as GitFile,
    GitGenerator as GitGenerator,
    ListGenerator as ListGenerator,
    MatrixGenerator as MatrixGenerator,
    MergeGenerator as MergeGenerator,
    PluginConfigMap as PluginConfigMap,
    PluginGenerator as PluginGenerator,
    PluginInput as PluginInput,
)
from .applicationsets.pull_request import (
    PullRequestAzureDevOps as PullRequestAzureDevOps,
    PullRequestBitbucket as PullRequestBitbucket,
    PullRequestBitbucketServer as PullRequestBitbucketServer,
    PullRequestFilter as PullRequestFilter,
    PullRequestGenerator as PullRequestGenerator,
    PullRequestGitea as PullRequestGitea,
    PullRequestGithub as PullRequestGithub,
    PullRequestGitlab as PullRequestGitlab,
)
from .applicationsets.scm_provider import (
    AwsTagFilter as AwsTagFilter,
    ScmAwsCodeCommit as ScmAwsCodeCommit,
    ScmAzureDevOps as ScmAzureDevOps,
    ScmBitbucket as ScmBitbucket,
    ScmBitbucketServer as ScmBitbucketServer,
    ScmFilter as ScmFilter,
    ScmGitea as ScmGitea,
    ScmGithub as ScmGithub,
    ScmGitlab as ScmGitlab,
    ScmProviderGenerator as ScmProviderGenerator,
)
from .notifications.notifications import (
    NotificationsConfig as NotificationsConfig,
    Subscription as Subscription,
    TriggerCondition as TriggerCondition,
)
from .projects.app_project import (
    AppProject as AppProject,
    ClusterResource as ClusterResource,
    DestinationServiceAccount as DestinationServiceAccount,
    GitSourceIntegrity as GitSourceIntegrity,
    GpgPolicy as GpgPolicy,
    IntegrityPolicy as IntegrityPolicy,
    IntegrityRepository as IntegrityRepository,
    JwtToken as JwtToken,
    NamespaceResource as NamespaceResource,
    OrphanedResource as OrphanedResource,
    OrphanedResources as OrphanedResources,
    ProjectDestination as ProjectDestination,
    ProjectRole as ProjectRole,
    SignatureKey as SignatureKey,
    SourceIntegrity as SourceIntegrity,
    SyncWindow as SyncWindow,
)
from .secrets.cluster_secret import (
    AwsAuthConfig as AwsAuthConfig,
    ClusterConfig as ClusterConfig,
    ClusterSecret as ClusterSecret,
    ExecProviderConfig as ExecProviderConfig,
    TlsClientConfig as TlsClientConfig,
)
from .secrets.repository_secrets import (
    RepositoryCredentials as RepositoryCredentials,
    RepositorySecret as RepositorySecret,
)
from .secrets.secret_resource import Count as Count, Flag as Flag, SecretResource as SecretResource
