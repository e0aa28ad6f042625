"""What a controller sees of its cluster, and how it is driven: told of each change, and run when something waits."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Protocol, TypeAlias

from nixernetes.cluster.api import Event, Propagation
from nixernetes.objects.identity import GroupKind, ObjectKey
from nixernetes.objects.manifest import Json, Manifest

__all__ = ["MANAGER", "ControlledCluster", "Part", "Worker"]

Keys: TypeAlias = list[ObjectKey]
MANAGER: Final = "kube-controller-manager"


class ControlledCluster(Protocol):
    """The part of a cluster that controllers use."""

    def get(self, key: ObjectKey) -> Manifest | None:
        """Return an object, or None."""
        ...

    def list(
        self, kind: GroupKind, *, namespace: str | None = None, labels: Mapping[str, str] | None = None
    ) -> list[Manifest]:
        """Return the objects of a kind."""
        ...

    def in_namespace(self, namespace: str) -> Keys:
        """Return the keys of everything in a namespace."""
        ...

    def is_namespaced(self, kind: GroupKind) -> bool | None:
        """Tell whether a served kind is namespaced; None when it is not served."""
        ...

    def dependents(self, uid: str) -> Keys:
        """Return the keys of what an object owns."""
        ...

    def create(self, manifest: Manifest, *, manager: str) -> Manifest:
        """Create an object."""
        ...

    def update(self, manifest: Manifest, *, manager: str, subresource: str = "") -> Manifest:
        """Replace an object."""
        ...

    def replace(self, key: ObjectKey, new: Manifest) -> Manifest:
        """Store a new state of an object, as the cluster itself."""
        ...

    def put_status(self, live: Manifest, status: Json, annotations: Mapping[str, str]) -> Manifest:
        """Replace the status of an object."""
        ...

    def delete(self, key: ObjectKey, *, propagation: Propagation | None = Propagation.BACKGROUND) -> None:
        """Delete an object."""
        ...

    def now(self) -> str:
        """Return the present moment."""
        ...


class Part(Protocol):
    """One controller."""

    @property
    def waits(self) -> bool:
        """Tell whether anything is to be looked at."""
        ...

    def note(self, event: Event, key: ObjectKey) -> None:
        """Take note of a change; write nothing."""
        ...

    def take(self) -> ObjectKey | None:
        """Return what is to be looked at next, and forget it; None where nothing waits."""
        ...

    def handle(self, key: ObjectKey) -> None:
        """Look at one object."""
        ...

    def ask(self, *keys: ObjectKey) -> None:
        """Look at objects soon."""
        ...


class Worker:
    """A controller's queue: each key waits once, in the order in which it was first asked for.

    Args:
        cluster: the cluster.

    """

    def __init__(self, cluster: ControlledCluster) -> None:
        self._cluster = cluster
        self._waiting: dict[ObjectKey, None] = {}

    @property
    def waits(self) -> bool:
        """Tell whether anything is to be looked at."""
        return bool(self._waiting)

    def ask(self, *keys: ObjectKey) -> None:
        """Look at objects soon."""
        for key in keys:
            self._waiting[key] = None

    def take(self) -> ObjectKey | None:
        """Return what is to be looked at next, and forget it; None where nothing waits."""
        if not self._waiting:
            return None
        key = next(iter(self._waiting))
        del self._waiting[key]
        return key
