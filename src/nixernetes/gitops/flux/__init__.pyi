# Made by scripts/make_vocabulary_stubs.py: change the models, and run it.

from collections.abc import Mapping, Sequence
from typing import Any, Literal, Required, TypedDict, Unpack

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
from nixernetes.gitops.presets import Preset as _Preset
from nixernetes.gitops.resource import Resource as _Resource

from .health import health_checks as health_checks

class ConfigMapReferenceDict(TypedDict, total=False):
    name: Required[str]
    """The ConfigMap's name."""

class ConfigMapReference(_ConfigMapReference):
    """A ConfigMap in the same namespace."""

    def __init__(self, **fields: Unpack[ConfigMapReferenceDict]) -> None:
        """A ConfigMap in the same namespace."""

class DependencyReferenceDict(TypedDict, total=False):
    name: Required[str]
    """The name of the object that must be ready first."""
    namespace: str | None
    """Its namespace. Flux takes the namespace of the object that depends on it for none."""
    ready_expr: str | None
    """A CEL expression over `dep` and `self` that must be true as well for the dependency to count as ready."""

class DependencyReference(_DependencyReference):
    """An object of the same kind that must be ready first."""

    def __init__(self, **fields: Unpack[DependencyReferenceDict]) -> None:
        """An object of the same kind that must be ready first."""

class EventSourceDict(TypedDict, total=False):
    api_version: str | None
    """The API version. Flux takes its own version of the kind for none."""
    kind: Required[
        Literal[
            "ArtifactGenerator",
            "Bucket",
            "ExternalArtifact",
            "GitRepository",
            "HelmChart",
            "HelmRelease",
            "HelmRepository",
            "ImagePolicy",
            "ImageRepository",
            "ImageUpdateAutomation",
            "Kustomization",
            "OCIRepository",
        ]
    ]
    """The kind of Flux object."""
    name: Required[str]
    """The object's name, or `*` for every object of the kind."""
    namespace: str | None
    """The namespace. Flux takes the namespace of the Alert or Receiver for none."""
    match_labels: Mapping[str, str] | None
    """Labels that the objects must have; all of them. For the name `*`."""

class EventSource(_EventSource):
    """An object, or with the name ``*`` all objects of a kind (that have the labels)."""

    def __init__(self, **fields: Unpack[EventSourceDict]) -> None:
        """An object, or with the name ``*`` all objects of a kind (that have the labels)."""

class KubeConfigDict(TypedDict, total=False):
    config_map_ref: _ConfigMapReference | ConfigMapReferenceDict | Mapping[str, Any] | str | None
    """A ConfigMap that says how to log in to the cluster with a workload identity. Instead of `secret_ref`."""
    secret_ref: _SecretKeyReference | SecretKeyReferenceDict | Mapping[str, Any] | str | None
    """A Secret with a kubeconfig, under `value` or `value.yaml`. Instead of `config_map_ref`."""

class KubeConfig(_KubeConfig):
    """How to reach another cluster: by a kubeconfig in a Secret, or by workload identity in a ConfigMap."""

    config_map_ref: ConfigMapReference | None
    """A ConfigMap that says how to log in to the cluster with a workload identity. Instead of `secret_ref`."""
    secret_ref: SecretKeyReference | None
    """A Secret with a kubeconfig, under `value` or `value.yaml`. Instead of `config_map_ref`."""
    def __init__(self, **fields: Unpack[KubeConfigDict]) -> None:
        """How to reach another cluster: by a kubeconfig in a Secret, or by workload identity in a ConfigMap."""

class SecretKeyReferenceDict(SecretReferenceDict, total=False):
    key: str | None
    """The key of the Secret. Flux looks for `value` and then `value.yaml` when it is left out."""

class SecretKeyReference(_SecretKeyReference, SecretReference):
    """A key of a Secret in the same namespace."""

    def __init__(self, **fields: Unpack[SecretKeyReferenceDict]) -> None:
        """A key of a Secret in the same namespace."""

class SecretReferenceDict(TypedDict, total=False):
    name: Required[str]
    """The Secret's name."""

class SecretReference(_SecretReference):
    """A Secret in the same namespace."""

    def __init__(self, **fields: Unpack[SecretReferenceDict]) -> None:
        """A Secret in the same namespace."""

class FluxResourceDict(TypedDict, total=False):
    name: Required[str]
    """Its name, a DNS-1123 subdomain."""
    namespace: str | None
    """The namespace. Default: `flux-system`, where Flux itself runs."""
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

class FluxSourceDict(FluxResourceDict, total=False): ...

class HealthCheckDict(TypedDict, total=False):
    api_version: str | None
    """The object's API version. Flux takes `apps/v1` for none."""
    kind: Required[str]
    """The object's kind."""
    name: Required[str]
    """The object's name."""
    namespace: str | None
    """The object's namespace. Flux takes none for none, so give it for every object that has one."""

class HealthCheck(_HealthCheck):
    """One object that must be healthy."""

    def __init__(self, **fields: Unpack[HealthCheckDict]) -> None:
        """One object that must be healthy."""

class HealthCheckExprDict(TypedDict, total=False):
    api_version: Required[str]
    """The API version of the kind."""
    kind: str | None
    """The kind."""
    current: Required[str]
    """A CEL expression that is true when the object is healthy."""
    in_progress: str | None
    """A CEL expression that is true while the object is still on its way."""
    failed: str | None
    """A CEL expression that is true when the object has failed, so that Flux stops waiting for it."""

class HealthCheckExpr(_HealthCheckExpr):
    """CEL expressions that tell the health of a kind."""

    def __init__(self, **fields: Unpack[HealthCheckExprDict]) -> None:
        """CEL expressions that tell the health of a kind."""

class DriftDetectionDict(TypedDict, total=False):
    mode: Literal["disabled", "enabled", "warn"] | None
    """Whether to do nothing (`disabled`, Flux's default), to `warn`, or to undo changes (`enabled`)."""
    ignore: Sequence[_IgnoreRule | IgnoreRuleDict | Mapping[str, Any]] | None
    """Fields whose drift is ignored."""

class DriftDetection(_DriftDetection):
    """Whether changes made by others are reported (warn) or undone (enabled)."""

    ignore: tuple[IgnoreRule, ...] | None
    """Fields whose drift is ignored."""
    def __init__(self, **fields: Unpack[DriftDetectionDict]) -> None:
        """Whether changes made by others are reported (warn) or undone (enabled)."""

class InstallDict(TypedDict, total=False):
    timeout: str | None
    """How long it may take. Flux takes the release's timeout for none."""
    remediation: _InstallRemediation | InstallRemediationDict | Mapping[str, Any] | None
    """What to do when it fails."""
    strategy: _Strategy | StrategyDict | Mapping[str, Any] | None
    """How to deal with a failure, in one word. Flux's default: `RemediateOnFailure`."""
    crds: Literal["Create", "CreateReplace", "Skip"] | None
    """What to do with the chart's CRDs. Flux's default: `Create`."""
    create_namespace: bool | None
    """Whether to create the target namespace. Flux's default: False."""
    disable_hooks: bool | None
    """Whether to leave out the chart's hooks. Flux's default: False."""
    disable_open_api_validation: bool | None
    """Whether to skip the check against the cluster's OpenAPI schemas. Flux's default: False."""
    disable_schema_validation: bool | None
    """Whether to skip the check of values against the chart's schema. Flux's default: False."""
    disable_take_ownership: bool | None
    """Whether to fail on objects that exist already instead of taking them over. Flux's default: False."""
    disable_wait: bool | None
    """Whether to continue without waiting for objects to be ready. Flux's default: False."""
    disable_wait_for_jobs: bool | None
    """Whether to continue without waiting for Jobs to complete. Flux's default: False."""
    replace: bool | None
    """Whether a name may be used again that a deleted release has had. Flux's default: False."""
    server_side_apply: bool | None
    """Whether to apply on the server's side. Flux's default: True."""
    skip_crds: bool | None
    """Whether to leave out the chart's CRDs. Deprecated: use `crds`."""

class Install(_Install):
    """The first installation."""

    remediation: InstallRemediation | None
    """What to do when it fails."""
    strategy: Strategy | None
    """How to deal with a failure, in one word. Flux's default: `RemediateOnFailure`."""
    def __init__(self, **fields: Unpack[InstallDict]) -> None:
        """The first installation."""

class InstallRemediationDict(TypedDict, total=False):
    retries: int | None
    """How often to try again; a negative number never gives up. Flux's default: 0."""
    ignore_test_failures: bool | None
    """Whether a release whose tests fail counts as good. Flux takes what `test` says for none."""
    remediate_last_failure: bool | None
    """Whether the last failure is undone too. For an install Flux's default is False; for an upgrade it is True when there are retries."""

class InstallRemediation(_InstallRemediation):
    """What to do after a failed installation: ``retries`` more attempts, without end when negative."""

    def __init__(self, **fields: Unpack[InstallRemediationDict]) -> None:
        """What to do after a failed installation: ``retries`` more attempts, without end when negative."""

class PostRendererDict(TypedDict, total=False):
    kustomize: _PostRendererKustomize | PostRendererKustomizeDict | Mapping[str, Any] | None
    """Changes as Kustomize makes them."""

class PostRenderer(_PostRenderer):
    """A change to what the chart rendered."""

    kustomize: PostRendererKustomize | None
    """Changes as Kustomize makes them."""
    def __init__(self, **fields: Unpack[PostRendererDict]) -> None:
        """A change to what the chart rendered."""

class PostRendererKustomizeDict(TypedDict, total=False):
    patches: Sequence[_Patch | PatchDict | Mapping[str, Any]] | None
    """Patches to apply."""
    images: Sequence[_Image | ImageDict | Mapping[str, Any]] | None
    """Images to run in place of those that the chart names."""

class PostRendererKustomize(_PostRendererKustomize):
    """Patches and images for what the chart rendered."""

    patches: tuple[Patch, ...] | None
    """Patches to apply."""
    images: tuple[Image, ...] | None
    """Images to run in place of those that the chart names."""
    def __init__(self, **fields: Unpack[PostRendererKustomizeDict]) -> None:
        """Patches and images for what the chart rendered."""

