# Made by scripts/make_vocabulary_stubs.py: change the models, and run it.

from collections.abc import Mapping, Sequence
from typing import Any, Literal, Required, TypedDict, Unpack

from nixernetes.gitops import ResourceDict
from nixernetes.kyverno.vocabulary.cel.constraints import (
    ConstrainedResources as _ConstrainedResources,
    MatchConstraints as _MatchConstraints,
    TargetConstraints as _TargetConstraints,
)
from nixernetes.kyverno.vocabulary.cel.deleting_policy import (
    DeletingPolicy as _DeletingPolicy,
    NamespacedDeletingPolicy as _NamespacedDeletingPolicy,
)
from nixernetes.kyverno.vocabulary.cel.generating_policy import (
    CELGeneration as _CELGeneration,
    GeneratingEvaluation as _GeneratingEvaluation,
    GeneratingPolicy as _GeneratingPolicy,
    GenerationTemplate as _GenerationTemplate,
    NamespacedGeneratingPolicy as _NamespacedGeneratingPolicy,
)
from nixernetes.kyverno.vocabulary.cel.image_validating_policy import (
    AttestationType as _AttestationType,
    ImageAutogen as _ImageAutogen,
    ImageMatch as _ImageMatch,
    ImageRequirements as _ImageRequirements,
    ImageValidatingPolicy as _ImageValidatingPolicy,
    NamespacedImageValidatingPolicy as _NamespacedImageValidatingPolicy,
    PolicyAttestation as _PolicyAttestation,
)
from nixernetes.kyverno.vocabulary.cel.mutating_policy import (
    CELMutation as _CELMutation,
    MutatingAutogen as _MutatingAutogen,
    MutatingEvaluation as _MutatingEvaluation,
    MutatingPolicy as _MutatingPolicy,
    MutationExpression as _MutationExpression,
    NamespacedMutatingPolicy as _NamespacedMutatingPolicy,
)
from nixernetes.kyverno.vocabulary.cel.policy_attestors import (
    CosignAttestor as _CosignAttestor,
    CosignCertificate as _CosignCertificate,
    CosignIdentity as _CosignIdentity,
    CosignKey as _CosignKey,
    CosignKeyless as _CosignKeyless,
    CosignLog as _CosignLog,
    CosignSource as _CosignSource,
    NotaryAttestor as _NotaryAttestor,
    PolicyAttestor as _PolicyAttestor,
    PullSecret as _PullSecret,
    TextOrExpression as _TextOrExpression,
    UpdateFramework as _UpdateFramework,
    UpdateFrameworkRoot as _UpdateFrameworkRoot,
)
from nixernetes.kyverno.vocabulary.cel.policy_exception import (
    ExceptedPolicy as _ExceptedPolicy,
    PolicyException as _PolicyException,
)
from nixernetes.kyverno.vocabulary.cel.policy_parts import (
    AdmissionPolicyGeneration as _AdmissionPolicyGeneration,
    EvaluationSwitch as _EvaluationSwitch,
    OptionalSwitch as _OptionalSwitch,
    PodControllers as _PodControllers,
    PolicyWebhook as _PolicyWebhook,
)
from nixernetes.kyverno.vocabulary.cel.validating_policy import (
    NamespacedValidatingPolicy as _NamespacedValidatingPolicy,
    ValidatingAutogen as _ValidatingAutogen,
    ValidatingEvaluation as _ValidatingEvaluation,
    ValidatingPolicy as _ValidatingPolicy,
)
from nixernetes.kyverno.vocabulary.cel_parts import (
    AuditAnnotation as _AuditAnnotation,
    CELExpression as _CELExpression,
    MatchCondition as _MatchCondition,
    ParamKind as _ParamKind,
    ParamRef as _ParamRef,
    PolicyVariable as _PolicyVariable,
)
from nixernetes.kyverno.vocabulary.rules.attestors import (
    AttestorSet as _AttestorSet,
    CertificateAttestor as _CertificateAttestor,
    KeyAttestor as _KeyAttestor,
    KeylessAttestor as _KeylessAttestor,
    KeySecret as _KeySecret,
    Rekor as _Rekor,
    RuleAttestor as _RuleAttestor,
    TransparencyLog as _TransparencyLog,
)
from nixernetes.kyverno.vocabulary.rules.cleanup_policy import (
    CleanupPolicy as _CleanupPolicy,
    ClusterCleanupPolicy as _ClusterCleanupPolicy,
)
from nixernetes.kyverno.vocabulary.rules.cluster_policy import (
    ClusterPolicy as _ClusterPolicy,
    Policy as _Policy,
    PolicyRule as _PolicyRule,
    RuleWebhook as _RuleWebhook,
)
from nixernetes.kyverno.vocabulary.rules.conditions import (
    AnyAllConditions as _AnyAllConditions,
    AttestationConditions as _AttestationConditions,
    CleanupCondition as _CleanupCondition,
    CleanupConditions as _CleanupConditions,
    Denial as _Denial,
    RuleCondition as _RuleCondition,
)
from nixernetes.kyverno.vocabulary.rules.contexts import (
    ContextCall as _ContextCall,
    ContextConfigMap as _ContextConfigMap,
    ContextEntry as _ContextEntry,
    ContextRegistry as _ContextRegistry,
    ContextService as _ContextService,
    ContextVariable as _ContextVariable,
    GlobalContextReference as _GlobalContextReference,
    ImageRegistryCredentials as _ImageRegistryCredentials,
    RequestData as _RequestData,
    RequestHeader as _RequestHeader,
)
from nixernetes.kyverno.vocabulary.rules.generations import (
    CloneList as _CloneList,
    CloneSource as _CloneSource,
    ForEachGeneration as _ForEachGeneration,
    Generation as _Generation,
)
from nixernetes.kyverno.vocabulary.rules.image_verifications import (
    AttestationValidation as _AttestationValidation,
    ImageAttestation as _ImageAttestation,
    ImageExtractor as _ImageExtractor,
    ImageVerification as _ImageVerification,
)
from nixernetes.kyverno.vocabulary.rules.matching import (
    CleanupMatch as _CleanupMatch,
    FilterSubject as _FilterSubject,
    LabelDemand as _LabelDemand,
    MatchResources as _MatchResources,
    ObjectFilter as _ObjectFilter,
    ObjectSelector as _ObjectSelector,
    ResourceDescription as _ResourceDescription,
)
from nixernetes.kyverno.vocabulary.rules.mutations import (
    ForEachMutation as _ForEachMutation,
    Mutation as _Mutation,
    MutationTarget as _MutationTarget,
)
from nixernetes.kyverno.vocabulary.rules.rule_exception import (
    ExceptedRules as _ExceptedRules,
    RuleException as _RuleException,
)
from nixernetes.kyverno.vocabulary.rules.validations import (
    CELRule as _CELRule,
    FailureActionOverride as _FailureActionOverride,
    ForEachValidation as _ForEachValidation,
    IgnoredFields as _IgnoredFields,
    IgnoredObject as _IgnoredObject,
    ManifestDryRun as _ManifestDryRun,
    ManifestValidation as _ManifestValidation,
    PodSecurity as _PodSecurity,
    PodSecurityException as _PodSecurityException,
    RuleValidation as _RuleValidation,
)

from . import library as library

class ConstrainedResourcesDict(TypedDict, total=False):
    api_groups: Sequence[str] | None
    """API groups; `*` for all."""
    api_versions: Sequence[str] | None
    """API versions; `*` for all."""
    operations: Sequence[str] | None
    """Operations of requests: `CREATE`, `UPDATE`, `DELETE`, `CONNECT`."""
    resource_names: Sequence[str] | None
    """Names of objects."""
    resources: Sequence[str] | None
    """Resources by plural name, such as `pods`; `*` for all."""
    scope: str | None
    """Whether `Cluster` or `Namespaced` resources match, or `*`."""

class ConstrainedResources(_ConstrainedResources):
    """Resources by group, version, name and operation."""

    def __init__(self, **fields: Unpack[ConstrainedResourcesDict]) -> None:
        """Resources by group, version, name and operation."""

class MatchConstraintsDict(TypedDict, total=False):
    exclude_resource_rules: Sequence[_ConstrainedResources | ConstrainedResourcesDict | Mapping[str, Any]] | None
    """Resources that are left out."""
    match_policy: str | None
    """Whether equivalent API versions match too (`Equivalent`) or only those named (`Exact`)."""
    namespace_selector: _ObjectSelector | ObjectSelectorDict | Mapping[str, Any] | None
    """Labels of the namespace."""
    object_selector: _ObjectSelector | ObjectSelectorDict | Mapping[str, Any] | None
    """Labels of the object."""
    resource_rules: Sequence[_ConstrainedResources | ConstrainedResourcesDict | Mapping[str, Any]] | None
    """Resources and operations; one must match."""

class MatchConstraints(_MatchConstraints):
    """Which requests the policy is about."""

    exclude_resource_rules: tuple[ConstrainedResources, ...] | None
    """Resources that are left out."""
    namespace_selector: ObjectSelector | None
    """Labels of the namespace."""
    object_selector: ObjectSelector | None
    """Labels of the object."""
    resource_rules: tuple[ConstrainedResources, ...] | None
    """Resources and operations; one must match."""
    def __init__(self, **fields: Unpack[MatchConstraintsDict]) -> None:
        """Which requests the policy is about."""

class TargetConstraintsDict(TypedDict, total=False):
    exclude_resource_rules: Sequence[_ConstrainedResources | ConstrainedResourcesDict | Mapping[str, Any]] | None
    """Resources that are left out."""
    expression: str | None
    """An expression in CEL."""
    match_policy: str | None
    """Whether equivalent API versions match too (`Equivalent`) or only those named (`Exact`)."""
    namespace_selector: _ObjectSelector | ObjectSelectorDict | Mapping[str, Any] | None
    """Labels of the namespace."""
    object_selector: _ObjectSelector | ObjectSelectorDict | Mapping[str, Any] | None
    """Labels of the object."""
    resource_rules: Sequence[_ConstrainedResources | ConstrainedResourcesDict | Mapping[str, Any]] | None
    """Resources and operations; one must match."""

class TargetConstraints(_TargetConstraints):
    """Which existing objects are changed."""

    exclude_resource_rules: tuple[ConstrainedResources, ...] | None
    """Resources that are left out."""
    namespace_selector: ObjectSelector | None
    """Labels of the namespace."""
    object_selector: ObjectSelector | None
    """Labels of the object."""
    resource_rules: tuple[ConstrainedResources, ...] | None
    """Resources and operations; one must match."""
    def __init__(self, **fields: Unpack[TargetConstraintsDict]) -> None:
        """Which existing objects are changed."""

class DeletingPolicyDict(ResourceDict, total=False):
    conditions: Sequence[_MatchCondition | MatchConditionDict | Mapping[str, Any]] | None
    """Conditions that must hold."""
    deletion_propagation_policy: Literal["Background", "Foreground", "Orphan"] | None
    """What becomes of dependents: `Foreground`, `Background` or `Orphan`."""
    match_constraints: _MatchConstraints | MatchConstraintsDict | Mapping[str, Any] | None
    """Which requests it is about."""
    schedule: Required[str]
    """When, as cron writes it."""
    variables: Sequence[_PolicyVariable | PolicyVariableDict | Mapping[str, Any]] | None
    """Named expressions, which others use as `variables.<name>`."""

class DeletingPolicy(_DeletingPolicy):
    """What is deleted on a schedule, in CEL."""

    conditions: tuple[MatchCondition, ...] | None
    """Conditions that must hold."""
    match_constraints: MatchConstraints | None
    """Which requests it is about."""
    variables: tuple[PolicyVariable, ...] | None
    """Named expressions, which others use as `variables.<name>`."""
    def __init__(self, **fields: Unpack[DeletingPolicyDict]) -> None:
        """What is deleted on a schedule, in CEL."""

class NamespacedDeletingPolicyDict(DeletingPolicyDict, total=False): ...

class NamespacedDeletingPolicy(_NamespacedDeletingPolicy, DeletingPolicy):
    """The same as DeletingPolicy, for objects of its own namespace."""

    conditions: tuple[MatchCondition, ...] | None
    """Conditions that must hold."""
    match_constraints: MatchConstraints | None
    """Which requests it is about."""
    variables: tuple[PolicyVariable, ...] | None
    """Named expressions, which others use as `variables.<name>`."""
    def __init__(self, **fields: Unpack[NamespacedDeletingPolicyDict]) -> None:
        """The same as DeletingPolicy, for objects of its own namespace."""

class CELGenerationDict(TypedDict, total=False):
    expression: str | None
    """An expression in CEL."""
    template: _GenerationTemplate | GenerationTemplateDict | Mapping[str, Any] | None
    """Objects in YAML, with expressions in them."""

class CELGeneration(_CELGeneration):
    """What is generated."""

    template: GenerationTemplate | None
    """Objects in YAML, with expressions in them."""
    def __init__(self, **fields: Unpack[CELGenerationDict]) -> None:
        """What is generated."""

