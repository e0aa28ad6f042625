"""MutatingPolicy and NamespacedMutatingPolicy (Kyverno, ``pkg/cel/policies/mpol``)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from nixernetes.errors import InputError
from nixernetes.kyverno.engine.cel_validations import Expressions, first_line
from nixernetes.kyverno.engine.contexts import PolicySurroundings, Request
from nixernetes.kyverno.engine.mutation.derived import derived_specs
from nixernetes.kyverno.engine.mutation.steps import stepped
from nixernetes.kyverno.engine.resource_rules import admits
from nixernetes.kyverno.engine.rows import RuleRow
from nixernetes.kyverno.engine.validating_policies import exempted, known_values, naming
from nixernetes.objects.fields import flag_at, mapping_at, objects_at, text_at
from nixernetes.objects.manifest import Json, Manifest

__all__ = ["CompiledMutatingPolicy"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CompiledMutatingPolicy:
    """A policy and what is derived from it for controllers.

    Attributes:
        name: of the policy.
        namespace: of the namespaced kind; ``""`` for the other.
        specs: its ``spec``, then the derived ones.
        exceptions: PolicyExceptions of ``policies.kyverno.io`` that name it.

    """

    name: str
    namespace: str
    specs: Sequence[Mapping[str, Json]]
    exceptions: Sequence[Manifest] = ()

    @classmethod
    def compiled(cls, policy: Manifest, exceptions: Sequence[Manifest]) -> CompiledMutatingPolicy:
        """Return a policy that may be asked about objects."""
        name, spec = text_at(policy, "metadata", "name"), mapping_at(policy, "spec")
        space = text_at(policy, "metadata", "namespace") or "default"
        return cls(
            name=name,
            namespace=space if text_at(policy, "kind").startswith("Namespaced") else "",
            specs=[spec, *derived_specs(spec)],
            exceptions=naming(exceptions, name),
        )

    def rows(self, request: Request, around: PolicySurroundings) -> Iterator[RuleRow]:
        """Yield what the policy makes of an object, and of the targets that it means."""
        if self.namespace and self.namespace != request.namespace:
            return
        for spec in self.specs:
            if admits(mapping_at(spec, "matchConstraints"), request, around.namespace_labels):
                yield self._row(spec, request, around)

    def _row(self, spec: Mapping[str, Json], request: Request, around: PolicySurroundings) -> RuleRow:
        expressions = self._expressions(spec, request, around)
        row = self._early(spec, request, around, expressions) or self._changed(spec, request, around)
        return replace(row, not_given=expressions.not_given) if expressions.not_given else row

    def _expressions(self, spec: Mapping[str, Json], request: Request, around: PolicySurroundings) -> Expressions:
        known = known_values(request, around)
        known["request"] = {**known["request"], "object": known["object"], "oldObject": known["oldObject"]}
        variables = objects_at(spec, "variables")
        return Expressions(
            known,
            variables,
            is_kyverno=True,
            answers=around.answers,
            namespace=self.namespace,
            is_mutating=True,
        )

    def _early(
        self, spec: Mapping[str, Json], request: Request, around: PolicySurroundings, expressions: Expressions
    ) -> RuleRow | None:
        excepted = exempted(self.exceptions, known_values(request, around), expressions)
        if excepted is not None:
            return excepted
        try:
            for each in objects_at(spec, "matchConditions"):
                if not expressions.holds(text_at(each, "expression")):
                    return RuleRow(rule="", result="skip", message="skip")
        except InputError as error:
            return _failed(spec, error)
        return None

    def _changed(self, spec: Mapping[str, Json], request: Request, around: PolicySurroundings) -> RuleRow:
        def read(manifest: Manifest) -> Expressions:
            return self._expressions(spec, replace(request, manifest=manifest), around)

        try:
            changed = stepped(
                objects_at(spec, "mutations"),
                request.manifest,
                read,
                around.definitions,
                may_replace=flag_at(spec, "evaluation", "useServerSideApply"),
            )
        except InputError as error:
            return _failed(spec, error)
        return RuleRow(rule="", result="pass", message="success", patched=changed)


def _failed(spec: Mapping[str, Json], error: InputError) -> RuleRow:
    if text_at(spec, "failurePolicy") == "Ignore":
        return RuleRow(rule="", result="skip", message="skip")
    return RuleRow(rule="evaluation", result="error", message=f"failed to evaluate policy: {first_line(error)}")
