"""Deployments: a ReplicaSet for each template; the new one comes up as the old ones go, within bounds.

After Kubernetes 1.34.4: ``pkg/controller/deployment`` (``deployment_controller.go``, ``rolling.go``, ``recreate.go``,
``sync.go``). One look does one step, as there: scaled up, else scaled down, else tidied up; the change wakes the next.
"""

from __future__ import annotations

from datetime import datetime

from nixernetes.cluster.generated_names import template_hash
from nixernetes.cluster.workloads import deployment_status as status_of, rollouts
from nixernetes.cluster.workloads.revisions import (
    DESIRED,
    MOST,
    REVISION,
    copied,
    history,
    next_revision,
    revision_of,
    surplus,
)
from nixernetes.cluster.workloads.rollouts import Bounds, size
from nixernetes.cluster.workloads.store import WorkloadStore, is_going, moment, owner_reference
from nixernetes.objects.fields import flag_at, mapping_at, number_at, objects_at, text_at
from nixernetes.objects.manifest import Json, Manifest, annotations_of, labels_of

__all__ = ["HASH", "reconcile_deployment"]

HASH = "pod-template-hash"
# What has been complete once is not late when a pod of it fails, and what is late already gets no later.
_NEVER_LATE = ("DeploymentPaused", "NewReplicaSetAvailable", "ProgressDeadlineExceeded")


def reconcile_deployment(store: WorkloadStore, item: Manifest) -> datetime | None:
    """Go one step with the rollout of a Deployment; return when it may have stood still for too long."""
    if is_going(item):
        return None
    return _Rollout(store, item).step()