class GeneratingEvaluationDict(TypedDict, total=False):
    admission: _EvaluationSwitch | EvaluationSwitchDict | Mapping[str, Any] | None
    """Whether it is evaluated at admission. Default: true."""
    generate_existing: _OptionalSwitch | OptionalSwitchDict | Mapping[str, Any] | None
    """Whether objects are made for what exists already."""
    orphan_downstream_on_policy_delete: _OptionalSwitch | OptionalSwitchDict | Mapping[str, Any] | None
    """Whether generated objects stay when the policy goes."""
    skip_background_requests: bool | None
    """Whether requests of Kyverno's own background controller are left out. Default: true."""
    synchronize: _OptionalSwitch | OptionalSwitchDict | Mapping[str, Any] | None
    """Whether what was generated is kept equal to its source."""

class GeneratingEvaluation(_GeneratingEvaluation):
    """When the policy is evaluated, and what becomes of what it made."""

    admission: EvaluationSwitch | None
    """Whether it is evaluated at admission. Default: true."""
    generate_existing: OptionalSwitch | None
    """Whether objects are made for what exists already."""
    orphan_downstream_on_policy_delete: OptionalSwitch | None
    """Whether generated objects stay when the policy goes."""
    synchronize: OptionalSwitch | None
    """Whether what was generated is kept equal to its source."""
    def __init__(self, **fields: Unpack[GeneratingEvaluationDict]) -> None:
        """When the policy is evaluated, and what becomes of what it made."""

class GeneratingPolicyDict(ResourceDict, total=False):
    audit_annotations: Sequence[_AuditAnnotation | AuditAnnotationDict | Mapping[str, Any]] | None
    """Notes for the audit log."""
    evaluation: _GeneratingEvaluation | GeneratingEvaluationDict | Mapping[str, Any] | None
    """When and how the policy is evaluated."""
    generate: Required[Sequence[_CELGeneration | CELGenerationDict | Mapping[str, Any]]]
    """What is generated."""
    match_conditions: Sequence[_MatchCondition | MatchConditionDict | Mapping[str, Any]] | None
    """Conditions in CEL that must hold before it applies."""
    match_constraints: _MatchConstraints | MatchConstraintsDict | Mapping[str, Any] | None
    """Which requests it is about."""
    use_server_side_apply: bool | None
    """Whether objects are written with server-side apply."""
    variables: Sequence[_PolicyVariable | PolicyVariableDict | Mapping[str, Any]] | None
    """Named expressions, which others use as `variables.<name>`."""
    webhook_configuration: _PolicyWebhook | PolicyWebhookDict | Mapping[str, Any] | None
    """Settings of the webhook."""

class GeneratingPolicy(_GeneratingPolicy):
    """Which objects are made for others, in CEL."""

    audit_annotations: tuple[AuditAnnotation, ...] | None
    """Notes for the audit log."""
    evaluation: GeneratingEvaluation | None
    """When and how the policy is evaluated."""
    generate: tuple[CELGeneration, ...]
    """What is generated."""
    match_conditions: tuple[MatchCondition, ...] | None
    """Conditions in CEL that must hold before it applies."""
    match_constraints: MatchConstraints | None
    """Which requests it is about."""
    variables: tuple[PolicyVariable, ...] | None
    """Named expressions, which others use as `variables.<name>`."""
    webhook_configuration: PolicyWebhook | None
    """Settings of the webhook."""
    def __init__(self, **fields: Unpack[GeneratingPolicyDict]) -> None:
        """Which objects are made for others, in CEL."""

class GenerationTemplateDict(TypedDict, total=False):
    interpolate: Literal["cel", "none"] | None
    """How expressions in the template are filled in."""
    value: Required[str]
    """The value."""

class GenerationTemplate(_GenerationTemplate):
    """Objects in YAML, with expressions in them."""

    def __init__(self, **fields: Unpack[GenerationTemplateDict]) -> None:
        """Objects in YAML, with expressions in them."""

class NamespacedGeneratingPolicyDict(GeneratingPolicyDict, total=False): ...

class NamespacedGeneratingPolicy(_NamespacedGeneratingPolicy, GeneratingPolicy):
    """The same as GeneratingPolicy, for objects of its own namespace."""

    audit_annotations: tuple[AuditAnnotation, ...] | None
    """Notes for the audit log."""
    evaluation: GeneratingEvaluation | None
    """When and how the policy is evaluated."""
    generate: tuple[CELGeneration, ...]
    """What is generated."""
    match_conditions: tuple[MatchCondition, ...] | None
    """Conditions in CEL that must hold before it applies."""
    match_constraints: MatchConstraints | None
    """Which requests it is about."""
    variables: tuple[PolicyVariable, ...] | None
    """Named expressions, which others use as `variables.<name>`."""
    webhook_configuration: PolicyWebhook | None
    """Settings of the webhook."""
    def __init__(self, **fields: Unpack[NamespacedGeneratingPolicyDict]) -> None:
        """The same as GeneratingPolicy, for objects of its own namespace."""

class AttestationTypeDict(TypedDict, total=False):
    type: Required[str]
    """The type."""

class AttestationType(_AttestationType):
    """The type of a statement."""

    def __init__(self, **fields: Unpack[AttestationTypeDict]) -> None:
        """The type of a statement."""

class ImageAutogenDict(TypedDict, total=False):
    pod_controllers: _PodControllers | PodControllersDict | Mapping[str, Any] | None
    """Controllers of pods that the policy is also made for."""

class ImageAutogen(_ImageAutogen):
    """What is generated from the policy."""

    pod_controllers: PodControllers | None
    """Controllers of pods that the policy is also made for."""
    def __init__(self, **fields: Unpack[ImageAutogenDict]) -> None:
        """What is generated from the policy."""

class ImageMatchDict(TypedDict, total=False):
    expression: str | None
    """An expression in CEL."""
    glob: str | None
    """A pattern of images with wildcards."""

class ImageMatch(_ImageMatch):
    """Images by a pattern or an expression."""

    def __init__(self, **fields: Unpack[ImageMatchDict]) -> None:
        """Images by a pattern or an expression."""

class ImageRequirementsDict(TypedDict, total=False):
    mutate_digest: bool | None
    """Whether tags are replaced by digests. Default: true."""
    required: bool | None
    """Whether images must be verified. Default: true."""
    verify_digest: bool | None
    """Whether images must have digests. Default: true."""

class ImageRequirements(_ImageRequirements):
    """What is asked of images besides signatures."""

    def __init__(self, **fields: Unpack[ImageRequirementsDict]) -> None:
        """What is asked of images besides signatures."""

class ImageValidatingPolicyDict(ResourceDict, total=False):
    attestations: Sequence[_PolicyAttestation | PolicyAttestationDict | Mapping[str, Any]] | None
    """Statements about the image that must be signed."""
    attestors: Required[Sequence[_PolicyAttestor | PolicyAttestorDict | Mapping[str, Any]]]
    """Who must have signed."""
    audit_annotations: Sequence[_AuditAnnotation | AuditAnnotationDict | Mapping[str, Any]] | None
    """Notes for the audit log."""
    autogen: _ImageAutogen | ImageAutogenDict | Mapping[str, Any] | None
    """What Kyverno generates from the policy."""
    credentials: _ImageRegistryCredentials | ImageRegistryCredentialsDict | Mapping[str, Any] | None
    """How to log in to registries."""
    evaluation: _ValidatingEvaluation | ValidatingEvaluationDict | Mapping[str, Any] | None
    """When and how the policy is evaluated."""
    failure_policy: Literal["Fail", "Ignore"] | None
    """What happens where the policy cannot be evaluated: `Fail` refuses the request, `Ignore` lets it pass."""
    images: Sequence[_MatchCondition | MatchConditionDict | Mapping[str, Any]] | None
    """Where other kinds have their images."""
    match_conditions: Sequence[_MatchCondition | MatchConditionDict | Mapping[str, Any]] | None
    """Conditions in CEL that must hold before it applies."""
    match_constraints: _MatchConstraints | MatchConstraintsDict | Mapping[str, Any] | None
    """Which requests it is about."""
    match_image_references: Sequence[_ImageMatch | ImageMatchDict | Mapping[str, Any]] | None
    """Which images it is about."""
    validation_actions: Sequence[Literal["Audit", "Deny", "Warn"]] | None
    """What happens where a demand fails: `Deny`, `Audit`, `Warn`."""
    validation_configurations: _ImageRequirements | ImageRequirementsDict | Mapping[str, Any] | None
    """What is asked of images besides signatures."""
    validations: Required[Sequence[_CELExpression | CELExpressionDict | Mapping[str, Any]]]
    """Demands in CEL."""
    variables: Sequence[_PolicyVariable | PolicyVariableDict | Mapping[str, Any]] | None
    """Named expressions, which others use as `variables.<name>`."""
    webhook_configuration: _PolicyWebhook | PolicyWebhookDict | Mapping[str, Any] | None
    """Settings of the webhook."""
    enforcement: Literal["audit", "enforce"] | None
    """Whether to report what fails or to refuse it: the action of the policy, as `validation_actions`."""

class ImageValidatingPolicy(_ImageValidatingPolicy):
    """Which images may run, by signatures, attestations and CEL.

    ``enforcement="audit"`` is ``validation_actions=["Audit"]``, ``"enforce"`` is ``["Deny"]``."""

    attestations: tuple[PolicyAttestation, ...] | None
    """Statements about the image that must be signed."""
    attestors: tuple[PolicyAttestor, ...]
    """Who must have signed."""
    audit_annotations: tuple[AuditAnnotation, ...] | None
    """Notes for the audit log."""
    autogen: ImageAutogen | None
    """What Kyverno generates from the policy."""
    credentials: ImageRegistryCredentials | None
    """How to log in to registries."""
    evaluation: ValidatingEvaluation | None
    """When and how the policy is evaluated."""
    images: tuple[MatchCondition, ...] | None
    """Where other kinds have their images."""
    match_conditions: tuple[MatchCondition, ...] | None
    """Conditions in CEL that must hold before it applies."""
    match_constraints: MatchConstraints | None
    """Which requests it is about."""
    match_image_references: tuple[ImageMatch, ...] | None
    """Which images it is about."""
    validation_configurations: ImageRequirements | None
    """What is asked of images besides signatures."""
    validations: tuple[CELExpression, ...]
    """Demands in CEL."""
    variables: tuple[PolicyVariable, ...] | None
    """Named expressions, which others use as `variables.<name>`."""
    webhook_configuration: PolicyWebhook | None
    """Settings of the webhook."""
    def __init__(self, **fields: Unpack[ImageValidatingPolicyDict]) -> None:
        """Which images may run, by signatures, attestations and CEL."""

class NamespacedImageValidatingPolicyDict(ImageValidatingPolicyDict, total=False): ...

class NamespacedImageValidatingPolicy(_NamespacedImageValidatingPolicy, ImageValidatingPolicy):
    """The same as ImageValidatingPolicy, for objects of its own namespace."""

    attestations: tuple[PolicyAttestation, ...] | None
    """Statements about the image that must be signed."""
    attestors: tuple[PolicyAttestor, ...]
    """Who must have signed."""
    audit_annotations: tuple[AuditAnnotation, ...] | None
    """Notes for the audit log."""
    autogen: ImageAutogen | None
    """What Kyverno generates from the policy."""
    credentials: ImageRegistryCredentials | None
    """How to log in to registries."""
    evaluation: ValidatingEvaluation | None
    """When and how the policy is evaluated."""
    images: tuple[MatchCondition, ...] | None
    """Where other kinds have their images."""
    match_conditions: tuple[MatchCondition, ...] | None
    """Conditions in CEL that must hold before it applies."""
    match_constraints: MatchConstraints | None
    """Which requests it is about."""
    match_image_references: tuple[ImageMatch, ...] | None
    """Which images it is about."""
    validation_configurations: ImageRequirements | None
    """What is asked of images besides signatures."""
    validations: tuple[CELExpression, ...]
    """Demands in CEL."""
    variables: tuple[PolicyVariable, ...] | None
    """Named expressions, which others use as `variables.<name>`."""
    webhook_configuration: PolicyWebhook | None
    """Settings of the webhook."""
    def __init__(self, **fields: Unpack[NamespacedImageValidatingPolicyDict]) -> None:
        """The same as ImageValidatingPolicy, for objects of its own namespace."""

class PolicyAttestationDict(TypedDict, total=False):
    intoto: _AttestationType | AttestationTypeDict | Mapping[str, Any] | None
    """A statement in the in-toto format."""
    name: Required[str]
    """Its name."""
    referrer: _AttestationType | AttestationTypeDict | Mapping[str, Any] | None
    """A statement as an OCI referrer."""

class PolicyAttestation(_PolicyAttestation):
    """A statement about an image, by the name that expressions use."""

    intoto: AttestationType | None
    """A statement in the in-toto format."""
    referrer: AttestationType | None
    """A statement as an OCI referrer."""
    def __init__(self, **fields: Unpack[PolicyAttestationDict]) -> None:
        """A statement about an image, by the name that expressions use."""

