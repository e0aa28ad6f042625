"""Policies over objects: each policy is compiled once, and then asked about every object."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from nixernetes.kyverno.engine.cluster_policies import CompiledClusterPolicy
from nixernetes.kyverno.engine.contexts import PolicySurroundings, Request
from nixernetes.kyverno.engine.resource_rules import admits
from nixernetes.kyverno.engine.rows import RuleRow, not_evaluated
from nixernetes.kyverno.engine.validating_policies import CompiledValidatingPolicy
from nixernetes.kyverno.engine.values import Values
from nixernetes.objects.api_groups import ADMISSIONREGISTRATION, KYVERNO
from nixernetes.objects.fields import mapping_at, objects_at, text_at
from nixernetes.objects.identity import GroupKind, split_api_version
from nixernetes.objects.manifest import Json, Manifest
from nixernetes.objects.scopes import is_cluster_scoped

__all__ = ["Evaluation", "Judgement", "evaluated", "flattened", "is_policy"]

_RULED: Final = ("ClusterPolicy", "Policy")
_VALIDATING: Final = ("ValidatingPolicy", "NamespacedValidatingPolicy")
_CONSTRAINED: Final = (
    *("MutatingPolicy", "GeneratingPolicy", "DeletingPolicy", "ImageValidatingPolicy"),
    *("NamespacedMutatingPolicy", "NamespacedGeneratingPolicy", "NamespacedDeletingPolicy"),
    *("NamespacedImageValidatingPolicy", "ValidatingAdmissionPolicy", "MutatingAdmissionPolicy"),
)
_CLEANUP: Final = ("CleanupPolicy", "ClusterCleanupPolicy")
_GROUPS: Final = (KYVERNO, f"policies.{KYVERNO}", ADMISSIONREGISTRATION)


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """What is evaluated, and what around it is known.

    Attributes:
        policies: of any kind of Kyverno; others are passed over.
        objects: what is judged.
        exceptions: PolicyExceptions of both groups.
        values: variables from outside.
        around: what exists in the cluster, and the labels of namespaces.
        definitions: CustomResourceDefinitions, for the scope of their kinds.
        user: who asks, if that is known.
        operation: ``CREATE``, ``UPDATE`` or ``DELETE``.

    """

    policies: Sequence[Manifest]
    objects: Sequence[Manifest]
    exceptions: Sequence[Manifest] = ()
    values: Values = field(default_factory=Values)
    around: PolicySurroundings = field(default_factory=PolicySurroundings)
    definitions: Sequence[Manifest] = ()
    user: Mapping[str, Json] | None = None
    operation: str = "CREATE"


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """A row with the policy and the object that it is about."""

    policy: Manifest
    subject: Manifest
    namespace: str
    row: RuleRow

    def document(self) -> dict[str, Json]:
        """Return the row as plain data."""
        meta = mapping_at(self.policy, "metadata")
        told: dict[str, Json] = {"policy": text_at(meta, "name"), "policyKind": text_at(self.policy, "kind")}
        if text_at(meta, "namespace"):
            told["policyNamespace"] = text_at(meta, "namespace")
        about = {
            "apiVersion": text_at(self.subject, "apiVersion"),
            "kind": text_at(self.subject, "kind"),
            "namespace": self.namespace,
            "name": text_at(self.subject, "metadata", "name"),
        }
        row = self.row
        told |= {"rule": row.rule, "resource": about, "result": row.result, "message": row.message}
        return told | ({"properties": dict(row.properties)} if row.properties else {})


def is_policy(manifest: Manifest) -> bool:
    """Tell whether a manifest is a policy of Kyverno, or one that Kyverno evaluates."""
    group = split_api_version(text_at(manifest, "apiVersion"))[0]
    return group in _GROUPS and text_at(manifest, "kind") in (*_RULED, *_VALIDATING, *_CONSTRAINED, *_CLEANUP)


def evaluated(inputs: Evaluation) -> Iterator[Judgement]:
    """Yield what the policies say of the objects: policy by policy, each in the order of the objects."""
    labels = {**inputs.around.namespace_labels, **inputs.values.namespace_labels}
    around = replace(inputs.around, namespace_labels=labels)
    given = dict(inputs.values.everywhere)
    operation = str(given.pop("request.operation", inputs.operation))
    clustered = _clustered(inputs.definitions)
    requests = [_request(each, inputs, operation, clustered) for each in inputs.objects]
    values = replace(inputs.values, everywhere=given)
    for policy in filter(is_policy, inputs.policies):
        judge = _Judge(policy, inputs.exceptions, around, values)
        for request in requests:
            for row in judge.rows(request):
                yield Judgement(policy=policy, subject=request.manifest, namespace=request.namespace, row=row)


class _Judge:
    """One policy, compiled."""

    def __init__(
        self, policy: Manifest, exceptions: Sequence[Manifest], around: PolicySurroundings, values: Values
    ) -> None:
        self._policy = policy
        self._kind = text_at(policy, "kind")
        self._around = around
        self._values = values
        self._ruled = CompiledClusterPolicy.compiled(policy, exceptions) if self._kind in _RULED else None
        self._validating = CompiledValidatingPolicy.compiled(policy, exceptions) if self._kind in _VALIDATING else None

    def rows(self, request: Request) -> Iterator[RuleRow]:
        if self._ruled is not None:
            wanted = self._values.of(self._ruled.name, "", text_at(request.manifest, "metadata", "name"))
            if isinstance(wanted.get("request.operation"), str):
                request = replace(request, operation=str(wanted["request.operation"]))
            yield from self._ruled.rows(request, self._around, self._values)
        elif self._validating is not None:
            yield from self._validating.rows(request, self._around)
        elif self._kind in _CLEANUP or admits(
            mapping_at(self._policy, "spec", "matchConstraints"), request, self._around.namespace_labels
        ):
            yield not_evaluated("", f"policies of kind {self._kind}")


def _clustered(definitions: Sequence[Manifest]) -> set[GroupKind]:
    return {
        GroupKind(text_at(each, "spec", "group"), text_at(each, "spec", "names", "kind"))
        for each in definitions
        if text_at(each, "spec", "scope") == "Cluster"
    }


def _request(manifest: Manifest, inputs: Evaluation, operation: str, clustered: set[GroupKind]) -> Request:
    group, _ = split_api_version(text_at(manifest, "apiVersion"))
    kind = GroupKind(group, text_at(manifest, "kind"))
    if is_cluster_scoped(kind) or kind in clustered:
        space = ""
    else:
        space = text_at(manifest, "metadata", "namespace") or "default"
        manifest = {**manifest, "metadata": {**mapping_at(manifest, "metadata"), "namespace": space}}
    return Request(manifest=manifest, operation=operation, user=inputs.user, namespace=space)


def flattened(manifests: Sequence[Manifest]) -> list[Manifest]:
    """Return manifests with the items of lists in the place of the lists."""
    flat: list[Manifest] = []
    for each in manifests:
        flat += objects_at(each, "items") if text_at(each, "kind").endswith("List") and "items" in each else [each]
    return flat
