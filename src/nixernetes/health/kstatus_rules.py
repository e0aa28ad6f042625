"""The rules of kstatus by kind (Flux, section 8.2): one function a kind, from an object to a verdict."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from nixernetes.objects.manifest import Json, Manifest

_SCHEDULE_WINDOW = timedelta(seconds=15)  # kstatus gives the scheduler this long


class Status(StrEnum):
    """The values of kstatus."""

    CURRENT = "Current"
    IN_PROGRESS = "InProgress"
    FAILED = "Failed"
    TERMINATING = "Terminating"
    NOT_FOUND = "NotFound"
    UNKNOWN = "Unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What kstatus says about one object.

    ``reason`` is that of the standard condition which goes with it: Reconciling for InProgress, Stalled for Failed.
    """

    status: Status
    reason: str = ""
    message: str = ""

    @property
    def condition(self) -> str:
        """The standard condition that is True: ``Reconciling``, ``Stalled`` or ``""``."""
        return {Status.IN_PROGRESS: "Reconciling", Status.FAILED: "Stalled"}.get(self.status, "")


def current(message: str) -> Verdict:
    """Return Current."""
    return Verdict(status=Status.CURRENT, message=message)


def in_progress(reason: str, message: str) -> Verdict:
    """Return InProgress."""
    return Verdict(status=Status.IN_PROGRESS, reason=reason, message=message)


def failed(reason: str, message: str) -> Verdict:
    """Return Failed."""
    return Verdict(status=Status.FAILED, reason=reason, message=message)


def status_of(manifest: Manifest) -> Json:
    """Return the object's status, or an empty dict."""
    return manifest.get("status") or {}


def conditions(manifest: Manifest) -> Json:
    """Return the object's conditions, or an empty list."""
    found = status_of(manifest).get("conditions")
    return [entry for entry in found if isinstance(entry, dict)] if isinstance(found, list) else []


def condition(manifest: Manifest, kind: str) -> Json:
    """Return one condition, or None."""
    return next((entry for entry in conditions(manifest) if entry.get("type") == kind), None)


def always_ready(manifest: Manifest) -> Verdict:  # noqa: ARG001 - every rule takes the object
    """Return Current for kinds that are there or not."""
    return current("Resource is always ready")


def disruption_budget(manifest: Manifest) -> Verdict:  # noqa: ARG001 - every rule takes the object
    """Return Current: its generation was observed."""
    return current("AllowedDisruptions has been computed.")


def deployment(manifest: Manifest) -> Verdict:
    """Return the status of a Deployment."""
    progressing = condition(manifest, "Progressing") or {}
    if progressing.get("reason") == "ProgressDeadlineExceeded":
        return failed("ProgressDeadlineExceeded", "Progress deadline exceeded")
    wanted = _count(_spec(manifest), "replicas", 1)
    replicas, updated, ready, available = _counts(
        manifest, "replicas", "updatedReplicas", "readyReplicas", "availableReplicas"
    )
    checks = (
        (wanted > replicas, "LessReplicas", f"replicas: {replicas}/{wanted}"),
        (wanted > updated, "LessUpdated", f"Updated: {updated}/{wanted}"),
        (replicas > wanted, "ExtraReplicas", f"Pending termination: {replicas - wanted}"),
        (updated > available, "LessAvailable", f"Available: {available}/{updated}"),
        (wanted > ready, "LessReady", f"Ready: {ready}/{wanted}"),
        (not _rolled_out(manifest, progressing), "ReplicaSetNotAvailable", "ReplicaSet not Available"),
        (not _is_true(manifest, "Available"), "DeploymentNotAvailable", "Deployment not Available"),
    )
    return _first(checks) or current(f"Deployment is available. Replicas: {replicas}")


def replica_set(manifest: Manifest) -> Verdict:
    """Return the status of a ReplicaSet."""
    if _is_true(manifest, "ReplicaFailure"):
        return in_progress("ReplicaFailure", "Replica Failure condition. Check Pods")
    wanted = _count(_spec(manifest), "replicas", 1)
    labelled, available, ready, replicas = _counts(
        manifest, "fullyLabeledReplicas", "availableReplicas", "readyReplicas", "replicas"
    )
    checks = (
        (wanted > labelled, "LessLabelled", f"Labelled: {labelled}/{wanted}"),
        (wanted > available, "LessAvailable", f"Available: {available}/{wanted}"),
        (wanted > ready, "LessReady", f"Ready: {ready}/{wanted}"),
        (replicas > wanted, "ExtraPods", f"Pending termination: {replicas - wanted}"),
    )
    return _first(checks) or current(f"ReplicaSet is available. Replicas: {replicas}")


