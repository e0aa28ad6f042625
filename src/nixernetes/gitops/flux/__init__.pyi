# Made by scripts/make_vocabulary_stubs.py: change the models, and run it.

from collections.abc import Mapping, Sequence
from typing import Any, Literal, Required, TypedDict, Unpack

from nixernetes.gitops import ResourceDict
from nixernetes.gitops.flux.flux_references import (
    ConfigMapReference as _ConfigMapReference,
    DependencyReference as _DependencyReference,
    EventSource as _EventSource,
    KubeConfig as _KubeConfig,
    SecretKeyReference as _SecretKeyReference,
    SecretReference as _SecretReference,
)
from nixernetes.gitops.flux.health import HealthCheck as _HealthCheck, HealthCheckExpr as _HealthCheckExpr
from nixernetes.gitops.flux.helm_actions import (
    DriftDetection as _DriftDetection,
    Install as _Install,
    InstallRemediation as _InstallRemediation,
    PostRenderer as _PostRenderer,
    PostRendererKustomize as _PostRendererKustomize,
    Rollback as _Rollback,
    Strategy as _Strategy,
    Test as _Test,
    TestFilter as _TestFilter,
    Uninstall as _Uninstall,
    Upgrade as _Upgrade,
    UpgradeRemediation as _UpgradeRemediation,
    WaitStrategy as _WaitStrategy,
)
from nixernetes.gitops.flux.helm_release import (
    HelmChartTemplate as _HelmChartTemplate,
    HelmChartTemplateMetadata as _HelmChartTemplateMetadata,
    HelmChartTemplateSource as _HelmChartTemplateSource,
    HelmChartTemplateSpec as _HelmChartTemplateSpec,
    HelmRelease as _HelmRelease,
    ReleaseChartReference as _ReleaseChartReference,
    ValuesReference as _ValuesReference,
)
from nixernetes.gitops.flux.images.image_policy import (
    ImagePolicy as _ImagePolicy,
    ImagePolicyChoice as _ImagePolicyChoice,
    ImageRepositoryReference as _ImageRepositoryReference,
    Order as _Order,
    SemverPolicy as _SemverPolicy,
    TagFilter as _TagFilter,
)
from nixernetes.gitops.flux.images.image_repository import ImageRepository as _ImageRepository
from nixernetes.gitops.flux.images.image_update_automation import (
    CommitAuthor as _CommitAuthor,
    GitCheckout as _GitCheckout,
    GitCommit as _GitCommit,
    GitPush as _GitPush,
    GitSpec as _GitSpec,
    ImageUpdateAutomation as _ImageUpdateAutomation,
    PolicyRequirement as _PolicyRequirement,
    PolicySelector as _PolicySelector,
    SigningKey as _SigningKey,
    UpdateSource as _UpdateSource,
    UpdateStrategy as _UpdateStrategy,
)
from nixernetes.gitops.flux.kustomization import (
    Decryption as _Decryption,
    Kustomization as _Kustomization,
    PostBuild as _PostBuild,
    SourceReference as _SourceReference,
    SubstituteReference as _SubstituteReference,
)
from nixernetes.gitops.flux.kustomize_parts import (
    CommonMetadata as _CommonMetadata,
    IgnoreRule as _IgnoreRule,
    Image as _Image,
    Patch as _Patch,
    Selector as _Selector,
)
from nixernetes.gitops.flux.notifications.alert import Alert as _Alert, ProviderReference as _ProviderReference
from nixernetes.gitops.flux.notifications.provider import Provider as _Provider
from nixernetes.gitops.flux.notifications.receiver import (
    OIDCProvider as _OIDCProvider,
    OIDCValidation as _OIDCValidation,
    OIDCVariable as _OIDCVariable,
    Receiver as _Receiver,
    ReceiverResource as _ReceiverResource,
)
from nixernetes.gitops.flux.sources.access import AccessFrom as _AccessFrom, NamespaceSelector as _NamespaceSelector
from nixernetes.gitops.flux.sources.bucket import Bucket as _Bucket, BucketSTS as _BucketSTS
from nixernetes.gitops.flux.sources.external_artifact import (
    ArtifactOrigin as _ArtifactOrigin,
    ExternalArtifact as _ExternalArtifact,
)
from nixernetes.gitops.flux.sources.git_repository import (
    GitRef as _GitRef,
    GitRepository as _GitRepository,
    GitRepositoryInclude as _GitRepositoryInclude,
    GitRepositoryReference as _GitRepositoryReference,
    GitVerification as _GitVerification,
)
from nixernetes.gitops.flux.sources.helm_chart import HelmChart as _HelmChart, HelmChartSource as _HelmChartSource
from nixernetes.gitops.flux.sources.helm_repository import HelmRepository as _HelmRepository
from nixernetes.gitops.flux.sources.oci_repository import (
    OCILayerSelector as _OCILayerSelector,
    OCIRef as _OCIRef,
    OCIRepository as _OCIRepository,
)
from nixernetes.gitops.flux.sources.verification import (
    ChartVerification as _ChartVerification,
    OCIVerification as _OCIVerification,
    OIDCIdentity as _OIDCIdentity,
    ReleaseChartVerification as _ReleaseChartVerification,
)
from nixernetes.gitops.resource import Resource as _Resource

from .health import health_checks as health_checks

class ConfigMapReferenceDict(TypedDict, total=False):
    name: Required[str]

class ConfigMapReference(_ConfigMapReference):
    """A ConfigMap in the same namespace."""

    def __init__(self, **fields: Unpack[ConfigMapReferenceDict]) -> None:
        """A ConfigMap in the same namespace."""

class DependencyReferenceDict(TypedDict, total=False):
    name: Required[str]
    namespace: str | None
    ready_expr: str | None

class DependencyReference(_DependencyReference):
    """An object of the same kind that must be ready first."""

    def __init__(self, **fields: Unpack[DependencyReferenceDict]) -> None:
        """An object of the same kind that must be ready first."""

class EventSourceDict(TypedDict, total=False):
    api_version: str | None
    kind: Required[
        Literal[
            "Bucket",
            "GitRepository",
            "Kustomization",
            "HelmRelease",
            "HelmChart",
            "HelmRepository",
            "ImageRepository",
            "ImagePolicy",
            "ImageUpdateAutomation",
            "OCIRepository",
            "ArtifactGenerator",
            "ExternalArtifact",
        ]
    ]
    name: Required[str]
    namespace: str | None
    match_labels: Mapping[str, str] | None

class EventSource(_EventSource):
    """An object, or with the name ``*`` all objects of a kind (that have the labels)."""

    def __init__(self, **fields: Unpack[EventSourceDict]) -> None:
        """An object, or with the name ``*`` all objects of a kind (that have the labels)."""

class KubeConfigDict(TypedDict, total=False):
    config_map_ref: _ConfigMapReference | ConfigMapReferenceDict | Mapping[str, Any] | str | None
    secret_ref: _SecretKeyReference | SecretKeyReferenceDict | Mapping[str, Any] | str | None

class KubeConfig(_KubeConfig):
    """How to reach another cluster: by a kubeconfig in a Secret, or by workload identity in a ConfigMap."""

    config_map_ref: ConfigMapReference | None
    secret_ref: SecretKeyReference | None
    def __init__(self, **fields: Unpack[KubeConfigDict]) -> None:
        """How to reach another cluster: by a kubeconfig in a Secret, or by workload identity in a ConfigMap."""

