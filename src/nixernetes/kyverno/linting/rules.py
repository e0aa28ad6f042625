"""What Kyverno refuses of a ClusterPolicy or a Policy (``pkg/validation/policy/validate.go``, ``background.go``)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from nixernetes.kyverno.linting.conditions import refused_conditions
from nixernetes.kyverno.linting.contexts import refused_contexts
from nixernetes.kyverno.linting.matches import filters_of, refused_matches
from nixernetes.kyverno.linting.patterns import refused_patterns
from nixernetes.kyverno.linting.problems import FieldPath, PolicyProblem, texts_in
from nixernetes.kyverno.linting.variables import refused_variables
from nixernetes.objects.fields import at, items_at, mapping_at, objects_at, text_at
from nixernetes.objects.manifest import Json, Manifest

__all__ = ["refused_rules"]

_ACTIONS: Final = ("validate", "mutate", "generate", "verifyImages")
_CHECKS: Final = ("deny", "pattern", "anyPattern", "foreach", "podSecurity", "cel", "manifests", "assert")
_FAILURE_ACTIONS: Final = ("Audit", "Enforce", "audit", "enforce")
_LONGEST_NAME: Final = 63
_LONGEST_WAIT: Final = 30  # seconds; the API server allows no more
_VARIABLE: Final = re.compile(r"\{\{[^{}]*\}\}")
_OF_USERS: Final = re.compile(
    r"[^.](serviceAccountName|serviceAccountNamespace|request\.userInfo|request\.roles|request\.clusterRoles)\b"
)
_TARGET: Final = re.compile(r"\{\{\s*target\b")


def refused_rules(policy: Manifest) -> Iterator[PolicyProblem]:
    """Yield what is refused, but for what is generated."""
    spec = mapping_at(policy, "spec")
    rules = objects_at(spec, "rules")
    if text_at(policy, "kind") == "ClusterPolicy" and text_at(policy, "metadata", "namespace"):
        yield PolicyProblem(
            path=("metadata", "namespace"), message="a ClusterPolicy is in no namespace: remove it, or write a Policy"
        )
    if not rules:
        yield PolicyProblem(path=("spec", "rules"), message="a policy has at least one rule")
    yield from _modes(spec, rules)
    yield from _waits(spec)
    yield from _actions(spec)
    names: set[str] = set()
    for index, rule in enumerate(rules):
        where = ("spec", "rules", index)
        name = text_at(rule, "name")
        if not name or len(name) > _LONGEST_NAME:
            yield PolicyProblem(path=(*where, "name"), message=f"a rule has a name of 1 to {_LONGEST_NAME} characters")
        elif name in names:
            yield PolicyProblem(
                path=(*where, "name"), message=f"the name {name!r} is given twice: each rule has its own"
            )
        names.add(name)
        yield from _rule(rule, where, spec)
        yield from refused_matches(rule, where, is_namespaced=text_at(policy, "kind") == "Policy")
        yield from refused_conditions(rule, where)
        yield from refused_contexts(rule, where)
        yield from refused_patterns(rule, where)
        yield from refused_variables(rule, where, is_background=at(spec, "background") is not False)


def _modes(spec: Mapping[str, Json], rules: list[dict[str, Json]]) -> Iterator[PolicyProblem]:
    if at(spec, "admission") is not False:
        return
    if at(spec, "background") is False:
        yield PolicyProblem(
            path=("spec", "admission"), message="disabling both admission and background processing is not allowed"
        )
    elif any("validate" not in rule for rule in rules):
        message = "disabling admission processing is only allowed with validation policies"
        yield PolicyProblem(path=("spec", "admission"), message=message)


def _waits(spec: Mapping[str, Json]) -> Iterator[PolicyProblem]:
    for path in (("webhookTimeoutSeconds",), ("webhookConfiguration", "timeoutSeconds")):
        wait = at(spec, *path)
        if isinstance(wait, int) and not 1 <= wait <= _LONGEST_WAIT:
            message = f"{wait}: the timeout value must be between 1 and {_LONGEST_WAIT} seconds"
            yield PolicyProblem(path=("spec", *path), message=message)


def _actions(spec: Mapping[str, Json]) -> Iterator[PolicyProblem]:
    places: list[FieldPath] = [("validationFailureAction",)]
    places += [("rules", index, "validate", "failureAction") for index in range(len(items_at(spec, "rules")))]
    for path in places:
        found: Json = spec
        for step in path:
            found = at(found, step) if isinstance(step, str) else items_at(found)[step]
        if found is not None and found not in _FAILURE_ACTIONS:
            yield PolicyProblem(path=("spec", *path), message=f"{found!r} is not one of Audit, Enforce")


def _rule(rule: Mapping[str, Json], where: FieldPath, spec: Mapping[str, Json]) -> Iterator[PolicyProblem]:
    given = [each for each in _ACTIONS if each in rule]
    if len(given) != 1:
        told = " and ".join(given) or "nothing"
        yield PolicyProblem(path=where, message=f"a rule does one of {', '.join(_ACTIONS)}; this one does {told}")
    validate = mapping_at(dict(rule), "validate")
    checks = [each for each in _CHECKS if at(validate, each) not in (None, [])]
    if "validate" in rule and len(checks) != 1:
        told = " and ".join(checks) or "nothing"
        message = f"validate has one of {', '.join(_CHECKS)}; this one has {told}"
        yield PolicyProblem(path=(*where, "validate"), message=message)
    if at(dict(rule), "imageExtractors") is not None and "verifyImages" not in rule:
        message = "imageExtractors can only be defined for rules of verifyImages"
        yield PolicyProblem(path=(*where, "imageExtractors"), message=message)
    if "match" not in rule or not mapping_at(dict(rule), "match"):
        yield PolicyProblem(path=(*where, "match"), message="a rule says what it matches: match cannot be empty")
    yield from _matches(rule, where, is_background=at(spec, "background") is not False)
    yield from _mutation(mapping_at(dict(rule), "mutate"), (*where, "mutate"), spec)


def _matches(rule: Mapping[str, Json], where: FieldPath, *, is_background: bool) -> Iterator[PolicyProblem]:
    for path, entry in filters_of(dict(rule), where):
        for name in ("roles", "clusterRoles", "subjects"):
            if is_background and items_at(entry, name):
                message = "who asks is not known in background mode: set spec.background to false"
                yield PolicyProblem(path=(*path, name), message=message)
        kinds = items_at(entry, "resources", "kinds")
        if "*" in kinds and path[len(where)] == "match":
            yield from _wildcard(rule, (*path, "resources", "kinds"), len(kinds), is_background=is_background)
    if is_background and not items_at(dict(rule), "mutate", "targets"):
        for path, text in texts_in(dict(rule), where):
            for found in _VARIABLE.findall(text):
                if _OF_USERS.search(found):
                    message = f"the variable {found} is not known in background mode: set spec.background to false"
                    yield PolicyProblem(path=path, message=message)


def _wildcard(rule: Mapping[str, Json], path: FieldPath, count: int, *, is_background: bool) -> Iterator[PolicyProblem]:
    if is_background:
        message = "a wildcard policy is not allowed in background mode: set spec.background to false"
        yield PolicyProblem(path=path, message=message)
    elif count > 1:
        yield PolicyProblem(path=path, message="a wildcard policy can not deal with more than one kind")
    elif "generate" in rule or "verifyImages" in rule or at(dict(rule), "validate", "foreach") is not None:
        yield PolicyProblem(path=path, message="wildcard policy does not support rule type")


def _mutation(mutate: dict[str, Json], where: FieldPath, spec: Mapping[str, Json]) -> Iterator[PolicyProblem]:
    asks = [("spec", "mutateExistingOnPolicyUpdate")] if at(spec, "mutateExistingOnPolicyUpdate") is True else []
    if mutate and (asks or at(mutate, "mutateExistingOnPolicyUpdate") is True) and not items_at(mutate, "targets"):
        message = "mutate.targets has to be specified when mutateExistingOnPolicyUpdate is set"
        yield PolicyProblem(path=where, message=message)
    for index, target in enumerate(objects_at(mutate, "targets")):
        wanted = {name: target[name] for name in ("apiVersion", "kind", "name", "namespace") if name in target}
        for path, text in texts_in(wanted, (*where, "targets", index)):
            if _TARGET.search(text):
                message = "a target cannot be found by what it is itself: only variables of the request are known here"
                yield PolicyProblem(path=path, message=message)
