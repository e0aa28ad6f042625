"""Roles and bindings (``pkg/apis/rbac/validation``)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from nixernetes.objects.api_groups import RBAC
from nixernetes.objects.fields import items_at, mapping_at, objects_at, text_at
from nixernetes.objects.manifest import Json
from nixernetes.schemas import names
from nixernetes.schemas.problems import FieldPath, Problem, invalid, required, unsupported
from nixernetes.schemas.rules.metadata import selector_problems

__all__ = ["RULES"]

_SUBJECTS: Final = ("ServiceAccount", "User", "Group")


def _binding(kinds: tuple[str, ...]) -> Callable[[Mapping[str, Json], FieldPath], Iterator[Problem]]:
    """Return the rule of a binding to roles of some kinds."""

    def rule(value: Mapping[str, Json], path: FieldPath) -> Iterator[Problem]:
        reference, here = mapping_at(value, "roleRef"), (*path, "roleRef")
        group, kind, name = (text_at(reference, part) for part in ("apiGroup", "kind", "name"))
        if group not in ("", RBAC):
            yield unsupported((*here, "apiGroup"), group, (RBAC,))
        if kind not in kinds:
            yield unsupported((*here, "kind"), kind, kinds)
        wrong = names.path_segment_problem(name)
        if not name:
            yield required((*here, "name"))
        elif wrong:
            yield invalid((*here, "name"), name, wrong)
        for number, subject in enumerate(objects_at(value, "subjects")):
            yield from _subject(subject, (*path, "subjects", number), in_namespace=len(kinds) > 1)

    return rule


def _subject(value: Mapping[str, Json], path: FieldPath, *, in_namespace: bool) -> Iterator[Problem]:
    kind, name, group = (text_at(value, part) for part in ("kind", "name", "apiGroup"))
    if not name:
        yield required((*path, "name"))
    match kind:
        case "ServiceAccount":
            if name:
                yield from (invalid((*path, "name"), name, wrong) for wrong in names.subdomain_problems(name))
            if group:
                yield unsupported((*path, "apiGroup"), group, ("",))
            if not in_namespace and not text_at(value, "namespace"):
                yield required((*path, "namespace"))
        case "User" | "Group":
            if group not in ("", RBAC):
                yield unsupported((*path, "apiGroup"), group, (RBAC,))
        case _:
            yield unsupported((*path, "kind"), kind, _SUBJECTS)


def _rule(value: Mapping[str, Json], path: FieldPath) -> Iterator[Problem]:
    if not items_at(value, "verbs"):
        yield required((*path, "verbs"), "verbs must contain at least one value")
    if items_at(value, "nonResourceURLs"):
        if any(items_at(value, part) for part in ("apiGroups", "resources", "resourceNames")):
            detail = "rules cannot apply to both regular resources and non-resource URLs"
            yield invalid((*path, "nonResourceURLs"), value["nonResourceURLs"], detail)
        return
    if not items_at(value, "apiGroups"):
        yield required((*path, "apiGroups"), "resource rules must supply at least one api group")
    if not items_at(value, "resources"):
        yield required((*path, "resources"), "resource rules must supply at least one resource")


def _role(value: Mapping[str, Json], path: FieldPath) -> Iterator[Problem]:
    for number, each in enumerate(objects_at(value, "rules")):
        if items_at(each, "nonResourceURLs"):
            detail = "namespaced rules cannot apply to non-resource URLs"
            yield invalid((*path, "rules", number, "nonResourceURLs"), each["nonResourceURLs"], detail)


def _aggregation(value: Mapping[str, Json], path: FieldPath) -> Iterator[Problem]:
    selectors, here = objects_at(value, "clusterRoleSelectors"), (*path, "clusterRoleSelectors")
    if not selectors:
        yield required(here, "at least one clusterRoleSelector required if aggregationRule is non-nil")
    for number, each in enumerate(selectors):
        if next(selector_problems(each, ()), None) is not None:
            yield invalid((*here, number), None, "invalid label selector.")


RULES: Final = {
    "RoleBinding": (_binding(("Role", "ClusterRole")),),
    "ClusterRoleBinding": (_binding(("ClusterRole",)),),
    "PolicyRule": (_rule,),
    "Role": (_role,),
    "AggregationRule": (_aggregation,),
}
