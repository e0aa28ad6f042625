"""Strategic merge patches, as an API server applies them: lists merge by key where their type says so.

After apimachinery v0.34.4, ``pkg/util/strategicpatch/patch.go`` (``StrategicMergeMapPatch``). Kustomize's own merges
are of another kind (``languages/kyaml``).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from nixernetes.errors import InputError
from nixernetes.languages.go_values import go_value
from nixernetes.objects.manifest import Json
from nixernetes.objects.schema import Field

__all__ = ["MalformedPatchError", "strategic_merged"]

_DIRECTIVE: Final = "$patch"
_RETAIN: Final = "$retainKeys"
_ORDER: Final = "$setElementOrder"
_DELETE_FROM: Final = "$deleteFromPrimitiveList"
_MOST_DEPTH: Final = 200

_Map = dict[str, Json]
_List = list[Json]


class MalformedPatchError(InputError):
    """A directive that does not have the form of one: the client's mistake, and told as such."""


def strategic_merged(original: Json, patch: Json, field: Field | None) -> Json:
    """Return an object with a strategic merge patch applied.

    The arguments are left alone; the result shares what it does not change.

    Args:
        original: the object.
        patch: the patch.
        field: the type of the object; None where nothing is known of it.

    Raises:
        MalformedPatchError: a directive is malformed.
        InputError: the patch cannot be applied; the words are the server's.

    """
    return _map(dict(original), dict(patch), field, 0)


def _map(original: _Map, patch: _Map, field: Field | None, depth: int) -> _Map:
    if depth > _MOST_DEPTH:
        raise InputError("the patch is nested too deeply")
    if _DIRECTIVE in patch:
        return _directed(patch)
    original = _retained(original, patch)
    _ordered(original, patch, field, depth)
    for name, value in patch.items():
        if name.startswith(_DELETE_FROM):
            _delete_from(original, name, value)
            continue
        kept = None if value is None else _merged(original.get(name), value, field, name, depth)
        if kept is None:
            original.pop(name, None)
        else:
            original[name] = kept
    return original


def _merged(mine: Json, value: Json, field: Field | None, name: str, depth: int) -> Json:
    """Return the new value of one field; None where nothing is left of it."""
    inner = field.field(name) if field is not None else None
    if isinstance(mine, dict) and isinstance(value, dict):
        if inner is not None and "replace" in inner.patch_strategy:
            return value
        return _map(dict(mine), dict(value), inner, depth + 1)
    if isinstance(mine, list) and isinstance(value, list):
        return _list(mine, value, inner, depth)
    return _without_directives(_without_nulls(value))


def _delete_from(original: _Map, directive: str, gone: Json) -> None:
    """Take values out of a list of them."""
    name = _key(directive, _DELETE_FROM, "primitive list")
    mine = original.get(name)
    if isinstance(mine, list) and isinstance(gone, list):
        original[name] = [item for item in mine if item not in gone]


def _directed(patch: _Map) -> _Map:
    """Return what a map with a directive becomes."""
    what = patch[_DIRECTIVE]
    if what == "replace":
        return {name: value for name, value in patch.items() if name != _DIRECTIVE}
    if what == "delete":
        return {}
    raise InputError(f"unknown patch type: {go_value(what)} in map: {go_value(patch)}")


def _retained(original: _Map, patch: _Map) -> _Map:
    """Return a map with those keys alone that the patch wants to keep."""
    if _RETAIN not in patch:
        return original
    keys = patch.pop(_RETAIN)
    stray = isinstance(keys, list) and any(
        value is not None and name not in keys and not name.startswith((_DELETE_FROM, _ORDER))
        for name, value in patch.items()
    )
    if not isinstance(keys, list) or stray:
        raise MalformedPatchError("invalid patch format of retainKeys")
    return {name: value for name, value in original.items() if name in keys}


def _ordered(original: _Map, patch: _Map, field: Field | None, depth: int) -> None:
    """Merge the lists whose order the patch states, and put them in that order."""
    for directive in [name for name in patch if name.startswith(_ORDER)]:
        order = patch.pop(directive)
        name = _key(directive, _ORDER, "setElementOrder list")
        if not isinstance(order, list):
            raise InputError(f"expected a []interface {{}}, but received a {_go_type(order)}")
        mine, new = original.get(name), patch.get(name)
        for each in (mine, new):
            if each is not None and not isinstance(each, list):
                raise InputError(f"expected a []interface {{}}, but received a {_go_type(each)}")
        inner = field.field(name) if field is not None else None
        key = inner.merge_key if inner is not None else ""
        if new:
            _check_order(new, order, key)
        if mine is None and new is None:
            continue
        if mine is None:
            merged = _without_directives(new)
        elif new is None:
            merged = mine
        else:
            merged = _list(mine, new, inner, depth)
        original[name] = _arranged(merged, order, mine or [], key)
        patch.pop(name, None)


def _key(name: str, prefix: str, what: str) -> str:
    head, slash, rest = name.partition("/")
    if head != prefix or not slash:
        raise MalformedPatchError(f"invalid patch format of {what}")
    return rest


