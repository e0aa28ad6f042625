"""Jobs: pods that end; CronJobs keep a valid status and start nothing by themselves."""

from __future__ import annotations

from datetime import datetime

from nixernetes.cluster.workloads import pods
from nixernetes.cluster.workloads.replicas import suffix
from nixernetes.cluster.workloads.store import Store, owner_reference, transition
from nixernetes.objects.manifest import Json, Manifest

__all__ = ["reconcile_job"]


def reconcile_job(store: Store, item: Manifest) -> datetime | None:
    """Run pods until enough have succeeded, or too many have failed."""
    status, spec, meta = item.get("status") or {}, item["spec"], item["metadata"]
    done = any(c["status"] == "True" and c["type"] in ("Complete", "Failed") for c in status.get("conditions") or [])
    if done or meta.get("deletionTimestamp"):
        return None
    if spec.get("suspend"):
        store.set_status(item, {"conditions": _condition(store, item, "Suspended", "JobSuspended", "Job suspended")})
        return None
    found = store.controlled(item, "Pod")
    phases = [(pod.get("status") or {}).get("phase") for pod in found]
    succeeded, failed = phases.count("Succeeded"), phases.count("Failed")
    wanted, limit = spec.get("completions", 1), spec.get("backoffLimit", 6)
    finished = succeeded >= wanted or failed > limit
    if not finished:
        running = len(found) - succeeded - failed
        for number in range(len(found), len(found) + min(spec.get("parallelism", 1), wanted - succeeded) - running):
            labels = {"job-name": meta["name"], "batch.kubernetes.io/job-name": meta["name"]}
            name = f"{meta['name']}-{suffix(meta['uid'], number)}"
            store.create(pods.new_pod(name, owner_reference(item), meta["namespace"], spec["template"], labels))
    active = sum((pod.get("status") or {}).get("phase") in ("Pending", "Running") for pod in _pods(store, item))
    update: Json = {
        "startTime": status.get("startTime") or store.stamp(),
        "active": active or None,
        "ready": 0,
        "succeeded": succeeded or None,
        "failed": failed or None,
    }
    if succeeded >= wanted:
        update["completionTime"] = store.stamp()
        why = "Reached expected number of succeeded pods"
        update["conditions"] = _condition(store, item, "Complete", "CompletionsReached", why)
    elif failed > limit:
        why = "Job has reached the specified backoff limit"
        update["conditions"] = _condition(store, item, "Failed", "BackoffLimitExceeded", why)
    store.set_status(item, update)
    return None


def _pods(store: Store, item: Manifest) -> list[Manifest]:
    return store.controlled(item, "Pod")


def _condition(store: Store, item: Manifest, kind: str, reason: str, message: str) -> list[Json]:
    old = (item.get("status") or {}).get("conditions") or []
    new = {"type": kind, "status": "True", "reason": reason, "message": message, "lastProbeTime": store.stamp()}
    return transition(old, [new], store.stamp())
