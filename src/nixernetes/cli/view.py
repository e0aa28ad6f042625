"""How a report looks on a terminal: a live table, a tree, and one line a change where there is no terminal."""

from __future__ import annotations

from collections.abc import Iterable

from rich.console import Console, Group
from rich.table import Table
from rich.text import Text
from rich.tree import Tree

from nixernetes.app.reports import Delivery, ObjectStatus, Report, short_revision

__all__ = ["changes", "console", "line", "live", "tree"]

_STYLES = {"ready": "green", "progressing": "yellow", "failed": "red", "suspended": "dim"}
_MARKS = {"ready": "✔", "progressing": "◌", "failed": "✗", "suspended": "‖"}
_GOOD = ("Current", "Synced", "Synced/Healthy", "Healthy")
_MESSAGE_WIDTH = 90
_FULL_WIDTH = 1_000  # what went wrong is told whole
_PIPE_WIDTH = 10_000  # a pipe has no right edge: nothing is cut off there


def console(*, stderr: bool = False) -> Console:
    """Return the console: colour only on a terminal, none with NO_COLOR, nothing highlighted by guess."""
    made = Console(stderr=stderr, highlight=False, soft_wrap=True, emoji=False, markup=False)
    if not made.is_terminal:
        made.width = _PIPE_WIDTH
    return made


def line(item: Delivery) -> Text:
    """Return a delivery as one line: mark, cluster, identity, status, revision, message."""
    text = Text(f"{_MARKS[item.state]} ", style=_STYLES[item.state])
    text.append(f"{item.cluster}  {item.key}  ", style="")
    text.append(item.status, style=_STYLES[item.state])
    if item.revision:
        text.append(f"  {short_revision(item.revision)}", style="cyan")
    if item.message:
        width = _MESSAGE_WIDTH if item.state == "ready" else _FULL_WIDTH
        text.append(f"  {_one_line(item.message, width)}", style="dim" if item.state == "ready" else "")
    return text


def live(report: Report, problem: str = "") -> Group:
    """Return the table that ``up`` keeps on the screen, and under it what is wrong with an edit."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("CLUSTER", "KIND", "NAME", "STATUS", "REVISION"):
        table.add_column(name, no_wrap=True, overflow="ellipsis")
    table.add_column("MESSAGE", ratio=1, no_wrap=True, overflow="ellipsis")
    for item in report.deliveries:
        table.add_row(
            item.cluster,
            item.key.kind,
            item.key.name,
            Text(f"{_MARKS[item.state]} {item.status}", style=_STYLES[item.state]),
            Text(short_revision(item.revision).partition("+")[0], style="cyan"),
            Text("" if item.state == "ready" else _one_line(item.message, _FULL_WIDTH)),
        )
    ready = sum(item.state == "ready" for item in report.deliveries)
    foot = Text(f"\n{ready} of {len(report.deliveries)} ready at {report.time}", style="bold")
    return Group(table, foot, Text(problem, style="red")) if problem else Group(table, foot)


def tree(report: Report) -> Tree:
    """Return clusters, their deliveries and the objects of each, as a tree."""
    root = Tree(Text("deliveries", style="bold"), guide_style="dim")
    branches: dict[str, Tree] = {}
    for item in report.deliveries:
        branch = branches.get(item.cluster)
        if branch is None:
            branch = branches[item.cluster] = root.add(Text(item.cluster, style="bold"))
        node = branch.add(_delivery(item))
        for entry in item.objects:
            node.add(_object(entry))
    return root


def changes(before: Report | None, after: Report) -> Iterable[Delivery]:
    """Yield the deliveries whose line changed."""
    old = {(item.cluster, item.key): item for item in before.deliveries} if before else {}
    for item in after.deliveries:
        was = old.get((item.cluster, item.key))
        if was is None or (was.status, was.revision, was.message) != (item.status, item.revision, item.message):
            yield item


def _delivery(item: Delivery) -> Text:
    text = Text(f"{_MARKS[item.state]} {item.key}  ", style=_STYLES[item.state])
    text.append(short_revision(item.revision), style="cyan")
    if item.message:
        text.append(f"  {_one_line(item.message, width=200)}", style="dim" if item.state == "ready" else "")
    return text


def _object(entry: ObjectStatus) -> Text:
    good = entry.status in _GOOD
    text = Text(f"{entry.key}  ")
    text.append(entry.status, style="green" if good else "yellow")
    if entry.message and not good:
        text.append(f"  {_one_line(entry.message)}", style="dim")
    return text


def _one_line(message: str, width: int = _MESSAGE_WIDTH) -> str:
    text = short_revision(" ".join(message.split()))
    return text if len(text) <= width else text[: width - 1] + "…"
