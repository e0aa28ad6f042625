"""What every policy of the library says of itself, and the choices that all builders share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from nixernetes.objects.api_groups import KYVERNO_POLICIES_V1, KYVERNO_V1

__all__ = ["Enforcement", "PolicyNote", "Severity", "in_rules"]

Enforcement = Literal["audit", "enforce"]
Severity = Literal["low", "medium", "high", "critical"]
_APIS: Final = (KYVERNO_POLICIES_V1, KYVERNO_V1)


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyNote:
    """What a policy is called, and what it is for.

    Attributes:
        name: its name in the cluster.
        title: a few words for reports.
        category: what reports group it by.
        severity: how bad a failure is.
        description: one sentence: what is demanded or done, and why.
        controls: the controls of frameworks that it serves, as ``framework:id``.

    """

    name: str
    title: str
    category: str
    severity: Severity
    description: str
    controls: Sequence[str] = ()

    def annotations(self) -> dict[str, str]:
        """Return the annotations that Kyverno's reports read, and the controls under the project's own name."""
        told = {
            "policies.kyverno.io/title": self.title,
            "policies.kyverno.io/category": self.category,
            "policies.kyverno.io/severity": self.severity,
            "policies.kyverno.io/description": self.description,
        }
        return told | ({"nixernetes.io/controls": ",".join(self.controls)} if self.controls else {})


def in_rules(api: str) -> bool:
    """Tell whether a policy is wanted as a ClusterPolicy.

    Raises:
        ValueError: the API is neither of the two.

    """
    if api not in _APIS:
        raise ValueError(f"api must be one of {', '.join(_APIS)}, not {api!r}")
    return api == KYVERNO_V1
