"""Walks over objects: the fields that they have, how two differ, what is left without some (typed/*.go)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, NamedTuple

from nixernetes.cluster.ownership.sets import ITEM, Fields, join, value_member
from nixernetes.languages.structured_merge import Schema, item_keys, list_kind
from nixernetes.objects.manifest import Json

__all__ = ["FieldComparison", "compare", "fields_of", "without"]


class _Absent:
    """What is not there, which null is not."""


_ABSENT: Final = _Absent()
_Side = Json


class FieldComparison(NamedTuple):
    """How two objects differ."""

    added: Fields
    removed: Fields
    modified: Fields

    @property
    def is_same(self) -> bool:
        """Whether they do not."""
        return not (self.added or self.removed or self.modified)


def fields_of(value: dict[str, Json], schema: Schema | None) -> Fields:
    """Return the fields that an applied configuration has (``ToFieldSet``)."""
    return _below(value, schema)


def _below(value: dict[str, Json], schema: Schema | None) -> Fields:
    found: Fields = {}
    for name, item in value.items():
        if isinstance(item, dict | list) and item:
            is_member, below = _place(item, schema.field(name) if schema is not None else None)
            if not is_member and (schema is None or not schema.declares(name)):
                is_member = True
            if is_member or below:
                found[f"f:{name}"] = join(below, is_member=is_member)
        elif item != [] or schema is None or not _is_granular_list(schema, name):
            found[f"f:{name}"] = {}
    return found


def _is_granular_list(schema: Schema, name: str) -> bool:
    """Tell whether a field is a list whose items are told apart: an empty one has nothing that can be owned."""
    inner = schema.field(name)
    return inner is not None and inner.list_type in ("map", "set") and schema.declares(name)


def _place(value: Json, schema: Schema | None) -> tuple[bool, Fields]:
    if isinstance(value, dict):
        return (True, {}) if schema is not None and schema.atomic_map else (False, _below(value, schema))
    if isinstance(value, list):
        kind = list_kind(value, schema)
        if kind == "atomic" or schema is None:
            return True, {}
        if kind == "set":
            return False, {value_member(item): {} for item in value}
        items = schema.items()
        return False, {item_keys(item, schema): join(_place(item, items)[1], is_member=True) for item in value}
    return value is not None, {}


def compare(old: dict[str, Json], new: dict[str, Json], schema: Schema | None) -> FieldComparison:
    """Return how one object differs from another (``Compare``)."""
    found = FieldComparison({}, {}, {})
    if old is not new:
        _compare_maps(old, new, schema, found)
    return found


def _compare_maps(old: dict[str, Json], new: dict[str, Json], schema: Schema | None, found: FieldComparison) -> None:
    for name, value in new.items():
        before = old.get(name, _ABSENT)
        if before is not value:
            _compare(before, value, schema.field(name) if schema is not None else None, f"f:{name}", found)
    for name, value in old.items():
        if name not in new:
            _compare(value, _ABSENT, schema.field(name) if schema is not None else None, f"f:{name}", found)


def _compare(old: _Side, new: _Side, schema: Schema | None, name: str, found: FieldComparison) -> None:
    """Note how one place differs."""
    is_map = _may_be(old, dict) and _may_be(new, dict) and (isinstance(old, dict) or isinstance(new, dict))
    is_list = _may_be(old, list) and _may_be(new, list) and (isinstance(old, list) or isinstance(new, list))
    if is_map and not (schema is not None and schema.atomic_map) and (old or new) and _has_any(old, new):
        below = FieldComparison({}, {}, {})
        _compare_maps(old if isinstance(old, dict) else {}, new if isinstance(new, dict) else {}, schema, below)
    elif is_list and schema is not None and _has_any(old, new) and _is_granular(old, new, schema):
        below = FieldComparison({}, {}, {})
        _compare_lists(old if isinstance(old, list) else [], new if isinstance(new, list) else [], schema, below)
    else:
        if old is _ABSENT:
            found.added[name] = {}
        elif new is _ABSENT:
            found.removed[name] = {}
        elif not _is_equal(old, new):
            found.modified[name] = {}
        return
    is_new, is_gone = old is _ABSENT, new is _ABSENT
    if below.added or is_new:
        found.added[name] = join(below.added, is_member=is_new)
    if below.removed or is_gone:
        found.removed[name] = join(below.removed, is_member=is_gone)
    if below.modified:
        found.modified[name] = below.modified


def _may_be(value: _Side, kind: type) -> bool:
    return value is _ABSENT or value is None or isinstance(value, kind)


def _has_any(old: _Side, new: _Side) -> bool:
    return any(isinstance(each, dict | list) and each for each in (old, new))


def _is_granular(old: _Side, new: _Side, schema: Schema) -> bool:
    sides = [each for each in (old, new) if isinstance(each, list) and each]
    return all(list_kind(each, schema) != "atomic" for each in sides)


def _compare_lists(old: list[Json], new: list[Json], schema: Schema, found: FieldComparison) -> None:
    is_set = schema.list_type == "set"
    name_of = value_member if is_set else lambda item: item_keys(item, schema)
    before, after = {name_of(item): item for item in old}, {name_of(item): item for item in new}
    if len(before) != len(old) or len(after) != len(new):
        _compare_twice(old, new, name_of, found)
    items = schema.items()
    for name, item in after.items():
        if name in found.added or name in found.removed or name in found.modified:
            continue
        one = before.get(name, _ABSENT)
        if one is not item:
            _compare(one, item, items, name, found)
    for name, item in before.items():
        if name not in after and name not in found.removed:
            _compare(item, _ABSENT, items, name, found)


def _compare_twice(old: list[Json], new: list[Json], name_of: Callable[[Json], str], found: FieldComparison) -> None:
    """Compare what the keys of a list stand for that it has more than once: each is one value then."""
    before, after = _by_name(old, name_of), _by_name(new, name_of)
    for name in {**before, **after}:
        one, other = before.get(name, []), after.get(name, [])
        if len(one) < 2 and len(other) < 2:  # no key is there twice
            continue
        if not one:
            found.added[name] = {}
        elif not other:
            found.removed[name] = {}
        elif one != other:
            found.modified[name] = {}


def _by_name(items: list[Json], name_of: Callable[[Json], str]) -> dict[str, list[Json]]:
    rows: dict[str, list[Json]] = {}
    for item in items:
        rows.setdefault(name_of(item), []).append(item)
    return rows


def _is_equal(one: Json, other: Json) -> bool:
    return bool(one == other) and isinstance(one, bool) is isinstance(other, bool)


def without(value: Json, fields: Fields, schema: Schema | None) -> Json:
    """Return a value without the members of a set (``RemoveItems``); None where nothing is left of it."""
    if not fields:
        return value
    if isinstance(value, dict) and value:
        left = {}
        for name, item in value.items():
            place = fields.get(f"f:{name}")
            if place is None:
                left[name] = item
            elif place and ITEM not in place:
                rest = without(item, place, schema.field(name) if schema is not None else None)
                if rest is not None:
                    left[name] = rest
        return left or None
    if isinstance(value, list) and value and schema is not None and schema.list_type in ("map", "set"):
        is_set, items, rows = schema.list_type == "set", schema.items(), []
        for item in value:
            place = fields.get(value_member(item) if is_set else item_keys(item, schema))
            if place is None:
                rows.append(item)
            elif place and ITEM not in place:
                rows.append(without(item, place, items))
        return rows or None
    return value
