"""The fields in which two states of an object differ; items of lists are matched by their merge keys."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from nixernetes.objects import schema
from nixernetes.objects.fields import text_at
from nixernetes.objects.identity import group_kind
from nixernetes.objects.kinds import SECRET
from nixernetes.objects.manifest import Json, Manifest
from nixernetes.objects.schema import Field
from nixernetes.verify.places import FieldPath

__all__ = ["ABSENT", "FieldChange", "changed_fields"]

_NAMES: Final = ("name", "id", "key", "host", "mountPath", "containerPort", "port")
_MAX_DEPTH: Final = 60


class _Absent:
    """A field that is not there; null is a value."""

    def __repr__(self) -> str:
        return "(not set)"

    def __bool__(self) -> bool:
        return False


ABSENT: Final = _Absent()


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldChange:
    """One field that differs.

    Attributes:
        path: where it is; an item of a list that is matched by a key stands as ``[name=web]``.
        before: what was there, or ``ABSENT``.
        after: what is there now, or ``ABSENT``.
        place: the path as names and numbers in the new state; in the old one where the field is gone.

    """

    path: str
    before: Json
    after: Json
    place: FieldPath = ()


def changed_fields(base: Manifest, head: Manifest, before: Manifest, after: Manifest) -> tuple[FieldChange, ...]:
    """Return the fields that differ, in the order of their paths.

    Args:
        base: the object as it was written, for its kind and version.
        head: the object as it is written now.
        before: the object as it was stored.
        after: the object as it is stored now.

    """
    root = schema.of(text_at(head, "apiVersion"), text_at(head, "kind"))
    found = list(_different(root, before, after, "", (), 0))
    if SECRET in (group_kind(base), group_kind(head)):
        found = [_hidden(each) for each in found]
    return tuple(sorted(found, key=lambda each: each.path))


def _hidden(change: FieldChange) -> FieldChange:
    """Return a change of a Secret without what is in it: that it changed still shows."""
    if change.place[:1] not in (("data",), ("stringData",)):
        return change
    return FieldChange(
        path=change.path,
        before=change.before if change.before is ABSENT else "*** (before)",
        after=change.after if change.after is ABSENT else "*** (after)",
        place=change.place,
    )


def _different(
    field: Field | None, before: Json, after: Json, path: str, place: FieldPath, depth: int
) -> Iterator[FieldChange]:
    if before is after or (type(before) is type(after) and before == after):
        return
    if depth < _MAX_DEPTH and isinstance(before, dict) and isinstance(after, dict):
        for name in sorted({*before, *after}, key=str):
            inner = field.field(str(name)) if field is not None else None
            below = f"{path}.{_step(name)}" if path else _step(name)
            yield from _different(
                inner, before.get(name, ABSENT), after.get(name, ABSENT), below, (*place, str(name)), depth + 1
            )
    elif depth < _MAX_DEPTH and isinstance(before, list) and isinstance(after, list):
        yield from _different_items(field, before, after, path, place, depth)
    else:
        yield FieldChange(path=path, before=before, after=after, place=place)


def _step(name: Json) -> str:
    text = str(name)
    return f"[{text}]" if "." in text or "/" in text else text


def _different_items(
    field: Field | None, before: list[Json], after: list[Json], path: str, place: FieldPath, depth: int
) -> Iterator[FieldChange]:
    inner = field.items() if field is not None else None
    keys = _keys(field, before, after)
    if not keys:
        for number in range(max(len(before), len(after))):
            old = before[number] if number < len(before) else ABSENT
            new = after[number] if number < len(after) else ABSENT
            yield from _different(inner, old, new, f"{path}[{number}]", (*place, number), depth + 1)
        return
    olds = {_key(item, keys): (number, item) for number, item in enumerate(before)}
    news = {_key(item, keys): (number, item) for number, item in enumerate(after)}
    for key in dict.fromkeys((*olds, *news)):
        number, old = olds.get(key, (0, ABSENT))
        where, new = news.get(key, (number, ABSENT))
        shown = ",".join(f"{name}={value}" for name, value in zip(keys, key, strict=True) if value != "")
        yield from _different(inner, old, new, f"{path}[{shown}]", (*place, where), depth + 1)
    order = [key for key in news if key in olds]
    if list(olds.keys() & news.keys()) and order != [key for key in olds if key in news]:
        yield FieldChange(path=f"{path} (order)", before=_names(olds, order), after=_names(news, order), place=place)


def _names(items: Mapping[tuple[Json, ...], object], common: list[tuple[Json, ...]]) -> str:
    return ", ".join(str(key[0]) for key in items if key in common)


def _keys(field: Field | None, before: list[Json], after: list[Json]) -> tuple[str, ...]:
    """Return the fields that tell items apart: of the schema, else a usual one that each item has and none shares."""
    items = [*before, *after]
    if not items or not all(isinstance(item, dict) for item in items):
        return ()
    given = (field.list_map_keys or ((field.merge_key,) if field.merge_key else ())) if field is not None else ()
    candidates = [given] if given else []
    candidates += [(name,) for name in _NAMES]
    for keys in candidates:
        if all(keys[0] in item for item in items) and all(_is_distinct(side, keys) for side in (before, after)):
            return keys
    return ()


def _is_distinct(items: list[Json], keys: tuple[str, ...]) -> bool:
    found = [_key(item, keys) for item in items]
    return len(set(found)) == len(found)


def _key(item: Json, keys: tuple[str, ...]) -> tuple[Json, ...]:
    return tuple(repr(value) if isinstance(value := item.get(name, ""), dict | list) else value for name in keys)
