"""ClusterPolicy and Policy: match, context, preconditions, exceptions, then the rule (Kyverno, ``engine.go``)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from nixernetes.errors import InputError
from nixernetes.kyverno.engine.autogen import computed_rules
from nixernetes.kyverno.engine.contexts import PolicySurroundings, Request, RuleContext
from nixernetes.kyverno.engine.matching import is_matched
from nixernetes.kyverno.engine.rows import RuleRow, not_evaluated
from nixernetes.kyverno.engine.validations import judged, met
from nixernetes.kyverno.engine.values import Values
from nixernetes.kyverno.engine.wildcards import any_matches, matches
from nixernetes.objects.fields import items_at, mapping_at, objects_at, text_at
from nixernetes.objects.manifest import Json, Manifest

__all__ = ["CompiledClusterPolicy"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CompiledClusterPolicy:
    """A policy with its rules, those derived for controllers included.

    Attributes:
        name: of the policy.
        namespace: of a ``Policy``; ``""`` for a ``ClusterPolicy``.
        rules: what it says.
        exceptions: PolicyExceptions of ``kyverno.io``.
        is_first_only: whether the first rule that applies is the last one (``applyRules: One``).

    """

    name: str
    namespace: str
    rules: Sequence[dict[str, Json]]
    exceptions: Sequence[Manifest] = ()
    is_first_only: bool = False

    @classmethod
    def compiled(cls, policy: Manifest, exceptions: Sequence[Manifest]) -> CompiledClusterPolicy:
        """Return a policy that may be asked about objects."""
        space = text_at(policy, "metadata", "namespace") or "default"
        return cls(
            name=text_at(policy, "metadata", "name"),
            namespace=space if text_at(policy, "kind") == "Policy" else "",
            rules=computed_rules(policy),
            exceptions=[each for each in exceptions if text_at(each, "apiVersion").startswith("kyverno.io/")],
            is_first_only=text_at(policy, "spec", "applyRules") == "One",
        )

    def rows(self, request: Request, around: PolicySurroundings, values: Values) -> Iterator[RuleRow]:
        """Yield what the rules say of an object."""
        if self.namespace and self.namespace != request.namespace:
            return
        labels = around.namespace_labels.get(request.namespace, {})
        for rule in self.rules:
            if not is_matched(rule, request, labels):
                continue
            row = self._row(rule, request, around, values)
            if row is not None:
                yield row
                if self.is_first_only and row.result not in ("skip", "error"):
                    return

    def _row(
        self, rule: dict[str, Json], request: Request, around: PolicySurroundings, values: Values
    ) -> RuleRow | None:
        name = text_at(rule, "name")
        given = values.of(self.name, name, text_at(request.manifest, "metadata", "name"))
        context = RuleContext(request, given, around)
        context.load(list(objects_at(rule, "context")))
        try:
            if rule.get("preconditions"):
                is_met, message = met(rule["preconditions"], context)
                if not is_met:
                    said = f"preconditions not met; {message}" if message else "preconditions not met"
                    return RuleRow(rule=name, result="skip", message=said)
        except InputError as error:
            return RuleRow(rule=name, result="error", message=f"failed to evaluate preconditions: {error.message}")
        excepting = [_key(each) for each in self.exceptions if self._excepts(each, name, request, around, context)]
        if excepting:
            message = f"rule is skipped due to policy exceptions{', '.join(excepting)}"
            return RuleRow(rule=name, result="skip", message=message)
        if "validate" not in rule:
            kinds = [each for each in ("mutate", "generate", "verifyImages") if each in rule]
            return not_evaluated(name, f"rules of type {kinds[0] if kinds else 'unknown'}")
        space = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": request.namespace}}
        return judged(rule, request, context, space if request.namespace else None)

    def _excepts(
        self, exception: Manifest, rule: str, request: Request, around: PolicySurroundings, context: RuleContext
    ) -> bool:
        spec = mapping_at(exception, "spec")
        own = f"{self.namespace}/{self.name}" if self.namespace else self.name
        if not any(
            matches(text_at(each, "policyName"), own) and any_matches(map(str, items_at(each, "ruleNames")), rule)
            for each in objects_at(spec, "exceptions")
        ):
            return False
        if "podSecurity" in spec or not is_matched(spec, request, _labels(around, request)):
            return False
        try:
            return not spec.get("conditions") or met(spec["conditions"], context)[0]
        except InputError:
            return False


def _labels(around: PolicySurroundings, request: Request) -> Mapping[str, str]:
    return around.namespace_labels.get(request.namespace, {})


def _key(exception: Manifest) -> str:
    space, name = text_at(exception, "metadata", "namespace"), text_at(exception, "metadata", "name")
    return f"{space}/{name}" if space else name
