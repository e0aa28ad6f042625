"""Jobs: pods that end, counted until enough have succeeded or too many have failed.

After Kubernetes 1.34.4, ``pkg/controller/job/job_controller.go``.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from nixernetes.cluster.workloads import pods
from nixernetes.cluster.workloads.job_pods import INDEX, TRACKING, indexes_of, new_job_pods, shown_indexes
from nixernetes.cluster.workloads.job_policies import FailureVerdict, success_of, verdict_on
from nixernetes.cluster.workloads.store import WorkloadStore, is_going, moment, transition
from nixernetes.objects.fields import flag_at, items_at, mapping_at, number_at, objects_at, text_at
from nixernetes.objects.manifest import Json, Manifest

__all__ = ["reconcile_job"]

_REACHED: Final = ("CompletionsReached", "Reached expected number of succeeded pods")
_BACKOFF: Final = ("BackoffLimitExceeded", "Job has reached the specified backoff limit")
_DEADLINE: Final = ("DeadlineExceeded", "Job was active longer than specified deadline")
_INDEXES: Final = ("FailedIndexes", "Job has failed indexes")
_TOO_MANY_INDEXES: Final = (
    "MaxFailedIndexesExceeded",
    "Job has exceeded the specified maximal number of failed indexes",
)
_LIMIT: Final = 6
_NO_LIMIT: Final = (1 << 31) - 1  # of a Job that counts failures by index
_RUNS: Final = ("Pending", "Running")
_UNTIL_GONE: Final = ("Complete", "Failed")


def reconcile_job(store: WorkloadStore, item: Manifest) -> datetime | None:
    """Run pods until enough have succeeded, or too many have failed; return when to look again."""
    found = store.controlled(item, "Pod")
    if is_going(item):
        _release(store, found)
        return None
    ended = _ended(item)
    if ended is not None:
        _release(store, found)
        return _expire(store, item, ended)
    return _Run(store, item, found).run()


class _Run:
    """One look at a Job that is not done.

    Args:
        store: the cluster.
        item: the Job.
        found: its pods.

    """

    def __init__(self, store: WorkloadStore, item: Manifest, found: list[Manifest]) -> None:
        self._store = store
        self._item = item
        self._found = found
        self._spec = mapping_at(item, "spec")
        self._is_indexed = text_at(item, "spec", "completionMode") == "Indexed"
        self._active = [pod for pod in found if pods.is_active(pod)]
        self._done = {"Succeeded": [pod for pod in found if text_at(pod, "status", "phase") == "Succeeded"]}
        self._done["Failed"] = [pod for pod in found if _has_failed(pod)]
        self._status: Json = {
            "startTime": text_at(item, "status", "startTime") or None,
            "ready": store.ready(self._active),
            "terminating": sum(is_going(pod) and text_at(pod, "status", "phase") in _RUNS for pod in found),
            "uncountedTerminatedPods": {},
        }
        self._verdicts = {pod["metadata"]["name"]: verdict_on(item, pod) for pod in self._done["Failed"]}
        self._indexes = indexes_of(text_at(item, "status", "completedIndexes"))
        counted = [pod for pod in self._done["Failed"] if self._verdict(pod).counts]
        self._failures = self._counted("failed", counted)

    def run(self) -> datetime | None:
        """Start what is missing, and tell how it stands."""
        self._indexes |= {index for pod in self._done["Succeeded"] if (index := _index(pod)) is not None}
        succeeded = self._succeeded()
        if flag_at(self._spec, "suspend"):
            self._suspend(succeeded)
            return None
        self._status["startTime"] = self._status["startTime"] or self._store.stamp()
        wanted = self._spec.get("completions")
        lost = self._lost_indexes()
        due = self._deadline()
        conditions = self._resumed()
        failed = self._failure(due, lost)
        early = success_of(self._spec, self._indexes) if self._is_indexed and failed is None else ""
        if failed is None and self._is_enough(succeeded, wanted):
            self._complete(conditions, _REACHED)
        elif early:
            self._complete(conditions, ("SuccessPolicy", early))
        elif failed is not None:
            self._fail(failed, conditions)
        else:
            self._start(succeeded, wanted, lost or set())
            self._status["conditions"] = conditions or None
        self._write(succeeded, lost)
        is_over = any(text_at(each, "type") in _UNTIL_GONE for each in self._status.get("conditions") or [])
        return None if is_over else due

    def _verdict(self, pod: Manifest) -> FailureVerdict:
        return self._verdicts[pod["metadata"]["name"]]

    def _failure(self, due: datetime | None, lost: set[int] | None) -> tuple[str, str] | None:
        """Return why the Job has failed, reason and message, or None."""
        ended = next((each.message for each in self._verdicts.values() if each.message), "")
        if ended:
            return "PodFailurePolicy", ended
        most = number_at(self._spec, "backoffLimit", default=_LIMIT if lost is None else _NO_LIMIT)
        if self._failures > most:
            return _BACKOFF
        if due is not None and due <= self._store.now:
            return _DEADLINE
        wanted, limit = self._spec.get("completions"), self._spec.get("maxFailedIndexes")
        if lost and isinstance(limit, int) and len(lost) > limit:
            return _TOO_MANY_INDEXES
        if lost and isinstance(wanted, int) and len(self._indexes) + len(lost) >= wanted:
            return _INDEXES
        return None

    def _counted(self, part: str, terminal: list[Manifest]) -> int:
        """Return how many pods ended so: those that were counted once stay so when they are gone."""
        before = number_at(self._item, "status", part)
        return before + sum(TRACKING in items_at(pod, "metadata", "finalizers") for pod in terminal)

    def _succeeded(self) -> int:
        return len(self._indexes) if self._is_indexed else self._counted("succeeded", self._done["Succeeded"])

    def _is_enough(self, succeeded: int, wanted: Json) -> bool:
        if isinstance(wanted, int):
            return succeeded >= wanted
        return bool(succeeded) and not self._active  # a queue of work: one pod that succeeds means that it is empty

    def _lost_indexes(self) -> set[int] | None:
        """Return the indexes that failed too often; None where they are not counted each for itself."""
        limit = self._spec.get("backoffLimitPerIndex")
        if not isinstance(limit, int):
            return None
        failures: dict[int, int] = {}
        for pod in self._done["Failed"]:
            index = _index(pod)
            verdict = self._verdict(pod)
            if index is not None and verdict.counts:
                fatal = limit + 1 if verdict.action == "FailIndex" else 1
                failures[index] = failures.get(index, 0) + fatal
        lost = {index for index, count in failures.items() if count > limit}
        return indexes_of(text_at(self._item, "status", "failedIndexes")) | lost

    def _deadline(self) -> datetime | None:
        seconds = self._spec.get("activeDeadlineSeconds")
        if not isinstance(seconds, int):
            return None
        return moment(self._status["startTime"]) + timedelta(seconds=seconds)

    def _start(self, succeeded: int, wanted: Json, lost: set[int]) -> None:
        """Start as many pods as may run at once and are still wanted; end those that are too many."""
        most = number_at(self._spec, "parallelism", default=1)
        left = wanted - succeeded - len(lost) if isinstance(wanted, int) else (most if not succeeded else 0)
        missing = min(most, max(left, 0)) - len(self._active)
        if missing < 0:
            self._end(self._active[missing:])
            self._active = self._active[:missing]
            return
        taken = self._indexes | lost | {index for pod in self._active if (index := _index(pod)) is not None}
        free = (number for number in range(wanted if isinstance(wanted, int) else 0) if number not in taken)
        known = max(len(self._found), succeeded + self._failures + len(self._active))
        for pod in new_job_pods(
            self._item,
            known,
            self._store.grant(missing),
            free if self._is_indexed else None,
        ):
            made = self._store.create(pod)
            if made is not None:
                self._active.append(made)
                told = f"Created pod: {made['metadata']['name']}"
                self._store.event(self._item, "Normal", "SuccessfulCreate", told)

    def _end(self, some: list[Manifest]) -> None:
        for pod in some:
            _release(self._store, [pod])
            self._store.delete(pod)
            self._store.event(self._item, "Normal", "SuccessfulDelete", f"Deleted pod: {pod['metadata']['name']}")

    def _suspend(self, succeeded: int) -> None:
        self._end(self._active)
        self._active = []
        told = ("JobSuspended", "Job suspended")
        if "Suspended" not in _true(self._item):
            self._store.event(self._item, "Normal", "Suspended", "Job suspended")
        self._status |= {"startTime": None, "conditions": self._conditions(("Suspended", told))}
        self._write(succeeded, self._lost_indexes())

    def _resumed(self) -> list[Json]:
        """Return the condition of a Job that was suspended and goes on."""
        old = objects_at(self._item, "status", "conditions")
        if not any(text_at(each, "type") == "Suspended" for each in old):
            return []
        if "Suspended" in _true(self._item):
            self._store.event(self._item, "Normal", "Resumed", "Job resumed")
            self._status["startTime"] = self._store.stamp()
        return self._conditions(("Suspended", ("JobResumed", "Job resumed")), status="False")

    def _complete(self, conditions: list[Json], why: tuple[str, str]) -> None:
        if text_at(self._spec, "template", "spec", "serviceAccountName"):
            self._store.note_job(self._item["metadata"]["namespace"])
        self._end(self._active)
        self._active = []
        self._status["completionTime"] = self._store.stamp()
        self._status["conditions"] = [
            *conditions,
            *self._conditions(("SuccessCriteriaMet", why), ("Complete", why)),
        ]
        self._store.event(self._item, "Normal", "Completed", "Job completed")

    def _fail(self, why: tuple[str, str], conditions: list[Json]) -> None:
        self._end(self._active)
        self._active = []
        self._status["conditions"] = [*conditions, *self._conditions(("FailureTarget", why), ("Failed", why))]
        self._store.event(self._item, "Warning", *why)

    def _conditions(self, *rows: tuple[str, tuple[str, str]], status: str = "True") -> list[Json]:
        now = self._store.stamp()
        new: list[Json] = [
            {"type": kind, "status": status, "reason": reason, "message": message, "lastProbeTime": now}
            for kind, (reason, message) in rows
        ]
        old = objects_at(self._item, "status", "conditions")
        made = transition(old, new, now)
        probed = {text_at(each, "type"): text_at(each, "lastProbeTime") for each in old}
        return [
            {**each, "lastProbeTime": probed.get(each["type"], now) if each["lastTransitionTime"] != now else now}
            for each in made
        ]

    def _write(self, succeeded: int, lost: set[int] | None) -> None:
        self._status |= {
            "active": len(self._active) or None,
            "succeeded": succeeded or None,
            "failed": self._failures or None,
        }
        if self._is_indexed:
            self._status["completedIndexes"] = shown_indexes(self._indexes) or None
        if lost is not None:
            self._status["failedIndexes"] = shown_indexes(lost)
        self._store.set_status(self._item, self._status)
        _release(self._store, [pod for each in self._done.values() for pod in each])


def _has_failed(pod: Manifest) -> bool:
    """Tell whether a pod ended without success: one that is deleted before it is done did, too."""
    phase = text_at(pod, "status", "phase")
    return phase == "Failed" or (is_going(pod) and phase != "Succeeded")


def _index(pod: Manifest) -> int | None:
    text = text_at(pod, "metadata", "annotations", INDEX)
    return int(text) if text.isdecimal() else None


def _true(item: Manifest) -> set[str]:
    """Return the conditions of a Job that hold."""
    found = objects_at(item, "status", "conditions")
    return {text_at(each, "type") for each in found if text_at(each, "status") == "True"}


def _ended(item: Manifest) -> datetime | None:
    """Return when a Job was done, or None."""
    for each in objects_at(item, "status", "conditions"):
        if text_at(each, "status") == "True" and text_at(each, "type") in _UNTIL_GONE:
            return moment(text_at(item, "status", "completionTime") or text_at(each, "lastTransitionTime"))
    return None


def _expire(store: WorkloadStore, item: Manifest, ended: datetime) -> datetime | None:
    """Delete a Job that has been done for ``ttlSecondsAfterFinished``; return when that will be."""
    seconds = mapping_at(item, "spec").get("ttlSecondsAfterFinished")
    if not isinstance(seconds, int):
        return None
    due = ended + timedelta(seconds=seconds)
    if store.now < due:
        return due
    store.delete(item)
    return None


def _release(store: WorkloadStore, some: list[Manifest]) -> None:
    """Let pods go: they are counted."""
    for pod in some:
        store.release(pod, TRACKING)
