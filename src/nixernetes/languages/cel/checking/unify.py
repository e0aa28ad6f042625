"""Which types fit which, with type parameters found on the way (cel-go ``checker/types.go``)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from nixernetes.languages.cel.types import DYN, Type

__all__ = ["Substitution", "fit", "fit_all", "may_fit", "most_general", "substitute"]

_NOT_NULLABLE = frozenset({"bool", "bytes", "double", "int", "string", "uint", "list", "map", "type"})
_ANYTHING = frozenset({"dyn", "!error!"})
_LOOSE = _ANYTHING | {"null_type"}


class Substitution:
    """What type parameters stand for: what is settled, and what the assignment at hand would add.

    A trial is dropped or settled, not copied: a long expression has many parameters and as many trials.
    """

    __slots__ = ("_settled", "_tried")

    def __init__(self) -> None:
        self._settled: dict[Type, Type] = {}
        self._tried: dict[Type, Type] = {}

    def get(self, parameter: Type) -> Type | None:
        """Return what a parameter stands for."""
        found = self._tried.get(parameter)
        return self._settled.get(parameter) if found is None else found

    def add(self, parameter: Type, given: Type) -> None:
        """Let a parameter stand for a type, for now."""
        self._tried[parameter] = given

    def close(self, *, keep: bool) -> bool:
        """Settle or drop the trial, and return which."""
        if keep:
            self._settled.update(self._tried)
        self._tried.clear()
        return keep


class _Known(Protocol):
    """What says what parameters stand for."""

    def get(self, parameter: Type, /) -> Type | None:
        """Return what a parameter stands for."""


def fit(known: Substitution, given: Type, wanted: Type) -> bool:
    """Return whether a type can be assigned to another; if so, what that says of type parameters is known."""
    return known.close(keep=_assignable(known, given, wanted))


def fit_all(known: Substitution, given: Sequence[Type], wanted: Sequence[Type]) -> bool:
    """Return whether each type can be assigned to its counterpart; if so, what that says of parameters is known."""
    return known.close(keep=_all_assignable(known, given, wanted))


def may_fit(given: Type, wanted: Type) -> bool:
    """Return false if a type cannot be assigned to another whatever its parameters are: a quick first look."""
    if given.name == wanted.name or given.parameter or wanted.parameter:
        return True
    return given.name in _LOOSE or wanted.name in _LOOSE


def _all_assignable(known: Substitution, given: Sequence[Type], wanted: Sequence[Type]) -> bool:
    return len(given) == len(wanted) and all(
        _assignable(known, one, other) for one, other in zip(given, wanted, strict=True)
    )


def _assignable(known: Substitution, given: Type, wanted: Type) -> bool:
    if wanted.parameter:
        valid, had_one = _substitutes(known, given, wanted)
        if valid:
            return True
        if had_one:
            return False
    if given.parameter:
        return _substitutes(known, wanted, given)[0]
    if given.name in _ANYTHING or wanted.name in _ANYTHING:
        return True
    if given.name == "null_type" or wanted.name == "null_type":
        other = wanted if given.name == "null_type" else given
        return other.name not in _NOT_NULLABLE
    if given.name != wanted.name:
        return False
    return given.name == "type" or _all_assignable(known, given.parameters, wanted.parameters)


def _substitutes(known: Substitution, given: Type, parameter: Type) -> tuple[bool, bool]:
    """Return whether a type can stand for a parameter, and whether the parameter already stood for one."""
    if given == parameter:
        return True, True
    current = known.get(parameter)
    if current is not None:
        if given == current:
            return True, True
        if not _assignable(known, given, current):
            return False, True
        general = most_general(given, current)
        if _absent(known, parameter, general):
            known.add(parameter, general)
        return True, True
    if _absent(known, parameter, given):
        known.add(parameter, given)
        return True, False
    return False, False


def _absent(known: Substitution, parameter: Type, within: Type) -> bool:
    """Return whether a parameter occurs nowhere in a type."""
    if parameter == within:
        return False
    if within.parameter:
        current = known.get(within)
        return current is None or _absent(known, parameter, current)
    return all(_absent(known, parameter, each) for each in within.parameters)


def most_general(first: Type, second: Type) -> Type:
    """Return the more general of two types that fit each other."""
    return first if _less_specific(first, second) else second


def _less_specific(first: Type, second: Type) -> bool:
    if first.name == "dyn" or first.parameter:
        return True
    if second.name == "dyn" or second.parameter:
        return False
    if first.name != second.name or len(first.parameters) != len(second.parameters):
        return False
    if first.name == "type":
        return True
    return all(_less_specific(one, other) for one, other in zip(first.parameters, second.parameters, strict=True))


def substitute(known: _Known, given: Type, *, unbound_to_dyn: bool = False) -> Type:
    """Return a type with its parameters replaced by what they stand for."""
    current = known.get(given)
    if current is not None:
        return substitute(known, current, unbound_to_dyn=unbound_to_dyn)
    if given.parameter:
        return DYN if unbound_to_dyn else given
    if not given.parameters:
        return given
    parts = tuple(substitute(known, each, unbound_to_dyn=unbound_to_dyn) for each in given.parameters)
    return given if parts == given.parameters else Type(given.name, parts)
