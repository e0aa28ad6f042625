"""What every format tells: a report, what changed since another one, and by which tool."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from nixernetes.compliance.deltas import ReportDelta
from nixernetes.compliance.results import ComplianceReport, ControlResult, ControlStatus

__all__ = ["ORDER", "PROVISIONAL", "ReportDocument", "objects_line", "status_groups"]

PROVISIONAL: Final = "provisional mapping: which checks serve a control is our choice, and no auditor's"
ORDER: Final = (
    ControlStatus.NOT_SATISFIED,
    ControlStatus.EXCEPTED,
    ControlStatus.SATISFIED,
    ControlStatus.NOT_APPLICABLE,
    ControlStatus.NOT_ASSESSABLE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportDocument:
    """A report to be told.

    Attributes:
        report: the report.
        version: the version of this program.
        delta: what changed since a revision, or None.

    """

    report: ComplianceReport
    version: str
    delta: ReportDelta | None = None

    @property
    def head(self) -> list[str]:
        """The lines that stand in front of everything: the sums, and what they are worth."""
        report = self.report
        lines = [report.summary]
        if report.assessable and any(each.subjects for each in report.outcomes):
            passing, mapped = report.passing_checks
            lines.append(f"{passing} of {mapped} mapped checks pass; clusters: {', '.join(report.clusters) or 'none'}")
        if report.unrendered:
            lines.append(f"{len(report.unrendered)} deliveries not rendered: what they bring is not assessed")
        if report.framework.provisional:
            lines.append(PROVISIONAL)
        if self.delta is not None:
            lines.append(self.delta.summary)
        return lines

    @property
    def tail(self) -> list[str]:
        """The lines about waivers: those that have ended, cover nothing or never end; and about PolicyExceptions."""
        report = self.report
        lines = [
            f"waiver expired {each.until}: {each.control} for {each.match}, {each.owner}" for each in report.expired
        ]
        lines += [f"waiver covers nothing: {each.control} for {each.match}, {each.owner}" for each in report.unused]
        endless = {id(each.waiver): each.waiver for control in report.controls for each in control.waived}
        lines += [
            f"waiver without an end: {each.control} for {each.match}, {each.owner}"
            for each in endless.values()
            if each.until is None
        ]
        lines += [str(each) for each in report.exceptions]
        return lines


def status_groups(report: ComplianceReport) -> list[tuple[ControlStatus, Sequence[ControlResult]]]:
    """Return the controls by status, what asks for work first; those without any are left out."""
    found = [(status, [each for each in report.controls if each.status is status]) for status in ORDER]
    return [(status, controls) for status, controls in found if controls]


def objects_line(result: ControlResult) -> str:
    """Return how many objects of how many a control fails on, or why it cannot be assessed."""
    if result.status is ControlStatus.NOT_ASSESSABLE:
        return result.reason
    if result.status is ControlStatus.NOT_APPLICABLE:
        return "nothing that it is about"
    if result.status is ControlStatus.EXCEPTED:
        return f"{len(result.waived)} waived"
    waived = f", {len(result.waived)} waived" if result.waived else ""
    if result.status is ControlStatus.NOT_SATISFIED:
        return f"{result.failing} of {result.looked_at} objects{waived}"
    return f"{result.looked_at} objects"
