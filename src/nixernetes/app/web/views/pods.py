"""Pods as Services reach them, one group for each workload: those that run, or in a repository those that would."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from nixernetes.app.web.values import ObjectName
from nixernetes.app.web.views.graph_values import GraphNode
from nixernetes.app.web.views.reading import Reading
from nixernetes.health.conditions import condition
from nixernetes.objects.fields import at, flag_at, mapping_at, objects_at, text_at
from nixernetes.objects.identity import GroupKind, ObjectKey, key_of, split_api_version
from nixernetes.objects.kinds import (
    DAEMON_SET,
    DEPLOYMENT,
    JOB,
    POD,
    REPLICA_SET,
    REPLICATION_CONTROLLER,
    ROLLOUT,
    STATEFUL_SET,
)
from nixernetes.objects.manifest import Manifest, labels_of

__all__ = ["ReachedPods", "reached_pods"]

_OVER: Final = ("Succeeded", "Failed")  # nobody is sent there any more
_DEPTH: Final = 4  # from a pod to what nobody controls
_TEMPLATED: Final = (DEPLOYMENT, STATEFUL_SET, DAEMON_SET, REPLICA_SET, REPLICATION_CONTROLLER, ROLLOUT, JOB)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReachedPods:
    """The pods of one workload.

    Attributes:
        id: the workload; a pod that nobody controls stands for itself.
        labels: the labels of each pod; of a template, its.
        ready: whether each pod is ready; None where none runs.
        ports: the names of the ports of its containers.

    """

    id: ObjectName
    labels: tuple[Mapping[str, str], ...]
    ready: tuple[bool | None, ...]
    ports: frozenset[str]

    def matching(self, selector: Mapping[str, object]) -> int:
        """Return how many of the pods have all labels of a Service's selector."""
        return sum(all(labels.get(name) == text for name, text in selector.items()) for labels in self.labels)

    def node(self, *, is_own: bool, selector: Mapping[str, object]) -> GraphNode:
        """Return them as a node."""
        if None in self.ready:
            return GraphNode(id=self.id, text="pods of this template", is_own=is_own)
        ready, count = sum(bool(each) for each in self.ready), len(self.ready)
        chosen = self.matching(selector)
        told = f"{ready} of {count} pods ready" if count > 1 else "1 pod, ready" if ready else "1 pod, not ready"
        if chosen < count:
            told += f"; {chosen} of them selected"
        state = "ready" if ready == count else "failed" if not ready else "progressing"
        return GraphNode(id=self.id, text=told, state=state, is_own=is_own)

    def no_port(self, service: Manifest) -> str:
        """Say which named port of a Service no container of these has, or ``""``."""
        for port in objects_at(service, "ports"):
            target = at(port, "targetPort")
            if isinstance(target, str) and not target.isdecimal() and target not in self.ports:
                return f"no container has a port called {target}"
        return ""


def reached_pods(reading: Reading, cluster: str, namespaces: set[str]) -> list[ReachedPods]:
    """Return the pods of some namespaces, workload by workload."""
    if reading.mode == "repository":
        return [*_templates(reading, cluster, namespaces)]
    groups: dict[ObjectKey, list[Manifest]] = defaultdict(list)
    owners: dict[ObjectKey, ObjectKey] = {}
    for pod in reading.list(cluster, POD):
        if key_of(pod).namespace in namespaces and text_at(pod, "status", "phase") not in _OVER:
            groups[_top(reading, cluster, pod, owners)].append(pod)
    return [
        ReachedPods(
            id=ObjectName.of(cluster, key),
            labels=tuple(labels_of(pod) for pod in pods),
            ready=tuple(condition(pod, "Ready").is_true for pod in pods),
            ports=frozenset(name for pod in pods for name in _ports(mapping_at(pod, "spec"))),
        )
        for key, pods in sorted(groups.items())
    ]


def _templates(reading: Reading, cluster: str, namespaces: set[str]) -> Iterator[ReachedPods]:
    for kind in (*_TEMPLATED, POD):
        for item in reading.list(cluster, kind):
            key = key_of(item)
            template = item if kind == POD else mapping_at(item, "spec", "template")
            if key.namespace in namespaces:
                labels = labels_of(template) if "metadata" in template else {}
                yield ReachedPods(
                    id=ObjectName.of(cluster, key),
                    labels=(labels,),
                    ready=(None,),
                    ports=frozenset(_ports(mapping_at(template, "spec"))),
                )


def _ports(spec: Manifest) -> Iterator[str]:
    for part in ("containers", "initContainers"):
        for container in objects_at(spec, part):
            for port in objects_at(container, "ports"):
                if text_at(port, "name"):
                    yield text_at(port, "name")


def _top(reading: Reading, cluster: str, pod: Manifest, known: dict[ObjectKey, ObjectKey]) -> ObjectKey:
    """Return what controls a pod in the end; that of a direct owner is remembered, since its pods are many."""
    key, item, first = key_of(pod), pod, None
    for _ in range(_DEPTH):
        reference = next((each for each in _references(item) if flag_at(each, "controller")), None)
        if reference is None:
            break
        group, _version = split_api_version(text_at(reference, "apiVersion"))
        kind = GroupKind(group, text_at(reference, "kind"))
        above = ObjectKey(*kind, key.namespace, text_at(reference, "name"))
        first = first or above
        if above in known:
            return known[above]
        found = reading.get(cluster, above)
        if found is None:
            break
        key, item = above, found
    if first is not None:
        known[first] = key
    return key


def _references(item: Manifest) -> list[Manifest]:
    return objects_at(item, "metadata", "ownerReferences")
