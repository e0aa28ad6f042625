"""Lists, maps and messages that a program makes, with their optional elements."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, MutableMapping, Sequence
from itertools import chain

from nixernetes.languages.cel.equality import lookup
from nixernetes.languages.cel.errors import EvaluationError, spelled
from nixernetes.languages.cel.evaluation.steps import Frame, Step
from nixernetes.languages.cel.functions import Structure
from nixernetes.languages.cel.values import OptionalValue, UInt, Value, type_name

__all__ = ["listed", "mapped", "structured"]

_KEYS = frozenset({str, int, UInt, bool})


def listed(elements: Sequence[Step], optionals: frozenset[int]) -> Step:
    """Return the step of ``[a, ?b]``."""
    if not optionals:
        return lambda frame: [element(frame) for element in elements]

    def make(frame: Frame) -> list[Value]:
        made = []
        for index, element in enumerate(elements):
            value = element(frame)
            if index in optionals:
                if value.__class__ is not OptionalValue:
                    shown = type_name(value)
                    raise EvaluationError(f"cannot initialize optional list element from non-optional value {shown}")
                if not value.present:
                    continue
                value = value.value
            made.append(value)
        return made

    return make


def mapped(entries: Sequence[tuple[Step, Step, bool]]) -> Step:
    """Return the step of ``{key: value, ?key: value}``."""

    def make(frame: Frame) -> Mapping[Value, Value]:
        made: MutableMapping[Value, Value] = {}
        for key, value, optional in entries:
            name = key(frame)
            if name.__class__ not in _KEYS:
                raise EvaluationError(f"unsupported key type: {type_name(name)}")
            found = value(frame)
            if optional:
                if found.__class__ is not OptionalValue:
                    raise _not_optional(name, found)
                if not found.present:
                    continue
                found = found.value
            if name in made:
                if lookup(made, name)[0]:
                    raise EvaluationError(f"Failed with repeated key: {spelled(name)}")
                made = _MixedMap(made)
            made[name] = found
        return made

    return make


class _MixedMap(MutableMapping[Value, Value]):
    """A map with a boolean and a number as keys that Python takes for one: booleans are kept apart."""

    def __init__(self, entries: Mapping[Value, Value]) -> None:
        self._parts: tuple[dict[Value, Value], dict[Value, Value]] = {}, {}
        self.update(entries)

    def _part(self, key: object) -> dict[Value, Value]:
        return self._parts[key.__class__ is bool]

    def __setitem__(self, key: Value, value: Value) -> None:
        self._part(key)[key] = value

    def __getitem__(self, key: Value) -> Value:
        return self._part(key)[key]

    def __delitem__(self, key: Value) -> None:
        del self._part(key)[key]

    def __iter__(self) -> Iterator[Value]:
        return chain(*self._parts)

    def __len__(self) -> int:
        return sum(map(len, self._parts))


def _not_optional(name: Value, value: Value) -> EvaluationError:
    return EvaluationError(
        f"cannot initialize optional entry '{spelled(name)}' from non-optional value {type_name(value)}"
    )


def structured(structure: Structure, entries: Sequence[tuple[str, Step, bool]]) -> Step:
    """Return the step of ``Name{field: value}``."""

    def make(frame: Frame) -> Value:
        made: dict[str, Value] = {}
        for name, value, optional in entries:
            found = value(frame)
            if optional:
                if found.__class__ is not OptionalValue:
                    raise _not_optional(name, found)
                if not found.present:
                    continue
                found = found.value
            made[name] = found
        return structure.make(made)

    return make