class CELMutationDict(TypedDict, total=False):
    apply_configuration: _MutationExpression | MutationExpressionDict | Mapping[str, Any] | None
    """An expression that gives what is merged into the object."""
    json_patch: _MutationExpression | MutationExpressionDict | Mapping[str, Any] | None
    """An expression that gives a JSON patch."""
    patch_type: Required[str]
    """Which kind of patch the expression gives."""

class CELMutation(_CELMutation):
    """One change."""

    apply_configuration: MutationExpression | None
    """An expression that gives what is merged into the object."""
    json_patch: MutationExpression | None
    """An expression that gives a JSON patch."""
    def __init__(self, **fields: Unpack[CELMutationDict]) -> None:
        """One change."""

class MutatingAutogenDict(TypedDict, total=False):
    mutating_admission_policy: _AdmissionPolicyGeneration | AdmissionPolicyGenerationDict | Mapping[str, Any] | None
    """Whether a MutatingAdmissionPolicy is made."""
    pod_controllers: _PodControllers | PodControllersDict | Mapping[str, Any] | None
    """Controllers of pods that the policy is also made for."""

class MutatingAutogen(_MutatingAutogen):
    """What is generated from the policy."""

    mutating_admission_policy: AdmissionPolicyGeneration | None
    """Whether a MutatingAdmissionPolicy is made."""
    pod_controllers: PodControllers | None
    """Controllers of pods that the policy is also made for."""
    def __init__(self, **fields: Unpack[MutatingAutogenDict]) -> None:
        """What is generated from the policy."""

class MutatingEvaluationDict(TypedDict, total=False):
    admission: _EvaluationSwitch | EvaluationSwitchDict | Mapping[str, Any] | None
    """Whether it is evaluated at admission. Default: true."""
    background: _EvaluationSwitch | EvaluationSwitchDict | Mapping[str, Any] | None
    """Whether existing objects are judged too. Default: true."""
    mode: str | None
    """What it evaluates: `Kubernetes` objects or any `JSON`."""
    mutate_existing: _OptionalSwitch | OptionalSwitchDict | Mapping[str, Any] | None
    """Whether existing objects are changed."""
    skip_background_requests: bool | None
    """Whether requests of Kyverno's own background controller are left out. Default: true."""
    use_server_side_apply: bool | None
    """Whether objects are written with server-side apply."""

class MutatingEvaluation(_MutatingEvaluation):
    """When and how the policy is evaluated."""

    admission: EvaluationSwitch | None
    """Whether it is evaluated at admission. Default: true."""
    background: EvaluationSwitch | None
    """Whether existing objects are judged too. Default: true."""
    mutate_existing: OptionalSwitch | None
    """Whether existing objects are changed."""
    def __init__(self, **fields: Unpack[MutatingEvaluationDict]) -> None:
        """When and how the policy is evaluated."""

class MutatingPolicyDict(ResourceDict, total=False):
    audit_annotations: Sequence[_AuditAnnotation | AuditAnnotationDict | Mapping[str, Any]] | None
    """Notes for the audit log."""
    autogen: _MutatingAutogen | MutatingAutogenDict | Mapping[str, Any] | None
    """What Kyverno generates from the policy."""
    evaluation: _MutatingEvaluation | MutatingEvaluationDict | Mapping[str, Any] | None
    """When and how the policy is evaluated."""
    failure_policy: Literal["Fail", "Ignore"] | None
    """What happens where the policy cannot be evaluated: `Fail` refuses the request, `Ignore` lets it pass."""
    match_conditions: Sequence[_MatchCondition | MatchConditionDict | Mapping[str, Any]] | None
    """Conditions in CEL that must hold before it applies."""
    match_constraints: _MatchConstraints | MatchConstraintsDict | Mapping[str, Any] | None
    """Which requests it is about."""
    mutations: Sequence[_CELMutation | CELMutationDict | Mapping[str, Any]] | None
    """Changes, in order."""
    reinvocation_policy: str | None
    """Whether the policy may be asked again after others have changed the object."""
    target_match_conditions: Sequence[_MatchCondition | MatchConditionDict | Mapping[str, Any]] | None
    """Conditions in CEL on the objects that are changed."""
    target_match_constraints: _TargetConstraints | TargetConstraintsDict | Mapping[str, Any] | None
    """Which existing objects are changed."""
    variables: Sequence[_PolicyVariable | PolicyVariableDict | Mapping[str, Any]] | None
    """Named expressions, which others use as `variables.<name>`."""
    webhook_configuration: _PolicyWebhook | PolicyWebhookDict | Mapping[str, Any] | None
    """Settings of the webhook."""

class MutatingPolicy(_MutatingPolicy):
    """How objects of the whole cluster are changed, in CEL."""

    audit_annotations: tuple[AuditAnnotation, ...] | None
    """Notes for the audit log."""
    autogen: MutatingAutogen | None
    """What Kyverno generates from the policy."""
    evaluation: MutatingEvaluation | None
    """When and how the policy is evaluated."""
    match_conditions: tuple[MatchCondition, ...] | None
    """Conditions in CEL that must hold before it applies."""
    match_constraints: MatchConstraints | None
    """Which requests it is about."""
    mutations: tuple[CELMutation, ...] | None
    """Changes, in order."""
    target_match_conditions: tuple[MatchCondition, ...] | None
    """Conditions in CEL on the objects that are changed."""
    target_match_constraints: TargetConstraints | None
    """Which existing objects are changed."""
    variables: tuple[PolicyVariable, ...] | None
    """Named expressions, which others use as `variables.<name>`."""
    webhook_configuration: PolicyWebhook | None
    """Settings of the webhook."""
    def __init__(self, **fields: Unpack[MutatingPolicyDict]) -> None:
        """How objects of the whole cluster are changed, in CEL."""

class MutationExpressionDict(TypedDict, total=False):
    expression: str | None
    """An expression in CEL."""

class MutationExpression(_MutationExpression):
    """An expression that gives a change."""

    def __init__(self, **fields: Unpack[MutationExpressionDict]) -> None:
        """An expression that gives a change."""

class NamespacedMutatingPolicyDict(MutatingPolicyDict, total=False): ...

class NamespacedMutatingPolicy(_NamespacedMutatingPolicy, MutatingPolicy):
    """The same as MutatingPolicy, for objects of its own namespace."""

    audit_annotations: tuple[AuditAnnotation, ...] | None
    """Notes for the audit log."""
    autogen: MutatingAutogen | None
    """What Kyverno generates from the policy."""
    evaluation: MutatingEvaluation | None
    """When and how the policy is evaluated."""
    match_conditions: tuple[MatchCondition, ...] | None
    """Conditions in CEL that must hold before it applies."""
    match_constraints: MatchConstraints | None
    """Which requests it is about."""
    mutations: tuple[CELMutation, ...] | None
    """Changes, in order."""
    target_match_conditions: tuple[MatchCondition, ...] | None
    """Conditions in CEL on the objects that are changed."""
    target_match_constraints: TargetConstraints | None
    """Which existing objects are changed."""
    variables: tuple[PolicyVariable, ...] | None
    """Named expressions, which others use as `variables.<name>`."""
    webhook_configuration: PolicyWebhook | None
    """Settings of the webhook."""
    def __init__(self, **fields: Unpack[NamespacedMutatingPolicyDict]) -> None:
        """The same as MutatingPolicy, for objects of its own namespace."""

class CosignAttestorDict(TypedDict, total=False):
    annotations: Mapping[str, str] | None
    """Annotations that must be there."""
    certificate: _CosignCertificate | CosignCertificateDict | Mapping[str, Any] | None
    """A certificate that signs."""
    ctlog: _CosignLog | CosignLogDict | Mapping[str, Any] | None
    """The log of certificates."""
    key: _CosignKey | CosignKeyDict | Mapping[str, Any] | None
    """A public key that signs."""
    keyless: _CosignKeyless | CosignKeylessDict | Mapping[str, Any] | None
    """Identities that sign without a key."""
    source: _CosignSource | CosignSourceDict | Mapping[str, Any] | None
    """Where signatures are kept."""
    trusted_root: _TextOrExpression | TextOrExpressionDict | Mapping[str, Any] | None
    """The trusted root of Sigstore."""
    tuf: _UpdateFramework | UpdateFrameworkDict | Mapping[str, Any] | None
    """A repository of The Update Framework."""

class CosignAttestor(_CosignAttestor):
    """One whose signatures Cosign checks."""

    certificate: CosignCertificate | None
    """A certificate that signs."""
    ctlog: CosignLog | None
    """The log of certificates."""
    key: CosignKey | None
    """A public key that signs."""
    keyless: CosignKeyless | None
    """Identities that sign without a key."""
    source: CosignSource | None
    """Where signatures are kept."""
    trusted_root: TextOrExpression | None
    """The trusted root of Sigstore."""
    tuf: UpdateFramework | None
    """A repository of The Update Framework."""
    def __init__(self, **fields: Unpack[CosignAttestorDict]) -> None:
        """One whose signatures Cosign checks."""

class CosignCertificateDict(TypedDict, total=False):
    cert: _TextOrExpression | TextOrExpressionDict | Mapping[str, Any] | None
    """The certificate."""
    cert_chain: _TextOrExpression | TextOrExpressionDict | Mapping[str, Any] | None
    """The chain of certificates above it."""

class CosignCertificate(_CosignCertificate):
    """A certificate and the chain above it."""

    cert: TextOrExpression | None
    """The certificate."""
    cert_chain: TextOrExpression | None
    """The chain of certificates above it."""
    def __init__(self, **fields: Unpack[CosignCertificateDict]) -> None:
        """A certificate and the chain above it."""

class CosignIdentityDict(TypedDict, total=False):
    issuer: str | None
    """The issuer of the identity."""
    issuer_reg_exp: str | None
    """A regular expression for the issuer."""
    subject: str | None
    """The subject of the identity."""
    subject_expression: str | None
    """An expression in CEL that the subject must satisfy."""
    subject_reg_exp: str | None
    """A regular expression for the subject."""

class CosignIdentity(_CosignIdentity):
    """An issuer and a subject."""

    def __init__(self, **fields: Unpack[CosignIdentityDict]) -> None:
        """An issuer and a subject."""

class CosignKeyDict(TypedDict, total=False):
    data: str | None
    """The public key, in PEM."""
    expression: str | None
    """An expression in CEL."""
    hash_algorithm: str | None
    """The algorithm of the digest."""
    kms: str | None
    """A key in a key service, by its URI."""

class CosignKey(_CosignKey):
    """A public key."""

    def __init__(self, **fields: Unpack[CosignKeyDict]) -> None:
        """A public key."""

class CosignKeylessDict(TypedDict, total=False):
    additional_extensions: Mapping[str, str] | None
    """Further extensions that the certificate must have, by name."""
    identities: Required[Sequence[_CosignIdentity | CosignIdentityDict | Mapping[str, Any]]]
    """Who may sign."""
    roots: str | None
    """Root certificates, in PEM."""

class CosignKeyless(_CosignKeyless):
    """Identities that sign without a key."""

    identities: tuple[CosignIdentity, ...]
    """Who may sign."""
    def __init__(self, **fields: Unpack[CosignKeylessDict]) -> None:
        """Identities that sign without a key."""

class CosignLogDict(TypedDict, total=False):
    ct_log_pub_key: str | None
    """The public key of the log of certificates."""
    insecure_ignore_sct: bool | None
    """Whether no timestamp of the log of certificates is asked for."""
    insecure_ignore_tlog: bool | None
    """Whether the log of signatures is not asked."""
    rekor_pub_key: str | None
    """The public key of the log of signatures."""
    tsa_cert_chain: str | None
    """Certificates of the timestamp authority."""
    url: str | None
    """The URL."""

class CosignLog(_CosignLog):
    """The logs of certificates and signatures."""

    def __init__(self, **fields: Unpack[CosignLogDict]) -> None:
        """The logs of certificates and signatures."""

class CosignSourceDict(TypedDict, total=False):
    pull_secrets: Sequence[_PullSecret | PullSecretDict | Mapping[str, Any]] | None
    """Secrets with the logins for the repository."""
    repository: str | None
    """Another repository where signatures are kept."""
    tag_prefix: str | None
    """What the tags of signatures begin with."""

class CosignSource(_CosignSource):
    """Where signatures are kept."""

    pull_secrets: tuple[PullSecret, ...] | None
    """Secrets with the logins for the repository."""
    def __init__(self, **fields: Unpack[CosignSourceDict]) -> None:
        """Where signatures are kept."""

class NotaryAttestorDict(TypedDict, total=False):
    certs: _TextOrExpression | TextOrExpressionDict | Mapping[str, Any] | None
    """Certificates that are trusted."""
    tsa_certs: _TextOrExpression | TextOrExpressionDict | Mapping[str, Any] | None
    """Certificates of the timestamp authority."""

class NotaryAttestor(_NotaryAttestor):
    """One whose signatures Notary checks."""

    certs: TextOrExpression | None
    """Certificates that are trusted."""
    tsa_certs: TextOrExpression | None
    """Certificates of the timestamp authority."""
    def __init__(self, **fields: Unpack[NotaryAttestorDict]) -> None:
        """One whose signatures Notary checks."""

