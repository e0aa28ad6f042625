"""Sets of fields, in the ``fieldsV1`` form that ``metadata.managedFields`` carries.

A set is a nested dict: ``f:<name>`` is a field of an object, ``k:<JSON of its keys>`` an item of a keyed list,
``v:<JSON>`` a member of a set. An empty dict is a member without any below it; ``.`` marks a member that has some.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Final

from nixernetes.languages.structured_merge import Schema
from nixernetes.objects.manifest import Json

__all__ = ["ITEM", "Fields", "difference", "intersection", "is_set", "join", "named", "paths", "union", "value_member"]

Fields = dict[str, Json]
ITEM: Final = "."
_DEEPEST: Final = 200  # no object is as deep


def is_set(found: object, depth: int = 0) -> bool:
    """Tell whether something that a client states is a set of fields (``fieldpath.Set.FromJSON``)."""
    if not isinstance(found, dict) or depth > _DEEPEST:
        return False
    return all((name == ITEM or _names_an_element(name)) and is_set(below, depth + 1) for name, below in found.items())


def _names_an_element(name: str) -> bool:
    kind, separator, rest = name.partition(":")
    if kind == "f" and separator:
        return True
    if kind not in ("k", "v", "i") or not separator:
        return False
    try:
        value = json.loads(rest)
    except (ValueError, RecursionError):
        return False
    return kind == "v" or isinstance(value, dict if kind == "k" else int)


def value_member(value: Json) -> str:
    """Return the path element of a member of a set."""
    return "v:" + json.dumps(value, separators=(",", ":"), sort_keys=True)


def join(below: Fields, *, is_member: bool) -> Fields:
    """Return the place of a path: with what is below it, and whether it is a member itself."""
    return {ITEM: {}, **below} if is_member and below else below


def _is_member(place: Fields) -> bool:
    return not place or ITEM in place


def union(one: Fields, other: Fields) -> Fields:
    """Return the fields of either set."""
    if not other or one is other:
        return one
    if not one:
        return other
    result = dict(one)
    for name, place in other.items():
        mine = result.get(name)
        result[name] = place if mine is None else _joined(mine, place)
    return result


def _joined(one: Fields, other: Fields) -> Fields:
    if one is other:
        return one
    is_member = _is_member(one) or _is_member(other)
    below = union(_below(one), _below(other))
    return join(below, is_member=is_member)


def _below(place: Fields) -> Fields:
    return {name: value for name, value in place.items() if name != ITEM} if ITEM in place else place


def difference(one: Fields, other: Fields) -> Fields:
    """Return the fields of the first set that are not in the second."""
    if not other:
        return one
    result: Fields = {}
    for name, place in one.items():
        theirs = other.get(name)
        if theirs is None:
            result[name] = place
            continue
        is_member = _is_member(place) and not _is_member(theirs)
        below = difference(_below(place), _below(theirs))
        if below or is_member:
            result[name] = join(below, is_member=is_member)
    return result


def intersection(one: Fields, other: Fields) -> Fields:
    """Return the fields that are in both sets."""
    result: Fields = {}
    for name, place in one.items():
        theirs = other.get(name)
        if theirs is None:
            continue
        is_member = _is_member(place) and _is_member(theirs)
        below = intersection(_below(place), _below(theirs))
        if below or is_member:
            result[name] = join(below, is_member=is_member)
    return result


def named(fields: Fields, schema: Schema | None) -> Fields:
    """Return a set to which the declared fields belong that have members below them (EnsureNamedFieldsAreMembers)."""
    result: Fields = {}
    for name, place in fields.items():
        if not place or name == ITEM:
            result[name] = place
            continue
        kind, _, rest = name.partition(":")
        inner = None if schema is None else schema.field(rest) if kind == "f" else schema.items()
        is_member = ITEM in place or (kind == "f" and schema is not None and schema.declares(rest))
        result[name] = join(named(_below(place), inner), is_member=is_member)
    return result


def paths(fields: Fields, prefix: str = "") -> Iterator[str]:
    """Yield the members of a set as messages spell them: ``.spec.ports[port=80,protocol="TCP"].name``."""
    for name, place in fields.items():
        if name == ITEM:
            continue
        path = prefix + _element(name)
        if _is_member(place):
            yield path
        yield from paths(place, path)


def _element(name: str) -> str:
    kind, _, rest = name.partition(":")
    if kind == "f":
        return f".{rest}"
    value = json.loads(rest)
    if kind == "k":
        parts = (f"{key}={json.dumps(each, ensure_ascii=False)}" for key, each in sorted(value.items()))
        return f"[{','.join(parts)}]"
    return f"[={json.dumps(value, ensure_ascii=False)}]"
