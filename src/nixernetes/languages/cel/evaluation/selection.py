"""``a.b``, ``a[b]``, ``a.?b``, ``a[?b]`` and ``has(a.b)`` (cel-go ``interpreter/attributes.go``).

What is not a map or a list has no keys: ``null.x`` is the error "no such key: x", ``has(null.x)`` is false. Behind an
optional selection the rest of a chain is optional too.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from nixernetes.languages.cel.equality import has_key, is_list, is_map, lookup
from nixernetes.languages.cel.errors import EvaluationError, no_such_key, spelled
from nixernetes.languages.cel.evaluation.steps import Frame, Step
from nixernetes.languages.cel.values import NONE, Opaque, OptionalValue, UInt, Value, type_name

__all__ = ["field", "fields", "index", "of_local", "optional_index", "presence"]


class _Missing:
    """What a lookup gives for what is not there."""

    __slots__ = ()


_MISSING: Final = _Missing()


def fields(operand: Step, names: tuple[str, ...]) -> Step:
    """Return a step that follows a chain of names; all of a chain in one step, since it is what most programs do."""
    if len(names) == 1:
        return _one(operand, names[0])

    def follow(frame: Frame) -> Value:
        value = operand(frame)
        for name in names:
            if value.__class__ is dict:
                try:
                    value = value[name]
                except KeyError:
                    raise no_such_key(name) from None
            else:
                value = _chosen(value, name)
        return value

    return follow


def _one(operand: Step, name: str) -> Step:
    def select(frame: Frame) -> Value:
        value = operand(frame)
        if value.__class__ is dict:
            try:
                return value[name]
            except KeyError:
                raise no_such_key(name) from None
        return _chosen(value, name)

    return select


def of_local(slot: int, name: str) -> Step:
    """Return a step for a field of a loop's variable."""

    def select(frame: Frame) -> Value:
        value = frame[slot]
        if value.__class__ is dict:
            try:
                return value[name]
            except KeyError:
                raise no_such_key(name) from None
        return _chosen(value, name)

    return select


def field(operand: Step, name: str) -> Step:
    """Return a step for ``operand.?name``."""

    def select(frame: Frame) -> Value:
        return _optionally(operand(frame), name, _part)

    return select


def presence(operand: Step, name: str) -> Step:
    """Return a step for ``has(operand.name)``."""

    def present(frame: Frame) -> bool:
        value = operand(frame)
        if value.__class__ is dict:
            return name in value
        if value.__class__ is OptionalValue:
            value = value.value
        return has_key(value, name) if is_map(value) else _part(value, name) is not _MISSING

    return present


def index(operand: Step, key: Step) -> Step:
    """Return a step for ``operand[key]``."""

    def at(frame: Frame) -> Value:
        value, wanted = operand(frame), key(frame)
        if value.__class__ is dict and wanted.__class__ is str:
            try:
                return value[wanted]
            except KeyError:
                raise no_such_key(wanted) from None
        return _element(value, wanted)

    return at


def optional_index(operand: Step, key: Step) -> Step:
    """Return a step for ``operand[?key]``."""

    def at(frame: Frame) -> Value:
        return _optionally(operand(frame), key(frame), _item)

    return at


def _chosen(value: Value, name: str) -> Value:
    if value.__class__ is OptionalValue:
        return _optionally(value, name, _part)
    found = _part(value, name)
    if found is _MISSING:
        raise no_such_key(name)
    return found


def _element(value: Value, wanted: Value) -> Value:
    if value.__class__ is OptionalValue:
        return _optionally(value, wanted, _item)
    found = _item(value, wanted)
    if found is _MISSING:
        if is_list(value):
            raise EvaluationError(f"index out of bounds: {spelled(wanted)}")
        if not is_map(value):
            raise EvaluationError("no such overload")
        raise no_such_key(wanted)
    return found


def _optionally(value: Value, wanted: Value, find: Callable[[Value, Value], Value]) -> Value:
    if value.__class__ is OptionalValue:
        if not value.present:
            return NONE
        value = value.value
    found = find(value, wanted)
    return NONE if found is _MISSING else OptionalValue(found)


def _part(value: Value, name: Value) -> Value:
    """Return the value of a key of a map, or that it is missing."""
    if value.__class__ is dict:
        return value.get(name, _MISSING)
    if isinstance(value, Opaque):
        return getattr(value, "fields", {}).get(name, _MISSING)
    return _item(value, name) if is_map(value) or is_list(value) else _MISSING


def _item(value: Value, wanted: Value) -> Value:
    if is_map(value):
        found, item = lookup(value, wanted)
        return item if found else _MISSING
    if not is_list(value):
        return _MISSING
    position = _position(wanted)
    return value[position] if 0 <= position < len(value) else _MISSING


def _position(wanted: Value) -> int:
    if wanted.__class__ is int or wanted.__class__ is UInt:
        return int(wanted)
    if wanted.__class__ is float:
        if wanted == wanted // 1:
            return int(wanted)
        raise EvaluationError(f"unsupported index value {wanted:g} in list")
    raise EvaluationError(f"unsupported index type '{type_name(wanted)}' in list")
