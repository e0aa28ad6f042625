"""What a change costs: objects that are added, removed and changed, each change with its causes.

Causes add up to the change exactly. They are told in one order: first how many replicas there are, at the old request;
then how long they run; then the requests, at the new number of replicas; then the price, as of other nodes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from functools import cached_property

from nixernetes.cost.amounts import MONTH_HOURS, ZERO, Span, difference, exact_sum, plain, signed
from nixernetes.cost.estimates import Estimate, total_of
from nixernetes.cost.lines import CostLine, CostSubject, LineStatus, monthly_of
from nixernetes.errors import InputError
from nixernetes.objects.identity import ObjectKey

__all__ = ["CostCause", "CostChange", "CostDelta", "CostFate", "comparable", "compare", "percent"]


class CostFate(StrEnum):
    """What becomes of what an object costs."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class CostCause:
    """Why the cost of an object changes.

    Attributes:
        what: what changes: ``replicas``, ``runs``, ``cpu``, ``price of cpu``.
        before: how it was.
        after: how it is.
        amount: what that adds a month; negative where it costs less.

    """

    what: str
    before: str
    after: str
    amount: Decimal

    def __str__(self) -> str:
        return f"{self.what} {self.before}->{self.after} ({signed(self.amount)})"


@dataclass(frozen=True, slots=True, kw_only=True)
class CostChange:
    """What the cost of an object changes by.

    Attributes:
        subject: the object, as it is; one that is removed, as it was.
        change: what becomes of it.
        before: what it cost a month.
        after: what it costs a month.
        causes: why; they add up to the difference.
        lines_before: its figures before.
        lines_after: its figures now.

    """

    subject: CostSubject
    change: CostFate
    before: Span
    after: Span
    causes: tuple[CostCause, ...] = ()
    lines_before: tuple[CostLine, ...] = ()
    lines_after: tuple[CostLine, ...] = ()

    @property
    def amount(self) -> Decimal:
        """What it costs more a month; negative where it costs less."""
        return difference(self.after.typical, self.before.typical)


@dataclass(frozen=True, kw_only=True)
class CostDelta:
    """What a change costs.

    Attributes:
        before: the estimate before.
        after: the estimate now.
        changes: the objects whose figures changed, in the order of clusters and objects.
        left_out: deliveries that are rendered on one side alone; what they bring counts on neither.

    """

    before: Estimate
    after: Estimate
    changes: tuple[CostChange, ...]
    left_out: tuple[str, ...] = ()

    @property
    def currency(self) -> str:
        """The currency of every amount."""
        return self.after.currency

    @cached_property
    def amount(self) -> Decimal:
        """What all of it costs more a month; negative where it costs less."""
        return difference(self.after.total.monthly, self.before.total.monthly)

    @property
    def percent(self) -> Decimal | None:
        """The same as a part of a hundred of what it cost; None where that was nothing."""
        return percent(self.before.total.monthly, self.after.total.monthly)

    def of(self, *changes: CostFate) -> tuple[CostChange, ...]:
        """Return the objects of some changes."""
        return tuple(each for each in self.changes if each.change in changes)

    @property
    def added(self) -> tuple[CostChange, ...]:
        """The objects that are new."""
        return self.of(CostFate.ADDED)

    @property
    def removed(self) -> tuple[CostChange, ...]:
        """The objects that are gone."""
        return self.of(CostFate.REMOVED)

    @property
    def changed(self) -> tuple[CostChange, ...]:
        """The objects that cost something else."""
        return self.of(CostFate.CHANGED)


def percent(before: Decimal, after: Decimal) -> Decimal | None:
    """Return a change as a part of a hundred; None where there was nothing before."""
    if not before:
        return None
    return difference(after, before) * 100 / before


def compare(base: Estimate, head: Estimate) -> CostDelta:
    """Return what the step from one estimate to another costs.

    Args:
        base: the estimate before.
        head: the estimate now.

    Raises:
        InputError: they are in two currencies.

    """
    if base.currency != head.currency:
        raise InputError(f"{base.currency} and {head.currency} cannot be compared: use one price book")
    base, head, left_out = comparable(base, head)
    old, new = _by_object(base), _by_object(head)
    names = sorted(
        {*old, *new}, key=lambda each: (each[0], each[1].namespace, each[1].kind, each[1].name, each[1].group)
    )
    return CostDelta(before=base, after=head, changes=tuple(_changes(names, old, new)), left_out=left_out)


def comparable(base: Estimate, head: Estimate) -> tuple[Estimate, Estimate, tuple[str, ...]]:
    """Return two estimates without what only one of them knows, and the deliveries that this is about.

    Where a delivery could not be rendered on one side, what it brings would seem to come or to go.
    """
    unknown = {each.identity for each in (*base.unknown, *head.unknown)}
    if not unknown:
        return base, head, ()
    sides = [[line for line in each.lines if unknown.isdisjoint(line.subject.through)] for each in (base, head)]
    gone = {name for each in (base, head) for line in each.lines for name in unknown.intersection(line.subject.through)}
    old, new = (replace(each, lines=tuple(kept)) for each, kept in zip((base, head), sides, strict=True))
    return old, new, tuple(sorted(gone))


_Identity = tuple[str, ObjectKey]
_ByObject = Mapping[_Identity, tuple[CostLine, ...]]