class RollbackDict(TypedDict, total=False):
    timeout: str | None
    """How long it may take. Flux takes the release's timeout for none."""
    cleanup_on_fail: bool | None
    """Whether new objects are deleted when the rollback fails. Flux's default: False."""
    disable_hooks: bool | None
    """Whether to leave out the chart's hooks. Flux's default: False."""
    disable_wait: bool | None
    """Whether to continue without waiting for objects to be ready. Flux's default: False."""
    disable_wait_for_jobs: bool | None
    """Whether to continue without waiting for Jobs to complete. Flux's default: False."""
    force: bool | None
    """Whether objects may be deleted and made again where they cannot be changed. Flux's default: False."""
    recreate: bool | None
    """Does nothing any more: Helm has dropped it."""
    server_side_apply: Literal["auto", "disabled", "enabled"] | None
    """Whether to apply on the server's side; `auto`, Flux's default, goes on as the release began."""

class Rollback(_Rollback):
    """The way back after a failed upgrade."""

    def __init__(self, **fields: Unpack[RollbackDict]) -> None:
        """The way back after a failed upgrade."""

class StrategyDict(TypedDict, total=False):
    name: Required[Literal["RemediateOnFailure", "RetryOnFailure"]]
    """Whether to undo a failure (`RemediateOnFailure`) or to try again as it is (`RetryOnFailure`)."""
    retry_interval: str | None
    """How soon to try again. Flux's default: `5m`. Only for `RetryOnFailure`."""

class Strategy(_Strategy):
    """Whether a failure is undone (RemediateOnFailure) or tried again (RetryOnFailure, every ``retry_interval``)."""

    def __init__(self, **fields: Unpack[StrategyDict]) -> None:
        """Whether a failure is undone (RemediateOnFailure) or tried again (RetryOnFailure, every ``retry_interval``)."""

class TestDict(TypedDict, total=False):
    enable: bool | None
    """Whether to run them. Flux's default: False."""
    timeout: str | None
    """How long a test may take. Flux takes the release's timeout for none."""
    ignore_failures: bool | None
    """Whether a release whose tests fail counts as good. Flux's default: False."""
    filters: Sequence[_TestFilter | TestFilterDict | Mapping[str, Any]] | None
    """Tests to run, or to leave out. All are run when left out."""

class Test(_Test):
    """The tests of the chart."""

    filters: tuple[TestFilter, ...] | None
    """Tests to run, or to leave out. All are run when left out."""
    def __init__(self, **fields: Unpack[TestDict]) -> None:
        """The tests of the chart."""

class TestFilterDict(TypedDict, total=False):
    name: Required[str]
    """The test's name."""
    exclude: bool | None
    """Whether to leave it out instead. Flux's default: False."""

class TestFilter(_TestFilter):
    """One test of the chart, to be run or left out."""

    def __init__(self, **fields: Unpack[TestFilterDict]) -> None:
        """One test of the chart, to be run or left out."""

class UninstallDict(TypedDict, total=False):
    timeout: str | None
    """How long it may take. Flux takes the release's timeout for none."""
    deletion_propagation: Literal["background", "foreground", "orphan"] | None
    """How Kubernetes deletes what belongs to the objects. Flux's default: `background`."""
    disable_hooks: bool | None
    """Whether to leave out the chart's hooks. Flux's default: False."""
    disable_wait: bool | None
    """Whether to continue without waiting until all objects are gone. Flux's default: False."""
    keep_history: bool | None
    """Whether Helm keeps its records of the release. Flux's default: False."""

class Uninstall(_Uninstall):
    """The removal."""

    def __init__(self, **fields: Unpack[UninstallDict]) -> None:
        """The removal."""

class UpgradeDict(TypedDict, total=False):
    timeout: str | None
    """How long it may take. Flux takes the release's timeout for none."""
    remediation: _UpgradeRemediation | UpgradeRemediationDict | Mapping[str, Any] | None
    """What to do when it fails."""
    strategy: _Strategy | StrategyDict | Mapping[str, Any] | None
    """How to deal with a failure, in one word. Flux's default: `RemediateOnFailure`."""
    crds: Literal["Create", "CreateReplace", "Skip"] | None
    """What to do with the chart's CRDs. Flux's default: `Skip`."""
    chart_name_change_strategy: Literal["InPlaceUpdate", "Reinstall"] | None
    """What to do when the chart has another name: install again (`Reinstall`, Flux's default) or upgrade in place."""
    cleanup_on_fail: bool | None
    """Whether new objects are deleted when the upgrade fails. Flux's default: False."""
    disable_hooks: bool | None
    """Whether to leave out the chart's hooks. Flux's default: False."""
    disable_open_api_validation: bool | None
    """Whether to skip the check against the cluster's OpenAPI schemas. Flux's default: False."""
    disable_schema_validation: bool | None
    """Whether to skip the check of values against the chart's schema. Flux's default: False."""
    disable_take_ownership: bool | None
    """Whether to fail on objects that exist already instead of taking them over. Flux's default: False."""
    disable_wait: bool | None
    """Whether to continue without waiting for objects to be ready. Flux's default: False."""
    disable_wait_for_jobs: bool | None
    """Whether to continue without waiting for Jobs to complete. Flux's default: False."""
    force: bool | None
    """Whether objects may be deleted and made again where they cannot be changed. Flux's default: False."""
    preserve_values: bool | None
    """Whether the values of the last release stay below the new ones. Flux's default: False."""
    server_side_apply: Literal["auto", "disabled", "enabled"] | None
    """Whether to apply on the server's side; `auto`, Flux's default, goes on as the release began."""

class Upgrade(_Upgrade):
    """Every later version."""

    remediation: UpgradeRemediation | None
    """What to do when it fails."""
    strategy: Strategy | None
    """How to deal with a failure, in one word. Flux's default: `RemediateOnFailure`."""
    def __init__(self, **fields: Unpack[UpgradeDict]) -> None:
        """Every later version."""

class UpgradeRemediationDict(InstallRemediationDict, total=False):
    strategy: Literal["rollback", "uninstall"] | None
    """How a failure is undone. Flux's default: `rollback`."""

class UpgradeRemediation(_UpgradeRemediation, InstallRemediation):
    """What to do after a failed upgrade: roll back or uninstall, then ``retries`` more attempts."""

    def __init__(self, **fields: Unpack[UpgradeRemediationDict]) -> None:
        """What to do after a failed upgrade: roll back or uninstall, then ``retries`` more attempts."""

class WaitStrategyDict(TypedDict, total=False):
    name: Required[Literal["legacy", "poller"]]
    """`poller` (Flux's default) asks for the status of every object; `legacy` waits as Helm 3 did."""

class WaitStrategy(_WaitStrategy):
    """How Helm waits: by polling the status of objects, or in its older way."""

    def __init__(self, **fields: Unpack[WaitStrategyDict]) -> None:
        """How Helm waits: by polling the status of objects, or in its older way."""

class HelmChartTemplateDict(TypedDict, total=False):
    metadata: _HelmChartTemplateMetadata | HelmChartTemplateMetadataDict | Mapping[str, Any] | None
    """Labels and annotations of the HelmChart that Flux makes."""
    spec: Required[_HelmChartTemplateSpec | HelmChartTemplateSpecDict | Mapping[str, Any]]
    """The chart, its version and its source."""

class HelmChartTemplate(_HelmChartTemplate):
    """The HelmChart that Flux makes for the release."""

    metadata: HelmChartTemplateMetadata | None
    """Labels and annotations of the HelmChart that Flux makes."""
    spec: HelmChartTemplateSpec
    """The chart, its version and its source."""
    def __init__(self, **fields: Unpack[HelmChartTemplateDict]) -> None:
        """The HelmChart that Flux makes for the release."""

class HelmChartTemplateMetadataDict(TypedDict, total=False):
    labels: Mapping[str, str] | None
    """Labels of the HelmChart."""
    annotations: Mapping[str, str] | None
    """Annotations of the HelmChart."""

class HelmChartTemplateMetadata(_HelmChartTemplateMetadata):
    """Labels and annotations of the HelmChart that Flux makes."""

    def __init__(self, **fields: Unpack[HelmChartTemplateMetadataDict]) -> None:
        """Labels and annotations of the HelmChart that Flux makes."""

class HelmChartTemplateSourceDict(TypedDict, total=False):
    api_version: str | None
    """The API version of the source. Flux takes its own version of the kind for none."""
    kind: Required[Literal["Bucket", "GitRepository", "HelmRepository"]]
    """The kind of the source."""
    name: Required[str]
    """The source's name."""
    namespace: str | None
    """The source's namespace. Flux takes the HelmRelease's own for none."""

class HelmChartTemplateSource(_HelmChartTemplateSource):
    """Where the chart comes from."""

    def __init__(self, **fields: Unpack[HelmChartTemplateSourceDict]) -> None:
        """Where the chart comes from."""

class HelmChartTemplateSpecDict(TypedDict, total=False):
    chart: Required[str]
    """The chart's name in a HelmRepository, or its path in a GitRepository or Bucket."""
    version: str | None
    """The version or semver range. Flux takes `*`, the latest, for none. Only a HelmRepository has versions."""
    source_ref: Required[
        _HelmChartTemplateSource
        | HelmChartTemplateSourceDict
        | Mapping[str, Any]
        | _Bucket
        | _GitRepository
        | _HelmRepository
    ]
    """The source that holds the chart."""
    interval: str | None
    """How often to look for a new chart. Flux takes the HelmRelease's interval for none."""
    reconcile_strategy: Literal["ChartVersion", "Revision"] | None
    """What makes a new chart: a new version (`ChartVersion`, Flux's default) or any new revision of the source (`Revision`)."""
    values_files: Sequence[str] | None
    """Values files in the source, merged in this order; they replace the chart's own values.yaml."""
    ignore_missing_values_files: bool | None
    """Whether values files that do not exist are passed over. Flux's default: False."""
    verify: _ReleaseChartVerification | ReleaseChartVerificationDict | Mapping[str, Any] | None
    """The signature that the chart must have."""

class HelmChartTemplateSpec(_HelmChartTemplateSpec):
    """The chart: its name (or path) in the source, its version, its values files."""

    source_ref: HelmChartTemplateSource
    """The source that holds the chart."""
    verify: ReleaseChartVerification | None
    """The signature that the chart must have."""
    def __init__(self, **fields: Unpack[HelmChartTemplateSpecDict]) -> None:
        """The chart: its name (or path) in the source, its version, its values files."""

