"""What a change does to an assessment: which findings are new, which are fixed, which controls changed their status."""

from __future__ import annotations

from dataclasses import dataclass

from nixernetes.compliance.results import ComplianceReport, ControlStatus, Evidence

__all__ = ["ReportDelta", "compare"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportDelta:
    """The step from one assessment to the next.

    Attributes:
        base: what it is compared with.
        new: findings that were not there.
        fixed: findings that are gone.
        unchanged: how many findings are in both.
        controls: control, status before, status now, of those whose status changed.

    """

    base: str
    new: tuple[Evidence, ...]
    fixed: tuple[Evidence, ...]
    unchanged: int
    controls: tuple[tuple[str, ControlStatus, ControlStatus], ...]

    @property
    def summary(self) -> str:
        """One line."""
        return f"since {self.base}: {len(self.new)} new, {len(self.fixed)} fixed, {self.unchanged} unchanged"


def compare(before: ComplianceReport, after: ComplianceReport, base: str = "") -> ReportDelta:
    """Return what changed between two assessments by one framework."""
    old = {each.identity: each for each in before.findings}
    now = {each.identity: each for each in after.findings}
    statuses = {each.control.id: each.status for each in before.controls}
    return ReportDelta(
        base=base or before.revision,
        new=tuple(each for name, each in now.items() if name not in old),
        fixed=tuple(each for name, each in old.items() if name not in now),
        unchanged=len(old.keys() & now.keys()),
        controls=tuple(
            (each.control.id, statuses[each.control.id], each.status)
            for each in after.controls
            if statuses.get(each.control.id, each.status) is not each.status
        ),
    )