class SecretKeyReferenceDict(SecretReferenceDict, total=False):
    key: str | None

class SecretKeyReference(_SecretKeyReference, SecretReference):
    """A key of a Secret in the same namespace."""

    def __init__(self, **fields: Unpack[SecretKeyReferenceDict]) -> None:
        """A key of a Secret in the same namespace."""

class SecretReferenceDict(TypedDict, total=False):
    name: Required[str]

class SecretReference(_SecretReference):
    """A Secret in the same namespace."""

    def __init__(self, **fields: Unpack[SecretReferenceDict]) -> None:
        """A Secret in the same namespace."""

class FluxResourceDict(ResourceDict, total=False): ...
class FluxSourceDict(FluxResourceDict, total=False): ...

class HealthCheckDict(TypedDict, total=False):
    api_version: str | None
    kind: Required[str]
    name: Required[str]
    namespace: str | None

class HealthCheck(_HealthCheck):
    """One object that must be healthy."""

    def __init__(self, **fields: Unpack[HealthCheckDict]) -> None:
        """One object that must be healthy."""

class HealthCheckExprDict(TypedDict, total=False):
    api_version: Required[str]
    kind: str | None
    current: Required[str]
    in_progress: str | None
    failed: str | None

class HealthCheckExpr(_HealthCheckExpr):
    """CEL expressions that tell the health of a kind."""

    def __init__(self, **fields: Unpack[HealthCheckExprDict]) -> None:
        """CEL expressions that tell the health of a kind."""

class DriftDetectionDict(TypedDict, total=False):
    mode: Literal["enabled", "warn", "disabled"] | None
    ignore: Sequence[_IgnoreRule | IgnoreRuleDict | Mapping[str, Any]] | None

class DriftDetection(_DriftDetection):
    """Whether changes made by others are reported (warn) or undone (enabled)."""

    ignore: tuple[IgnoreRule, ...] | None
    def __init__(self, **fields: Unpack[DriftDetectionDict]) -> None:
        """Whether changes made by others are reported (warn) or undone (enabled)."""

class InstallDict(TypedDict, total=False):
    timeout: str | None
    remediation: _InstallRemediation | InstallRemediationDict | Mapping[str, Any] | None
    strategy: _Strategy | StrategyDict | Mapping[str, Any] | None
    crds: Literal["Skip", "Create", "CreateReplace"] | None
    create_namespace: bool | None
    disable_hooks: bool | None
    disable_open_api_validation: bool | None
    disable_schema_validation: bool | None
    disable_take_ownership: bool | None
    disable_wait: bool | None
    disable_wait_for_jobs: bool | None
    replace: bool | None
    server_side_apply: bool | None
    skip_crds: bool | None

class Install(_Install):
    """The first installation."""

    remediation: InstallRemediation | None
    strategy: Strategy | None
    def __init__(self, **fields: Unpack[InstallDict]) -> None:
        """The first installation."""

class InstallRemediationDict(TypedDict, total=False):
    retries: int | None
    ignore_test_failures: bool | None
    remediate_last_failure: bool | None

class InstallRemediation(_InstallRemediation):
    """What to do after a failed installation: ``retries`` more attempts, without end when negative."""

    def __init__(self, **fields: Unpack[InstallRemediationDict]) -> None:
        """What to do after a failed installation: ``retries`` more attempts, without end when negative."""

class PostRendererDict(TypedDict, total=False):
    kustomize: _PostRendererKustomize | PostRendererKustomizeDict | Mapping[str, Any] | None

class PostRenderer(_PostRenderer):
    """A change to what the chart rendered."""

    kustomize: PostRendererKustomize | None
    def __init__(self, **fields: Unpack[PostRendererDict]) -> None:
        """A change to what the chart rendered."""

class PostRendererKustomizeDict(TypedDict, total=False):
    patches: Sequence[_Patch | PatchDict | Mapping[str, Any]] | None
    images: Sequence[_Image | ImageDict | Mapping[str, Any]] | None

class PostRendererKustomize(_PostRendererKustomize):
    """Patches and images for what the chart rendered."""

    patches: tuple[Patch, ...] | None
    images: tuple[Image, ...] | None
    def __init__(self, **fields: Unpack[PostRendererKustomizeDict]) -> None:
        """Patches and images for what the chart rendered."""

class RollbackDict(TypedDict, total=False):
    timeout: str | None
    cleanup_on_fail: bool | None
    disable_hooks: bool | None
    disable_wait: bool | None
    disable_wait_for_jobs: bool | None
    force: bool | None
    recreate: bool | None
    server_side_apply: Literal["enabled", "disabled", "auto"] | None

class Rollback(_Rollback):
    """The way back after a failed upgrade."""

    def __init__(self, **fields: Unpack[RollbackDict]) -> None:
        """The way back after a failed upgrade."""

class StrategyDict(TypedDict, total=False):
    name: Required[Literal["RemediateOnFailure", "RetryOnFailure"]]
    retry_interval: str | None

class Strategy(_Strategy):
    """Whether a failure is undone (RemediateOnFailure) or tried again (RetryOnFailure, every ``retry_interval``)."""

    def __init__(self, **fields: Unpack[StrategyDict]) -> None:
        """Whether a failure is undone (RemediateOnFailure) or tried again (RetryOnFailure, every ``retry_interval``)."""

class TestDict(TypedDict, total=False):
    enable: bool | None
    timeout: str | None
    ignore_failures: bool | None
    filters: Sequence[_TestFilter | TestFilterDict | Mapping[str, Any]] | None

class Test(_Test):
    """The tests of the chart."""

    filters: tuple[TestFilter, ...] | None
    def __init__(self, **fields: Unpack[TestDict]) -> None:
        """The tests of the chart."""

class TestFilterDict(TypedDict, total=False):
    name: Required[str]
    exclude: bool | None

class TestFilter(_TestFilter):
    """One test of the chart, to be run or left out."""

    def __init__(self, **fields: Unpack[TestFilterDict]) -> None:
        """One test of the chart, to be run or left out."""

class UninstallDict(TypedDict, total=False):
    timeout: str | None
    deletion_propagation: Literal["background", "foreground", "orphan"] | None
    disable_hooks: bool | None
    disable_wait: bool | None
    keep_history: bool | None

class Uninstall(_Uninstall):
    """The removal."""

    def __init__(self, **fields: Unpack[UninstallDict]) -> None:
        """The removal."""

class UpgradeDict(TypedDict, total=False):
    timeout: str | None
    remediation: _UpgradeRemediation | UpgradeRemediationDict | Mapping[str, Any] | None
    strategy: _Strategy | StrategyDict | Mapping[str, Any] | None
    crds: Literal["Skip", "Create", "CreateReplace"] | None
    chart_name_change_strategy: Literal["InPlaceUpdate", "Reinstall"] | None
    cleanup_on_fail: bool | None
    disable_hooks: bool | None
    disable_open_api_validation: bool | None
    disable_schema_validation: bool | None
    disable_take_ownership: bool | None
    disable_wait: bool | None
    disable_wait_for_jobs: bool | None
    force: bool | None
    preserve_values: bool | None
    server_side_apply: Literal["enabled", "disabled", "auto"] | None

