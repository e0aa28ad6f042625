"""Structured merge: an applied configuration over a live object, field by field as the schema says."""

from __future__ import annotations

from collections.abc import Callable, Iterator

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
