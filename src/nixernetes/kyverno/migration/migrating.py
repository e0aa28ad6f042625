"""A ClusterPolicy or Policy as policies in CEL: one for each rule, and what does not carry over."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from nixernetes.errors import InputError
from nixernetes.kyverno.engine.admission.kinds import RULED
from nixernetes.kyverno.engine.autogen import AUTOGEN_ANNOTATION, CONTROLLERS, computed_rules
from nixernetes.kyverno.engine.resource_rules import plurals
from nixernetes.kyverno.migration.conditions import conditions_met
from nixernetes.kyverno.migration.contexts import variables_of
from nixernetes.kyverno.migration.generations import generating_spec
from nixernetes.kyverno.migration.matching import Matching, matching_of
from nixernetes.kyverno.migration.mutations import mutating_spec
from nixernetes.kyverno.migration.queries import Queries
from nixernetes.kyverno.migration.samples import adds_in_lists
from nixernetes.kyverno.migration.spelling import NotCarriedError, all_of, any_of, negated
from nixernetes.kyverno.migration.trying import tried
from nixernetes.kyverno.migration.validations import validating_spec
from nixernetes.objects.api_groups import KYVERNO_POLICIES_V1
from nixernetes.objects.fields import at, items_at, mapping_at, objects_at, text_at
from nixernetes.objects.identity import group_kind
from nixernetes.objects.manifest import Json, Manifest

__all__ = ["Carried", "Migration", "NotCarried", "controllers_of", "is_migratable", "migrated", "without_lost"]

_KINDS: Final = {
    "validate": ("ValidatingPolicy", validating_spec),
    "mutate": ("MutatingPolicy", mutating_spec),
    "generate": ("GeneratingPolicy", generating_spec),
}
_LONGEST_NAME: Final = 253
_NEVER_DERIVED: Final = "ReplicationController"  # of policies in CEL
_MADE: Final = ("creationTimestamp", "generation", "managedFields", "resourceVersion", "uid")


@dataclass(frozen=True, slots=True, kw_only=True)
class Carried:
    """A rule that carries over: its name, the policy that says the same, and of how many objects made for it."""

    rule: str
    policy: Manifest
    compared: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class NotCarried:
    """A rule that does not carry over: its name, and why."""

    rule: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Migration:
    """What becomes of a policy.

    Attributes:
        policy: the policy.
        carried: the rules that carry over.
        lost: the rules that do not.
        notes: what is said otherwise than before, though it decides the same.

    """

    policy: Manifest
    carried: tuple[Carried, ...] = ()
    lost: tuple[NotCarried, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def policies(self) -> list[Manifest]:
        """The policies in CEL."""
        return [each.policy for each in self.carried]


def is_migratable(manifest: Manifest) -> bool:
    """Tell whether a manifest is a policy with rules."""
    return group_kind(manifest) in RULED


def migrated(policy: Manifest) -> Migration:
    """Return a policy in CEL for each rule of a policy; what cannot be carried over is told, and never left out."""
    rules = objects_at(policy, "spec", "rules")
    whole = _whole_reason(policy, rules)
    carried, lost = [], []
    for rule in rules:
        name = text_at(rule, "name")
        try:
            if whole:
                raise NotCarriedError(whole)
            made = _migrated(policy, rule, is_only=len(rules) == 1)
            carried.append(Carried(rule=name, policy=made, compared=_agreeing(policy, rule, made)))
        except InputError as error:
            lost.append(NotCarried(rule=name, reason=error.message.partition("\n")[0]))
    return Migration(policy=policy, carried=tuple(carried), lost=tuple(lost), notes=_notes(policy))


def _agreeing(policy: Manifest, rule: Mapping[str, Json], made: Manifest) -> int:
    """Return of how many objects made for a rule the policy in CEL says the same.

    Raises:
        NotCarriedError: it says otherwise of one.

    """
    proof = tried(policy, rule, controllers_of(policy, rule), made)
    if proof.disagreements:
        one = proof.disagreements[0]
        kind = one.object.partition("/")[0]
        raise NotCarriedError(f"CEL would say otherwise of a {kind}: the rule {one.before}; the policy {one.after}")
    return proof.compared


def _whole_reason(policy: Manifest, rules: list[dict[str, Json]]) -> str:
    spec = mapping_at(policy, "spec")
    if text_at(spec, "applyRules") == "One" and len(rules) > 1:
        return "applyRules One: policies in CEL do not know of each other"
    if objects_at(spec, "validationFailureActionOverrides"):
        return "validationFailureActionOverrides: a policy in CEL has the same actions in all namespaces"
    return ""


def _notes(policy: Manifest) -> tuple[str, ...]:
    found = []
    if any(_NEVER_DERIVED in _derived(policy, rule) for rule in objects_at(policy, "spec", "rules")):
        found.append(f"{_NEVER_DERIVED}s are no longer meant: nothing is derived for them from a policy in CEL")
    if any(map(adds_in_lists, objects_at(policy, "spec", "rules"))):
        words = "Kyverno's rules decide it for the first and keep to that"
        found.append(f"+(key) in a list is decided for each element of it: {words}")
    if any("pattern" in mapping_at(rule, "validate") for rule in objects_at(policy, "spec", "rules")):
        found.append("messages no longer name the path that fails")
    return tuple(found)


def _migrated(policy: Manifest, rule: Mapping[str, Json], *, is_only: bool) -> Manifest:
    part = next((each for each in _KINDS if each in rule), "")
    if not part:
        what = next((each for each in ("verifyImages",) if each in rule), "nothing")
        raise NotCarriedError(f"a rule that does {what}")
    if objects_at(rule, "validate", "failureActionOverrides"):
        raise NotCarriedError("failureActionOverrides: a policy in CEL has the same actions in all namespaces")
    matching = matching_of(rule)
    controllers = _derived(policy, rule)
    is_namespaced = text_at(policy, "kind") == "Policy"
    space = (text_at(policy, "metadata", "namespace") or "default") if is_namespaced else ""
    bare = Queries(
        has_spec=matching.is_pods,
        namespace=space,
        is_derived=bool(controllers),
        is_deletion=matching.is_deletion,
    )
    variables, names = variables_of(objects_at(rule, "context"), bare)
    queries = bare.with_names(names)
    kind, write = _KINDS[part]
    written = write(rule, queries)
    spec: dict[str, Json] = {**_settings(policy, rule, part), "matchConstraints": dict(matching.constraints)}
    conditions = _conditions(rule, matching, queries)
    evaluation = {**mapping_at(spec, "evaluation"), **mapping_at(written, "evaluation")}
    if matching.is_pods and part != "generate":
        _derive(spec, controllers, part)
    spec |= {key: value for key, value in written.items() if key not in ("evaluation", "matchConditions", "variables")}
    if evaluation:
        spec["evaluation"] = evaluation
    early = [*conditions, *objects_at(written, "matchConditions")]
    all_variables = [*variables, *objects_at(written, "variables")]
    if part != "mutate":
        late = [text_at(each, "expression") for each in early if "variables." in text_at(each, "expression")]
        if late and part == "generate":
            raise NotCarriedError("a precondition that reads the context: conditions are asked before variables exist")
        early = [each for each in early if text_at(each, "expression") not in late]
        if late:
            spec["validations"] = [
                {**each, "expression": any_of([negated(all_of(late)), text_at(each, "expression")])}
                for each in objects_at(spec, "validations")
            ]
    if early:
        spec["matchConditions"] = early
    if all_variables:
        spec["variables"] = all_variables
    return {
        "apiVersion": KYVERNO_POLICIES_V1,
        "kind": f"Namespaced{kind}" if is_namespaced else kind,
        "metadata": _metadata(policy, rule, is_only=is_only),
        "spec": spec,
    }


def _metadata(policy: Manifest, rule: Mapping[str, Json], *, is_only: bool) -> dict[str, Json]:
    meta = {key: value for key, value in mapping_at(policy, "metadata").items() if key not in _MADE}
    if not is_only:
        meta["name"] = f"{text_at(meta, 'name')}-{text_at(rule, 'name')}".lower()[:_LONGEST_NAME]
    annotations = {key: value for key, value in mapping_at(meta, "annotations").items() if key != AUTOGEN_ANNOTATION}
    meta.pop("annotations", None)
    return {**meta, "annotations": annotations} if annotations else meta


def without_lost(found: Migration) -> Manifest:
    """Return the policy of a migration with the rules that carry over alone."""
    kept = {each.rule for each in found.carried}
    rules = [each for each in objects_at(found.policy, "spec", "rules") if text_at(each, "name") in kept]
    return {**found.policy, "spec": {**mapping_at(found.policy, "spec"), "rules": rules}}


def _settings(policy: Manifest, rule: Mapping[str, Json], part: str) -> dict[str, Json]:
    """Return when a policy is asked, and what becomes of what it refuses."""
    spec = mapping_at(policy, "spec")
    found: dict[str, Json] = {}
    if part == "validate":
        words = (
            text_at(rule, "validate", "failureAction"),
            text_at(rule, "validate", "validationFailureAction"),
            text_at(spec, "validationFailureAction"),
        )
        enforced = next(filter(None, words), "Audit").lower() == "enforce"
        actions = ["Deny"] if enforced else ["Audit"]
        if not enforced and (at(spec, "emitWarning") is True or at(rule, "validate", "emitWarning") is True):
            actions.append("Warn")
        found["validationActions"] = actions
    evaluation = {}
    for old, new in (("admission", "admission"), ("background", "background")):
        if at(spec, old) is False:
            evaluation[new] = {"enabled": False}
    if evaluation and part == "validate":
        found["evaluation"] = evaluation
    elif evaluation and "admission" in evaluation:
        found["evaluation"] = {"admission": evaluation["admission"]}
    hook = mapping_at(spec, "webhookConfiguration")
    failure = text_at(hook, "failurePolicy") or text_at(spec, "failurePolicy")
    if failure and part != "generate":
        found["failurePolicy"] = failure
    timeout = hook.get("timeoutSeconds") or spec.get("webhookTimeoutSeconds")
    if timeout:
        found["webhookConfiguration"] = {"timeoutSeconds": timeout}
    if items_at(hook, "matchConditions"):
        raise NotCarriedError("webhookConfiguration.matchConditions")
    return found


def _conditions(rule: Mapping[str, Json], matching: Matching, queries: Queries) -> list[dict[str, Json]]:
    found = [{"name": name, "expression": expression} for name, expression in matching.conditions]
    if rule.get("preconditions"):
        met = conditions_met(rule["preconditions"], queries)
        if met != "true":
            found.append({"name": "preconditions", "expression": met})
    return found


def _derived(policy: Manifest, rule: Mapping[str, Json]) -> list[str]:
    """Return the controllers of pods that a rule is derived for."""
    name = text_at(rule, "name")
    wanted = {f"autogen-{name}"[:63], f"autogen-cronjob-{name}"[:63]}
    made = [each for each in computed_rules(policy) if text_at(each, "name") in wanted]
    kinds = {
        str(kind).rpartition("/")[2]
        for each in made
        for block in (mapping_at(each, "match"), *objects_at(each, "match", "any"), *objects_at(each, "match", "all"))
        for kind in items_at(block, "resources", "kinds")
    }
    return [kind for kind in CONTROLLERS if kind in kinds]


def controllers_of(policy: Manifest, rule: Mapping[str, Json]) -> list[str]:
    """Return the controllers of pods that a rule and a policy in CEL are both derived for."""
    return [each for each in _derived(policy, rule) if each != _NEVER_DERIVED]


def _derive(spec: dict[str, Json], controllers: list[str], part: str) -> None:
    """Say for which controllers of pods a policy is derived, unless it is for all."""
    known = [kind for kind in CONTROLLERS if kind != _NEVER_DERIVED]
    named = [kind for kind in controllers if kind != _NEVER_DERIVED]
    if named == known:
        return
    spec["autogen"] = {"podControllers": {"controllers": [plurals(kind)[0] for kind in named]}}
    if part == "mutate" and not named:
        spec["autogen"] = {"podControllers": {"controllers": []}}
