"""Questions about trees, answered without recursion: a tree may be as deep as a hostile text makes it."""

from __future__ import annotations

from nixernetes.languages.cel.syntax.nodes import (
    Bind,
    Call,
    Conditional,
    Ident,
    Index,
    ListLiteral,
    Literal,
    Logic,
    Loop,
    MapLiteral,
    Node,
    Select,
    StructLiteral,
)

__all__ = ["children", "depth", "qualified_name", "weights"]


def children(node: Node) -> tuple[Node, ...]:  # noqa: PLR0911  one line for each kind of node
    """Return the nodes directly below a node, in the order of the text."""
    match node:
        case Literal() | Ident():
            return ()
        case Select():
            return (node.operand,)
        case Index():
            return (node.operand, node.index)
        case Call():
            return node.arguments if node.target is None else (node.target, *node.arguments)
        case Logic():
            return node.terms
        case Conditional():
            return (node.condition, node.then, node.otherwise)
        case ListLiteral():
            return node.elements
        case MapLiteral() | StructLiteral():
            return tuple(part for entry in node.entries for part in (entry.key, entry.value))
        case Loop():
            return tuple(part for part in (node.subject, node.condition, node.transform) if part is not None)
        case Bind():
            return (node.value, node.body)


def depth(tree: Node, enough: int) -> int:
    """Return how many nodes stand above each other, or ``enough`` as soon as that many do."""
    level, found = [tree], 0
    while level and found < enough:
        found += 1
        level = [child for node in level for child in children(node)]
    return found


def weights(tree: Node) -> dict[Node, int]:
    """Return the number of nodes in each part of a tree: about the steps that one run through the part takes."""
    order, waiting = [], [tree]
    while waiting:
        order.append(waiting.pop())
        waiting.extend(children(order[-1]))
    found: dict[Node, int] = {}
    for node in reversed(order):
        found[node] = 1 + sum(found[child] for child in children(node))
    return found


def qualified_name(node: Node) -> str | None:
    """Return ``a.b.c`` if the node is a name, or a chain of plain selections from one."""
    names = []
    while isinstance(node, Select):
        if node.test or node.optional:
            return None
        names.append(node.field)
        node = node.operand
    if not isinstance(node, Ident):
        return None
    names.append(node.name)
    return ".".join(reversed(names))
