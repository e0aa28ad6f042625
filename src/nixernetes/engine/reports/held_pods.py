"""Why the pods of a workload are not ready, told beside the workload: a Deployment only says that they are not."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Final

from nixernetes.cluster.api import Reader
from nixernetes.engine.reports.values import DeliveryRow, ObjectStatus
from nixernetes.health.conditions import conditions
from nixernetes.health.waiting_pods import why_not_ready
from nixernetes.objects.fields import flag_at, objects_at, text_at
from nixernetes.objects.identity import ObjectKey, key_of, split_api_version
from nixernetes.objects.kinds import DAEMON_SET, DEPLOYMENT, JOB, POD, REPLICA_SET, STATEFUL_SET
from nixernetes.objects.manifest import Manifest

__all__ = ["HeldPods"]

_WORKLOADS: Final = (DEPLOYMENT, STATEFUL_SET, DAEMON_SET, REPLICA_SET, JOB)
_SAYING: Final = (POD, REPLICA_SET)  # in the order in which they are heard


class HeldPods:
    """Why pods of workloads are not ready: a cluster is read when somebody asks, and followed from then on.

    Holds the pods and ReplicaSets that wait for something.

    Args:
        clusters: name to cluster.

    """

    def __init__(self, clusters: Mapping[str, Reader]) -> None:
        self._clusters = clusters
        self._waiting: dict[str, dict[ObjectKey, str]] = {}  # why, by pod or ReplicaSet, of clusters that were read
        self._whys: dict[str, dict[ObjectKey, str]] = {}  # why, by workload
        self._stale: set[str] = set()

    def changed(self, cluster: str, key: ObjectKey) -> None:
        """Take note that an object was made, changed or deleted."""
        if cluster not in self._waiting or not (key.group_kind in _SAYING or key.group_kind in _WORKLOADS):
            return
        item = self._clusters[cluster].get(key) if key.group_kind in _SAYING else None
        why = _why(item) if item is not None else ""
        if why:
            self._waiting[cluster][key] = why
        else:
            self._waiting[cluster].pop(key, None)
        self._stale.add(cluster)

    def moved(self) -> set[ObjectKey]:
        """Return the workloads of which another thing is said than before, since the last call."""
        found: set[ObjectKey] = set()
        for name in self._stale:
            before, now = self._whys[name], self._read(name)
            self._whys[name] = now
            found |= {key for key in before.keys() | now.keys() if before.get(key) != now.get(key)}
        self._stale.clear()
        return found

    def told(self, item: DeliveryRow) -> DeliveryRow:
        """Return a delivery whose workloads say why they are not available."""
        if not all(entry.available for entry in item.objects):
            item = replace(item, objects=tuple(self._told(item.cluster, entry) for entry in item.objects))
        whys = ((key, self.why(item.cluster, key)) for key in item.hooks)
        said = tuple(f"{key}: {why}" for key, why in whys if why)
        return replace(item, warnings=(*item.warnings, *said)) if said else item

    def why(self, cluster: str, key: ObjectKey) -> str:
        """Return why a pod of a workload is not ready, ``""`` where all are.

        Args:
            cluster: where its delivery is; another one may hold the workload.
            key: the workload.

        """
        if key.group_kind not in _WORKLOADS:
            return ""
        found = (self._of(name).get(key, "") for name in (cluster, *sorted(self._clusters.keys() - {cluster})))
        return next(filter(None, found), "")

    def _told(self, cluster: str, entry: ObjectStatus) -> ObjectStatus:
        why = "" if entry.available else self.why(cluster, entry.key)
        return replace(entry, message=": ".join(filter(None, (entry.message, why)))) if why else entry

    def _of(self, cluster: str) -> dict[ObjectKey, str]:
        if cluster not in self._whys:
            api = self._clusters[cluster]
            whys = {key_of(item): _why(item) for kind in _SAYING for item in api.list(kind)}
            self._waiting[cluster] = {key: why for key, why in whys.items() if why}
            self._whys[cluster] = self._read(cluster)
        return self._whys[cluster]

    def _read(self, cluster: str) -> dict[ObjectKey, str]:
        """Return the first reason for each workload, those above it included."""
        found: defaultdict[ObjectKey, str] = defaultdict(str)
        api, waiting = self._clusters[cluster], self._waiting[cluster]
        for key in sorted(waiting, key=_order):
            item = api.get(key)
            for above in _above(api, item) if item is not None else ():
                found[above] = found[above] or waiting[key]
        return dict(found)


def _order(key: ObjectKey) -> tuple[int, str, str]:
    return _SAYING.index(key.group_kind), key.namespace, key.name


def _why(item: Manifest) -> str:
    return why_not_ready(item) if item["kind"] == POD.kind else _refusal(item)


def _refusal(replica_set: Manifest) -> str:
    failed = (each for each in conditions(replica_set) if each.type == "ReplicaFailure" and each.is_true)
    return next((each.message for each in failed), "")


def _above(api: Reader, item: Manifest) -> Iterator[ObjectKey]:
    held: Manifest | None = item
    while held is not None:
        if held["kind"] != POD.kind:
            yield key_of(held)
        owner = next(
            (each for each in objects_at(held, "metadata", "ownerReferences") if flag_at(each, "controller")), {}
        )
        group, _ = split_api_version(text_at(owner, "apiVersion"))
        key = ObjectKey(group, text_at(owner, "kind"), key_of(item).namespace, text_at(owner, "name"))
        held = api.get(key) if key.group_kind in _WORKLOADS else None
