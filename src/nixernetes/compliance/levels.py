"""Levels of compliance and classes of data: their order, their other names, and what each level demands."""

from __future__ import annotations

from difflib import get_close_matches
from enum import StrEnum
from functools import cache
from types import MappingProxyType
from typing import Final

from nixernetes.errors import InputError
from nixernetes.schemas.pod_security import SecurityLevel

__all__ = ["ALIASES", "Classification", "ComplianceLevel"]


class ComplianceLevel(StrEnum):
    """How much is demanded, the least first."""

    UNRESTRICTED = "unrestricted"
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    RESTRICTED = "restricted"

    @property
    def rank(self) -> int:
        """The higher, the more is demanded."""
        return _RANKS[self]

    @property
    def pod_security(self) -> SecurityLevel:
        """The level of the Pod Security Standards that it demands."""
        return SecurityLevel.RESTRICTED if self.rank >= ComplianceLevel.MEDIUM.rank else SecurityLevel.BASELINE

    @property
    def requirements(self) -> tuple[str, ...]:
        """The checks that it demands."""
        return _demanded(self)

    @classmethod
    def named(cls, text: str) -> ComplianceLevel:
        """Return the level of a name; ``strict`` is ``high``, and case does not matter.

        Raises:
            InputError: there is no such level.

        """
        word = text.strip().lower()
        try:
            return cls(ALIASES.get(word, word))
        except ValueError:
            raise InputError(_unknown("level", text, [*cls, *ALIASES])) from None


class Classification(StrEnum):
    """Who may see data, the widest circle first."""

    PUBLIC = "public"
    INTERNAL = "internal"
    CONFIDENTIAL = "confidential"
    RESTRICTED = "restricted"

    @classmethod
    def named(cls, text: str) -> Classification:
        """Return the class of a name; case does not matter.

        Raises:
            InputError: there is no such class.

        """
        try:
            return cls(text.strip().lower())
        except ValueError:
            raise InputError(_unknown("data_classification", text, list(cls))) from None


def _unknown(what: str, text: str, known: list[str]) -> str:
    near = get_close_matches(text.lower(), known, n=1)
    meant = f": is it {near[0]}?" if near else ""
    return f"{what} {text!r} is not one of {', '.join(known)}{meant}"


@cache
def _demanded(level: ComplianceLevel) -> tuple[str, ...]:
    found = [*_BASELINE, *(_RESTRICTED if level.pod_security is SecurityLevel.RESTRICTED else ())]
    for each, checks in _ADDED.items():
        found += checks if each.rank <= level.rank else ()
    return tuple(found)


_RANKS: Final = {level: rank for rank, level in enumerate(ComplianceLevel)}
ALIASES: Final = MappingProxyType({"strict": "high"})
"""Other names of levels."""

_BASELINE: Final = (
    *("psa.host-process", "psa.host-namespaces", "psa.privileged", "psa.capabilities-baseline", "psa.host-path"),
    *("psa.host-ports", "psa.apparmor", "psa.selinux", "psa.proc-mount", "psa.seccomp-baseline", "psa.sysctls"),
)
_RESTRICTED: Final = (
    *("psa.volume-types", "psa.privilege-escalation", "psa.run-as-non-root", "psa.run-as-user"),
    *("psa.seccomp-restricted", "psa.capabilities-restricted"),
)
_ADDED: Final = MappingProxyType(
    {
        ComplianceLevel.LOW: ("rbac.wildcards", "rbac.cluster-admin", "labels.audit-id"),
        ComplianceLevel.MEDIUM: (
            *("labels.required", "net.policy-selects-pod", "net.default-deny", "net.ingress-tls"),
            *("secrets.not-in-git", "storage.encrypted"),
        ),
        ComplianceLevel.HIGH: ("mesh.mtls",),
        ComplianceLevel.RESTRICTED: ("pod.image-digest", "pod.image-registry", "policy.image-verify"),
    }
)
