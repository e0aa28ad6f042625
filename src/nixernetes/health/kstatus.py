"""kstatus: whether an object has reached what its spec asks for (Flux, section 8.2).

The order is fixed: a deletion, a generation that was not observed, the conditions Reconciling and Stalled; then the
rule of the kind, or where there is none the condition Ready; what says nothing is current.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from enum import StrEnum

from nixernetes.gitops.flux.kinds import source_kinds
from nixernetes.health import kstatus_rules as rules
from nixernetes.health.conditions import condition, conditions
from nixernetes.health.kstatus_rules import Status, Verdict
from nixernetes.objects.api_groups import FLUX_HELM, FLUX_KUSTOMIZE, FLUX_NOTIFICATION
from nixernetes.objects.fields import at, number_at, text_at
from nixernetes.objects.identity import GroupKind, group_kind
from nixernetes.objects.manifest import Manifest

__all__ = ["KINDS", "NOT_FOUND", "Jobs", "Status", "Verdict", "compute"]

NOT_FOUND = Verdict(status=Status.NOT_FOUND, reason="NotFound", message="Resource not found")

_RULES: dict[GroupKind, Callable[[Manifest], Verdict]] = {
    GroupKind("", "ConfigMap"): rules.always_ready,
    GroupKind("", "PersistentVolumeClaim"): rules.claim,
    GroupKind("", "Secret"): rules.always_ready,
    GroupKind("", "Service"): rules.service,
    GroupKind("apiextensions.k8s.io", "CustomResourceDefinition"): rules.definition,
    GroupKind("apps", "DaemonSet"): rules.daemon_set,
    GroupKind("apps", "Deployment"): rules.deployment,
    GroupKind("apps", "ReplicaSet"): rules.replica_set,
    GroupKind("apps", "StatefulSet"): rules.stateful_set,
    GroupKind("batch", "CronJob"): rules.always_ready,
    GroupKind("extensions", "DaemonSet"): rules.daemon_set,
    GroupKind("extensions", "Deployment"): rules.deployment,
    GroupKind("extensions", "ReplicaSet"): rules.replica_set,
    GroupKind("policy", "PodDisruptionBudget"): rules.disruption_budget,
}
# Flux's CRDs give these a status that says "not observed" from the start (section 0.1); a cluster without the CRD's
# defaults shows none.
_UNOBSERVED = frozenset(
    {
        *source_kinds("GitRepository", "OCIRepository", "HelmRepository"),
        GroupKind(FLUX_KUSTOMIZE, "Kustomization"),
        GroupKind(FLUX_HELM, "HelmRelease"),
        GroupKind(FLUX_NOTIFICATION, "Receiver"),
    }
)
_POD = GroupKind("", "Pod")
_JOB = GroupKind("batch", "Job")
KINDS = frozenset({*_RULES, *_UNOBSERVED, _POD, _JOB})  # those that have a rule of their own


class Jobs(StrEnum):
    """How a Job that runs is seen."""

    FLUX = "flux"  # in progress until it is complete
    UPSTREAM = "upstream"  # current once it has started


def compute(manifest: Manifest, now: datetime | None = None, *, jobs: Jobs = Jobs.FLUX) -> Verdict:
    """Compute the status of a live object.

    Args:
        manifest: the object as the API server has it.
        now: the present moment; without it an unschedulable Pod counts as failed at once.
        jobs: whether a running Job is in progress (Flux's own reader) or current (kstatus itself).

    """
    early = _generic(manifest)
    if early is not None:
        return early
    kind = group_kind(manifest)
    if kind == _POD:
        return rules.pod(manifest, now)
    if kind == _JOB:
        return rules.job(manifest) if jobs is Jobs.FLUX else rules.upstream_job(manifest)
    rule = _RULES.get(kind)
    return rule(manifest) if rule is not None else _by_ready(manifest)


def _generic(manifest: Manifest) -> Verdict | None:
    if at(manifest, "metadata", "deletionTimestamp"):
        return Verdict(status=Status.TERMINATING, message="Resource scheduled for deletion")
    generation = number_at(manifest, "metadata", "generation")
    observed = number_at(
        manifest, "status", "observedGeneration", default=-1 if _is_unobserved(manifest) else generation
    )
    if observed != generation:
        text = f"{manifest.get('kind')} generation is {generation}, but latest observed generation is {observed}"
        return rules.in_progress("LatestGenerationNotObserved", text)
    for each in conditions(manifest):
        if each.is_true and each.type == "Reconciling":
            return rules.in_progress(each.reason, each.message)
        if each.is_true and each.type == "Stalled":
            return rules.failed(each.reason, each.message)
    return None


def _is_unobserved(manifest: Manifest) -> bool:
    """Tell whether an object whose status does not name a generation has not been observed."""
    return group_kind(manifest) in _UNOBSERVED and text_at(manifest, "spec", "type") != "oci"


def _by_ready(manifest: Manifest) -> Verdict:
    ready = condition(manifest, "Ready")
    if not ready:
        return rules.current("Resource is current")
    return rules.current("Resource is Ready") if ready.is_true else rules.in_progress(ready.reason, ready.message)
