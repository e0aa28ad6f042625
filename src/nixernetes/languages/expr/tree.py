"""What an expression consists of."""

from __future__ import annotations

from dataclasses import dataclass

from nixernetes.objects.manifest import Json

__all__ = [
    "ExprBinary",
    "ExprCall",
    "ExprChoice",
    "ExprClosure",
    "ExprElement",
    "ExprEntries",
    "ExprItems",
    "ExprKnown",
    "ExprLet",
    "ExprMember",
    "ExprNamed",
    "ExprNode",
    "ExprPart",
    "ExprUnary",
]


class ExprNode:
    """A part of an expression."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class ExprKnown(ExprNode):
    """A value that is written down."""

    value: Json


@dataclass(frozen=True, slots=True)
class ExprNamed(ExprNode):
    """A variable."""

    name: str


@dataclass(frozen=True, slots=True)
class ExprElement(ExprNode):
    """What a predicate looks at, or another of its names: ``#``, ``#acc``, ``#index``."""

    name: str


@dataclass(frozen=True, slots=True)
class ExprMember(ExprNode):
    """A field, an item, or a method of a value."""

    value: ExprNode
    key: ExprNode
    is_optional: bool


@dataclass(frozen=True, slots=True)
class ExprPart(ExprNode):
    """A part of a list or a text: from, and until."""

    value: ExprNode
    begin: ExprNode | None
    end: ExprNode | None


@dataclass(frozen=True, slots=True)
class ExprCall(ExprNode):
    """A call of a function by its name, or of what an expression gives."""

    function: str | ExprNode
    arguments: tuple[ExprNode, ...]


@dataclass(frozen=True, slots=True)
class ExprClosure(ExprNode):
    """A predicate."""

    body: ExprNode


@dataclass(frozen=True, slots=True)
class ExprUnary(ExprNode):
    """``not``, ``-``, ``+``."""

    operator: str
    value: ExprNode


@dataclass(frozen=True, slots=True)
class ExprBinary(ExprNode):
    """Two values and what stands between them."""

    operator: str
    left: ExprNode
    right: ExprNode


@dataclass(frozen=True, slots=True)
class ExprChoice(ExprNode):
    """``a ? b : c``."""

    condition: ExprNode
    then: ExprNode
    otherwise: ExprNode


@dataclass(frozen=True, slots=True)
class ExprItems(ExprNode):
    """A list."""

    items: tuple[ExprNode, ...]


@dataclass(frozen=True, slots=True)
class ExprEntries(ExprNode):
    """A map."""

    pairs: tuple[tuple[ExprNode, ExprNode], ...]


@dataclass(frozen=True, slots=True)
class ExprLet(ExprNode):
    """``let x = a; b``."""

    name: str
    value: ExprNode
    body: ExprNode