class PolicyAttestorDict(TypedDict, total=False):
    cosign: _CosignAttestor | CosignAttestorDict | Mapping[str, Any] | None
    """Signatures of Cosign."""
    name: Required[str]
    """Its name."""
    notary: _NotaryAttestor | NotaryAttestorDict | Mapping[str, Any] | None
    """Signatures of Notary."""

class PolicyAttestor(_PolicyAttestor):
    """One who signs, by the name that expressions use."""

    cosign: CosignAttestor | None
    """Signatures of Cosign."""
    notary: NotaryAttestor | None
    """Signatures of Notary."""
    def __init__(self, **fields: Unpack[PolicyAttestorDict]) -> None:
        """One who signs, by the name that expressions use."""

class PullSecretDict(TypedDict, total=False):
    name: str | None
    """Its name."""

class PullSecret(_PullSecret):
    """A Secret with a login."""

    def __init__(self, **fields: Unpack[PullSecretDict]) -> None:
        """A Secret with a login."""

class TextOrExpressionDict(TypedDict, total=False):
    expression: str | None
    """An expression in CEL."""
    value: str | None
    """The value."""

class TextOrExpression(_TextOrExpression):
    """A text, or an expression that gives it."""

    def __init__(self, **fields: Unpack[TextOrExpressionDict]) -> None:
        """A text, or an expression that gives it."""

class UpdateFrameworkDict(TypedDict, total=False):
    mirror: str | None
    """Where the repository is."""
    root: _UpdateFrameworkRoot | UpdateFrameworkRootDict | Mapping[str, Any] | None
    """The first root of trust."""

class UpdateFramework(_UpdateFramework):
    """A repository of The Update Framework with the roots of trust."""

    root: UpdateFrameworkRoot | None
    """The first root of trust."""
    def __init__(self, **fields: Unpack[UpdateFrameworkDict]) -> None:
        """A repository of The Update Framework with the roots of trust."""

class UpdateFrameworkRootDict(TypedDict, total=False):
    data: str | None
    """The root of trust, in base64."""
    path: str | None
    """The path."""

class UpdateFrameworkRoot(_UpdateFrameworkRoot):
    """The first root of trust."""

    def __init__(self, **fields: Unpack[UpdateFrameworkRootDict]) -> None:
        """The first root of trust."""

class ExceptedPolicyDict(TypedDict, total=False):
    kind: Required[str]
    """The kind."""
    name: Required[str]
    """Its name."""

class ExceptedPolicy(_ExceptedPolicy):
    """A policy that does not judge."""

    def __init__(self, **fields: Unpack[ExceptedPolicyDict]) -> None:
        """A policy that does not judge."""

class PolicyExceptionDict(ResourceDict, total=False):
    allowed_values: Sequence[str] | None
    """Values that expressions may allow, as `exceptions.allowedValues`."""
    evaluation_mode: str | None
    """How exceptions with this one are evaluated."""
    expires_at: str | None
    """When the exception ends, as RFC 3339."""
    images: Sequence[str] | None
    """Images, by pattern."""
    match_conditions: Sequence[_MatchCondition | MatchConditionDict | Mapping[str, Any]] | None
    """Conditions in CEL that must hold before it applies."""
    policy_refs: Required[Sequence[_ExceptedPolicy | ExceptedPolicyDict | Mapping[str, Any]]]
    """Policies that do not judge."""
    properties: Mapping[str, str] | None
    """Additional values for reports."""
    report_result: Literal["pass", "skip"] | None
    """What reports say of what is excepted: `skip` or `pass`."""

class PolicyException(_PolicyException):
    """Exempts objects from policies in CEL."""

    match_conditions: tuple[MatchCondition, ...] | None
    """Conditions in CEL that must hold before it applies."""
    policy_refs: tuple[ExceptedPolicy, ...]
    """Policies that do not judge."""
    def __init__(self, **fields: Unpack[PolicyExceptionDict]) -> None:
        """Exempts objects from policies in CEL."""

class AdmissionPolicyGenerationDict(TypedDict, total=False):
    enabled: bool | None
    """Whether it is done."""

class AdmissionPolicyGeneration(_AdmissionPolicyGeneration):
    """Whether an admission policy of Kubernetes is made."""

    def __init__(self, **fields: Unpack[AdmissionPolicyGenerationDict]) -> None:
        """Whether an admission policy of Kubernetes is made."""

class EvaluationSwitchDict(TypedDict, total=False):
    enabled: bool | None
    """Whether it is done."""

class EvaluationSwitch(_EvaluationSwitch):
    """Whether something is done."""

    def __init__(self, **fields: Unpack[EvaluationSwitchDict]) -> None:
        """Whether something is done."""

class OptionalSwitchDict(TypedDict, total=False):
    enabled: bool | None
    """Whether it is done."""

class OptionalSwitch(_OptionalSwitch):
    """Whether something is done."""

    def __init__(self, **fields: Unpack[OptionalSwitchDict]) -> None:
        """Whether something is done."""

class PodControllersDict(TypedDict, total=False):
    controllers: Sequence[str] | None
    """Kinds of controllers, such as `deployments`; an empty list for none."""

class PodControllers(_PodControllers):
    """Controllers of pods that the policy is also made for."""

    def __init__(self, **fields: Unpack[PodControllersDict]) -> None:
        """Controllers of pods that the policy is also made for."""

class PolicyWebhookDict(TypedDict, total=False):
    timeout_seconds: int | None
    """Seconds that the webhook may take."""

class PolicyWebhook(_PolicyWebhook):
    """Settings of the webhook."""

    def __init__(self, **fields: Unpack[PolicyWebhookDict]) -> None:
        """Settings of the webhook."""

class NamespacedValidatingPolicyDict(ValidatingPolicyDict, total=False): ...

class NamespacedValidatingPolicy(_NamespacedValidatingPolicy, ValidatingPolicy):
    """The same as ValidatingPolicy, for objects of its own namespace."""

    audit_annotations: tuple[AuditAnnotation, ...] | None
    """Notes for the audit log."""
    autogen: ValidatingAutogen | None
    """What Kyverno generates from the policy."""
    evaluation: ValidatingEvaluation | None
    """When and how the policy is evaluated."""
    match_conditions: tuple[MatchCondition, ...] | None
    """Conditions in CEL that must hold before it applies."""
    match_constraints: MatchConstraints | None
    """Which requests it is about."""
    validations: tuple[CELExpression, ...] | None
    """Demands in CEL."""
    variables: tuple[PolicyVariable, ...] | None
    """Named expressions, which others use as `variables.<name>`."""
    webhook_configuration: PolicyWebhook | None
    """Settings of the webhook."""
    def __init__(self, **fields: Unpack[NamespacedValidatingPolicyDict]) -> None:
        """The same as ValidatingPolicy, for objects of its own namespace."""

class ValidatingAutogenDict(TypedDict, total=False):
    pod_controllers: _PodControllers | PodControllersDict | Mapping[str, Any] | None
    """Controllers of pods that the policy is also made for."""
    validating_admission_policy: _AdmissionPolicyGeneration | AdmissionPolicyGenerationDict | Mapping[str, Any] | None
    """Whether a ValidatingAdmissionPolicy is made."""

class ValidatingAutogen(_ValidatingAutogen):
    """What is generated from the policy."""

    pod_controllers: PodControllers | None
    """Controllers of pods that the policy is also made for."""
    validating_admission_policy: AdmissionPolicyGeneration | None
    """Whether a ValidatingAdmissionPolicy is made."""
    def __init__(self, **fields: Unpack[ValidatingAutogenDict]) -> None:
        """What is generated from the policy."""

class ValidatingEvaluationDict(TypedDict, total=False):
    admission: _EvaluationSwitch | EvaluationSwitchDict | Mapping[str, Any] | None
    """Whether it is evaluated at admission. Default: true."""
    background: _EvaluationSwitch | EvaluationSwitchDict | Mapping[str, Any] | None
    """Whether existing objects are judged too. Default: true."""
    mode: str | None
    """What it evaluates: `Kubernetes` objects or any `JSON`."""

class ValidatingEvaluation(_ValidatingEvaluation):
    """When and how the policy is evaluated."""

    admission: EvaluationSwitch | None
    """Whether it is evaluated at admission. Default: true."""
    background: EvaluationSwitch | None
    """Whether existing objects are judged too. Default: true."""
    def __init__(self, **fields: Unpack[ValidatingEvaluationDict]) -> None:
        """When and how the policy is evaluated."""

class ValidatingPolicyDict(ResourceDict, total=False):
    audit_annotations: Sequence[_AuditAnnotation | AuditAnnotationDict | Mapping[str, Any]] | None
    """Notes for the audit log."""
    autogen: _ValidatingAutogen | ValidatingAutogenDict | Mapping[str, Any] | None
    """What Kyverno generates from the policy."""
    evaluation: _ValidatingEvaluation | ValidatingEvaluationDict | Mapping[str, Any] | None
    """When and how the policy is evaluated."""
    failure_policy: Literal["Fail", "Ignore"] | None
    """What happens where the policy cannot be evaluated: `Fail` refuses the request, `Ignore` lets it pass."""
    match_conditions: Sequence[_MatchCondition | MatchConditionDict | Mapping[str, Any]] | None
    """Conditions in CEL that must hold before it applies."""
    match_constraints: _MatchConstraints | MatchConstraintsDict | Mapping[str, Any] | None
    """Which requests it is about."""
    validation_actions: Sequence[Literal["Audit", "Deny", "Warn"]] | None
    """What happens where a demand fails: `Deny`, `Audit`, `Warn`."""
    validations: Sequence[_CELExpression | CELExpressionDict | Mapping[str, Any]] | None
    """Demands in CEL."""
    variables: Sequence[_PolicyVariable | PolicyVariableDict | Mapping[str, Any]] | None
    """Named expressions, which others use as `variables.<name>`."""
    webhook_configuration: _PolicyWebhook | PolicyWebhookDict | Mapping[str, Any] | None
    """Settings of the webhook."""
    enforcement: Literal["audit", "enforce"] | None
    """Whether to report what fails or to refuse it: the action of the policy, as `validation_actions`."""

class ValidatingPolicy(_ValidatingPolicy):
    """What objects of the whole cluster must be, in CEL.

    ``enforcement="audit"`` is ``validation_actions=["Audit"]``, ``"enforce"`` is ``["Deny"]``."""

    audit_annotations: tuple[AuditAnnotation, ...] | None
    """Notes for the audit log."""
    autogen: ValidatingAutogen | None
    """What Kyverno generates from the policy."""
    evaluation: ValidatingEvaluation | None
    """When and how the policy is evaluated."""
    match_conditions: tuple[MatchCondition, ...] | None
    """Conditions in CEL that must hold before it applies."""
    match_constraints: MatchConstraints | None
    """Which requests it is about."""
    validations: tuple[CELExpression, ...] | None
    """Demands in CEL."""
    variables: tuple[PolicyVariable, ...] | None
    """Named expressions, which others use as `variables.<name>`."""
    webhook_configuration: PolicyWebhook | None
    """Settings of the webhook."""
    def __init__(self, **fields: Unpack[ValidatingPolicyDict]) -> None:
        """What objects of the whole cluster must be, in CEL."""

class AuditAnnotationDict(TypedDict, total=False):
    key: Required[str]
    """The key."""
    value_expression: Required[str]
    """An expression in CEL that gives the value."""

class AuditAnnotation(_AuditAnnotation):
    """A note for the audit log."""

    def __init__(self, **fields: Unpack[AuditAnnotationDict]) -> None:
        """A note for the audit log."""

class CELExpressionDict(TypedDict, total=False):
    expression: Required[str]
    """An expression in CEL."""
    message: str | None
    """The message if it does not hold."""
    message_expression: str | None
    """A CEL expression for the message if it does not hold."""
    reason: str | None
    """The reason of the refusal in the API's answer."""

class CELExpression(_CELExpression):
    """A demand in CEL, and the message if it does not hold."""

    def __init__(self, **fields: Unpack[CELExpressionDict]) -> None:
        """A demand in CEL, and the message if it does not hold."""

class MatchConditionDict(TypedDict, total=False):
    expression: Required[str]
    """An expression in CEL."""
    name: Required[str]
    """Its name."""

class MatchCondition(_MatchCondition):
    """A condition in CEL that must hold before a policy applies."""

    def __init__(self, **fields: Unpack[MatchConditionDict]) -> None:
        """A condition in CEL that must hold before a policy applies."""

class ParamKindDict(TypedDict, total=False):
    api_version: str | None
    """The API version."""
    kind: str | None
    """The kind."""

class ParamKind(_ParamKind):
    """The kind whose objects are parameters."""

    def __init__(self, **fields: Unpack[ParamKindDict]) -> None:
        """The kind whose objects are parameters."""

class ParamRefDict(TypedDict, total=False):
    name: str | None
    """Its name."""
    namespace: str | None
    """Its namespace."""
    parameter_not_found_action: str | None
    """What happens if there are no parameters: `Allow` or `Deny`."""
    selector: _ObjectSelector | ObjectSelectorDict | Mapping[str, Any] | None
    """Labels that objects must have."""

