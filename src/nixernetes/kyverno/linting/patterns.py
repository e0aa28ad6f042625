"""Patterns, patches and ``foreach`` that Kyverno refuses (``pkg/policy/validate``, ``isLabelAndAnnotationsString``)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from nixernetes.kyverno.engine.patterns import anchor_of
from nixernetes.kyverno.linting.problems import FieldPath, PolicyProblem
from nixernetes.objects.fields import at, items_at, mapping_at, objects_at, text_at
from nixernetes.objects.manifest import Json

__all__ = ["refused_patterns"]

_LOOPED: Final = ("pattern", "anyPattern", "deny", "foreach")
_DEEPEST: Final = 60


def refused_patterns(rule: dict[str, Json], where: FieldPath) -> Iterator[PolicyProblem]:
    """Yield what is wrong with the patterns of a rule that validates, and with its ``foreach``."""
    validate = mapping_at(rule, "validate")
    places: list[tuple[FieldPath, Json]] = [((*where, "validate", "pattern"), at(validate, "pattern"))]
    for index, each in enumerate(items_at(validate, "anyPattern")):
        places.append(((*where, "validate", "anyPattern", index), each))
    for path, pattern in places:
        yield from _anchors(pattern, path)
        yield from _labels(pattern, path)
    yield from _labels(at(rule, "mutate", "patchStrategicMerge"), (*where, "mutate", "patchStrategicMerge"))
    for index, loop in enumerate(objects_at(validate, "foreach")):
        path = (*where, "validate", "foreach", index)
        given = [each for each in _LOOPED if at(loop, each) is not None]
        if len(given) != 1:
            told = " and ".join(given) or "nothing"
            message = f"a foreach has one of {', '.join(_LOOPED)}; this one has {told}"
            yield PolicyProblem(path=path, message=message)
        if not text_at(loop, "list"):
            yield PolicyProblem(path=(*path, "list"), message="a foreach says over which list it goes")
    yield from _both(mapping_at(rule, "mutate"), (*where, "mutate"))


def _both(mutate: dict[str, Json], path: FieldPath) -> Iterator[PolicyProblem]:
    given = [each for each in ("foreach", "patchStrategicMerge", "patchesJson6902") if mutate.get(each)]
    if len(given) > 1:
        message = f"only one of foreach, patchStrategicMerge, patchesJson6902 is allowed; here are {', '.join(given)}"
        yield PolicyProblem(path=path, message=message)


def _anchors(pattern: Json, path: FieldPath) -> Iterator[PolicyProblem]:
    if len(path) > _DEEPEST:
        return
    if isinstance(pattern, dict):
        for key, value in pattern.items():
            modifier = anchor_of(key)[0]
            if modifier == "+":
                message = f"{key} is an anchor of mutations: in a pattern it is unsupported"
                yield PolicyProblem(path=(*path, key), message=message)
            if modifier == "^" and not (isinstance(value, list) and value):
                message = f"{key} says what a list holds: its value is a list with at least one entry"
                yield PolicyProblem(path=(*path, key), message=message)
            yield from _anchors(value, (*path, key))
    elif isinstance(pattern, list):
        for index, each in enumerate(pattern):
            yield from _anchors(each, (*path, index))


def _labels(pattern: Json, path: FieldPath) -> Iterator[PolicyProblem]:
    """Yield the labels and annotations of a pattern that are no texts."""
    for steps in (("metadata",), ("spec", "template", "metadata")):
        for part in ("labels", "annotations"):
            for key, value in mapping_at(pattern, *steps, part).items():
                if not isinstance(value, str):
                    message = "labels and annotations supports only string values: put the value in double quotes"
                    yield PolicyProblem(path=(*path, *steps, part, key), message=message)