class Upgrade(_Upgrade):
    """Every later version."""

    remediation: UpgradeRemediation | None
    strategy: Strategy | None
    def __init__(self, **fields: Unpack[UpgradeDict]) -> None:
        """Every later version."""

class UpgradeRemediationDict(InstallRemediationDict, total=False):
    strategy: Literal["rollback", "uninstall"] | None

class UpgradeRemediation(_UpgradeRemediation, InstallRemediation):
    """What to do after a failed upgrade: roll back or uninstall, then ``retries`` more attempts."""

    def __init__(self, **fields: Unpack[UpgradeRemediationDict]) -> None:
        """What to do after a failed upgrade: roll back or uninstall, then ``retries`` more attempts."""

class WaitStrategyDict(TypedDict, total=False):
    name: Required[Literal["poller", "legacy"]]

class WaitStrategy(_WaitStrategy):
    """How Helm waits: by polling the status of objects, or in its older way."""

    def __init__(self, **fields: Unpack[WaitStrategyDict]) -> None:
        """How Helm waits: by polling the status of objects, or in its older way."""

class HelmChartTemplateDict(TypedDict, total=False):
    metadata: _HelmChartTemplateMetadata | HelmChartTemplateMetadataDict | Mapping[str, Any] | None
    spec: Required[_HelmChartTemplateSpec | HelmChartTemplateSpecDict | Mapping[str, Any]]

class HelmChartTemplate(_HelmChartTemplate):
    """The HelmChart that Flux makes for the release."""

    metadata: HelmChartTemplateMetadata | None
    spec: HelmChartTemplateSpec
    def __init__(self, **fields: Unpack[HelmChartTemplateDict]) -> None:
        """The HelmChart that Flux makes for the release."""

class HelmChartTemplateMetadataDict(TypedDict, total=False):
    labels: Mapping[str, str] | None
    annotations: Mapping[str, str] | None

class HelmChartTemplateMetadata(_HelmChartTemplateMetadata):
    """Labels and annotations of the HelmChart that Flux makes."""

    def __init__(self, **fields: Unpack[HelmChartTemplateMetadataDict]) -> None:
        """Labels and annotations of the HelmChart that Flux makes."""

class HelmChartTemplateSourceDict(TypedDict, total=False):
    api_version: str | None
    kind: Required[Literal["HelmRepository", "GitRepository", "Bucket"]]
    name: Required[str]
    namespace: str | None

class HelmChartTemplateSource(_HelmChartTemplateSource):
    """Where the chart comes from."""

    def __init__(self, **fields: Unpack[HelmChartTemplateSourceDict]) -> None:
        """Where the chart comes from."""

class HelmChartTemplateSpecDict(TypedDict, total=False):
    chart: Required[str]
    version: str | None
    source_ref: Required[
        _HelmChartTemplateSource
        | HelmChartTemplateSourceDict
        | Mapping[str, Any]
        | _Bucket
        | _GitRepository
        | _HelmRepository
    ]
    interval: str | None
    reconcile_strategy: Literal["ChartVersion", "Revision"] | None
    values_files: Sequence[str] | None
    ignore_missing_values_files: bool | None
    verify: _ReleaseChartVerification | ReleaseChartVerificationDict | Mapping[str, Any] | None

class HelmChartTemplateSpec(_HelmChartTemplateSpec):
    """The chart: its name (or path) in the source, its version, its values files."""

    source_ref: HelmChartTemplateSource
    verify: ReleaseChartVerification | None
    def __init__(self, **fields: Unpack[HelmChartTemplateSpecDict]) -> None:
        """The chart: its name (or path) in the source, its version, its values files."""

class HelmReleaseDict(FluxResourceDict, total=False):
    interval: str | None
    chart: str | FlatChartDict | _HelmChartTemplate | HelmChartTemplateDict | Mapping[str, Any] | None
    chart_ref: (
        _ReleaseChartReference
        | ReleaseChartReferenceDict
        | Mapping[str, Any]
        | _ExternalArtifact
        | _HelmChart
        | _OCIRepository
        | None
    )
    release_name: str | None
    target_namespace: str | None
    storage_namespace: str | None
    depends_on: Sequence[_DependencyReference | DependencyReferenceDict | Mapping[str, Any] | str | _HelmRelease] | None
    timeout: str | None
    max_history: int | None
    suspend: bool | None
    service_account_name: str | None
    persistent_client: bool | None
    kube_config: _KubeConfig | KubeConfigDict | Mapping[str, Any] | None
    install: _Install | InstallDict | Mapping[str, Any] | None
    upgrade: _Upgrade | UpgradeDict | Mapping[str, Any] | None
    test: _Test | TestDict | Mapping[str, Any] | None
    rollback: _Rollback | RollbackDict | Mapping[str, Any] | None
    uninstall: _Uninstall | UninstallDict | Mapping[str, Any] | None
    drift_detection: _DriftDetection | DriftDetectionDict | Mapping[str, Any] | None
    values_from: Sequence[_ValuesReference | ValuesReferenceDict | Mapping[str, Any]] | None
    values: Mapping[str, Any] | None
    post_renderers: Sequence[_PostRenderer | PostRendererDict | Mapping[str, Any]] | None
    post_render_strategy: Literal["nohooks", "combined", "separate"] | None
    wait_strategy: _WaitStrategy | WaitStrategyDict | Mapping[str, Any] | None
    common_metadata: _CommonMetadata | CommonMetadataDict | Mapping[str, Any] | None
    health_check_exprs: Sequence[_HealthCheckExpr | HealthCheckExprDict | Mapping[str, Any]] | None
    source_ref: (
        _HelmChartTemplateSource
        | HelmChartTemplateSourceDict
        | Mapping[str, Any]
        | _Bucket
        | _GitRepository
        | _HelmRepository
        | None
    )
    """The source of a chart that is written flat: `chart.spec.sourceRef`."""

class HelmRelease(_HelmRelease):
    """A Helm chart, released into ``namespace``.

    The chart is given as Flux has it (``chart={"spec": {...}}``) or flat, with ``source_ref`` beside it:

    >>> release = HelmRelease(
    ...     name="postgres",
    ...     namespace="databases",
    ...     chart={"name": "postgresql", "version": "13.0.0"},
    ...     source_ref={"kind": "HelmRepository", "name": "bitnami"},
    ... )
    >>> release.chart.spec.chart
    'postgresql'
    """

    chart: HelmChartTemplate | None
    chart_ref: ReleaseChartReference | None
    depends_on: tuple[DependencyReference, ...] | None
    kube_config: KubeConfig | None
    install: Install | None
    upgrade: Upgrade | None
    test: Test | None
    rollback: Rollback | None
    uninstall: Uninstall | None
    drift_detection: DriftDetection | None
    values_from: tuple[ValuesReference, ...] | None
    post_renderers: tuple[PostRenderer, ...] | None
    wait_strategy: WaitStrategy | None
    common_metadata: CommonMetadata | None
    health_check_exprs: tuple[HealthCheckExpr, ...] | None
    def __init__(self, **fields: Unpack[HelmReleaseDict]) -> None:
        """A Helm chart, released into ``namespace``."""

class ReleaseChartReferenceDict(TypedDict, total=False):
    api_version: str | None
    kind: Required[Literal["OCIRepository", "HelmChart", "ExternalArtifact"]]
    name: Required[str]
    namespace: str | None

