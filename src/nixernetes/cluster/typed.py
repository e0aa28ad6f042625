"""Built-in kinds are typed: what an API server cannot read into a field is refused, and null is an absent field.

Server-side apply reads with structured-merge-diff (``typed/validate.go``), then converts what it merged to the Go type
(``runtime/converter.go``); create and update decode JSON. The messages are theirs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from nixernetes.cluster.api import ApiError
from nixernetes.cluster.fitting import fits
from nixernetes.errors import InputError
from nixernetes.languages import quantities
from nixernetes.objects import schema
from nixernetes.objects.identity import ObjectKey
from nixernetes.objects.manifest import Json, Manifest
from nixernetes.objects.schema import Field

__all__ = ["check_applied", "check_decoded", "without_nulls"]

_QUANTITY: Final = "io.k8s.apimachinery.pkg.api.resource.Quantity"
_BASE64: Final = re.compile(r"(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?")
_NO_LETTER: Final = re.compile(r"[^A-Za-z0-9+/]")
_NUMBERS: Final = {"i": "int32", "l": "int64", "n": "float64"}
_GO_TYPES: Final = {"s": "string", "y": "[]uint8", "b": "bool", **_NUMBERS}


def check_applied(manifest: Manifest, key: ObjectKey) -> None:
    """Refuse an applied object whose fields have other types: of custom kinds, those of its metadata.

    Raises:
        ApiError: without a reason, as a server answers.

    """
    root = schema.of(manifest["apiVersion"], key.kind) or schema.metadata_alone()
    if fits(root, manifest):
        return
    what = f"({key.namespace}/{key.name}; {_group_version(manifest)}, Kind={key.kind})"
    for path, field, value in _misfits(root, manifest, ""):
        is_secret = key.kind == "Secret" and not key.group and not path.startswith(".metadata")
        shown = _expected(field, "***" if is_secret else value)  # no message shows what is in one
        message = f"failed to create typed patch object {what}: {path}: expected {shown}"
        raise ApiError("", message, subject=str(key))
    problem = _unconverted(root, manifest)
    if problem:
        kind = f"{_group_version(manifest)}, Kind={key.kind}"
        message = (
            f"failed to convert new object {what} to proper version: unable to convert unstructured object to {kind}"
        )
        raise ApiError("", f"{message}: {problem}", subject=str(key))


def check_decoded(manifest: Manifest, key: ObjectKey) -> None:
    """Refuse a created or updated object whose fields have other types: of custom kinds, those of its metadata.

    Raises:
        ApiError: BadRequest.

    """
    root = schema.of(manifest["apiVersion"], key.kind) or schema.metadata_alone()
    if fits(root, manifest):
        return
    problem = _undecoded(root, manifest, key.kind) or _unconverted(root, manifest)
    if problem:
        version = schema_version(manifest)
        message = f'{key.kind} in version "{version}" cannot be handled as a {key.kind}: {problem}'
        raise ApiError("BadRequest", message, subject=str(key))


def schema_version(manifest: Manifest) -> str:
    """Return the version without its group."""
    return str(manifest["apiVersion"]).rpartition("/")[2]


def without_nulls(manifest: Manifest) -> Manifest:
    """Return an object of a built-in kind without the fields that are null: to its Go type they are not there."""
    root = schema.of(manifest["apiVersion"], manifest["kind"])
    found: Manifest = manifest if root is None or fits(root, manifest) else _without_nulls(root, manifest)
    return found


def _without_nulls(field: Field, value: Json) -> Json:
    """Return the very same value where there is no null in it."""
    if isinstance(value, dict) and field.type_name:
        changed: dict[str, Json] = {}
        for name, item in value.items():
            inner = field.field(name)
            if item is not None:
                changed[name] = item if inner is None else _without_nulls(inner, item)
        same = len(changed) == len(value) and all(changed[name] is item for name, item in value.items())
        return value if same else changed
    if isinstance(value, dict) and None in value.values():
        values = field.field("")
        is_text = values is not None and values.json_type in ("s", "y")
        return {name: "" if item is None else item for name, item in value.items()} if is_text else value
    inner = field.items() if isinstance(value, list) else None
    if inner is None:
        return value
    items = [_without_nulls(inner, item) for item in value]
    return value if all(new is old for new, old in zip(items, value, strict=True)) else items


def _misfits(field: Field, value: Json, path: str) -> Iterator[tuple[str, Field, Json]]:
    """Yield each place whose value has another type than its field, in the order in which it is written."""
    if value is None:
        return
    if not _fits(field, value):
        yield path or ".", field, value
    elif isinstance(value, dict):
        for name, item in value.items():
            inner = field.field(name)
            if inner is not None:
                yield from _misfits(inner, item, f"{path}.{name}")
    elif isinstance(value, list):
        items = field.items()
        if items is not None:
            for number, item in enumerate(value):
                yield from _misfits(items, item, f"{path}[{_element(field, item, number)}]")


def _fits(field: Field, value: Json) -> bool:
    match field.json_type:
        case "s" | "y":
            return isinstance(value, str)
        case "i" | "l" | "n":
            return isinstance(value, int | float) and not isinstance(value, bool)
        case "b":
            return isinstance(value, bool)
        case "a":
            return isinstance(value, list)
        case "o":
            return isinstance(value, dict)
    return True


def _expected(field: Field, value: Json) -> str:
    match field.json_type:
        case "s" | "y":
            return f"string, got &value.valueUnstructured{{Value:{_go(value, quoted=True)}}}"
        case "b":
            return f"boolean, got &{{{_go(value)}}}"
        case "a":
            return f"list, got &{{{_go(value)}}}"
        case "o":
            return f"map, got &{{{_go(value)}}}"
    return f"numeric (int or float), got {_go_type(value)}"


def _element(field: Field, item: Json, number: int) -> str:
    """Spell an item of a list: by its keys, by its value in a set, else by its place."""
    if field.list_type == "map" and isinstance(item, dict):
        return ",".join(f"{name}={_go(item[name], quoted=True)}" for name in field.list_map_keys if name in item)
    return f"={_go(item, quoted=True)}" if field.list_type == "set" else str(number)


def _unconverted(field: Field, value: Json) -> str:
    """Return why a value of the right JSON type is none of the Go type, or ``""``."""
    if value is None:
        return ""
    if isinstance(value, dict):
        inner = ((field.field(name), item) for name, item in value.items())
        return next((text for one, item in inner if one is not None and (text := _unconverted(one, item))), "")
    if isinstance(value, list):
        items = field.items()
        return next((text for item in value if (text := _unconverted(items, item))), "") if items is not None else ""
    if field.json_type in ("i", "l") and isinstance(value, float) and not value.is_integer():
        return f"cannot convert float64 to {_NUMBERS[field.json_type]}"
    if field.type_name == _QUANTITY:
        return _no_quantity(value)
    return f"error decoding from json: {_no_base64(value)}" if field.json_type == "y" and _no_base64(value) else ""


def _no_quantity(value: Json) -> str:
    if isinstance(value, bool):
        return "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"
    try:
        quantities.parse(str(value))
    except InputError as error:
        return error.message
    return ""


def _no_base64(text: str) -> str:
    """Return why Go's decoder takes a text for no base64, or ``""``."""
    bare = text.replace("\r", "").replace("\n", "")
    found = _BASE64.match(bare)
    end = found.end() if found is not None else 0
    if end == len(bare):
        return ""
    broken = _NO_LETTER.search(bare, end)
    return f"illegal base64 data at input byte {broken.start() if broken is not None else len(bare)}"


