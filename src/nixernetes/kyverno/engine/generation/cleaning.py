"""CleanupPolicy and ClusterCleanupPolicy: what would be deleted (Kyverno, ``pkg/controllers/cleanup``).

Conditions read the object as ``target``. Who asks is not known, so that ``match`` is about objects alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from nixernetes.errors import InputError
from nixernetes.kyverno.engine.contexts import PolicySurroundings, Request, RuleContext
from nixernetes.kyverno.engine.matching import is_matched
from nixernetes.kyverno.engine.rows import RuleRow
from nixernetes.kyverno.engine.validations import met
from nixernetes.kyverno.engine.values import Values
from nixernetes.objects.fields import mapping_at, objects_at, text_at
from nixernetes.objects.manifest import Json, Manifest

__all__ = ["CompiledCleanupPolicy"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CompiledCleanupPolicy:
    """A policy that deletes on a schedule.

    Attributes:
        name: of the policy.
        namespace: of a ``CleanupPolicy``; ``""`` for a ``ClusterCleanupPolicy``.
        spec: its ``spec``.

    """

    name: str
    namespace: str
    spec: Mapping[str, Json]

    @classmethod
    def compiled(cls, policy: Manifest) -> CompiledCleanupPolicy:
        """Return a policy that may be asked about objects."""
        space = text_at(policy, "metadata", "namespace") or "default"
        return cls(
            name=text_at(policy, "metadata", "name"),
            namespace=space if text_at(policy, "kind") == "CleanupPolicy" else "",
            spec=mapping_at(policy, "spec"),
        )

    def rows(self, request: Request, around: PolicySurroundings, values: Values) -> Iterator[RuleRow]:
        """Yield whether an object would be deleted; nothing where it is not meant."""
        if self.namespace and self.namespace != request.namespace:
            return
        if not is_matched(self.spec, request, around.namespace_labels.get(request.namespace, {})):
            return
        context = RuleContext(request, values.of(self.name, "", text_at(request.manifest, "metadata", "name")), around)
        context.data = {
            **context.data,
            "request": {"namespace": request.namespace},
            "target": request.manifest,
        }
        context.load(list(objects_at(self.spec, "context")))
        yield replace(self._row(context), not_given=tuple(dict.fromkeys(context.not_given)))

    def _row(self, context: RuleContext) -> RuleRow:
        conditions = self.spec.get("conditions")
        try:
            if conditions and not met(conditions, context)[0]:
                return RuleRow(rule=self.name, result="fail", message="resource did not match")
        except InputError as error:
            message = f"failed to check condition: {error.message}"
            return RuleRow(rule=self.name, result="error", message=message)
        return RuleRow(rule=self.name, result="pass", message="resource matched")
