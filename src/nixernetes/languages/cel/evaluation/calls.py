"""Calls: which overload takes the values at hand (cel-go ``common/decls``).

A place in a program nearly always sees values of the same classes, so what was chosen for them is kept there.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

from nixernetes.languages.cel.budget import Meter
from nixernetes.languages.cel.errors import EvaluationError
from nixernetes.languages.cel.evaluation.steps import Frame, Step
from nixernetes.languages.cel.functions import Implementation, Overload
from nixernetes.languages.cel.types import Type
from nixernetes.languages.cel.values import NONE, OptionalValue, Value, type_name

__all__ = ["call", "or_optional", "or_value"]

_SIZED = frozenset({str, bytes, list, tuple})
_LONG = 500  # characters or elements; what works on more is charged for
_MOST_KNOWN = 64  # combinations of classes kept at one place

_Chosen: TypeAlias = tuple[Implementation, bool]


class _Site:
    """One place where a function is called; ``known`` has what was chosen, by the classes of the arguments."""

    __slots__ = ("_name", "_overloads", "known")

    def __init__(self, name: str, overloads: Sequence[Overload]) -> None:
        self._name = name
        self._overloads = overloads
        self.known: dict[tuple[type, ...], _Chosen] = {}

    def chosen(self, *values: Value) -> _Chosen:
        """Choose the implementation for some values, and whether it takes the meter; keep it for their classes."""
        names = [type_name(value) for value in values]
        for overload in self._overloads:
            if len(overload.parameters) == len(names) and all(map(_takes, overload.parameters, names)):
                found = overload.implementation, overload.metered
                if len(self.known) < _MOST_KNOWN:
                    self.known[tuple(value.__class__ for value in values)] = found
                return found
        if self._name.startswith("_") or self._name.endswith("_"):
            raise EvaluationError("no such overload")
        if self._name == "size":  # it is one function for all that has a size, and not one for each type
            raise EvaluationError("no such overload: size")
        raise EvaluationError(f"no such overload: {self._name}({', '.join(names)})")


def _takes(parameter: Type, name: str) -> bool:
    return parameter.parameter or parameter.name in {"dyn", name}


def _charge(meter: Meter, value: Value) -> None:
    if value.__class__ in _SIZED and len(value) > _LONG:
        meter.charge(len(value) // 100)


def call(name: str, overloads: Sequence[Overload], arguments: Sequence[Step]) -> Step:
    """Return the step of a call; the target of a method is the first argument."""
    site = _Site(name, overloads)
    if len(arguments) == 1:
        return _unary(site, arguments[0])
    if len(arguments) == 2:
        return _binary(site, arguments[0], arguments[1])

    known = site.known

    def several(frame: Frame) -> Value:
        meter = frame[0]
        values = [argument(frame) for argument in arguments]
        chosen = known.get(tuple(value.__class__ for value in values)) or site.chosen(*values)
        for value in values:
            _charge(meter, value)
        return chosen[0](meter, *values) if chosen[1] else chosen[0](*values)

    return several


def _unary(site: _Site, argument: Step) -> Step:
    known = site.known

    def apply(frame: Frame) -> Value:
        value = argument(frame)
        chosen = known.get((value.__class__,)) or site.chosen(value)
        if value.__class__ in _SIZED and len(value) > _LONG:
            frame[0].charge(len(value) // 100)
        return chosen[0](frame[0], value) if chosen[1] else chosen[0](value)

    return apply


def _binary(site: _Site, first: Step, second: Step) -> Step:
    known = site.known

    def apply(frame: Frame) -> Value:
        one, other = first(frame), second(frame)
        chosen = known.get((one.__class__, other.__class__)) or site.chosen(one, other)
        if one.__class__ in _SIZED and len(one) > _LONG:
            frame[0].charge(len(one) // 100)
        if other.__class__ in _SIZED and len(other) > _LONG:
            frame[0].charge(len(other) // 100)
        return chosen[0](frame[0], one, other) if chosen[1] else chosen[0](one, other)

    return apply


def or_value(target: Step, otherwise: Step) -> Step:
    """Return the step of ``target.orValue(otherwise)``, which is only computed when it is needed."""

    def choose(frame: Frame) -> Value:
        value = target(frame)
        if value.__class__ is not OptionalValue:
            return value
        return value.value if value.present else otherwise(frame)

    return choose


def or_optional(target: Step, otherwise: Step) -> Step:
    """Return the step of ``target.or(otherwise)``, which is only computed when it is needed."""

    def choose(frame: Frame) -> Value:
        value = target(frame)
        if value.__class__ is not OptionalValue or value.present:
            return value
        other = otherwise(frame)
        return other if other.__class__ is OptionalValue else NONE

    return choose
