"""``match`` and ``exclude`` that Kyverno refuses (``api/kyverno/v1``, ``match_resources_types.go`` and beside it)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from nixernetes.kyverno.engine.wildcards import has_wildcard
from nixernetes.kyverno.linting.problems import FieldPath, PolicyProblem
from nixernetes.languages.labels.names import label_value_problem
from nixernetes.objects.fields import at, items_at, mapping_at, objects_at, text_at
from nixernetes.objects.identity import GroupKind
from nixernetes.objects.manifest import Json
from nixernetes.objects.scopes import is_cluster_scoped

__all__ = ["filters_of", "refused_matches"]

_SUBJECTS: Final = ("User", "Group", "ServiceAccount")


def refused_matches(rule: dict[str, Json], where: FieldPath, *, is_namespaced: bool) -> Iterator[PolicyProblem]:
    """Yield what is wrong with what a rule is about.

    Args:
        rule: the rule.
        where: its path.
        is_namespaced: whether it is a rule of a ``Policy``.

    """
    for part in ("match", "exclude"):
        held = mapping_at(rule, part)
        if items_at(held, "any") and items_at(held, "all"):
            yield PolicyProblem(path=(*where, part), message=f"{part} has any or all, not both")
        if (items_at(held, "any") or items_at(held, "all")) and mapping_at(held, "resources"):
            message = f"{part}.resources cannot stand beside any or all: move it into them"
            yield PolicyProblem(path=(*where, part, "resources"), message=message)
    for path, entry in filters_of(rule, where):
        yield from _user(entry, path)
        yield from _resources(mapping_at(entry, "resources"), (*path, "resources"), is_namespaced=is_namespaced)
    yield from _kinds(rule, where)
    matched, excluded = objects_at(rule, "match", "any"), objects_at(rule, "exclude", "any")
    if any(each in excluded for each in matched):
        yield PolicyProblem(path=(*where, "exclude"), message="what is matched is excluded: the rule is about nothing")


def filters_of(rule: dict[str, Json], where: FieldPath) -> Iterator[tuple[FieldPath, dict[str, Json]]]:
    """Yield the filters of ``match`` and ``exclude`` with their paths."""
    for part in ("match", "exclude"):
        held = mapping_at(rule, part)
        yield (*where, part), held
        for how in ("any", "all"):
            for index, entry in enumerate(objects_at(held, how)):
                yield (*where, part, how, index), entry


def _user(entry: dict[str, Json], path: FieldPath) -> Iterator[PolicyProblem]:
    for index, subject in enumerate(objects_at(entry, "subjects")):
        where = (*path, "subjects", index)
        kind = text_at(subject, "kind")
        if kind not in _SUBJECTS:
            message = f"{kind!r}: kind must be 'User', 'Group', or 'ServiceAccount'"
            yield PolicyProblem(path=(*where, "kind"), message=message)
        if not text_at(subject, "name"):
            yield PolicyProblem(path=(*where, "name"), message="a subject has a name")
        if kind == "ServiceAccount" and not text_at(subject, "namespace"):
            message = "namespace is required when kind is ServiceAccount"
            yield PolicyProblem(path=(*where, "namespace"), message=message)
    for index, role in enumerate(items_at(entry, "roles")):
        if not isinstance(role, str) or len(role.split(":")) != len(("namespace", "name")):
            message = f"{role!r}: a role is written as namespace:name"
            yield PolicyProblem(path=(*path, "roles", index), message=message)


def _resources(resources: dict[str, Json], path: FieldPath, *, is_namespaced: bool) -> Iterator[PolicyProblem]:
    if text_at(resources, "name") and items_at(resources, "names"):
        yield PolicyProblem(path=path, message="both name and names can not be specified together")
    yield from _selector(resources, path)
    if not is_namespaced:
        return
    if items_at(resources, "namespaces"):
        message = "filtering namespaces is not allowed in a Policy: it is about its own namespace alone"
        yield PolicyProblem(path=(*path, "namespaces"), message=message)
    for index, kind in enumerate(items_at(resources, "kinds")):
        if isinstance(kind, str) and "/" not in kind and is_cluster_scoped(GroupKind("", kind)):
            message = f"{kind} is in no namespace, and a Policy is about its own namespace alone"
            yield PolicyProblem(path=(*path, "kinds", index), message=message)


def _selector(resources: dict[str, Json], path: FieldPath) -> Iterator[PolicyProblem]:
    selector = at(resources, "selector")
    if not isinstance(selector, dict):
        return
    labels = mapping_at(selector, "matchLabels")
    expressions = objects_at(selector, "matchExpressions")
    if not labels and not expressions:
        yield PolicyProblem(path=(*path, "selector"), message="the requirements are not specified in the selector")
    if any(has_wildcard(text) for pair in labels.items() for text in pair if isinstance(text, str)):
        return
    values = [("matchLabels", value) for value in labels.values()]
    values += [("matchExpressions", value) for each in expressions for value in items_at(each, "values")]
    for part, value in values:
        problem = label_value_problem(value) if isinstance(value, str) else "it is no text"
        if problem:
            yield PolicyProblem(path=(*path, "selector", part), message=f"{value!r} is no value of a label: {problem}")


def _kinds(rule: dict[str, Json], where: FieldPath) -> Iterator[PolicyProblem]:
    match = mapping_at(rule, "match")
    how = next((each for each in ("any", "all") if items_at(match, each)), "")
    entries = objects_at(match, how) if how else [match]
    for index, entry in enumerate(entries if match else ()):
        if not items_at(entry, "resources", "kinds"):
            path = (*where, "match", how, index) if how else (*where, "match")
            yield PolicyProblem(path=path, message="each filter of match says kinds: resources.kinds is mandatory")