class HelmReleaseDict(FluxResourceDict, total=False):
    interval: str | None
    """How often to compare the release with what is declared. Default: `10m`."""
    chart: str | FlatChartDict | _HelmChartTemplate | HelmChartTemplateDict | Mapping[str, Any] | None
    """The chart: `{"name": ..., "version": ...}` with `source_ref` beside it, or as Flux has it. Instead of `chart_ref`."""
    chart_ref: (
        _ReleaseChartReference
        | ReleaseChartReferenceDict
        | Mapping[str, Any]
        | _ExternalArtifact
        | _HelmChart
        | _OCIRepository
        | None
    )
    """The OCIRepository, HelmChart or ExternalArtifact that holds the chart. Instead of `chart`."""
    release_name: str | None
    """The release's name in Helm. Flux takes the object's name for none, after the target namespace if there is one."""
    target_namespace: str | None
    """The namespace to install into. Flux takes the HelmRelease's own for none. Changing it reinstalls the release."""
    storage_namespace: str | None
    """The namespace where Helm keeps its records. Flux takes the HelmRelease's own for none."""
    depends_on: Sequence[_DependencyReference | DependencyReferenceDict | Mapping[str, Any] | str | _HelmRelease] | None
    """HelmReleases that must be ready first."""
    timeout: str | None
    """How long each action of Helm may take. Flux's default: `5m`."""
    max_history: int | None
    """How many versions Helm remembers. Flux's default: 5; 0 keeps all."""
    suspend: bool | None
    """Whether Flux stops reconciling it. Flux's default: False."""
    service_account_name: str | None
    """The service account that Helm acts as, in the HelmRelease's namespace. Flux acts as itself when left out."""
    persistent_client: bool | None
    """Whether one client is used for the whole of a release. Flux's default: True; charts that bring their own kinds may need False."""
    kube_config: _KubeConfig | KubeConfigDict | Mapping[str, Any] | None
    """The cluster to install into, when it is not the one that Flux runs in."""
    install: _Install | InstallDict | Mapping[str, Any] | None
    """The first installation."""
    upgrade: _Upgrade | UpgradeDict | Mapping[str, Any] | None
    """Every later version."""
    test: _Test | TestDict | Mapping[str, Any] | None
    """The chart's tests, run after each installation and upgrade."""
    rollback: _Rollback | RollbackDict | Mapping[str, Any] | None
    """The way back after a failed upgrade."""
    uninstall: _Uninstall | UninstallDict | Mapping[str, Any] | None
    """The removal."""
    drift_detection: _DriftDetection | DriftDetectionDict | Mapping[str, Any] | None
    """What happens when somebody changes the release's objects by hand. Flux's default: nothing."""
    values_from: Sequence[_ValuesReference | ValuesReferenceDict | Mapping[str, Any]] | None
    """ConfigMaps and Secrets with values; later ones win over earlier ones, and `values` over all."""
    values: Mapping[str, Any] | None
    """The chart's values."""
    post_renderers: Sequence[_PostRenderer | PostRendererDict | Mapping[str, Any]] | None
    """Changes to what the chart renders, one after the other."""
    post_render_strategy: Literal["combined", "nohooks", "separate"] | None
    """What is changed: everything in one go (`combined`, Flux's default), all but hooks, or hooks by themselves."""
    wait_strategy: _WaitStrategy | WaitStrategyDict | Mapping[str, Any] | None
    """How Helm waits for objects."""
    common_metadata: _CommonMetadata | CommonMetadataDict | Mapping[str, Any] | None
    """Labels and annotations for every object of the chart."""
    health_check_exprs: Sequence[_HealthCheckExpr | HealthCheckExprDict | Mapping[str, Any]] | None
    """What healthy means for custom kinds, as CEL expressions."""
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
    """The chart: `{"name": ..., "version": ...}` with `source_ref` beside it, or as Flux has it. Instead of `chart_ref`."""
    chart_ref: ReleaseChartReference | None
    """The OCIRepository, HelmChart or ExternalArtifact that holds the chart. Instead of `chart`."""
    depends_on: tuple[DependencyReference, ...] | None
    """HelmReleases that must be ready first."""
    kube_config: KubeConfig | None
    """The cluster to install into, when it is not the one that Flux runs in."""
    install: Install | None
    """The first installation."""
    upgrade: Upgrade | None
    """Every later version."""
    test: Test | None
    """The chart's tests, run after each installation and upgrade."""
    rollback: Rollback | None
    """The way back after a failed upgrade."""
    uninstall: Uninstall | None
    """The removal."""
    drift_detection: DriftDetection | None
    """What happens when somebody changes the release's objects by hand. Flux's default: nothing."""
    values_from: tuple[ValuesReference, ...] | None
    """ConfigMaps and Secrets with values; later ones win over earlier ones, and `values` over all."""
    post_renderers: tuple[PostRenderer, ...] | None
    """Changes to what the chart renders, one after the other."""
    wait_strategy: WaitStrategy | None
    """How Helm waits for objects."""
    common_metadata: CommonMetadata | None
    """Labels and annotations for every object of the chart."""
    health_check_exprs: tuple[HealthCheckExpr, ...] | None
    """What healthy means for custom kinds, as CEL expressions."""
    def __init__(self, **fields: Unpack[HelmReleaseDict]) -> None:
        """A Helm chart, released into ``namespace``."""

class ReleaseChartReferenceDict(TypedDict, total=False):
    api_version: str | None
    """The API version of the chart's object. Flux takes its own version of the kind for none."""
    kind: Required[Literal["ExternalArtifact", "HelmChart", "OCIRepository"]]
    """The kind of object that holds the chart."""
    name: Required[str]
    """The object's name."""
    namespace: str | None
    """The object's namespace. Flux takes the HelmRelease's own for none."""

class ReleaseChartReference(_ReleaseChartReference):
    """A chart that is declared as an object of its own."""

    def __init__(self, **fields: Unpack[ReleaseChartReferenceDict]) -> None:
        """A chart that is declared as an object of its own."""

class ValuesReferenceDict(TypedDict, total=False):
    kind: Required[Literal["ConfigMap", "Secret"]]
    """Whether the values are in a ConfigMap or a Secret."""
    name: Required[str]
    """Its name, in the HelmRelease's namespace."""
    values_key: str | None
    """The key that holds the values. Flux takes `values.yaml` for none."""
    target_path: str | None
    """The one value that the key's text is written to, as `helm --set` has it. Without it the text is a whole values file."""
    optional: bool | None
    """Whether it may be missing. Flux's default: False, so that the release fails without it."""
    literal: bool | None
    """Whether commas and braces of a value for `target_path` mean themselves. Flux's default: False."""

class ValuesReference(_ValuesReference):
    """Values in a ConfigMap or Secret: a whole file, or one value for ``target_path``."""

    def __init__(self, **fields: Unpack[ValuesReferenceDict]) -> None:
        """Values in a ConfigMap or Secret: a whole file, or one value for ``target_path``."""

class ImagePolicyDict(FluxResourceDict, total=False):
    image_repository_ref: Required[
        _ImageRepositoryReference | ImageRepositoryReferenceDict | Mapping[str, Any] | str | _ImageRepository
    ]
    """The ImageRepository whose tags are compared."""
    policy: Required[_ImagePolicyChoice | ImagePolicyChoiceDict | Mapping[str, Any]]
    """How the latest tag is found."""
    filter_tags: _TagFilter | TagFilterDict | Mapping[str, Any] | None
    """Which tags count."""
    digest_reflection_policy: Literal["Always", "IfNotPresent", "Never"] | None
    """Whether the digest of the latest tag is found out, and when. Flux's default: `Never`."""
    interval: str | None
    """How often to look up the digest. Only for `digest_reflection_policy="Always"`."""
    suspend: bool | None
    """Whether Flux stops reconciling it. Flux's default: False."""

class ImagePolicy(_ImagePolicy):
    """Selects the latest tag of an image."""

    image_repository_ref: ImageRepositoryReference
    """The ImageRepository whose tags are compared."""
    policy: ImagePolicyChoice
    """How the latest tag is found."""
    filter_tags: TagFilter | None
    """Which tags count."""
    def __init__(self, **fields: Unpack[ImagePolicyDict]) -> None:
        """Selects the latest tag of an image."""

class ImagePolicyChoiceDict(TypedDict, total=False):
    semver: _SemverPolicy | SemverPolicyDict | Mapping[str, Any] | None
    """By version."""
    alphabetical: _Order | OrderDict | Mapping[str, Any] | None
    """By the alphabet."""
    numerical: _Order | OrderDict | Mapping[str, Any] | None
    """By number."""

class ImagePolicyChoice(_ImagePolicyChoice):
    """How tags are compared: exactly one way."""

    semver: SemverPolicy | None
    """By version."""
    alphabetical: Order | None
    """By the alphabet."""
    numerical: Order | None
    """By number."""
    def __init__(self, **fields: Unpack[ImagePolicyChoiceDict]) -> None:
        """How tags are compared: exactly one way."""

class ImageRepositoryReferenceDict(TypedDict, total=False):
    name: Required[str]
    """The ImageRepository's name."""
    namespace: str | None
    """The ImageRepository's namespace. Flux takes the ImagePolicy's own for none."""

class ImageRepositoryReference(_ImageRepositoryReference):
    """The image whose tags are compared."""

    def __init__(self, **fields: Unpack[ImageRepositoryReferenceDict]) -> None:
        """The image whose tags are compared."""

class OrderDict(TypedDict, total=False):
    order: Literal["asc", "desc"] | None
    """Whether the last (`asc`, Flux's default) or the first (`desc`) of the sorted tags counts as the latest."""

class Order(_Order):
    """The last tag in alphabetical or numerical order, ascending by default."""

    def __init__(self, **fields: Unpack[OrderDict]) -> None:
        """The last tag in alphabetical or numerical order, ascending by default."""

class SemverPolicyDict(TypedDict, total=False):
    range: Required[str]
    """The range of versions: `1.x`, `>=1.2.0 <2.0.0`."""

class SemverPolicy(_SemverPolicy):
    """The highest version in a range."""

    def __init__(self, **fields: Unpack[SemverPolicyDict]) -> None:
        """The highest version in a range."""

class TagFilterDict(TypedDict, total=False):
    pattern: str | None
    """The regular expression that a tag must match."""
    extract: str | None
    """What is compared, from the groups of the pattern: `$n`. The whole tag when left out."""

