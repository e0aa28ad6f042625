"""How what a delivery brings is reached: gateways, routes, Services and pods, with their selectors evaluated.

After Kubernetes 1.34: a Service reaches the pods of its namespace that have all labels of its selector; without one,
somebody else says whom it reaches. A backend of an Ingress names a Service of its namespace and a port of it by number
or name; one of a route of the Gateway API may name another namespace. What is named and not there is a node, too.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from nixernetes.app.web.values import ObjectName
from nixernetes.app.web.views.drawing import DrawnGraph
from nixernetes.app.web.views.graph_values import GraphNode, NetworkPage
from nixernetes.app.web.views.pods import ReachedPods, reached_pods
from nixernetes.app.web.views.reading import Reading
from nixernetes.app.web.views.routes import Route, routes_of
from nixernetes.health import kstatus
from nixernetes.objects.fields import at, mapping_at, objects_at, text_at
from nixernetes.objects.identity import ObjectKey, key_of
from nixernetes.objects.kinds import NETWORK_POLICY, SERVICE
from nixernetes.objects.manifest import Manifest
from nixernetes.objects.selectors import matches

__all__ = ["network_page"]

_MOST_POLICIES: Final = 3  # that are named at pods


def network_page(reading: Reading, wanted: ObjectName) -> NetworkPage:
    """Return how what a delivery brings is reached.

    Raises:
        NixernetesError: it is not there.

    """
    page = reading.delivery(wanted)
    own = {line.id for line in page.tree if line.role in ("brought", "made")}
    graph = DrawnGraph()
    for cluster in sorted({name.cluster for name in own}):
        places = {name.namespace for name in own if name.cluster == cluster}
        _Cluster(reading, cluster, own, graph).draw(places)
    nodes, edges, left_out = graph.around_own().made()
    return NetworkPage(id=wanted, nodes=nodes, edges=edges, says=tuple(reading.unread()), left_out=left_out)


@dataclass(frozen=True, slots=True)
class _Cluster:
    """The network of one cluster, as far as it is near to a delivery."""

    reading: Reading
    cluster: str
    own: set[ObjectName]
    graph: DrawnGraph

    def draw(self, places: set[str]) -> None:
        """Draw what is in some namespaces, and what that names elsewhere."""
        routes = [each for each in routes_of(self.reading, self.cluster) if each.is_near(places)]
        named = {backend.key for route in routes for backend in route.backends}
        services = {key_of(item): item for item in self.reading.list(self.cluster, SERVICE)}
        near = {key: item for key, item in services.items() if key.namespace in places or key in named}
        pods = reached_pods(self.reading, self.cluster, {key.namespace for key in near} | places)
        for route in routes:
            self._route(route, services)
        for key, item in sorted(near.items()):
            self._service(key, item, [each for each in pods if each.id.namespace == key.namespace])
        policies = self.reading.list(self.cluster, NETWORK_POLICY)
        for each in pods:
            if self.graph.has(each.id):
                self._restrict(each, policies)

    def _name(self, key: ObjectKey) -> ObjectName:
        return ObjectName.of(self.cluster, key)

    def _route(self, route: Route, services: Mapping[ObjectKey, Manifest]) -> None:
        name = self._name(route.key)
        item = self.reading.get(self.cluster, route.key)
        self.graph.add(GraphNode(id=name, text=route.text, state=self._state(item), is_own=name in self.own))
        for parent in route.parents:
            self._gateway(parent, name)
        for backend in route.backends:
            service = self._name(backend.key)
            problem = ""
            if backend.key.group_kind == SERVICE:
                found = services.get(backend.key)
                problem = "there is no such Service" if found is None else _no_port(found, backend.port)
                if found is None:
                    self.graph.add(GraphNode(id=service, text="does not exist", state="missing"))
            elif not self.graph.has(service):
                self.graph.add(GraphNode(id=service, text="not a Service: not followed", state="unknown"))
            self.graph.join(name, service, backend.text, problem)

    def _gateway(self, key: ObjectKey, route: ObjectName) -> None:
        """Draw a Gateway that a route names; one that a repository does not bring may be there all the same."""
        name, found = self._name(key), self.reading.get(self.cluster, key)
        is_rendered = self.reading.mode == "repository"
        if found is not None:
            words = [
                text_at(each, "hostname") or text_at(each, "name") for each in objects_at(found, "spec", "listeners")
            ]
            text = ", ".join(filter(None, words))
            self.graph.add(GraphNode(id=name, text=text, state=self._state(found), is_own=name in self.own))
        elif is_rendered:
            self.graph.add(GraphNode(id=name, text="not brought from here: not verified", state="unknown"))
        else:
            self.graph.add(GraphNode(id=name, text="does not exist", state="missing"))
        self.graph.join(name, route, problem="it does not exist" if found is None and not is_rendered else "")

    def _service(self, key: ObjectKey, item: Manifest, pods: Sequence[ReachedPods]) -> None:
        name, spec = self._name(key), mapping_at(item, "spec")
        selector = mapping_at(spec, "selector")
        external = text_at(spec, "externalName")
        reached = [each for each in pods if selector and each.matching(selector)]
        ports = ", ".join(_port_words(each) for each in objects_at(spec, "ports"))
        node = GraphNode(id=name, text=ports, state=self._state(item), is_own=name in self.own)
        if external:
            node = GraphNode(id=name, text=f"leads to {external}", state=self._state(item), is_own=name in self.own)
        elif not selector:
            told = "no selector: its endpoints are set elsewhere"
            node = GraphNode(id=name, text=told, state=self._state(item), is_own=name in self.own)
        elif not reached:
            told = "selects nothing: " + ",".join(f"{label}={text}" for label, text in sorted(selector.items()))
            node = GraphNode(id=name, text=told, state="failed", is_own=name in self.own)
        self.graph.add(node)
        for each in reached:
            self.graph.add(each.node(is_own=each.id in self.own, selector=selector))
            self.graph.join(name, each.id, problem=each.no_port(spec))

    def _restrict(self, pods: ReachedPods, policies: Sequence[Manifest]) -> None:
        found = [
            key_of(item).name
            for item in policies
            if key_of(item).namespace == pods.id.namespace and _covers(item, pods)
        ]
        if found:
            more = f" and {len(found) - _MOST_POLICIES} more" if len(found) > _MOST_POLICIES else ""
            self.graph.mark(pods.id, f"restricted by NetworkPolicy {', '.join(found[:_MOST_POLICIES])}{more}")

    def _state(self, item: Manifest | None) -> str:
        if self.reading.mode == "repository" or item is None:
            return "rendered"
        states = {kstatus.Status.CURRENT: "ready", kstatus.Status.FAILED: "failed"}
        return states.get(kstatus.compute(item).status, "progressing")


def _covers(policy: Manifest, pods: ReachedPods) -> bool:
    selector = at(policy, "spec", "podSelector")
    try:
        return any(matches(selector, labels) for labels in pods.labels)
    except ValueError:  # an API server takes no such selector
        return False


def _port_words(port: Manifest) -> str:
    number, target = at(port, "port"), at(port, "targetPort")
    name = text_at(port, "name")
    head = f"{name} {number}" if name else f"{number}"
    return head if target in (None, number) else f"{head} → {target}"


def _no_port(service: Manifest, port: object) -> str:
    """Say that a Service has no port of a number or a name, or ``""``."""
    ports = objects_at(service, "spec", "ports")
    if port in (None, "") or any(port in (at(each, "port"), text_at(each, "name")) for each in ports):
        return ""
    if text_at(service, "spec", "externalName"):
        return ""
    return f"the Service has no port {port}"
