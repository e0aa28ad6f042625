"""Which pods the nodes of a pool take: selectors, required affinity, taints, and what one node has for pods."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple, TypeAlias

from nixernetes.cost.pods.requests import pod_requests
from nixernetes.errors import InputError
from nixernetes.languages.quantities import Quantity
from nixernetes.objects.fields import items_at, mapping_at, objects_at, text_at
from nixernetes.objects.manifest import Manifest
from nixernetes.objects.well_known import KUBERNETES_PREFIX, NODE_OS

__all__ = ["Misfit", "NodePool", "Taint"]

# What kubelets and cloud providers set by themselves: with these a pool that does not say its value may fit.
_SELF_SET: Final = (KUBERNETES_PREFIX, "node.kubernetes.io/", "topology.kubernetes.io/", "beta.kubernetes.io/")
_KEEPS_OFF: Final = ("NoSchedule", "NoExecute")
# What the DaemonSet controller lets its pods tolerate (pkg/controller/daemon/util).
_DAEMON_TOLERATIONS: Final = tuple(
    {"key": f"node.kubernetes.io/{name}", "operator": "Exists"}
    for name in (
        "not-ready",
        "unreachable",
        "disk-pressure",
        "memory-pressure",
        "pid-pressure",
        "unschedulable",
        "network-unavailable",
    )
)
_Path: TypeAlias = tuple[str | int, ...]


class Taint(NamedTuple):
    """A taint."""

    key: str
    value: str
    effect: str

    def __str__(self) -> str:
        return f"{self.key}={self.value}:{self.effect}" if self.value else f"{self.key}:{self.effect}"


class Misfit(NamedTuple):
    """Why a node does not take pods.

    Attributes:
        reason: why.
        path: the field of the pod spec that says so.

    """

    reason: str
    path: _Path


@dataclass(frozen=True, slots=True, kw_only=True)
class NodePool:
    """Nodes of one kind.

    Attributes:
        name: the name of the pool.
        labels: the labels of its nodes.
        taints: the taints of its nodes.
        allocatable: what one node has for pods, by resource; what is not given is not compared.
        count: how many nodes there are; None where nobody says.

    """

    name: str
    labels: Mapping[str, str] = field(default_factory=dict)
    taints: Sequence[Taint] = ()
    allocatable: Mapping[str, Quantity] = field(default_factory=dict)
    count: int | None = None

    def runs_daemon(self, spec: Manifest) -> bool:
        """Tell whether a DaemonSet whose pods have this spec puts one on each of the nodes."""
        tolerations = [*objects_at(spec, "tolerations"), *_DAEMON_TOLERATIONS]
        return next(self._keeping_off({**spec, "tolerations": tolerations}), None) is None

    def misfit(self, spec: Manifest) -> Misfit | None:
        """Return why the nodes take no pods with this spec; None where they do."""
        return next(self._misfits(spec), None)

    def _misfits(self, spec: Manifest) -> Iterator[Misfit]:
        yield from self._keeping_off(spec)
        if self.allocatable:
            wanted = _requested(spec)
            for name, available in self.allocatable.items():
                asked = wanted.get(name, Quantity(nano=0))
                if available < asked:
                    yield Misfit(f"has {available} {name} for pods and not {asked}", ("containers",))

    def _keeping_off(self, spec: Manifest) -> Iterator[Misfit]:
        for key, value in mapping_at(spec, "nodeSelector").items():
            if not self._has(key, (str(value),)):
                yield Misfit(f"has no label {key}={value}", ("nodeSelector", key))
        required = mapping_at(spec, "affinity", "nodeAffinity", "requiredDuringSchedulingIgnoredDuringExecution")
        terms = objects_at(required, "nodeSelectorTerms")
        if terms and not any(all(map(self._meets, objects_at(term, "matchExpressions"))) for term in terms):
            yield Misfit("does not match the required node affinity", ("affinity", "nodeAffinity"))
        tolerations = objects_at(spec, "tolerations")
        for taint in self.taints:
            if taint.effect in _KEEPS_OFF and not any(_tolerates(each, taint) for each in tolerations):
                yield Misfit(f"has the taint {taint}, which is not tolerated", ("tolerations",))

    def _has(self, key: str, values: Sequence[str]) -> bool:
        """Tell whether the nodes have a label with one of some values, or may have: they set some by themselves."""
        known = self.labels.get(key, "linux" if key == NODE_OS else None)
        return known in values if known is not None else key.startswith(_SELF_SET)

    def _meets(self, expression: Manifest) -> bool:
        key, operator = text_at(expression, "key"), text_at(expression, "operator")
        values = [str(value) for value in items_at(expression, "values")]
        if key not in self.labels and key != NODE_OS and key.startswith(_SELF_SET):
            return True
        if operator == "In":
            return self._has(key, values)
        if operator == "NotIn":
            return not self._has(key, values)
        if operator in ("Exists", "DoesNotExist"):
            return (key in self.labels or key == NODE_OS) == (operator == "Exists")
        return self._compares(key, operator, values)

    def _compares(self, key: str, operator: str, values: Sequence[str]) -> bool:
        label = self.labels.get(key, "")
        if not (label.isdigit() and values and values[0].isdigit()):
            return False
        return int(label) > int(values[0]) if operator == "Gt" else int(label) < int(values[0])


def _tolerates(toleration: Manifest, taint: Taint) -> bool:
    if text_at(toleration, "effect") not in ("", taint.effect):
        return False
    key, exists = text_at(toleration, "key"), text_at(toleration, "operator") == "Exists"
    if not key:
        return exists
    return key == taint.key and (exists or text_at(toleration, "value") == taint.value)


def _requested(spec: Manifest) -> Mapping[str, Quantity]:
    """Return what one pod asks for; nothing where that cannot be read, which another rule tells."""
    try:
        return {name: Quantity(nano=each.nano, family=each.family) for name, each in pod_requests(spec).items()}
    except InputError:
        return {}
