"""What the simulated controllers ask of their cluster, and how they write: owners, statuses, times."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Protocol, TypeAlias

from nixernetes.cluster.api import ApiError, Propagation
from nixernetes.objects.clocks import timestamp
from nixernetes.objects.fields import at, mapping_at, number_at, text_at
from nixernetes.objects.identity import GroupKind, ObjectKey, key_of
from nixernetes.objects.kinds import CONFIG_MAP, POD, SECRET, SERVICE_ACCOUNT
from nixernetes.objects.manifest import Json, Manifest, annotations_of

__all__ = ["WorkloadCluster", "WorkloadStore", "is_going", "moment", "owner_reference", "transition", "wanted_replicas"]

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

    def delete(self, key: ObjectKey, *, propagation: Propagation = Propagation.BACKGROUND) -> None:
        """Delete an object."""
        ...


class WorkloadStore:
    """Reads and writes for controllers, at one moment.

    Args:
        cluster: the cluster.
        owned: owner uid to the keys of what it controls.
        most_pods: how many pods there may be.
        is_made: tells whether something that is not simulated makes an object (or may make it).

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
    ) -> None:
        self._cluster = cluster
        self._owned = owned
        self._most_pods = most_pods
        self._is_made = is_made
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

    def annotate(self, manifest: Manifest, name: str, text: str) -> Manifest:
        """Set an annotation of an object; return its new state."""
        if annotations_of(manifest).get(name) == text:
            return manifest
        meta = {**manifest["metadata"], "annotations": {**annotations_of(manifest), name: text}}
        return self._cluster.update({**manifest, "metadata": meta}, manager=MANAGER)

    def scale(self, manifest: Manifest, replicas: int) -> None:
        """Set the replicas of an object."""
        if at(manifest, "spec", "replicas") != replicas:
            spec = {**mapping_at(manifest, "spec"), "replicas": replicas}
            self._cluster.update({**manifest, "spec": spec}, manager=MANAGER)

    def set_status(self, manifest: Manifest, status: Json) -> None:
        """Write a status if it differs; fields that the controller does not know stay."""
        before = mapping_at(manifest, "status")
        merged = {name: value for name, value in {**before, **status}.items() if value is not None}
        if merged != before:
            self._cluster.update({**manifest, "status": merged}, manager=MANAGER, subresource="status")

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
