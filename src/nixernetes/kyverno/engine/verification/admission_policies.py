"""ValidatingAdmissionPolicy, Kubernetes' own kind, as Kyverno applies it (``pkg/admissionpolicy/validate.go``)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from nixernetes.errors import InputError
from nixernetes.kyverno.engine.admission.bindings import bindings_of, parameters
from nixernetes.kyverno.engine.cel_validations import Expressions, conditions_met, first_line, told_message
from nixernetes.kyverno.engine.contexts import PolicySurroundings, Request
from nixernetes.kyverno.engine.resource_rules import admits
from nixernetes.kyverno.engine.rows import RuleRow
from nixernetes.kyverno.engine.validating_policies import known_values
from nixernetes.objects.fields import mapping_at, objects_at, text_at
from nixernetes.objects.manifest import Json, Manifest

__all__ = ["CompiledValidatingAdmissionPolicy"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CompiledValidatingAdmissionPolicy:
    """A policy and its bindings.

    Attributes:
        policy: as it is written.
        bindings: those that name it; without any it is applied to whatever it matches.

    """

    policy: Manifest
    bindings: Sequence[Manifest]

    @classmethod
    def compiled(cls, policy: Manifest, given: Sequence[Manifest]) -> CompiledValidatingAdmissionPolicy:
        """Return a policy that may be asked about objects, with its bindings of those that are given."""
        return cls(policy=policy, bindings=bindings_of(policy, given))

    def rows(self, request: Request, around: PolicySurroundings) -> Iterator[RuleRow]:
        """Yield what the policy says of an object."""
        name = text_at(self.policy, "metadata", "name")
        if not admits(
            mapping_at(self.policy, "spec", "matchConstraints"), request, around.namespace_labels, sees_old=False
        ):
            return
        try:
            for each in parameters(self.policy, self.bindings, request, around):
                row = self._row(request, around, each)
                if row is not None:
                    yield replace(row, rule=name)
        except InputError as error:
            yield RuleRow(rule=name, result="error", message=first_line(error))

    def _row(self, request: Request, around: PolicySurroundings, params: Json) -> RuleRow | None:
        spec = mapping_at(self.policy, "spec")
        known = {**known_values(request, around), "params": params}
        known |= {name: known[name] or None for name in ("object", "oldObject")}  # to Kubernetes nothing is null
        if request.namespace and known["namespaceObject"] is None:
            known["namespaceObject"] = {"metadata": {"name": request.namespace}}
        expressions = Expressions(known, objects_at(spec, "variables"), is_kyverno=False, answers=around.answers)
        is_met, broken = conditions_met(objects_at(spec, "matchConditions"), expressions)
        if not is_met or broken:
            return RuleRow(rule="", result="error", message=broken) if is_met else None
        for each in objects_at(spec, "validations"):
            text = text_at(each, "expression").strip()
            try:
                if expressions.value(text) is True:
                    continue
                message = told_message(each, expressions, f"failed expression: {text}")
            except InputError as error:
                message = f"expression '{text}' resulted in error: {first_line(error)}"
                return RuleRow(rule="", result="error", message=message)
            return RuleRow(rule="", result="fail", message=message)
        return RuleRow(rule="", result="pass", message="")
