"""Policies over objects: each policy is compiled once, and then asked about every object.

In which order an object meets them is the table ``PolicyPhase`` (Kyverno, ``policy_processor.go``): what mutates comes
first, and whatever comes later sees the object as it is then.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import IntEnum
from itertools import groupby
from typing import Final

from nixernetes.kyverno.engine.cluster_policies import CompiledClusterPolicy
from nixernetes.kyverno.engine.contexts import PolicySurroundings, Request
from nixernetes.kyverno.engine.generation.cleaning import CompiledCleanupPolicy
from nixernetes.kyverno.engine.generation.deleting import CompiledDeletingPolicy
from nixernetes.kyverno.engine.generation.policies import CompiledGeneratingPolicy
from nixernetes.kyverno.engine.mutation.admission_policies import CompiledMutatingAdmissionPolicy
from nixernetes.kyverno.engine.mutation.policies import CompiledMutatingPolicy
from nixernetes.kyverno.engine.resource_rules import admits
from nixernetes.kyverno.engine.rows import RuleRow, not_evaluated
from nixernetes.kyverno.engine.validating_policies import CompiledValidatingPolicy
from nixernetes.kyverno.engine.values import Values, steps_of, with_value
from nixernetes.kyverno.engine.verification.admission_policies import CompiledValidatingAdmissionPolicy
from nixernetes.kyverno.engine.verification.image_policies import CompiledImagePolicy
from nixernetes.objects.api_groups import ADMISSIONREGISTRATION, KYVERNO
from nixernetes.objects.fields import mapping_at, objects_at, text_at
from nixernetes.objects.identity import GroupKind, split_api_version
from nixernetes.objects.manifest import Json, Manifest
from nixernetes.objects.scopes import is_cluster_scoped

__all__ = ["Admission", "Evaluation", "Judgement", "PolicySet", "evaluated", "flattened", "is_policy"]

_RULED: Final = ("ClusterPolicy", "Policy")
_VALIDATING: Final = ("ValidatingPolicy", "NamespacedValidatingPolicy")
_MUTATING: Final = ("MutatingPolicy", "NamespacedMutatingPolicy")
_MUTATING_ADMISSION: Final = "MutatingAdmissionPolicy"
_CONSTRAINED: Final = (
    *("GeneratingPolicy", "DeletingPolicy", "ImageValidatingPolicy"),
    *("NamespacedGeneratingPolicy", "NamespacedDeletingPolicy"),
    *("NamespacedImageValidatingPolicy", "ValidatingAdmissionPolicy"),
)
_OF_OBJECT: Final = "request.object."
_CLEANUP: Final = ("CleanupPolicy", "ClusterCleanupPolicy")
_GROUPS: Final = (KYVERNO, f"policies.{KYVERNO}", ADMISSIONREGISTRATION)


class PolicyPhase(IntEnum):
    """When a policy is asked, the first first."""

    MUTATE_RULES = 1
    IMAGE_RULES = 2
    VALIDATE_RULES = 3
    MUTATING_ADMISSION_POLICIES = 4
    MUTATING_POLICIES = 5
    VALIDATING_ADMISSION_POLICIES = 6
    VALIDATING_POLICIES = 7
    GENERATING_POLICIES = 8
    GENERATE_RULES = 9
    OTHERS = 10


_RULE_PHASES: Final = {
    "mutate": PolicyPhase.MUTATE_RULES,
    "verifyImages": PolicyPhase.IMAGE_RULES,
    "validate": PolicyPhase.VALIDATE_RULES,
    "generate": PolicyPhase.GENERATE_RULES,
    "unknown": PolicyPhase.OTHERS,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """What is evaluated, and what around it is known.

    Attributes:
        policies: of any kind of Kyverno; others are passed over.
        objects: what is judged.
        payloads: names and content of JSON documents, which policies about JSON judge.
        exceptions: PolicyExceptions of both groups.
        values: variables from outside.
        around: what exists in the cluster, and the labels of namespaces.
        definitions: CustomResourceDefinitions, for the scope of their kinds.
        user: who asks, if that is known.
        operation: ``CREATE``, ``UPDATE`` or ``DELETE``.

    """

    policies: Sequence[Manifest]
    objects: Sequence[Manifest]
    payloads: Sequence[tuple[str, Json]] = ()
    exceptions: Sequence[Manifest] = ()
    values: Values = field(default_factory=Values)
    around: PolicySurroundings = field(default_factory=PolicySurroundings)
    definitions: Sequence[Manifest] = ()
    user: Mapping[str, Json] | None = None
    operation: str = "CREATE"


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """A row with the policy and the object that it is about, or the name of the JSON document."""

    policy: Manifest
    subject: Manifest
    namespace: str
    row: RuleRow
    payload: str = ""

    def document(self) -> dict[str, Json]:
        """Return the row as plain data."""
        meta = mapping_at(self.policy, "metadata")
        told: dict[str, Json] = {"policy": text_at(meta, "name"), "policyKind": text_at(self.policy, "kind")}
        if text_at(meta, "namespace"):
            told["policyNamespace"] = text_at(meta, "namespace")
        about = (
            {"payload": self.payload}
            if self.payload
            else {
                "apiVersion": text_at(self.subject, "apiVersion"),
                "kind": text_at(self.subject, "kind"),
                "namespace": self.namespace,
                "name": text_at(self.subject, "metadata", "name"),
            }
        )
        row = self.row
        told |= {"rule": row.rule, "resource": about, "result": row.result, "message": row.message}
        made: dict[str, Json] = {
            "notGiven": list(row.not_given),
            "properties": dict(row.properties),
            "patched": row.patched,
            "patchedTarget": row.patched_target,
            "generated": list(row.generated),
        }
        return told | {name: value for name, value in made.items() if value}


@dataclass(frozen=True, slots=True, kw_only=True)
class Admission:
    """What came of one object.

    Attributes:
        manifest: the object after all mutations.
        judgements: what the policies said, in the order in which they were asked.

    """

    manifest: Manifest
    judgements: tuple[Judgement, ...]


def is_policy(manifest: Manifest) -> bool:
    """Tell whether a manifest is a policy of Kyverno, or one that Kyverno evaluates."""
    group = split_api_version(text_at(manifest, "apiVersion"))[0]
    return group in _GROUPS and text_at(manifest, "kind") in (
        *_RULED,
        *_VALIDATING,
        *_MUTATING,
        _MUTATING_ADMISSION,
        *_CONSTRAINED,
        *_CLEANUP,
    )


def evaluated(inputs: Evaluation) -> Iterator[Judgement]:
    """Yield what the policies say of the objects: object by object, each in the order of the phases."""
    clustered = _clustered(inputs.definitions)
    given = dict(inputs.values.everywhere)
    operation = str(given.pop("request.operation", inputs.operation))
    objects = [_placed(each, clustered) for each in inputs.objects]
    others = [*(_placed(each, clustered) for each in inputs.around.objects), *objects]
    around = replace(
        inputs.around,
        namespace_labels={**inputs.around.namespace_labels, **inputs.values.namespace_labels},
        targets=tuple(_placed(each, clustered) for each in inputs.around.targets),
        others=tuple(others),
        definitions=tuple(inputs.definitions),
    )
    values = replace(inputs.values, everywhere=given)
    policies = PolicySet(inputs.policies, exceptions=inputs.exceptions, around=around, values=values)
    for each in objects:
        yield from policies.admitted(_request(each, inputs, operation)).judgements
        yield from policies.judged("", each)  # to Kyverno's command line an object is JSON as well
    for name, document in inputs.payloads:
        yield from policies.judged(name, document)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Setting:
    """What the policies of a set are compiled with."""

    given: Sequence[Manifest]
    exceptions: Sequence[Manifest]
    around: PolicySurroundings
    values: Values


_Ask = Callable[[Request], Iterator[RuleRow]]  # what one policy says in one phase


class PolicySet:
    """Policies, compiled once, that may be asked about any number of objects.

    Args:
        policies: of any kind of Kyverno; others are passed over, but for bindings of admission policies.
        exceptions: PolicyExceptions of both groups.
        around: what exists in the cluster, and the labels of namespaces.
        values: variables from outside.

    """

    def __init__(
        self,
        policies: Sequence[Manifest],
        *,
        exceptions: Sequence[Manifest] = (),
        around: PolicySurroundings | None = None,
        values: Values | None = None,
    ) -> None:
        setting = _Setting(
            given=policies,
            exceptions=exceptions,
            around=around or PolicySurroundings(),
            values=values or Values(),
        )
        found = [(phase, each, ask) for each in filter(is_policy, policies) for phase, ask in _asks(each, setting)]
        self._asks = sorted(found, key=lambda entry: entry[0])
        self._around = setting.around
        self._of_json = [
            (each, CompiledValidatingPolicy.compiled(each, exceptions))
            for each in policies
            if text_at(each, "kind") in _VALIDATING and text_at(each, "spec", "evaluation", "mode") == "JSON"
        ]

    def judged(self, name: str, document: Json) -> Iterator[Judgement]:
        """Yield what the policies about JSON say of a document.

        Args:
            name: the name of the document; ``""`` for an object of a cluster.
            document: its content.

        """
        for policy, compiled in self._of_json:
            row = compiled.payload(document, self._around)
            if row is not None:
                subject = {} if name or not isinstance(document, dict) else document
                space = text_at(subject, "metadata", "namespace")
                yield Judgement(policy=policy, subject=subject, namespace=space, row=row, payload=name)

    def admitted(self, request: Request) -> Admission:
        """Return an object after the mutations, and what the policies say of it."""
        judgements: list[Judgement] = []
        subject = request.manifest
        for phase, asks in groupby(self._asks, key=lambda entry: entry[0]):
            rows, again = [], []
            for _, policy, ask in asks:
                for row in ask(request):
                    request = _changed(request, row)
                    rows.append((policy, row))
                if text_at(policy, "spec", "reinvocationPolicy") == "IfNeeded":
                    again.append((ask, request.manifest))
            for ask, after in again:
                for row in ask(request) if request.manifest != after else ():
                    request = _changed(request, row)
            is_shared = phase is PolicyPhase.MUTATING_POLICIES  # their rows tell what became of the object in the end
            for policy, row in rows:
                told = replace(row, patched=request.manifest) if is_shared and row.patched is not None else row
                judgements.append(Judgement(policy=policy, subject=subject, namespace=request.namespace, row=told))
        return Admission(manifest=request.manifest, judgements=tuple(judgements))


def _changed(request: Request, row: RuleRow) -> Request:
    return request if row.patched is None else replace(request, manifest=row.patched)


def _asks(policy: Manifest, setting: _Setting) -> Iterator[tuple[PolicyPhase, _Ask]]:
    """Yield what a policy is asked, and when."""
    kind = text_at(policy, "kind")
    around = setting.around
    if kind in _RULED:
        ruled = CompiledClusterPolicy.compiled(policy, setting.exceptions)
        for part in sorted(ruled.parts()):
            yield _RULE_PHASES[part], _of_rules(ruled, part, setting)
    elif kind in _VALIDATING:
        validating = CompiledValidatingPolicy.compiled(policy, setting.exceptions)
        yield PolicyPhase.VALIDATING_POLICIES, lambda request: validating.rows(request, around)
    elif kind in _MUTATING:
        mutating = CompiledMutatingPolicy.compiled(policy, setting.exceptions)
        yield PolicyPhase.MUTATING_POLICIES, lambda request: mutating.rows(request, around)
    elif kind == _MUTATING_ADMISSION:
        admitting = CompiledMutatingAdmissionPolicy.compiled(policy, setting.given)
        yield PolicyPhase.MUTATING_ADMISSION_POLICIES, lambda request: admitting.rows(request, around)
    elif kind == "ValidatingAdmissionPolicy":
        admission = CompiledValidatingAdmissionPolicy.compiled(policy, setting.given)
        yield PolicyPhase.VALIDATING_ADMISSION_POLICIES, lambda request: admission.rows(request, around)
    elif kind.endswith("GeneratingPolicy"):
        generating = CompiledGeneratingPolicy.compiled(policy, setting.exceptions)
        yield PolicyPhase.GENERATING_POLICIES, lambda request: generating.rows(request, around)
    elif kind.endswith("DeletingPolicy"):
        deleting = CompiledDeletingPolicy.compiled(policy, setting.exceptions)
        yield PolicyPhase.OTHERS, lambda request: deleting.rows(request, around)
    elif kind in _CLEANUP:
        cleaning = CompiledCleanupPolicy.compiled(policy)
        yield PolicyPhase.OTHERS, lambda request: cleaning.rows(request, around, setting.values)
    elif kind.endswith("ImageValidatingPolicy"):
        imaging = CompiledImagePolicy.compiled(policy, setting.exceptions)
        yield PolicyPhase.OTHERS, lambda request: imaging.rows(request, around)
    else:
        yield PolicyPhase.OTHERS, lambda request: _refused(policy, request, around)


def _of_rules(policy: CompiledClusterPolicy, part: str, setting: _Setting) -> _Ask:
    def ask(request: Request) -> Iterator[RuleRow]:
        wanted = setting.values.of(policy.name, "", text_at(request.manifest, "metadata", "name"))
        if isinstance(wanted.get("request.operation"), str):
            request = replace(request, operation=str(wanted["request.operation"]))
        for path, value in wanted.items():
            if path.startswith(_OF_OBJECT):
                steps = steps_of(path.removeprefix(_OF_OBJECT))
                request = replace(request, manifest=with_value(request.manifest, steps, value))
        yield from policy.rows(part, request, setting.around, setting.values)

    return ask


def _refused(policy: Manifest, request: Request, around: PolicySurroundings) -> Iterator[RuleRow]:
    kind = text_at(policy, "kind")
    constraints = mapping_at(policy, "spec", "matchConstraints")
    if admits(constraints, request, around.namespace_labels):
        yield not_evaluated("", f"policies of kind {kind}")


def _clustered(definitions: Sequence[Manifest]) -> set[GroupKind]:
    return {
        GroupKind(text_at(each, "spec", "group"), text_at(each, "spec", "names", "kind"))
        for each in definitions
        if text_at(each, "spec", "scope") == "Cluster"
    }


def _placed(manifest: Manifest, clustered: set[GroupKind]) -> Manifest:
    """Return an object with its namespace, which is ``default`` where none is said, or without, if it is in none."""
    group, _ = split_api_version(text_at(manifest, "apiVersion"))
    kind = GroupKind(group, text_at(manifest, "kind"))
    meta = mapping_at(manifest, "metadata")
    if is_cluster_scoped(kind) or kind in clustered:
        return {**manifest, "metadata": {key: value for key, value in meta.items() if key != "namespace"}}
    return {**manifest, "metadata": {**meta, "namespace": text_at(meta, "namespace") or "default"}}


def _request(manifest: Manifest, inputs: Evaluation, operation: str) -> Request:
    space = text_at(manifest, "metadata", "namespace")
    parent = inputs.values.subresources.get(text_at(manifest, "kind"), ("", ""))
    old = manifest if operation == "UPDATE" else {}  # as in Kyverno's command line
    return Request(manifest=manifest, old=old, operation=operation, user=inputs.user, namespace=space, parent=parent)


def flattened(manifests: Sequence[Manifest]) -> list[Manifest]:
    """Return manifests with the items of lists in the place of the lists."""
    flat: list[Manifest] = []
    for each in manifests:
        flat += objects_at(each, "items") if text_at(each, "kind").endswith("List") and "items" in each else [each]
    return flat
