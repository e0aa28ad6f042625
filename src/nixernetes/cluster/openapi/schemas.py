"""Types as OpenAPI v3 schemas: built-in ones from the table of types, custom ones from their definitions."""

from __future__ import annotations

from typing import Final

from nixernetes.cluster.openapi.descriptions import description_of, values_of
from nixernetes.objects import schema as types
from nixernetes.objects.fields import mapping_at, objects_at, text_at
from nixernetes.objects.manifest import Json, Manifest
from nixernetes.objects.schema import Field
from nixernetes.schemas import versions

__all__ = ["builtin_schemas", "custom_schema", "reference", "schema_name"]

_META: Final = "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta"
_MINOR: Final = 34  # of the Kubernetes version that is served
_ONE_VALUE: Final[dict[str, Json]] = {
    "IntOrString": {"format": "int-or-string", "oneOf": [{"type": "integer"}, {"type": "string"}]},
    "Quantity": {"oneOf": [{"type": "string"}, {"type": "number"}]},
    "Time": {"type": "string", "format": "date-time"},
    "MicroTime": {"type": "string", "format": "date-time"},
    "Duration": {"type": "string"},
    "RawExtension": {"type": "object"},
    "FieldsV1": {"type": "object"},
}
_OPEN_API: Final[dict[str, Json]] = {
    "s": {"type": "string"},
    "y": {"type": "string", "format": "byte"},
    "i": {"type": "integer", "format": "int32"},
    "l": {"type": "integer", "format": "int64"},
    "n": {"type": "number", "format": "double"},
    "b": {"type": "boolean"},
    "o": {"type": "object"},
}


def reference(name: str) -> Json:
    """Return a reference to a schema of the same document."""
    return {"$ref": f"#/components/schemas/{name}"}


def schema_name(group: str, version: str, kind: str) -> str:
    """Return the name of the schema of a custom kind: the group backwards, the version, the kind."""
    return ".".join((*reversed(group.split(".")), version, kind))


def builtin_schemas(group: str, version: str, kind: str) -> tuple[str, dict[str, Json]] | None:
    """Return the name of a built-in kind's schema, and all schemas that it needs; None for an unknown kind."""
    root = types.of(f"{group}/{version}" if group else version, kind)
    if root is None:
        return None
    found: dict[str, Json] = {}
    _collect(root, found)
    named = {**found[root.type_name], "x-kubernetes-group-version-kind": [_gvk(group, version, kind)]}
    properties = {**_always(), **named.get("properties", {})}
    return root.type_name, {**found, root.type_name: {**named, "properties": properties}}


def _always() -> dict[str, Json]:
    """Return the fields that say what an object is."""
    about = description_of("io.k8s.api.core.v1.ConfigMap").fields
    return {name: {"type": "string", "description": about[name]} for name in ("apiVersion", "kind")}


def _gvk(group: str, version: str, kind: str) -> Json:
    return {"group": group, "version": version, "kind": kind}


def _collect(field: Field, found: dict[str, Json]) -> None:
    """Add the schema of a type, and of all that it refers to."""
    name = field.type_name
    if name in found:
        return
    found[name] = {}  # types refer to themselves
    about, few = description_of(name), values_of(name)
    told: Json = {"description": about.text} if about.text else {}
    known = _ONE_VALUE.get(name.rpartition(".")[2])
    if known is not None:
        found[name] = {**told, **known}
        return
    properties = {}
    for part in field.names():
        first, last = versions.field_span(name, part)
        if not first <= _MINOR <= last:
            continue
        inner = field.field(part)
        if inner is not None:
            text, made = about.fields.get(part, ""), _schema(inner, found)
            if part in few:
                text, made = text + few[part].text, _with_values(made, few[part].values)
            properties[part] = {**({"description": text} if text else {}), **made}
    found[name] = {"type": "object", **told}
    if properties:
        found[name]["properties"] = properties
    if about.required:
        found[name]["required"] = about.required


def _schema(field: Field, found: dict[str, Json]) -> Json:
    marks: dict[str, Json] = {
        "x-kubernetes-list-type": field.list_type,
        "x-kubernetes-list-map-keys": list(field.list_map_keys),
        "x-kubernetes-patch-merge-key": field.merge_key,
        "x-kubernetes-patch-strategy": ",".join(field.patch_strategy),
        "x-kubernetes-map-type": "atomic" if field.atomic_map else "",
    }
    marks = {name: value for name, value in marks.items() if value}
    if field.json_type == "a":
        items = field.items()
        return {"type": "array", "items": _schema(items, found) if items is not None else {}, **marks}
    if field.type_name:
        _collect(field, found)
        return {"allOf": [reference(field.type_name)], **marks}
    if field.json_type == "o":
        values = field.field("")
        if values is not None:
            return {"type": "object", "additionalProperties": _schema(values, found), **marks}
    return {**_OPEN_API.get(field.json_type, {"type": "object"}), **marks}


def _with_values(schema: Json, values: list[str]) -> Json:
    """Return the schema of a field, or of the items of a list, that may have some values alone."""
    if schema.get("type") == "array":
        return {**schema, "items": {**schema["items"], "enum": values}}
    return {**schema, "enum": values}


def _metadata() -> Json:
    about = description_of("io.k8s.api.core.v1.ConfigMap").fields
    return {"allOf": [reference(_META)], "description": about["metadata"]}


def custom_schema(crd: Manifest, version: str) -> Json:
    """Return the schema of a custom kind in a version."""
    row = next(each for each in objects_at(crd, "spec", "versions") if text_at(each, "name") == version)
    schema = dict(mapping_at(row, "schema", "openAPIV3Schema"))
    gvk = _gvk(text_at(crd, "spec", "group"), version, text_at(crd, "spec", "names", "kind"))
    properties = {**_always(), **mapping_at(schema, "properties"), "metadata": _metadata()}
    return {"type": "object", **schema, "properties": properties, "x-kubernetes-group-version-kind": [gvk]}