class ParamRef(_ParamRef):
    """Which objects are parameters."""

    selector: ObjectSelector | None
    """Labels that objects must have."""
    def __init__(self, **fields: Unpack[ParamRefDict]) -> None:
        """Which objects are parameters."""

class PolicyVariableDict(TypedDict, total=False):
    expression: Required[str]
    """An expression in CEL."""
    name: Required[str]
    """Its name."""

class PolicyVariable(_PolicyVariable):
    """A named expression."""

    def __init__(self, **fields: Unpack[PolicyVariableDict]) -> None:
        """A named expression."""

class AttestorSetDict(TypedDict, total=False):
    count: int | None
    """How many of the entries must have signed. Default: all."""
    entries: Sequence[_RuleAttestor | RuleAttestorDict | Mapping[str, Any]] | None
    """Who may sign."""

class AttestorSet(_AttestorSet):
    """Attestors, of which some number must have signed."""

    entries: tuple[RuleAttestor, ...] | None
    """Who may sign."""
    def __init__(self, **fields: Unpack[AttestorSetDict]) -> None:
        """Attestors, of which some number must have signed."""

class CertificateAttestorDict(TypedDict, total=False):
    cert: str | None
    """The certificate."""
    cert_chain: str | None
    """The chain of certificates above it."""
    ctlog: _TransparencyLog | TransparencyLogDict | Mapping[str, Any] | None
    """The log of certificates."""
    rekor: _Rekor | RekorDict | Mapping[str, Any] | None
    """The log of signatures."""

class CertificateAttestor(_CertificateAttestor):
    """One who signs with a certificate."""

    ctlog: TransparencyLog | None
    """The log of certificates."""
    rekor: Rekor | None
    """The log of signatures."""
    def __init__(self, **fields: Unpack[CertificateAttestorDict]) -> None:
        """One who signs with a certificate."""

class KeyAttestorDict(TypedDict, total=False):
    ctlog: _TransparencyLog | TransparencyLogDict | Mapping[str, Any] | None
    """The log of certificates."""
    kms: str | None
    """A key in a key service, by its URI."""
    public_keys: str | None
    """Public keys, in PEM."""
    rekor: _Rekor | RekorDict | Mapping[str, Any] | None
    """The log of signatures."""
    secret: _KeySecret | KeySecretDict | Mapping[str, Any] | None
    """A Secret with the public key."""
    signature_algorithm: str | None
    """The algorithm of the digest. Default: `sha256`."""

class KeyAttestor(_KeyAttestor):
    """One who signs with a key."""

    ctlog: TransparencyLog | None
    """The log of certificates."""
    rekor: Rekor | None
    """The log of signatures."""
    secret: KeySecret | None
    """A Secret with the public key."""
    def __init__(self, **fields: Unpack[KeyAttestorDict]) -> None:
        """One who signs with a key."""

class KeySecretDict(TypedDict, total=False):
    name: Required[str]
    """Its name."""
    namespace: Required[str]
    """Its namespace."""

class KeySecret(_KeySecret):
    """The Secret with a public key."""

    def __init__(self, **fields: Unpack[KeySecretDict]) -> None:
        """The Secret with a public key."""

class KeylessAttestorDict(TypedDict, total=False):
    additional_extensions: Mapping[str, str] | None
    """Further extensions that the certificate must have, by name."""
    ctlog: _TransparencyLog | TransparencyLogDict | Mapping[str, Any] | None
    """The log of certificates."""
    issuer: str | None
    """The issuer of the identity."""
    issuer_reg_exp: str | None
    """A regular expression for the issuer."""
    rekor: _Rekor | RekorDict | Mapping[str, Any] | None
    """The log of signatures."""
    roots: str | None
    """Root certificates, in PEM."""
    subject: str | None
    """The subject of the identity."""
    subject_reg_exp: str | None
    """A regular expression for the subject."""

class KeylessAttestor(_KeylessAttestor):
    """One who signs with an identity and without a key."""

    ctlog: TransparencyLog | None
    """The log of certificates."""
    rekor: Rekor | None
    """The log of signatures."""
    def __init__(self, **fields: Unpack[KeylessAttestorDict]) -> None:
        """One who signs with an identity and without a key."""

class RekorDict(TypedDict, total=False):
    ignore_tlog: bool | None
    """Whether the log of signatures is not asked."""
    pubkey: str | None
    """The public key of the log."""
    url: str | None
    """The URL."""

class Rekor(_Rekor):
    """The log of signatures."""

    def __init__(self, **fields: Unpack[RekorDict]) -> None:
        """The log of signatures."""

class RuleAttestorDict(TypedDict, total=False):
    annotations: Mapping[str, str] | None
    """Annotations that must be there."""
    attestor: Any | None
    """A nested set of attestors."""
    certificates: _CertificateAttestor | CertificateAttestorDict | Mapping[str, Any] | None
    """A certificate that signs."""
    keyless: _KeylessAttestor | KeylessAttestorDict | Mapping[str, Any] | None
    """Identities that sign without a key."""
    keys: _KeyAttestor | KeyAttestorDict | Mapping[str, Any] | None
    """A public key that signs."""
    repository: str | None
    """Another repository where signatures are kept."""
    signature_algorithm: str | None
    """The algorithm of the digest. Default: `sha256`."""

class RuleAttestor(_RuleAttestor):
    """One who signs: by key, certificate, identity, or a set of others."""

    certificates: CertificateAttestor | None
    """A certificate that signs."""
    keyless: KeylessAttestor | None
    """Identities that sign without a key."""
    keys: KeyAttestor | None
    """A public key that signs."""
    def __init__(self, **fields: Unpack[RuleAttestorDict]) -> None:
        """One who signs: by key, certificate, identity, or a set of others."""

class TransparencyLogDict(TypedDict, total=False):
    ignore_sct: bool | None
    """Whether no timestamp of the log of certificates is asked for."""
    pubkey: str | None
    """The public key of the log."""
    tsa_cert_chain: str | None
    """Certificates of the timestamp authority."""

class TransparencyLog(_TransparencyLog):
    """The log of certificates."""

    def __init__(self, **fields: Unpack[TransparencyLogDict]) -> None:
        """The log of certificates."""

class CleanupPolicyDict(ResourceDict, total=False):
    conditions: _CleanupConditions | CleanupConditionsDict | Mapping[str, Any] | None
    """Conditions that must hold."""
    context: Sequence[_ContextEntry | ContextEntryDict | Mapping[str, Any]] | None
    """Variables, and where they come from."""
    deletion_propagation_policy: Literal["Background", "Foreground", "Orphan"] | None
    """What becomes of dependents: `Foreground`, `Background` or `Orphan`."""
    exclude: _CleanupMatch | CleanupMatchDict | Mapping[str, Any] | None
    """Objects that are left out."""
    match: Required[_CleanupMatch | CleanupMatchDict | Mapping[str, Any]]
    """Which objects it is about."""
    schedule: Required[str]
    """When, as cron writes it."""

class CleanupPolicy(_CleanupPolicy):
    """Deletes objects of its namespace on a schedule."""

    conditions: CleanupConditions | None
    """Conditions that must hold."""
    context: tuple[ContextEntry, ...] | None
    """Variables, and where they come from."""
    exclude: CleanupMatch | None
    """Objects that are left out."""
    match: CleanupMatch
    """Which objects it is about."""
    def __init__(self, **fields: Unpack[CleanupPolicyDict]) -> None:
        """Deletes objects of its namespace on a schedule."""

class ClusterCleanupPolicyDict(CleanupPolicyDict, total=False): ...

class ClusterCleanupPolicy(_ClusterCleanupPolicy, CleanupPolicy):
    """Deletes objects of the whole cluster on a schedule."""

    conditions: CleanupConditions | None
    """Conditions that must hold."""
    context: tuple[ContextEntry, ...] | None
    """Variables, and where they come from."""
    exclude: CleanupMatch | None
    """Objects that are left out."""
    match: CleanupMatch
    """Which objects it is about."""
    def __init__(self, **fields: Unpack[ClusterCleanupPolicyDict]) -> None:
        """Deletes objects of the whole cluster on a schedule."""

class ClusterPolicyDict(ResourceDict, total=False):
    admission: bool | None
    """Whether it is evaluated at admission. Default: true."""
    apply_rules: Literal["All", "One"] | None
    """Whether `All` rules are applied, or only the first `One` that matches. Default: `All`."""
    background: bool | None
    """Whether existing objects are judged too. Default: true."""
    emit_warning: bool | None
    """Whether a failure in audit mode also warns whoever makes the request."""
    failure_policy: Literal["Fail", "Ignore"] | None
    """What happens where the policy cannot be evaluated: `Fail` refuses the request, `Ignore` lets it pass."""
    generate_existing: bool | None
    """Whether objects are made for what exists already."""
    generate_existing_on_policy_update: bool | None
    """Deprecated: write `generateExisting` in the rule."""
    mutate_existing_on_policy_update: bool | None
    """Whether existing objects are changed when the policy is."""
    rules: Sequence[_PolicyRule | PolicyRuleDict | Mapping[str, Any]] | None
    """The rules, in order."""
    schema_validation: bool | None
    """Deprecated; it does nothing."""
    use_server_side_apply: bool | None
    """Whether objects are written with server-side apply."""
    validation_failure_action: Literal["Audit", "Enforce", "audit", "enforce"] | None
    """Deprecated: write `failureAction` in the rule."""
    validation_failure_action_overrides: (
        Sequence[_FailureActionOverride | FailureActionOverrideDict | Mapping[str, Any]] | None
    )
    """Deprecated: write `failureActionOverrides` in the rule."""
    webhook_configuration: _RuleWebhook | RuleWebhookDict | Mapping[str, Any] | None
    """Settings of the webhook."""
    webhook_timeout_seconds: int | None
    """Deprecated: write `webhookConfiguration.timeoutSeconds`."""
    enforcement: Literal["audit", "enforce"] | None
    """Whether to report what fails or to refuse it: the action of each rule that validates and says none."""

class ClusterPolicy(_ClusterPolicy):
    """Rules for objects of the whole cluster, in patterns and JMESPath.

    ``enforcement="audit"`` or ``"enforce"`` is the ``failureAction`` of each rule that validates and says none."""

    rules: tuple[PolicyRule, ...] | None
    """The rules, in order."""
    validation_failure_action_overrides: tuple[FailureActionOverride, ...] | None
    """Deprecated: write `failureActionOverrides` in the rule."""
    webhook_configuration: RuleWebhook | None
    """Settings of the webhook."""
    def __init__(self, **fields: Unpack[ClusterPolicyDict]) -> None:
        """Rules for objects of the whole cluster, in patterns and JMESPath."""

class PolicyDict(ClusterPolicyDict, total=False): ...

class Policy(_Policy, ClusterPolicy):
    """Rules for objects of its own namespace, in patterns and JMESPath."""

    rules: tuple[PolicyRule, ...] | None
    """The rules, in order."""
    validation_failure_action_overrides: tuple[FailureActionOverride, ...] | None
    """Deprecated: write `failureActionOverrides` in the rule."""
    webhook_configuration: RuleWebhook | None
    """Settings of the webhook."""
    def __init__(self, **fields: Unpack[PolicyDict]) -> None:
        """Rules for objects of its own namespace, in patterns and JMESPath."""

class PolicyRuleDict(TypedDict, total=False):
    cel_preconditions: Sequence[_MatchCondition | MatchConditionDict | Mapping[str, Any]] | None
    """Conditions in CEL that must hold before the rule applies."""
    context: Sequence[_ContextEntry | ContextEntryDict | Mapping[str, Any]] | None
    """Variables, and where they come from."""
    exclude: _MatchResources | MatchResourcesDict | Mapping[str, Any] | None
    """Objects that are left out."""
    generate: _Generation | GenerationDict | Mapping[str, Any] | None
    """What is generated."""
    image_extractors: Mapping[str, Sequence[_ImageExtractor | ImageExtractorDict | Mapping[str, Any]]] | None
    """Where other kinds have their images, by kind."""
    match: Required[_MatchResources | MatchResourcesDict | Mapping[str, Any]]
    """Which objects it is about."""
    mutate: _Mutation | MutationDict | Mapping[str, Any] | None
    """How objects are changed."""
    name: Required[str]
    """Its name."""
    preconditions: Any | None
    """Conditions that must hold before it applies."""
    report_properties: Mapping[str, str] | None
    """Additional values for reports, as expressions."""
    skip_background_requests: bool | None
    """Whether requests of Kyverno's own background controller are left out. Default: true."""
    validate: _RuleValidation | RuleValidationDict | Mapping[str, Any] | None
    """What it demands."""
    verify_images: Sequence[_ImageVerification | ImageVerificationDict | Mapping[str, Any]] | None
    """Signatures and attestations that images must have."""

