"""What controllers tell of objects, as Events of the cluster: counted where they say the same again.

After client-go v0.34.4, ``tools/record/event.go`` and ``events_cache.go`` (``EventCorrelator``), but for its limits by
time; an Event lives for an hour, as ``--event-ttl`` of an API server has it.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final, Protocol

from nixernetes.cluster.api import ApiError
from nixernetes.objects.bounded import Bounded
from nixernetes.objects.fields import number_at, text_at
from nixernetes.objects.identity import GroupKind, ObjectKey
from nixernetes.objects.kinds import EVENT
from nixernetes.objects.manifest import Manifest

__all__ = ["ClusterEvents"]

_MOST: Final = 4096  # that are counted up; client-go's cache has as many
_LIFE: Final = timedelta(hours=1)
_CONTROLLERS: Final = {
    "CronJob": "cronjob-controller",
    "DaemonSet": "daemonset-controller",
    "Deployment": "deployment-controller",
    "Job": "job-controller",
    "ReplicaSet": "replicaset-controller",
    "StatefulSet": "statefulset-controller",
}


class EventStore(Protocol):
    """Where Events are kept."""

    def now(self) -> str:
        """Return the present."""
        ...

    def get(self, key: ObjectKey) -> Manifest | None:
        """Return an object, or None."""
        ...

    def list(self, kind: GroupKind) -> list[Manifest]:
        """Return the objects of a kind."""
        ...

    def create(self, manifest: Manifest, *, manager: str) -> Manifest:
        """Create an object."""
        ...

    def update(self, manifest: Manifest, *, manager: str) -> Manifest:
        """Replace an object."""
        ...

    def delete(self, key: ObjectKey) -> None:
        """Delete an object."""
        ...


class ClusterEvents:
    """Writes Events into one cluster.

    Args:
        store: the cluster.

    """

    def __init__(self, store: EventStore) -> None:
        self._store = store
        self._known: Bounded[tuple[str, ...], str] = Bounded(_MOST)
        self._told = 0

    def event(self, involved: Manifest, kind: str, reason: str, message: str) -> None:
        """Tell that something happened to an object; what cannot be written is left out."""
        meta = involved["metadata"]
        namespace, component = text_at(meta, "namespace") or "default", _component(involved, reason)
        same = (involved["kind"], namespace, meta["name"], str(meta.get("uid")), kind, reason, message)
        now = self._store.now()
        name = self._known.get(same)
        live = self._store.get(ObjectKey("", EVENT.kind, namespace, name)) if name else None
        try:
            if live is not None:
                counted = {**live, "count": number_at(live, "count") + 1, "lastTimestamp": now}
                self._store.update(counted, manager=component)
                return
            self._told += 1
            name = f"{meta['name']}.{self._told:016x}"
            self._store.create(
                _made(involved, (name, namespace), (kind, reason, message), component, now), manager=component
            )
        except ApiError:
            return
        self._known.put(same, name)
        self._forget(now)

    def _forget(self, now: str) -> None:
        """Delete the Events whose time is over."""
        if self._told % 100:
            return
        oldest = datetime.fromisoformat(now) - _LIFE
        for each in self._store.list(EVENT):
            last = text_at(each, "lastTimestamp")
            if last and datetime.fromisoformat(last) < oldest:
                meta = each["metadata"]
                self._store.delete(ObjectKey("", EVENT.kind, meta["namespace"], meta["name"]))


def _made(involved: Manifest, place: tuple[str, str], told: tuple[str, str, str], component: str, now: str) -> Manifest:
    meta, (name, namespace), (kind, reason, message) = involved["metadata"], place, told
    about = {
        "apiVersion": involved["apiVersion"],
        "kind": involved["kind"],
        "name": meta["name"],
        "resourceVersion": text_at(meta, "resourceVersion"),
        "uid": text_at(meta, "uid"),
        **({"namespace": meta["namespace"]} if "namespace" in meta else {}),
    }
    return {
        "apiVersion": "v1",
        "kind": EVENT.kind,
        "metadata": {"name": name, "namespace": namespace},
        "involvedObject": about,
        "type": kind,
        "reason": reason,
        "message": message,
        "source": {"component": component},
        "reportingComponent": component,
        "firstTimestamp": now,
        "lastTimestamp": now,
        "count": 1,
    }


def _component(involved: Manifest, reason: str) -> str:
    """Return who tells of an object."""
    if involved["kind"] == "Pod":
        return "default-scheduler" if reason in ("Scheduled", "FailedScheduling") else "kubelet"
    return _CONTROLLERS.get(involved["kind"], "kube-controller-manager")
