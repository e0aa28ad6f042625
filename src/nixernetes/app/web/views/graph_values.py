"""Graphs and orders as the page draws them."""

from __future__ import annotations

from dataclasses import dataclass

from nixernetes.app.web.values import ObjectName
from nixernetes.app.web.wire import AS_JSON

__all__ = ["GraphEdge", "GraphNode", "NetworkPage", "OrderPage", "StageLine", "StepLine", "WaveLine"]


@dataclass(frozen=True, slots=True, kw_only=True)
class GraphNode:
    """A node.

    Attributes:
        id: the object that it stands for.
        text: what is said of it in a few words.
        state: as that of a delivery, ``missing`` for what is named and not there, or
            ``unknown`` for what is not verified.
        is_own: whether it is what was asked about, or brought by that.

    """

    __pydantic_config__ = AS_JSON

    id: ObjectName
    text: str = ""
    state: str = "rendered"
    is_own: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class GraphEdge:
    """An edge between two nodes, by their places in the list.

    Attributes:
        start: from which.
        end: to which.
        text: what is said of it.
        problem: why it leads nowhere, or ``""``.

    """

    __pydantic_config__ = AS_JSON

    start: int
    end: int
    text: str = ""
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StepLine:
    """An object in the order in which a delivery is applied.

    Attributes:
        id: who it is; a hook without a name has the beginning of those that are generated for it.
        is_hook: whether it is a hook.
        status: how it stands in the words of its engine, ``""`` where nobody says.
        message: what is said of it.
        available: whether it is done, or has what it wants; None where nobody says.
        deletes: when a hook is deleted.

    """

    __pydantic_config__ = AS_JSON

    id: ObjectName
    is_hook: bool = False
    status: str = ""
    message: str = ""
    available: bool | None = None
    deletes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class WaveLine:
    """What is applied together; the next wave waits for its health."""

    __pydantic_config__ = AS_JSON

    number: int
    steps: tuple[StepLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StageLine:
    """A phase of Argo CD, or a stage of Flux.

    Attributes:
        name: what it is called.
        text: what it is for.
        waves: its waves in their order; a stage of Flux has one.

    """

    __pydantic_config__ = AS_JSON

    name: str
    text: str
    waves: tuple[WaveLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderPage:
    """In which order a delivery is applied, and which deliveries wait for which.

    Attributes:
        id: the delivery.
        nodes: the deliveries that it waits for, and that wait for it, near and far.
        edges: from what has to be ready first to what waits for it.
        stages: the order of its own objects.
        says: what is not known of it.
        left_out: how many deliveries of the graph are not here.

    """

    __pydantic_config__ = AS_JSON

    id: ObjectName
    nodes: tuple[GraphNode, ...] = ()
    edges: tuple[GraphEdge, ...] = ()
    stages: tuple[StageLine, ...] = ()
    says: tuple[str, ...] = ()
    left_out: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkPage:
    """How what a delivery brings is reached: gateways, routes, Services, pods.

    Attributes:
        id: the delivery.
        nodes: the objects.
        edges: from who is asked first to who answers.
        says: what is not known of it.
        left_out: how many objects are not here.

    """

    __pydantic_config__ = AS_JSON

    id: ObjectName
    nodes: tuple[GraphNode, ...] = ()
    edges: tuple[GraphEdge, ...] = ()
    says: tuple[str, ...] = ()
    left_out: int = 0
