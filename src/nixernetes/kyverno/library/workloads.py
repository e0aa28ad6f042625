"""Policies about what workloads ask of the cluster and tell it: resources, probes, labels."""

from __future__ import annotations

from collections.abc import Sequence

from nixernetes.kyverno.library.demands import PodDemand, pod_policy, quoted
from nixernetes.kyverno.library.notes import Enforcement, PolicyNote
from nixernetes.kyverno.vocabulary.cel.validating_policy import ValidatingPolicy
from nixernetes.kyverno.vocabulary.rules.cluster_policy import ClusterPolicy
from nixernetes.objects.api_groups import KYVERNO_POLICIES_V1

__all__ = ["require_labels", "require_probes", "require_requests_and_limits"]


def require_requests_and_limits(
    *, enforcement: Enforcement = "audit", api: str = KYVERNO_POLICIES_V1
) -> ValidatingPolicy | ClusterPolicy:
    """Demand requests of CPU and memory, and a limit of memory. Ephemeral containers cannot have any."""
    note = PolicyNote(
        name="require-requests-and-limits",
        title="Require requests and limits",
        category="Cost",
        severity="medium",
        description="The scheduler places by requests, bills follow them, and a limit of memory protects neighbours.",
        controls=["nsa-cisa-kubernetes-hardening-1.2:res/limits", "soc2-tsc-2017:A1.1"],
    )
    demand = PodDemand(
        expression="variables.started.all(c, has(c.resources)"
        " && has(c.resources.requests) && 'cpu' in c.resources.requests && 'memory' in c.resources.requests"
        " && has(c.resources.limits) && 'memory' in c.resources.limits)",
        message="Containers must request cpu and memory, and limit memory.",
    )
    return pod_policy(note, [demand], api, enforcement)


def require_probes(
    *, enforcement: Enforcement = "audit", api: str = KYVERNO_POLICIES_V1
) -> ValidatingPolicy | ClusterPolicy:
    """Demand a readiness and a liveness probe of containers in pods that are kept running.

    Pods that run to an end (``restartPolicy`` other than ``Always``, thus those of Jobs) need none.
    """
    note = PolicyNote(
        name="require-probes",
        title="Require probes",
        category="Best practices",
        severity="medium",
        description="Without a readiness probe a pod gets traffic before it can answer; a liveness probe ends hangs.",
        controls=["soc2-tsc-2017:A1.1"],
    )
    demand = PodDemand(
        expression="object.spec.?restartPolicy.orValue('Always') != 'Always'"
        " || object.spec.containers.all(c, has(c.readinessProbe) && has(c.livenessProbe))",
        message="Containers must have a readinessProbe and a livenessProbe.",
    )
    return pod_policy(note, [demand], api, enforcement)


def require_labels(
    labels: Sequence[str],
    *,
    name: str = "require-labels",
    enforcement: Enforcement = "audit",
    api: str = KYVERNO_POLICIES_V1,
) -> ValidatingPolicy | ClusterPolicy:
    """Demand labels of every pod, and of the pod template of whatever makes pods.

    Args:
        labels: their keys; a value must not be empty.
        name: the policy's, where a cluster has several of these.
        enforcement: whether a failure is reported or refused.
        api: which API the policy is written in.

    Raises:
        ValueError: no label is named.

    """
    if isinstance(labels, str) or not labels or not all(labels):
        raise ValueError("labels must be a list of label keys, such as ['team']")
    keys = sorted(set(labels))
    note = PolicyNote(
        name=name,
        title="Require labels",
        category="Best practices",
        severity="medium",
        description="Labels tell whose a pod is, for selectors, reports and bills.",
        controls=["soc2-tsc-2017:C1.1"],
    )
    demand = PodDemand(
        expression=f"has(object.metadata) && has(object.metadata.labels) && [{', '.join(map(quoted, keys))}]"
        ".all(k, k in object.metadata.labels && object.metadata.labels[k] != '')",
        message=f"Pods must have the labels {', '.join(keys)}.",
    )
    return pod_policy(note, [demand], api, enforcement)
