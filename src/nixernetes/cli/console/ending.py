"""The report at the end: what is not ready, where it is declared, why, and what to do."""

from __future__ import annotations

from collections.abc import Iterator

from rich.text import Text

from nixernetes.cli.console.choices import not_ready
from nixernetes.cli.console.shown import MARKS, STYLES, Shown
from nixernetes.cli.console.table import wrapped
from nixernetes.engine.reports import Report, causes, remedy

__all__ = ["ending"]

_INDENT = " " * 12


def ending(report: Report, width: int) -> Iterator[Text]:
    """Yield the lines of the report; none where all is well. Lines are wrapped at the width, and nothing is cut."""
    for item in not_ready(report.deliveries):
        yield Shown(f"{MARKS[item.state]} {item.cluster}: {item.key}", style=STYLES[item.state]).add(f"  {item.status}")
        yield from _told("declared", item.origin or "by what started the cluster", width)
        why = [*causes(item)] or ["it has not been reconciled to its end yet"]
        for number, line in enumerate(why):
            yield from _told("why" if not number else "", line, width)
        yield from _told("to do", remedy(item, report), width)


def _told(label: str, text: str, width: int) -> Iterator[Text]:
    lines = wrapped(text, width, _INDENT)
    for number, line in enumerate(lines):
        head = f"  {label}" if not number else ""
        yield Text().append(head.ljust(len(_INDENT)), style="dim").append(line[len(_INDENT) :])
