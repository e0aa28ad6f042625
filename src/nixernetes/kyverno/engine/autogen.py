"""Rules for pods, derived for what makes pods (Kyverno, ``pkg/autogen/v1``)."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
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
_KEPT: Final = ("failureAction", "failureActionOverrides", "allowExistingViolations", "message", "emitWarning")


def computed_rules(policy: Manifest) -> list[dict[str, Json]]:
    """Return the rules of a policy, then those derived for controllers."""
    rules = objects_at(policy, "spec", "rules")
    controllers = _controllers(policy, rules)
    derived = [each for rule in rules for each in _derived(rule, controllers)]
    return [*rules, *derived]


def _controllers(policy: Manifest, rules: list[dict[str, Json]]) -> list[str]:
    wanted = annotations_of(policy).get(AUTOGEN_ANNOTATION, "")
    if wanted == "none" or not all(map(_allows, rules)):
        return []
    if not any(_names_pods(each) for rule in rules for each in _filters(rule)):
        return []
    if wanted in ("", "all"):
        return list(CONTROLLERS)
    return [kind for kind in CONTROLLERS if kind in wanted.split(",")]


def _filters(rule: Mapping[str, Json]) -> Iterator[Mapping[str, Json]]:
    for block in (mapping_at(rule, "match"), mapping_at(rule, "exclude")):
        yield mapping_at(block, "resources")
        for name in ("any", "all"):
            yield from (mapping_at(each, "resources") for each in objects_at(block, name))


def _names_pods(resources: Mapping[str, Json]) -> bool:
    return bool({"Pod", *CONTROLLERS} & {str(kind).rpartition("/")[2] for kind in items_at(resources, "kinds")})


def _allows(rule: Mapping[str, Json]) -> bool:
    mutate = mapping_at(rule, "mutate")
    patches = [mutate, *objects_at(mutate, "foreach")]
    if "generate" in rule or any("patchesJson6902" in each for each in patches):
        return False
    for each in _filters(rule):
        kinds = items_at(each, "kinds")
        if any(each.get(name) for name in ("name", "names", "selector", "annotations")):
            return False
        if "Pod" in kinds and len(kinds) > 1:
            return False
    return True


def _derived(rule: dict[str, Json], controllers: list[str]) -> Iterator[dict[str, Json]]:
    plain = [CONTROLLERS[kind] for kind in controllers if kind != "CronJob"]
    kinds = [kind for each in _filters({"match": rule.get("match")}) for kind in items_at(each, "kinds")]
    excluded = [kind for each in _filters({"exclude": rule.get("exclude")}) for kind in items_at(each, "kinds")]
    if "Pod" not in kinds or (excluded and "Pod" not in excluded):
        return
    name = text_at(rule, "name")
    if plain:
        yield _shifted(rule, f"autogen-{name}", plain, ("spec", "template"))
    if "CronJob" in controllers:
        path = ("spec", "jobTemplate", "spec", "template")
        yield _shifted(rule, f"autogen-cronjob-{name}", [CONTROLLERS["CronJob"]], path)


def _shifted(rule: dict[str, Json], name: str, kinds: list[str], path: tuple[str, ...]) -> dict[str, Json]:
    made = {**rule, "name": name[:_LONGEST_NAME]}
    for part in ("match", "exclude"):
        if part in rule:
            made[part] = _with_kinds(rule[part], kinds)
    validate = mapping_at(rule, "validate")
    is_wrapped = "pattern" in validate or "anyPattern" in validate
    if is_wrapped:
        kept = {key: value for key, value in validate.items() if key in _KEPT}
        if "pattern" in validate:
            kept["pattern"] = _wrapped(validate["pattern"], path)
        else:
            kept["anyPattern"] = [_wrapped(each, path) for each in items_at(validate, "anyPattern")]
        made["validate"] = kept
    if "mutate" in rule:
        made["mutate"] = _mutation(mapping_at(rule, "mutate"), path)
    return _replaced(made, path, root="object" if "cel" in validate else "request.object")


def _mutation(mutate: Mapping[str, Json], path: tuple[str, ...]) -> dict[str, Json]:
    made = dict(mutate)
    if "patchStrategicMerge" in made:
        made["patchStrategicMerge"] = _wrapped(made["patchStrategicMerge"], path)
    if "foreach" in made:
        made["foreach"] = [_mutation(each, path) for each in objects_at(mutate, "foreach")]
    return made


def _wrapped(value: Json, path: tuple[str, ...]) -> Json:
    for name in reversed(path):
        value = {name: value}
    return value


def _with_kinds(block: Json, kinds: list[str]) -> Json:
    if isinstance(block, dict):
        return {
            key: kinds if key == "kinds" and item == ["Pod"] else _with_kinds(item, kinds)
            for key, item in block.items()
        }
    return [_with_kinds(item, kinds) for item in block] if isinstance(block, list) else block


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
