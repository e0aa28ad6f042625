"""MutatingPolicy and NamespacedMutatingPolicy (Kyverno, ``pkg/cel/policies/mpol``)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from nixernetes.errors import InputError
from nixernetes.kyverno.engine.cel_validations import Expressions, first_line
from nixernetes.kyverno.engine.contexts import PolicySurroundings, Request
from nixernetes.kyverno.engine.mutation.derived import derived_specs
from nixernetes.kyverno.engine.mutation.existing import meant_targets
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
            exceptions=naming(exceptions, name, text_at(policy, "kind")),
        )

    def rows(self, request: Request, around: PolicySurroundings) -> Iterator[RuleRow]:
        """Yield what the policy makes of an object, and of the targets that it means."""
        if self.namespace and self.namespace != request.namespace:
            return
        for spec in self.specs:
            if admits(mapping_at(spec, "matchConstraints"), request, around.namespace_labels):
                yield from _Admitting(self, spec, request, around).rows()


class _Admitting:
    """One spec of a policy, asked about one object."""

    def __init__(
        self, policy: CompiledMutatingPolicy, spec: Mapping[str, Json], request: Request, around: PolicySurroundings
    ) -> None:
        known = known_values(request, around)
        whole = {"object": known["object"], "oldObject": known["oldObject"]}
        self._known: dict[str, Json] = {**known, "request": {**known["request"], **whole}}
        self._policy = policy
        self._spec = spec
        self._request = request
        self._around = around
        self._asked: list[Expressions] = []

    def rows(self) -> Iterator[RuleRow]:
        """Yield the row of the object, then those of its targets."""
        rows = list(self._answers())
        missing = tuple(dict.fromkeys(name for each in self._asked for name in each.not_given))
        yield from (replace(row, not_given=missing) if missing else row for row in rows)

    def _answers(self) -> Iterator[RuleRow]:
        early = self._early(self._expressions(self._known))
        if early is not None:
            yield early
            return
        yield self._changed(self._request.manifest)
        if not flag_at(self._spec, "evaluation", "mutateExisting", "enabled"):
            return
        try:
            found = list(meant_targets(self._spec, self._seeing, self._request, self._around))
        except InputError as error:
            yield _failed(error)
            return
        for row in map(self._changed, found):
            yield replace(row, patched=None, patched_target=row.patched)

    def _expressions(self, known: dict[str, Json]) -> Expressions:
        made = Expressions(
            known,
            objects_at(self._spec, "variables"),
            is_kyverno=True,
            answers=self._around.answers,
            namespace=self._policy.namespace,
            is_mutating=True,
        )
        self._asked.append(made)
        return made

    def _seeing(self, manifest: Manifest) -> Expressions:
        return self._expressions({**self._known, "object": manifest})

    def _early(self, expressions: Expressions) -> RuleRow | None:
        try:
            excepted = exempted(self._policy.exceptions, self._known, expressions)
            if excepted is not None:
                return replace(excepted, patched=self._request.manifest)
            if not expressions.all_hold(objects_at(self._spec, "matchConditions")):
                return RuleRow(rule="", result="skip", message="skip")
        except InputError as error:
            return _failed(error)
        return None

    def _changed(self, manifest: Manifest) -> RuleRow:
        try:
            changed = stepped(
                objects_at(self._spec, "mutations"),
                manifest,
                self._seeing,
                self._around.definitions,
                may_replace=flag_at(self._spec, "evaluation", "useServerSideApply"),
            )
            noted = self._seeing(changed).annotations(objects_at(self._spec, "auditAnnotations"))
        except InputError as error:
            return _failed(error)
        return RuleRow(rule="", result="pass", message="success", patched=changed, properties=noted)


def _failed(error: InputError) -> RuleRow:
    return RuleRow(rule="evaluation", result="error", message=f"failed to evaluate policy: {first_line(error)}")
