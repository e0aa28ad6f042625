"""The scheduler: a pod goes to the node that takes it and has most left, or it is said why none does.

After Kubernetes 1.34.4, ``pkg/scheduler/framework``: taints, then selectors and affinity, then resources; what is short
is counted over the nodes, and told in the words of ``FitError``. Nothing is preempted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from nixernetes.cluster.workloads.scheduling.machines import Machine
from nixernetes.cost.node_pools import NodePool
from nixernetes.cost.pods.requests import pod_requests
from nixernetes.errors import InputError
from nixernetes.languages import quantities
from nixernetes.objects.fields import items_at, mapping_at, objects_at, text_at
from nixernetes.objects.identity import ObjectKey, key_of
from nixernetes.objects.manifest import Manifest

__all__ = ["Placement", "Scheduler"]

_AFFINITY: Final = "node(s) didn't match Pod's node affinity/selector"
_PODS: Final = "pods"
_OVER: Final = ("Succeeded", "Failed")
_NO_HELP: Final = "Preemption is not helpful for scheduling"
_NO_VICTIMS: Final = "No preemption victims found for incoming pod"


class Placement(NamedTuple):
    """Where a pod goes.

    Attributes:
        node: the name of the node; ``""`` where none takes it.
        message: why none does.

    """

    node: str = ""
    message: str = ""


class _Refusal(NamedTuple):
    """Why a node does not take a pod, and whether that changes when others go."""

    reasons: tuple[str, ...]
    may_change: bool


class Scheduler:
    """Knows what is left on each node.

    Args:
        machines: the nodes.

    Attributes:
        waiting: the pods that no node took.

    """

    def __init__(self, machines: Sequence[Machine]) -> None:
        self.machines = machines
        self.waiting: dict[ObjectKey, None] = {}
        self._has = {
            each.name: {name: quantities.parse(text).nano for name, text in each.amounts.items()} for each in machines
        }
        self._used: dict[str, Counter[str]] = {each.name: Counter() for each in machines}
        self._placed: dict[str, tuple[str, Mapping[str, int]]] = {}

    def note(self, pod: Manifest, *, is_gone: bool) -> bool:
        """Take note of a pod; tell whether that left more room on a node."""
        uid, node = pod["metadata"]["uid"], text_at(pod, "spec", "nodeName")
        if is_gone or node:
            self.waiting.pop(key_of(pod), None)
        if is_gone or text_at(pod, "status", "phase") in _OVER:
            placed = self._placed.pop(uid, None)
            if placed is not None:
                self._used[placed[0]].subtract(placed[1])
            return placed is not None
        if node in self._used and uid not in self._placed:
            asked = _asked(pod)
            self._placed[uid] = (node, asked)
            self._used[node].update(asked)
        return False

    def place(self, pod: Manifest) -> Placement:
        """Return where a pod goes."""
        asked, pinned = _asked(pod), _pinned(pod)
        fitting: list[Machine] = []
        refused: list[_Refusal] = []
        for machine in self.machines:
            refusal = self._refusal(machine, pod, asked, pinned)
            if refusal is None:
                fitting.append(machine)
            else:
                refused.append(refusal)
        if fitting:
            best = min(fitting, key=lambda machine: (self._load(machine.name, asked), machine.name))
            return Placement(node=best.name)
        self.waiting[key_of(pod)] = None
        return Placement(message=self._told(refused))

    def runs_daemon(self, machine: Machine, template: Manifest) -> bool:
        """Tell whether a DaemonSet has a pod on a node."""
        return machine.pool.runs_daemon(mapping_at(template, "spec"))

    def _refusal(
        self, machine: Machine, pod: Manifest, asked: Mapping[str, int], pinned: tuple[str, ...] | None
    ) -> _Refusal | None:
        spec, pool = mapping_at(pod, "spec"), machine.pool
        for taint in pool.taints:
            tainted = NodePool(name=machine.name, taints=(taint,))
            if tainted.misfit({"tolerations": items_at(spec, "tolerations")}) is not None:
                return _Refusal((f"node(s) had untolerated taint {{{taint.key}: {taint.value}}}",), may_change=False)
        is_elsewhere = pinned is not None and machine.name not in pinned
        if is_elsewhere or NodePool(name=machine.name, labels=pool.labels).misfit(spec) is not None:
            return _Refusal((_AFFINITY,), may_change=False)
        return self._shortage(machine.name, asked)

    def _shortage(self, node: str, asked: Mapping[str, int]) -> _Refusal | None:
        has, used = self._has[node], self._used[node]
        short = [name for name, amount in sorted(asked.items()) if amount and used[name] + amount > has.get(name, 0)]
        short = [name for name in short if name in has or "/" in name]  # what is not declared is not compared
        if not short:
            return None
        reasons = tuple("Too many pods" if name == _PODS else f"Insufficient {name}" for name in short)
        return _Refusal(reasons, may_change=all(asked[name] <= has.get(name, 0) for name in short))

    def _load(self, node: str, asked: Mapping[str, int]) -> int:
        """Return how full a node would be, in parts of a million of what it has least of."""
        has, used = self._has[node], self._used[node]
        return max((used[name] + asked.get(name, 0)) * 1_000_000 // max(has[name], 1) for name in has)

    def _told(self, refused: Sequence[_Refusal]) -> str:
        total = len(self.machines)
        head = f"0/{total} nodes are available"
        reasons = Counter(reason for each in refused for reason in each.reasons)
        helps = Counter(_NO_VICTIMS if each.may_change else _NO_HELP for each in refused)
        return f"{head}: {_listed(reasons)}. preemption: {head}: {_listed(helps)}."


def _listed(counts: Counter[str]) -> str:
    return ", ".join(sorted(f"{count} {reason}" for reason, count in counts.items()))


def _asked(pod: Manifest) -> dict[str, int]:
    """Return what a pod asks for, in nano units; nothing but its place where that cannot be read."""
    try:
        found = {name: each.nano for name, each in pod_requests(mapping_at(pod, "spec")).items()}
    except InputError:
        found = {}
    return {**found, _PODS: quantities.NANO}


def _pinned(pod: Manifest) -> tuple[str, ...] | None:
    """Return the nodes that a pod of a DaemonSet is for; None for one that may go anywhere."""
    affinity = mapping_at(pod, "spec", "affinity", "nodeAffinity", "requiredDuringSchedulingIgnoredDuringExecution")
    names = [*_fields(objects_at(affinity, "nodeSelectorTerms"))]
    return tuple(names) if names else None


def _fields(terms: Sequence[Manifest]) -> Iterator[str]:
    for term in terms:
        for each in objects_at(term, "matchFields"):
            if text_at(each, "key") == "metadata.name":
                yield from map(str, items_at(each, "values"))
