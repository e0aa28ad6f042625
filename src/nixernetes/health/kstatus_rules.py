"""The rules of kstatus by kind (Flux, section 8.2): one function a kind, from an object to a verdict."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from nixernetes.health.conditions import Condition, condition, conditions, counts
from nixernetes.objects.fields import flag_at, mapping_at, number_at, objects_at, text_at
from nixernetes.objects.manifest import Manifest

_SCHEDULE_WINDOW = timedelta(seconds=15)  # kstatus gives the scheduler this long
_NO_DEADLINE = 2**31 - 1  # the largest int32


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


def always_ready(manifest: Manifest) -> Verdict:  # noqa: ARG001 - every rule takes the object
    """Return Current for kinds that are there or not."""
    return current("Resource is always ready")


def disruption_budget(manifest: Manifest) -> Verdict:  # noqa: ARG001 - every rule takes the object
    """Return Current: its generation was observed."""
    return current("AllowedDisruptions has been computed.")


def deployment(manifest: Manifest) -> Verdict:
    """Return the status of a Deployment."""
    progressing = condition(manifest, "Progressing")
    if progressing.reason == "ProgressDeadlineExceeded":
        return failed("ProgressDeadlineExceeded", "Progress deadline exceeded")
    wanted = number_at(manifest, "spec", "replicas", default=1)
    replicas, updated, ready, available = counts(
        manifest, "replicas", "updatedReplicas", "readyReplicas", "availableReplicas"
    )
    checks = (
        (wanted > replicas, "LessReplicas", f"replicas: {replicas}/{wanted}"),
        (wanted > updated, "LessUpdated", f"Updated: {updated}/{wanted}"),
        (replicas > wanted, "ExtraReplicas", f"Pending termination: {replicas - wanted}"),
        (updated > available, "LessAvailable", f"Available: {available}/{updated}"),
        (wanted > ready, "LessReady", f"Ready: {ready}/{wanted}"),
        (not _rolled_out(manifest, progressing), "ReplicaSetNotAvailable", "ReplicaSet not Available"),
        (not condition(manifest, "Available").is_true, "DeploymentNotAvailable", "Deployment not Available"),
    )
    return _first(checks) or current(f"Deployment is available. Replicas: {replicas}")


def replica_set(manifest: Manifest) -> Verdict:
    """Return the status of a ReplicaSet."""
    if condition(manifest, "ReplicaFailure").is_true:
        return in_progress("ReplicaFailure", "Replica Failure condition. Check Pods")
    wanted = number_at(manifest, "spec", "replicas", default=1)
    labelled, available, ready, replicas = counts(
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
    if text_at(manifest, "spec", "updateStrategy", "type") == "OnDelete":
        return current("StatefulSet is using the ondelete update strategy")
    wanted = number_at(manifest, "spec", "replicas", default=1)
    replicas, ready, updated, here = counts(manifest, "replicas", "readyReplicas", "updatedReplicas", "currentReplicas")
    checks = (
        (wanted > replicas, "LessReplicas", f"Replicas: {replicas}/{wanted}"),
        (wanted > ready, "LessReady", f"Ready: {ready}/{wanted}"),
        (replicas > wanted, "ExtraPods", f"Pending termination: {replicas - wanted}"),
    )
    early = _first(checks)
    if early is not None:
        return early
    partition = number_at(manifest, "spec", "updateStrategy", "rollingUpdate", "partition", default=-1)
    if partition != -1:
        if updated < wanted - partition:
            return in_progress("PartitionRollout", f"updated: {updated}/{wanted - partition}")
        return current(f"Partition rollout complete. updated: {updated}")
    moved = text_at(manifest, "status", "currentRevision") != text_at(manifest, "status", "updateRevision")
    rest = (
        (wanted > here, "LessCurrent", f"current: {here}/{wanted}"),
        (moved, "RevisionMismatch", "Waiting for updated revision to match current"),
    )
    return _first(rest) or current(f"All replicas scheduled as expected. Replicas: {replicas}")


def daemon_set(manifest: Manifest) -> Verdict:
    """Return the status of a DaemonSet."""
    status = mapping_at(manifest, "status")
    if "generation" not in mapping_at(manifest, "metadata"):
        return in_progress("NoGeneration", "missing .metadata.generation")
    if "observedGeneration" not in status:
        return in_progress("NoObservedGeneration", "missing .status.observedGeneration")
    if "desiredNumberScheduled" not in status:
        return in_progress("NoDesiredNumber", "missing .status.desiredNumberScheduled")
    wanted, here, updated, available, ready = counts(
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
    phase = text_at(manifest, "status", "phase") or "unknown"
    if phase != "Bound":
        return in_progress("NotBound", f"PVC is not Bound. phase: {phase}")
    return current("PVC is Bound")


def pod(manifest: Manifest, now: datetime | None) -> Verdict:
    """Return the status of a Pod."""
    phase = text_at(manifest, "status", "phase")
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
    if text_at(manifest, "spec", "type") == "LoadBalancer" and not text_at(manifest, "spec", "clusterIP"):
        return in_progress("NoIPAssigned", "ClusterIP not set. Service type: LoadBalancer")
    return current("Service is ready")


def definition(manifest: Manifest) -> Verdict:
    """Return the status of a CustomResourceDefinition."""
    for entry in conditions(manifest):
        refused = entry.type == "NamesAccepted" and entry.is_false
        broken = entry.type == "Established" and entry.is_false and entry.reason != "Installing"
        if refused or broken:
            return failed(entry.reason, entry.message)
        if entry.type == "Established" and entry.is_true:
            return current("CRD is established")
    return in_progress("Installing", "Install in progress")


def job(manifest: Manifest) -> Verdict:
    """Return the status of a Job as Flux reads it: in progress until complete, failed or suspended."""
    if flag_at(manifest, "spec", "suspend"):
        return current("Job is suspended")
    return _ended_job(manifest) or in_progress("JobInProgress", "Job in progress")


def upstream_job(manifest: Manifest) -> Verdict:
    """Return the status of a Job as kstatus itself reads it: current once it has started."""
    ended = _ended_job(manifest)
    if ended is not None:
        return ended
    suspended, wanted = condition(manifest, "Suspended"), flag_at(manifest, "spec", "suspend")
    if suspended.is_true and wanted:
        return current("Job is suspended")
    if wanted:
        return in_progress("JobSuspending", "Job is being suspended")
    if suspended.is_true or not text_at(manifest, "status", "startTime"):
        return in_progress("JobNotStarted", "Job not started")
    succeeded, active, unsuccessful = counts(manifest, "succeeded", "active", "failed")
    return current(f"Job in progress. success:{succeeded}, active: {active}, failed: {unsuccessful}")


def _ended_job(manifest: Manifest) -> Verdict | None:
    total = number_at(manifest, "spec", "completions", default=number_at(manifest, "spec", "parallelism", default=1))
    succeeded, unsuccessful = counts(manifest, "succeeded", "failed")
    if condition(manifest, "Complete").is_true:
        return current(f"Job Completed. succeeded: {succeeded}/{total}")
    if condition(manifest, "Failed").is_true:
        return failed("JobFailed", f"Job Failed. failed: {unsuccessful}/{total}")
    return None


def _running_pod(manifest: Manifest) -> Verdict:
    if condition(manifest, "Ready").is_true:
        return current("Pod is Ready")
    looping = [
        text_at(entry, "name")
        for field in ("initContainerStatuses", "containerStatuses")
        for entry in objects_at(manifest, "status", field)
        if text_at(entry, "state", "waiting", "reason") == "CrashLoopBackOff"
    ]
    if looping:
        return failed("ContainerCrashLooping", f"Containers in CrashLoop state: {','.join(looping)}")
    return in_progress("PodRunningNotReady", "Pod is running but is not Ready")


def _pending_pod(manifest: Manifest, now: datetime | None) -> Verdict:
    scheduled = condition(manifest, "PodScheduled")
    if not scheduled.is_false or scheduled.reason != "Unschedulable":
        return in_progress("PodPending", "Pod is in the Pending phase")
    created = _moment(text_at(manifest, "metadata", "creationTimestamp"))
    if now is not None and created is not None and now - _SCHEDULE_WINDOW < created:
        return in_progress("PodNotScheduled", "Pod has not been scheduled")
    return failed("PodUnschedulable", "Pod could not be scheduled")


def _moment(text: str) -> datetime | None:
    """Read a moment that names its zone; None for any other text."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else None


def _rolled_out(manifest: Manifest, progressing: Condition) -> bool:
    # Without progressDeadlineSeconds (or with its largest value) the controller never sets the condition.
    if number_at(manifest, "spec", "progressDeadlineSeconds", default=_NO_DEADLINE) == _NO_DEADLINE:
        return True
    return progressing.is_true and progressing.reason == "NewReplicaSetAvailable"


def _first(checks: tuple[tuple[bool, str, str], ...]) -> Verdict | None:
    for holds, reason, message in checks:
        if holds:
            return in_progress(reason, message)
    return None
