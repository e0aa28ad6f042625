# What is imported here is a public name of the package, loaded when it is first used.

from . import library as library
from .vocabulary.cel.constraints import (
    ConstrainedResources as ConstrainedResources,
    MatchConstraints as MatchConstraints,
    TargetConstraints as TargetConstraints,
)
from .vocabulary.cel.deleting_policy import (
    DeletingPolicy as DeletingPolicy,
    NamespacedDeletingPolicy as NamespacedDeletingPolicy,
)
from .vocabulary.cel.generating_policy import (
    CELGeneration as CELGeneration,
    GeneratingEvaluation as GeneratingEvaluation,
    GeneratingPolicy as GeneratingPolicy,
    GenerationTemplate as GenerationTemplate,
    NamespacedGeneratingPolicy as NamespacedGeneratingPolicy,
)
from .vocabulary.cel.image_validating_policy import (
    AttestationType as AttestationType,
    ImageAutogen as ImageAutogen,
    ImageMatch as ImageMatch,
    ImageRequirements as ImageRequirements,
    ImageValidatingPolicy as ImageValidatingPolicy,
    NamespacedImageValidatingPolicy as NamespacedImageValidatingPolicy,
    PolicyAttestation as PolicyAttestation,
)
from .vocabulary.cel.mutating_policy import (
    CELMutation as CELMutation,
    MutatingAutogen as MutatingAutogen,
    MutatingEvaluation as MutatingEvaluation,
    MutatingPolicy as MutatingPolicy,
    MutationExpression as MutationExpression,
    NamespacedMutatingPolicy as NamespacedMutatingPolicy,
)
from .vocabulary.cel.policy_attestors import (
    CosignAttestor as CosignAttestor,
    CosignCertificate as CosignCertificate,
    CosignIdentity as CosignIdentity,
    CosignKey as CosignKey,
    CosignKeyless as CosignKeyless,
    CosignLog as CosignLog,
    CosignSource as CosignSource,
    NotaryAttestor as NotaryAttestor,
    PolicyAttestor as PolicyAttestor,
    PullSecret as PullSecret,
    TextOrExpression as TextOrExpression,
    UpdateFramework as UpdateFramework,
    UpdateFrameworkRoot as UpdateFrameworkRoot,
)
from .vocabulary.cel.policy_exception import ExceptedPolicy as ExceptedPolicy, PolicyException as PolicyException
from .vocabulary.cel.policy_parts import (
    AdmissionPolicyGeneration as AdmissionPolicyGeneration,
    EvaluationSwitch as EvaluationSwitch,
    OptionalSwitch as OptionalSwitch,
    PodControllers as PodControllers,
    PolicyWebhook as PolicyWebhook,
)
from .vocabulary.cel.validating_policy import (
    NamespacedValidatingPolicy as NamespacedValidatingPolicy,
    ValidatingAutogen as ValidatingAutogen,
    ValidatingEvaluation as ValidatingEvaluation,
    ValidatingPolicy as ValidatingPolicy,
)
from .vocabulary.cel_parts import (
    AuditAnnotation as AuditAnnotation,
    CELExpression as CELExpression,
    MatchCondition as MatchCondition,
    ParamKind as ParamKind,
    ParamRef as ParamRef,
    PolicyVariable as PolicyVariable,
)
from .vocabulary.rules.attestors import (
    AttestorSet as AttestorSet,
    CertificateAttestor as CertificateAttestor,
    KeyAttestor as KeyAttestor,
    KeylessAttestor as KeylessAttestor,
    KeySecret as KeySecret,
    Rekor as Rekor,
    RuleAttestor as RuleAttestor,
    TransparencyLog as TransparencyLog,
)
from .vocabulary.rules.cleanup_policy import (
    CleanupPolicy as CleanupPolicy,
    ClusterCleanupPolicy as ClusterCleanupPolicy,
)
from .vocabulary.rules.cluster_policy import (
    ClusterPolicy as ClusterPolicy,
    Policy as Policy,
    PolicyRule as PolicyRule,
    RuleWebhook as RuleWebhook,
)
from .vocabulary.rules.conditions import (
    AnyAllConditions as AnyAllConditions,
    AttestationConditions as AttestationConditions,
    CleanupCondition as CleanupCondition,
    CleanupConditions as CleanupConditions,
    Denial as Denial,
    RuleCondition as RuleCondition,
)
from .vocabulary.rules.contexts import (
    ContextCall as ContextCall,
    ContextConfigMap as ContextConfigMap,
    ContextEntry as ContextEntry,
    ContextRegistry as ContextRegistry,
    ContextService as ContextService,
    ContextVariable as ContextVariable,
    GlobalContextReference as GlobalContextReference,
    ImageRegistryCredentials as ImageRegistryCredentials,
    RequestData as RequestData,
    RequestHeader as RequestHeader,
)
from .vocabulary.rules.generations import (
    CloneList as CloneList,
    CloneSource as CloneSource,
    ForEachGeneration as ForEachGeneration,
    Generation as Generation,
)
from .vocabulary.rules.image_verifications import (
    AttestationValidation as AttestationValidation,
    ImageAttestation as ImageAttestation,
    ImageExtractor as ImageExtractor,
    ImageVerification as ImageVerification,
)
from .vocabulary.rules.matching import (
    CleanupMatch as CleanupMatch,
    FilterSubject as FilterSubject,
    LabelDemand as LabelDemand,
    MatchResources as MatchResources,
    ObjectFilter as ObjectFilter,
    ObjectSelector as ObjectSelector,
    ResourceDescription as ResourceDescription,
)
from .vocabulary.rules.mutations import (
    ForEachMutation as ForEachMutation,
    Mutation as Mutation,
    MutationTarget as MutationTarget,
)
from .vocabulary.rules.rule_exception import ExceptedRules as ExceptedRules, RuleException as RuleException
from .vocabulary.rules.validations import (
    CELRule as CELRule,
    FailureActionOverride as FailureActionOverride,
    ForEachValidation as ForEachValidation,
    IgnoredFields as IgnoredFields,
    IgnoredObject as IgnoredObject,
    ManifestDryRun as ManifestDryRun,
    ManifestValidation as ManifestValidation,
    PodSecurity as PodSecurity,
    PodSecurityException as PodSecurityException,
    RuleValidation as RuleValidation,
)
