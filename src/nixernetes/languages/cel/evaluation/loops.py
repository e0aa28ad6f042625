"""Loops: what macros over lists and maps become.

``all`` and ``exists`` absorb errors of elements when another element decides; the others pass them on. Every run
through the body takes as many steps as it has nodes.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from nixernetes.languages.cel.equality import is_list, is_map
from nixernetes.languages.cel.errors import EvaluationError, no_such_overload, spelled
from nixernetes.languages.cel.evaluation.steps import UNREAD, Frame, Step
from nixernetes.languages.cel.syntax.nodes import LoopKind
from nixernetes.languages.cel.values import Value, type_name

__all__ = ["LoopParts", "bind", "lazily", "loop"]

_GO_NAMES: Final = {
    "null_type": "Null",
    "google.protobuf.Timestamp": "Timestamp",
    "google.protobuf.Duration": "Duration",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class LoopParts:
    """A loop whose parts are compiled: slots of one variable or two, and the steps of one run."""

    kind: LoopKind
    subject: Step
    slots: tuple[int, ...]
    condition: Step | None
    transform: Step | None
    steps: int


def loop(parts: LoopParts) -> Step:
    """Return the step of a loop."""
    match parts.kind:
        case LoopKind.ALL:
            return _quantifier(parts, deciding=False)
        case LoopKind.EXISTS:
            return _quantifier(parts, deciding=True)
        case LoopKind.EXISTS_ONE:
            return _exactly_one(parts)
        case LoopKind.FILTER:
            return _filter(parts)
        case LoopKind.MAP:
            return _map(parts)
        case LoopKind.TRANSFORM_MAP | LoopKind.TRANSFORM_MAP_ENTRY:
            return _transform_map(parts)


def _elements(value: Value) -> Iterable[Value]:
    if value.__class__ is list or value.__class__ is dict or is_map(value) or is_list(value):
        return value  # type: ignore[no-any-return]
    raise EvaluationError(f"got 'types.{_go_name(value)}', expected iterable type")


def _go_name(value: Value) -> str:
    """Return what cel-go calls the type of a value: ``Null`` of null, ``Int`` of a number."""
    name = type_name(value)
    return _GO_NAMES.get(name, name[:1].upper() + name[1:])


def _pairs(value: Value) -> Iterable[tuple[Value, Value]]:
    if is_map(value):
        return value.items()  # type: ignore[no-any-return]
    return enumerate(_elements(value))


def _runs(parts: LoopParts, frame: Frame) -> Iterable[Value]:
    """Set the variables for one run after the other, and give the last of them."""
    meter, steps = frame[0], parts.steps
    value = parts.subject(frame)
    if len(parts.slots) == 1:
        (slot,) = parts.slots
        for element in _elements(value):
            meter.left -= steps
            if meter.left < 0:
                raise meter.exhausted()
            frame[slot] = element
            yield element
        return
    first, second = parts.slots
    for one, other in _pairs(value):
        meter.left -= steps
        if meter.left < 0:
            raise meter.exhausted()
        frame[first], frame[second] = one, other
        yield other


def _needed(step: Step | None) -> Step:
    return step or (lambda _: True)


def _quantifier(parts: LoopParts, *, deciding: bool) -> Step:
    if len(parts.slots) == 1:
        return _simple_quantifier(parts, deciding=deciding)
    condition = _needed(parts.condition)
    other = not deciding

    def decide(frame: Frame) -> bool:
        failed: EvaluationError | None = None
        for _ in _runs(parts, frame):
            try:
                value = condition(frame)
            except EvaluationError as error:
                failed = failed or error
                continue
            if value is deciding:
                return not other
            if value is not other:
                failed = failed or no_such_overload()
        if failed is not None:
            raise failed
        return other

    return decide


def _simple_quantifier(parts: LoopParts, *, deciding: bool) -> Step:
    """Do the same with one variable, without a generator: most loops are of this kind."""
    condition, subject, (slot,), steps = _needed(parts.condition), parts.subject, parts.slots, parts.steps
    other = not deciding

    def decide(frame: Frame) -> bool:
        failed: EvaluationError | None = None
        meter = frame[0]
        for element in _elements(subject(frame)):
            meter.left -= steps
            if meter.left < 0:
                raise meter.exhausted()
            frame[slot] = element
            try:
                value = condition(frame)
            except EvaluationError as error:
                failed = failed or error
                continue
            if value is deciding:
                return not other
            if value is not other:
                failed = failed or no_such_overload()
        if failed is not None:
            raise failed
        return other

    return decide


def _holds(condition: Step, frame: Frame) -> bool:
    value = condition(frame)
    if value is True or value is False:
        return bool(value)
    raise no_such_overload()


def _exactly_one(parts: LoopParts) -> Step:
    condition = _needed(parts.condition)

    def count(frame: Frame) -> bool:
        return sum(_holds(condition, frame) for _ in _runs(parts, frame)) == 1

    return count


def _filter(parts: LoopParts) -> Step:
    condition = _needed(parts.condition)

    def keep(frame: Frame) -> list[Value]:
        return [element for element in _runs(parts, frame) if _holds(condition, frame)]

    return keep


def _map(parts: LoopParts) -> Step:
    condition, transform = parts.condition, _needed(parts.transform)
    if condition is None:
        return lambda frame: [transform(frame) for _ in _runs(parts, frame)]
    holds = condition

    def apply(frame: Frame) -> list[Value]:
        return [transform(frame) for _ in _runs(parts, frame) if _holds(holds, frame)]

    return apply


def _transform_map(parts: LoopParts) -> Step:
    condition, transform = _needed(parts.condition), _needed(parts.transform)
    entries = parts.kind is LoopKind.TRANSFORM_MAP_ENTRY
    key_slot = parts.slots[0]

    def apply(frame: Frame) -> dict[Value, Value]:
        made: dict[Value, Value] = {}
        for _ in _runs(parts, frame):
            if not _holds(condition, frame):
                continue
            key = frame[key_slot]
            value = transform(frame)
            added = value if entries else {key: value}
            if not is_map(added):
                raise no_such_overload()
            for name in added:
                if name in made:
                    raise EvaluationError(f"insert failed: key {spelled(name)} already exists")
                made[name] = added[name]
        return made

    return apply


def bind(slot: int, body: Step) -> Step:
    """Return the step of ``cel.bind``: the variable is unread again each time it is entered."""

    def bound(frame: Frame) -> Value:
        frame[slot] = UNREAD
        return body(frame)

    return bound


def lazily(slot: int, value: Step) -> Step:
    """Return a step that reads a bound variable, computed the first time."""

    def read(frame: Frame) -> Value:
        found = frame[slot]
        if found is UNREAD:
            found = frame[slot] = value(frame)
        return found

    return read
