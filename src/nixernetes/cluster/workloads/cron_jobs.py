"""CronJobs: a Job at each of their times (``pkg/controller/cronjob/cronjob_controllerv2.go``, Kubernetes 1.34.4)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from nixernetes.cluster.workloads.store import WorkloadStore, is_going, moment, owner_reference
from nixernetes.languages.cron import Schedule, parse_schedule
from nixernetes.objects import manifest as manifests
from nixernetes.objects.clocks import timestamp
from nixernetes.objects.durations import parse_duration
from nixernetes.objects.fields import flag_at, mapping_at, number_at, objects_at, text_at
from nixernetes.objects.kinds import JOB
from nixernetes.objects.manifest import Json, Manifest

__all__ = ["reconcile_cron_job"]

_SCHEDULED_AT: Final = "batch.kubernetes.io/cronjob-scheduled-timestamp"
_DESCRIPTORS: Final = {
    "@yearly": "0 0 1 1 *",
    "@annually": "0 0 1 1 *",
    "@monthly": "0 0 1 * *",
    "@weekly": "0 0 * * 0",
    "@daily": "0 0 * * *",
    "@midnight": "0 0 * * *",
    "@hourly": "0 * * * *",
}
_MOST_MISSED: Final = 1_000  # times that are looked through one by one
_ENDS: Final = ("Complete", "Failed")
_SLACK: Final = timedelta(hours=1)


def reconcile_cron_job(store: WorkloadStore, item: Manifest) -> datetime | None:
    """Start a Job whose time has come; return when the next one comes."""
    if is_going(item):
        return None
    status = _looked_through(store, item)
    times = None if flag_at(item, "spec", "suspend") else _times(item)
    if times is None:
        store.set_status(item, status)
        return None
    since = moment(text_at(status, "lastScheduleTime") or text_at(item, "metadata", "creationTimestamp"))
    due = _last(times, since, store.now)
    if due is not None:
        _start(store, item, status, due)
    store.set_status(item, status)
    return times.after(store.now)


class _Times:
    """The times of a CronJob.

    Args:
        schedule: when; or how long apart.
        zone: where.

    """

    def __init__(self, schedule: Schedule | timedelta, zone: ZoneInfo) -> None:
        self._schedule = schedule
        self._zone = zone

    def after(self, time: datetime) -> datetime | None:
        """Return the first time after another one."""
        if isinstance(self._schedule, timedelta):
            return time.replace(microsecond=0) + self._schedule
        return self._schedule.next_after(time.astimezone(UTC), self._zone)


def _times(item: Manifest) -> _Times | None:
    """Return the times of a CronJob; None where they cannot be read."""
    text = text_at(item, "spec", "schedule").strip()
    try:
        zone = ZoneInfo(text_at(item, "spec", "timeZone") or "UTC")
        if text.startswith("@every "):
            apart = parse_duration(text.removeprefix("@every ").strip())
            return _Times(max(apart, timedelta(seconds=1)), zone)
        return _Times(parse_schedule(_DESCRIPTORS.get(text, text)), zone)
    except (ValueError, OSError, ZoneInfoNotFoundError):
        return None


def _last(times: _Times, since: datetime, now: datetime) -> datetime | None:
    """Return the last time that has come since another one; None where none has."""
    found, following = None, times.after(since)
    for _ in range(_MOST_MISSED):
        if following is None or following > now:
            return found
        found, following = following, times.after(following)
    return _last(times, now - _SLACK, now) if now - _SLACK > since else found


def _start(store: WorkloadStore, item: Manifest, status: Json, due: datetime) -> None:
    """Start the Job of a time, unless it is too late or another one runs that it has to wait for."""
    seconds = mapping_at(item, "spec").get("startingDeadlineSeconds")
    if isinstance(seconds, int) and due + timedelta(seconds=seconds) < store.now:
        shown = due.strftime("%a, %d %b %Y %H:%M:%S +0000")
        store.event(item, "Warning", "MissSchedule", f"Missed scheduled time to start a job: {shown}")
        return
    active = status["active"] or []
    policy = text_at(item, "spec", "concurrencyPolicy")
    if policy == "Forbid" and active:
        told = "Not starting job because prior execution is running and concurrency policy is Forbid"
        store.event(item, "Normal", "JobAlreadyActive", told)
        return
    if policy == "Replace":
        for job in store.controlled(item, JOB.kind):
            if not _end_of(job):
                store.delete(job)
                store.event(item, "Normal", "SuccessfulDelete", f"Deleted job {job['metadata']['name']}")
        active = []
    made = store.create(_job(item, due))
    status["lastScheduleTime"] = timestamp(due)
    if made is not None:
        store.event(item, "Normal", "SuccessfulCreate", f"Created job {made['metadata']['name']}")
        active = [*active, _reference(made)]
    elif store.refused and "already exists" not in store.refused:
        store.event(item, "Warning", "FailedCreate", f"Error creating job: {store.refused}")
    status["active"] = active or None


def _job(item: Manifest, due: datetime) -> Manifest:
    template, meta = mapping_at(item, "spec", "jobTemplate"), item["metadata"]
    zone = ZoneInfo(text_at(item, "spec", "timeZone") or "UTC")
    shown = due.astimezone(zone).isoformat()
    about = mapping_at(template, "metadata")
    labels = {"labels": dict(mapping_at(about, "labels"))} if mapping_at(about, "labels") else {}
    return {
        "apiVersion": "batch/v1",
        "kind": JOB.kind,
        "metadata": {
            "name": f"{meta['name']}-{int(due.timestamp()) // 60}",
            "namespace": meta["namespace"],
            **labels,
            "annotations": {**mapping_at(about, "annotations"), _SCHEDULED_AT: shown.replace("+00:00", "Z")},
            "ownerReferences": [owner_reference(item)],
        },
        "spec": manifests.copy(mapping_at(template, "spec")),
    }


def _looked_through(store: WorkloadStore, item: Manifest) -> Json:
    """Return what of the status follows from the Jobs, and delete those that are beyond the limits."""
    found = sorted(
        store.controlled(item, JOB.kind),
        key=lambda job: (text_at(job, "status", "startTime"), job["metadata"]["creationTimestamp"], _number(job)),
    )
    before = {text_at(each, "uid") for each in objects_at(item, "status", "active")}
    ended = {kind: [job for job in found if _end_of(job) == kind] for kind in _ENDS}
    for kind, jobs in ended.items():
        for job in jobs:
            if job["metadata"]["uid"] in before:
                told = f"Saw completed job: {job['metadata']['name']}, condition: {kind}"
                store.event(item, "Normal", "SawCompletedJob", told)
    last = max(
        (text_at(job, "status", "completionTime") for job in ended["Complete"]),
        default=text_at(item, "status", "lastSuccessfulTime"),
    )
    limits = (("Complete", "successfulJobsHistoryLimit", 3), ("Failed", "failedJobsHistoryLimit", 1))
    for kind, field, usual in limits:
        most = number_at(item, "spec", field, default=usual)
        for job in ended[kind][: max(len(ended[kind]) - most, 0)]:
            store.delete(job)
            store.event(item, "Normal", "SuccessfulDelete", f"Deleted job {job['metadata']['name']}")
    active = [_reference(job) for job in found if not _end_of(job) and not is_going(job)]
    return {
        "active": active or None,
        "lastSuccessfulTime": last or None,
        "lastScheduleTime": text_at(item, "status", "lastScheduleTime") or None,
    }


def _number(job: Manifest) -> int:
    ending = job["metadata"]["name"].rpartition("-")[2]
    return int(ending) if ending.isdecimal() else 0


def _end_of(job: Manifest) -> str:
    """Return how a Job ended, or ``""``."""
    for each in objects_at(job, "status", "conditions"):
        if text_at(each, "status") == "True" and text_at(each, "type") in _ENDS:
            return text_at(each, "type")
    return ""


def _reference(job: Manifest) -> Json:
    meta = job["metadata"]
    return {
        "kind": JOB.kind,
        "namespace": meta["namespace"],
        "name": meta["name"],
        "uid": meta["uid"],
        "apiVersion": "batch/v1",
    }
