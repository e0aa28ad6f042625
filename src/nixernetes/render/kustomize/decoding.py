"""JSON data into frozen dataclasses, as Go's JSON decoder fills structs: names in any case, nulls are zero values."""

from __future__ import annotations

import types
from dataclasses import MISSING, Field, fields, is_dataclass
from typing import Any, Union, get_args, get_origin, get_type_hints

from nixernetes.objects import yamls
from nixernetes.objects.manifest import Json
from nixernetes.render.kustomize.failures import KustomizeError

__all__ = ["decode", "known_fields", "wire_names"]

_GO_NAMES: dict[type, str] = {str: "string", bool: "bool", int: "int"}
_STRUCTS: dict[str, str] = {
    "KustomizationFile": "Kustomization",
    "FieldSpecEntry": "FieldSpec",
    "PatchField": "Patch",
    "ImageField": "Image",
    "HelmChartField": "HelmChart",
    "ResourceSelector": "Selector",
    "TargetOptions": "FieldOptions",
    "ReplacementSource": "SourceSelector",
    "ReplacementTarget": "TargetSelector",
}
# One class here is two structs there, by the field that holds it.
_STRUCT_OF: dict[str, str] = {"configMapGenerator": "ConfigMapArgs", "secretGenerator": "SecretArgs"}
# Fields of texts that have a type of their own there.
_NAMED: dict[str, str] = {"order": "types.SortOrder", "patchesStrategicMerge": "types.PatchStrategicMerge"}
_JSON_NAMES: dict[type, str] = {
    str: "string",
    bool: "bool",
    int: "number",
    float: "number",
    list: "array",
    dict: "object",
}


def decode(kind: type[Any], data: Json, *, strict: bool, where: str = "") -> Any:
    """Return an instance of a dataclass filled from JSON data.

    A dataclass field is named in snake_case for camelCase on the wire, or by its ``metadata["wire"]``; one whose
    ``metadata["inline"]`` is true takes its parts from the same object.

    Raises:
        KustomizeError: a value of another type (a naked number or boolean fits text, when not strict), or (when
            strict) an unknown field.

    """
    if data is None:
        return kind()
    if not isinstance(data, dict):
        raise _mismatch(data, where or _struct(kind), f"types.{_struct(kind)}")
    table = _table(kind)
    values: dict[str, Any] = {}
    inlined: dict[str, dict[str, Json]] = {}
    for name, value in sorted(data.items()):  # as the JSON that Go makes of YAML: the first error is told
        found = table.get(name) or table.get(name.lower())
        if found is None:
            if strict:
                raise KustomizeError(f'invalid Kustomization: json: unknown field "{name}"', subject=where)
            continue
        outer, hint = found
        path = _go_path(kind, where, outer, name)
        if hint is None:
            inlined.setdefault(outer, {})[name] = value
        elif value is not None:
            values[outer] = _value(hint, value, strict=strict, where=path)
    for outer, part in inlined.items():
        values[outer] = decode(_hints(kind)[outer], part, strict=strict, where=where)
    return kind(**values)


def _go_path(kind: type[Any], where: str, field_name: str, wire: str) -> str:
    """Return how Go's decoder names a field: its struct, and the path from the root with the structs embedded in it."""
    before = where.partition(".")[2]
    struct = _STRUCT_OF.get(before.rpartition(".")[2], _struct(kind))
    embedded = next((each.metadata.get("embedded", ()) for each in fields(kind) if each.name == field_name), ())
    return ".".join((struct, *([before] if before else ()), *embedded, wire))


def _struct(kind: type[Any]) -> str:
    """Return the name that a type of Kustomize's ``api/types`` has there."""
    return _STRUCTS.get(kind.__name__, kind.__name__.removeprefix("_"))


def known_fields(kind: type[Any], data: Json, where: str = "") -> tuple[Json, list[str]]:
    """Return data without the fields that a dataclass does not know, and the paths of those.

    Args:
        kind: the dataclass.
        data: JSON data; what is not of the right form is left for :func:`decode` to refuse.
        where: the path of the data, for the paths that are returned.

    """
    if not isinstance(data, dict):
        return data, []
    table, kept, ignored = _table(kind), {}, list[str]()
    for name, value in data.items():
        found = table.get(name) or table.get(name.lower())
        path = f"{where}.{name}" if where else name
        if found is None:
            ignored.append(path)
            continue
        kept[name], more = _known_value(found[1], value, path)
        ignored += more
    return kept, ignored