class ReleaseChartReference(_ReleaseChartReference):
    """A chart that is declared as an object of its own."""

    def __init__(self, **fields: Unpack[ReleaseChartReferenceDict]) -> None:
        """A chart that is declared as an object of its own."""

class ValuesReferenceDict(TypedDict, total=False):
    kind: Required[Literal["Secret", "ConfigMap"]]
    name: Required[str]
    values_key: str | None
    target_path: str | None
    optional: bool | None
    literal: bool | None

class ValuesReference(_ValuesReference):
    """Values in a ConfigMap or Secret: a whole file, or one value for ``target_path``."""

    def __init__(self, **fields: Unpack[ValuesReferenceDict]) -> None:
        """Values in a ConfigMap or Secret: a whole file, or one value for ``target_path``."""

class ImagePolicyDict(FluxResourceDict, total=False):
    image_repository_ref: Required[
        _ImageRepositoryReference | ImageRepositoryReferenceDict | Mapping[str, Any] | str | _ImageRepository
    ]
    policy: Required[_ImagePolicyChoice | ImagePolicyChoiceDict | Mapping[str, Any]]
    filter_tags: _TagFilter | TagFilterDict | Mapping[str, Any] | None
    digest_reflection_policy: Literal["Always", "IfNotPresent", "Never"] | None
    interval: str | None
    suspend: bool | None

class ImagePolicy(_ImagePolicy):
    """Selects the latest tag of an image."""

    image_repository_ref: ImageRepositoryReference
    policy: ImagePolicyChoice
    filter_tags: TagFilter | None
    def __init__(self, **fields: Unpack[ImagePolicyDict]) -> None:
        """Selects the latest tag of an image."""

class ImagePolicyChoiceDict(TypedDict, total=False):
    semver: _SemverPolicy | SemverPolicyDict | Mapping[str, Any] | None
    alphabetical: _Order | OrderDict | Mapping[str, Any] | None
    numerical: _Order | OrderDict | Mapping[str, Any] | None

class ImagePolicyChoice(_ImagePolicyChoice):
    """How tags are compared: exactly one way."""

    semver: SemverPolicy | None
    alphabetical: Order | None
    numerical: Order | None
    def __init__(self, **fields: Unpack[ImagePolicyChoiceDict]) -> None:
        """How tags are compared: exactly one way."""

class ImageRepositoryReferenceDict(TypedDict, total=False):
    name: Required[str]
    namespace: str | None

class ImageRepositoryReference(_ImageRepositoryReference):
    """The image whose tags are compared."""

    def __init__(self, **fields: Unpack[ImageRepositoryReferenceDict]) -> None:
        """The image whose tags are compared."""

class OrderDict(TypedDict, total=False):
    order: Literal["asc", "desc"] | None

class Order(_Order):
    """The last tag in alphabetical or numerical order, ascending unless told otherwise."""

    def __init__(self, **fields: Unpack[OrderDict]) -> None:
        """The last tag in alphabetical or numerical order, ascending unless told otherwise."""

class SemverPolicyDict(TypedDict, total=False):
    range: Required[str]

class SemverPolicy(_SemverPolicy):
    """The highest version in a range."""

    def __init__(self, **fields: Unpack[SemverPolicyDict]) -> None:
        """The highest version in a range."""

class TagFilterDict(TypedDict, total=False):
    pattern: str | None
    extract: str | None

class TagFilter(_TagFilter):
    """A regular expression for the tags, and what of it is compared: ``pattern="^(?P<n>.*)-rc$", extract="$n"``."""

    def __init__(self, **fields: Unpack[TagFilterDict]) -> None:
        """A regular expression for the tags, and what of it is compared: ``pattern="^(?P<n>.*)-rc$", extract="$n"``."""

class ImageRepositoryDict(FluxSourceDict, total=False):
    image: Required[str]
    interval: str | None
    timeout: str | None
    secret_ref: _SecretReference | SecretReferenceDict | Mapping[str, Any] | str | None
    cert_secret_ref: _SecretReference | SecretReferenceDict | Mapping[str, Any] | str | None
    proxy_secret_ref: _SecretReference | SecretReferenceDict | Mapping[str, Any] | str | None
    service_account_name: str | None
    provider: Literal["generic", "aws", "azure", "gcp"] | None
    exclusion_list: Sequence[str] | None
    access_from: _AccessFrom | AccessFromDict | Mapping[str, Any] | None
    insecure: bool | None
    suspend: bool | None

class ImageRepository(_ImageRepository):
    """A container image whose tags Flux scans."""

    secret_ref: SecretReference | None
    cert_secret_ref: SecretReference | None
    proxy_secret_ref: SecretReference | None
    access_from: AccessFrom | None
    def __init__(self, **fields: Unpack[ImageRepositoryDict]) -> None:
        """A container image whose tags Flux scans."""

class CommitAuthorDict(TypedDict, total=False):
    email: Required[str]
    name: str | None

class CommitAuthor(_CommitAuthor):
    """Who commits."""

    def __init__(self, **fields: Unpack[CommitAuthorDict]) -> None:
        """Who commits."""

class GitCheckoutDict(TypedDict, total=False):
    ref: Required[_GitRef | GitRefDict | Mapping[str, Any]]

class GitCheckout(_GitCheckout):
    """What to change; the repository's own ``ref`` when it is left out."""

    ref: GitRef
    def __init__(self, **fields: Unpack[GitCheckoutDict]) -> None:
        """What to change; the repository's own ``ref`` when it is left out."""

class GitCommitDict(TypedDict, total=False):
    author: Required[_CommitAuthor | CommitAuthorDict | Mapping[str, Any]]
    message_template: str | None
    message_template_values: Mapping[str, str] | None
    signing_key: _SigningKey | SigningKeyDict | Mapping[str, Any] | None

class GitCommit(_GitCommit):
    """The commit: its author and message."""

    author: CommitAuthor
    signing_key: SigningKey | None
    def __init__(self, **fields: Unpack[GitCommitDict]) -> None:
        """The commit: its author and message."""

class GitPushDict(TypedDict, total=False):
    branch: str | None
    refspec: str | None
    options: Mapping[str, str] | None

class GitPush(_GitPush):
    """Where the commit goes; the branch that was checked out when it is left out."""

    def __init__(self, **fields: Unpack[GitPushDict]) -> None:
        """Where the commit goes; the branch that was checked out when it is left out."""

class GitSpecDict(TypedDict, total=False):
    checkout: _GitCheckout | GitCheckoutDict | Mapping[str, Any] | None
    commit: Required[_GitCommit | GitCommitDict | Mapping[str, Any]]
    push: _GitPush | GitPushDict | Mapping[str, Any] | None

class GitSpec(_GitSpec):
    """How to check out, commit and push."""

    checkout: GitCheckout | None
    commit: GitCommit
    push: GitPush | None
    def __init__(self, **fields: Unpack[GitSpecDict]) -> None:
        """How to check out, commit and push."""

