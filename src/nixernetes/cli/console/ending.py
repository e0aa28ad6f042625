"""The report at the end: what is not ready, where it is declared, why, what to do, and what waits for it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rich.text import Text

from nixernetes.cli.console.choices import not_ready
from nixernetes.cli.console.shown import MARKS, STYLES, Shown
from nixernetes.cli.console.table import wrapped
from nixernetes.engine.reports import DeliveryRow, Report, Trouble, troubles

__all__ = ["ending"]

_INDENT = " " * 12
_BY_THE_START = "by what started the cluster"


def ending(report: Report, width: int) -> Iterator[Text]:
    """Yield the lines of the report; none where all is well. Lines are wrapped at the width, and nothing is cut.

    Deliveries that are not ready for one reason stand together, and those that only wait for others stand with them.
    """
    for trouble in troubles(not_ready(report.deliveries), report):
        first, *others = trouble.deliveries
        style = STYLES[first.state]
        yield Text()
        if others:
            count = len(trouble.deliveries)
            yield Shown(f"{MARKS[first.state]} {count} deliveries for one reason", style=style)
            yield from _all_told("these", (_spelled(each) for each in trouble.deliveries), width)
        else:
            yield Shown(f"{MARKS[first.state]} {first.cluster}: {first.key}", style=style).add(f"  {first.status}")
            yield from _told("declared", first.origin or _BY_THE_START, width)
        yield from _all_told("why", trouble.why, width)
        yield from _told("to do", trouble.remedy, width)
        yield from _all_told(_holding(trouble), (_spelled(each) for each in trouble.held_up), width)


def _holding(trouble: Trouble) -> str:
    return "holds up" if len(trouble.deliveries) == 1 else "hold up"


def _spelled(item: DeliveryRow) -> str:
    return f"{item.cluster}: {item.key} ({item.origin or _BY_THE_START})"


def _all_told(label: str, texts: Iterable[str], width: int) -> Iterator[Text]:
    for number, text in enumerate(texts):
        yield from _told(label if not number else "", text, width)


def _told(label: str, text: str, width: int) -> Iterator[Text]:
    lines = wrapped(text, width, _INDENT)
    for number, line in enumerate(lines):
        head = f"  {label}" if not number else ""
        yield Text().append(head.ljust(len(_INDENT)), style="dim").append(line[len(_INDENT) :])
