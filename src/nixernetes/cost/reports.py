"""What is told of costs: an estimate seen one way, or the cost of a change, with the budgets and the month."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from nixernetes.cost.budget_verdicts import BudgetVerdict
from nixernetes.cost.deltas import CostDelta
from nixernetes.cost.estimates import Estimate
from nixernetes.cost.lines import CostLine, LineStatus
from nixernetes.cost.rollups import CostGroup, groups

__all__ = ["CostReport", "DeltaReport"]


def forecast_note(estimate: Estimate) -> str:
    """Return the one line that stands under each table: what the figures are, and what they are not."""
    day = f" of {estimate.book.as_of}" if estimate.book.as_of else ""
    what = "what is requested"
    if any(line.resource == "node" for line in estimate.lines):
        what = "the nodes, whatever is requested of them"
    return (
        f"A forecast and not a bill: {what}, at the prices of {estimate.book.name}{day}, for 730 hours; "
        "no discounts, usage, network or idle capacity."
    )


def _open_texts(estimate: Estimate) -> list[str]:
    """Return what may cost more than is said, a text for each object and status."""
    reasons: dict[tuple[str, LineStatus], list[str]] = {}
    for line in estimate.open_lines:
        found = reasons.setdefault((line.subject.identity, line.status), [])
        if line.reason not in found:
            found.append(line.reason)
    return [f"{identity}: {status}: {'; '.join(found)}" for (identity, status), found in reasons.items()]


@dataclass(frozen=True, kw_only=True)
class CostReport:
    """An estimate, seen one way.

    Attributes:
        estimate: the estimate.
        by: what it is summed by.
        verdicts: what is said of the budgets.
        with_range: whether the fewest and the most replicas are shown, and what the limits allow.
        spread_shared: whether what is shared is spread.
        name: the name of the platform.
        month: the first day of the month that is forecast.
        everything: whether single objects and all that is open are listed.

    """

    estimate: Estimate
    by: str = "team"
    verdicts: tuple[BudgetVerdict, ...] = ()
    with_range: bool = False
    spread_shared: bool = False
    name: str = "platform"
    month: date = date.min
    everything: bool = False

    @cached_property
    def groups(self) -> tuple[CostGroup, ...]:
        """The groups, the most costly first."""
        return groups(self.estimate, self.by, spread_shared=self.spread_shared)

    @property
    def is_blocked(self) -> bool:
        """Tell whether a budget forbids it."""
        return any(each.is_blocking for each in self.verdicts)

    @property
    def has_unpriced(self) -> bool:
        """Tell whether something has no figure at all."""
        return bool(self.estimate.unknown) or any(
            line.status is not LineStatus.NO_REQUEST for line in self.estimate.open_lines
        )

    def open_items(self) -> Iterator[str]:
        """Yield what may cost more than is said, each with the reason."""
        yield from _open_texts(self.estimate)
        for each in self.estimate.unknown:
            yield f"{each.cluster}/{each.delivery}: unknown: not rendered: {each.reason}"

    def idle_items(self) -> Iterator[str]:
        """Yield what costs nothing because nothing of it runs, each with the reason."""
        yield from (f"{line.subject.identity}: {line.reason}" for line in self.estimate.of(LineStatus.ZERO))

    def counts(self) -> dict[str, int]:
        """Return how many objects and deliveries have no figure, or may cost more than is said, by why."""
        items = {(line.status.value, line.subject.identity) for line in self.estimate.open_lines}
        items |= {("unknown", f"{each.cluster}/{each.delivery}") for each in self.estimate.unknown}
        return dict(sorted(Counter(status for status, _ in items).items()))

    @property
    def counted(self) -> str:
        """The counts in words, as ``2 no request, 1 unpriced``; ``""`` where everything has a figure."""
        return ", ".join(f"{number} {status}" for status, number in self.counts().items())


@dataclass(frozen=True, kw_only=True)
class DeltaReport:
    """What a change costs.

    Attributes:
        delta: the change.
        verdicts: what is said of the budgets.
        base: how the side before is named.
        head: how the side now is named.

    """

    delta: CostDelta
    verdicts: tuple[BudgetVerdict, ...] = ()
    base: str = ""
    head: str = ""

    @property
    def is_blocked(self) -> bool:
        """Tell whether a budget forbids it."""
        return any(each.is_blocking for each in self.verdicts)

    def open_items(self) -> Iterator[str]:
        """Yield what may cost more than is said and did not before, each with the reason."""
        before = set(_open_texts(self.delta.before))
        yield from (text for text in _open_texts(self.delta.after) if text not in before)
        for side, found in (("before", self.delta.before), ("now", self.delta.after)):
            for each in found.unknown:
                yield f"{each.cluster}/{each.delivery}: unknown {side}: not rendered: {each.reason}"


def line_quantity(line: CostLine) -> str:
    """Return how much a line is about, as ``3 x 500m``."""
    count = line.count
    shown = f"{count.typical:f}" if not count.varies else f"{count.typical:f} ({count.least:f}..{count.most:f})"
    return f"{shown} x {line.shown}" if line.shown not in ("", "-") else shown
