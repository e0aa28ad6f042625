"""What Kyverno takes and hardly does what was meant."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from nixernetes.kyverno.engine.variables import has_variables
from nixernetes.kyverno.linting.problems import FieldPath, PolicyProblem, texts_in
from nixernetes.objects.fields import items_at, mapping_at, objects_at
from nixernetes.objects.manifest import Json, Manifest

__all__ = ["doubts"]

_CONTROLLERS: Final = ("DaemonSet", "Deployment", "Job", "ReplicaSet", "ReplicationController", "StatefulSet")
_SINGLE_BRACE: Final = re.compile(r"(?<!\{)\{\s*(?:request|element|target|serviceAccountName)\b[^{}]*\}(?!\})")
_OF_PODS: Final = ("containers", "initContainers", "volumes", "hostNetwork", "hostPID", "hostIPC", "securityContext")


def doubts(policy: Manifest) -> Iterator[PolicyProblem]:
    """Yield what is doubtful of a ClusterPolicy or a Policy."""
    for index, rule in enumerate(objects_at(mapping_at(policy, "spec"), "rules")):
        where: FieldPath = ("spec", "rules", index)
        yield from _conditions(rule, where)
        for path, text in texts_in(rule, where):
            found = _SINGLE_BRACE.search(text)
            if found and "{{" not in text:
                message = f"{found.group()} is plain text: a variable stands in two braces"
                yield PolicyProblem(path=path, message=message, is_refused=False)
        yield from _pod_patterns(rule, where)


def _conditions(data: Json, where: FieldPath) -> Iterator[PolicyProblem]:
    """Yield the conditions whose key is a constant, found by their form wherever they stand."""
    if isinstance(data, dict):
        if {"key", "operator"} <= data.keys() and not has_variables([data["key"], data.get("value")]):
            message = "key and value hold no variable, so constants are compared: write the variable in two braces"
            yield PolicyProblem(path=(*where, "key"), message=message, is_refused=False)
        for part in ("preconditions", "validate", "mutate", "generate", "foreach", "deny", "conditions", "any", "all"):
            if part in data:
                yield from _conditions(data[part], (*where, part))
    elif isinstance(data, list):
        for index, each in enumerate(data):
            yield from _conditions(each, (*where, index))


def _pod_patterns(rule: dict[str, Json], where: FieldPath) -> Iterator[PolicyProblem]:
    """Yield the patterns that look for fields of a pod where controllers have none."""
    match = mapping_at(rule, "match")
    entries = [match, *objects_at(match, "any"), *objects_at(match, "all")]
    kinds = {str(kind).rpartition("/")[2] for entry in entries for kind in items_at(entry, "resources", "kinds")}
    if not kinds or not kinds <= set(_CONTROLLERS):
        return
    spec = mapping_at(rule, "validate", "pattern", "spec")
    for name in spec:
        plain = name.strip("=()^+<X")
        if plain in _OF_PODS:
            message = f"spec.{plain} is a field of pods: of {', '.join(sorted(kinds))} it is spec.template.spec.{plain}"
            yield PolicyProblem(path=(*where, "validate", "pattern", "spec", name), message=message, is_refused=False)
