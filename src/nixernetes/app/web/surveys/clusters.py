"""The clusters: version, nodes and room, controllers of the engines, namespaces, and which kinds they serve."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from nixernetes.app.web.values import ClusterCard, ObjectName
from nixernetes.app.web.views.reading import Reading
from nixernetes.app.web.wire import AS_JSON
from nixernetes.engine.installed.controllers import controller_of
from nixernetes.health import kstatus
from nixernetes.health.conditions import condition
from nixernetes.objects.fields import at, mapping_at, objects_at, text_at
from nixernetes.objects.identity import GroupKind, key_of
from nixernetes.objects.kinds import (
    CUSTOM_RESOURCE_DEFINITION,
    DEPLOYMENT,
    NAMESPACE,
    NODE,
    POD,
    STATEFUL_SET,
)
from nixernetes.objects.manifest import Manifest, labels_of

__all__ = ["ClusterLine", "ClustersPage", "ControllerLine", "KindLine", "NamespaceLine", "NodeLine", "clusters_page"]

_MOST: Final = 1_000  # nodes, and namespaces
_MOST_NAMES: Final = 500  # of pods, of one node
_MOST_PODS: Final = 50_000  # that are counted
_CONTROLLERS: Final = (DEPLOYMENT, STATEFUL_SET)


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeLine:
    """A node: what it has, how many pods are on it, and which: five hundred of them at most."""

    __pydantic_config__ = AS_JSON

    name: str
    state: str
    version: str
    cpu: str
    memory: str
    most_pods: str
    pods: int
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ControllerLine:
    """A controller of an engine, as it stands in the cluster; its logs are those of the object."""

    __pydantic_config__ = AS_JSON

    id: ObjectName
    engine: str
    state: str
    image: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NamespaceLine:
    """A namespace: its phase, how many pods are in it, and which deliveries stand in it."""

    __pydantic_config__ = AS_JSON

    name: str
    phase: str
    pods: int | None
    deliveries: int


@dataclass(frozen=True, slots=True, kw_only=True)
class KindLine:
    """A kind that is served.

    Attributes:
        group: its group.
        kind: its name.
        is_custom: whether a definition in the cluster brings it.
        objects: how many there are; None where that is not counted.

    """

    __pydantic_config__ = AS_JSON

    group: str
    kind: str
    is_custom: bool
    objects: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClusterLine:
    """A cluster.

    Attributes:
        card: it in one look, as in the fleet.
        version: its Kubernetes version, ``""`` where that is not known.
        nodes: its nodes.
        pods: how many pods it has; None where none can be there.
        controllers: the controllers of its engines.
        namespaces: its namespaces.
        kinds: the kinds that have objects, or that definitions in the cluster bring.
        unused: how many other kinds it serves.
        says: what is not known, or not as in a real cluster.

    """

    __pydantic_config__ = AS_JSON

    card: ClusterCard
    version: str
    nodes: tuple[NodeLine, ...] = ()
    pods: int | None = None
    controllers: tuple[ControllerLine, ...] = ()
    namespaces: tuple[NamespaceLine, ...] = ()
    kinds: tuple[KindLine, ...] = ()
    unused: int = 0
    says: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ClustersPage:
    """The clusters, in the order of the fleet; and what could not be read."""

    __pydantic_config__ = AS_JSON

    clusters: tuple[ClusterLine, ...] = ()
    says: tuple[str, ...] = ()


def clusters_page(reading: Reading) -> ClustersPage:
    """Return the clusters."""
    cards = {card.name: card for card in reading.cards()}
    found = tuple(_cluster(reading, name, cards[name]) for name in reading.clusters if name in cards)
    return ClustersPage(clusters=found, says=tuple(reading.unread()))


def _cluster(reading: Reading, name: str, card: ClusterCard) -> ClusterLine:
    is_rendered = reading.mode == "repository"
    pods = [] if is_rendered else reading.list(name, POD)[:_MOST_PODS]
    on_node: dict[str, list[str]] = defaultdict(list)
    for pod in pods:
        key = key_of(pod)
        on_node[text_at(pod, "spec", "nodeName")].append(f"{key.namespace}/{key.name}")
    in_place = Counter(key_of(pod).namespace for pod in pods)
    kinds = [*_kinds(reading, name)]
    used = tuple(each for each in kinds if each.objects != 0 or each.is_custom)
    nodes = tuple(_node(item, sorted(on_node[key_of(item).name])) for item in reading.list(name, NODE)[:_MOST])
    return ClusterLine(
        card=card,
        version=reading.version(name),
        nodes=nodes,
        pods=None if is_rendered else len(pods),
        controllers=tuple(_controllers(reading, name)),
        namespaces=tuple(_namespaces(reading, name, None if is_rendered else in_place)),
        kinds=used,
        unused=len(kinds) - len(used),
        says=tuple(_says(reading, nodes)),
    )


def _says(reading: Reading, nodes: Sequence[NodeLine]) -> Iterator[str]:
    if reading.mode == "repository":
        yield "Nothing runs here: namespaces and kinds are those that the repository brings"
    elif reading.mode == "run" and not nodes:
        yield "It has no nodes: its pods are simulated, and there is room for all of them"
    elif not nodes:
        yield "Its nodes may not be listed"


def _node(item: Manifest, pods: list[str]) -> NodeLine:
    room, told = mapping_at(item, "status", "allocatable"), mapping_at(item, "status", "nodeInfo")
    ready = condition(item, "Ready").is_true
    return NodeLine(
        name=key_of(item).name,
        state="suspended" if at(item, "spec", "unschedulable") is True else "ready" if ready else "failed",
        version=text_at(told, "kubeletVersion"),
        cpu=str(at(room, "cpu") or ""),
        memory=str(at(room, "memory") or ""),
        most_pods=str(at(room, "pods") or ""),
        pods=len(pods),
        names=tuple(pods[:_MOST_NAMES]),
    )


def _controllers(reading: Reading, cluster: str) -> Iterator[ControllerLine]:
    for kind in _CONTROLLERS:
        for item in reading.list(cluster, kind):
            name = controller_of(labels_of(item)) or controller_of(
                labels_of(mapping_at(item, "spec", "template")) if at(item, "spec", "template", "metadata") else {}
            )
            if name and key_of(item).name == name:
                found = kstatus.compute(item)
                images = [text_at(each, "image") for each in objects_at(item, "spec", "template", "spec", "containers")]
                states = {kstatus.Status.CURRENT: "ready", kstatus.Status.FAILED: "failed"}
                rendered = reading.mode == "repository"
                yield ControllerLine(
                    id=ObjectName.of(cluster, key_of(item)),
                    engine="argocd" if name.startswith("argocd-") else "flux",
                    state="rendered" if rendered else states.get(found.status, "progressing"),
                    image=next(iter(images), ""),
                    message="" if rendered else found.message,
                )


def _namespaces(reading: Reading, cluster: str, pods: Counter[str] | None) -> Iterator[NamespaceLine]:
    used = Counter(line.id.namespace for line in reading.lines() if line.id.cluster == cluster)
    for item in reading.list(cluster, NAMESPACE)[:_MOST]:
        name = key_of(item).name
        yield NamespaceLine(
            name=name,
            phase=text_at(item, "status", "phase"),
            pods=None if pods is None else pods[name],
            deliveries=used[name],
        )


def _kinds(reading: Reading, cluster: str) -> Iterator[KindLine]:
    defined = {
        GroupKind(text_at(item, "spec", "group"), text_at(item, "spec", "names", "kind"))
        for item in reading.list(cluster, CUSTOM_RESOURCE_DEFINITION)
    }
    for kind, count in sorted(reading.kinds(cluster).items()):
        yield KindLine(group=kind.group, kind=kind.kind, is_custom=kind in defined, objects=count)