def _undecoded(field: Field, value: Json, name: str, path: str = "", owner: str = "") -> str:
    """Return Go's words about the first value that cannot be decoded, or ``""``."""
    if value is None:
        return ""
    if not _fits(field, value):
        place = f"{owner}.{path}" if path else name
        return f"json: cannot unmarshal {_json_word(value)} into Go struct field {place} of type {_go_field(field)}"
    if isinstance(value, dict):
        struct = field.type_name.rpartition(".")[2]
        for part, item in value.items():
            inner = field.field(part)
            if inner is not None:
                # The values of a map have the map's path.
                at = (f"{path}.{part}".lstrip("."), struct) if struct else (path, owner)
                problem = _undecoded(inner, item, name, *at)
                if problem:
                    return problem
    items = field.items() if isinstance(value, list) else None
    found = (_undecoded(items, item, name, path, owner) for item in value) if items is not None else ()
    return next(filter(None, found), "")


def _json_word(value: Json) -> str:
    if isinstance(value, bool):
        return "bool"
    names = {str: "string", int: "number", float: "number", list: "array", dict: "object"}
    return names[type(value)]


def _go_field(field: Field) -> str:
    if field.json_type in _GO_TYPES:
        return _GO_TYPES[field.json_type]
    if field.json_type == "a":
        items = field.items()
        return f"[]{_go_field(items)}" if items is not None else "[]interface {}"
    if field.type_name:
        package, _, name = field.type_name.rpartition(".")
        return f"{package.rpartition('.')[2]}.{name}"
    values = field.field("")
    return f"map[string]{_go_field(values)}" if values is not None else "map[string]interface {}"


def _go_type(value: Json) -> str:
    if isinstance(value, bool):
        return "bool"
    names = {str: "string", int: "int64", float: "float64", list: "[]interface {}", dict: "map[string]interface {}"}
    return names[type(value)]


def _go(value: Json, *, quoted: bool = False) -> str:
    """Spell a value as Go's ``%v`` does, or as ``%#v``."""
    if value is None:
        return "<nil>"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return f'"{value}"' if quoted else value
    if isinstance(value, list):
        parts = [_go(item, quoted=quoted) for item in value]
        return f"[]interface {{}}{{{', '.join(parts)}}}" if quoted else f"[{' '.join(parts)}]"
    if isinstance(value, dict):
        items = [(_go(name, quoted=quoted), _go(value[name], quoted=quoted)) for name in sorted(value)]
        if quoted:
            return f"map[string]interface {{}}{{{', '.join(f'{name}:{item}' for name, item in items)}}}"
        return f"map[{' '.join(f'{name}:{item}' for name, item in items)}]"
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _group_version(manifest: Manifest) -> str:
    """Spell an API version as Go's ``GroupVersion`` does: the core group has nothing before its slash."""
    version = str(manifest["apiVersion"])
    return version if "/" in version else f"/{version}"
