"""Sets of fields, in the ``fieldsV1`` form that ``metadata.managedFields`` carries.

A set is a nested dict: ``f:<name>`` is a field of an object, ``k:<JSON of its keys>`` an item of a keyed list,
``v:<JSON>`` a member of a set; ``{}`` is a leaf, that is a whole value; ``.`` stands for an item itself. What is one
value and what is taken apart follows the schema (structured-merge-diff: atomic lists and maps are leaves; lists without
a schema are atomic, maps without one are not).
"""

from __future__ import annotations

import json

from nixernetes.languages.structured_merge import Schema, item_keys, list_kind
from nixernetes.objects.manifest import Json

__all__ = ["Fields", "difference", "of", "overlap", "remove", "union"]

Fields = Json
ITEM = "."


def member(value: Json) -> str:
    """Return the path element of a member of a set."""
    return "v:" + json.dumps(value, separators=(",", ":"), sort_keys=True)


def of(value: Json, schema: Schema | None) -> Fields:
    """Return the set of all fields of a value."""
    if isinstance(value, dict) and not (schema is not None and schema.atomic_map):
        return {f"f:{k}": of(v, schema.field(k) if schema is not None else None) for k, v in value.items()}
    if isinstance(value, list) and schema is not None:
        kind = list_kind(value, schema)
        if kind == "map":
            items = schema.items()
            return {item_keys(item, schema): {ITEM: {}, **of(item, items)} for item in value}
        if kind == "set":
            return {member(item): {} for item in value}
    return {}


def union(one: Fields, other: Fields) -> Fields:
    """Return the fields of either set."""
    result = dict(one)
    for name, below in other.items():
        result[name] = union(result[name], below) if name in result else below
    return result


def difference(one: Fields, other: Fields) -> Fields:
    """Return the fields of the first set that are not in the second."""
    result = {}
    for name, below in one.items():
        if name not in other:
            result[name] = below
        elif below:
            rest = difference(below, other[name])
            if rest:
                result[name] = rest
    return result


def overlap(one: Fields, other: Fields) -> Fields:
    """Return the fields that are in both sets; a whole value counts as all that is below it."""
    result = {}
    for name, below in one.items():
        if name in other:
            above = other[name]
            result[name] = overlap(below, above) if below and above else below or above
            if below and above and not result[name]:
                del result[name]
    return result


def remove(value: Json, fields: Fields, schema: Schema | None) -> Json:
    """Return a copy of a value without the given fields; containers that become empty by that go, too."""
    if isinstance(value, dict):
        return _remove_from_map(value, fields, schema)
    if isinstance(value, list) and schema is not None:
        return _remove_from_list(value, fields, schema)
    return value


def _remove_from_map(value: dict[str, Json], fields: Fields, schema: Schema | None) -> dict[str, Json]:
    result = {}
    for name, item in value.items():
        gone = fields.get(f"f:{name}")
        if gone is None:
            result[name] = item
        elif gone:
            rest = remove(item, gone, schema.field(name) if schema is not None else None)
            if rest or rest == item:
                result[name] = rest
    return result


def _remove_from_list(value: list[Json], fields: Fields, schema: Schema) -> list[Json]:
    kind = list_kind(value, schema)
    if kind == "set":
        return [item for item in value if member(item) not in fields]
    if kind != "map":
        return value
    result, items = [], schema.items()
    for item in value:
        gone = fields.get(item_keys(item, schema))
        if gone is None:
            result.append(item)
        elif ITEM not in gone:
            result.append(remove(item, gone, items))
        else:
            rest = remove(item, gone, items)
            if set(rest) - set(schema.list_map_keys):
                result.append(rest)
    return result
