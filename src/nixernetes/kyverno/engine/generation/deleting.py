"""DeletingPolicy and NamespacedDeletingPolicy: what would be deleted (Kyverno, ``pkg/cel/policies/dpol``)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from nixernetes.errors import InputError
from nixernetes.kyverno.engine.cel_validations import Expressions, first_line
from nixernetes.kyverno.engine.contexts import PolicySurroundings, Request
from nixernetes.kyverno.engine.resource_rules import admits
from nixernetes.kyverno.engine.rows import RuleRow
from nixernetes.kyverno.engine.validating_policies import known_values, naming
from nixernetes.objects.fields import mapping_at, objects_at, text_at
from nixernetes.objects.manifest import Json, Manifest

__all__ = ["CompiledDeletingPolicy"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CompiledDeletingPolicy:
    """A policy that deletes on a schedule.

    Attributes:
        name: of the policy.
        namespace: of the namespaced kind; ``""`` for the other.
        spec: its ``spec``.
        exceptions: PolicyExceptions of ``policies.kyverno.io`` that name it: what they mean is not deleted.

    """

    name: str
    namespace: str
    spec: Mapping[str, Json]
    exceptions: Sequence[Manifest] = ()

    @classmethod
    def compiled(cls, policy: Manifest, exceptions: Sequence[Manifest] = ()) -> CompiledDeletingPolicy:
        """Return a policy that may be asked about objects."""
        space = text_at(policy, "metadata", "namespace") or "default"
        return cls(
            name=text_at(policy, "metadata", "name"),
            namespace=space if text_at(policy, "kind").startswith("Namespaced") else "",
            spec=mapping_at(policy, "spec"),
            exceptions=naming(exceptions, text_at(policy, "metadata", "name"), text_at(policy, "kind")),
        )

    def rows(self, request: Request, around: PolicySurroundings) -> Iterator[RuleRow]:
        """Yield whether an object would be deleted; nothing where it is not meant."""
        if self.namespace and self.namespace != request.namespace:
            return
        constraints: dict[str, Json] = {**mapping_at(self.spec, "matchConstraints")}
        if "resourceRules" in constraints:  # what is done with the object does not matter, but for what is left out
            rules = objects_at(constraints, "resourceRules")
            constraints["resourceRules"] = [{**each, "operations": ["*"]} for each in rules]
        if not admits(constraints, replace(request, operation="CREATE"), around.namespace_labels, sees_old=False):
            return
        known = {**known_values(request, around), "object": request.manifest}
        expressions = Expressions(
            known,
            objects_at(self.spec, "variables"),
            is_kyverno=True,
            answers=around.answers,
            namespace=self.namespace,
            is_generating=True,
        )
        yield replace(self._row(expressions), not_given=expressions.not_given)

    def _row(self, expressions: Expressions) -> RuleRow:
        try:
            excepting = (objects_at(each, "spec", "matchConditions") for each in self.exceptions)
            if any(map(expressions.all_hold, excepting)) or not expressions.all_hold(
                objects_at(self.spec, "conditions"), sees_variables=True
            ):
                return RuleRow(rule=self.name, result="fail", message="resource did not match")
        except InputError as error:
            return RuleRow(rule=self.name, result="error", message=first_line(error))
        return RuleRow(rule=self.name, result="pass", message="resource matched")