class TagFilter(_TagFilter):
    """A regular expression for the tags, and what of it is compared: ``pattern="^(?P<n>.*)-rc$", extract="$n"``."""

    def __init__(self, **fields: Unpack[TagFilterDict]) -> None:
        """A regular expression for the tags, and what of it is compared: ``pattern="^(?P<n>.*)-rc$", extract="$n"``."""

class ImageRepositoryDict(FluxSourceDict, total=False):
    image: Required[str]
    """The image without a tag: `ghcr.io/myorg/web`."""
    interval: str | None
    """How often to scan the tags. Default: `10m`."""
    timeout: str | None
    """How long a scan may take; Flux takes no hours here. Flux takes `interval` for none."""
    secret_ref: _SecretReference | SecretReferenceDict | Mapping[str, Any] | str | None
    """The Secret with a docker config to log in with."""
    cert_secret_ref: _SecretReference | SecretReferenceDict | Mapping[str, Any] | str | None
    """The Secret with the CA (`ca.crt`) and the client certificate (`tls.crt`, `tls.key`)."""
    proxy_secret_ref: _SecretReference | SecretReferenceDict | Mapping[str, Any] | str | None
    """The Secret with the proxy: `address`, `username`, `password`."""
    service_account_name: str | None
    """The service account whose image pull secrets or workload identity logs in."""
    provider: Literal["aws", "azure", "gcp", "generic"] | None
    """Whose registry it is, which decides how Flux logs in. Flux's default: `generic`, by the Secret."""
    exclusion_list: Sequence[str] | None
    """Regular expressions for tags to leave out, at most 25. Flux's default: `^.*\\.sig$`, signatures."""
    access_from: _AccessFrom | AccessFromDict | Mapping[str, Any] | None
    """Which other namespaces may have ImagePolicies for it."""
    insecure: bool | None
    """Whether to use plain HTTP. Flux's default: False."""
    suspend: bool | None
    """Whether Flux stops reconciling it. Flux's default: False."""

class ImageRepository(_ImageRepository):
    """A container image whose tags Flux scans."""

    secret_ref: SecretReference | None
    """The Secret with a docker config to log in with."""
    cert_secret_ref: SecretReference | None
    """The Secret with the CA (`ca.crt`) and the client certificate (`tls.crt`, `tls.key`)."""
    proxy_secret_ref: SecretReference | None
    """The Secret with the proxy: `address`, `username`, `password`."""
    access_from: AccessFrom | None
    """Which other namespaces may have ImagePolicies for it."""
    def __init__(self, **fields: Unpack[ImageRepositoryDict]) -> None:
        """A container image whose tags Flux scans."""

class CommitAuthorDict(TypedDict, total=False):
    email: Required[str]
    """The author's address."""
    name: str | None
    """The author's name."""

class CommitAuthor(_CommitAuthor):
    """Who commits."""

    def __init__(self, **fields: Unpack[CommitAuthorDict]) -> None:
        """Who commits."""

class GitCheckoutDict(TypedDict, total=False):
    ref: Required[_GitRef | GitRefDict | Mapping[str, Any]]
    """The branch, tag or commit that is changed."""

class GitCheckout(_GitCheckout):
    """What to change; the repository's own ``ref`` when it is left out."""

    ref: GitRef
    """The branch, tag or commit that is changed."""
    def __init__(self, **fields: Unpack[GitCheckoutDict]) -> None:
        """What to change; the repository's own ``ref`` when it is left out."""

class GitCommitDict(TypedDict, total=False):
    author: Required[_CommitAuthor | CommitAuthorDict | Mapping[str, Any]]
    """Who commits."""
    message_template: str | None
    """The message, a Go template over the changes. Flux writes one of its own for none."""
    message_template_values: Mapping[str, str] | None
    """Values that the template reads as `.Values`."""
    signing_key: _SigningKey | SigningKeyDict | Mapping[str, Any] | None
    """The key that signs the commits. They are not signed when left out."""

class GitCommit(_GitCommit):
    """The commit: its author and message."""

    author: CommitAuthor
    """Who commits."""
    signing_key: SigningKey | None
    """The key that signs the commits. They are not signed when left out."""
    def __init__(self, **fields: Unpack[GitCommitDict]) -> None:
        """The commit: its author and message."""

class GitPushDict(TypedDict, total=False):
    branch: str | None
    """The branch to push to; it is created where it does not exist."""
    refspec: str | None
    """The refspec to push, in place of a branch or in addition to it."""
    options: Mapping[str, str] | None
    """Push options for the server."""

class GitPush(_GitPush):
    """Where the commit goes; the branch that was checked out when it is left out."""

    def __init__(self, **fields: Unpack[GitPushDict]) -> None:
        """Where the commit goes; the branch that was checked out when it is left out."""

class GitSpecDict(TypedDict, total=False):
    checkout: _GitCheckout | GitCheckoutDict | Mapping[str, Any] | None
    """What to check out. The GitRepository's `ref` when left out."""
    commit: Required[_GitCommit | GitCommitDict | Mapping[str, Any]]
    """The commit."""
    push: _GitPush | GitPushDict | Mapping[str, Any] | None
    """Where to push. The branch that was checked out when left out."""

class GitSpec(_GitSpec):
    """How to check out, commit and push."""

    checkout: GitCheckout | None
    """What to check out. The GitRepository's `ref` when left out."""
    commit: GitCommit
    """The commit."""
    push: GitPush | None
    """Where to push. The branch that was checked out when left out."""
    def __init__(self, **fields: Unpack[GitSpecDict]) -> None:
        """How to check out, commit and push."""

class ImageUpdateAutomationDict(FluxSourceDict, total=False):
    interval: str | None
    """How often to look for new tags to write. Default: `10m`."""
    source_ref: Required[_UpdateSource | UpdateSourceDict | Mapping[str, Any] | str | _GitRepository]
    """The GitRepository that is changed."""
    git: _GitSpec | GitSpecDict | Mapping[str, Any] | None
    """How to check out, commit and push."""
    policy_selector: _PolicySelector | PolicySelectorDict | Mapping[str, Any] | None
    """Which ImagePolicies count. All of the namespace when left out."""
    update: _UpdateStrategy | UpdateStrategyDict | Mapping[str, Any] | None
    """How files are changed."""
    suspend: bool | None
    """Whether Flux stops reconciling it. Flux's default: False."""

class ImageUpdateAutomation(_ImageUpdateAutomation):
    """Writes the latest image tags into a Git repository."""

    source_ref: UpdateSource
    """The GitRepository that is changed."""
    git: GitSpec | None
    """How to check out, commit and push."""
    policy_selector: PolicySelector | None
    """Which ImagePolicies count. All of the namespace when left out."""
    update: UpdateStrategy | None
    """How files are changed."""
    def __init__(self, **fields: Unpack[ImageUpdateAutomationDict]) -> None:
        """Writes the latest image tags into a Git repository."""

class PolicyRequirementDict(TypedDict, total=False):
    key: Required[str]
    """The label."""
    operator: Required[str]
    """How the label is compared: `In`, `NotIn`, `Exists` or `DoesNotExist`."""
    values: Sequence[str] | None
    """The values for `In` and `NotIn`."""

class PolicyRequirement(_PolicyRequirement):
    """A condition on a label: In, NotIn, Exists, DoesNotExist."""

    def __init__(self, **fields: Unpack[PolicyRequirementDict]) -> None:
        """A condition on a label: In, NotIn, Exists, DoesNotExist."""

class PolicySelectorDict(TypedDict, total=False):
    match_labels: Mapping[str, str] | None
    """Labels that the ImagePolicies must have; all of them."""
    match_expressions: Sequence[_PolicyRequirement | PolicyRequirementDict | Mapping[str, Any]] | None
    """Rules about labels; all of them must hold."""

class PolicySelector(_PolicySelector):
    """ImagePolicies with these labels."""

    match_expressions: tuple[PolicyRequirement, ...] | None
    """Rules about labels; all of them must hold."""
    def __init__(self, **fields: Unpack[PolicySelectorDict]) -> None:
        """ImagePolicies with these labels."""

class SigningKeyDict(TypedDict, total=False):
    type: Literal["gpg", "ssh"] | None
    """Whether it is a GPG or an SSH key. Flux's default: `gpg`."""
    secret_ref: Required[_SecretReference | SecretReferenceDict | Mapping[str, Any] | str]
    """The Secret with the key: `git.asc` for GPG, `identity` for SSH, and its `passphrase` or `password`."""

class SigningKey(_SigningKey):
    """The key that signs commits."""

    secret_ref: SecretReference
    """The Secret with the key: `git.asc` for GPG, `identity` for SSH, and its `passphrase` or `password`."""
    def __init__(self, **fields: Unpack[SigningKeyDict]) -> None:
        """The key that signs commits."""

class UpdateSourceDict(TypedDict, total=False):
    api_version: str | None
    """The API version of the source. Flux takes its own version of the kind for none."""
    kind: Literal["GitRepository"] | None
    """The kind of the source. Default: `GitRepository`, the only one."""
    name: Required[str]
    """The GitRepository's name."""
    namespace: str | None
    """The GitRepository's namespace. Flux takes the automation's own for none."""

class UpdateSource(_UpdateSource):
    """The repository that is changed."""

    def __init__(self, **fields: Unpack[UpdateSourceDict]) -> None:
        """The repository that is changed."""

class UpdateStrategyDict(TypedDict, total=False):
    strategy: Literal["Setters"] | None
    """How files are changed. Default: `Setters`, the only one: where a comment names an ImagePolicy."""
    path: str | None
    """The folder whose files are changed. The whole repository when left out."""

class UpdateStrategy(_UpdateStrategy):
    """How files are changed: at setter comments, below ``path``."""

    def __init__(self, **fields: Unpack[UpdateStrategyDict]) -> None:
        """How files are changed: at setter comments, below ``path``."""

class DecryptionDict(TypedDict, total=False):
    provider: Required[Literal["sops"]]
    """The tool that encrypted the files. Flux has one: `sops`."""
    secret_ref: _SecretReference | SecretReferenceDict | Mapping[str, Any] | str | None
    """The Secret with the age or PGP keys, or the credentials of a key service."""
    service_account_name: str | None
    """The service account whose workload identity reaches the key service."""

class Decryption(_Decryption):
    """How to decrypt the Secrets in the repository."""

    secret_ref: SecretReference | None
    """The Secret with the age or PGP keys, or the credentials of a key service."""
    def __init__(self, **fields: Unpack[DecryptionDict]) -> None:
        """How to decrypt the Secrets in the repository."""