class PolicyRule(_PolicyRule):
    """One rule: what it is about, and what it validates, mutates, generates or verifies."""

    cel_preconditions: tuple[MatchCondition, ...] | None
    """Conditions in CEL that must hold before the rule applies."""
    context: tuple[ContextEntry, ...] | None
    """Variables, and where they come from."""
    exclude: MatchResources | None
    """Objects that are left out."""
    generate: Generation | None
    """What is generated."""
    image_extractors: dict[str, tuple[ImageExtractor, ...]] | None  # type: ignore[assignment]
    """Where other kinds have their images, by kind."""
    match: MatchResources
    """Which objects it is about."""
    mutate: Mutation | None
    """How objects are changed."""
    validate_: RuleValidation | None
    """What it demands."""
    verify_images: tuple[ImageVerification, ...] | None
    """Signatures and attestations that images must have."""
    def __init__(self, **fields: Unpack[PolicyRuleDict]) -> None:
        """One rule: what it is about, and what it validates, mutates, generates or verifies."""

class RuleWebhookDict(TypedDict, total=False):
    failure_policy: Literal["Fail", "Ignore"] | None
    """What happens where the policy cannot be evaluated: `Fail` refuses the request, `Ignore` lets it pass."""
    match_conditions: Sequence[_MatchCondition | MatchConditionDict | Mapping[str, Any]] | None
    """Conditions in CEL that must hold before it applies."""
    timeout_seconds: int | None
    """Seconds that the webhook may take."""

class RuleWebhook(_RuleWebhook):
    """Settings of the webhook."""

    match_conditions: tuple[MatchCondition, ...] | None
    """Conditions in CEL that must hold before it applies."""
    def __init__(self, **fields: Unpack[RuleWebhookDict]) -> None:
        """Settings of the webhook."""

class AnyAllConditionsDict(TypedDict, total=False):
    all: Sequence[_RuleCondition | RuleConditionDict | Mapping[str, Any]] | None
    """All of these must hold."""
    any: Sequence[_RuleCondition | RuleConditionDict | Mapping[str, Any]] | None
    """One of these must hold."""

class AnyAllConditions(_AnyAllConditions):
    """Conditions: one of ``any``, and each of ``all``."""

    all: tuple[RuleCondition, ...] | None
    """All of these must hold."""
    any: tuple[RuleCondition, ...] | None
    """One of these must hold."""
    def __init__(self, **fields: Unpack[AnyAllConditionsDict]) -> None:
        """Conditions: one of ``any``, and each of ``all``."""

class AttestationConditionsDict(TypedDict, total=False):
    all: Sequence[_RuleCondition | RuleConditionDict | Mapping[str, Any]] | None
    """All of these must hold."""
    any: Sequence[_RuleCondition | RuleConditionDict | Mapping[str, Any]] | None
    """One of these must hold."""

class AttestationConditions(_AttestationConditions):
    """Conditions on a statement: one of ``any``, and each of ``all``."""

    all: tuple[RuleCondition, ...] | None
    """All of these must hold."""
    any: tuple[RuleCondition, ...] | None
    """One of these must hold."""
    def __init__(self, **fields: Unpack[AttestationConditionsDict]) -> None:
        """Conditions on a statement: one of ``any``, and each of ``all``."""

class CleanupConditionDict(TypedDict, total=False):
    key: Any | None
    """The key."""
    message: str | None
    """The message if it does not hold."""
    operator: (
        Literal[
            "AllIn",
            "AllNotIn",
            "AnyIn",
            "AnyNotIn",
            "DurationGreaterThan",
            "DurationGreaterThanOrEquals",
            "DurationLessThan",
            "DurationLessThanOrEquals",
            "Equals",
            "GreaterThan",
            "GreaterThanOrEquals",
            "LessThan",
            "LessThanOrEquals",
            "NotEquals",
        ]
        | None
    )
    """The comparison."""
    value: Any | None
    """The value."""

class CleanupCondition(_CleanupCondition):
    """One comparison."""

    def __init__(self, **fields: Unpack[CleanupConditionDict]) -> None:
        """One comparison."""

class CleanupConditionsDict(TypedDict, total=False):
    all: Sequence[_CleanupCondition | CleanupConditionDict | Mapping[str, Any]] | None
    """All of these must hold."""
    any: Sequence[_CleanupCondition | CleanupConditionDict | Mapping[str, Any]] | None
    """One of these must hold."""

class CleanupConditions(_CleanupConditions):
    """Conditions: one of ``any``, and each of ``all``."""

    all: tuple[CleanupCondition, ...] | None
    """All of these must hold."""
    any: tuple[CleanupCondition, ...] | None
    """One of these must hold."""
    def __init__(self, **fields: Unpack[CleanupConditionsDict]) -> None:
        """Conditions: one of ``any``, and each of ``all``."""

class DenialDict(TypedDict, total=False):
    conditions: Any | None
    """Conditions that must hold."""

class Denial(_Denial):
    """Conditions under which an object is refused."""

    def __init__(self, **fields: Unpack[DenialDict]) -> None:
        """Conditions under which an object is refused."""

class RuleConditionDict(TypedDict, total=False):
    key: Any | None
    """The key."""
    message: str | None
    """The message if it does not hold."""
    operator: (
        Literal[
            "AllIn",
            "AllNotIn",
            "AnyIn",
            "AnyNotIn",
            "DurationGreaterThan",
            "DurationGreaterThanOrEquals",
            "DurationLessThan",
            "DurationLessThanOrEquals",
            "Equals",
            "GreaterThan",
            "GreaterThanOrEquals",
            "In",
            "LessThan",
            "LessThanOrEquals",
            "NotEquals",
            "NotIn",
        ]
        | None
    )
    """The comparison."""
    value: Any | None
    """The value."""

class RuleCondition(_RuleCondition):
    """One comparison."""

    def __init__(self, **fields: Unpack[RuleConditionDict]) -> None:
        """One comparison."""

class ContextCallDict(TypedDict, total=False):
    data: Sequence[_RequestData | RequestDataDict | Mapping[str, Any]] | None
    """What is sent, for `POST`."""
    default: Any | None
    """The value where there is no other."""
    jmes_path: str | None
    """A JMESPath expression that picks a part of what was read."""
    method: Literal["GET", "POST"] | None
    """The method: `GET` or `POST`. Default: `GET`."""
    service: _ContextService | ContextServiceDict | Mapping[str, Any] | None
    """A service outside of the Kubernetes API."""
    url_path: str | None
    """The path in the Kubernetes API."""

class ContextCall(_ContextCall):
    """A call of the Kubernetes API, or of a service."""

    data_: tuple[RequestData, ...] | None
    """What is sent, for `POST`."""
    service: ContextService | None
    """A service outside of the Kubernetes API."""
    def __init__(self, **fields: Unpack[ContextCallDict]) -> None:
        """A call of the Kubernetes API, or of a service."""

class ContextConfigMapDict(TypedDict, total=False):
    name: Required[str]
    """Its name."""
    namespace: str | None
    """Its namespace."""

class ContextConfigMap(_ContextConfigMap):
    """A ConfigMap whose content is a variable."""

    def __init__(self, **fields: Unpack[ContextConfigMapDict]) -> None:
        """A ConfigMap whose content is a variable."""

class ContextEntryDict(TypedDict, total=False):
    api_call: _ContextCall | ContextCallDict | Mapping[str, Any] | None
    """A call of the Kubernetes API, or of a service."""
    config_map: _ContextConfigMap | ContextConfigMapDict | Mapping[str, Any] | None
    """A ConfigMap."""
    global_reference: _GlobalContextReference | GlobalContextReferenceDict | Mapping[str, Any] | None
    """A GlobalContextEntry."""
    image_registry: _ContextRegistry | ContextRegistryDict | Mapping[str, Any] | None
    """What a registry says of an image."""
    name: Required[str]
    """Its name."""
    variable: _ContextVariable | ContextVariableDict | Mapping[str, Any] | None
    """A value, or a part of one."""

class ContextEntry(_ContextEntry):
    """A variable of a rule, and where its value comes from."""

    api_call: ContextCall | None
    """A call of the Kubernetes API, or of a service."""
    config_map: ContextConfigMap | None
    """A ConfigMap."""
    global_reference: GlobalContextReference | None
    """A GlobalContextEntry."""
    image_registry: ContextRegistry | None
    """What a registry says of an image."""
    variable: ContextVariable | None
    """A value, or a part of one."""
    def __init__(self, **fields: Unpack[ContextEntryDict]) -> None:
        """A variable of a rule, and where its value comes from."""

class ContextRegistryDict(TypedDict, total=False):
    image_registry_credentials: _ImageRegistryCredentials | ImageRegistryCredentialsDict | Mapping[str, Any] | None
    """How to log in to registries."""
    jmes_path: str | None
    """A JMESPath expression that picks a part of what was read."""
    reference: Required[str]
    """The image, by reference."""

class ContextRegistry(_ContextRegistry):
    """What a registry says of an image."""

    image_registry_credentials: ImageRegistryCredentials | None
    """How to log in to registries."""
    def __init__(self, **fields: Unpack[ContextRegistryDict]) -> None:
        """What a registry says of an image."""

class ContextServiceDict(TypedDict, total=False):
    ca_bundle: str | None
    """Certificates, in PEM, that the service is trusted by."""
    headers: Sequence[_RequestHeader | RequestHeaderDict | Mapping[str, Any]] | None
    """Headers of the call."""
    url: Required[str]
    """The URL."""

class ContextService(_ContextService):
    """A service that is called."""

    headers: tuple[RequestHeader, ...] | None
    """Headers of the call."""
    def __init__(self, **fields: Unpack[ContextServiceDict]) -> None:
        """A service that is called."""

class ContextVariableDict(TypedDict, total=False):
    default: Any | None
    """The value where there is no other."""
    jmes_path: str | None
    """A JMESPath expression that picks a part of what was read."""
    value: Any | None
    """The value."""

class ContextVariable(_ContextVariable):
    """A value, or a part of one."""

    def __init__(self, **fields: Unpack[ContextVariableDict]) -> None:
        """A value, or a part of one."""

class GlobalContextReferenceDict(TypedDict, total=False):
    jmes_path: str | None
    """A JMESPath expression that picks a part of what was read."""
    name: Required[str]
    """Its name."""

class GlobalContextReference(_GlobalContextReference):
    """A GlobalContextEntry whose content is a variable."""

    def __init__(self, **fields: Unpack[GlobalContextReferenceDict]) -> None:
        """A GlobalContextEntry whose content is a variable."""

class ImageRegistryCredentialsDict(TypedDict, total=False):
    allow_insecure_registry: bool | None
    """Whether a registry may be reached without TLS."""
    providers: Sequence[Literal["amazon", "azure", "default", "github", "google"]] | None
    """Clouds whose helpers log in."""
    secrets: Sequence[str] | None
    """Secrets with logins."""

class ImageRegistryCredentials(_ImageRegistryCredentials):
    """How to log in to registries."""

    def __init__(self, **fields: Unpack[ImageRegistryCredentialsDict]) -> None:
        """How to log in to registries."""

class RequestDataDict(TypedDict, total=False):
    key: Required[str]
    """The key."""
    value: Required[Any]
    """The value."""

class RequestData(_RequestData):
    """A part of the body of a call."""

    def __init__(self, **fields: Unpack[RequestDataDict]) -> None:
        """A part of the body of a call."""

class RequestHeaderDict(TypedDict, total=False):
    key: Required[str]
    """The key."""
    value: Required[str]
    """The value."""

class RequestHeader(_RequestHeader):
    """A header of a call."""

    def __init__(self, **fields: Unpack[RequestHeaderDict]) -> None:
        """A header of a call."""

class CloneListDict(TypedDict, total=False):
    kinds: Sequence[str] | None
    """Kinds, as `Kind`, `version/Kind` or `group/version/Kind`, with wildcards."""
    namespace: str | None
    """Its namespace."""
    selector: _ObjectSelector | ObjectSelectorDict | Mapping[str, Any] | None
    """Labels that objects must have."""

class CloneList(_CloneList):
    """Objects of a namespace that are copied."""

    selector: ObjectSelector | None
    """Labels that objects must have."""
    def __init__(self, **fields: Unpack[CloneListDict]) -> None:
        """Objects of a namespace that are copied."""

class CloneSourceDict(TypedDict, total=False):
    name: str | None
    """Its name."""
    namespace: str | None
    """Its namespace."""

class CloneSource(_CloneSource):
    """An object that is copied."""

    def __init__(self, **fields: Unpack[CloneSourceDict]) -> None:
        """An object that is copied."""

class ForEachGenerationDict(TypedDict, total=False):
    api_version: str | None
    """The API version."""
    clone: _CloneSource | CloneSourceDict | Mapping[str, Any] | None
    """The object that is copied."""
    clone_list: _CloneList | CloneListDict | Mapping[str, Any] | None
    """Objects that are copied together."""
    context: Sequence[_ContextEntry | ContextEntryDict | Mapping[str, Any]] | None
    """Variables, and where they come from."""
    data: Any | None
    """The object's content."""
    kind: str | None
    """The kind."""
    list: str | None
    """A JMESPath expression that gives the elements."""
    name: str | None
    """Its name."""
    namespace: str | None
    """Its namespace."""
    preconditions: _AnyAllConditions | AnyAllConditionsDict | Mapping[str, Any] | None
    """Conditions that must hold before it applies."""
    uid: str | None
    """The UID of the object."""

