"""Macros: calls that become another tree before types are checked (cel-go ``parser/macro.go``)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from nixernetes.languages.cel.syntax.nodes import (
    Bind,
    Call,
    Conditional,
    Ident,
    Loop,
    LoopKind,
    Node,
    Select,
)

__all__ = ["BINDINGS", "OPTIONAL_MACROS", "STANDARD_MACROS", "TWO_VARIABLES", "Macro", "MacroError"]


class MacroError(Exception):
    """The arguments of a macro do not fit."""

    def __init__(self, node: Node, message: str) -> None:
        super().__init__(message)
        self.node = node
        self.message = message


@dataclass(frozen=True, slots=True, kw_only=True)
class Macro:
    """A macro.

    Args:
        name: of the function or method.
        arguments: how many it takes; none: any number.
        method: whether it is called on a target.
        expand: gives the tree from offset, target and arguments, or nothing if it is an ordinary call after all.

    """

    name: str
    arguments: int | None
    method: bool
    expand: Callable[[int, Node | None, Sequence[Node]], Node | None]


def _variable(node: Node, message: str = "argument must be a simple name") -> str:
    if not isinstance(node, Ident) or node.name.startswith("."):
        raise MacroError(node, message)
    return node.name


def _has(offset: int, _: Node | None, arguments: Sequence[Node]) -> Node | None:
    subject = arguments[0]
    if not isinstance(subject, Select) or subject.test or subject.optional:
        raise MacroError(subject, "invalid argument to has() macro")
    return Select(offset=offset, operand=subject.operand, field=subject.field, test=True)


def _loop(kind: LoopKind, *, message: str = "argument must be a simple name") -> Callable[..., Node | None]:
    """Return the expansion of a loop of one variable: its last argument is what the kind needs."""

    def expand(offset: int, target: Node | None, arguments: Sequence[Node]) -> Node | None:
        if target is None:
            return None
        names = (_variable(arguments[0], message),)
        if kind is LoopKind.MAP:
            condition = arguments[1] if len(arguments) == 3 else None
            return Loop(
                offset=offset,
                kind=kind,
                subject=target,
                variables=names,
                condition=condition,
                transform=arguments[-1],
            )
        return Loop(offset=offset, kind=kind, subject=target, variables=names, condition=arguments[1])

    return expand


def _pair(arguments: Sequence[Node]) -> tuple[str, str]:
    first, second = _variable(arguments[0]), _variable(arguments[1])
    if first == second:
        raise MacroError(arguments[1], f"duplicate variable name: {first}")
    return first, second


def _two(kind: LoopKind) -> Callable[..., Node | None]:
    """Return the expansion of a loop of two variables: index and element, or key and value."""

    def expand(offset: int, target: Node | None, arguments: Sequence[Node]) -> Node | None:
        if target is None:
            return None
        names = _pair(arguments)
        if kind in {LoopKind.ALL, LoopKind.EXISTS, LoopKind.EXISTS_ONE}:
            return Loop(offset=offset, kind=kind, subject=target, variables=names, condition=arguments[2])
        condition = arguments[2] if len(arguments) == 4 else None
        return Loop(
            offset=offset, kind=kind, subject=target, variables=names, condition=condition, transform=arguments[-1]
        )

    return expand


def _bind(offset: int, target: Node | None, arguments: Sequence[Node]) -> Node | None:
    if not isinstance(target, Ident) or target.name != "cel":
        return None
    name = _variable(arguments[0], "cel.bind() variable names must be simple identifiers")
    return Bind(offset=offset, name=name, value=arguments[1], body=arguments[2])


def _optional_map(*, flat: bool) -> Callable[..., Node | None]:
    """Return the expansion of ``optMap`` and ``optFlatMap``: the target is computed once."""

    def expand(offset: int, target: Node | None, arguments: Sequence[Node]) -> Node | None:
        if target is None:
            return None
        name = _variable(arguments[0], "optMap() variable name must be a simple identifier")
        subject = Ident(offset=offset, name="@target")
        value = Call(offset=offset, name="value", target=subject, arguments=())
        body: Node = Bind(offset=offset, name=name, value=value, body=arguments[1])
        if not flat:
            body = Call(offset=offset, name="optional.of", arguments=(body,))
        chosen = Conditional(
            offset=offset,
            condition=Call(offset=offset, name="hasValue", target=subject, arguments=()),
            then=body,
            otherwise=Call(offset=offset, name="optional.none", arguments=()),
        )
        return Bind(offset=offset, name="@target", value=target, body=chosen)

    return expand


_NOT_A_NAME = "argument is not an identifier"
STANDARD_MACROS = (
    Macro(name="has", arguments=1, method=False, expand=_has),
    Macro(name="all", arguments=2, method=True, expand=_loop(LoopKind.ALL)),
    Macro(name="exists", arguments=2, method=True, expand=_loop(LoopKind.EXISTS)),
    Macro(name="exists_one", arguments=2, method=True, expand=_loop(LoopKind.EXISTS_ONE)),
    Macro(name="existsOne", arguments=2, method=True, expand=_loop(LoopKind.EXISTS_ONE)),
    Macro(name="map", arguments=2, method=True, expand=_loop(LoopKind.MAP, message=_NOT_A_NAME)),
    Macro(name="map", arguments=3, method=True, expand=_loop(LoopKind.MAP, message=_NOT_A_NAME)),
    Macro(name="filter", arguments=2, method=True, expand=_loop(LoopKind.FILTER, message=_NOT_A_NAME)),
)

TWO_VARIABLES = (
    Macro(name="all", arguments=3, method=True, expand=_two(LoopKind.ALL)),
    Macro(name="exists", arguments=3, method=True, expand=_two(LoopKind.EXISTS)),
    Macro(name="exists_one", arguments=3, method=True, expand=_two(LoopKind.EXISTS_ONE)),
    Macro(name="existsOne", arguments=3, method=True, expand=_two(LoopKind.EXISTS_ONE)),
    Macro(name="transformList", arguments=3, method=True, expand=_two(LoopKind.MAP)),
    Macro(name="transformList", arguments=4, method=True, expand=_two(LoopKind.MAP)),
    Macro(name="transformMap", arguments=3, method=True, expand=_two(LoopKind.TRANSFORM_MAP)),
    Macro(name="transformMap", arguments=4, method=True, expand=_two(LoopKind.TRANSFORM_MAP)),
    Macro(name="transformMapEntry", arguments=3, method=True, expand=_two(LoopKind.TRANSFORM_MAP_ENTRY)),
    Macro(name="transformMapEntry", arguments=4, method=True, expand=_two(LoopKind.TRANSFORM_MAP_ENTRY)),
)

BINDINGS = (Macro(name="bind", arguments=3, method=True, expand=_bind),)

OPTIONAL_MACROS = (
    Macro(name="optMap", arguments=2, method=True, expand=_optional_map(flat=False)),
    Macro(name="optFlatMap", arguments=2, method=True, expand=_optional_map(flat=True)),
)
