"""Collections of the library: policies that are usually wanted together, as lists. No policy is in two of them."""

from __future__ import annotations

from collections.abc import Sequence

from nixernetes.gitops.resource import Resource
from nixernetes.kyverno.library.defaults import default_deny_network
from nixernetes.kyverno.library.images import disallow_latest_tag, require_pull_policy, restrict_registries
from nixernetes.kyverno.library.notes import Enforcement
from nixernetes.kyverno.library.pod_standards import pod_security_standard
from nixernetes.kyverno.library.security import (
    disallow_host_access,
    disallow_privilege_escalation,
    disallow_privileged,
    require_dropped_capabilities,
    require_non_root,
    require_read_only_root,
)
from nixernetes.kyverno.library.workloads import require_labels, require_probes, require_requests_and_limits
from nixernetes.objects.api_groups import KYVERNO_POLICIES_V1
from nixernetes.objects.well_known import APP_NAME

__all__ = ["best_practices", "compliance_suite", "cost_optimization", "security_baseline"]


def security_baseline(
    *,
    registries: Sequence[str] = (),
    enforcement: Enforcement = "audit",
    api: str = KYVERNO_POLICIES_V1,
) -> list[Resource]:
    """Return what every cluster should hold its pods to.

    Args:
        registries: where images may come from; none: images are not restricted.
        enforcement: whether a failure is reported or refused; report first.
        api: which API the policies are written in.

    """
    builders = (
        disallow_privileged,
        disallow_host_access,
        disallow_privilege_escalation,
        require_non_root,
        require_dropped_capabilities,
    )
    restricted = [restrict_registries(registries, enforcement=enforcement, api=api)] if registries else []
    return [*(build(enforcement=enforcement, api=api) for build in builders), *restricted]


def compliance_suite(
    *,
    labels: Sequence[str] = (APP_NAME,),
    enforcement: Enforcement = "audit",
    api: str = KYVERNO_POLICIES_V1,
) -> list[Resource]:
    """Return what auditors ask for: the restricted pod security standard, labels, and networks closed by default."""
    return [
        pod_security_standard("restricted", enforcement=enforcement, api=api),
        require_read_only_root(enforcement=enforcement, api=api),
        require_labels(labels, enforcement=enforcement, api=api),
        default_deny_network(api=api),
    ]


def cost_optimization(
    *,
    labels: Sequence[str] = ("team",),
    enforcement: Enforcement = "audit",
    api: str = KYVERNO_POLICIES_V1,
) -> list[Resource]:
    """Return what bills need: requests and limits, and labels that tell who pays."""
    return [
        require_requests_and_limits(enforcement=enforcement, api=api),
        require_labels(labels, name="require-cost-labels", enforcement=enforcement, api=api),
    ]


def best_practices(*, enforcement: Enforcement = "audit", api: str = KYVERNO_POLICIES_V1) -> list[Resource]:
    """Return what makes workloads easier to run: fixed tags, a pull policy and probes."""
    return [
        disallow_latest_tag(enforcement=enforcement, api=api),
        require_pull_policy("IfNotPresent", enforcement=enforcement, api=api),
        require_probes(enforcement=enforcement, api=api),
    ]
