"""Policies that most clusters want, ready made: data from data, each in both of Kyverno's APIs with one meaning."""

from nixernetes.kyverno.library.defaults import add_default_labels, default_deny_network
from nixernetes.kyverno.library.gathered import best_practices, compliance_suite, cost_optimization, security_baseline
from nixernetes.kyverno.library.images import disallow_latest_tag, require_pull_policy, restrict_registries
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

__all__ = [
    "add_default_labels",
    "best_practices",
    "compliance_suite",
    "cost_optimization",
    "default_deny_network",
    "disallow_host_access",
    "disallow_latest_tag",
    "disallow_privilege_escalation",
    "disallow_privileged",
    "pod_security_standard",
    "require_dropped_capabilities",
    "require_labels",
    "require_non_root",
    "require_probes",
    "require_pull_policy",
    "require_read_only_root",
    "require_requests_and_limits",
    "restrict_registries",
    "security_baseline",
]
