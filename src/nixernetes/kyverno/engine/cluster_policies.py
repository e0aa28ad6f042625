"""ClusterPolicy and Policy: match, context, preconditions, exceptions, then the rule (Kyverno, ``engine.go``)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from nixernetes.errors import InputError
from nixernetes.kyverno.engine.autogen import CONTROLLERS, computed_rules
from nixernetes.kyverno.engine.contexts import PolicySurroundings, Request, RuleContext
from nixernetes.kyverno.engine.generation.rules import generated
from nixernetes.kyverno.engine.matching import is_matched
from nixernetes.kyverno.engine.mutation.rules import mutations
from nixernetes.kyverno.engine.pod_security import judged_pod
from nixernetes.kyverno.engine.rows import RuleRow, not_evaluated
from nixernetes.kyverno.engine.validations import judged, met
from nixernetes.kyverno.engine.values import Values
from nixernetes.kyverno.engine.verification.image_rules import verified
from nixernetes.kyverno.engine.wildcards import any_matches
from nixernetes.objects.fields import items_at, mapping_at, objects_at, text_at
from nixernetes.objects.manifest import Json, Manifest

__all__ = ["CompiledClusterPolicy"]

_PRE_EXISTING: Final = "skipping the rule evaluation as pre-existing violations are allowed"
_PARTS: Final = ("validate", "mutate", "generate", "verifyImages")


@dataclass(frozen=True, slots=True, kw_only=True)
class CompiledClusterPolicy:
    """A policy with its rules, those derived for controllers included.

    Attributes:
        name: of the policy.
        namespace: of a ``Policy``; ``""`` for a ``ClusterPolicy``.
        rules: what it says.
        narrowed: the rules that validate objects of each kind that makes pods; those of all others are under ``""``.
        exceptions: PolicyExceptions of ``kyverno.io``.
        action: what becomes of objects that do not keep it (``validationFailureAction``), where a rule does not say.
        is_first_only: whether the first rule that applies is the last one (``applyRules: One``).

    """

    name: str
    namespace: str
    rules: Sequence[dict[str, Json]]
    narrowed: Mapping[str, Sequence[dict[str, Json]]]
    exceptions: Sequence[Manifest] = ()
    is_first_only: bool = False
    action: str = ""

    @classmethod
    def compiled(cls, policy: Manifest, exceptions: Sequence[Manifest]) -> CompiledClusterPolicy:
        """Return a policy that may be asked about objects."""
        space = text_at(policy, "metadata", "namespace") or "default"
        return cls(
            name=text_at(policy, "metadata", "name"),
            namespace=space if text_at(policy, "kind") == "Policy" else "",
            rules=computed_rules(policy),
            narrowed={kind: computed_rules(policy, kind or "Pod") for kind in ("", *CONTROLLERS)},
            exceptions=[each for each in exceptions if text_at(each, "apiVersion").startswith("kyverno.io/")],
            action=text_at(policy, "spec", "validationFailureAction"),
            is_first_only=text_at(policy, "spec", "applyRules") == "One",
        )

    def parts(self) -> frozenset[str]:
        """Return what its rules do: ``mutate``, ``validate``, ``generate``, ``verifyImages``."""
        return frozenset(map(_part, self.rules))

    def _rules(self, part: str, request: Request) -> Sequence[dict[str, Json]]:
        if part != "validate":
            return self.rules
        kind = text_at(request.manifest, "kind")
        return self.narrowed[kind if kind in self.narrowed else ""]

    def rows(self, part: str, request: Request, around: PolicySurroundings, values: Values) -> Iterator[RuleRow]:
        """Yield what the rules that do one thing say of an object; each rule sees what those before it changed."""
        if self.namespace and self.namespace != request.namespace:
            return
        labels = around.namespace_labels.get(request.namespace, {})
        for rule in self._rules(part, request):
            if _part(rule) != part:
                continue
            if part == "generate":
                passed = self._passed(rule, request, around)
                if passed is not None:
                    yield passed
                    continue
            if not is_matched(rule, request, labels):
                continue
            given = values.of(self.name, text_at(rule, "name"), text_at(request.manifest, "metadata", "name"))
            context = RuleContext(request, given, around, self.namespace)
            context.load(list(objects_at(rule, "context")))
            early = self._early(rule, request, around, context)
            rows = [early] if early is not None else list(_handled(self.name, rule, request, context, around))
            if part == "validate" and request.old is not None and any(row.result == "fail" for row in rows):
                rows = [self._allowed(row, rule, request, around, given) for row in rows]
            missing = tuple(dict.fromkeys(context.not_given))
            yield from (replace(row, not_given=missing) if missing else row for row in rows)
            request = _changed(request, rows)
            if self.is_first_only and any(row.result not in ("skip", "error") for row in rows):
                return
            if early is None and part == "mutate" and any(row.result == "error" for row in rows):
                return  # Kyverno goes on with an empty object, which no other rule of the policy matches

    def _passed(self, rule: dict[str, Json], request: Request, around: PolicySurroundings) -> RuleRow | None:
        """Return the row of a rule that generates and is excepted: it is asked before ``match`` (``background.go``)."""
        name = text_at(rule, "name")
        context = RuleContext(request, {}, around, self.namespace)
        excepting = [each for each in self.exceptions if self._excepts(each, name, request, around, context)]
        if not excepting:
            return None
        message = f"rule is skipped due to policy exception {', '.join(map(_key, excepting))}"
        return RuleRow(rule=name, result="skip", message=message)

    def _allowed(
        self,
        row: RuleRow,
        rule: dict[str, Json],
        request: Request,
        around: PolicySurroundings,
        given: Mapping[str, Json],
    ) -> RuleRow:
        """Return a failure of an update as passed over, where what was there before fails as well.

        So it is of rules that are enforced, unless ``allowExistingViolations`` is false (``validateOldObject``).
        """
        validate = mapping_at(rule, "validate")
        action = text_at(validate, "failureAction") or self.action
        allows = validate.get("allowExistingViolations") is not False and "cel" not in validate
        if request.old is None or request.operation != "UPDATE" or action.lower() != "enforce" or not allows:
            return row
        before = replace(request, manifest=request.old, old=None, operation="CREATE")
        if not is_matched(rule, before, around.namespace_labels.get(request.namespace, {})):
            return row
        context = RuleContext(before, given, around, self.namespace)
        context.load(list(objects_at(rule, "context")))
        early = self._early(rule, before, around, context)
        earlier = [early] if early is not None else _handled(self.name, rule, before, context, around)
        if any(each.result == "fail" for each in earlier):
            return replace(row, result="skip", message=_PRE_EXISTING)
        return row

    def _early(
        self, rule: dict[str, Json], request: Request, around: PolicySurroundings, context: RuleContext
    ) -> RuleRow | None:
        """Return the row of a rule that is not applied: its preconditions are not met, or it is excepted."""
        name = text_at(rule, "name")
        try:
            if rule.get("preconditions"):
                is_met, message = met(rule["preconditions"], context)
                if not is_met:
                    said = f"preconditions not met; {message}" if message else "preconditions not met"
                    said = "" if "generate" in rule else said
                    return RuleRow(rule=name, result="skip", message=said)
        except InputError as error:
            what = "conditions" if "generate" in rule else "preconditions"
            return RuleRow(rule=name, result="error", message=f"failed to evaluate {what}: {error.message}")
        excepting = [each for each in self.exceptions if self._excepts(each, name, request, around, context)]
        if mapping_at(rule, "validate", "podSecurity"):
            return _pod_security(rule, request, excepting)
        if not excepting:
            return None
        message = f"rule is skipped due to policy exceptions{', '.join(map(_key, excepting))}"
        return RuleRow(rule=name, result="skip", message=message)

    def _excepts(
        self, exception: Manifest, rule: str, request: Request, around: PolicySurroundings, context: RuleContext
    ) -> bool:
        spec = mapping_at(exception, "spec")
        own = f"{self.namespace}/{self.name}" if self.namespace else self.name
        if not any(
            text_at(each, "policyName") == own and any_matches(map(str, items_at(each, "ruleNames")), rule)
            for each in objects_at(spec, "exceptions")
        ):
            return False
        if not is_matched(spec, request, _labels(around, request), needs_user=True):
            return False
        try:
            return not spec.get("conditions") or met(spec["conditions"], context)[0]
        except InputError:
            return False


def _handled(
    policy: str, rule: dict[str, Json], request: Request, context: RuleContext, around: PolicySurroundings
) -> Iterator[RuleRow]:
    """Yield what a rule says that matches, is met and not excepted."""
    if mapping_at(rule, "validate", "podSecurity"):
        return  # what is deleted is not asked what it may do
    if "validate" in rule:
        space = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": request.namespace}}
        row = judged(rule, request, context, space if request.namespace else None)
        if row is not None:
            yield row
    elif "mutate" in rule:
        yield from mutations(rule, request, context, around)
    elif "generate" in rule and request.operation != "DELETE":
        yield generated(rule, policy, request, context, around)
    elif "verifyImages" in rule:
        yield from verified(rule, policy, request, context)
    elif "generate" not in rule:
        yield not_evaluated(text_at(rule, "name"), f"rules of type {_part(rule)}")


def _changed(request: Request, rows: Sequence[RuleRow]) -> Request:
    found = [row.patched for row in rows if row.patched is not None]
    return replace(request, manifest=found[-1]) if found else request


def _part(rule: Mapping[str, Json]) -> str:
    return next((each for each in _PARTS if each in rule), "unknown")


def _labels(around: PolicySurroundings, request: Request) -> Mapping[str, str]:
    return around.namespace_labels.get(request.namespace, {})


def _pod_security(rule: dict[str, Json], request: Request, excepting: Sequence[Manifest]) -> RuleRow | None:
    whole = [each for each in excepting if not objects_at(each, "spec", "podSecurity")]
    if request.operation == "DELETE":
        return None
    if whole:
        message = f"rule is skipped due to policy exception {_key(whole[0])}"
        return RuleRow(rule=text_at(rule, "name"), result="skip", message=message)
    return judged_pod(
        rule, request.manifest, [(_key(each), objects_at(each, "spec", "podSecurity")) for each in excepting]
    )


def _key(exception: Manifest) -> str:
    space, name = text_at(exception, "metadata", "namespace"), text_at(exception, "metadata", "name")
    return f"{space}/{name}" if space else name
