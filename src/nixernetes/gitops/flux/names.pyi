# What is imported here is a public name of the package, loaded when it is first used.

from .flux_references import (
    ConfigMapReference as ConfigMapReference,
    DependencyReference as DependencyReference,
    EventSource as EventSource,
    KubeConfig as KubeConfig,
    SecretKeyReference as SecretKeyReference,
    SecretReference as SecretReference,
)
from .health import HealthCheck as HealthCheck, HealthCheckExpr as HealthCheckExpr, health_checks as health_checks
from .helm_actions import (
    DriftDetection as DriftDetection,
    Install as Install,
    InstallRemediation as InstallRemediation,
    PostRenderer as PostRenderer,
    PostRendererKustomize as PostRendererKustomize,
    Rollback as Rollback,
    Strategy as Strategy,
    Test as Test,
    TestFilter as TestFilter,
    Uninstall as Uninstall,
    Upgrade as Upgrade,
    UpgradeRemediation as UpgradeRemediation,
    WaitStrategy as WaitStrategy,
)
from .helm_release import (
    HelmChartTemplate as HelmChartTemplate,
    HelmChartTemplateMetadata as HelmChartTemplateMetadata,
    HelmChartTemplateSource as HelmChartTemplateSource,
    HelmChartTemplateSpec as HelmChartTemplateSpec,
    HelmRelease as HelmRelease,
    ReleaseChartReference as ReleaseChartReference,
    ValuesReference as ValuesReference,
)
from .images.image_policy import (
    ImagePolicy as ImagePolicy,
    ImagePolicyChoice as ImagePolicyChoice,
    ImageRepositoryReference as ImageRepositoryReference,
    Order as Order,
    SemverPolicy as SemverPolicy,
    TagFilter as TagFilter,
)
from .images.image_repository import ImageRepository as ImageRepository
from .images.image_update_automation import (
    CommitAuthor as CommitAuthor,
    GitCheckout as GitCheckout,
    GitCommit as GitCommit,
    GitPush as GitPush,
    GitSpec as GitSpec,
    ImageUpdateAutomation as ImageUpdateAutomation,
    PolicyRequirement as PolicyRequirement,
    PolicySelector as PolicySelector,
    SigningKey as SigningKey,
    UpdateSource as UpdateSource,
    UpdateStrategy as UpdateStrategy,
)
from .kustomization import (
    Decryption as Decryption,
    Kustomization as Kustomization,
    PostBuild as PostBuild,
    SourceReference as SourceReference,
    SubstituteReference as SubstituteReference,
)
from .kustomize_parts import (
    CommonMetadata as CommonMetadata,
    IgnoreRule as IgnoreRule,
    Image as Image,
    Patch as Patch,
    Selector as Selector,
)
from .notifications.alert import Alert as Alert, ProviderReference as ProviderReference
from .notifications.provider import Provider as Provider
from .notifications.receiver import (
    OIDCProvider as OIDCProvider,
    OIDCValidation as OIDCValidation,
    OIDCVariable as OIDCVariable,
    Receiver as Receiver,
    ReceiverResource as ReceiverResource,
)
from .sources.access import AccessFrom as AccessFrom, NamespaceSelector as NamespaceSelector
from .sources.bucket import Bucket as Bucket, BucketSTS as BucketSTS
from .sources.external_artifact import ArtifactOrigin as ArtifactOrigin, ExternalArtifact as ExternalArtifact
from .sources.git_repository import (
    GitRef as GitRef,
    GitRepository as GitRepository,
    GitRepositoryInclude as GitRepositoryInclude,
    GitVerification as GitVerification,
)
from .sources.helm_chart import HelmChart as HelmChart, HelmChartSource as HelmChartSource
from .sources.helm_repository import HelmRepository as HelmRepository
from .sources.oci_repository import (
    OCILayerSelector as OCILayerSelector,
    OCIRef as OCIRef,
    OCIRepository as OCIRepository,
)
from .sources.verification import (
    ChartVerification as ChartVerification,
    OCIVerification as OCIVerification,
    OIDCIdentity as OIDCIdentity,
    ReleaseChartVerification as ReleaseChartVerification,
)