class KustomizationDict(FluxResourceDict, total=False):
    interval: str | None
    """How often to apply the folder again, which also undoes changes made by hand. Default: `10m`."""
    retry_interval: str | None
    """How soon to try again after a failure. Flux takes `interval` for none."""
    timeout: str | None
    """How long building, applying and waiting may take together. Flux takes `interval` less 30s for none, and at least 30s."""
    source_ref: Required[
        _SourceReference
        | SourceReferenceDict
        | Mapping[str, Any]
        | _Bucket
        | _ExternalArtifact
        | _GitRepository
        | _OCIRepository
    ]
    """The source whose files are applied: the object itself, or its kind and name."""
    path: str | None
    """The folder of the source. Flux takes the root for none, and generates a kustomization.yaml where there is none."""
    prune: bool | None
    """Whether objects that left the folder are deleted from the cluster. Default: True."""
    deletion_policy: Literal["Delete", "MirrorPrune", "Orphan", "WaitForTermination"] | None
    """What happens to the objects when the Kustomization is deleted. Flux's default, `MirrorPrune`, does what `prune` says."""
    wait: bool | None
    """Whether it is ready only when all of its objects are healthy; `health_checks` do not count then. Flux's default: False."""
    force: bool | None
    """Whether an object whose fixed fields have changed is deleted and made again. Flux's default: False."""
    suspend: bool | None
    """Whether Flux stops reconciling it. Flux's default: False."""
    depends_on: (
        Sequence[_DependencyReference | DependencyReferenceDict | Mapping[str, Any] | str | _Kustomization] | None
    )
    """Kustomizations that must be ready first."""
    health_checks: Sequence[_HealthCheck | HealthCheckDict | Mapping[str, Any]] | None
    """Objects that must be healthy before it is ready."""
    health_check_exprs: Sequence[_HealthCheckExpr | HealthCheckExprDict | Mapping[str, Any]] | None
    """What healthy means for custom kinds, as CEL expressions."""
    target_namespace: str | None
    """The namespace that every namespaced object is put into, whatever its manifest says."""
    name_prefix: str | None
    """Text put before the name of every object."""
    name_suffix: str | None
    """Text put after the name of every object."""
    common_metadata: _CommonMetadata | CommonMetadataDict | Mapping[str, Any] | None
    """Labels and annotations for every object; they win over the objects' own."""
    patches: Sequence[_Patch | PatchDict | Mapping[str, Any]] | None
    """Patches to apply before anything is sent to the cluster."""
    images: Sequence[_Image | ImageDict | Mapping[str, Any]] | None
    """Images to run in place of those in the manifests."""
    components: Sequence[str] | None
    """Kustomize components to add: folders relative to `path`, in the same source."""
    ignore_missing_components: bool | None
    """Whether components that do not exist are passed over. Flux's default: False."""
    build_metadata: Sequence[Literal["originAnnotations", "transformerAnnotations"]] | None
    """Annotations that say where each object comes from, as Kustomize writes them."""
    post_build: _PostBuild | PostBuildDict | Mapping[str, Any] | None
    """Variables that replace `${name}` after the build."""
    decryption: _Decryption | DecryptionDict | Mapping[str, Any] | None
    """How to decrypt Secrets that are encrypted in the source."""
    service_account_name: str | None
    """The service account that applies, in the Kustomization's namespace. Flux acts as itself when left out."""
    kube_config: _KubeConfig | KubeConfigDict | Mapping[str, Any] | None
    """The cluster to apply to, when it is not the one that Flux runs in."""
    ignore: Sequence[_IgnoreRule | IgnoreRuleDict | Mapping[str, Any]] | None
    """Fields whose drift is ignored."""
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
    """The source whose files are applied: the object itself, or its kind and name."""
    depends_on: tuple[DependencyReference, ...] | None
    """Kustomizations that must be ready first."""
    health_checks: tuple[HealthCheck, ...] | None
    """Objects that must be healthy before it is ready."""
    health_check_exprs: tuple[HealthCheckExpr, ...] | None
    """What healthy means for custom kinds, as CEL expressions."""
    common_metadata: CommonMetadata | None
    """Labels and annotations for every object; they win over the objects' own."""
    patches: tuple[Patch, ...] | None
    """Patches to apply before anything is sent to the cluster."""
    images: tuple[Image, ...] | None
    """Images to run in place of those in the manifests."""
    post_build: PostBuild | None
    """Variables that replace `${name}` after the build."""
    decryption: Decryption | None
    """How to decrypt Secrets that are encrypted in the source."""
    kube_config: KubeConfig | None
    """The cluster to apply to, when it is not the one that Flux runs in."""
    ignore: tuple[IgnoreRule, ...] | None
    """Fields whose drift is ignored."""
    def __init__(self, **fields: Unpack[KustomizationDict]) -> None:
        """A folder of a source, applied every ``interval``."""

class PostBuildDict(TypedDict, total=False):
    substitute: Mapping[str, str] | None
    """Variables and their values; they win over `substitute_from`."""
    substitute_from: Sequence[_SubstituteReference | SubstituteReferenceDict | Mapping[str, Any]] | None
    """ConfigMaps and Secrets whose keys are variables; later ones win over earlier ones."""
    substitute_strategy: Literal["Always", "WithVariables"] | None
    """Whether to look for variables only when some are given (`WithVariables`, Flux's default) or `Always`."""

class PostBuild(_PostBuild):
    """Variables that replace ``${name}`` in what was built."""

    substitute_from: tuple[SubstituteReference, ...] | None
    """ConfigMaps and Secrets whose keys are variables; later ones win over earlier ones."""
    def __init__(self, **fields: Unpack[PostBuildDict]) -> None:
        """Variables that replace ``${name}`` in what was built."""

class SourceReferenceDict(TypedDict, total=False):
    api_version: str | None
    """The API version of the source. Flux takes its own version of the kind for none."""
    kind: Required[Literal["Bucket", "ExternalArtifact", "GitRepository", "OCIRepository"]]
    """The kind of the source."""
    name: Required[str]
    """The source's name."""
    namespace: str | None
    """The source's namespace. Flux takes the Kustomization's own for none."""

class SourceReference(_SourceReference):
    """The source whose files are applied."""

    def __init__(self, **fields: Unpack[SourceReferenceDict]) -> None:
        """The source whose files are applied."""

class SubstituteReferenceDict(TypedDict, total=False):
    kind: Required[Literal["ConfigMap", "Secret"]]
    """Whether it is a ConfigMap or a Secret."""
    name: Required[str]
    """Its name, in the Kustomization's namespace."""
    optional: bool | None
    """Whether it may be missing. Default: False, so that the Kustomization fails without it."""

class SubstituteReference(_SubstituteReference):
    """A ConfigMap or Secret whose keys are variables."""

    def __init__(self, **fields: Unpack[SubstituteReferenceDict]) -> None:
        """A ConfigMap or Secret whose keys are variables."""

class CommonMetadataDict(TypedDict, total=False):
    labels: Mapping[str, str] | None
    """Labels for every object."""
    annotations: Mapping[str, str] | None
    """Annotations for every object."""

class CommonMetadata(_CommonMetadata):
    """Labels and annotations for all objects; they win over the objects' own."""

    def __init__(self, **fields: Unpack[CommonMetadataDict]) -> None:
        """Labels and annotations for all objects; they win over the objects' own."""

class IgnoreRuleDict(TypedDict, total=False):
    paths: Required[Sequence[str]]
    """JSON pointers of the fields: `/spec/replicas`."""
    target: _Selector | SelectorDict | Mapping[str, Any] | None
    """The objects that the rule is for. All when left out."""

class IgnoreRule(_IgnoreRule):
    """Fields (JSON pointers) whose drift is ignored, in the objects of the target or in all."""

    target: Selector | None
    """The objects that the rule is for. All when left out."""
    def __init__(self, **fields: Unpack[IgnoreRuleDict]) -> None:
        """Fields (JSON pointers) whose drift is ignored, in the objects of the target or in all."""

class ImageDict(TypedDict, total=False):
    name: Required[str]
    """The image as the manifests name it, without a tag."""
    new_name: str | None
    """The image to run instead. The name stays when left out."""
    new_tag: str | None
    """The tag to run. The tag stays when left out."""
    digest: str | None
    """The digest to run, `sha256:...`; it wins over `new_tag`."""

class Image(_Image):
    """Another name, tag or digest for an image."""

    def __init__(self, **fields: Unpack[ImageDict]) -> None:
        """Another name, tag or digest for an image."""

class PatchDict(TypedDict, total=False):
    patch: Required[str]
    """The patch: a strategic-merge patch, or a list of JSON 6902 operations, as YAML or JSON text."""
    target: _Selector | SelectorDict | Mapping[str, Any] | None
    """The objects that are patched. A strategic-merge patch without a target is for the object that it names."""

class Patch(_Patch):
    """A strategic-merge or JSON 6902 patch, as YAML or JSON text, for the object that it names or the target."""

    target: Selector | None
    """The objects that are patched. A strategic-merge patch without a target is for the object that it names."""
    def __init__(self, **fields: Unpack[PatchDict]) -> None:
        """A strategic-merge or JSON 6902 patch, as YAML or JSON text, for the object that it names or the target."""

class SelectorDict(TypedDict, total=False):
    group: str | None
    """The API group. Any when left out."""
    version: str | None
    """The API version. Any when left out."""
    kind: str | None
    """The kind. Any when left out."""
    namespace: str | None
    """The namespace. Any when left out."""
    name: str | None
    """The name. Any when left out."""
    annotation_selector: str | None
    """Annotations that the objects must have, in the form of a label selector: `team=web,tier!=db`."""
    label_selector: str | None
    """Labels that the objects must have, as `kubectl -l` takes them: `app=web,tier!=db`."""

class Selector(_Selector):
    """Objects; group, version, kind, namespace and name are regular expressions that match the whole."""

    def __init__(self, **fields: Unpack[SelectorDict]) -> None:
        """Objects; group, version, kind, namespace and name are regular expressions that match the whole."""

