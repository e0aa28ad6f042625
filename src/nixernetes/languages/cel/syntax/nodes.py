"""The tree of an expression after macros were expanded.

``offset`` is the place in the text, in code points, that errors about the node name: the operator, the opening
bracket of a call, the first letter of a name. Nodes are compared by identity, so a checker can note things about
them.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from nixernetes.languages.cel.values import Value

__all__ = [
    "Bind",
    "Call",
    "Conditional",
    "Entry",
    "Ident",
    "Index",
    "ListLiteral",
    "Literal",
    "Logic",
    "Loop",
    "LoopKind",
    "MapLiteral",
    "Node",
    "Select",
    "StructLiteral",
]


class LoopKind(StrEnum):
    """What a loop over a list or a map makes."""

    ALL = "all"
    EXISTS = "exists"
    EXISTS_ONE = "exists_one"
    FILTER = "filter"
    MAP = "map"
    TRANSFORM_MAP = "transformMap"
    TRANSFORM_MAP_ENTRY = "transformMapEntry"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Literal:
    """A number, text, bytes, boolean or null."""

    offset: int
    value: Value


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Ident:
    """A name; one that begins with a dot is looked up from the root."""

    offset: int
    name: str


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Select:
    """``operand.field``, ``operand.?field``, or ``has(operand.field)``."""

    offset: int
    operand: Node
    field: str
    optional: bool = False
    test: bool = False


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Index:
    """``operand[index]`` or ``operand[?index]``."""

    offset: int
    operand: Node
    index: Node
    optional: bool = False


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Call:
    """A function, a method (with a target), or an operator, which is a function with a name such as ``_+_``."""

    offset: int
    name: str
    arguments: tuple[Node, ...]
    target: Node | None = None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Logic:
    """A chain of ``&&`` or of ``||``."""

    offset: int
    conjunction: bool
    terms: tuple[Node, ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Conditional:
    """``condition ? then : otherwise``."""

    offset: int
    condition: Node
    then: Node
    otherwise: Node


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ListLiteral:
    """``[a, ?b]``: ``optionals`` are the indices of the elements with a question mark."""

    offset: int
    elements: tuple[Node, ...]
    optionals: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Entry:
    """``key: value`` of a map, or ``field: value`` of a message (then the key is a literal)."""

    offset: int
    key: Node
    value: Node
    optional: bool = False


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MapLiteral:
    """``{key: value}``."""

    offset: int
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class StructLiteral:
    """``Name{field: value}``."""

    offset: int
    name: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Loop:
    """A macro over a list or a map: one variable or two, a condition, and what each element becomes."""

    offset: int
    kind: LoopKind
    subject: Node
    variables: tuple[str, ...]
    condition: Node | None = None
    transform: Node | None = None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Bind:
    """``cel.bind(name, value, body)``: the value is computed when it is first read."""

    offset: int
    name: str
    value: Node
    body: Node


Node = (
    Literal
    | Ident
    | Select
    | Index
    | Call
    | Logic
    | Conditional
    | ListLiteral
    | MapLiteral
    | StructLiteral
    | Loop
    | Bind
)
