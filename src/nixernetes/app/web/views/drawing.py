"""A graph in the making: nodes by who they are, edges once each, in a fixed order, and of both only so many."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Final

from nixernetes.app.web.values import ObjectName
from nixernetes.app.web.views.graph_values import GraphEdge, GraphNode

__all__ = ["DrawnGraph"]

_MOST_NODES: Final = 300  # more of them nobody reads as a picture


@dataclass(slots=True)
class DrawnGraph:
    """Collects nodes and edges."""

    _nodes: dict[ObjectName, GraphNode] = field(default_factory=dict)
    _edges: dict[tuple[ObjectName, ObjectName, str], str] = field(default_factory=dict)

    def add(self, node: GraphNode) -> None:
        """Add a node, or say more of it."""
        self._nodes[node.id] = node

    def join(self, start: ObjectName, end: ObjectName, text: str = "", problem: str = "") -> None:
        """Add an edge between two nodes that are there, or will be."""
        self._edges.setdefault((start, end, text), problem)

    def has(self, name: ObjectName) -> bool:
        """Tell whether a node is there."""
        return name in self._nodes

    def around_own(self) -> DrawnGraph:
        """Return what is joined, near or far, to a node that is asked about."""
        beside: dict[ObjectName, set[ObjectName]] = {}
        for start, end, _ in self._edges:
            beside.setdefault(start, set()).add(end)
            beside.setdefault(end, set()).add(start)
        found = dict.fromkeys(name for name, node in self._nodes.items() if node.is_own)
        waiting = [*found]
        for name in waiting:  # grows while it is walked
            for other in sorted(beside.get(name, ()), key=_order):
                if other not in found:
                    found[other] = None
                    waiting.append(other)
        nodes = {name: self._nodes[name] for name in found if name in self._nodes}
        edges = {key: problem for key, problem in self._edges.items() if key[0] in nodes and key[1] in nodes}
        return DrawnGraph(nodes, edges)

    def made(self) -> tuple[tuple[GraphNode, ...], tuple[GraphEdge, ...], int]:
        """Return nodes, edges, and how many nodes are left out; what is asked about stays."""
        ranked = sorted(self._nodes.values(), key=lambda node: (not node.is_own, _order(node.id)))
        kept = sorted(ranked[:_MOST_NODES], key=lambda node: _order(node.id))
        places = {node.id: at for at, node in enumerate(kept)}
        edges = [
            GraphEdge(start=places[start], end=places[end], text=text, problem=problem)
            for (start, end, text), problem in self._edges.items()
            if start in places and end in places
        ]
        edges.sort(key=lambda edge: (edge.start, edge.end, edge.text))
        return tuple(kept), tuple(edges), len(self._nodes) - len(kept)

    def mark(self, name: ObjectName, text: str) -> None:
        """Say more of a node."""
        node = self._nodes[name]
        self._nodes[name] = replace(node, text="; ".join(filter(None, (node.text, text))))


def _order(name: ObjectName) -> tuple[str, ...]:
    return name.cluster, name.kind, name.namespace, name.name, name.group
