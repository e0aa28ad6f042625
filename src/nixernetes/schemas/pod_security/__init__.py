"""The Pod Security Standards: what a pod may ask for at the levels baseline and restricted, by Kubernetes version.

The rules and their words are those of k8s.io/pod-security-admission (``policy/check_*.go``, v0.34.1); the fields that
are told, with the values that are forbidden there, those of the library that Kyverno builds with.
"""

from __future__ import annotations

from nixernetes.schemas.pod_security.standards import CONTROLS, SecurityLevel, failures
from nixernetes.schemas.pod_security.violations import Breach, Violation

__all__ = ["CONTROLS", "Breach", "SecurityLevel", "Violation", "failures"]
