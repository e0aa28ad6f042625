"""Jobs: pods that end; CronJobs keep a valid status and start nothing by themselves."""

from __future__ import annotations

from datetime import datetime

from nixernetes.cluster.generated_names import suffix
from nixernetes.cluster.provided.job_labels import labels_of_pods
from nixernetes.cluster.workloads import pods
from nixernetes.cluster.workloads.store import WorkloadStore, is_going, owner_reference, transition
from nixernetes.objects.fields import flag_at, mapping_at, number_at, objects_at, text_at
from nixernetes.objects.manifest import Json, Manifest

__all__ = ["reconcile_job"]


def reconcile_job(store: WorkloadStore, item: Manifest) -> datetime | None:
    """Run pods until enough have succeeded, or too many have failed."""
    meta, conditions = item["metadata"], objects_at(item, "status", "conditions")
    done = any(one["status"] == "True" and one["type"] in ("Complete", "Failed") for one in conditions)
    if done or is_going(item):
        return None
    if flag_at(item, "spec", "suspend"):
        store.set_status(item, {"conditions": _condition(store, item, "Suspended", "JobSuspended", "Job suspended")})
        return None
    found, template = store.controlled(item, "Pod"), mapping_at(item, "spec", "template")
    phases = [text_at(pod, "status", "phase") for pod in found]
    succeeded, failed = phases.count("Succeeded"), phases.count("Failed")
    wanted, limit = (
        number_at(item, "spec", "completions", default=1),
        number_at(item, "spec", "backoffLimit", default=6),
    )
    finished = succeeded >= wanted or failed > limit
    if not finished:
        running = len(found) - succeeded - failed
        missing = min(number_at(item, "spec", "parallelism", default=1), wanted - succeeded) - running
        for number in range(len(found), len(found) + store.grant(missing)):
            name = f"{meta['name']}-{suffix(meta['uid'], number)}"
            store.create(pods.new_pod(name, owner_reference(item), meta["namespace"], template, labels_of_pods(item)))
    active = sum(text_at(pod, "status", "phase") in ("Pending", "Running") for pod in _pods(store, item))
    update: Json = {
        "startTime": text_at(item, "status", "startTime") or store.stamp(),
        "active": active or None,
        "ready": 0,
        "succeeded": succeeded or None,
        "failed": failed or None,
    }
    if succeeded >= wanted:
        if text_at(template, "spec", "serviceAccountName"):
            store.note_job(meta["namespace"])
        update["completionTime"] = store.stamp()
        why = "Reached expected number of succeeded pods"
        update["conditions"] = _condition(store, item, "Complete", "CompletionsReached", why)
    elif failed > limit:
        why = "Job has reached the specified backoff limit"
        update["conditions"] = _condition(store, item, "Failed", "BackoffLimitExceeded", why)
    store.set_status(item, update)
    return None


def _pods(store: WorkloadStore, item: Manifest) -> list[Manifest]:
    return store.controlled(item, "Pod")


def _condition(store: WorkloadStore, item: Manifest, kind: str, reason: str, message: str) -> list[Json]:
    old = objects_at(item, "status", "conditions")
    new = {"type": kind, "status": "True", "reason": reason, "message": message, "lastProbeTime": store.stamp()}
    return transition(old, [new], store.stamp())