class AlertDict(FluxResourceDict, total=False):
    provider_ref: Required[_ProviderReference | ProviderReferenceDict | Mapping[str, Any] | str | _Provider]
    """The Provider that sends, in the same namespace."""
    event_severity: Literal["error", "info"] | None
    """What is sent: everything (`info`, Flux's default) or only errors."""
    event_sources: Required[Sequence[_EventSource | EventSourceDict | Mapping[str, Any] | _Resource]]
    """The objects whose events are sent."""
    inclusion_list: Sequence[str] | None
    """Regular expressions for the message; one must match. Every message counts when left out."""
    exclusion_list: Sequence[str] | None
    """Regular expressions for messages to leave out."""
    event_metadata: Mapping[str, str] | None
    """Facts that are added to every event, such as the cluster's name."""
    summary: str | None
    """Text that is added to every event. Deprecated: use `event_metadata`."""
    suspend: bool | None
    """Whether to send nothing. Flux's default: False."""

class Alert(_Alert):
    """Events of some objects, sent to a Provider. Severity ``info`` (the default) sends errors too."""

    provider_ref: ProviderReference
    """The Provider that sends, in the same namespace."""
    event_sources: tuple[EventSource, ...]
    """The objects whose events are sent."""
    def __init__(self, **fields: Unpack[AlertDict]) -> None:
        """Events of some objects, sent to a Provider. Severity ``info`` (the default) sends errors too."""

class ProviderReferenceDict(TypedDict, total=False):
    name: Required[str]
    """The Provider's name."""

class ProviderReference(_ProviderReference):
    """A Provider in the same namespace."""

    def __init__(self, **fields: Unpack[ProviderReferenceDict]) -> None:
        """A Provider in the same namespace."""

class ProviderDict(FluxResourceDict, total=False):
    type: Required[
        Literal[
            "alertmanager",
            "azuredevops",
            "azureeventhub",
            "bitbucket",
            "bitbucketserver",
            "datadog",
            "discord",
            "generic",
            "generic-hmac",
            "gitea",
            "giteapullrequestcomment",
            "github",
            "githubdispatch",
            "githubpullrequestcomment",
            "gitlab",
            "gitlabmergerequestcomment",
            "googlechat",
            "googlepubsub",
            "grafana",
            "incident.io",
            "lark",
            "matrix",
            "msteams",
            "nats",
            "opsgenie",
            "otel",
            "pagerduty",
            "rocket",
            "sentry",
            "slack",
            "telegram",
            "webex",
            "zoom",
            "zulip",
        ]
    ]
    """The service."""
    address: str | None
    """The URL to send to, or what the service has in its place. A secret belongs in `secret_ref`, under `address`."""
    channel: str | None
    """The channel, room or project."""
    username: str | None
    """The name that messages are sent under. Flux's default: the name of its controller."""
    secret_ref: _SecretReference | SecretReferenceDict | Mapping[str, Any] | str | None
    """The Secret with what the service asks for: `address`, `token`, `username`, `password`, `headers`."""
    cert_secret_ref: _SecretReference | SecretReferenceDict | Mapping[str, Any] | str | None
    """The Secret with the CA (`ca.crt`) and the client certificate (`tls.crt`, `tls.key`)."""
    proxy_secret_ref: _SecretReference | SecretReferenceDict | Mapping[str, Any] | str | None
    """The Secret with the proxy: `address`, `username`, `password`."""
    proxy: str | None
    """The URL of a proxy. Deprecated: use `proxy_secret_ref`."""
    service_account_name: str | None
    """The service account whose workload identity logs in."""
    commit_status_expr: str | None
    """A CEL expression for the id of a commit status. Only for Git services."""
    interval: str | None
    """Does nothing any more. Deprecated."""
    timeout: str | None
    """How long sending may take; Flux takes no hours here. Flux's default: `15s`."""
    suspend: bool | None
    """Whether nothing is sent. Flux's default: False."""

class Provider(_Provider):
    """A service that Alerts send to. Its address may be a secret: keep it in ``secret_ref`` then."""

    secret_ref: SecretReference | None
    """The Secret with what the service asks for: `address`, `token`, `username`, `password`, `headers`."""
    cert_secret_ref: SecretReference | None
    """The Secret with the CA (`ca.crt`) and the client certificate (`tls.crt`, `tls.key`)."""
    proxy_secret_ref: SecretReference | None
    """The Secret with the proxy: `address`, `username`, `password`."""
    def __init__(self, **fields: Unpack[ProviderDict]) -> None:
        """A service that Alerts send to. Its address may be a secret: keep it in ``secret_ref`` then."""

class OIDCProviderDict(TypedDict, total=False):
    issuer_url: Required[str]
    """The URL of the issuer of the tokens."""
    audience: str | None
    """Who the token must be for. Flux's default: `notification-controller`."""
    variables: Sequence[_OIDCVariable | OIDCVariableDict | Mapping[str, Any]] | None
    """Expressions with names, for the validations."""
    validations: Required[Sequence[_OIDCValidation | OIDCValidationDict | Mapping[str, Any]]]
    """What the claims of a token must say; all of it."""

class OIDCProvider(_OIDCProvider):
    """An issuer of tokens, and what their claims must say."""

    variables: tuple[OIDCVariable, ...] | None
    """Expressions with names, for the validations."""
    validations: tuple[OIDCValidation, ...]
    """What the claims of a token must say; all of it."""
    def __init__(self, **fields: Unpack[OIDCProviderDict]) -> None:
        """An issuer of tokens, and what their claims must say."""

class OIDCValidationDict(TypedDict, total=False):
    expression: Required[str]
    """The CEL expression, over `claims`."""
    message: Required[str]
    """The message when it is false."""

class OIDCValidation(_OIDCValidation):
    """A CEL expression that must be true of the token's claims, and what to say when it is not."""

    def __init__(self, **fields: Unpack[OIDCValidationDict]) -> None:
        """A CEL expression that must be true of the token's claims, and what to say when it is not."""

class OIDCVariableDict(TypedDict, total=False):
    name: Required[str]
    """The name, for other expressions: `vars.<name>`."""
    expression: Required[str]
    """The CEL expression, over `claims`."""

class OIDCVariable(_OIDCVariable):
    """A CEL expression with a name."""

    def __init__(self, **fields: Unpack[OIDCVariableDict]) -> None:
        """A CEL expression with a name."""

class ReceiverDict(FluxResourceDict, total=False):
    type: Required[
        Literal[
            "acr",
            "bitbucket",
            "cdevents",
            "dockerhub",
            "gcr",
            "generic",
            "generic-hmac",
            "generic-oidc",
            "github",
            "gitlab",
            "harbor",
            "nexus",
            "quay",
        ]
    ]
    """Who calls, which decides how a request is verified."""
    interval: str | None
    """How often the object itself is looked at again. Flux's default: `10m`."""
    events: Sequence[str] | None
    """The events of the service that count. All when left out."""
    resources: Required[Sequence[_ReceiverResource | ReceiverResourceDict | Mapping[str, Any] | _Resource]]
    """The objects to reconcile."""
    resource_filter: str | None
    """A CEL expression over `req` and `res` that tells whether an object is reconciled, for all of them."""
    secret_ref: _SecretReference | SecretReferenceDict | Mapping[str, Any] | str | None
    """The Secret with the `token` that requests are verified with. Not for `generic-oidc`."""
    oidc_providers: Sequence[_OIDCProvider | OIDCProviderDict | Mapping[str, Any]] | None
    """The issuers whose tokens are accepted. Only for `generic-oidc`."""
    suspend: bool | None
    """Whether requests are refused. Flux's default: False."""

class Receiver(_Receiver):
    """A webhook; what it lists is reconciled when a request comes."""

    resources: tuple[ReceiverResource, ...]
    """The objects to reconcile."""
    secret_ref: SecretReference | None
    """The Secret with the `token` that requests are verified with. Not for `generic-oidc`."""
    oidc_providers: tuple[OIDCProvider, ...] | None
    """The issuers whose tokens are accepted. Only for `generic-oidc`."""
    def __init__(self, **fields: Unpack[ReceiverDict]) -> None:
        """A webhook; what it lists is reconciled when a request comes."""

class ReceiverResourceDict(EventSourceDict, total=False):
    filter: str | None
    """A CEL expression over `req` and `res` that tells whether the object is reconciled."""

class ReceiverResource(_ReceiverResource, EventSource):
    """What to reconcile; ``filter`` is a CEL expression about the request and the object."""

    def __init__(self, **fields: Unpack[ReceiverResourceDict]) -> None:
        """What to reconcile; ``filter`` is a CEL expression about the request and the object."""

class AccessFromDict(TypedDict, total=False):
    namespace_selectors: Required[Sequence[_NamespaceSelector | NamespaceSelectorDict | Mapping[str, Any]]]
    """Which namespaces may use the object; one of the selectors must match."""

class AccessFrom(_AccessFrom):
    """Namespaces that match any of the selectors."""

    namespace_selectors: tuple[NamespaceSelector, ...]
    """Which namespaces may use the object; one of the selectors must match."""
    def __init__(self, **fields: Unpack[AccessFromDict]) -> None:
        """Namespaces that match any of the selectors."""

class NamespaceSelectorDict(TypedDict, total=False):
    match_labels: Mapping[str, str] | None
    """Labels that the namespace must have; all of them. Every namespace when left out."""

class NamespaceSelector(_NamespaceSelector):
    """Namespaces with these labels; all when it is empty."""

    def __init__(self, **fields: Unpack[NamespaceSelectorDict]) -> None:
        """Namespaces with these labels; all when it is empty."""

class BucketDict(FluxSourceDict, total=False):
    interval: str | None
    """How often to look for changes. Default: `10m`."""
    provider: Literal["aws", "azure", "gcp", "generic"] | None
    """Whose storage it is, which decides how Flux logs in. Flux's default: `generic`, anything that speaks S3."""
    bucket_name: Required[str]
    """The bucket's name."""
    endpoint: Required[str]
    """The host of the storage, without a scheme: `minio.example.com`."""
    region: str | None
    """The region of the bucket."""
    prefix: str | None
    """Only files whose name begins so are fetched."""
    sts: _BucketSTS | BucketSTSDict | Mapping[str, Any] | None
    """A service that gives short-lived credentials."""
    secret_ref: _SecretReference | SecretReferenceDict | Mapping[str, Any] | str | None
    """The Secret with `accesskey` and `secretkey`."""
    cert_secret_ref: _SecretReference | SecretReferenceDict | Mapping[str, Any] | str | None
    """The Secret with the CA (`ca.crt`) and the client certificate (`tls.crt`, `tls.key`)."""
    proxy_secret_ref: _SecretReference | SecretReferenceDict | Mapping[str, Any] | str | None
    """The Secret with the proxy: `address`, `username`, `password`."""
    service_account_name: str | None
    """The service account whose workload identity logs in. Not for provider `generic`."""
    timeout: str | None
    """How long a fetch may take; Flux takes no hours here. Flux's default: `60s`."""
    ignore: str | None
    """Files to leave out, as a .gitignore says it. Flux leaves out pictures, archives and CI files by itself until you say something."""
    insecure: bool | None
    """Whether to use plain HTTP. Flux's default: False."""
    suspend: bool | None
    """Whether Flux stops reconciling it. Flux's default: False."""