def _by_object(found: Estimate) -> _ByObject:
    sorted_in: dict[_Identity, list[CostLine]] = {}
    for line in found.lines:
        sorted_in.setdefault((line.subject.cluster, line.subject.key), []).append(line)
    return {name: tuple(lines) for name, lines in sorted_in.items()}


def _changes(names: Iterable[_Identity], old: _ByObject, new: _ByObject) -> Iterator[CostChange]:
    for name in names:
        before, after = old.get(name, ()), new.get(name, ())
        if _figures(before) == _figures(after):
            continue
        change = CostFate.CHANGED if before and after else CostFate.ADDED if after else CostFate.REMOVED
        yield CostChange(
            subject=(after or before)[0].subject,
            change=change,
            before=total_of(before),
            after=total_of(after),
            causes=tuple(_causes(before, after)) if change is CostFate.CHANGED else (),
            lines_before=before,
            lines_after=after,
        )


def _figures(lines: Iterable[CostLine]) -> list[tuple[object, ...]]:
    return [
        (each.resource, each.variant, each.status, each.amount, each.count, each.hours, each.monthly) for each in lines
    ]


def _named(lines: Iterable[CostLine]) -> dict[tuple[str, str], CostLine]:
    return {(each.resource, each.variant): each for each in lines}


def _causes(before: tuple[CostLine, ...], after: tuple[CostLine, ...]) -> Iterator[CostCause]:
    """Yield why an object costs something else: what all of its lines share first, then line by line."""
    old, new = _named(before), _named(after)
    both = [(old[name], new[name]) for name in old if name in new and _is_priced(old[name]) and _is_priced(new[name])]
    yield from _replicas(both)
    yield from _hours(both)
    for was, now in both:
        if was.amount != now.amount and was.price is not None:
            less = monthly_of(was.amount, was.price, now.count, now.hours)
            more = monthly_of(now.amount, was.price, now.count, now.hours)
            yield _cause(_spoken(now), was.shown, now.shown, (less, more))
    for was, now in both:
        if was.price is not None and now.price is not None and was.price.monthly != now.price.monthly:
            less = monthly_of(now.amount, was.price, now.count, now.hours)
            yield _cause(f"price of {_spoken(now)}", _priced_at(was), _priced_at(now), (less, now.monthly))
    yield from _come_and_gone(old, new, {(now.resource, now.variant) for _, now in both})


def _is_priced(line: CostLine) -> bool:
    return line.status is LineStatus.PRICED


def _replicas(both: list[tuple[CostLine, CostLine]]) -> Iterator[CostCause]:
    """Yield what other numbers of replicas add, at the old request; of claims, which stay, apart."""
    found: dict[tuple[str, str, str], list[Decimal]] = {}
    for was, now in both:
        if was.count != now.count and was.price is not None:
            more = monthly_of(was.amount, was.price, now.count, was.hours).typical
            word = "claims" if was.resource == "storage" and was.variant else "replicas"
            key = (word, _counted(was.count), _counted(now.count))
            found.setdefault(key, []).append(difference(more, was.monthly.typical))
    for (word, old, new), amounts in found.items():
        yield CostCause(what=word, before=old, after=new, amount=exact_sum(amounts))


def _hours(both: list[tuple[CostLine, CostLine]]) -> Iterator[CostCause]:
    changed = [(was, now) for was, now in both if was.hours != now.hours and was.price is not None]
    if changed:
        amounts = []
        for was, now in changed:
            if was.price is not None:
                less = monthly_of(was.amount, was.price, now.count, was.hours).typical
                amounts.append(difference(monthly_of(was.amount, was.price, now.count, now.hours).typical, less))
        was, now = changed[0]
        yield CostCause(what="hours a month", before=_hour(was), after=_hour(now), amount=exact_sum(amounts))


def _hour(line: CostLine) -> str:
    return plain(line.hours if line.hours == MONTH_HOURS else line.hours.quantize(Decimal("0.01")))


def _counted(count: Span) -> str:
    typical = plain(count.typical)
    return f"{typical} in {plain(count.least)}..{plain(count.most)}" if count.varies else typical


def _spoken(line: CostLine) -> str:
    return f"{line.resource} {line.variant}" if line.variant and line.resource == "storage" else line.resource


def _priced_at(line: CostLine) -> str:
    return f"{plain(line.price.value)}/{line.price.period} {line.price_key}" if line.price is not None else "-"


def _cause(what: str, before: str, after: str, step: tuple[Span, Span]) -> CostCause:
    less, more = step
    return CostCause(what=what, before=before, after=after, amount=difference(more.typical, less.typical))


def _come_and_gone(
    old: Mapping[tuple[str, str], CostLine], new: Mapping[tuple[str, str], CostLine], told: set[tuple[str, str]]
) -> Iterator[CostCause]:
    """Yield lines that only one side has, or that are a figure on only one side."""
    for name in sorted({*old, *new} - told):
        was, now = old.get(name), new.get(name)
        before = was.monthly.typical if was is not None else ZERO
        after = now.monthly.typical if now is not None else ZERO
        line = now or was
        if line is not None and (_state(was) != _state(now) or before != after):
            amount = difference(after, before)
            yield CostCause(what=_spoken(line), before=_state(was), after=_state(now), amount=amount)


def _state(line: CostLine | None) -> str:
    if line is None:
        return "none"
    return line.shown if _is_priced(line) else (line.reason if line.status is LineStatus.ZERO else line.status.value)
