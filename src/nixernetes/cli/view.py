"""How a report looks on a terminal: a live table, a tree, and one line a change where there is no terminal.

Names and messages come from repositories: none of them reaches the terminal but as a :class:`_Shown`.
"""

from __future__ import annotations

from collections.abc import Iterable

from rich.console import Console, Group
from rich.table import Table
from rich.text import Text
from rich.tree import Tree

from nixernetes.engine.reports import DeliveryRow, ObjectStatus, Report, short_revision
from nixernetes.errors import printable

__all__ = ["changes", "console", "line", "live", "summary", "tree"]

_STYLES = {"ready": "green", "progressing": "yellow", "failed": "red", "suspended": "dim"}
_MARKS = {"ready": "✔", "progressing": "◌", "failed": "✗", "suspended": "‖"}
_MESSAGE_WIDTH = 90
_FULL_WIDTH = 1_000  # what went wrong is told whole
_PIPE_WIDTH = 10_000  # a pipe has no right edge: nothing is cut off there


class _Shown(Text):
    """A text that does nothing to the terminal, whatever stands in it."""

    def __init__(self, text: str, style: str = "") -> None:
        super().__init__(printable(text), style=style)

    def add(self, text: str, style: str = "") -> None:
        """Add a text in another style."""
        self.append(printable(text), style=style)


def console(*, stderr: bool = False) -> Console:
    """Return the console: colour only on a terminal, none with NO_COLOR, nothing highlighted by guess."""
    made = Console(stderr=stderr, highlight=False, soft_wrap=True, emoji=False, markup=False)
    if not made.is_terminal:
        made.width = _PIPE_WIDTH
    return made


def line(item: DeliveryRow) -> _Shown:
    """Return a delivery as one line: mark, cluster, identity, status, revision, message."""
    text = _Shown(f"{_MARKS[item.state]} ", style=_STYLES[item.state])
    text.add(f"{item.cluster}  {item.key}  ")
    text.add(item.status, style=_STYLES[item.state])
    if item.revision:
        text.add(f"  {short_revision(item.revision)}", style="cyan")
    if item.message:
        width = _MESSAGE_WIDTH if item.state == "ready" else _FULL_WIDTH
        text.add(f"  {_one_line(item.message, width)}", style="dim" if item.state == "ready" else "")
    return text


def live(report: Report, problem: str = "") -> Group:
    """Return the table that ``up`` keeps on the screen, and under it what is wrong with an edit."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("CLUSTER", "KIND", "NAME", "STATUS", "REVISION"):
        table.add_column(name, no_wrap=True, overflow="ellipsis")
    table.add_column("MESSAGE", ratio=1, no_wrap=True, overflow="ellipsis")
    for item in report.deliveries:
        table.add_row(
            _Shown(item.cluster),
            _Shown(item.key.kind),
            _Shown(item.key.name),
            _Shown(f"{_MARKS[item.state]} {item.status}", style=_STYLES[item.state]),
            _Shown(short_revision(item.revision).partition("+")[0], style="cyan"),
            _Shown("" if item.state == "ready" else _one_line(item.message, _FULL_WIDTH)),
        )
    ready = sum(item.state == "ready" for item in report.deliveries)
    told = f", {len(report.notifications)} notifications" if report.notifications else ""
    foot = _Shown(f"\n{ready} of {len(report.deliveries)} ready at {report.time}{told}", style="bold")
    return Group(table, foot, _Shown(problem, style="red")) if problem else Group(table, foot)


def tree(report: Report) -> Tree:
    """Return clusters, their deliveries and the objects of each, as a tree."""
    root = Tree(_Shown("deliveries", style="bold"), guide_style="dim")
    branches: dict[str, Tree] = {}
    for item in report.deliveries:
        branch = branches.get(item.cluster)
        if branch is None:
            branch = branches[item.cluster] = root.add(_Shown(item.cluster, style="bold"))
        node = branch.add(_delivery(item))
        for warning in item.warnings:
            node.add(_Shown(f"! {_one_line(warning, _FULL_WIDTH)}", style="yellow"))
        for entry in item.objects:
            node.add(_object(entry))
    return root


def changes(before: Report | None, after: Report) -> Iterable[DeliveryRow]:
    """Yield the deliveries whose line changed."""
    old = {(item.cluster, item.key): item for item in before.deliveries} if before else {}
    for item in after.deliveries:
        was = old.get((item.cluster, item.key))
        if was is None or (was.status, was.revision, was.message) != (item.status, item.revision, item.message):
            yield item


def _delivery(item: DeliveryRow) -> _Shown:
    text = _Shown(f"{_MARKS[item.state]} {item.key}  ", style=_STYLES[item.state])
    text.add(short_revision(item.revision), style="cyan")
    if item.message:
        text.add(f"  {_one_line(item.message, width=200)}", style="dim" if item.state == "ready" else "")
    return text


def _object(entry: ObjectStatus) -> _Shown:
    text = _Shown("✔ " if entry.available else "◌ ", style="green" if entry.available else "yellow")
    text.add(f"{entry.key}  ")
    text.add(entry.status, style="green" if entry.available else "yellow")
    if entry.origin:
        text.add(f"  {entry.origin}", style="dim")
    if entry.message and not entry.available:
        text.add(f"  {_one_line(entry.message)}", style="dim")
    return text


def summary(report: Report) -> Iterable[_Shown]:
    """Yield what else there is to say at the end: objects that are not available, what was deleted, what was told."""
    if report.not_verified:
        yield _Shown(report.not_verified, style="yellow")
    if report.unavailable:
        yield _Shown(f"{_count(report.unavailable, 'object')} not available", style="yellow")
    for item in report.removals:
        yield _Shown(f"deleted: {item.cluster}: {item.key}, which {item.owner} had brought")
    waiting = [item for item in report.notifications if item.outcome == "recorded"]
    if waiting:
        hosts = ", ".join(sorted({item.host for item in waiting if item.host}))
        to = f" to {hosts}" if hosts else ""
        yield _Shown(
            f"{_count(len(waiting), 'notification')}{to} recorded and not sent: --send-notifications posts them"
        )
    for each in report.notifications:
        if each.outcome == "failed":
            yield _Shown(f"notification to {each.host} failed: {each.error}", style="yellow")


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _one_line(message: str, width: int = _MESSAGE_WIDTH) -> str:
    text = short_revision(" ".join(message.split()))
    return text if len(text) <= width else text[: width - 1] + "…"
