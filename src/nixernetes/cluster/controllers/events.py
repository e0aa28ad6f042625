"""What controllers tell of objects, as Events of the cluster.

After client-go v0.34.4, ``tools/record/event.go``; an Event lives for an hour, as ``--event-ttl`` of an API server has
it. See :mod:`~nixernetes.cluster.controllers.correlating` for which are counted and which held back.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final, Protocol

from nixernetes.cluster.api import ApiError
from nixernetes.cluster.controllers.correlating import Correlated, EventCorrelator, EventNote
from nixernetes.objects.clocks import timestamp
from nixernetes.objects.fields import text_at
from nixernetes.objects.identity import GroupKind, ObjectKey, key_of
from nixernetes.objects.kinds import EVENT
from nixernetes.objects.manifest import Manifest

__all__ = ["ClusterEvents"]

_LIFE: Final = timedelta(hours=1)
_LOOK_AGAIN: Final = timedelta(minutes=5)
_NO_ANNOTATIONS: Final[Mapping[str, str]] = {}
_CONTROLLERS: Final = {
    "CronJob": "cronjob-controller",
    "DaemonSet": "daemonset-controller",
    "Deployment": "deployment-controller",
    "HorizontalPodAutoscaler": "horizontal-pod-autoscaler",
    "Job": "job-controller",
    "ReplicaSet": "replicaset-controller",
    "StatefulSet": "statefulset-controller",
}


class EventStore(Protocol):
    """Where Events are kept."""

    @property
    def revision(self) -> int:
        """Return the number of the last change."""
        ...

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
        # Each Event takes a revision: names that an earlier run of a kept cluster gave are not given again.
        self._correlator = EventCorrelator(store.revision)
        self._written = store.revision
        self._looked: datetime | None = None

    def event(self, involved: Manifest, kind: str, reason: str, message: str) -> None:
        """Tell that something happened to an object; what cannot be written is left out."""
        meta = involved["metadata"]
        note = EventNote(
            component=_component(involved, reason),
            key=key_of(involved),
            api_version=involved["apiVersion"],
            uid=text_at(meta, "uid"),
            resource_version=text_at(meta, "resourceVersion"),
            type=kind,
            reason=reason,
            message=message,
        )
        self.record(note, datetime.fromisoformat(self._store.now()))

    def record(self, note: EventNote, now: datetime, annotations: Mapping[str, str] = _NO_ANNOTATIONS) -> None:
        """Tell what a source says, as client-go's recorders do; what cannot be written is left out."""
        told = self._correlator.note(note, now)
        if told is None:
            return
        key = ObjectKey("", EVENT.kind, note.key.namespace or "default", told.name)
        live = self._store.get(key)
        about = told.note
        try:
            if live is None:
                made = _event(told, key.namespace, now, annotations)
                self._store.create({**made, "reportingComponent": about.component}, manager=about.component)
            else:
                counted = {**live, "count": told.count, "lastTimestamp": timestamp(now), "message": about.message}
                self._store.update(counted, manager=about.component)
        except ApiError:
            return
        self.forget(now)

    def audit(self, note: EventNote, now: datetime, annotations: Mapping[str, str]) -> None:
        """Tell what Argo CD's audit log says: an Event each time, however often (``util/argo/audit_logger.go``)."""
        self._written += 1
        nanoseconds = int(now.timestamp() * 1_000_000) * 1_000 + self._written % 1_000
        told = Correlated(note=note, name=f"{note.key.name}.{nanoseconds:x}", count=1, first=now)
        try:
            self._store.create(_event(told, note.key.namespace or "default", now, annotations), manager=note.component)
        except ApiError:
            return
        self.forget(now)

    def forget(self, now: datetime) -> None:
        """Delete the Events whose time is over; they are looked through every few minutes."""
        if self._looked is not None and now - self._looked < _LOOK_AGAIN:
            return
        self._looked = now
        for each in self._store.list(EVENT):
            last = text_at(each, "lastTimestamp")
            if last and datetime.fromisoformat(last) < now - _LIFE:
                meta = each["metadata"]
                self._store.delete(ObjectKey("", EVENT.kind, meta["namespace"], meta["name"]))


def _event(told: Correlated, namespace: str, now: datetime, annotations: Mapping[str, str]) -> Manifest:
    note = told.note
    about = {
        "apiVersion": note.api_version,
        "kind": note.key.kind,
        "name": note.key.name,
        "resourceVersion": note.resource_version,
        "uid": note.uid,
        **({"namespace": note.key.namespace} if note.key.namespace else {}),
    }
    marks = {"annotations": dict(annotations)} if annotations else {}
    return {
        "apiVersion": "v1",
        "kind": EVENT.kind,
        "metadata": {"name": told.name, "namespace": namespace, **marks},
        "involvedObject": about,
        "type": note.type,
        "reason": note.reason,
        "message": note.message,
        "source": {"component": note.component},
        "firstTimestamp": timestamp(told.first),
        "lastTimestamp": timestamp(now),
        "count": told.count,
    }


def _component(involved: Manifest, reason: str) -> str:
    """Return who tells of an object."""
    if involved["kind"] == "Pod":
        return "default-scheduler" if reason in ("Scheduled", "FailedScheduling") else "kubelet"
    return _CONTROLLERS.get(involved["kind"], "kube-controller-manager")
