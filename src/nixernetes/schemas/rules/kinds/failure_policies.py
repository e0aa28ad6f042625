"""What a Job does about pods that fail (``validatePodFailurePolicy``)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from nixernetes.objects.fields import items_at, mapping_at, objects_at, text_at
from nixernetes.objects.manifest import Json
from nixernetes.schemas import names
from nixernetes.schemas.problems import FieldPath, Problem, duplicate, invalid, required, too_many, unsupported

__all__ = ["failure_policy_problems"]

_ACTIONS: Final = ("Count", "FailIndex", "FailJob", "Ignore")
_OPERATORS: Final = ("In", "NotIn")
_STATUSES: Final = ("False", "True", "Unknown")
_MOST_RULES: Final = 20
_MOST_CODES: Final = 255


def failure_policy_problems(spec: Mapping[str, Json], path: FieldPath) -> Iterator[Problem]:
    """Yield what is wrong with the policy of a Job; ``spec`` is that of the Job."""
    rules, here = objects_at(spec, "podFailurePolicy", "rules"), (*path, "podFailurePolicy", "rules")
    policy = text_at(spec, "template", "spec", "restartPolicy")
    if policy == "OnFailure":
        detail = 'only "Never" is supported when podFailurePolicy is specified'
        yield invalid((*path, "template", "spec", "restartPolicy"), policy, detail)
    if len(rules) > _MOST_RULES:
        yield too_many(here, len(rules), _MOST_RULES)
    pod = mapping_at(spec, "template", "spec")
    called = {text_at(each, "name") for part in ("containers", "initContainers") for each in objects_at(pod, part)}
    for number, rule in enumerate(rules):
        yield from _rule(rule, (*here, number), called, has_index=spec.get("backoffLimitPerIndex") is not None)


def _rule(value: Mapping[str, Json], path: FieldPath, called: set[str], *, has_index: bool) -> Iterator[Problem]:
    action = text_at(value, "action")
    if not action:
        yield required((*path, "action"), f"valid values: {_go_list(_ACTIONS)}")
    elif action not in _ACTIONS:
        yield unsupported((*path, "action"), action, _ACTIONS)
    elif action == "FailIndex" and not has_index:
        yield invalid((*path, "action"), action, "requires the backoffLimitPerIndex to be set")
    codes, conditions = value.get("onExitCodes"), items_at(value, "onPodConditions")
    if codes is not None:
        yield from _codes(mapping_at(value, "onExitCodes"), (*path, "onExitCodes"), called)
    for number, each in enumerate(objects_at(value, "onPodConditions")):
        yield from _condition(each, (*path, "onPodConditions", number))
    if codes is not None and conditions:
        yield _bare(path, "specifying both OnExitCodes and OnPodConditions is not supported")
    elif codes is None and not conditions:
        yield _bare(path, "specifying one of OnExitCodes and OnPodConditions is required")


def _bare(path: FieldPath, what: str) -> Problem:
    """Return that a rule is invalid, where a server takes its words for the value."""
    found = invalid(path, "", "")
    return Problem(found.path, found.kind, f"Invalid value: {what}")


def _codes(value: Mapping[str, Json], path: FieldPath, called: set[str]) -> Iterator[Problem]:
    operator, codes, name = text_at(value, "operator"), items_at(value, "values"), value.get("containerName")
    if not operator:
        yield required((*path, "operator"), f"valid values: {_go_list(_OPERATORS)}")
    elif operator not in _OPERATORS:
        yield unsupported((*path, "operator"), operator, _OPERATORS)
    if name is not None and name not in called:
        detail = "must be one of the container or initContainer names in the pod template"
        yield invalid((*path, "containerName"), name, detail)
    if not codes:
        yield invalid((*path, "values"), value.get("values"), "at least one value is required")
    elif len(codes) > _MOST_CODES:
        yield too_many((*path, "values"), len(codes), _MOST_CODES)
    seen: set[Json] = set()
    for number, code in enumerate(codes):
        here = (*path, "values", number)
        if code == 0 and operator == "In":
            yield invalid(here, code, "must not be 0 for the In operator")
        if code in seen:
            yield duplicate(here, code)
        seen.add(code)
    if not any(codes[number] > codes[number + 1] for number in range(len(codes) - 1)):
        return
    yield invalid((*path, "values"), codes, "must be ordered")


def _condition(value: Mapping[str, Json], path: FieldPath) -> Iterator[Problem]:
    kind, status = text_at(value, "type"), text_at(value, "status")
    yield from (invalid((*path, "type"), kind, wrong) for wrong in names.label_key_problems(kind))
    if not status:
        if "status" not in value:
            yield required((*path, "status"), f"valid values: {_go_list(_STATUSES)}")
    elif status not in _STATUSES:
        yield unsupported((*path, "status"), status, _STATUSES)


def _go_list(words: tuple[str, ...]) -> str:
    return "[" + " ".join(f'"{word}"' for word in words) + "]"