class ImageUpdateAutomationDict(FluxSourceDict, total=False):
    interval: str | None
    source_ref: Required[_UpdateSource | UpdateSourceDict | Mapping[str, Any] | str | _GitRepository]
    git: _GitSpec | GitSpecDict | Mapping[str, Any] | None
    policy_selector: _PolicySelector | PolicySelectorDict | Mapping[str, Any] | None
    update: _UpdateStrategy | UpdateStrategyDict | Mapping[str, Any] | None
    suspend: bool | None

class ImageUpdateAutomation(_ImageUpdateAutomation):
    """Writes the latest image tags into a Git repository."""

    source_ref: UpdateSource
    git: GitSpec | None
    policy_selector: PolicySelector | None
    update: UpdateStrategy | None
    def __init__(self, **fields: Unpack[ImageUpdateAutomationDict]) -> None:
        """Writes the latest image tags into a Git repository."""

class PolicyRequirementDict(TypedDict, total=False):
    key: Required[str]
    operator: Required[str]
    values: Sequence[str] | None

class PolicyRequirement(_PolicyRequirement):
    """A condition on a label: In, NotIn, Exists, DoesNotExist."""

    def __init__(self, **fields: Unpack[PolicyRequirementDict]) -> None:
        """A condition on a label: In, NotIn, Exists, DoesNotExist."""

class PolicySelectorDict(TypedDict, total=False):
    match_labels: Mapping[str, str] | None
    match_expressions: Sequence[_PolicyRequirement | PolicyRequirementDict | Mapping[str, Any]] | None

class PolicySelector(_PolicySelector):
    """ImagePolicies with these labels."""

    match_expressions: tuple[PolicyRequirement, ...] | None
    def __init__(self, **fields: Unpack[PolicySelectorDict]) -> None:
        """ImagePolicies with these labels."""

class SigningKeyDict(TypedDict, total=False):
    type: Literal["gpg", "ssh"] | None
    secret_ref: Required[_SecretReference | SecretReferenceDict | Mapping[str, Any] | str]

class SigningKey(_SigningKey):
    """The key that signs commits."""

    secret_ref: SecretReference
    def __init__(self, **fields: Unpack[SigningKeyDict]) -> None:
        """The key that signs commits."""

class UpdateSourceDict(TypedDict, total=False):
    api_version: str | None
    kind: Literal["GitRepository"] | None
    name: Required[str]
    namespace: str | None

class UpdateSource(_UpdateSource):
    """The repository that is changed."""

    def __init__(self, **fields: Unpack[UpdateSourceDict]) -> None:
        """The repository that is changed."""

class UpdateStrategyDict(TypedDict, total=False):
    strategy: Literal["Setters"] | None
    path: str | None

class UpdateStrategy(_UpdateStrategy):
    """How files are changed: at setter comments, below ``path``."""

    def __init__(self, **fields: Unpack[UpdateStrategyDict]) -> None:
        """How files are changed: at setter comments, below ``path``."""

class DecryptionDict(TypedDict, total=False):
    provider: Required[Literal["sops"]]
    secret_ref: _SecretReference | SecretReferenceDict | Mapping[str, Any] | str | None
    service_account_name: str | None

class Decryption(_Decryption):
    """How to decrypt the Secrets in the repository."""

    secret_ref: SecretReference | None
    def __init__(self, **fields: Unpack[DecryptionDict]) -> None:
        """How to decrypt the Secrets in the repository."""

class KustomizationDict(FluxResourceDict, total=False):
    interval: str | None
    retry_interval: str | None
    timeout: str | None
    source_ref: Required[
        _SourceReference
        | SourceReferenceDict
        | Mapping[str, Any]
        | _Bucket
        | _ExternalArtifact
        | _GitRepository
        | _OCIRepository
    ]
    path: str | None
    prune: bool | None
    deletion_policy: Literal["MirrorPrune", "Delete", "WaitForTermination", "Orphan"] | None
    wait: bool | None
    force: bool | None
    suspend: bool | None
    depends_on: (
        Sequence[_DependencyReference | DependencyReferenceDict | Mapping[str, Any] | str | _Kustomization] | None
    )
    health_checks: Sequence[_HealthCheck | HealthCheckDict | Mapping[str, Any]] | None
    health_check_exprs: Sequence[_HealthCheckExpr | HealthCheckExprDict | Mapping[str, Any]] | None
    target_namespace: str | None
    name_prefix: str | None
    name_suffix: str | None
    common_metadata: _CommonMetadata | CommonMetadataDict | Mapping[str, Any] | None
    patches: Sequence[_Patch | PatchDict | Mapping[str, Any]] | None
    images: Sequence[_Image | ImageDict | Mapping[str, Any]] | None
    components: Sequence[str] | None
    ignore_missing_components: bool | None
    build_metadata: Sequence[Literal["originAnnotations", "transformerAnnotations"]] | None
    post_build: _PostBuild | PostBuildDict | Mapping[str, Any] | None
    decryption: _Decryption | DecryptionDict | Mapping[str, Any] | None
    service_account_name: str | None
    kube_config: _KubeConfig | KubeConfigDict | Mapping[str, Any] | None
    ignore: Sequence[_IgnoreRule | IgnoreRuleDict | Mapping[str, Any]] | None
    health: (
        _HealthCheck
        | HealthCheckDict
        | Mapping[str, Any]
        | _Resource
        | Sequence[_HealthCheck | HealthCheckDict | Mapping[str, Any] | _Resource]
        | None
    )
    """Objects that must be healthy, as `health_checks` with API version and namespace filled in."""

class Kustomization(_Kustomization):
    """A folder of a source, applied every ``interval``.

    ``health`` takes what must be healthy (``health_checks(kind=..., name=...)``, dicts, resources) and lands in
    ``spec.healthChecks`` with API version and namespace: the ``target_namespace``, else the Kustomization's own.

    >>> Kustomization(name="apps", source_ref={"kind": "GitRepository", "name": "apps"}, path="./apps").prune
    True
    """

    source_ref: SourceReference
    depends_on: tuple[DependencyReference, ...] | None
    health_checks: tuple[HealthCheck, ...] | None
    health_check_exprs: tuple[HealthCheckExpr, ...] | None
    common_metadata: CommonMetadata | None
    patches: tuple[Patch, ...] | None
    images: tuple[Image, ...] | None
    post_build: PostBuild | None
    decryption: Decryption | None
    kube_config: KubeConfig | None
    ignore: tuple[IgnoreRule, ...] | None
    def __init__(self, **fields: Unpack[KustomizationDict]) -> None:
        """A folder of a source, applied every ``interval``."""

class PostBuildDict(TypedDict, total=False):
    substitute: Mapping[str, str] | None
    substitute_from: Sequence[_SubstituteReference | SubstituteReferenceDict | Mapping[str, Any]] | None
    substitute_strategy: Literal["WithVariables", "Always"] | None

class PostBuild(_PostBuild):
    """Variables that replace ``${name}`` in what was built."""

    substitute_from: tuple[SubstituteReference, ...] | None
    def __init__(self, **fields: Unpack[PostBuildDict]) -> None:
        """Variables that replace ``${name}`` in what was built."""

class SourceReferenceDict(TypedDict, total=False):
    api_version: str | None
    kind: Required[Literal["OCIRepository", "GitRepository", "Bucket", "ExternalArtifact"]]
    name: Required[str]
    namespace: str | None

class SourceReference(_SourceReference):
    """The source whose files are applied."""

    def __init__(self, **fields: Unpack[SourceReferenceDict]) -> None:
        """The source whose files are applied."""

