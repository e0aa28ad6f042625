"""MutatingAdmissionPolicy, Kubernetes' own kind, as Kyverno applies it (``pkg/admissionpolicy/mutate.go``)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from nixernetes.errors import InputError
from nixernetes.kyverno.engine.admission.bindings import bindings_of, parameters
from nixernetes.kyverno.engine.cel_validations import Expressions, first_line
from nixernetes.kyverno.engine.contexts import PolicySurroundings, Request
from nixernetes.kyverno.engine.mutation.steps import stepped
from nixernetes.kyverno.engine.resource_rules import admits
from nixernetes.kyverno.engine.rows import RuleRow
from nixernetes.kyverno.engine.validating_policies import known_values
from nixernetes.objects.fields import mapping_at, objects_at, text_at
from nixernetes.objects.manifest import Json, Manifest

__all__ = ["CompiledMutatingAdmissionPolicy"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CompiledMutatingAdmissionPolicy:
    """A policy and its bindings.

    Attributes:
        policy: as it is written.
        bindings: those that name it; without any it is applied to whatever it matches.

    """

    policy: Manifest
    bindings: Sequence[Manifest]

    @classmethod
    def compiled(cls, policy: Manifest, given: Sequence[Manifest]) -> CompiledMutatingAdmissionPolicy:
        """Return a policy that may be asked about objects, with its bindings of those that are given."""
        return cls(policy=policy, bindings=bindings_of(policy, given))

    def rows(self, request: Request, around: PolicySurroundings) -> Iterator[RuleRow]:
        """Yield what the policy makes of an object."""
        spec, name = mapping_at(self.policy, "spec"), text_at(self.policy, "metadata", "name")
        if not admits(mapping_at(spec, "matchConstraints"), request, around.namespace_labels, sees_old=False):
            return
        manifest, is_applied, is_passed = request.manifest, False, False
        try:
            for each in parameters(self.policy, self.bindings, request, around):
                expressions = self._expressions(request, around, each, manifest)
                conditions = objects_at(spec, "matchConditions")
                if not all(expressions.holds(text_at(one, "expression")) for one in conditions):
                    is_passed = True
                    continue
                manifest = self._changed(request, around, each, manifest)
                is_applied = True
        except InputError as error:
            if text_at(spec, "failurePolicy") != "Ignore":
                message = f"failed to evaluate policy: {first_line(error)}"
                yield RuleRow(rule=name, result="error", message=message)
            return
        if is_applied:
            yield RuleRow(rule=name, result="pass", message="mutation is successfully applied", patched=manifest)
        elif is_passed:
            yield RuleRow(rule=name, result="skip", message="match conditions aren't met")

    def _changed(self, request: Request, around: PolicySurroundings, params: Json, manifest: Manifest) -> Manifest:
        return stepped(
            objects_at(self.policy, "spec", "mutations"),
            manifest,
            lambda seen: self._expressions(request, around, params, seen),
            around.definitions,
            may_replace=False,
        )

    def _expressions(
        self, request: Request, around: PolicySurroundings, params: Json, manifest: Manifest
    ) -> Expressions:
        known = {**known_values(request, around), "object": manifest, "params": params}
        known["oldObject"] = known["oldObject"] or None  # to Kubernetes nothing is null
        variables = objects_at(self.policy, "spec", "variables")
        return Expressions(known, variables, is_kyverno=False, answers=around.answers, is_mutating=True)
