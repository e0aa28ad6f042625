"""Policies and rules that Kyverno takes and that say nothing of any object."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from nixernetes.kyverno.linting.problems import FieldPath, PolicyProblem
from nixernetes.objects.fields import at, items_at, mapping_at, objects_at, text_at
from nixernetes.objects.manifest import Json, Manifest

__all__ = ["says_nothing"]

_RULED: Final = ("ClusterPolicy", "Policy")
_CONSTRAINED: Final = ("ValidatingPolicy", "MutatingPolicy", "GeneratingPolicy", "DeletingPolicy")


def says_nothing(policy: Manifest) -> Iterator[PolicyProblem]:
    """Yield why a policy, or a rule of it, is about nothing, or decides nothing."""
    kind, spec = text_at(policy, "kind"), mapping_at(policy, "spec")
    if kind in _RULED:
        for index, rule in enumerate(objects_at(spec, "rules")):
            yield from _of_rule(rule, ("spec", "rules", index))
    elif kind.removeprefix("Namespaced") in _CONSTRAINED:
        is_of_json = text_at(spec, "evaluation", "mode") not in ("", "Kubernetes")
        targets = mapping_at(spec, "targetMatchConstraints")
        if not mapping_at(spec, "matchConstraints") and not is_of_json and not targets:
            yield _doubt(("spec", "matchConstraints"), "without matchConstraints the policy is asked about no object")


def _of_rule(rule: Mapping[str, Json], where: FieldPath) -> Iterator[PolicyProblem]:
    matched = _kinds(mapping_at(rule, "match"))
    for index, each in enumerate(objects_at(rule, "exclude", "any")):
        resources = mapping_at(each, "resources")
        named = {str(kind) for kind in items_at(resources, "kinds")}
        if set(each) == {"resources"} and set(resources) == {"kinds"} and matched and matched <= named:
            yield _doubt((*where, "exclude", "any", index), "all kinds that the rule matches are excluded")
    for path in (("preconditions",), ("validate", "deny", "conditions")):
        block = at(rule, *path)
        if isinstance(block, dict) and block.get("any") == []:
            yield _doubt((*where, *path, "any"), "any without conditions never holds: leave it out")


def _kinds(match: Mapping[str, Json]) -> set[str]:
    """Return the kinds that a rule matches; none where a filter of it has no kinds."""
    filters = [mapping_at(each, "resources") for name in ("any", "all") for each in objects_at(match, name)]
    filters = filters or [mapping_at(match, "resources")]
    found = [{str(kind) for kind in items_at(each, "kinds")} for each in filters]
    return set().union(*found) if all(found) else set()


def _doubt(path: FieldPath, message: str) -> PolicyProblem:
    return PolicyProblem(path=path, message=message, is_refused=False)