class SubstituteReferenceDict(TypedDict, total=False):
    kind: Required[Literal["Secret", "ConfigMap"]]
    name: Required[str]
    optional: bool | None

class SubstituteReference(_SubstituteReference):
    """A ConfigMap or Secret whose keys are variables."""

    def __init__(self, **fields: Unpack[SubstituteReferenceDict]) -> None:
        """A ConfigMap or Secret whose keys are variables."""

class CommonMetadataDict(TypedDict, total=False):
    labels: Mapping[str, str] | None
    annotations: Mapping[str, str] | None

class CommonMetadata(_CommonMetadata):
    """Labels and annotations for all objects; they win over the objects' own."""

    def __init__(self, **fields: Unpack[CommonMetadataDict]) -> None:
        """Labels and annotations for all objects; they win over the objects' own."""

class IgnoreRuleDict(TypedDict, total=False):
    paths: Required[Sequence[str]]
    target: _Selector | SelectorDict | Mapping[str, Any] | None

class IgnoreRule(_IgnoreRule):
    """Fields (JSON pointers) whose drift is left alone, in the objects of the target or in all."""

    target: Selector | None
    def __init__(self, **fields: Unpack[IgnoreRuleDict]) -> None:
        """Fields (JSON pointers) whose drift is left alone, in the objects of the target or in all."""

class ImageDict(TypedDict, total=False):
    name: Required[str]
    new_name: str | None
    new_tag: str | None
    digest: str | None

class Image(_Image):
    """Another name, tag or digest for an image."""

    def __init__(self, **fields: Unpack[ImageDict]) -> None:
        """Another name, tag or digest for an image."""

class PatchDict(TypedDict, total=False):
    patch: Required[str]
    target: _Selector | SelectorDict | Mapping[str, Any] | None

class Patch(_Patch):
    """A strategic-merge or JSON 6902 patch, as YAML or JSON text, for the object that it names or the target."""

    target: Selector | None
    def __init__(self, **fields: Unpack[PatchDict]) -> None:
        """A strategic-merge or JSON 6902 patch, as YAML or JSON text, for the object that it names or the target."""

class SelectorDict(TypedDict, total=False):
    group: str | None
    version: str | None
    kind: str | None
    namespace: str | None
    name: str | None
    annotation_selector: str | None
    label_selector: str | None

class Selector(_Selector):
    """Objects; group, version, kind, namespace and name are regular expressions that match the whole."""

    def __init__(self, **fields: Unpack[SelectorDict]) -> None:
        """Objects; group, version, kind, namespace and name are regular expressions that match the whole."""

class AlertDict(FluxResourceDict, total=False):
    provider_ref: Required[_ProviderReference | ProviderReferenceDict | Mapping[str, Any] | str | _Provider]
    event_severity: Literal["info", "error"] | None
    event_sources: Required[Sequence[_EventSource | EventSourceDict | Mapping[str, Any] | _Resource]]
    inclusion_list: Sequence[str] | None
    exclusion_list: Sequence[str] | None
    event_metadata: Mapping[str, str] | None
    summary: str | None
    suspend: bool | None

class Alert(_Alert):
    """Events of some objects, sent to a Provider. Severity ``info`` (the default) sends errors too."""

    provider_ref: ProviderReference
    event_sources: tuple[EventSource, ...]
    def __init__(self, **fields: Unpack[AlertDict]) -> None:
        """Events of some objects, sent to a Provider. Severity ``info`` (the default) sends errors too."""

class ProviderReferenceDict(TypedDict, total=False):
    name: Required[str]

class ProviderReference(_ProviderReference):
    """A Provider in the same namespace."""

    def __init__(self, **fields: Unpack[ProviderReferenceDict]) -> None:
        """A Provider in the same namespace."""

class ProviderDict(FluxResourceDict, total=False):
    type: Required[
        Literal[
            "slack",
            "discord",
            "msteams",
            "rocket",
            "generic",
            "generic-hmac",
            "github",
            "gitlab",
            "gitea",
            "giteapullrequestcomment",
            "bitbucketserver",
            "bitbucket",
            "azuredevops",
            "googlechat",
            "googlepubsub",
            "webex",
            "sentry",
            "azureeventhub",
            "telegram",
            "lark",
            "matrix",
            "opsgenie",
            "alertmanager",
            "grafana",
            "githubdispatch",
            "githubpullrequestcomment",
            "gitlabmergerequestcomment",
            "pagerduty",
            "datadog",
            "nats",
            "zulip",
            "otel",
            "zoom",
            "incident.io",
        ]
    ]
    address: str | None
    channel: str | None
    username: str | None
    secret_ref: _SecretReference | SecretReferenceDict | Mapping[str, Any] | str | None
    cert_secret_ref: _SecretReference | SecretReferenceDict | Mapping[str, Any] | str | None
    proxy_secret_ref: _SecretReference | SecretReferenceDict | Mapping[str, Any] | str | None
    proxy: str | None
    service_account_name: str | None
    commit_status_expr: str | None
    interval: str | None
    timeout: str | None
    suspend: bool | None

class Provider(_Provider):
    """A service that Alerts send to. Its address may be a secret: keep it in ``secret_ref`` then."""

    secret_ref: SecretReference | None
    cert_secret_ref: SecretReference | None
    proxy_secret_ref: SecretReference | None
    def __init__(self, **fields: Unpack[ProviderDict]) -> None:
        """A service that Alerts send to. Its address may be a secret: keep it in ``secret_ref`` then."""

class OIDCProviderDict(TypedDict, total=False):
    issuer_url: Required[str]
    audience: str | None
    variables: Sequence[_OIDCVariable | OIDCVariableDict | Mapping[str, Any]] | None
    validations: Required[Sequence[_OIDCValidation | OIDCValidationDict | Mapping[str, Any]]]

class OIDCProvider(_OIDCProvider):
    """An issuer of tokens, and what their claims must say."""

    variables: tuple[OIDCVariable, ...] | None
    validations: tuple[OIDCValidation, ...]
    def __init__(self, **fields: Unpack[OIDCProviderDict]) -> None:
        """An issuer of tokens, and what their claims must say."""

class OIDCValidationDict(TypedDict, total=False):
    expression: Required[str]
    message: Required[str]

class OIDCValidation(_OIDCValidation):
    """A CEL expression that must be true of the token's claims, and what to say when it is not."""

    def __init__(self, **fields: Unpack[OIDCValidationDict]) -> None:
        """A CEL expression that must be true of the token's claims, and what to say when it is not."""

class OIDCVariableDict(TypedDict, total=False):
    name: Required[str]
    expression: Required[str]

class OIDCVariable(_OIDCVariable):
    """A CEL expression with a name."""

    def __init__(self, **fields: Unpack[OIDCVariableDict]) -> None:
        """A CEL expression with a name."""

class ReceiverDict(FluxResourceDict, total=False):
    type: Required[
        Literal[
            "generic",
            "generic-hmac",
            "generic-oidc",
            "github",
            "gitlab",
            "bitbucket",
            "harbor",
            "dockerhub",
            "quay",
            "gcr",
            "nexus",
            "acr",
            "cdevents",
        ]
    ]
    interval: str | None
    events: Sequence[str] | None
    resources: Required[Sequence[_ReceiverResource | ReceiverResourceDict | Mapping[str, Any] | _Resource]]
    resource_filter: str | None
    secret_ref: _SecretReference | SecretReferenceDict | Mapping[str, Any] | str | None
    oidc_providers: Sequence[_OIDCProvider | OIDCProviderDict | Mapping[str, Any]] | None
    suspend: bool | None