class Bucket(_Bucket):
    """A bucket that Flux polls."""

    sts: BucketSTS | None
    """A service that gives short-lived credentials."""
    secret_ref: SecretReference | None
    """The Secret with `accesskey` and `secretkey`."""
    cert_secret_ref: SecretReference | None
    """The Secret with the CA (`ca.crt`) and the client certificate (`tls.crt`, `tls.key`)."""
    proxy_secret_ref: SecretReference | None
    """The Secret with the proxy: `address`, `username`, `password`."""
    def __init__(self, **fields: Unpack[BucketDict]) -> None:
        """A bucket that Flux polls."""

class BucketSTSDict(TypedDict, total=False):
    provider: Required[Literal["aws", "ldap"]]
    """The kind of service. `aws` goes with provider `aws` of the Bucket, `ldap` with `generic`."""
    endpoint: Required[str]
    """The URL of the service."""
    secret_ref: _SecretReference | SecretReferenceDict | Mapping[str, Any] | str | None
    """The Secret with `username` and `password` for the service. Not for `aws`."""
    cert_secret_ref: _SecretReference | SecretReferenceDict | Mapping[str, Any] | str | None
    """The Secret with the CA (`ca.crt`) and the client certificate. Not for `aws`."""

class BucketSTS(_BucketSTS):
    """A security token service that gives short-lived credentials."""

    secret_ref: SecretReference | None
    """The Secret with `username` and `password` for the service. Not for `aws`."""
    cert_secret_ref: SecretReference | None
    """The Secret with the CA (`ca.crt`) and the client certificate. Not for `aws`."""
    def __init__(self, **fields: Unpack[BucketSTSDict]) -> None:
        """A security token service that gives short-lived credentials."""

class ArtifactOriginDict(TypedDict, total=False):
    api_version: str | None
    """The API version of the object."""
    kind: Required[str]
    """The kind of the object."""
    name: Required[str]
    """The object's name."""
    namespace: str | None
    """The object's namespace. The ExternalArtifact's own when left out."""

class ArtifactOrigin(_ArtifactOrigin):
    """The object that the artifact is made from: of any kind, made by anybody."""

    def __init__(self, **fields: Unpack[ArtifactOriginDict]) -> None:
        """The object that the artifact is made from: of any kind, made by anybody."""

class ExternalArtifactDict(FluxResourceDict, total=False):
    source_ref: _ArtifactOrigin | ArtifactOriginDict | Mapping[str, Any] | _Resource | None
    """The object that the artifact is made from, for the controller that makes it."""

class ExternalArtifact(_ExternalArtifact):
    """A source whose artifact is written by another controller."""

    source_ref: ArtifactOrigin | None
    """The object that the artifact is made from, for the controller that makes it."""
    def __init__(self, **fields: Unpack[ExternalArtifactDict]) -> None:
        """A source whose artifact is written by another controller."""

class GitRefDict(TypedDict, total=False):
    branch: str | None
    """The branch to follow. Flux takes `master` when nothing at all is given."""
    tag: str | None
    """The tag to check out."""
    semver: str | None
    """The range of versions whose highest tag is checked out: `>=1.2.0 <2.0.0`."""
    name: str | None
    """The full name of a reference: `refs/pull/7/head`."""
    commit: str | None
    """The hash of the commit to check out."""

class GitRef(_GitRef):
    """What to check out; when several are given, commit wins over name, semver, tag and branch, in this order."""

    def __init__(self, **fields: Unpack[GitRefDict]) -> None:
        """What to check out; when several are given, commit wins over name, semver, tag and branch, in this order."""

class GitRepositoryDict(FluxSourceDict, total=False):
    interval: str | None
    """How often to look for new commits. Default: `1m`."""
    url: Required[str]
    """The URL: `https://`, `http://` or `ssh://`. Write `git@host:path` as `ssh://git@host/path`."""
    ref: _GitRef | GitRefDict | Mapping[str, Any] | None
    """What to check out. Flux takes the branch `master` for none."""
    secret_ref: _SecretReference | SecretReferenceDict | Mapping[str, Any] | str | None
    """The Secret to log in with: `username` and `password`, `bearerToken`, an SSH `identity` with `known_hosts`, or a GitHub App."""
    provider: Literal["aws", "azure", "generic", "github"] | None
    """Whose service it is, which decides how Flux logs in. Flux's default: `generic`, by the Secret."""
    service_account_name: str | None
    """The service account whose workload identity logs in. For the providers `azure` and `aws`."""
    timeout: str | None
    """How long Git may take; Flux takes no hours here. Flux's default: `60s`."""
    verify: _GitVerification | GitVerificationDict | Mapping[str, Any] | None
    """Signatures that must be good before a commit is used."""
    proxy_secret_ref: _SecretReference | SecretReferenceDict | Mapping[str, Any] | str | None
    """The Secret with the proxy: `address`, `username`, `password`."""
    ignore: str | None
    """Files to leave out, as a .gitignore says it. Flux leaves out pictures, archives and CI files by itself until you say something."""
    include: Sequence[_GitRepositoryInclude | GitRepositoryIncludeDict | Mapping[str, Any]] | None
    """Other GitRepositories whose files are copied into this one's."""
    recurse_submodules: bool | None
    """Whether submodules are fetched too. Flux's default: False."""
    sparse_checkout: Sequence[str] | None
    """The only folders to check out. All when left out."""
    suspend: bool | None
    """Whether Flux stops reconciling it. Flux's default: False."""

class GitRepository(_GitRepository):
    """A Git repository that Flux polls.

    >>> GitRepository(name="apps", url="https://github.com/myorg/config", ref={"branch": "main"}).interval
    '1m'
    """

    ref: GitRef | None
    """What to check out. Flux takes the branch `master` for none."""
    secret_ref: SecretReference | None
    """The Secret to log in with: `username` and `password`, `bearerToken`, an SSH `identity` with `known_hosts`, or a GitHub App."""
    verify: GitVerification | None
    """Signatures that must be good before a commit is used."""
    proxy_secret_ref: SecretReference | None
    """The Secret with the proxy: `address`, `username`, `password`."""
    include: tuple[GitRepositoryInclude, ...] | None
    """Other GitRepositories whose files are copied into this one's."""
    def __init__(self, **fields: Unpack[GitRepositoryDict]) -> None:
        """A Git repository that Flux polls."""

class GitRepositoryIncludeDict(TypedDict, total=False):
    repository: Required[
        _GitRepositoryReference | GitRepositoryReferenceDict | Mapping[str, Any] | str | _GitRepository
    ]
    """The repository whose files are copied."""
    from_path: str | None
    """The folder to copy. Flux takes everything for none."""
    to_path: str | None
    """The folder to copy to. Flux takes the name of the repository for none."""

class GitRepositoryInclude(_GitRepositoryInclude):
    """Another repository's files, copied into this one's."""

    repository: _GitRepositoryReference
    """The repository whose files are copied."""
    def __init__(self, **fields: Unpack[GitRepositoryIncludeDict]) -> None:
        """Another repository's files, copied into this one's."""

class GitRepositoryReferenceDict(TypedDict, total=False):
    name: Required[str]
    """The GitRepository's name."""

class GitVerificationDict(TypedDict, total=False):
    mode: Literal["HEAD", "Tag", "TagAndHEAD", "head"] | None
    """What must be signed. Flux's default: `HEAD`, the commit."""
    secret_ref: Required[_SecretReference | SecretReferenceDict | Mapping[str, Any] | str]
    """The Secret with the public keys, one a key: `*.asc` for PGP, `*.sshpub` for SSH."""

class GitVerification(_GitVerification):
    """Which signatures must be good: of the commit (HEAD), of the tag, or of both."""

    secret_ref: SecretReference
    """The Secret with the public keys, one a key: `*.asc` for PGP, `*.sshpub` for SSH."""
    def __init__(self, **fields: Unpack[GitVerificationDict]) -> None:
        """Which signatures must be good: of the commit (HEAD), of the tag, or of both."""

class HelmChartDict(FluxSourceDict, total=False):
    chart: Required[str]
    """The chart's name in a HelmRepository, or its path in a GitRepository or Bucket."""
    version: str | None
    """The version or semver range. Flux takes `*`, the latest, for none. Only a HelmRepository has versions."""
    source_ref: Required[
        _HelmChartSource | HelmChartSourceDict | Mapping[str, Any] | _Bucket | _GitRepository | _HelmRepository
    ]
    """The source that holds the chart."""
    interval: str | None
    """How often to look for a new chart. Default: `10m`."""
    reconcile_strategy: Literal["ChartVersion", "Revision"] | None
    """What makes a new chart: a new version (`ChartVersion`, Flux's default) or any new revision of the source (`Revision`)."""
    values_files: Sequence[str] | None
    """Values files in the source, merged in this order; they replace the chart's own values.yaml."""
    ignore_missing_values_files: bool | None
    """Whether values files that do not exist are passed over. Flux's default: False."""
    verify: _ChartVerification | ChartVerificationDict | Mapping[str, Any] | None
    """The signature that the chart must have. Only for a chart of a HelmRepository."""
    suspend: bool | None
    """Whether Flux stops reconciling it. Flux's default: False."""

class HelmChart(_HelmChart):
    """A chart that Flux fetches and packages. HelmReleases make their own; declare one to share it."""

    source_ref: HelmChartSource
    """The source that holds the chart."""
    verify: ChartVerification | None
    """The signature that the chart must have. Only for a chart of a HelmRepository."""
    def __init__(self, **fields: Unpack[HelmChartDict]) -> None:
        """A chart that Flux fetches and packages. HelmReleases make their own; declare one to share it."""

class HelmChartSourceDict(TypedDict, total=False):
    api_version: str | None
    """The API version of the source. Flux takes its own version of the kind for none."""
    kind: Required[Literal["Bucket", "GitRepository", "HelmRepository"]]
    """The kind of the source."""
    name: Required[str]
    """The source's name, in the HelmChart's namespace."""