def _known_value(hint: Any, value: Json, path: str) -> tuple[Json, list[str]]:
    while get_origin(hint) in (Union, types.UnionType):
        hint = next(each for each in get_args(hint) if each is not type(None))
    if is_dataclass(hint) and isinstance(hint, type):
        return known_fields(hint, value, path)
    if get_origin(hint) is tuple and isinstance(value, list):
        rows = [_known_value(get_args(hint)[0], item, f"{path}[{at}]") for at, item in enumerate(value)]
        return [row for row, _ in rows], [each for _, more in rows for each in more]
    return value, []


_TABLES: dict[type[Any], dict[str, tuple[str, Any]]] = {}


def wire_names(kind: type[Any]) -> list[str]:
    """Return the names that a dataclass has on the wire."""
    return [each.metadata.get("wire") or _camel(each) for each in fields(kind) if not each.metadata.get("inline")]


def _table(kind: type[Any]) -> dict[str, tuple[str, Any]]:
    """Map each wire name (as written and in lower case) to its dataclass field and type; inlined ones have none."""
    if kind not in _TABLES:
        _TABLES[kind] = _make_table(kind)
    return _TABLES[kind]


def _make_table(kind: type[Any]) -> dict[str, tuple[str, Any]]:
    hints = _hints(kind)
    table: dict[str, tuple[str, Any]] = {}
    for each in fields(kind):
        if each.metadata.get("inline"):
            for name in _table(hints[each.name]):
                table.setdefault(name, (each.name, None))
            continue
        wire = each.metadata.get("wire") or _camel(each)
        table[wire] = (each.name, hints[each.name])
        table.setdefault(wire.lower(), (each.name, hints[each.name]))
    return table


_HINTS: dict[type[Any], dict[str, Any]] = {}  # evaluating annotations takes longer than decoding a file


def _hints(kind: type[Any]) -> dict[str, Any]:
    if kind not in _HINTS:
        _HINTS[kind] = get_type_hints(kind)
    return _HINTS[kind]


def _camel(each: Field[Any]) -> str:
    if each.default is MISSING and each.default_factory is MISSING:
        raise TypeError(f"{each.name} needs a default: it may be missing")
    first, *rest = each.name.split("_")
    return first + "".join(word.capitalize() for word in rest)


def _value(hint: Any, value: Json, *, strict: bool, where: str) -> Any:
    origin = get_origin(hint)
    if origin in (Union, types.UnionType):
        return _value(next(a for a in get_args(hint) if a is not type(None)), value, strict=strict, where=where)
    if is_dataclass(hint) and isinstance(hint, type):
        return decode(hint, value, strict=strict, where=where)
    if origin is tuple:
        if not isinstance(value, list):
            raise _mismatch(value, where, "[]" + _go_name(get_args(hint)[0], where))
        return tuple(_item(get_args(hint)[0], item, strict=strict, where=where) for item in value)
    if origin is dict:
        if not isinstance(value, dict):
            raise _mismatch(value, where, "map[string]" + _go_name(get_args(hint)[1]))
        return {key: _item(get_args(hint)[1], item, strict=strict, where=where) for key, item in value.items()}
    if hint is str and not strict and isinstance(value, bool | int | float):
        return _go_text(value)
    if hint in _GO_NAMES and (not isinstance(value, hint) or (hint is int and isinstance(value, bool))):
        raise _mismatch(value, where, _NAMED.get(where.rpartition(".")[2], _GO_NAMES[hint]))
    return value


def _go_text(value: bool | float) -> str:
    """Return a naked number or boolean as text, as ``sigs.k8s.io/yaml`` fills a text field from YAML."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, int) else yamls.dump(value).strip()


def _item(hint: Any, value: Json, *, strict: bool, where: str) -> Any:
    if value is None:
        return hint() if hint in _GO_NAMES or is_dataclass(hint) else None
    return _value(hint, value, strict=strict, where=where)


def _go_name(hint: Any, where: str = "") -> str:
    if is_dataclass(hint) and isinstance(hint, type):
        return f"types.{_STRUCT_OF.get(where.rpartition('.')[2], _struct(hint))}"
    return _NAMED.get(where.rpartition(".")[2], "") or _GO_NAMES.get(hint) or str(getattr(hint, "__name__", "object"))


def _mismatch(value: Json, where: str, wanted: str) -> KustomizeError:
    found = _JSON_NAMES.get(type(value), "null")
    return KustomizeError(
        f"invalid Kustomization: json: cannot unmarshal {found} into Go struct field {where} of type {wanted}"
    )
