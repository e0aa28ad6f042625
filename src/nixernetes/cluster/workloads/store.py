"""What the simulated controllers ask of their cluster, and how they write: owners, statuses, times."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Protocol, TypeAlias

from nixernetes.cluster.api import ApiError, Propagation
from nixernetes.objects.clocks import timestamp
from nixernetes.objects.fields import at, items_at, mapping_at, number_at, objects_at, text_at
from nixernetes.objects.identity import GroupKind, ObjectKey, key_of
from nixernetes.objects.kinds import CONFIG_MAP, POD, SECRET, SERVICE_ACCOUNT
from nixernetes.objects.manifest import Json, Manifest, annotations_of

__all__ = [
    "Events",
    "WorkloadCluster",
    "WorkloadStore",
    "is_going",
    "moment",
    "owner_reference",
    "ready_since",
    "transition",
    "wanted_replicas",
]

MANAGER = "kube-controller-manager"
Manifests: TypeAlias = list[Manifest]


class WorkloadCluster(Protocol):
    """The part of a cluster that controllers use."""

    def get(self, key: ObjectKey) -> Manifest | None:
        """Return an object, or None."""
        ...

    def list(self, kind: GroupKind, *, namespace: str | None = None) -> list[Manifest]:
        """Return the objects of a kind."""
        ...

    def create(self, manifest: Manifest, *, manager: str) -> Manifest:
        """Create an object."""
        ...

    def update(self, manifest: Manifest, *, manager: str, subresource: str = "") -> Manifest:
        """Replace an object or its status."""
        ...

    def put_status(self, live: Manifest, status: Json, annotations: Mapping[str, str]) -> Manifest:
        """Replace the status of an object as a controller of the cluster does, and set annotations with it."""
        ...

    def delete(
        self, key: ObjectKey, *, propagation: Propagation = Propagation.BACKGROUND, grace: int | None = None
    ) -> None:
        """Delete an object; a pod has so many seconds to end."""
        ...


class Events(Protocol):
    """Takes what controllers tell of objects."""

    def event(self, involved: Manifest, kind: str, reason: str, message: str) -> None:
        """Record that something happened to an object."""
        ...


class WorkloadStore:
    """Reads and writes for controllers, at one moment.

    Args:
        cluster: the cluster.
        owned: owner uid to the keys of what it controls.
        most_pods: how many pods there may be.
        is_made: tells whether something that is not simulated makes an object (or may make it).
        events: takes what controllers tell; None where nobody asks.

    Attributes:
        pods: the pods that there are, by uid; whether each is ready.
        short: why the object that is handled gets fewer pods than it wants.
        refused: what the cluster refused of the object that is handled.
        lacks: whether the object that is handled needs something that is missing.

    """

    def __init__(
        self,
        cluster: WorkloadCluster,
        owned: dict[str, set[ObjectKey]],
        most_pods: int,
        is_made: Callable[[ObjectKey], bool],
        events: Events | None = None,
    ) -> None:
        self._cluster = cluster
        self._owned = owned
        self._most_pods = most_pods
        self._is_made = is_made
        self._events = events
        self._made_by_jobs: set[tuple[str, str]] = set()
        self.short = ""
        self.refused = ""
        self.lacks = False
        self.pods: dict[str, bool] = {}
        self.now = datetime(1970, 1, 1, tzinfo=UTC)

    def get(self, key: ObjectKey) -> Manifest | None:
        """Return an object, or None."""
        return self._cluster.get(key)

    def list(self, kind: GroupKind, namespace: str) -> Manifests:
        """Return the objects of a kind in a namespace, by name."""
        return self._cluster.list(kind, namespace=namespace)

    def everywhere(self, kind: GroupKind) -> Manifests:
        """Return the objects of a kind in all namespaces."""
        return self._cluster.list(kind)

    def controlled(self, owner: Manifest, kind: str) -> Manifests:
        """Return the objects of a kind that an object controls, by name."""
        keys = sorted(key for key in self._owned.get(owner["metadata"]["uid"], ()) if key.kind == kind)
        return [found for key in keys if (found := self._cluster.get(key)) is not None]

    def create(self, manifest: Manifest) -> Manifest | None:
        """Create an object; None when the cluster refuses it (a namespace that goes away, a name that is taken)."""
        if manifest["kind"] == POD.kind and not self._has_account(manifest):
            return None
        try:
            return self._cluster.create(manifest, manager=MANAGER)
        except ApiError as error:
            self.refused = error.message
            return None

    def _has_account(self, pod: Manifest) -> bool:
        """Tell whether the account of a pod is there, without which none is admitted (plugin ServiceAccount)."""
        name, namespace = text_at(pod, "spec", "serviceAccountName"), pod["metadata"]["namespace"]
        if not name or self.find(ObjectKey("", SERVICE_ACCOUNT.kind, namespace, name)) is not None:
            return True
        start = pod["metadata"]["name"].rpartition("-")[0]
        self.refused = (
            f'pods "{start}-" is forbidden: error looking up service account {namespace}/{name}: '
            f'serviceaccount "{name}" not found'
        )
        return False

    def find(self, key: ObjectKey) -> Manifest | None:
        """Return what a pod needs; ``{}`` where something that is not simulated makes it, None where it is missing."""
        found = self._cluster.get(key)
        if found is not None:
            return found
        if (key.kind, key.namespace) in self._made_by_jobs or self._is_made(key):
            return {}
        self.lacks = True
        return None

    def note_job(self, namespace: str) -> None:
        """Take note that a Job with an account of its own is done: it made whatever the account may create."""
        for kind in (SECRET, CONFIG_MAP):
            if self._is_made(ObjectKey("", kind.kind, namespace, "")):
                self._made_by_jobs.add((kind.kind, namespace))

    @property
    def room(self) -> int:
        """How many pods more there may be."""
        return max(self._most_pods - len(self.pods), 0)

    def is_ready(self, pod: Manifest) -> bool:
        """Tell whether a pod is ready."""
        return self.pods.get(pod["metadata"]["uid"], False)

    def ready(self, pods: Manifests) -> int:
        """Return how many pods are ready."""
        return sum(map(self.is_ready, pods))

    def grant(self, pods: int) -> int:
        """Return how many of so many more pods there is room for, and remember when that is too few."""
        if pods > self.room:
            self.short = f"a simulated cluster holds {self._most_pods:,} pods: ask for fewer"
        return min(pods, self.room)

    def full(self, old: Manifests) -> Json:
        """Return the condition of a ReplicaSet that has fewer pods than it wants."""
        why = f"the simulated cluster holds no more than {self._most_pods:,} pods" if not self.room else self.refused
        failed = {"type": "ReplicaFailure", "status": "True", "reason": "FailedCreate", "message": why}
        return transition(old, [failed], self.stamp())[0]

    def delete(self, manifest: Manifest) -> None:
        """Delete an object, if it is still there."""
        if self._cluster.get(key_of(manifest)) is not None:
            self._cluster.delete(key_of(manifest))

    def end(self, pod: Manifest) -> None:
        """Say that a pod that is being deleted has ended, as its kubelet does."""
        if number_at(pod, "metadata", "deletionGracePeriodSeconds"):
            self._cluster.delete(key_of(pod), grace=0)

    def bind(self, pod: Manifest, node: str) -> Manifest:
        """Place a pod on a node; return its new state."""
        spec = {**mapping_at(pod, "spec"), "nodeName": node}
        return self._cluster.update({**pod, "spec": spec}, manager="kube-scheduler", subresource="binding")

    def annotate(self, manifest: Manifest, wanted: Mapping[str, str]) -> Manifest:
        """Set annotations of an object; return its new state."""
        if wanted.items() <= annotations_of(manifest).items():
            return manifest
        meta = {**manifest["metadata"], "annotations": {**annotations_of(manifest), **wanted}}
        return self._cluster.update({**manifest, "metadata": meta}, manager=MANAGER)

    def release(self, manifest: Manifest, finalizer: str) -> None:
        """Take a finalizer off an object that has it."""
        live = self._cluster.get(key_of(manifest))
        kept = items_at(live or {}, "metadata", "finalizers")
        if live is None or finalizer not in kept:
            return
        meta = {**live["metadata"], "finalizers": [each for each in kept if each != finalizer]}
        self._cluster.update({**live, "metadata": meta}, manager=MANAGER)

    def replace(self, manifest: Manifest) -> Manifest | None:
        """Write a new state of an object; None when the cluster refuses it."""
        try:
            return self._cluster.update(manifest, manager=MANAGER)
        except ApiError as error:
            self.refused = error.message
            return None

    def scale(self, manifest: Manifest, replicas: int, wanted: Mapping[str, str] | None = None) -> None:
        """Set the replicas of an object, and annotations with them."""
        notes = annotations_of(manifest)
        if at(manifest, "spec", "replicas") == replicas and (wanted or {}).items() <= notes.items():
            return
        new = {**manifest, "spec": {**mapping_at(manifest, "spec"), "replicas": replicas}}
        if wanted:
            new["metadata"] = {**manifest["metadata"], "annotations": {**notes, **wanted}}
        self._cluster.update(new, manager=MANAGER)

    def set_status(self, manifest: Manifest, status: Json, annotations: Mapping[str, str] | None = None) -> None:
        """Write a status if it differs; fields that the controller does not know stay."""
        before, notes = mapping_at(manifest, "status"), annotations or {}
        merged = {name: value for name, value in {**before, **status}.items() if value is not None}
        if merged != before or not notes.items() <= annotations_of(manifest).items():
            self._cluster.put_status(manifest, merged, notes)

    def event(self, involved: Manifest, kind: str, reason: str, message: str) -> None:
        """Tell that something happened to an object."""
        if self._events is not None:
            self._events.event(involved, kind, reason, message)

    def available(self, pods: Manifests, seconds: int) -> tuple[int, datetime | None]:
        """Return how many pods have been ready for so many seconds, and when the next one will have been."""
        if not seconds:
            return self.ready(pods), None
        since = [moment(text) + timedelta(seconds=seconds) for pod in pods if (text := ready_since(pod))]
        return sum(each <= self.now for each in since), min((each for each in since if each > self.now), default=None)

    def stamp(self) -> str:
        """Return this moment as Kubernetes writes it."""
        return timestamp(self.now)


def owner_reference(owner: Manifest) -> Json:
    """Return the controller reference to an owner."""
    return {
        "apiVersion": owner["apiVersion"],
        "kind": owner["kind"],
        "name": owner["metadata"]["name"],
        "uid": owner["metadata"]["uid"],
        "controller": True,
        "blockOwnerDeletion": True,
    }


def is_going(manifest: Manifest) -> bool:
    """Tell whether an object was asked to go."""
    return bool(text_at(manifest, "metadata", "deletionTimestamp"))


def ready_since(pod: Manifest) -> str:
    """Return since when a pod is ready, or ``""``."""
    for one in objects_at(pod, "status", "conditions"):
        if (text_at(one, "type"), text_at(one, "status")) == ("Ready", "True"):
            return text_at(one, "lastTransitionTime")
    return ""


def wanted_replicas(workload: Manifest) -> int:
    """Return how many pods a workload wants: one where it does not say, none where it says less."""
    return max(number_at(workload, "spec", "replicas", default=1), 0)


def moment(text: str) -> datetime:
    """Read a Kubernetes timestamp."""
    return datetime.fromisoformat(text)


def transition(old: list[Json], new: list[Json], now: str) -> list[Json]:
    """Return conditions with their transition times: kept where the status is the same, ``now`` where it changed."""
    before = {condition["type"]: condition for condition in old}
    result = []
    for condition in new:
        was = before.get(condition["type"])
        same = was is not None and was["status"] == condition["status"]
        since = was["lastTransitionTime"] if same and was is not None else now
        result.append({**condition, "lastTransitionTime": since})
    return result
