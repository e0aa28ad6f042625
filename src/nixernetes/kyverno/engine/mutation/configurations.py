"""An apply configuration over an object, as admission policies merge it (k8s.io/apiserver ``mutating/patch/smd.go``).

The merge is that of server-side apply, without removing anything. A configuration that does not fit its schema is
refused, and so is one that sets a list or map that is one value, since all else in it would be lost.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from nixernetes.errors import InputError
from nixernetes.languages.structured_merge import item_keys, list_kind, merge
from nixernetes.objects.fields import mapping_at, objects_at, text_at
from nixernetes.objects.identity import split_api_version
from nixernetes.objects.manifest import Json, Manifest
from nixernetes.objects.schema import Field, from_open_api, of

__all__ = ["configured", "schema_of"]

_STRING: Final = ("s", "y")
_NUMBERS: Final = ("i", "l", "n")
_SCALAR_TYPES: Final = ("Quantity", "IntOrString")
_IDENTITY: Final = ("apiVersion", "kind")
_NULLS: Final = {
    **dict.fromkeys(_STRING, "expected string, got &value.valueUnstructured{Value:0}"),
    **dict.fromkeys(_NUMBERS, "expected numeric (int or float), got structpb.NullValue"),
    "b": "expected boolean, got &{NULL_VALUE}",
    "o": "expected map, got &{NULL_VALUE}",
    "a": "expected list, got &{NULL_VALUE}",
}
_GO: Final = {str: "string", bool: "bool", int: "int64", float: "float64", list: "[]interface {}"}


def schema_of(manifest: Manifest, definitions: Sequence[Manifest]) -> Field | None:
    """Return the schema of an object: that of a built-in kind, or of a definition; None where nothing is known."""
    built_in = of(text_at(manifest, "apiVersion"), text_at(manifest, "kind"))
    if built_in is not None:
        return built_in
    group, version = split_api_version(text_at(manifest, "apiVersion"))
    for each in definitions:
        spec = mapping_at(each, "spec")
        if (text_at(spec, "group"), text_at(spec, "names", "kind")) != (group, text_at(manifest, "kind")):
            continue
        for one in objects_at(spec, "versions"):
            if text_at(one, "name") == version and mapping_at(one, "schema", "openAPIV3Schema"):
                return from_open_api(mapping_at(one, "schema", "openAPIV3Schema"))
    return None


def configured(manifest: Manifest, configuration: Manifest, schema: Field | None, *, may_replace: bool) -> Manifest:
    """Return an object with a configuration merged over it; the arguments are left alone.

    Args:
        manifest: the object.
        configuration: what it shall have; a null is of no type, and says nothing where the type is not known.
        schema: of its kind; without one maps are merged, and lists replaced.
        may_replace: whether it may set what is one value.

    Raises:
        InputError: it does not fit the schema, or sets what is one value.

    """
    if schema is not None:
        found = list(_problems(configuration, schema, ""))
        if found:
            text = found[0] if len(found) == 1 else "\n  ".join(("errors:", *found))
            raise InputError(f"failed to convert patch object to typed object: {text}")
        whole = [] if may_replace else list(_whole(configuration, schema, ""))
        if whole:
            text = f"may not mutate atomic arrays, maps or structs: {', '.join(whole)}"
            raise InputError(f"invalid ApplyConfiguration: {text}")
    merged = merge(manifest, _said(configuration), schema)
    return merged if isinstance(merged, dict) else manifest


def _said(node: Json) -> Json:
    if isinstance(node, dict):
        return {key: _said(item) for key, item in node.items() if item is not None}
    return [_said(item) for item in node] if isinstance(node, list) else node


def _problems(value: Json, schema: Field | None, path: str) -> Iterator[str]:
    if schema is None:
        return
    if schema.type_name.rpartition(".")[2] in _SCALAR_TYPES:
        return
    wrong = _mistyped(value, schema.json_type) if value is not None else _NULLS.get(schema.json_type, "")
    if wrong:
        yield f"{path}: {wrong}"
    elif isinstance(value, dict):
        for key, item in value.items():
            below = schema.field(key)
            if below is None and schema.is_closed:
                yield f"{path}.{key}: field not declared in schema"
            else:
                yield from _problems(item, below, f"{path}.{key}")
    elif isinstance(value, list):
        if schema.list_type == "map" and list_kind(value, schema) != "map":
            yield f"{path}: {_unkeyed(value, schema)}"
        for index, item in enumerate(value):
            yield from _problems(item, schema.items(), f"{path}{_place(index, item, schema)}")


def _place(index: int, item: Json, schema: Field) -> str:
    if schema.list_type == "map" and list_kind([item], schema) == "map":
        return f"[{item_keys(item, schema).removeprefix('k:{').removesuffix('}').replace(':', '=')}]".replace('"', "")
    return f"[{index}]"


def _unkeyed(value: list[Json], schema: Field) -> str:
    for index, item in enumerate(value):
        for key in schema.list_map_keys:
            if not isinstance(item, dict) or (key not in item and list_kind([item], schema) != "map"):
                text = "associative list with keys has an element that omits key field"
                return f'element {index}: {text} "{key}" (and doesn\'t have default value)'
    return "associative list has an element without its keys"


def _mistyped(value: Json, letter: str) -> str:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if letter in _STRING and not isinstance(value, str):
        return f"expected string, got &value.valueUnstructured{{Value:{_shown(value)}}}"
    if letter in _NUMBERS and not is_number:
        return f"expected numeric (int or float), got {_GO.get(type(value), 'map[string]interface {}')}"
    if letter == "b" and not isinstance(value, bool):
        return f"expected boolean, got &{{{_shown(value)}}}"
    if letter == "o" and not isinstance(value, dict):
        return f"expected map, got &{{{_shown(value)}}}"
    if letter == "a" and not isinstance(value, list):
        return f"expected list, got &{{{_shown(value)}}}"
    return ""


def _shown(value: Json) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return f'"{value}"'
    if isinstance(value, dict):
        return "map[string]interface {}{" + ", ".join(f'"{key}":{_shown(item)}' for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[]interface {}{" + ", ".join(map(_shown, value)) + "}"
    return str(value)


def _whole(value: Json, schema: Field | None, path: str) -> Iterator[str]:
    """Yield the paths of lists and maps that are one value, those in free-form maps left out."""
    if schema is None:
        return
    if isinstance(value, dict):
        if schema.atomic_map:
            yield path
        if not schema.names():
            return
        for key, item in value.items():
            yield from _whole(item, schema.field(key), f"{path}.{key}")
    elif isinstance(value, list):
        if schema.list_type not in ("map", "set"):
            yield path
        for index, item in enumerate(value):
            yield from _whole(item, schema.items(), f"{path}[{index}]")
