"""What a rule demands."""

from __future__ import annotations

from typing import Literal

from nixernetes.gitops.spec import Spec
from nixernetes.gitops.values import Bool, JsonValue, Many, Text
from nixernetes.kyverno.vocabulary.cel_parts import AuditAnnotation, CELExpression, ParamKind, ParamRef, PolicyVariable
from nixernetes.kyverno.vocabulary.rules.attestors import AttestorSet
from nixernetes.kyverno.vocabulary.rules.conditions import AnyAllConditions, Denial
from nixernetes.kyverno.vocabulary.rules.contexts import ContextEntry
from nixernetes.kyverno.vocabulary.rules.matching import ObjectSelector

__all__ = [
    "CELRule",
    "FailureActionOverride",
    "ForEachValidation",
    "IgnoredFields",
    "IgnoredObject",
    "ManifestDryRun",
    "ManifestValidation",
    "PodSecurity",
    "PodSecurityException",
    "RuleValidation",
]


class CELRule(Spec):
    """Demands in CEL."""

    audit_annotations: Many[AuditAnnotation] | None = None
    """Notes for the audit log."""
    expressions: Many[CELExpression] | None = None
    """Demands."""
    generate: Bool | None = None
    """Whether a ValidatingAdmissionPolicy is made."""
    param_kind: ParamKind | None = None
    """The kind whose objects are parameters."""
    param_ref: ParamRef | None = None
    """Which objects are parameters."""
    variables: Many[PolicyVariable] | None = None
    """Named expressions, which others use as `variables.<name>`."""


class FailureActionOverride(Spec):
    """Another action in some namespaces."""

    action: Literal["audit", "enforce", "Audit", "Enforce"] | None = None
    """What happens where a rule fails there: `Audit` or `Enforce`."""
    namespace_selector: ObjectSelector | None = None
    """Labels of the namespace."""
    namespaces: Many[Text] | None = None
    """Namespaces, with wildcards."""


class ForEachValidation(Spec):
    """What each element of a list must be."""

    any_pattern: JsonValue | None = None
    """Patterns of which an object must match one."""
    context: Many[ContextEntry] | None = None
    """Variables, and where they come from."""
    deny: Denial | None = None
    """Conditions under which an object is refused."""
    element_scope: Bool | None = None
    """Whether `request.object` is the element. Default: true, where elements are maps."""
    foreach: JsonValue | None = None
    """The same for each element of a list."""
    list: Text | None = None
    """A JMESPath expression that gives the elements."""
    pattern: JsonValue | None = None
    """What the object must look like."""
    preconditions: AnyAllConditions | None = None
    """Conditions that must hold before it applies."""


class IgnoredObject(Spec):
    """Objects by group, version, kind, name and namespace."""

    group: Text | None = None
    """The API group."""
    kind: Text | None = None
    """The kind."""
    name: Text | None = None
    """Its name."""
    namespace: Text | None = None
    """Its namespace."""
    version: Text | None = None
    """The version."""


class IgnoredFields(Spec):
    """Fields that may differ from what was signed."""

    fields: Many[Text] | None = None
    """Paths of fields."""
    objects: Many[IgnoredObject] | None = None
    """Objects that the fields are of."""


class ManifestDryRun(Spec):
    """A dry run before a manifest is compared."""

    enable: Bool | None = None
    """Whether it is done."""
    namespace: Text | None = None
    """Its namespace."""


class ManifestValidation(Spec):
    """Signatures that a manifest must have."""

    annotation_domain: Text | None = None
    """The domain of the annotations that hold signatures. Default: `cosign.sigstore.dev`."""
    attestors: Many[AttestorSet] | None = None
    """Who must have signed."""
    dry_run: ManifestDryRun | None = None
    """A dry run before the manifest is compared."""
    ignore_fields: Many[IgnoredFields] | None = None
    """Fields that may differ from what was signed."""
    repository: Text | None = None
    """Another repository where signatures are kept."""


class PodSecurityException(Spec):
    """A control that is not asked for."""

    control_name: Literal[
        "HostProcess",
        "Host Namespaces",
        "Privileged Containers",
        "Capabilities",
        "HostPath Volumes",
        "Host Ports",
        "AppArmor",
        "SELinux",
        "/proc Mount Type",
        "Seccomp",
        "Sysctls",
        "Volume Types",
        "Privilege Escalation",
        "Running as Non-root",
        "Running as Non-root user",
    ]
    """The control of the Pod Security Standards."""
    images: Many[Text] | None = None
    """Images, by pattern."""
    restricted_field: Text | None = None
    """The field that is excepted."""
    values: Many[Text] | None = None
    """The values."""


class PodSecurity(Spec):
    """A level of the Pod Security Standards."""

    exclude: Many[PodSecurityException] | None = None
    """Controls that are not asked for."""
    level: Literal["privileged", "baseline", "restricted"] | None = None
    """The level: `privileged`, `baseline` or `restricted`."""
    version: (
        Literal[
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
            "latest",
        ]
        | None
    ) = None
    """The version."""


class RuleValidation(Spec):
    """What a rule demands."""

    allow_existing_violations: Bool | None = None
    """Whether an update of an object that already violated the rule is let through. Default: true."""
    any_pattern: JsonValue | None = None
    """Patterns of which an object must match one."""
    assert_: JsonValue | None = None
    """An assertion tree."""
    cel: CELRule | None = None
    """Demands in CEL."""
    deny: Denial | None = None
    """Conditions under which an object is refused."""
    failure_action: Literal["Audit", "Enforce"] | None = None
    """What happens where it fails: `Audit` reports it, `Enforce` refuses the request."""
    failure_action_overrides: Many[FailureActionOverride] | None = None
    """Other actions in some namespaces."""
    foreach: Many[ForEachValidation] | None = None
    """The same for each element of a list."""
    manifests: ManifestValidation | None = None
    """Signatures that the manifest must have."""
    message: Text | None = None
    """The message if it does not hold."""
    pattern: JsonValue | None = None
    """What the object must look like."""
    pod_security: PodSecurity | None = None
    """A level of the Pod Security Standards."""
