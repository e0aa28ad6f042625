"""How a report looks: a tree, and one line a change where there is no terminal. No message is ever cut.

Names and messages come from repositories: none of them reaches the terminal but as a :class:`Shown`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.console import Console
from rich.tree import Tree

from nixernetes.cli.console.nested import object_line
from nixernetes.cli.console.shown import MARKS, STYLES, Shown, counted
from nixernetes.engine import reports
from nixernetes.engine.outbox import Notification
from nixernetes.engine.reports import DeliveryRow, Report, short_revision
from nixernetes.errors import RemoteError
from nixernetes.objects.manifest import Json

__all__ = ["changes", "console", "line", "read", "summary", "tree"]

_NOTICES = 10  # that are listed one by one
_LONGEST = 160  # characters of a message
_PIPE_WIDTH = 10_000  # a pipe has no right edge: nothing is cut off there


def console(*, stderr: bool = False) -> Console:
    """Return the console: colour only on a terminal, none with NO_COLOR, nothing highlighted by guess."""
    made = Console(stderr=stderr, highlight=False, soft_wrap=True, emoji=False, markup=False)
    if not made.is_terminal:
        made.width = _PIPE_WIDTH
    return made


def read(found: Json) -> Report:
    """Return the report that a running ``up`` gave.

    Raises:
        RemoteError: it is none that this version reads.

    """
    try:
        return reports.from_json(found)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise RemoteError("what runs there gives another report: is it this version of Nixernetes?") from error


def line(item: DeliveryRow) -> Shown:
    """Return a delivery as one line: mark, cluster, identity, status, revision, message."""
    text = Shown(f"{MARKS[item.state]} ", style=STYLES[item.state])
    text.add(f"{item.cluster}  {item.key}  ")
    text.add(item.status, style=STYLES[item.state])
    if item.revision:
        text.add(f"  {short_revision(item.revision)}", style="cyan")
    if item.message:
        text.add(f"  {_one_line(item.message)}", style="dim" if item.state == "ready" else "")
    return text


def tree(report: Report) -> Tree:
    """Return clusters, their deliveries and the objects of each, as a tree."""
    root = Tree(Shown("deliveries", style="bold"), guide_style="dim")
    branches: dict[str, Tree] = {}
    for item in report.deliveries:
        branch = branches.get(item.cluster)
        if branch is None:
            branch = branches[item.cluster] = root.add(Shown(item.cluster, style="bold"))
        node = branch.add(_delivery(item))
        for warning in item.warnings:
            node.add(Shown(f"! {_one_line(warning)}", style="yellow"))
        for entry in item.objects:
            node.add(object_line(entry))
    return root


def changes(before: Report | None, after: Report) -> Iterable[DeliveryRow]:
    """Yield the deliveries whose line changed."""
    old = {(item.cluster, item.key): item for item in before.deliveries} if before else {}
    for item in after.deliveries:
        was = old.get((item.cluster, item.key))
        if was is None or (was.status, was.revision, was.message) != (item.status, item.revision, item.message):
            yield item


def _delivery(item: DeliveryRow) -> Shown:
    text = Shown(f"{MARKS[item.state]} {item.key}  ", style=STYLES[item.state])
    text.add(short_revision(item.revision), style="cyan")
    if item.message:
        text.add(f"  {_one_line(item.message)}", style="dim" if item.state == "ready" else "")
    return text


def summary(report: Report) -> Iterable[Shown]:
    """Yield what else there is to say at the end: objects that are not available, what was deleted, what was told."""
    if report.not_verified:
        yield Shown(report.not_verified, style="yellow")
    if report.unavailable:
        yield Shown(f"{counted(report.unavailable, 'object')} not available", style="yellow")
    for item in report.removals:
        yield Shown(f"deleted: {item.cluster}: {item.key}, which {item.owner} had brought")
    waiting = [item for item in report.notifications if item.outcome == "recorded"]
    if waiting:
        hosts = ", ".join(sorted({item.host for item in waiting if item.host}))
        to = f" to {hosts}" if hosts else ""
        yield Shown(
            f"{counted(len(waiting), 'notification')}{to} recorded and not sent: --send-notifications posts them"
        )
        yield from _would_be_told(waiting)
    for each in report.notifications:
        if each.outcome == "failed":
            yield Shown(f"notification to {each.host} failed: {each.error}", style="yellow")


def _would_be_told(waiting: Sequence[Notification]) -> Iterable[Shown]:
    """Yield the first of what would have been sent: the others are in the JSON."""
    for each in waiting[:_NOTICES]:
        notice = each.notice
        told = _one_line(notice.message)
        told = told if len(told) <= _LONGEST else f"{told[:_LONGEST]}…"
        yield Shown(f"  to {notice.receiver}: {notice.cluster}: {notice.key} {notice.reason}: {told}", style="dim")
    if len(waiting) > _NOTICES:
        yield Shown(f"  and {len(waiting) - _NOTICES} more: `nixernetes get -o json` has them all", style="dim")


def _one_line(message: str) -> str:
    return short_revision(" ".join(message.split()))