def stateful_set(manifest: Manifest) -> Verdict:
    """Return the status of a StatefulSet."""
    strategy = _spec(manifest).get("updateStrategy") or {}
    if strategy.get("type") == "OnDelete":
        return current("StatefulSet is using the ondelete update strategy")
    wanted = _count(_spec(manifest), "replicas", 1)
    replicas, ready, updated, here = _counts(
        manifest, "replicas", "readyReplicas", "updatedReplicas", "currentReplicas"
    )
    checks = (
        (wanted > replicas, "LessReplicas", f"Replicas: {replicas}/{wanted}"),
        (wanted > ready, "LessReady", f"Ready: {ready}/{wanted}"),
        (replicas > wanted, "ExtraPods", f"Pending termination: {replicas - wanted}"),
    )
    early = _first(checks)
    if early is not None:
        return early
    partition = _count(strategy.get("rollingUpdate") or {}, "partition", -1)
    if partition != -1:
        if updated < wanted - partition:
            return in_progress("PartitionRollout", f"updated: {updated}/{wanted - partition}")
        return current(f"Partition rollout complete. updated: {updated}")
    status = status_of(manifest)
    moved = bool((status.get("currentRevision") or "") != (status.get("updateRevision") or ""))
    rest = (
        (wanted > here, "LessCurrent", f"current: {here}/{wanted}"),
        (moved, "RevisionMismatch", "Waiting for updated revision to match current"),
    )
    return _first(rest) or current(f"All replicas scheduled as expected. Replicas: {replicas}")


def daemon_set(manifest: Manifest) -> Verdict:
    """Return the status of a DaemonSet."""
    status = status_of(manifest)
    if "generation" not in (manifest.get("metadata") or {}):
        return in_progress("NoGeneration", "missing .metadata.generation")
    if "observedGeneration" not in status:
        return in_progress("NoObservedGeneration", "missing .status.observedGeneration")
    if "desiredNumberScheduled" not in status:
        return in_progress("NoDesiredNumber", "missing .status.desiredNumberScheduled")
    wanted, here, updated, available, ready = _counts(
        manifest,
        "desiredNumberScheduled",
        "currentNumberScheduled",
        "updatedNumberScheduled",
        "numberAvailable",
        "numberReady",
    )
    checks = (
        (wanted > here, "LessCurrent", f"Current: {here}/{wanted}"),
        (wanted > updated, "LessUpdated", f"Updated: {updated}/{wanted}"),
        (wanted > available, "LessAvailable", f"Available: {available}/{wanted}"),
        (wanted > ready, "LessReady", f"Ready: {ready}/{wanted}"),
    )
    return _first(checks) or current(f"All replicas scheduled as expected. Replicas: {wanted}")


def claim(manifest: Manifest) -> Verdict:
    """Return the status of a PersistentVolumeClaim."""
    phase = status_of(manifest).get("phase") or "unknown"
    if phase != "Bound":
        return in_progress("NotBound", f"PVC is not Bound. phase: {phase}")
    return current("PVC is Bound")


def pod(manifest: Manifest, now: datetime | None) -> Verdict:
    """Return the status of a Pod."""
    phase = status_of(manifest).get("phase") or ""
    match phase:
        case "Succeeded":
            return current("Pod has completed successfully")
        case "Failed":
            return current("Pod has completed, but not successfully")
        case "Running":
            return _running_pod(manifest)
        case "Pending":
            return _pending_pod(manifest, now)
        case "":
            return in_progress("PodNotObserved", "Pod phase not available")
        case _:
            return Verdict(status=Status.UNKNOWN, message=f"unknown phase {phase}")


def service(manifest: Manifest) -> Verdict:
    """Return the status of a Service; the address of a load balancer is not waited for."""
    spec = _spec(manifest)
    if spec.get("type") == "LoadBalancer" and not spec.get("clusterIP"):
        return in_progress("NoIPAssigned", "ClusterIP not set. Service type: LoadBalancer")
    return current("Service is ready")


