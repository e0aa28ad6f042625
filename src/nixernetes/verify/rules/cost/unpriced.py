"""``cost/unpriced``: it can be told whether a budget is kept."""

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
    return findings_of(view, BudgetFinding.UNPRICED)


RULE: Final = Rule(
    name=BudgetFinding.UNPRICED.value,
    topic="cost",
    severity=Severity.WARNING,
    sentence="Everything that counts for a budget has a price.",
    check=_check,
)
