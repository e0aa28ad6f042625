"""Structured merge: an applied configuration over a live object, field by field as the schema says.

The rules are those of structured-merge-diff: maps are merged; lists by their keys, as sets, or as one value. Without a
schema a list is one value, and a map is merged.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from json.encoder import encode_basestring
from typing import Protocol

from nixernetes.objects.manifest import Json

__all__ = ["Schema", "item_keys", "list_kind", "merge"]

_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_DEFAULT_KEYS = {"protocol": "TCP"}  # of ports
_REFERENCE, _REFERENCE_KEY = ".LocalObjectReference", "name"  # what is meant is named ``""`` where nothing is


class Schema(Protocol):
    """What the walks ask of a schema; :class:`nixernetes.objects.schema.Field` fulfils it and says what is what."""

    @property
    def type_name(self) -> str:
        """The name of a built-in type; ``""`` for a map, and for what is custom."""
        ...

    @property
    def list_type(self) -> str:
        """How a list merges."""
        ...

    @property
    def list_map_keys(self) -> tuple[str, ...]:
        """The keys of a keyed list."""
        ...

    @property
    def atomic_map(self) -> bool:
        """Whether a map is one value."""
        ...

    def declares(self, name: str) -> bool:
        """Tell whether a map has this name as a field, and not just as one of its keys."""
        ...

    def field(self, name: str) -> Schema | None:
        """Return the schema of one field."""
        ...

    def items(self) -> Schema | None:
        """Return the schema of the items."""
        ...


def list_kind(value: list[Json], schema: Schema | None) -> str:
    """Return how a list merges: ``map``, ``set`` or ``atomic``."""
    if schema is None or schema.list_type not in ("map", "set"):
        return "atomic"
    if schema.list_type == "map" and not all(_has_keys(item, schema) for item in value):
        return "atomic"
    return schema.list_type


def item_keys(item: Json, schema: Schema) -> str:
    """Return the path element of an item of a keyed list."""
    keys = schema.list_map_keys
    if len(keys) == 1:  # as most lists have it
        value = item.get(keys[0])
        if type(value) is str:
            return f'k:{{"{keys[0]}":{encode_basestring(value)}}}'
    told = {key: item.get(key, _default_of(schema, key)) for key in sorted(keys)}
    return "k:" + _encode({key: value for key, value in told.items() if value is not None})


def merge(live: Json, desired: Json, schema: Schema | None) -> Json:
    """Return the live value with the desired one merged over it; shares what it does not change."""
    if isinstance(live, dict) and isinstance(desired, dict) and not (schema is not None and schema.atomic_map):
        return _merge_map(live, desired, schema)
    if isinstance(live, list) and isinstance(desired, list) and schema is not None:
        kinds = {list_kind(live, schema), list_kind(desired, schema)}
        if kinds == {"map"}:
            return _merge_keyed(live, desired, schema)
        if kinds == {"set"}:
            merged = [item for _, item in _ordered(live, desired, lambda item: item)]
            return live if merged == live else merged
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
    """Merge keyed items; those that were applied come in the order in which they were applied."""
    items = schema.items()
    wanted = {item_keys(item, schema): item for item in desired}
    known = {item_keys(item, schema): item for item in live}
    result = []
    for key, item in _ordered(live, desired, lambda item: item_keys(item, schema)):
        over = wanted.get(key)
        result.append(item if over is None else merge(known[key], over, items) if key in known else over)
    same = len(result) == len(live) and all(new is old for new, old in zip(result, live, strict=True))
    return live if same else result


def _ordered(live: list[Json], desired: list[Json], key_of: Callable[[Json], Json]) -> Iterator[tuple[Json, Json]]:
    """Yield the items of both lists with their keys, each key once, in the order in which the API server merges them.

    Both lists are walked side by side: an item of the live list alone comes where it is met, an applied one in its
    turn. A live item whose turn as an applied one is still to come is passed over (``visitListItems`` of
    structured-merge-diff/typed/merge.go, 4.6).
    """
    ours = [(key_of(item), item) for item in live]
    theirs = [(key_of(item), item) for item in desired]
    applied, present = {key for key, _ in theirs}, {key for key, _ in ours}
    shared = [key for key, _ in theirs if key in present]
    merged: set[Json] = set()
    at = turn = 0
    for key, item in theirs:
        while at < len(ours):
            other = ours[at][0]
            if other not in applied:
                yield ours[at]
            elif other == key or turn == len(shared) or shared[turn] == other:
                at += other == key or other in merged
                break
            at += 1
        turn += turn < len(shared) and shared[turn] == key
        merged.add(key)
        yield key, item
    yield from (each for each in ours[at:] if each[0] not in applied)


def _has_keys(item: Json, schema: Schema) -> bool:
    keys = schema.list_map_keys
    return (
        isinstance(item, dict)
        and bool(keys)
        and all(key in item or _default_of(schema, key) is not None for key in keys)
    )


def _default_of(schema: Schema, key: str) -> str | None:
    """Return what a key of an item is that has none."""
    if key == _REFERENCE_KEY:
        items = schema.items()
        return "" if items is not None and items.type_name.endswith(_REFERENCE) else None
    return _DEFAULT_KEYS.get(key)
