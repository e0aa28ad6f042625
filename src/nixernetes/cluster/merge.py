"""Structured merge: an applied configuration over a live object, field by field as the schema says."""

from __future__ import annotations

from nixernetes.cluster.fields import Fields, Schema, item_keys, list_kind
from nixernetes.objects.manifest import Json

__all__ = ["differing", "merge"]


def merge(live: Json, desired: Json, schema: Schema | None) -> Json:
    """Return the live value with the desired one merged over it; shares what it does not change."""
    if isinstance(live, dict) and isinstance(desired, dict) and not (schema is not None and schema.atomic_map):
        return _merge_map(live, desired, schema)
    if isinstance(live, list) and isinstance(desired, list) and schema is not None:
        kinds = {list_kind(live, schema), list_kind(desired, schema)}
        if kinds == {"map"}:
            return _merge_keyed(live, desired, schema)
        if kinds == {"set"}:
            return [*desired, *(item for item in live if item not in desired)]
    return live if live == desired and type(live) is type(desired) else desired


def _merge_map(live: dict[str, Json], desired: dict[str, Json], schema: Schema | None) -> dict[str, Json]:
    changed: dict[str, Json] = {}
    for name, value in desired.items():
        if name not in live:
            changed[name] = value
            continue
        merged = merge(live[name], value, schema.field(name) if schema is not None else None)
        if merged is not live[name]:
            changed[name] = merged
    return {**live, **changed} if changed else live


def _merge_keyed(live: list[Json], desired: list[Json], schema: Schema) -> list[Json]:
    """Merge keyed items: in the order of the live list, new ones in the order given."""
    items = schema.items()
    wanted = {item_keys(item, schema): item for item in desired}
    result = []
    for item in live:
        over = wanted.pop(item_keys(item, schema), None)
        result.append(item if over is None else merge(item, over, items))
    result += wanted.values()
    same = len(result) == len(live) and all(new is old for new, old in zip(result, live, strict=True))
    return live if same else result


def differing(live: Json, desired: Json, fields: Fields, schema: Schema | None) -> list[str]:
    """Return the paths (``.spec.replicas``) of those fields whose live and desired values differ."""
    return [path or "." for path in _differing(live, desired, fields, schema, "")]


def _differing(live: Json, desired: Json, fields: Fields, schema: Schema | None, path: str) -> list[str]:
    if not fields:
        return [] if live == desired else [path]
    found: list[str] = []
    for name, below in fields.items():
        kind, _, rest = name.partition(":")
        if kind == "f" and isinstance(live, dict) and isinstance(desired, dict) and rest in desired:
            child = schema.field(rest) if schema is not None else None
            found += _differing(live.get(rest), desired[rest], below, child, f"{path}.{rest}")
        elif kind == "k" and isinstance(live, list) and isinstance(desired, list) and schema is not None:
            one = next((item for item in live if item_keys(item, schema) == name), None)
            two = next((item for item in desired if item_keys(item, schema) == name), None)
            rest_fields = {part: value for part, value in below.items() if part != "."}
            if one is not None and two is not None and rest_fields:
                found += _differing(one, two, rest_fields, schema.items(), f"{path}[{rest}]")
    return found
