"""Functions and libraries as values: what a program may call is what its environment was given.

An overload is declared as it is read: ``function("charAt", "string.(int) -> string", char_at)``. A type before the dot
makes it a method. Implementations take the values of the arguments and raise ``EvaluationError``; those that are
``metered`` take a ``Meter`` first and charge what grows with data before they do it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from nixernetes.languages.cel.syntax.macros import Macro
from nixernetes.languages.cel.syntax.nodes import Call, Node
from nixernetes.languages.cel.syntax.source import Issue
from nixernetes.languages.cel.types import Type, parse_type, split_types, type_of_type
from nixernetes.languages.cel.values import TypeValue, Value

__all__ = [
    "Check",
    "Constant",
    "Function",
    "Implementation",
    "Library",
    "Overload",
    "Structure",
    "function",
    "type_constant",
]

Implementation = Callable[..., Value]
Check = Callable[[Call, Mapping[Node, Type]], Iterator[Issue]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Overload:
    """One signature of a function; the target of a method is its first parameter.

    ``free`` are its type parameters, by name.
    """

    parameters: tuple[Type, ...]
    result: Type
    method: bool
    implementation: Implementation
    metered: bool = False
    free: tuple[Type, ...] = field(init=False)

    def __post_init__(self) -> None:
        free = sorted(set(_parameters((*self.parameters, self.result))), key=lambda each: each.name)
        object.__setattr__(self, "free", tuple(free))


def _parameters(types: Sequence[Type]) -> list[Type]:
    found: list[Type] = []
    for each in types:
        found += [each] if each.parameter else _parameters(each.parameters)
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Function:
    """A function by name and one of its overloads."""

    name: str
    overload: Overload


def function(name: str, signature: str, implementation: Implementation, *, metered: bool = False) -> Function:
    """Return a declaration from a signature such as ``(string, int) -> bool`` or ``list(A).() -> A``."""
    left, _, result = signature.rpartition(" -> ")
    target, _, rest = left.partition("(") if left.startswith("(") else _target(left)
    parameters = split_types(rest.strip().removesuffix(")"))
    if target:
        parameters.insert(0, target)
    overload = Overload(
        parameters=tuple(parse_type(each) for each in parameters),
        result=parse_type(result),
        method=bool(target),
        implementation=implementation,
        metered=metered,
    )
    return Function(name=name, overload=overload)


def _target(text: str) -> tuple[str, str, str]:
    """Split ``map(K, V).(K)`` at the dot that is followed by the bracket of the arguments."""
    target, dot, rest = text.partition(".(")
    return target, dot, rest


@dataclass(frozen=True, slots=True, kw_only=True)
class Constant:
    """A name with a type and a value that no program changes."""

    type: Type
    value: Value


def type_constant(name: str) -> Constant:
    """Return the constant that a type's name is in an expression."""
    return Constant(type=type_of_type(parse_type(name)), value=TypeValue(parse_type(name).name))


@dataclass(frozen=True, slots=True, kw_only=True)
class Structure:
    """A message that ``Name{field: value}`` makes.

    Args:
        name: as it is spelled.
        fields: the type of each field; none: any field of any type.
        make: gives the value from the fields.

    """

    name: str
    fields: Mapping[str, Type] | None
    make: Callable[[dict[str, Value]], Value]


@dataclass(frozen=True, slots=True, kw_only=True)
class Library:
    """Functions, macros, constants and messages that belong together.

    ``checks`` look at each call of a checked program, and say what can never be right. ``families`` give messages by
    name where there is no end of names.
    """

    name: str
    functions: tuple[Function, ...] = ()
    macros: tuple[Macro, ...] = ()
    constants: Mapping[str, Constant] = field(default_factory=dict)
    structures: tuple[Structure, ...] = ()
    families: tuple[Callable[[str], Structure | None], ...] = ()
    checks: tuple[Check, ...] = ()
