"""A built-in object as Go has it once it is decoded: with its defaults, and written as Go writes it.

A struct that Go has no pointer for is always there, if only as ``{}``; what is empty and marked ``omitempty`` is not;
other empty values are told as null, ``""`` or 0. Where something is filled in depends on nothing but its type, so that
each type has a plan that is made once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Final

from nixernetes.cluster.provided.conversions import CONVERTED
from nixernetes.cluster.wire.messages import SCALARS, MessageField, fields_of, message_of
from nixernetes.errors import InputError
from nixernetes.languages import quantities
from nixernetes.objects.manifest import Json, Manifest
from nixernetes.schemas.defaults import COMPUTED, DEFAULTS, holds

__all__ = ["completed"]

_QUANTITY: Final = "apimachinery.pkg.api.resource.Quantity"
_TIMES: Final = ("Time", "MicroTime")
_NOT_STRUCTS: Final = frozenset(("Duration", "IntOrString", "FieldsV1", "RawExtension", "JSON", *_TIMES))
_ZEROS: Final = {"string": "", "bytes": None, "bool": False, "double": 0}
_OMITTED: Final = frozenset(("creationTimestamp",))  # the one that is left out, and not null, where it is zero
_SERVERS: Final = ("apiVersion", "kind")


@dataclass(frozen=True, slots=True)
class _Plan:
    """What is done with a struct.

    Attributes:
        dropped: fields that are not there when they are empty.
        defaults: what is filled in where nothing is.
        computed: what is filled in depending on the rest; None for nothing.
        inner: how the values of fields are completed.
        written: what Go writes of fields that are not there.

    """

    dropped: frozenset[str]
    defaults: Mapping[str, Json]
    computed: Callable[[Json], Json] | None
    inner: Mapping[str, Callable[[Json], Json]]
    written: Mapping[str, Json]


def completed(manifest: Manifest) -> Manifest:
    """Return a built-in object with its defaults, as Go writes it; another one as it is."""
    message = message_of(manifest["apiVersion"], manifest["kind"])
    if message is None:
        return manifest
    found: Manifest = _struct(_plan(message), manifest)
    return found


def _struct(plan: _Plan, value: dict[str, Json]) -> dict[str, Json]:
    """Return the very same value where there is nothing to do."""
    found: dict[str, Json] = {}
    changed = False
    inner, dropped = plan.inner, plan.dropped
    for name, item in value.items():
        if item is None or (not item and name in dropped):
            changed = True
            continue
        complete = inner.get(name)
        if complete is not None:
            new = complete(item)
            changed = changed or new is not item
            found[name] = new
        else:
            found[name] = item
    changed |= bool(plan.defaults) and _fill(plan, found)
    if plan.computed is not None:
        for name, item in plan.computed(found).items():
            if found.get(name) != item:
                complete = inner.get(name)
                found[name] = complete(item) if complete is not None else item
                changed = True
    for name, item in plan.written.items():
        if name not in found:
            found[name] = item
            changed = True
    return found if changed else value


def _fill(plan: _Plan, found: dict[str, Json]) -> bool:
    """Fill in the defaults of a struct that depend on nothing; tell whether there were any to fill in."""
    changed = False
    for name, default in plan.defaults.items():
        mine = found.get(name)
        if mine is None:
            found[name] = default
            changed = True
        elif isinstance(default, dict) and isinstance(mine, dict) and holds(default, mine):
            found[name] = _filled(mine, default)
            changed = changed or found[name] is not mine
    return changed


def _filled(value: dict[str, Json], defaults: Mapping[str, Json]) -> dict[str, Json]:
    missing = {name: default for name, default in defaults.items() if value.get(name) in (None, "")}
    deeper = {
        name: filled
        for name, default in defaults.items()
        if isinstance(default, dict)
        and isinstance(value.get(name), dict)
        and (filled := _filled(value[name], default)) is not value[name]
    }
    return {**value, **missing, **deeper} if missing or deeper else value


@cache
def _plan(message: str) -> _Plan:
    short = message.rpartition(".")[2]
    dropped: set[str] = set()
    inner: dict[str, Callable[[Json], Json]] = {}
    written: dict[str, Json] = {}
    for field in _flat(message):
        complete = _completer(field)
        if complete is not None:
            inner[field.name] = complete
        if field.is_told:
            written[field.name] = None if field.many != "~" else _ZEROS.get(field.type_name, 0)
        if field.many in ("[]", "{}") or (field.many == "~" and field.type_name in SCALARS and not field.is_told):
            dropped.add(field.name)  # lists and maps go through protobuf, where an empty one is none
        if field.many == "~" and field.type_name not in SCALARS:
            _write_struct(field, written)
    computed = COMPUTED.get(short) or CONVERTED.get(short)  # no type has both
    return _Plan(frozenset(dropped), DEFAULTS.get(short, {}), computed, inner, written)


def _write_struct(field: MessageField, written: dict[str, Json]) -> None:
    """Note what Go writes of a struct, or of what stands for one, that is not there."""
    kind = field.type_name.rpartition(".")[2]
    if field.type_name == _QUANTITY:
        written[field.name] = "0"
    elif kind in _TIMES:
        if field.name not in _OMITTED:
            written[field.name] = None
    elif kind == "IntOrString":
        written[field.name] = 0
    elif _is_struct(field.type_name):
        written[field.name] = _struct(_plan(field.type_name), {})


def _is_struct(type_name: str) -> bool:
    kind = type_name.rpartition(".")[2]
    return kind not in _NOT_STRUCTS and not kind.startswith("JSON") and kind != "ExtraValue"


def _flat(message: str) -> list[MessageField]:
    """Return the fields of a struct, those of the structs inlined in it, too."""
    found: list[MessageField] = []
    for field in fields_of(message).values():
        if field.name:
            found.append(field)
        elif field.type_name not in SCALARS:
            found += _flat(field.type_name)
    return found


def _completer(field: MessageField) -> Callable[[Json], Json] | None:
    """Return how the value of a field is completed; None where it is taken as it is."""
    if field.type_name == _QUANTITY:
        one: Callable[[Json], Json] = _quantity
    elif field.type_name in SCALARS or not _is_struct(field.type_name):
        return None
    else:
        message = field.type_name

        def one(value: Json) -> Json:
            return _struct(_plan(message), value) if isinstance(value, dict) else value

    if field.many == "[]":
        return lambda value: _items(one, value)
    if field.many == "{}":
        return lambda value: _values(one, value)
    return one


def _items(one: Callable[[Json], Json], value: Json) -> Json:
    if not isinstance(value, list):
        return value
    items = [one(item) for item in value]
    return items if any(new is not old for new, old in zip(items, value, strict=True)) else value


def _values(one: Callable[[Json], Json], value: Json) -> Json:
    if not isinstance(value, dict):
        return value
    changed = {name: new for name, item in value.items() if (new := one(item)) is not item}
    return {**value, **changed} if changed else value


def _quantity(value: Json) -> Json:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return value
    text = _canonical(str(value))
    return value if text == value else text


@lru_cache(maxsize=4096)
def _canonical(text: str) -> str:
    try:
        return str(quantities.parse(text))
    except InputError:
        return text
