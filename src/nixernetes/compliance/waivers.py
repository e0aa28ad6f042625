"""Waivers: failures that somebody answers for, until a day."""

from __future__ import annotations

from datetime import date

from pydantic import field_validator

from nixernetes.gitops.declared import DeclaredPart
from nixernetes.languages.globs.gobwas import glob_match

__all__ = ["ComplianceWaiver", "Waiver"]


class ComplianceWaiver(DeclaredPart):
    """A failure of a control that somebody answers for."""

    control: str
    """The control (`5.2.6`) or the check (`psa.host-path`)."""
    match: str = "*"
    """The objects, as `Kind/namespace/name`; `*` stands for anything."""
    owner: str
    """Who answers for it."""
    reason: str
    """Why it is accepted."""
    until: date | None = None
    """The last day on which it holds. Default: it never ends, and the report says so."""
    cluster: str = ""
    """Only on this cluster. Default: on all."""
    source: str = ""
    """Where it is written, `file:line`. Default: where it is declared."""

    @field_validator("control", "owner", "reason")
    @classmethod
    def _said(cls, value: str) -> str:
        if not value.strip():
            raise ValueError("is empty: say it in a few words")
        return value

    def is_expired(self, today: date | None) -> bool:
        """Tell whether its last day is over; where nobody knows the day, one with an end does not hold."""
        return self.until is not None and (today is None or today > self.until)

    def is_about(self, control: str, checks: tuple[str, ...]) -> bool:
        """Tell whether it names a control or one of its checks."""
        return self.control == control or self.control in checks

    def covers(self, check: str, control: str, cluster: str, key: str) -> bool:
        """Tell whether it covers the failure of a check on an object."""
        if self.control not in (check, control) or self.cluster not in ("", cluster):
            return False
        return self.match == key or glob_match(self.match, key)

    @property
    def place(self) -> str:
        """Where it is written."""
        return self.source or self.declared_at


Waiver = ComplianceWaiver