class ForEachGeneration(_ForEachGeneration):
    """Objects that are made for each element of a list."""

    clone: CloneSource | None
    """The object that is copied."""
    clone_list: CloneList | None
    """Objects that are copied together."""
    context: tuple[ContextEntry, ...] | None
    """Variables, and where they come from."""
    preconditions: AnyAllConditions | None
    """Conditions that must hold before it applies."""
    def __init__(self, **fields: Unpack[ForEachGenerationDict]) -> None:
        """Objects that are made for each element of a list."""

class GenerationDict(TypedDict, total=False):
    api_version: str | None
    """The API version."""
    clone: _CloneSource | CloneSourceDict | Mapping[str, Any] | None
    """The object that is copied."""
    clone_list: _CloneList | CloneListDict | Mapping[str, Any] | None
    """Objects that are copied together."""
    data: Any | None
    """The object's content."""
    foreach: Sequence[_ForEachGeneration | ForEachGenerationDict | Mapping[str, Any]] | None
    """The same for each element of a list."""
    generate_existing: bool | None
    """Whether objects are made for what exists already."""
    kind: str | None
    """The kind."""
    name: str | None
    """Its name."""
    namespace: str | None
    """Its namespace."""
    orphan_downstream_on_policy_delete: bool | None
    """Whether generated objects stay when the policy goes."""
    synchronize: bool | None
    """Whether what was generated is kept equal to its source."""
    uid: str | None
    """The UID of the object."""

class Generation(_Generation):
    """An object that a rule makes."""

    clone: CloneSource | None
    """The object that is copied."""
    clone_list: CloneList | None
    """Objects that are copied together."""
    foreach: tuple[ForEachGeneration, ...] | None
    """The same for each element of a list."""
    def __init__(self, **fields: Unpack[GenerationDict]) -> None:
        """An object that a rule makes."""

class AttestationValidationDict(TypedDict, total=False):
    deny: _Denial | DenialDict | Mapping[str, Any] | None
    """Conditions under which an object is refused."""
    message: str | None
    """The message if it does not hold."""

class AttestationValidation(_AttestationValidation):
    """Conditions over all that was verified."""

    deny: Denial | None
    """Conditions under which an object is refused."""
    def __init__(self, **fields: Unpack[AttestationValidationDict]) -> None:
        """Conditions over all that was verified."""

class ImageAttestationDict(TypedDict, total=False):
    attestors: Sequence[_AttestorSet | AttestorSetDict | Mapping[str, Any]] | None
    """Who must have signed."""
    conditions: Sequence[_AttestationConditions | AttestationConditionsDict | Mapping[str, Any]] | None
    """Conditions that must hold."""
    name: str | None
    """Its name."""
    predicate_type: str | None
    """Deprecated: write `type`."""
    type: str | None
    """The type."""

class ImageAttestation(_ImageAttestation):
    """A statement about an image that must be signed."""

    attestors: tuple[AttestorSet, ...] | None
    """Who must have signed."""
    conditions: tuple[AttestationConditions, ...] | None
    """Conditions that must hold."""
    def __init__(self, **fields: Unpack[ImageAttestationDict]) -> None:
        """A statement about an image that must be signed."""

class ImageExtractorDict(TypedDict, total=False):
    jmes_path: str | None
    """A JMESPath expression that picks a part of what was read."""
    key: str | None
    """The key."""
    name: str | None
    """Its name."""
    path: Required[str]
    """The path to the images; `*` stands for each element."""
    value: str | None
    """The value."""

class ImageExtractor(_ImageExtractor):
    """Where a kind has its images."""

    def __init__(self, **fields: Unpack[ImageExtractorDict]) -> None:
        """Where a kind has its images."""

class ImageVerificationDict(TypedDict, total=False):
    additional_extensions: Mapping[str, str] | None
    """Further extensions that the certificate must have, by name."""
    annotations: Mapping[str, str] | None
    """Annotations that must be there."""
    attestations: Sequence[_ImageAttestation | ImageAttestationDict | Mapping[str, Any]] | None
    """Statements about the image that must be signed."""
    attestors: Sequence[_AttestorSet | AttestorSetDict | Mapping[str, Any]] | None
    """Who must have signed."""
    cosign_oci11: bool | None
    """Whether signatures are stored as OCI 1.1 referrers."""
    failure_action: Literal["Audit", "Enforce"] | None
    """What happens where it fails: `Audit` reports it, `Enforce` refuses the request."""
    image: str | None
    """Deprecated: write `imageReferences`."""
    image_references: Sequence[str] | None
    """Patterns of images."""
    image_registry_credentials: _ImageRegistryCredentials | ImageRegistryCredentialsDict | Mapping[str, Any] | None
    """How to log in to registries."""
    issuer: str | None
    """The issuer of the identity."""
    key: str | None
    """The key."""
    mutate_digest: bool | None
    """Whether tags are replaced by digests. Default: true."""
    repository: str | None
    """Another repository where signatures are kept."""
    required: bool | None
    """Whether images must be verified. Default: true."""
    roots: str | None
    """Root certificates, in PEM."""
    skip_image_references: Sequence[str] | None
    """Patterns of images that are not verified."""
    subject: str | None
    """The subject of the identity."""
    type: Literal["Cosign", "Notary", "SigstoreBundle"] | None
    """The type."""
    use_cache: bool | None
    """Whether answers of verification are kept. Default: true."""
    validate: _AttestationValidation | AttestationValidationDict | Mapping[str, Any] | None
    """What it demands."""
    verify_digest: bool | None
    """Whether images must have digests. Default: true."""

class ImageVerification(_ImageVerification):
    """Signatures and attestations that images must have."""

    attestations: tuple[ImageAttestation, ...] | None
    """Statements about the image that must be signed."""
    attestors: tuple[AttestorSet, ...] | None
    """Who must have signed."""
    image_registry_credentials: ImageRegistryCredentials | None
    """How to log in to registries."""
    validate_: AttestationValidation | None
    """What it demands."""
    def __init__(self, **fields: Unpack[ImageVerificationDict]) -> None:
        """Signatures and attestations that images must have."""

class CleanupMatchDict(TypedDict, total=False):
    all: Sequence[_ObjectFilter | ObjectFilterDict | Mapping[str, Any]] | None
    """All of these must hold."""
    any: Sequence[_ObjectFilter | ObjectFilterDict | Mapping[str, Any]] | None
    """One of these must hold."""

class CleanupMatch(_CleanupMatch):
    """Which objects: one of ``any``, or each of ``all``."""

    all: tuple[ObjectFilter, ...] | None
    """All of these must hold."""
    any: tuple[ObjectFilter, ...] | None
    """One of these must hold."""
    def __init__(self, **fields: Unpack[CleanupMatchDict]) -> None:
        """Which objects: one of ``any``, or each of ``all``."""

class FilterSubjectDict(TypedDict, total=False):
    api_group: str | None
    """The API group of the subject."""
    kind: Required[str]
    """The kind."""
    name: Required[str]
    """Its name."""
    namespace: str | None
    """Its namespace."""

class FilterSubject(_FilterSubject):
    """Who makes a request."""

    def __init__(self, **fields: Unpack[FilterSubjectDict]) -> None:
        """Who makes a request."""

class LabelDemandDict(TypedDict, total=False):
    key: Required[str]
    """The key."""
    operator: Required[str]
    """The comparison."""
    values: Sequence[str] | None
    """The values."""

class LabelDemand(_LabelDemand):
    """A demand on one label."""

    def __init__(self, **fields: Unpack[LabelDemandDict]) -> None:
        """A demand on one label."""

class MatchResourcesDict(TypedDict, total=False):
    all: Sequence[_ObjectFilter | ObjectFilterDict | Mapping[str, Any]] | None
    """All of these must hold."""
    any: Sequence[_ObjectFilter | ObjectFilterDict | Mapping[str, Any]] | None
    """One of these must hold."""
    cluster_roles: Sequence[str] | None
    """ClusterRoles of whoever makes the request."""
    resources: _ResourceDescription | ResourceDescriptionDict | Mapping[str, Any] | None
    """Objects by kind, name, namespace and labels."""
    roles: Sequence[str] | None
    """Roles of whoever makes the request, as `namespace:name`."""
    subjects: Sequence[_FilterSubject | FilterSubjectDict | Mapping[str, Any]] | None
    """Who makes the request."""

class MatchResources(_MatchResources):
    """Which objects a rule is about."""

    all: tuple[ObjectFilter, ...] | None
    """All of these must hold."""
    any: tuple[ObjectFilter, ...] | None
    """One of these must hold."""
    resources: ResourceDescription | None
    """Objects by kind, name, namespace and labels."""
    subjects: tuple[FilterSubject, ...] | None
    """Who makes the request."""
    def __init__(self, **fields: Unpack[MatchResourcesDict]) -> None:
        """Which objects a rule is about."""

class ObjectFilterDict(TypedDict, total=False):
    cluster_roles: Sequence[str] | None
    """ClusterRoles of whoever makes the request."""
    resources: _ResourceDescription | ResourceDescriptionDict | Mapping[str, Any] | None
    """Objects by kind, name, namespace and labels."""
    roles: Sequence[str] | None
    """Roles of whoever makes the request, as `namespace:name`."""
    subjects: Sequence[_FilterSubject | FilterSubjectDict | Mapping[str, Any]] | None
    """Who makes the request."""

class ObjectFilter(_ObjectFilter):
    """One filter of objects; all that it says must hold."""

    resources: ResourceDescription | None
    """Objects by kind, name, namespace and labels."""
    subjects: tuple[FilterSubject, ...] | None
    """Who makes the request."""
    def __init__(self, **fields: Unpack[ObjectFilterDict]) -> None:
        """One filter of objects; all that it says must hold."""

class ObjectSelectorDict(TypedDict, total=False):
    match_expressions: Sequence[_LabelDemand | LabelDemandDict | Mapping[str, Any]] | None
    """Demands on labels; all must hold."""
    match_labels: Mapping[str, str] | None
    """Labels and their values; all must be there."""

class ObjectSelector(_ObjectSelector):
    """A selector of labels."""

    match_expressions: tuple[LabelDemand, ...] | None
    """Demands on labels; all must hold."""
    def __init__(self, **fields: Unpack[ObjectSelectorDict]) -> None:
        """A selector of labels."""

class ResourceDescriptionDict(TypedDict, total=False):
    annotations: Mapping[str, str] | None
    """Annotations that an object must have; keys and values may have wildcards."""
    kinds: Sequence[str] | None
    """Kinds, as `Kind`, `version/Kind` or `group/version/Kind`, with wildcards."""
    name: str | None
    """Its name."""
    names: Sequence[str] | None
    """Names, with wildcards."""
    namespace_selector: _ObjectSelector | ObjectSelectorDict | Mapping[str, Any] | None
    """Labels of the namespace."""
    namespaces: Sequence[str] | None
    """Namespaces, with wildcards."""
    operations: Sequence[Literal["CONNECT", "CREATE", "DELETE", "UPDATE"]] | None
    """Operations of requests: `CREATE`, `UPDATE`, `DELETE`, `CONNECT`."""
    selector: _ObjectSelector | ObjectSelectorDict | Mapping[str, Any] | None
    """Labels that objects must have."""

class ResourceDescription(_ResourceDescription):
    """Objects by kind, name, namespace and labels."""

    namespace_selector: ObjectSelector | None
    """Labels of the namespace."""
    selector: ObjectSelector | None
    """Labels that objects must have."""
    def __init__(self, **fields: Unpack[ResourceDescriptionDict]) -> None:
        """Objects by kind, name, namespace and labels."""

class ForEachMutationDict(TypedDict, total=False):
    context: Sequence[_ContextEntry | ContextEntryDict | Mapping[str, Any]] | None
    """Variables, and where they come from."""
    foreach: Any | None
    """The same for each element of a list."""
    list: str | None
    """A JMESPath expression that gives the elements."""
    order: Literal["Ascending", "Descending"] | None
    """Whether elements are taken in `Ascending` or `Descending` order."""
    patch_strategic_merge: Any | None
    """A strategic merge patch."""
    patches_json6902: str | None
    """A JSON patch, as YAML."""
    preconditions: _AnyAllConditions | AnyAllConditionsDict | Mapping[str, Any] | None
    """Conditions that must hold before it applies."""

class ForEachMutation(_ForEachMutation):
    """How each element of a list is changed."""

    context: tuple[ContextEntry, ...] | None
    """Variables, and where they come from."""
    preconditions: AnyAllConditions | None
    """Conditions that must hold before it applies."""
    def __init__(self, **fields: Unpack[ForEachMutationDict]) -> None:
        """How each element of a list is changed."""