def definition(manifest: Manifest) -> Verdict:
    """Return the status of a CustomResourceDefinition."""
    for entry in conditions(manifest):
        kind, word, reason = entry.get("type"), entry.get("status"), entry.get("reason") or ""
        refused = kind == "NamesAccepted" and word == "False"
        broken = kind == "Established" and word == "False" and reason != "Installing"
        if refused or broken:
            return failed(reason, entry.get("message") or "")
        if kind == "Established" and word == "True":
            return current("CRD is established")
    return in_progress("Installing", "Install in progress")


def job(manifest: Manifest) -> Verdict:
    """Return the status of a Job as Flux reads it: in progress until complete, failed or suspended."""
    if _spec(manifest).get("suspend"):
        return current("Job is suspended")
    return _ended_job(manifest) or in_progress("JobInProgress", "Job in progress")


def upstream_job(manifest: Manifest) -> Verdict:
    """Return the status of a Job as kstatus itself reads it: current once it has started."""
    ended = _ended_job(manifest)
    if ended is not None:
        return ended
    suspended, wanted = condition(manifest, "Suspended"), bool(_spec(manifest).get("suspend"))
    if suspended is not None and suspended.get("status") == "True" and wanted:
        return current("Job is suspended")
    if wanted:
        return in_progress("JobSuspending", "Job is being suspended")
    status = status_of(manifest)
    if not status.get("startTime") or (suspended is not None and suspended.get("status") == "True"):
        return in_progress("JobNotStarted", "Job not started")
    succeeded, active, unsuccessful = _counts(manifest, "succeeded", "active", "failed")
    return current(f"Job in progress. success:{succeeded}, active: {active}, failed: {unsuccessful}")


def _ended_job(manifest: Manifest) -> Verdict | None:
    spec = _spec(manifest)
    total = _count(spec, "completions", _count(spec, "parallelism", 1))
    succeeded, unsuccessful = _counts(manifest, "succeeded", "failed")
    if _is_true(manifest, "Complete"):
        return current(f"Job Completed. succeeded: {succeeded}/{total}")
    if _is_true(manifest, "Failed"):
        return failed("JobFailed", f"Job Failed. failed: {unsuccessful}/{total}")
    return None


def _running_pod(manifest: Manifest) -> Verdict:
    if _is_true(manifest, "Ready"):
        return current("Pod is Ready")
    status = status_of(manifest)
    containers = [*(status.get("initContainerStatuses") or []), *(status.get("containerStatuses") or [])]
    looping = [
        entry.get("name", "")
        for entry in containers
        if ((entry.get("state") or {}).get("waiting") or {}).get("reason") == "CrashLoopBackOff"
    ]
    if looping:
        return failed("ContainerCrashLooping", f"Containers in CrashLoop state: {','.join(looping)}")
    return in_progress("PodRunningNotReady", "Pod is running but is not Ready")


def _pending_pod(manifest: Manifest, now: datetime | None) -> Verdict:
    scheduled = condition(manifest, "PodScheduled") or {}
    if scheduled.get("status") != "False" or scheduled.get("reason") != "Unschedulable":
        return in_progress("PodPending", "Pod is in the Pending phase")
    created = (manifest.get("metadata") or {}).get("creationTimestamp")
    if now is not None and created and now - _SCHEDULE_WINDOW < datetime.fromisoformat(created):
        return in_progress("PodNotScheduled", "Pod has not been scheduled")
    return failed("PodUnschedulable", "Pod could not be scheduled")


def _rolled_out(manifest: Manifest, progressing: Json) -> bool:
    # Without progressDeadlineSeconds (or with the largest int32) the controller never sets the condition.
    if _count(_spec(manifest), "progressDeadlineSeconds", 2**31 - 1) == 2**31 - 1:
        return True
    return bool(progressing.get("status") == "True" and progressing.get("reason") == "NewReplicaSetAvailable")


def _is_true(manifest: Manifest, kind: str) -> bool:
    return (condition(manifest, kind) or {}).get("status") == "True"


def _spec(manifest: Manifest) -> Json:
    return manifest.get("spec") or {}


def _count(fields: Json, name: str, default: int) -> int:
    value = fields.get(name)
    return int(value) if isinstance(value, int | float) else default


def _counts(manifest: Manifest, *names: str) -> list[int]:
    status = status_of(manifest)
    return [_count(status, name, 0) for name in names]


def _first(checks: tuple[tuple[bool, str, str], ...]) -> Verdict | None:
    for holds, reason, message in checks:
        if holds:
            return in_progress(reason, message)
    return None