class HelmChartSource(_HelmChartSource):
    """Where the chart comes from, in the same namespace."""

    def __init__(self, **fields: Unpack[HelmChartSourceDict]) -> None:
        """Where the chart comes from, in the same namespace."""

class HelmRepositoryDict(FluxSourceDict, total=False):
    interval: str | None
    """How often to fetch the index. Default: `10m`. A repository of type `oci` has no index."""
    url: Required[str]
    """The URL: `https://` or `http://`, or `oci://` with type `oci`."""
    type: Literal["default", "oci"] | None
    """`default`, with an index over HTTP, or `oci`, a registry. Flux's default: `default`."""
    secret_ref: _SecretReference | SecretReferenceDict | Mapping[str, Any] | str | None
    """The Secret with `username` and `password`; for `oci` also a docker config."""
    cert_secret_ref: _SecretReference | SecretReferenceDict | Mapping[str, Any] | str | None
    """The Secret with the CA (`ca.crt`) and the client certificate (`tls.crt`, `tls.key`)."""
    pass_credentials: bool | None
    """Whether credentials are also sent to other hosts that the index names. Flux's default: False."""
    insecure: bool | None
    """Whether to use plain HTTP. Only for `oci`. Flux's default: False."""
    provider: Literal["aws", "azure", "gcp", "generic"] | None
    """Whose registry it is, which decides how Flux logs in. Only for `oci`. Flux's default: `generic`, by the Secret."""
    timeout: str | None
    """How long a fetch may take; Flux takes no hours here. Flux's default: `60s`."""
    suspend: bool | None
    """Whether Flux stops reconciling it. Flux's default: False."""
    access_from: _AccessFrom | AccessFromDict | Mapping[str, Any] | None
    """Which namespaces may use it. Flux does not enforce it."""

class HelmRepository(_HelmRepository):
    """A repository of Helm charts."""

    secret_ref: SecretReference | None
    """The Secret with `username` and `password`; for `oci` also a docker config."""
    cert_secret_ref: SecretReference | None
    """The Secret with the CA (`ca.crt`) and the client certificate (`tls.crt`, `tls.key`)."""
    access_from: AccessFrom | None
    """Which namespaces may use it. Flux does not enforce it."""
    def __init__(self, **fields: Unpack[HelmRepositoryDict]) -> None:
        """A repository of Helm charts."""

class OCILayerSelectorDict(TypedDict, total=False):
    media_type: str | None
    """The media type of the layer to take. Flux takes the first layer for none."""
    operation: Literal["copy", "extract"] | None
    """Whether to unpack the layer (`extract`, Flux's default) or keep it as it is (`copy`)."""

class OCILayerSelector(_OCILayerSelector):
    """Which layer, and whether to extract or to copy it."""

    def __init__(self, **fields: Unpack[OCILayerSelectorDict]) -> None:
        """Which layer, and whether to extract or to copy it."""

class OCIRefDict(TypedDict, total=False):
    digest: str | None
    """The digest to pull: `sha256:...`."""
    semver: str | None
    """The range of versions whose highest tag is pulled: `>=1.2.0 <2.0.0`."""
    semver_filter: str | None
    """A regular expression for the tags that `semver` looks at."""
    tag: str | None
    """The tag to pull. Flux takes `latest` when nothing at all is given."""

class OCIRef(_OCIRef):
    """What to pull; digest wins over semver, and semver over tag."""

    def __init__(self, **fields: Unpack[OCIRefDict]) -> None:
        """What to pull; digest wins over semver, and semver over tag."""

class OCIRepositoryDict(FluxSourceDict, total=False):
    interval: str | None
    """How often to look for a new artifact. Default: `10m`."""
    url: Required[str]
    """The URL, without a tag: `oci://ghcr.io/myorg/config`."""
    ref: _OCIRef | OCIRefDict | Mapping[str, Any] | None
    """What to pull. Flux takes the tag `latest` for none."""
    layer_selector: _OCILayerSelector | OCILayerSelectorDict | Mapping[str, Any] | None
    """Which layer of the artifact to take. Flux takes the first for none."""
    provider: Literal["aws", "azure", "gcp", "generic"] | None
    """Whose registry it is, which decides how Flux logs in. Flux's default: `generic`, by the Secret."""
    secret_ref: _SecretReference | SecretReferenceDict | Mapping[str, Any] | str | None
    """The Secret with a docker config to log in with."""
    verify: _OCIVerification | OCIVerificationDict | Mapping[str, Any] | None
    """The signature that the artifact must have."""
    service_account_name: str | None
    """The service account whose image pull secrets or workload identity logs in."""
    cert_secret_ref: _SecretReference | SecretReferenceDict | Mapping[str, Any] | str | None
    """The Secret with the CA (`ca.crt`) and the client certificate (`tls.crt`, `tls.key`)."""
    proxy_secret_ref: _SecretReference | SecretReferenceDict | Mapping[str, Any] | str | None
    """The Secret with the proxy: `address`, `username`, `password`."""
    timeout: str | None
    """How long a pull may take; Flux takes no hours here. Flux's default: `60s`."""
    ignore: str | None
    """Files to leave out, as a .gitignore says it. Flux leaves out pictures, archives and CI files by itself until you say something."""
    insecure: bool | None
    """Whether to use plain HTTP. Flux's default: False."""
    suspend: bool | None
    """Whether Flux stops reconciling it. Flux's default: False."""

class OCIRepository(_OCIRepository):
    """An OCI artifact that Flux polls."""

    ref: OCIRef | None
    """What to pull. Flux takes the tag `latest` for none."""
    layer_selector: OCILayerSelector | None
    """Which layer of the artifact to take. Flux takes the first for none."""
    secret_ref: SecretReference | None
    """The Secret with a docker config to log in with."""
    verify: OCIVerification | None
    """The signature that the artifact must have."""
    cert_secret_ref: SecretReference | None
    """The Secret with the CA (`ca.crt`) and the client certificate (`tls.crt`, `tls.key`)."""
    proxy_secret_ref: SecretReference | None
    """The Secret with the proxy: `address`, `username`, `password`."""
    def __init__(self, **fields: Unpack[OCIRepositoryDict]) -> None:
        """An OCI artifact that Flux polls."""

class ChartVerificationDict(ReleaseChartVerificationDict, total=False):
    match_oidc_identity: Sequence[_OIDCIdentity | OIDCIdentityDict | Mapping[str, Any]] | None
    """Who may have signed without keys; one of them must match."""

class ChartVerification(_ChartVerification, ReleaseChartVerification):
    """The tool that signed a chart, and the public keys or identities."""

    secret_ref: SecretReference | None
    """The Secret with the public keys. Left out, `cosign` verifies without keys."""
    match_oidc_identity: tuple[OIDCIdentity, ...] | None
    """Who may have signed without keys; one of them must match."""
    def __init__(self, **fields: Unpack[ChartVerificationDict]) -> None:
        """The tool that signed a chart, and the public keys or identities."""

class OCIVerificationDict(ChartVerificationDict, total=False):
    trusted_root_secret_ref: _SecretReference | SecretReferenceDict | Mapping[str, Any] | str | None
    """The Secret with a trusted root of your own Sigstore (`trusted_root.json`)."""

class OCIVerification(_OCIVerification, ChartVerification):
    """The tool that signed an artifact, and the public keys, identities or trusted root."""

    secret_ref: SecretReference | None
    """The Secret with the public keys. Left out, `cosign` verifies without keys."""
    match_oidc_identity: tuple[OIDCIdentity, ...] | None
    """Who may have signed without keys; one of them must match."""
    trusted_root_secret_ref: SecretReference | None
    """The Secret with a trusted root of your own Sigstore (`trusted_root.json`)."""
    def __init__(self, **fields: Unpack[OCIVerificationDict]) -> None:
        """The tool that signed an artifact, and the public keys, identities or trusted root."""

class OIDCIdentityDict(TypedDict, total=False):
    issuer: Required[str]
    """A regular expression for who issued the signer's token."""
    subject: Required[str]
    """A regular expression for who the signer is."""

class OIDCIdentity(_OIDCIdentity):
    """Regular expressions for the issuer and the subject of a keyless signature."""

    def __init__(self, **fields: Unpack[OIDCIdentityDict]) -> None:
        """Regular expressions for the issuer and the subject of a keyless signature."""

class ReleaseChartVerificationDict(TypedDict, total=False):
    provider: Literal["cosign", "notation"] | None
    """The tool that signed. Default: `cosign`."""
    secret_ref: _SecretReference | SecretReferenceDict | Mapping[str, Any] | str | None
    """The Secret with the public keys. Left out, `cosign` verifies without keys."""

class ReleaseChartVerification(_ReleaseChartVerification):
    """The tool that signed the chart of a HelmRelease, and the public keys."""

    secret_ref: SecretReference | None
    """The Secret with the public keys. Left out, `cosign` verifies without keys."""
    def __init__(self, **fields: Unpack[ReleaseChartVerificationDict]) -> None:
        """The tool that signed the chart of a HelmRelease, and the public keys."""

class FlatChartDict(TypedDict, total=False):
    name: str
    """The chart's name in a HelmRepository, or its path in another source."""
    chart: str
    """The chart's name in a HelmRepository, or its path in a GitRepository or Bucket."""
    version: str | None
    """The version or semver range. Flux takes `*`, the latest, for none. Only a HelmRepository has versions."""
    source_ref: (
        _HelmChartTemplateSource
        | HelmChartTemplateSourceDict
        | Mapping[str, Any]
        | _Bucket
        | _GitRepository
        | _HelmRepository
    )
    """The source that holds the chart."""
    interval: str | None
    """How often to look for a new chart. Flux takes the HelmRelease's interval for none."""
    reconcile_strategy: Literal["ChartVersion", "Revision"] | None
    """What makes a new chart: a new version (`ChartVersion`, Flux's default) or any new revision of the source (`Revision`)."""
    values_files: Sequence[str] | None
    """Values files in the source, merged in this order; they replace the chart's own values.yaml."""
    ignore_missing_values_files: bool | None
    """Whether values files that do not exist are passed over. Flux's default: False."""
    verify: _ReleaseChartVerification | ReleaseChartVerificationDict | Mapping[str, Any] | None
    """The signature that the chart must have."""
