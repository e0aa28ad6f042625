"""``match`` and ``exclude`` as ``matchConstraints`` and ``matchConditions``.

What names objects by kind becomes ``resourceRules``; the rest becomes conditions, since the filters of a rule may
differ while the selectors of a policy in CEL are the same for all its resources.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from nixernetes.kyverno.engine.resource_rules import plurals
from nixernetes.kyverno.engine.wildcards import has_wildcard
from nixernetes.kyverno.migration.spelling import (
    NotCarriedError,
    all_of,
    any_of,
    fits,
    fits_any,
    literal,
    negated,
    optional_member,
)
from nixernetes.objects.fields import items_at, mapping_at, objects_at, text_at
from nixernetes.objects.identity import GroupKind
from nixernetes.objects.manifest import Json
from nixernetes.objects.schema import known_kinds
from nixernetes.objects.scopes import is_cluster_scoped

__all__ = ["Matching", "matching_of", "meant_by"]

_WHO: Final = ("subjects", "roles", "clusterRoles")
_OPERATIONS: Final = ("CREATE", "UPDATE")  # Kyverno asks for these where a rule says nothing
_OBJECT: Final = re.compile(r"\bobject\.")
_EXPRESSIONS: Final = ("In", "NotIn", "Exists", "DoesNotExist")


@dataclass(frozen=True, slots=True, kw_only=True)
class Matching:
    """Which objects a policy is about.

    Attributes:
        constraints: ``matchConstraints``.
        conditions: what must hold beside, by name.
        is_pods: whether it is about pods alone.
        is_deletion: whether it is about deletions alone, of which an object is what was there.

    """

    constraints: Mapping[str, Json]
    conditions: Sequence[tuple[str, str]]
    is_pods: bool
    is_deletion: bool = False


def matching_of(rule: Mapping[str, Json]) -> Matching:
    """Return which objects a rule is about.

    Raises:
        NotCarriedError: it asks who asks, or something else that has no equal.

    """
    filters, is_any = _filters(mapping_at(rule, "match"))
    if not filters:
        raise NotCarriedError("a match that says nothing")
    kinds = [_kinds(each) for each in filters]
    named = [each for each in kinds if each]
    if not named or (is_any and len(named) < len(kinds)):
        raise NotCarriedError("a match without kinds")
    if not is_any and len(named) > 1:
        raise NotCarriedError("several filters with kinds in match.all")
    is_pods = all(each == ["Pod"] for each in named)
    rules = [made for each in filters if _kinds(each) for made in _resource_rules(each)]
    unlike = is_any and len(filters) > 1 and len({tuple(each) for each in named}) > 1
    tests = [all_of([_kind_test(each) if unlike else "true", *_tests(each)]) for each in filters]
    constraints: dict[str, Json] = {"resourceRules": _merged(rules)}
    conditions = []
    wanted = (any_of if is_any else all_of)(tests)
    if wanted != "true":
        conditions.append(("match", wanted))
    spaces = [mapping_at(each, "namespaceSelector") for each in filters]
    if any(spaces):
        if any(each != spaces[0] for each in spaces):
            raise NotCarriedError("namespaceSelectors that differ from filter to filter")
        constraints["namespaceSelector"] = spaces[0]
    left_out = _excluded(mapping_at(rule, "exclude"), kinds)
    if left_out != "false":
        conditions.append(("exclude", negated(left_out)))
    operations = {str(each) for block in filters for each in items_at(block, "operations")}
    if operations == {"DELETE"} and all(items_at(block, "operations") for block in filters):
        conditions = [(name, _OBJECT.sub("oldObject.", text)) for name, text in conditions]
        return Matching(constraints=constraints, conditions=conditions, is_pods=is_pods, is_deletion=True)
    return Matching(constraints=constraints, conditions=conditions, is_pods=is_pods)


def meant_by(block: Mapping[str, Json]) -> str:
    """Return whether the filters of a ``match`` mean an object, kinds and operations included.

    Raises:
        NotCarriedError: they ask who asks, or for labels of namespaces.

    """
    filters, is_any = _filters(block)
    tests = []
    for each in filters:
        if each.get("namespaceSelector"):
            raise NotCarriedError("a namespaceSelector in an exception")
        operations = items_at(each, "operations")
        asked = [f"request.operation in {literal(operations)}"] if operations else []
        kind = [_kind_test(each)] if _kinds(each) and "*" not in _kinds(each) else []
        tests.append(all_of([*kind, *asked, *_tests(each)]))
    return (any_of if is_any else all_of)(tests)


def _filters(block: Mapping[str, Json]) -> tuple[list[Mapping[str, Json]], bool]:
    """Return the filters of a block, and whether one of them is enough."""
    for name in ("any", "all"):
        if objects_at(block, name):
            return [_resources(each) for each in objects_at(block, name)], name == "any"
    return ([_resources(block)] if block else []), True


def _resources(each: Mapping[str, Json]) -> Mapping[str, Json]:
    if any(each.get(name) for name in _WHO):
        raise NotCarriedError("subjects, roles and cluster roles: a policy in CEL reads request.userInfo alone")
    return mapping_at(each, "resources")


def _excluded(block: Mapping[str, Json], matched: Sequence[list[str]]) -> str:
    filters, is_any = _filters(block)
    tests = []
    for each in filters:
        if not each:
            continue
        if each.get("namespaceSelector"):
            raise NotCarriedError("a namespaceSelector in exclude")
        kinds, operations = _kinds(each), items_at(each, "operations")
        is_narrower = bool(kinds) and any(kinds != wanted for wanted in matched)
        asked = [f"request.operation in {literal(operations)}"] if operations else []
        tests.append(all_of([*asked, *([_kind_test(each)] if is_narrower else []), *_tests(each)]))
    return (any_of if is_any else all_of)(tests) if tests else "false"


def _kinds(block: Mapping[str, Json]) -> list[str]:
    return [str(each) for each in items_at(block, "kinds")]


def _kind_test(block: Mapping[str, Json]) -> str:
    names = []
    for each in _kinds(block):
        group, _, kind, sub = _spelled(each)
        if sub or group not in ("*", "") or has_wildcard(kind):
            names.append(_exactly(each))
        else:
            names.append(kind)
    return fits_any("request.kind.kind", names)


def _exactly(spelled: str) -> str:
    _, _, kind, sub = _spelled(spelled)
    if sub:
        raise NotCarriedError(f"the subresource {spelled} beside other filters")
    return kind


def _tests(block: Mapping[str, Json]) -> Iterator[str]:
    """Yield what a filter asks of an object beside its kind."""
    names = [*filter(None, [text_at(block, "name")]), *map(str, items_at(block, "names"))]
    if text_at(block, "name") and items_at(block, "names"):
        raise NotCarriedError("name and names in one filter")
    if names:
        yield fits_any("request.name", names)
    spaces = [str(each) for each in items_at(block, "namespaces")]
    if spaces:
        kinds = _kinds(block)
        of_namespace = "(request.kind.kind == 'Namespace' ? request.name : request.namespace)"
        yield fits_any(of_namespace if {"Namespace", "*"} & {*kinds} else "request.namespace", spaces)
    for key, value in mapping_at(block, "annotations").items():
        yield _pair("annotations", key, str(value))
    selector = mapping_at(block, "selector")
    for key, value in mapping_at(selector, "matchLabels").items():
        yield _pair("labels", key, str(value))
    for each in objects_at(selector, "matchExpressions"):
        yield _selected(each)
    if block.get("namespaceSelector") and any(map(_may_have_no_namespace, _kinds(block))):
        yield "request.namespace != ''"  # a rule means nothing that is in no namespace


def _may_have_no_namespace(spelled: str) -> bool:
    _, _, kind, _ = _spelled(spelled)
    groups = _groups().get(kind, ())
    return has_wildcard(kind) or any(is_cluster_scoped(GroupKind(group, kind)) for group in groups)


def _pair(part: str, key: str, value: str) -> str:
    held = f"object.metadata.?{part}"
    if has_wildcard(key):
        return f"{held}.orValue({{}}).exists(key, {fits('key', key)} && {fits(f'{held}.value()[key]', value)})"
    one = optional_member(held, key)
    if has_wildcard(value):
        return all_of([f"{one}.hasValue()", fits(f"{one}.value()", value)])
    return f"{one}.hasValue() && {one}.value() == ''" if not value else f"{one}.orValue('') == {literal(value)}"


def _selected(expression: Mapping[str, Json]) -> str:
    key, operator = text_at(expression, "key"), text_at(expression, "operator")
    one, values = (
        optional_member("object.metadata.?labels", key),
        [str(each) for each in items_at(expression, "values")],
    )
    if operator not in _EXPRESSIONS or has_wildcard(key):
        raise NotCarriedError(f"the selector {key} {operator}")
    there = f"{one}.hasValue()"
    listed = all_of([there, f"{one}.orValue('') in {literal(values)}"])
    return {"Exists": there, "DoesNotExist": negated(there), "In": listed, "NotIn": negated(listed)}[operator]


def _resource_rules(block: Mapping[str, Json]) -> Iterator[dict[str, Json]]:
    operations = [str(each) for each in items_at(block, "operations")] or [*_OPERATIONS]
    for spelled in _kinds(block):
        group, version, kind, sub = _spelled(spelled)
        groups, plural = _resource(group, kind)
        version = "v1" if (kind, version) == ("Pod", "*") else version
        yield {
            "apiGroups": groups,
            "apiVersions": [version],
            "operations": operations,
            "resources": [f"{plural}/{sub}" if sub else plural],
        }


def _resource(group: str, kind: str) -> tuple[list[str], str]:
    if kind == "*":
        return [group], "*"
    if has_wildcard(kind):
        raise NotCarriedError(f"the kind {kind}")
    found = _groups().get(kind, ())
    if group != "*":
        return [group], plurals(kind)[0]
    return [*found] or ["*"], plurals(kind)[0]


@cache
def _groups() -> dict[str, list[str]]:
    """Return the groups of the built-in kinds."""
    found: dict[str, list[str]] = {}
    for group, _, kind in sorted(known_kinds()):
        if group not in found.setdefault(kind, []):
            found[kind].append(group)
    return found


def _spelled(spelled: str) -> tuple[str, str, str, str]:
    """Return group, version, kind and subresource of a kind as ``match`` writes it."""
    parts = spelled.split("/")
    group, version, sub = "*", "*", ""
    if len(parts) == 4 or (len(parts) > 1 and parts[-2][:1].isupper()) or spelled == "*/*":
        sub = parts.pop()
    if len(parts) == 3:
        group, version = parts[0], parts[1]
    elif len(parts) == 2:
        version = parts[0]
    kind, _, dotted = parts[-1].partition(".")
    if len(parts) == 2 and version == "v1" and group == "*" and kind in _groups() and "" in _groups()[kind]:
        group = ""
    return group, version, kind, sub or dotted


def _merged(rules: Sequence[dict[str, Json]]) -> list[Json]:
    """Return rules with the resources of those that are the same otherwise in one."""
    found: list[dict[str, Json]] = []
    for each in rules:
        same = next((one for one in found if all(one[key] == each[key] for key in each if key != "resources")), None)
        if same is None:
            found.append({**each, "resources": [*each["resources"]]})
        else:
            same["resources"] += [name for name in each["resources"] if name not in same["resources"]]
    return list(found)