def _check_order(new: _List, order: _List, key: str) -> None:
    """Refuse a list whose items do not come in the order that the patch states."""
    if not order:
        return
    at = 0
    items = [item for item in new if not (isinstance(item, dict) and _DIRECTIVE in item)]
    for wanted in order:
        if at < len(items) and _same(items[at], wanted, key):
            at += 1
    if at < len(items):
        told = f"The order in patch list:\n{go_value(new)}\n doesn't match {_ORDER} list:\n{go_value(order)}\n"
        raise InputError(told)


def _list(original: _List, patch: _List, field: Field | None, depth: int) -> _List:
    """Return two lists as one: by key, as sets, or the patch alone, as the type of the list has it."""
    if field is None or "merge" not in field.patch_strategy:
        return patch
    if not original and not patch:
        return original
    _check_items([*original, *patch])
    if not isinstance(next(iter([*original, *patch])), dict):
        merged = list(_unique([*original, *patch]))
        return _arranged(merged, patch, original, "")
    key = field.merge_key
    if not key:
        raise InputError(f"cannot merge lists without merge key for {field.type_name}")
    original, new = _with_special_items(original, patch, key)
    merged = list(original)
    items = field.items()
    for item in new:
        value = _value_of(item, key)
        at = next((number for number, each in enumerate(merged) if _has(each, key, value)), None)
        if at is None:
            merged.append(item)
        else:
            merged[at] = _map(dict(merged[at]), dict(item), items, depth + 1)
    return _arranged(merged, new, original, key)


def _with_special_items(original: _List, patch: _List, key: str) -> tuple[_List, _List]:
    """Return both lists, the items with directives carried out: some are deleted, or all are replaced."""
    plain: _List = []
    replaces = False
    for item in patch:
        if _DIRECTIVE not in item:
            plain.append(item)
            continue
        what = item[_DIRECTIVE]
        if what == "delete":
            value = _value_of(item, key)
            original = [each for each in original if not _has(each, key, value)]
        elif what == "replace":
            replaces = True
        elif what == "merge":
            raise InputError("merging lists cannot yet be specified in the patch")
        else:
            raise InputError(f"unknown patch type: {go_value(what)} in map: {go_value(item)}")
    return (plain, []) if replaces else (original, plain)


def _arranged(merged: _List, order: _List, before: _List, key: str) -> _List:
    """Return a list in order: what the patch names as it names it, the rest as it stood, between its neighbours."""
    named = [item for item in merged if _index(order, item, key) >= 0]
    rest = [item for item in merged if _index(order, item, key) < 0]
    named.sort(key=lambda item: _index(order, item, key))
    rest.sort(key=lambda item: _index(before, item, key))
    result: _List = []
    left, right = 0, 0
    while left < len(rest) and right < len(named):
        mine, theirs = _index(before, rest[left], key), _index(before, named[right], key)
        if 0 <= mine < theirs:
            result.append(rest[left])
            left += 1
        else:
            result.append(named[right])
            right += 1
    return [*result, *rest[left:], *named[right:]]


def _index(items: Sequence[Json], wanted: Json, key: str) -> int:
    return next((number for number, item in enumerate(items) if _same(item, wanted, key)), -1)


def _same(one: Json, two: Json, key: str) -> bool:
    if not key:
        return bool(one == two)
    return bool(_value_of(one, key) == _value_of(two, key))


def _has(item: Json, key: str, value: Json) -> bool:
    return isinstance(item, dict) and key in item and item[key] == value


def _value_of(item: Json, key: str) -> Json:
    if not isinstance(item, dict) or key not in item:
        raise InputError(f"map: {go_value(item)} does not contain declared merge key: {key}")
    return item[key]


def _check_items(items: _List) -> None:
    kinds = {type(item) for item in items}
    if list in kinds:
        raise InputError("lists of lists are not supported")
    if len(kinds) > 1:
        raise InputError(f"list element types are not identical: {go_value(items)}")


def _unique(items: Iterable[Json]) -> Iterable[Json]:
    seen: _List = []
    for item in items:
        if item not in seen:
            seen.append(item)
            yield item


def _without_directives(value: Json) -> Json:
    """Return a new value without the parts that are directives; None where it is one itself."""
    if isinstance(value, dict):
        if _DIRECTIVE in value:
            return None
        cleaned = {name: _without_directives(item) for name, item in value.items()}
        return {name: item for name, item in cleaned.items() if item is not None or value[name] is None}
    if isinstance(value, list):
        kept = [(item, _without_directives(item)) for item in value]
        return [new for old, new in kept if new is not None or old is None]
    return value


def _without_nulls(value: Json) -> Json:
    """Return a new value without the nulls of its maps, which have nothing to delete."""
    if not isinstance(value, dict):
        return value
    return {name: _without_nulls(item) for name, item in value.items() if item is not None}


def _go_type(value: Json) -> str:
    if isinstance(value, dict):
        return "map[string]interface {}"
    names = {str: "string", bool: "bool", int: "int64", float: "float64", list: "[]interface {}"}
    return names.get(type(value), "%!s(<nil>)")
