"""What budgets say, as rules say it: at the line of the budget in the settings."""

from __future__ import annotations

from collections.abc import Iterator

from nixernetes.cost.budget_verdicts import BudgetFinding, BudgetVerdict
from nixernetes.verify.findings import Severity
from nixernetes.verify.platform_view import PlatformView
from nixernetes.verify.rule import Found

__all__ = ["findings_of"]


def findings_of(view: PlatformView, finding: BudgetFinding) -> Iterator[Found]:
    """Yield what is said of the budgets of one kind: an error where it blocks, a note where somebody answers for it."""
    for verdict, place in view.budget_verdicts:
        if verdict.finding is finding:
            yield Found(cluster=None, message=verdict.message, place=place, severity=_severity(verdict))


def _severity(verdict: BudgetVerdict) -> Severity:
    if verdict.waiver is not None:
        return Severity.INFO
    return Severity.ERROR if verdict.is_blocking else Severity.WARNING
