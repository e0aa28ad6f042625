"""Names, labels, annotations, selectors."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Final

from nixernetes.languages.labels.names import label_value_problems
from nixernetes.objects.fields import items_at, mapping_at, objects_at, text_at
from nixernetes.objects.manifest import Json
from nixernetes.schemas import names
from nixernetes.schemas.problems import FieldPath, Problem, ProblemKind, forbidden, invalid, required

__all__ = [
    "RULES",
    "STANDARD_FINALIZERS",
    "UNQUALIFIED",
    "labels",
    "selector",
    "selector_problems",
    "unqualified_finalizers",
]

STANDARD_FINALIZERS: Final = ("kubernetes", "orphan", "foregroundDeletion")
UNQUALIFIED: Final = "name is neither a standard finalizer name nor is it fully qualified"
_LARGEST_ANNOTATIONS: Final = 256 * 1024  # bytes of all keys and values


def _metadata(value: Mapping[str, Json], path: FieldPath) -> Iterator[Problem]:
    if path[-2:] == ("jobTemplate", "metadata"):
        return  # nobody looks at it
    of_template = path[-2:] == ("template", "metadata")  # where a server does not say that it is metadata
    for each in labels(value.get("labels"), (*path, "labels")):
        yield replace(each, field=(*path[:-1], "labels")) if of_template else each
    notes = mapping_at(value, "annotations")
    for key in notes:
        yield from (invalid((*path, "annotations"), key, each) for each in names.label_key_problems(str(key).lower()))
    size = sum(len(str(key)) + len(text) for key, text in notes.items() if isinstance(text, str))
    if size > _LARGEST_ANNOTATIONS:
        detail = f"Too long: may not be more than {_LARGEST_ANNOTATIONS} bytes"
        yield Problem((*path, "annotations"), ProblemKind.INVALID, detail)


def _finalizers(value: Mapping[str, Json], path: FieldPath) -> Iterator[Problem]:
    finalizers = items_at(value, "finalizers")
    here = (*path, "finalizers")
    for number, name in enumerate(finalizers):
        if not isinstance(name, str):
            continue
        for wrong in names.label_key_problems(name):
            yield replace(invalid((*here, number), name, wrong), field=here)
    if "orphan" in finalizers and "foregroundDeletion" in finalizers:
        yield invalid(here, finalizers, "finalizer orphan and foregroundDeletion cannot be both set")


def unqualified_finalizers(manifest: Mapping[str, Json]) -> Iterator[Problem]:
    """Yield finalizers of an object of a built-in kind that nobody's domain is in; those of custom kinds may be so."""
    for number, name in enumerate(items_at(manifest, "metadata", "finalizers")):
        if isinstance(name, str) and "/" not in name and name not in STANDARD_FINALIZERS:
            yield invalid(("metadata", "finalizers", number), name, UNQUALIFIED)


def _owners(value: Mapping[str, Json], path: FieldPath) -> Iterator[Problem]:
    owners, here = objects_at(value, "ownerReferences"), (*path, "ownerReferences")
    for number, owner in enumerate(owners):
        for part in ("apiVersion", "kind", "name", "uid"):
            if not text_at(owner, part):
                wrong = "version must not be empty" if part == "apiVersion" else "must not be empty"
                yield replace(invalid((*here, number, part), "", wrong), field=(*here, part))
        version = text_at(owner, "apiVersion")
        if version.count("/") > 1 or version.endswith("/"):
            broken = invalid((*here, number, "apiVersion"), version, "version must not be empty")
            yield replace(broken, field=(*here, "apiVersion"))
        if (text_at(owner, "apiVersion"), text_at(owner, "kind")) == ("v1", "Event"):
            detail = "/v1, Kind=Event is disallowed from being an owner"
            yield replace(invalid((*here, number), owner, detail), field=here)
    leading = [f"{text_at(each, 'kind')}/{text_at(each, 'name')}" for each in owners if each.get("controller") is True]
    if len(leading) > 1:
        shown = " and ".join(leading[:2])
        detail = f'Only one reference can have Controller set to true. Found "true" in references for {shown}'
        yield invalid(here, owners, detail)


def labels(value: Json, path: FieldPath) -> Iterator[Problem]:
    """Yield what is wrong with labels."""
    for key, text in value.items() if isinstance(value, dict) else ():
        for wrong in names.label_key_problems(str(key)):
            yield invalid(path, key, wrong)
        for wrong in label_value_problems(text) if isinstance(text, str) else ():
            yield replace(invalid((*path, key), text, wrong), field=path)


def selector(value: Mapping[str, Json], path: FieldPath) -> Iterator[Problem]:
    """Yield what is wrong with a ``LabelSelector``."""
    yield from labels(value.get("matchLabels"), (*path, "matchLabels"))


def selector_problems(value: Mapping[str, Json], path: FieldPath) -> Iterator[Problem]:
    """Yield all that is wrong with a ``LabelSelector``."""
    yield from selector(value, path)
    for number, each in enumerate(objects_at(value, "matchExpressions")):
        yield from _requirement(each, (*path, "matchExpressions", number))


def _requirement(value: Mapping[str, Json], path: FieldPath) -> Iterator[Problem]:
    """Yield what is wrong with one expression of a selector (``ValidateLabelSelectorRequirement``)."""
    operator, values, key = text_at(value, "operator"), items_at(value, "values"), text_at(value, "key")
    if operator in ("In", "NotIn"):
        if not values:
            yield required((*path, "values"), "must be specified when `operator` is 'In' or 'NotIn'")
    elif operator in ("Exists", "DoesNotExist"):
        if values:
            yield forbidden((*path, "values"), "may not be specified when `operator` is 'Exists' or 'DoesNotExist'")
    else:
        yield invalid((*path, "operator"), operator, "not a valid selector operator")
    yield from (invalid((*path, "key"), key, wrong) for wrong in names.label_key_problems(key))
    for at, each in enumerate(values):
        yield from (invalid((*path, "values", at), each, wrong) for wrong in label_value_problems(str(each)))


RULES: Final = {
    "ObjectMeta": (_metadata, _finalizers, _owners),
    "LabelSelector": (selector,),
    "LabelSelectorRequirement": (_requirement,),
}