class Receiver(_Receiver):
    """A webhook; what it lists is reconciled when a request comes."""

    resources: tuple[ReceiverResource, ...]
    secret_ref: SecretReference | None
    oidc_providers: tuple[OIDCProvider, ...] | None
    def __init__(self, **fields: Unpack[ReceiverDict]) -> None:
        """A webhook; what it lists is reconciled when a request comes."""

class ReceiverResourceDict(EventSourceDict, total=False):
    filter: str | None

class ReceiverResource(_ReceiverResource, EventSource):
    """What to reconcile; ``filter`` is a CEL expression about the request and the object."""

    def __init__(self, **fields: Unpack[ReceiverResourceDict]) -> None:
        """What to reconcile; ``filter`` is a CEL expression about the request and the object."""

class AccessFromDict(TypedDict, total=False):
    namespace_selectors: Required[Sequence[_NamespaceSelector | NamespaceSelectorDict | Mapping[str, Any]]]

class AccessFrom(_AccessFrom):
    """Namespaces that match any of the selectors."""

    namespace_selectors: tuple[NamespaceSelector, ...]
    def __init__(self, **fields: Unpack[AccessFromDict]) -> None:
        """Namespaces that match any of the selectors."""

class NamespaceSelectorDict(TypedDict, total=False):
    match_labels: Mapping[str, str] | None

class NamespaceSelector(_NamespaceSelector):
    """Namespaces with these labels; all when it is empty."""

    def __init__(self, **fields: Unpack[NamespaceSelectorDict]) -> None:
        """Namespaces with these labels; all when it is empty."""

class BucketDict(FluxSourceDict, total=False):
    interval: str | None
    provider: Literal["generic", "aws", "azure", "gcp"] | None
    bucket_name: Required[str]
    endpoint: Required[str]
    region: str | None
    prefix: str | None
    sts: _BucketSTS | BucketSTSDict | Mapping[str, Any] | None
    secret_ref: _SecretReference | SecretReferenceDict | Mapping[str, Any] | str | None
    cert_secret_ref: _SecretReference | SecretReferenceDict | Mapping[str, Any] | str | None
    proxy_secret_ref: _SecretReference | SecretReferenceDict | Mapping[str, Any] | str | None
    service_account_name: str | None
    timeout: str | None
    ignore: str | None
    insecure: bool | None
    suspend: bool | None

class Bucket(_Bucket):
    """A bucket that Flux polls."""

    sts: BucketSTS | None
    secret_ref: SecretReference | None
    cert_secret_ref: SecretReference | None
    proxy_secret_ref: SecretReference | None
    def __init__(self, **fields: Unpack[BucketDict]) -> None:
        """A bucket that Flux polls."""

class BucketSTSDict(TypedDict, total=False):
    provider: Required[Literal["aws", "ldap"]]
    endpoint: Required[str]
    secret_ref: _SecretReference | SecretReferenceDict | Mapping[str, Any] | str | None
    cert_secret_ref: _SecretReference | SecretReferenceDict | Mapping[str, Any] | str | None

class BucketSTS(_BucketSTS):
    """A security token service that gives short-lived credentials."""

    secret_ref: SecretReference | None
    cert_secret_ref: SecretReference | None
    def __init__(self, **fields: Unpack[BucketSTSDict]) -> None:
        """A security token service that gives short-lived credentials."""

class ArtifactOriginDict(TypedDict, total=False):
    api_version: str | None
    kind: Required[str]
    name: Required[str]
    namespace: str | None

class ArtifactOrigin(_ArtifactOrigin):
    """The object that the artifact is made from: of any kind, made by anybody."""

    def __init__(self, **fields: Unpack[ArtifactOriginDict]) -> None:
        """The object that the artifact is made from: of any kind, made by anybody."""

class ExternalArtifactDict(FluxResourceDict, total=False):
    source_ref: _ArtifactOrigin | ArtifactOriginDict | Mapping[str, Any] | _Resource | None

class ExternalArtifact(_ExternalArtifact):
    """A source whose artifact is written by another controller."""

    source_ref: ArtifactOrigin | None
    def __init__(self, **fields: Unpack[ExternalArtifactDict]) -> None:
        """A source whose artifact is written by another controller."""

class GitRefDict(TypedDict, total=False):
    branch: str | None
    tag: str | None
    semver: str | None
    name: str | None
    commit: str | None

class GitRef(_GitRef):
    """What to check out; when several are given, commit wins over name, semver, tag and branch, in this order."""

    def __init__(self, **fields: Unpack[GitRefDict]) -> None:
        """What to check out; when several are given, commit wins over name, semver, tag and branch, in this order."""

class GitRepositoryDict(FluxSourceDict, total=False):
    interval: str | None
    url: Required[str]
    ref: _GitRef | GitRefDict | Mapping[str, Any] | None
    secret_ref: _SecretReference | SecretReferenceDict | Mapping[str, Any] | str | None
    provider: Literal["generic", "aws", "azure", "github"] | None
    service_account_name: str | None
    timeout: str | None
    verify: _GitVerification | GitVerificationDict | Mapping[str, Any] | None
    proxy_secret_ref: _SecretReference | SecretReferenceDict | Mapping[str, Any] | str | None
    ignore: str | None
    include: Sequence[_GitRepositoryInclude | GitRepositoryIncludeDict | Mapping[str, Any]] | None
    recurse_submodules: bool | None
    sparse_checkout: Sequence[str] | None
    suspend: bool | None

class GitRepository(_GitRepository):
    """A Git repository that Flux polls.

    >>> GitRepository(name="apps", url="https://github.com/myorg/config", ref={"branch": "main"}).interval
    '1m'
    """

    ref: GitRef | None
    secret_ref: SecretReference | None
    verify: GitVerification | None
    proxy_secret_ref: SecretReference | None
    include: tuple[GitRepositoryInclude, ...] | None
    def __init__(self, **fields: Unpack[GitRepositoryDict]) -> None:
        """A Git repository that Flux polls."""

class GitRepositoryIncludeDict(TypedDict, total=False):
    repository: Required[
        _GitRepositoryReference | GitRepositoryReferenceDict | Mapping[str, Any] | str | _GitRepository
    ]
    from_path: str | None
    to_path: str | None

class GitRepositoryInclude(_GitRepositoryInclude):
    """Another repository's files, copied into this one's."""

    repository: _GitRepositoryReference
    def __init__(self, **fields: Unpack[GitRepositoryIncludeDict]) -> None:
        """Another repository's files, copied into this one's."""

class GitRepositoryReferenceDict(TypedDict, total=False):
    name: Required[str]

class GitVerificationDict(TypedDict, total=False):
    mode: Literal["head", "HEAD", "Tag", "TagAndHEAD"] | None
    secret_ref: Required[_SecretReference | SecretReferenceDict | Mapping[str, Any] | str]

