"""Objects within custom objects: ``x-kubernetes-embedded-resource``.

After k8s.io/apiextensions-apiserver 0.34.4, ``pkg/apiserver/schema/objectmeta``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from nixernetes.objects.fields import flag_at, mapping_at, text_at
from nixernetes.objects.manifest import Json
from nixernetes.objects.schema import Field, metadata_alone
from nixernetes.schemas import names
from nixernetes.schemas.problems import FieldPath, Problem, invalid, required
from nixernetes.schemas.rules.metadata import RULES

__all__ = ["EMBEDDED", "embedded_problems", "kept_metadata"]

EMBEDDED: Final = "x-kubernetes-embedded-resource"
_DEEPEST: Final = 60
_TEXTS: Final = ("name", "generateName", "namespace", "selfLink", "uid", "resourceVersion")
_MAPS: Final = ("labels", "annotations")
_WORDS: Final = {bool: "bool", int: "number", float: "number", str: "string", list: "array", dict: "object"}


def embedded_problems(schema: Json, value: Json, path: FieldPath = ()) -> Iterator[Problem]:
    """Yield what is wrong with the objects within a custom object: their kind, their metadata.

    Args:
        schema: the schema of the place.
        value: what is there.
        path: where it is.

    """
    if not isinstance(schema, dict) or len(path) > _DEEPEST:
        return
    if isinstance(value, list):
        for number, item in enumerate(value):
            yield from embedded_problems(schema.get("items"), item, (*path, number))
    elif isinstance(value, dict):
        if path and flag_at(schema, EMBEDDED):
            yield from _of_object(value, path)
        known, others = mapping_at(schema, "properties"), schema.get("additionalProperties")
        for name, item in value.items():
            if isinstance(item, dict | list):
                yield from embedded_problems(known.get(name, others), item, (*path, name))


def _of_object(value: Mapping[str, Json], path: FieldPath) -> Iterator[Problem]:
    yield from (required((*path, field)) for field in ("apiVersion", "kind") if field not in value)
    for field in ("apiVersion", "kind"):
        if field not in value:
            continue
        text, here = value[field], (*path, field)
        if not isinstance(text, str):
            yield invalid(here, text, "must be a string")
        elif not text:
            yield invalid(here, text, "must not be empty")
        elif field == "apiVersion" and text.count("/") > 1:
            yield invalid(here, text, f"unexpected GroupVersion string: {text}")
        elif field == "kind" and (wrong := names.service_name_problem(text.lower())):
            yield invalid(here, text, f"may have mixed case, but should otherwise match: {wrong}")
    if "metadata" in value:
        yield from _of_metadata(value["metadata"], (*path, "metadata"))


def _of_metadata(value: Json, path: FieldPath) -> Iterator[Problem]:
    if value is None:
        return
    wrong = _unread(value)
    if wrong:
        yield invalid(path, value, wrong)
        return
    for field in ("name", "generateName"):
        wrong = names.path_segment_problem(text_at(value, field))
        if wrong:
            yield invalid((*path, field), value[field], wrong)
    for rule in RULES["ObjectMeta"]:
        yield from rule(value, path)


def _unread(value: Json) -> str:
    """Return what keeps Go from reading metadata, or ``""``."""
    if not isinstance(value, dict):
        return f"json: cannot unmarshal {_WORDS[type(value)]} into Go value of type v1.ObjectMeta"
    for field in _TEXTS:
        if not isinstance(value.get(field), str | None):
            return _mistyped(value[field], field, "string")
    for field in _MAPS:
        found = value.get(field)
        if not isinstance(found, dict | None):
            return _mistyped(found, field, "map[string]string")
        for text in (found or {}).values():
            if not isinstance(text, str | None):
                return _mistyped(text, field, "string")
    return ""


def _mistyped(value: Json, field: str, wanted: str) -> str:
    return f"json: cannot unmarshal {_WORDS[type(value)]} into Go struct field ObjectMeta.{field} of type {wanted}"


def kept_metadata(value: Json) -> Json:
    """Return the metadata of an embedded object without the fields that no metadata has; itself where it has none."""
    field = metadata_alone().field("metadata")
    return _kept(field, value) if field is not None else value


def _kept(field: Field | None, value: Json) -> Json:
    if field is None:
        return value
    if isinstance(value, list):
        items = [_kept(field.items(), item) for item in value]
        return value if all(new is old for new, old in zip(items, value, strict=True)) else items
    if not isinstance(value, dict) or not field.is_closed:
        return value
    found = {name: _kept(field.field(name), item) for name, item in value.items() if field.declares(name)}
    same = len(found) == len(value) and all(found[name] is item for name, item in value.items())
    return value if same else found