class MutationDict(TypedDict, total=False):
    foreach: Sequence[_ForEachMutation | ForEachMutationDict | Mapping[str, Any]] | None
    """The same for each element of a list."""
    mutate_existing_on_policy_update: bool | None
    """Whether existing objects are changed when the policy is."""
    patch_strategic_merge: Any | None
    """A strategic merge patch."""
    patches_json6902: str | None
    """A JSON patch, as YAML."""
    targets: Sequence[_MutationTarget | MutationTargetDict | Mapping[str, Any]] | None
    """Existing objects that are changed."""

class Mutation(_Mutation):
    """How a rule changes objects."""

    foreach: tuple[ForEachMutation, ...] | None
    """The same for each element of a list."""
    targets: tuple[MutationTarget, ...] | None
    """Existing objects that are changed."""
    def __init__(self, **fields: Unpack[MutationDict]) -> None:
        """How a rule changes objects."""

class MutationTargetDict(TypedDict, total=False):
    api_version: str | None
    """The API version."""
    context: Sequence[_ContextEntry | ContextEntryDict | Mapping[str, Any]] | None
    """Variables, and where they come from."""
    kind: str | None
    """The kind."""
    name: str | None
    """Its name."""
    namespace: str | None
    """Its namespace."""
    preconditions: Any | None
    """Conditions that must hold before it applies."""
    selector: _ObjectSelector | ObjectSelectorDict | Mapping[str, Any] | None
    """Labels that objects must have."""
    uid: str | None
    """The UID of the object."""

class MutationTarget(_MutationTarget):
    """Objects that are changed besides the one that triggers the rule."""

    context: tuple[ContextEntry, ...] | None
    """Variables, and where they come from."""
    selector: ObjectSelector | None
    """Labels that objects must have."""
    def __init__(self, **fields: Unpack[MutationTargetDict]) -> None:
        """Objects that are changed besides the one that triggers the rule."""

class ExceptedRulesDict(TypedDict, total=False):
    policy_name: Required[str]
    """The policy's name."""
    rule_names: Required[Sequence[str]]
    """Names of rules, with wildcards."""

class ExceptedRules(_ExceptedRules):
    """Rules of a policy that do not judge."""

    def __init__(self, **fields: Unpack[ExceptedRulesDict]) -> None:
        """Rules of a policy that do not judge."""

class RuleExceptionDict(ResourceDict, total=False):
    background: bool | None
    """Whether existing objects are judged too. Default: true."""
    conditions: _CleanupConditions | CleanupConditionsDict | Mapping[str, Any] | None
    """Conditions that must hold."""
    exceptions: Required[Sequence[_ExceptedRules | ExceptedRulesDict | Mapping[str, Any]]]
    """Policies and rules that do not judge."""
    match: Required[_CleanupMatch | CleanupMatchDict | Mapping[str, Any]]
    """Which objects it is about."""
    pod_security: Sequence[_PodSecurityException | PodSecurityExceptionDict | Mapping[str, Any]] | None
    """A level of the Pod Security Standards."""

class RuleException(_RuleException):
    """Exempts objects from rules of ClusterPolicies and Policies; its kind is PolicyException."""

    conditions: CleanupConditions | None
    """Conditions that must hold."""
    exceptions: tuple[ExceptedRules, ...]
    """Policies and rules that do not judge."""
    match: CleanupMatch
    """Which objects it is about."""
    pod_security: tuple[PodSecurityException, ...] | None
    """A level of the Pod Security Standards."""
    def __init__(self, **fields: Unpack[RuleExceptionDict]) -> None:
        """Exempts objects from rules of ClusterPolicies and Policies; its kind is PolicyException."""

class CELRuleDict(TypedDict, total=False):
    audit_annotations: Sequence[_AuditAnnotation | AuditAnnotationDict | Mapping[str, Any]] | None
    """Notes for the audit log."""
    expressions: Sequence[_CELExpression | CELExpressionDict | Mapping[str, Any]] | None
    """Demands."""
    generate: bool | None
    """Whether a ValidatingAdmissionPolicy is made."""
    param_kind: _ParamKind | ParamKindDict | Mapping[str, Any] | None
    """The kind whose objects are parameters."""
    param_ref: _ParamRef | ParamRefDict | Mapping[str, Any] | None
    """Which objects are parameters."""
    variables: Sequence[_PolicyVariable | PolicyVariableDict | Mapping[str, Any]] | None
    """Named expressions, which others use as `variables.<name>`."""

class CELRule(_CELRule):
    """Demands in CEL."""

    audit_annotations: tuple[AuditAnnotation, ...] | None
    """Notes for the audit log."""
    expressions: tuple[CELExpression, ...] | None
    """Demands."""
    param_kind: ParamKind | None
    """The kind whose objects are parameters."""
    param_ref: ParamRef | None
    """Which objects are parameters."""
    variables: tuple[PolicyVariable, ...] | None
    """Named expressions, which others use as `variables.<name>`."""
    def __init__(self, **fields: Unpack[CELRuleDict]) -> None:
        """Demands in CEL."""

class FailureActionOverrideDict(TypedDict, total=False):
    action: Literal["Audit", "Enforce", "audit", "enforce"] | None
    """What happens where a rule fails there: `Audit` or `Enforce`."""
    namespace_selector: _ObjectSelector | ObjectSelectorDict | Mapping[str, Any] | None
    """Labels of the namespace."""
    namespaces: Sequence[str] | None
    """Namespaces, with wildcards."""

class FailureActionOverride(_FailureActionOverride):
    """Another action in some namespaces."""

    namespace_selector: ObjectSelector | None
    """Labels of the namespace."""
    def __init__(self, **fields: Unpack[FailureActionOverrideDict]) -> None:
        """Another action in some namespaces."""

class ForEachValidationDict(TypedDict, total=False):
    any_pattern: Any | None
    """Patterns of which an object must match one."""
    context: Sequence[_ContextEntry | ContextEntryDict | Mapping[str, Any]] | None
    """Variables, and where they come from."""
    deny: _Denial | DenialDict | Mapping[str, Any] | None
    """Conditions under which an object is refused."""
    element_scope: bool | None
    """Whether `request.object` is the element. Default: true, where elements are maps."""
    foreach: Any | None
    """The same for each element of a list."""
    list: str | None
    """A JMESPath expression that gives the elements."""
    pattern: Any | None
    """What the object must look like."""
    preconditions: _AnyAllConditions | AnyAllConditionsDict | Mapping[str, Any] | None
    """Conditions that must hold before it applies."""

class ForEachValidation(_ForEachValidation):
    """What each element of a list must be."""

    context: tuple[ContextEntry, ...] | None
    """Variables, and where they come from."""
    deny: Denial | None
    """Conditions under which an object is refused."""
    preconditions: AnyAllConditions | None
    """Conditions that must hold before it applies."""
    def __init__(self, **fields: Unpack[ForEachValidationDict]) -> None:
        """What each element of a list must be."""

class IgnoredFieldsDict(TypedDict, total=False):
    fields: Sequence[str] | None
    """Paths of fields."""
    objects: Sequence[_IgnoredObject | IgnoredObjectDict | Mapping[str, Any]] | None
    """Objects that the fields are of."""

class IgnoredFields(_IgnoredFields):
    """Fields that may differ from what was signed."""

    objects: tuple[IgnoredObject, ...] | None
    """Objects that the fields are of."""
    def __init__(self, **fields: Unpack[IgnoredFieldsDict]) -> None:
        """Fields that may differ from what was signed."""

class IgnoredObjectDict(TypedDict, total=False):
    group: str | None
    """The API group."""
    kind: str | None
    """The kind."""
    name: str | None
    """Its name."""
    namespace: str | None
    """Its namespace."""
    version: str | None
    """The version."""

class IgnoredObject(_IgnoredObject):
    """Objects by group, version, kind, name and namespace."""

    def __init__(self, **fields: Unpack[IgnoredObjectDict]) -> None:
        """Objects by group, version, kind, name and namespace."""

class ManifestDryRunDict(TypedDict, total=False):
    enable: bool | None
    """Whether it is done."""
    namespace: str | None
    """Its namespace."""

class ManifestDryRun(_ManifestDryRun):
    """A dry run before a manifest is compared."""

    def __init__(self, **fields: Unpack[ManifestDryRunDict]) -> None:
        """A dry run before a manifest is compared."""

class ManifestValidationDict(TypedDict, total=False):
    annotation_domain: str | None
    """The domain of the annotations that hold signatures. Default: `cosign.sigstore.dev`."""
    attestors: Sequence[_AttestorSet | AttestorSetDict | Mapping[str, Any]] | None
    """Who must have signed."""
    dry_run: _ManifestDryRun | ManifestDryRunDict | Mapping[str, Any] | None
    """A dry run before the manifest is compared."""
    ignore_fields: Sequence[_IgnoredFields | IgnoredFieldsDict | Mapping[str, Any]] | None
    """Fields that may differ from what was signed."""
    repository: str | None
    """Another repository where signatures are kept."""

class ManifestValidation(_ManifestValidation):
    """Signatures that a manifest must have."""

    attestors: tuple[AttestorSet, ...] | None
    """Who must have signed."""
    dry_run: ManifestDryRun | None
    """A dry run before the manifest is compared."""
    ignore_fields: tuple[IgnoredFields, ...] | None
    """Fields that may differ from what was signed."""
    def __init__(self, **fields: Unpack[ManifestValidationDict]) -> None:
        """Signatures that a manifest must have."""

class PodSecurityDict(TypedDict, total=False):
    exclude: Sequence[_PodSecurityException | PodSecurityExceptionDict | Mapping[str, Any]] | None
    """Controls that are not asked for."""
    level: Literal["baseline", "privileged", "restricted"] | None
    """The level: `privileged`, `baseline` or `restricted`."""
    version: (
        Literal[
            "latest",
            "v1.19",
            "v1.20",
            "v1.21",
            "v1.22",
            "v1.23",
            "v1.24",
            "v1.25",
            "v1.26",
            "v1.27",
            "v1.28",
            "v1.29",
            "v1.30",
            "v1.31",
            "v1.32",
        ]
        | None
    )
    """The version."""

class PodSecurity(_PodSecurity):
    """A level of the Pod Security Standards."""

    exclude: tuple[PodSecurityException, ...] | None
    """Controls that are not asked for."""
    def __init__(self, **fields: Unpack[PodSecurityDict]) -> None:
        """A level of the Pod Security Standards."""

class PodSecurityExceptionDict(TypedDict, total=False):
    control_name: Required[
        Literal[
            "/proc Mount Type",
            "AppArmor",
            "Capabilities",
            "Host Namespaces",
            "Host Ports",
            "HostPath Volumes",
            "HostProcess",
            "Privilege Escalation",
            "Privileged Containers",
            "Running as Non-root",
            "Running as Non-root user",
            "SELinux",
            "Seccomp",
            "Sysctls",
            "Volume Types",
        ]
    ]
    """The control of the Pod Security Standards."""
    images: Sequence[str] | None
    """Images, by pattern."""
    restricted_field: str | None
    """The field that is excepted."""
    values: Sequence[str] | None
    """The values."""

class PodSecurityException(_PodSecurityException):
    """A control that is not asked for."""

    def __init__(self, **fields: Unpack[PodSecurityExceptionDict]) -> None:
        """A control that is not asked for."""

class RuleValidationDict(TypedDict, total=False):
    allow_existing_violations: bool | None
    """Whether an update of an object that already violated the rule is let through. Default: true."""
    any_pattern: Any | None
    """Patterns of which an object must match one."""
    cel: _CELRule | CELRuleDict | Mapping[str, Any] | None
    """Demands in CEL."""
    deny: _Denial | DenialDict | Mapping[str, Any] | None
    """Conditions under which an object is refused."""
    failure_action: Literal["Audit", "Enforce"] | None
    """What happens where it fails: `Audit` reports it, `Enforce` refuses the request."""
    failure_action_overrides: Sequence[_FailureActionOverride | FailureActionOverrideDict | Mapping[str, Any]] | None
    """Other actions in some namespaces."""
    foreach: Sequence[_ForEachValidation | ForEachValidationDict | Mapping[str, Any]] | None
    """The same for each element of a list."""
    manifests: _ManifestValidation | ManifestValidationDict | Mapping[str, Any] | None
    """Signatures that the manifest must have."""
    message: str | None
    """The message if it does not hold."""
    pattern: Any | None
    """What the object must look like."""
    pod_security: _PodSecurity | PodSecurityDict | Mapping[str, Any] | None
    """A level of the Pod Security Standards."""

class RuleValidation(_RuleValidation):
    """What a rule demands."""

    cel: CELRule | None
    """Demands in CEL."""
    deny: Denial | None
    """Conditions under which an object is refused."""
    failure_action_overrides: tuple[FailureActionOverride, ...] | None
    """Other actions in some namespaces."""
    foreach: tuple[ForEachValidation, ...] | None
    """The same for each element of a list."""
    manifests: ManifestValidation | None
    """Signatures that the manifest must have."""
    pod_security: PodSecurity | None
    """A level of the Pod Security Standards."""
    def __init__(self, **fields: Unpack[RuleValidationDict]) -> None:
        """What a rule demands."""