class GitVerification(_GitVerification):
    """Which signatures must be good: of the commit (HEAD), of the tag, or of both."""

    secret_ref: SecretReference
    def __init__(self, **fields: Unpack[GitVerificationDict]) -> None:
        """Which signatures must be good: of the commit (HEAD), of the tag, or of both."""

class HelmChartDict(FluxSourceDict, total=False):
    chart: Required[str]
    version: str | None
    source_ref: Required[
        _HelmChartSource | HelmChartSourceDict | Mapping[str, Any] | _Bucket | _GitRepository | _HelmRepository
    ]
    interval: str | None
    reconcile_strategy: Literal["ChartVersion", "Revision"] | None
    values_files: Sequence[str] | None
    ignore_missing_values_files: bool | None
    verify: _ChartVerification | ChartVerificationDict | Mapping[str, Any] | None
    suspend: bool | None

class HelmChart(_HelmChart):
    """A chart that Flux fetches and packages. HelmReleases make their own; declare one to share it."""

    source_ref: HelmChartSource
    verify: ChartVerification | None
    def __init__(self, **fields: Unpack[HelmChartDict]) -> None:
        """A chart that Flux fetches and packages. HelmReleases make their own; declare one to share it."""

class HelmChartSourceDict(TypedDict, total=False):
    api_version: str | None
    kind: Required[Literal["HelmRepository", "GitRepository", "Bucket"]]
    name: Required[str]

class HelmChartSource(_HelmChartSource):
    """Where the chart comes from, in the same namespace."""

    def __init__(self, **fields: Unpack[HelmChartSourceDict]) -> None:
        """Where the chart comes from, in the same namespace."""

class HelmRepositoryDict(FluxSourceDict, total=False):
    interval: str | None
    url: Required[str]
    type: Literal["default", "oci"] | None
    secret_ref: _SecretReference | SecretReferenceDict | Mapping[str, Any] | str | None
    cert_secret_ref: _SecretReference | SecretReferenceDict | Mapping[str, Any] | str | None
    pass_credentials: bool | None
    insecure: bool | None
    provider: Literal["generic", "aws", "azure", "gcp"] | None
    timeout: str | None
    suspend: bool | None
    access_from: _AccessFrom | AccessFromDict | Mapping[str, Any] | None

class HelmRepository(_HelmRepository):
    """A repository of Helm charts."""

    secret_ref: SecretReference | None
    cert_secret_ref: SecretReference | None
    access_from: AccessFrom | None
    def __init__(self, **fields: Unpack[HelmRepositoryDict]) -> None:
        """A repository of Helm charts."""

class OCILayerSelectorDict(TypedDict, total=False):
    media_type: str | None
    operation: Literal["extract", "copy"] | None

class OCILayerSelector(_OCILayerSelector):
    """Which layer, and whether to extract or to copy it."""

    def __init__(self, **fields: Unpack[OCILayerSelectorDict]) -> None:
        """Which layer, and whether to extract or to copy it."""

class OCIRefDict(TypedDict, total=False):
    digest: str | None
    semver: str | None
    semver_filter: str | None
    tag: str | None

class OCIRef(_OCIRef):
    """What to pull; digest wins over semver, and semver over tag."""

    def __init__(self, **fields: Unpack[OCIRefDict]) -> None:
        """What to pull; digest wins over semver, and semver over tag."""

class OCIRepositoryDict(FluxSourceDict, total=False):
    interval: str | None
    url: Required[str]
    ref: _OCIRef | OCIRefDict | Mapping[str, Any] | None
    layer_selector: _OCILayerSelector | OCILayerSelectorDict | Mapping[str, Any] | None
    provider: Literal["generic", "aws", "azure", "gcp"] | None
    secret_ref: _SecretReference | SecretReferenceDict | Mapping[str, Any] | str | None
    verify: _OCIVerification | OCIVerificationDict | Mapping[str, Any] | None
    service_account_name: str | None
    cert_secret_ref: _SecretReference | SecretReferenceDict | Mapping[str, Any] | str | None
    proxy_secret_ref: _SecretReference | SecretReferenceDict | Mapping[str, Any] | str | None
    timeout: str | None
    ignore: str | None
    insecure: bool | None
    suspend: bool | None

class OCIRepository(_OCIRepository):
    """An OCI artifact that Flux polls."""

    ref: OCIRef | None
    layer_selector: OCILayerSelector | None
    secret_ref: SecretReference | None
    verify: OCIVerification | None
    cert_secret_ref: SecretReference | None
    proxy_secret_ref: SecretReference | None
    def __init__(self, **fields: Unpack[OCIRepositoryDict]) -> None:
        """An OCI artifact that Flux polls."""

class ChartVerificationDict(ReleaseChartVerificationDict, total=False):
    match_oidc_identity: Sequence[_OIDCIdentity | OIDCIdentityDict | Mapping[str, Any]] | None

class ChartVerification(_ChartVerification, ReleaseChartVerification):
    """The tool that signed a chart, and the public keys or identities."""

    secret_ref: SecretReference | None
    match_oidc_identity: tuple[OIDCIdentity, ...] | None
    def __init__(self, **fields: Unpack[ChartVerificationDict]) -> None:
        """The tool that signed a chart, and the public keys or identities."""

class OCIVerificationDict(ChartVerificationDict, total=False):
    trusted_root_secret_ref: _SecretReference | SecretReferenceDict | Mapping[str, Any] | str | None

class OCIVerification(_OCIVerification, ChartVerification):
    """The tool that signed an artifact, and the public keys, identities or trusted root."""

    secret_ref: SecretReference | None
    match_oidc_identity: tuple[OIDCIdentity, ...] | None
    trusted_root_secret_ref: SecretReference | None
    def __init__(self, **fields: Unpack[OCIVerificationDict]) -> None:
        """The tool that signed an artifact, and the public keys, identities or trusted root."""

class OIDCIdentityDict(TypedDict, total=False):
    issuer: Required[str]
    subject: Required[str]

class OIDCIdentity(_OIDCIdentity):
    """Regular expressions for the issuer and the subject of a keyless signature."""

    def __init__(self, **fields: Unpack[OIDCIdentityDict]) -> None:
        """Regular expressions for the issuer and the subject of a keyless signature."""

class ReleaseChartVerificationDict(TypedDict, total=False):
    provider: Literal["cosign", "notation"] | None
    secret_ref: _SecretReference | SecretReferenceDict | Mapping[str, Any] | str | None

class ReleaseChartVerification(_ReleaseChartVerification):
    """The tool that signed the chart of a HelmRelease, and the public keys."""

    secret_ref: SecretReference | None
    def __init__(self, **fields: Unpack[ReleaseChartVerificationDict]) -> None:
        """The tool that signed the chart of a HelmRelease, and the public keys."""

class FlatChartDict(TypedDict, total=False):
    name: str
    """The chart's name in a HelmRepository, or its path in another source."""
    chart: str
    version: str | None
    source_ref: (
        _HelmChartTemplateSource
        | HelmChartTemplateSourceDict
        | Mapping[str, Any]
        | _Bucket
        | _GitRepository
        | _HelmRepository
    )
    interval: str | None
    reconcile_strategy: Literal["ChartVersion", "Revision"] | None
    values_files: Sequence[str] | None
    ignore_missing_values_files: bool | None
    verify: _ReleaseChartVerification | ReleaseChartVerificationDict | Mapping[str, Any] | None
