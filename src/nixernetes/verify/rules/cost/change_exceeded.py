"""``cost/change-exceeded``: a change adds no more than its budget allows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from nixernetes.cost.budget_verdicts import BudgetFinding
from nixernetes.verify.findings import Severity
from nixernetes.verify.platform_view import PlatformView
from nixernetes.verify.rule import Found, Rule
from nixernetes.verify.rules.cost.verdicts import findings_of

__all__ = ["RULE"]


def _check(view: PlatformView) -> Iterator[Found]:
    return findings_of(view, BudgetFinding.CHANGE_EXCEEDED)


RULE: Final = Rule(
    name=BudgetFinding.CHANGE_EXCEEDED.value,
    topic="cost",
    severity=Severity.WARNING,
    sentence="No change adds more than a budget allows.",
    check=_check,
)
