"""Rules for pods, derived for what makes pods (Kyverno, ``pkg/autogen/v1``)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from nixernetes.objects.fields import at, items_at, mapping_at, objects_at, text_at
from nixernetes.objects.manifest import Json, Manifest, annotations_of

__all__ = ["AUTOGEN_ANNOTATION", "CONTROLLERS", "computed_rules"]

AUTOGEN_ANNOTATION: Final = "pod-policies.kyverno.io/autogen-controllers"
CONTROLLERS: Final = {
    "DaemonSet": "apps/v1/DaemonSet",
    "Deployment": "apps/v1/Deployment",
    "Job": "batch/v1/Job",
    "ReplicaSet": "apps/v1/ReplicaSet",
    "ReplicationController": "v1/ReplicationController",
    "StatefulSet": "apps/v1/StatefulSet",
    "CronJob": "batch/v1/CronJob",
}
_LONGEST_NAME: Final = 63
_DERIVED: Final = "autogen-"
_ALL: Final = "all"
_VERSION: Final = re.compile(r"v\d((alpha|beta)\d)?|\*")
_NARROWED: Final = ("selector", "annotations")  # even where they are empty
_KEPT: Final = ("failureAction", "failureActionOverrides", "allowExistingViolations", "message")
_TEMPLATE: Final = ("spec", "template")
_JOB_TEMPLATE: Final = ("spec", "jobTemplate", "spec", "template")


def computed_rules(policy: Manifest, kind: str = "") -> list[dict[str, Json]]:
    """Return the rules of a policy, then those derived for controllers.

    Args:
        policy: a ClusterPolicy or Policy.
        kind: of the object that is judged, as Kyverno asks where it validates: what is derived is then for this kind
            alone. Without it, what is derived is for all of them.

    """
    rules = objects_at(policy, "spec", "rules")
    controllers = _controllers(policy, rules)
    if kind:
        controllers = [kind] if kind in controllers else []
    if _ALL in controllers:
        controllers = list(CONTROLLERS)
    wanted = [each for each in CONTROLLERS if each in controllers]
    derived = [each for rule in rules for each in _derived(rule, wanted)]
    if not derived:
        return rules
    return [*(each for each in rules if not text_at(each, "name").startswith(_DERIVED)), *derived]


def _controllers(policy: Manifest, rules: list[dict[str, Json]]) -> Sequence[str]:
    if not all(map(_allows, rules)):
        return ()
    if not any(_names_pods(each) for rule in rules for each in _filters(rule)):
        return ()
    notes = annotations_of(policy)
    return notes[AUTOGEN_ANNOTATION].split(",") if AUTOGEN_ANNOTATION in notes else list(CONTROLLERS)


def _filters(rule: Mapping[str, Json]) -> Iterator[Mapping[str, Json]]:
    for block in (mapping_at(rule, "match"), mapping_at(rule, "exclude")):
        yield mapping_at(block, "resources")
        for name in ("any", "all"):
            yield from (mapping_at(each, "resources") for each in objects_at(block, name))


def _names_pods(resources: Mapping[str, Json]) -> bool:
    return not {"Pod", *CONTROLLERS}.isdisjoint(map(str, items_at(resources, "kinds")))


def _is_of_pods(kinds: Iterable[Json]) -> bool:
    """Tell whether one of the kinds is Pod, however it is spelled: ``Pod``, ``v1/Pod``, ``Pod/exec``."""
    return any(_bare_kind(str(each)) == "Pod" for each in kinds)


def _bare_kind(spelled: str) -> str:
    parts = spelled.split("/")
    match len(parts):
        case 1:
            return parts[0].replace(".", "/", 1).partition("/")[0]
        case 2:
            kind = parts[1] if _VERSION.fullmatch(parts[0]) and parts != ["*", "*"] else parts[0]
        case 3:
            kind = parts[1] if _VERSION.fullmatch(parts[0]) else parts[2]
        case 4:
            kind = parts[2]
        case _:
            return ""
    return kind.partition(".")[0]


def _allows(rule: Mapping[str, Json]) -> bool:
    mutate = mapping_at(rule, "mutate")
    patches = [mutate, *objects_at(mutate, "foreach")]
    if "generate" in rule or any(each.get("patchesJson6902") for each in patches):
        return False
    for each in _filters(rule):
        kinds = items_at(each, "kinds")
        if any(each.get(name) for name in ("name", "names")) or any(name in each for name in _NARROWED):
            return False
        if len(kinds) > 1 and _is_of_pods(kinds):
            return False
    return True


def _derived(rule: dict[str, Json], controllers: list[str]) -> Iterator[dict[str, Json]]:
    name = text_at(rule, "name")
    kinds = [kind for each in _filters({"match": rule.get("match")}) for kind in items_at(each, "kinds")]
    excluded = [kind for each in _filters({"exclude": rule.get("exclude")}) for kind in items_at(each, "kinds")]
    if name.startswith(_DERIVED) or not _is_of_pods(kinds) or (excluded and not _is_of_pods(excluded)):
        return
    plain = [CONTROLLERS[kind] for kind in controllers if kind != "CronJob"]
    if plain:
        yield from _shifted(rule, f"{_DERIVED}{name}", plain, _TEMPLATE)
    if "CronJob" in controllers:
        yield from _shifted(rule, f"{_DERIVED}cronjob-{name}", [CONTROLLERS["CronJob"]], _JOB_TEMPLATE)


def _shifted(rule: dict[str, Json], name: str, kinds: list[str], path: tuple[str, ...]) -> Iterator[dict[str, Json]]:
    """Yield the rule for some kinds; nothing where the rule is of a type that Kyverno does not derive."""
    made = {**rule, "name": name[:_LONGEST_NAME]}
    for part in ("match", "exclude"):
        if part in rule:
            made[part] = _with_kinds(rule[part], kinds, of_all=path == _JOB_TEMPLATE, is_match=part == "match")
    validate, mutate = mapping_at(rule, "validate"), mapping_at(rule, "mutate")
    if mutate.get("patchStrategicMerge") is not None or mutate.get("foreach"):
        made["mutate"] = _mutation(mutate, path)
    elif validate:
        kept = {key: value for key, value in validate.items() if key in _KEPT}
        if "pattern" in validate:
            made["validate"] = {**kept, "pattern": _wrapped(validate["pattern"], path)}
        elif kind := next((each for each in ("deny", "podSecurity") if each in validate), ""):
            made["validate"] = {**kept, kind: _without_nothing(validate[kind])}
        elif "anyPattern" in validate:
            made["validate"] = {
                **kept,
                "anyPattern": [_wrapped(each, path) for each in items_at(validate, "anyPattern")],
            }
        elif validate.get("foreach"):
            made["validate"] = {**kept, "foreach": validate["foreach"]}
        elif "cel" not in validate:
            return
    elif "verifyImages" not in rule:
        return
    yield _replaced(made, path, root="object" if "cel" in validate else "request.object")


def _without_nothing(check: Json) -> Json:
    """Return ``deny`` without an empty ``any`` or ``all``: it is lost when Kyverno writes the rule anew."""
    conditions = at(check, "conditions")
    if not isinstance(check, dict) or not isinstance(conditions, dict):
        return check
    return {**check, "conditions": {key: value for key, value in conditions.items() if value not in ([], None)}}


def _mutation(mutate: Mapping[str, Json], path: tuple[str, ...]) -> dict[str, Json]:
    if mutate.get("patchStrategicMerge") is not None:
        return {"patchStrategicMerge": _wrapped(mutate["patchStrategicMerge"], path)}
    return {
        "foreach": [
            {
                **{key: value for key, value in each.items() if key in ("list", "context", "preconditions")},
                "patchStrategicMerge": _wrapped(each.get("patchStrategicMerge"), path),
            }
            for each in objects_at(mutate, "foreach")
        ]
    }


def _wrapped(value: Json, path: tuple[str, ...]) -> Json:
    for name in reversed(path):
        value = {name: value}
    return value


def _with_kinds(block: Json, kinds: list[str], *, of_all: bool, is_match: bool) -> Json:
    """Return ``match`` or ``exclude`` with kinds in the place of Pod; for CronJobs in the place of all kinds."""
    made = dict(mapping_at({"block": block}, "block"))
    for name in ("any", "all"):
        filters = objects_at(made, name)
        if filters:
            made[name] = [
                {**each, "resources": {**mapping_at(each, "resources"), "kinds": kinds}}
                if of_all or _is_of_pods(items_at(each, "resources", "kinds"))
                else each
                for each in filters
            ]
            return made
    if is_match or items_at(made, "resources", "kinds"):
        made["resources"] = {**mapping_at(made, "resources"), "kinds": kinds}
    return made


def _replaced(rule: dict[str, Json], path: tuple[str, ...], *, root: str) -> dict[str, Json]:
    """Shift paths by replacing text in the JSON of the rule, as Kyverno does."""
    text = json.dumps(rule)
    below = ".".join(path)
    for name in (root, root.replace("object", "oldObject")):
        for field in ("spec", "metadata"):
            text = text.replace(f"{name}.{field}", f"{name}.{below}.{field}")
    found = json.loads(text)
    message = at(found, "validate", "message")
    if isinstance(message, str) and "$(./../" in message:
        found["validate"]["message"] = message.replace("$(./../", f"$(./../{'/'.join(path)}/")
    return dict(found)
