"""What admission is asked about: rules of webhooks and policies (``pkg/apis/admissionregistration/validation``)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from nixernetes.objects.fields import items_at, objects_at, text_at
from nixernetes.objects.manifest import Json
from nixernetes.schemas import names
from nixernetes.schemas.problems import FieldPath, Problem, duplicate, invalid, required, unsupported

__all__ = ["match_resources", "rule_with_operations"]

_OPERATIONS: Final = ("*", "CONNECT", "CREATE", "DELETE", "UPDATE")
_SCOPES: Final = ("*", "Cluster", "Namespaced")
_POLICIES: Final = ("Equivalent", "Exact")


def match_resources(value: Mapping[str, Json], path: FieldPath) -> Iterator[Problem]:
    """Yield what is wrong with ``matchConstraints`` or ``matchResources``."""
    if "matchPolicy" in value and value["matchPolicy"] not in _POLICIES:
        yield unsupported((*path, "matchPolicy"), value["matchPolicy"], _POLICIES)
    for part in ("resourceRules", "excludeResourceRules"):
        for number, rule in enumerate(objects_at(value, part)):
            here, seen = (*path, part, number), set[str]()
            for at, name in enumerate(map(str, items_at(rule, "resourceNames"))):
                wrong = names.path_segment_problem(name)
                if wrong:
                    yield invalid((*here, "resourceNames", at), name, wrong)
                if name in seen:
                    yield duplicate((*here, "resourceNames", at), name)
                seen.add(name)
            yield from rule_with_operations(rule, here)


def rule_with_operations(value: Mapping[str, Json], path: FieldPath) -> Iterator[Problem]:
    """Yield what is wrong with one rule: its operations, groups, versions, resources and scope."""
    operations = items_at(value, "operations")
    if not operations:
        yield required((*path, "operations"))
    if len(operations) > 1 and "*" in operations:
        yield invalid((*path, "operations"), operations, "if '*' is present, must not specify other operations")
    for number, name in enumerate(operations):
        if name not in _OPERATIONS:
            yield unsupported((*path, "operations", number), name, _OPERATIONS)
    for part, words in (("apiGroups", "API groups"), ("apiVersions", "API versions")):
        given = items_at(value, part)
        if not given:
            yield required((*path, part))
        if len(given) > 1 and "*" in given:
            yield invalid((*path, part), given, f"if '*' is present, must not specify other {words}")
        if part == "apiVersions":
            yield from (required((*path, part, number)) for number, text in enumerate(given) if text == "")
    yield from _resources([str(each) for each in items_at(value, "resources")], (*path, "resources"))
    scope = text_at(value, "scope")
    if "scope" in value and scope not in _SCOPES:
        yield unsupported((*path, "scope"), scope, _SCOPES)


def _resources(given: list[str], path: FieldPath) -> Iterator[Problem]:
    if not given:
        yield required(path)
    whole, everywhere = set[str](), set[str]()  # x of ``x/*``, and of ``*/x``
    is_plain = False
    for number, text in enumerate(given):
        if not text:
            yield required((*path, number))
            continue
        resource, slash, part = text.partition("/")
        if not slash:
            is_plain = text != "*"
            continue
        if resource in whole:
            yield invalid((*path, number), text, f"if '{resource}/*' is present, must not specify {text}")
        if part in everywhere:
            yield invalid((*path, number), text, f"if '*/{part}' is present, must not specify {text}")
        if part == "*":
            whole.add(resource)
        if resource == "*":
            everywhere.add(part)
    if len(given) > 1 and "*/*" in given:
        yield invalid(path, given, "if '*/*' is present, must not specify other resources")
    if "*" in given and is_plain:
        told = "if '*' is present, must not specify other resources without subresources"
        yield invalid(path, given, told)
