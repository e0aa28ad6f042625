"""Specs of a MutatingPolicy for controllers of pods, derived from one for pods (Kyverno, ``pkg/cel/autogen``).

Only match conditions and apply configurations are rewritten: variables and JSON patches stay as they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from nixernetes.kyverno.engine.resource_rules import derived_constraints, names_pods_only
from nixernetes.objects.fields import at, items_at, mapping_at, objects_at, text_at
from nixernetes.objects.manifest import Json

__all__ = ["derived_specs"]

_APPS: Final = ("daemonsets", "deployments", "replicasets", "statefulsets")
_FIELD: Final = re.compile(r"\b(object|oldObject|Object)\.(spec|metadata\.labels|metadata\.annotations)\b")
_WHOLE: Final = re.compile(r"Object\s*\{(.*)\}", re.DOTALL)


def derived_specs(spec: Mapping[str, Json]) -> Iterator[Mapping[str, Json]]:
    """Yield the specs for controllers: those with a template, then that for CronJobs."""
    constraints = mapping_at(spec, "matchConstraints")
    if not names_pods_only(constraints):
        return
    listed = at(spec, "autogen", "podControllers", "controllers")
    wanted = listed if isinstance(listed, list) else [*_APPS, "jobs", "cronjobs"]
    operations = items_at(objects_at(constraints, "resourceRules")[0], "operations")
    for groups, path in (
        (
            {
                "apps": [each for each in _APPS if each in wanted],
                "batch": [each for each in ("jobs",) if each in wanted],
            },
            ("spec", "template"),
        ),
        ({"batch": [each for each in ("cronjobs",) if each in wanted]}, ("spec", "jobTemplate", "spec", "template")),
    ):
        rules = [
            {"operations": operations, "apiGroups": [group], "apiVersions": ["v1"], "resources": names}
            for group, names in groups.items()
            if names
        ]
        if rules:
            yield {**_shifted(spec, path), "matchConstraints": derived_constraints(constraints, rules)}


def _shifted(spec: Mapping[str, Json], path: tuple[str, ...]) -> dict[str, Json]:
    made = dict(spec)
    if "matchConditions" in spec:
        made["matchConditions"] = [
            {**each, "expression": _fields(text_at(each, "expression"), path)}
            for each in objects_at(spec, "matchConditions")
        ]
    made["mutations"] = [_mutation(each, path) for each in objects_at(spec, "mutations")]
    return made


def _mutation(mutation: dict[str, Json], path: tuple[str, ...]) -> dict[str, Json]:
    text = text_at(mutation, "applyConfiguration", "expression")
    if not text:
        return mutation
    return {**mutation, "applyConfiguration": {"expression": _wrapped(_fields(text, path), path)}}


def _fields(text: str, path: tuple[str, ...]) -> str:
    return _FIELD.sub(lambda found: f"{found[1]}.{'.'.join(path)}.{found[2]}", text)


def _wrapped(text: str, path: tuple[str, ...]) -> str:
    """Put the body of a root ``Object{...}`` below a path."""
    found = _WHOLE.fullmatch(text.strip())
    if found is None:
        return text
    body = found[1]
    for depth in range(len(path), 0, -1):
        name = ".".join(("Object", *path[:depth]))
        body = f"{path[depth - 1]}: {name}{{{body}}}"
    return f"Object{{{body}}}"
