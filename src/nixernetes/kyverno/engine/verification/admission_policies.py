"""ValidatingAdmissionPolicy, Kubernetes' own kind, as Kyverno applies it (``pkg/admissionpolicy/validate.go``)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from nixernetes.errors import InputError
from nixernetes.kyverno.engine.admission.bindings import bindings_of, parameters
from nixernetes.kyverno.engine.admission.expressions import AdmissionExpressions
from nixernetes.kyverno.engine.cel_validations import first_line
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
                yield replace(self._row(request, around, each), rule=name)
        except InputError as error:
            yield RuleRow(rule=name, result="error", message=first_line(error))

    def _row(self, request: Request, around: PolicySurroundings, params: Json) -> RuleRow:
        spec = mapping_at(self.policy, "spec")
        known = {**known_values(request, around), "params": params}
        known |= {name: known[name] or None for name in ("object", "oldObject")}  # to Kubernetes nothing is null
        if request.namespace and known["namespaceObject"] is None:
            known["namespaceObject"] = {"metadata": {"name": request.namespace}}
        expressions = AdmissionExpressions(self.policy, known, has_authorizer=False)
        is_met, broken = expressions.condition(objects_at(spec, "matchConditions"))
        if not is_met or (broken and text_at(spec, "failurePolicy") == "Ignore"):
            return RuleRow(rule="", result="skip", message="match conditions aren't met")
        if broken:
            return RuleRow(rule="", result="error", message=broken)
        for each in expressions.verdicts():
            problem = expressions.problem(each.expression) if each.is_error else ""
            message = f"compilation error: compilation failed: {problem}" if problem else each.message
            return RuleRow(rule="", result="error" if each.is_error else "fail", message=message)
        return RuleRow(rule="", result="pass", message="")
