"""One screen of the live table: counts first, then the rows that have room, then what is wrong, then the keys."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from rich.text import Text

from nixernetes.cli.console.choices import KEYS, Choice, chosen
from nixernetes.cli.console.shown import STYLES, Shown, counted
from nixernetes.cli.console.table import table_lines, wrapped
from nixernetes.engine.reports import Report

__all__ = ["counts", "screen"]

_LEAST_ROWS = 3  # of the table, whatever else is to be said
_OTHERS = ("failed", "progressing", "suspended")


def screen(report: Report, choice: Choice, width: int, height: int, problem: str = "", page: str = "") -> Text:
    """Return what fills a terminal of a size.

    Args:
        report: what there is.
        choice: what of it is shown.
        width: columns of the terminal.
        height: lines of the terminal.
        problem: what is wrong with an edit, or with the engine.
        page: where the page is, or ``""``.

    """
    head = _wrapped(counts(report), width)
    place = [Text(page, style="dim", no_wrap=True, overflow="ignore")] if page else []
    foot = [*_problem(problem, width, max(height // 3, 1)), *place, *_wrapped(_keys(choice), width)]
    heading, *rows = table_lines(chosen(report.deliveries, choice), width)
    room = max(height - len(head) - len(foot) - 1, _LEAST_ROWS)
    shown = _part(rows, choice.top, room)
    filler = [Text()] * max(room - len(shown), 0)
    return Text("\n").join([*head, heading, *shown, *filler, *foot])


def counts(report: Report) -> Shown:
    """Return how many there are of each state, in one line."""
    number = Counter(item.state for item in report.deliveries)
    text = Shown(f"{number['ready']} of {len(report.deliveries)} deliveries ready", style="bold")
    for state in _OTHERS:
        if number[state]:
            text.add(f", {number[state]} {state}", style=STYLES[state])
    text.add(f" at {report.time}")
    if report.notifications:
        text.add(f", {counted(len(report.notifications), 'notification')}")
    return text


def _part(rows: Sequence[Text], top: int, room: int) -> list[Text]:
    """Return the lines from one on that have room, and how many there are above and below where not all have."""
    if len(rows) <= room:
        return [*rows]
    top = min(top, len(rows) - room + 1)
    shown = [*rows[top : top + room - 1]]
    below = len(rows) - top - len(shown)
    told = [f"{counted(top, 'line')} above" if top else "", f"{counted(below, 'line')} below" if below else ""]
    return [*shown, Text("… " + ", ".join(filter(None, told)), style="dim")]


def _problem(problem: str, width: int, most: int) -> Iterator[Text]:
    lines = [line for part in problem.splitlines() for line in wrapped(part, width, _indent(part))]
    for line in lines[:most]:
        yield Text(line, style="red")


def _indent(line: str) -> str:
    return line[: len(line) - len(line.lstrip(" "))]


def _keys(choice: Choice) -> Shown:
    if choice.is_typing:
        return Shown(f"search: {choice.search}_", style="bold").add("  enter keeps it, escape leaves", style="dim")
    told = [f"sorted by {choice.sort}"]
    told += [f"only {choice.filter}"] if choice.filter != "all" else []
    told += [f"only {choice.cluster}"] if choice.cluster else []
    told += [f"with {choice.search!r}"] if choice.search else []
    return Shown(KEYS, style="dim").add(f" ({', '.join(told)})", style="dim")


def _wrapped(text: Text, width: int) -> list[Text]:
    """Return a text as lines that have room."""
    lines, styles = wrapped(text.plain, width), text.spans
    if len(lines) <= 1:
        return [text]
    return [Text(line, style=text.style if not styles else "bold") for line in lines]