class _Rollout:
    """One look at a Deployment and its ReplicaSets."""

    def __init__(self, store: WorkloadStore, item: Manifest) -> None:
        self._store = store
        self._item = item
        self._allowed: Bounds = rollouts.bounds(item)
        self._template = mapping_at(item, "spec", "template")
        self._digest = template_hash(self._template)
        self._conditions: list[Json] = objects_at(item, "status", "conditions")
        self._look()

    def _look(self) -> None:
        sets = self._store.controlled(self._item, "ReplicaSet")
        sets.sort(key=lambda one: (one["metadata"]["creationTimestamp"], one["metadata"]["name"]))
        self._sets = sets
        self._current = next((one for one in sets if labels_of(one).get(HASH) == self._digest), None)
        self._old = [one for one in sets if one is not self._current]

    def step(self) -> datetime | None:
        self._note_pause()
        if flag_at(self._item, "spec", "paused") or self._is_scaled():
            self._renumber()
            self._scale_all()
            return self._finish(is_rollout=False)
        if not self._allowed.is_rolling:
            self._recreate()
        else:
            self._make()
            self._roll()
        return self._finish(is_rollout=True)

    def _note_pause(self) -> None:
        """Say in the condition of progress that a rollout is paused, or goes on."""
        was: Json = next((one for one in self._conditions if one["type"] == "Progressing"), {})
        reason, is_paused = text_at(was, "reason"), flag_at(self._item, "spec", "paused")
        if not status_of.has_deadline(self._item) or reason == "ProgressDeadlineExceeded":
            return
        if is_paused == (reason == "DeploymentPaused"):
            return
        word = "paused" if is_paused else "resumed"
        new = {"type": "Progressing", "status": "Unknown", "reason": f"Deployment{word.capitalize()}"}
        told = {**new, "message": f"Deployment is {word}"}
        self._conditions = status_of.set_condition(self._conditions, told, self._store.stamp())

    def _is_scaled(self) -> bool:
        """Tell whether another size was asked for since the ReplicaSets were given theirs."""
        active = [one for one in self._sets if size(one)]
        told = [rollouts.number_of(one, DESIRED) for one in active]
        return any(number is not None and number != self._allowed.wanted for number in told)

    def _scale_all(self) -> None:
        active = [one for one in self._sets if size(one)]
        newest = self._current or (self._old[-1] if self._old else None)
        if len(active) <= 1:
            target = active[0] if active else newest
            if target is not None:
                self._scale(target, self._allowed.wanted)
            return
        current = self._current
        is_saturated = (
            current is not None
            and size(current) == self._allowed.wanted == rollouts.number_of(current, DESIRED)
            and rollouts.available(current) == self._allowed.wanted
        )
        if is_saturated:
            for one in self._old:
                self._scale(one, 0)
        elif self._allowed.is_rolling:
            sizes = rollouts.proportional(self._allowed, active[::-1])
            for one in active:
                self._scale(one, sizes[one["metadata"]["name"]])

    def _recreate(self) -> None:
        """Let all old pods go before new ones come."""
        active = [one for one in self._old if size(one)]
        for one in active:
            self._scale(one, 0)
        if active or any(self._store.controlled(one, "Pod") for one in self._old):
            self._renumber()
            return
        self._make()
        if self._current is not None:
            self._scale(self._current, self._allowed.wanted)

    def _roll(self) -> None:
        current = self._current
        if current is None:
            return
        wanted = rollouts.new_size(self._allowed, size(current), rollouts.total(self._old))
        if size(current) != self._allowed.wanted and wanted != size(current):
            self._scale(current, wanted)
            return
        active = [one for one in self._old if size(one)]
        if not active:
            return
        sizes = rollouts.old_sizes(self._allowed, current, active)
        for one in active:
            if one["metadata"]["name"] in sizes:
                self._scale(one, sizes[one["metadata"]["name"]])

    def _scale(self, one: Manifest, number: int) -> None:
        self._store.scale(one, number, self._annotations())
        if number != size(one):
            word = "up" if number > size(one) else "down"
            name = one["metadata"]["name"]
            told = f"Scaled {word} replica set {name} from {size(one)} to {number}"
            self._store.event(self._item, "Normal", "ScalingReplicaSet", told)

    def _annotations(self) -> dict[str, str]:
        most = self._allowed.wanted + self._allowed.surge
        return {DESIRED: str(self._allowed.wanted), MOST: str(most)}

    def _renumber(self) -> None:
        """Bring the annotations of the new ReplicaSet up to date: those of the Deployment, and its revision."""
        current = self._current
        if current is None:
            return
        number = next_revision(self._old, current)
        wanted = {**copied(self._item), REVISION: str(number)}
        if number != revision_of(current):
            wanted |= history(current)
        if not wanted.items() <= annotations_of(current).items():
            self._current = self._store.annotate(current, wanted)

    def _make(self) -> None:
        """Make the new ReplicaSet, unless it is there."""
        if self._current is not None:
            self._renumber()
            return
        number = rollouts.new_size(self._allowed, 0, rollouts.total(self._old))
        made = self._store.create(self._replica_set(number, next_revision(self._old)))
        if made is None:
            self._fail(f"{self._item['metadata']['name']}-{self._digest}")
            return
        name = made["metadata"]["name"]
        if number:
            told = f"Scaled up replica set {name} from 0 to {number}"
            self._store.event(self._item, "Normal", "ScalingReplicaSet", told)
        if status_of.has_deadline(self._item):
            new = {"type": "Progressing", "status": "True", "reason": "NewReplicaSetCreated"}
            told_so = {**new, "message": f'Created new replica set "{name}"'}
            self._conditions = status_of.set_condition(self._conditions, told_so, self._store.stamp())
        self._look()

    def _fail(self, name: str) -> None:
        message = f'Failed to create new replica set "{name}": {self._store.refused}'
        new = {"type": "Progressing", "status": "False", "reason": "ReplicaSetCreateError", "message": message}
        self._conditions = status_of.set_condition(self._conditions, new, self._store.stamp())
        self._store.event(self._item, "Warning", "ReplicaSetCreateError", message)

    def _replica_set(self, number: int, revision: int) -> Manifest:
        meta, labels = self._item["metadata"], mapping_at(self._template, "metadata", "labels")
        labels = {**labels, HASH: self._digest}
        spec: Json = {
            "replicas": number,
            "selector": {
                **mapping_at(self._item, "spec", "selector"),
                "matchLabels": {**mapping_at(self._item, "spec", "selector", "matchLabels"), HASH: self._digest},
            },
            "template": {**self._template, "metadata": {**mapping_at(self._template, "metadata"), "labels": labels}},
        }
        if number_at(self._item, "spec", "minReadySeconds"):
            spec["minReadySeconds"] = number_at(self._item, "spec", "minReadySeconds")
        return {
            "apiVersion": "apps/v1",
            "kind": "ReplicaSet",
            "metadata": {
                "name": f"{meta['name']}-{self._digest}",
                "namespace": meta["namespace"],
                "labels": labels,
                "annotations": {**copied(self._item), **self._annotations(), REVISION: str(revision)},
                "ownerReferences": [owner_reference(self._item)],
            },
            "spec": spec,
        }

    def _finish(self, *, is_rollout: bool) -> datetime | None:
        """Write the status, tidy up, and return when to look for a lack of progress."""
        self._look()
        item, store = self._item, self._store
        known = {**item, "status": {**mapping_at(item, "status"), "conditions": self._conditions}}
        status = status_of.counts(known, self._sets, self._current, self._allowed, store.stamp())
        if is_rollout:
            status_of.progress(store, known, status, self._current, self._sets, self._allowed.wanted)
        is_done = status_of.is_complete(self._allowed.wanted, status)
        if is_done or flag_at(item, "spec", "paused"):
            for one in surplus(item, self._old):
                store.delete(one)
        numbered = {} if self._current is None else {REVISION: str(revision_of(self._current))}
        store.set_status(item, status, numbered)
        was: Json = next((one for one in status["conditions"] if one["type"] == "Progressing"), {})
        if is_done or not was or text_at(was, "reason") in _NEVER_LATE:
            return None
        return moment(was["lastUpdateTime"]) + status_of.patience(item)
