"""``compliance-waiver``: waivers end, and those that have ended go away."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from nixernetes.compliance.waivers import ComplianceWaiver
from nixernetes.verify.findings import Place, Severity
from nixernetes.verify.platform_view import PlatformView
from nixernetes.verify.rule import Found, Rule

__all__ = ["RULE"]


def _check(view: PlatformView) -> Iterator[Found]:
    for each in view.promises.waivers:
        if each.is_expired(view.promises.today):
            message = f"waiver expired {each.until}: {each.control} for {each.match} ({each.owner}): renew it or fix it"
            yield Found(cluster=None, message=f"{message}{_declared(each)}", place=_place(each))


def _place(waiver: ComplianceWaiver) -> Place:
    """Return where a waiver of the settings is written; a platform file is no part of the repository."""
    file, _, line = waiver.source.rpartition(":")
    return Place(file, int(line)) if line.isdigit() else Place()


def _declared(waiver: ComplianceWaiver) -> str:
    return "" if waiver.source else f"; it is declared at {waiver.declared_at}"


RULE: Final = Rule(
    name="compliance-waiver",
    topic="compliance",
    severity=Severity.WARNING,
    sentence="A waiver of a control has not ended.",
    check=_check,
)
