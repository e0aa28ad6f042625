"""The report for people at a terminal: dangers first, then each cluster with its deliveries, objects and fields."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import zip_longest
from textwrap import wrap
from typing import Final

from nixernetes.changes.change import Action, NotVerified
from nixernetes.changes.fields import FieldChange
from nixernetes.changes.formats.outline import (
    SIGNS,
    OutlineEntry,
    counted,
    headline,
    outline,
    summary,
    text_lines,
    unknown_deliveries,
)
from nixernetes.changes.report import ChangeReport
from nixernetes.cost.formats.text import cost_line
from nixernetes.errors import printable
from nixernetes.verify.findings import Finding, Severity

__all__ = [
    "SIDE_BY_SIDE",
    "Paint",
    "field_lines",
    "images_text",
    "names_text",
    "painter",
    "stat_text",
    "to_terminal",
    "unverified_lines",
]

SIDE_BY_SIDE: Final = 160  # columns from which on both states stand beside each other
_COLOURS: Final = {
    Action.CREATE: "32",
    Action.CHANGE: "33",
    Action.DELETE: "31",
    Action.REPLACE: "31",
    Action.ORPHAN: "35",
    Action.MOVE: "36",
}
_WEIGHT: Final = {Severity.ERROR: ("danger", "31"), Severity.WARNING: ("warning", "33"), Severity.INFO: ("note", "36")}
_LINES: Final = 40  # of one field; all of them with --verbose

Paint = Callable[[str, str], str]


def to_terminal(report: ChangeReport, *, colour: bool, width: int = 100, everything: bool = False) -> str:
    """Return a report for a terminal or a log.

    Args:
        report: the report.
        colour: whether colours are used.
        width: columns.
        everything: whether notes, and all lines of long fields, are shown.

    """
    paint = painter(colour=colour)
    lines = [paint(printable(headline(report)), "1"), ""]
    shown = [each for each in report.dangers if everything or each.severity is not Severity.INFO]
    for each in shown:
        lines += _finding(each, paint, width)
    if shown:
        lines.append("")
    for cluster in report.clusters:
        lines += [paint(printable(f"{cluster.name}: {counted(report.counts(cluster))}"), "1")]
        for owner, entries in outline(cluster):
            lines.append(f"  {paint(printable(owner or 'applied by hand'), '2')}")
            for entry in entries:
                lines += _entry(entry, paint, width, everything=everything)
        lines.append("")
    lines += _more(report, paint, width)
    if report.cost is not None and report.cost.delta.changes:
        lines.append(printable(f"cost: {cost_line(report.cost)}: `nixernetes cost diff` says why"))
    hidden = len(report.dangers) - len(shown)
    lines.append(paint(summary(report), "1"))
    if hidden:
        lines.append(f"{hidden} note{'s' if hidden != 1 else ''} not shown: --verbose lists them")
    return "\n".join(lines) + "\n"


def _finding(finding: Finding, paint: Paint, width: int) -> Iterator[str]:
    word, code = _WEIGHT[finding.severity]
    where = f" on {', '.join(finding.clusters)}" if finding.clusters else ""
    place = f"  {finding.place}" if finding.place.file else ""
    yield f"{paint(word, f'1;{code}')} {finding.rule} {printable(finding.object + where)}{paint(printable(place), '2')}"
    for line in wrap(printable(finding.message), max(width - 4, 40), break_long_words=False, break_on_hyphens=False):
        yield f"    {line}"


def _entry(entry: OutlineEntry, paint: Paint, width: int, *, everything: bool) -> Iterator[str]:
    place = f"  {entry.place}" if entry.place else ""
    sign = paint(SIGNS[entry.action], _COLOURS[entry.action])
    yield f"    {sign} {printable(entry.title)}{paint(printable(place), '2')}"
    if entry.note:
        yield paint(f"        {printable(entry.note)}", "2")
    for change in entry.fields:
        if width >= SIDE_BY_SIDE:
            yield from _beside(change, paint, width, everything=everything)
        else:
            yield from field_lines(change, paint, everything=everything)


def field_lines(change: FieldChange, paint: Paint, *, everything: bool) -> Iterator[str]:
    """Yield a field with both states, one below the other unless both are short."""
    rows = text_lines(change)
    if [sign for sign, _ in rows] == ["-", "+"]:
        old, new = (printable(text) for _, text in rows)
        yield f"        {printable(change.path)}: {paint(old, '31')} → {paint(new, '32')}"
        return
    yield f"        {printable(change.path)}:"
    for sign, text in _cut(rows, everything=everything):
        line = f"          {sign} {printable(text)}"
        yield paint(line, {"-": "31", "+": "32"}[sign]) if sign in "-+" else line


def _beside(change: FieldChange, paint: Paint, width: int, *, everything: bool) -> Iterator[str]:
    yield f"        {printable(change.path)}:"
    rows = _cut(text_lines(change), everything=everything)
    half = (width - 14) // 2
    left = [printable(text) for sign, text in rows if sign in "- "]
    right = [printable(text) for sign, text in rows if sign in "+ "]
    for old, new in zip_longest(_wrapped(left, half), _wrapped(right, half), fillvalue=""):
        yield f"          {paint(old.ljust(half), '31')} │ {paint(new, '32')}"


def _wrapped(lines: Sequence[str], width: int) -> Iterator[str]:
    for line in lines:
        yield line[:width]
        for start in range(width, len(line), width):
            yield line[start : start + width]


def _cut(rows: list[tuple[str, str]], *, everything: bool) -> list[tuple[str, str]]:
    if everything or len(rows) <= _LINES:
        return rows
    return [*rows[:_LINES], (" ", f"… {len(rows) - _LINES} more lines: --verbose shows them")]


def _more(report: ChangeReport, paint: Paint, width: int) -> Iterator[str]:
    if report.images:
        yield paint("images", "1")
        yield from (f"  {line}" for line in images_text(report).splitlines())
        yield ""
    held = [each for cluster in report.comparison.clusters for each in cluster.held]
    if held:
        yield paint("changed in Git, not in the cluster", "1")
        for each in held:
            yield f"  {printable(str(each.key))} on {printable(each.cluster)}: {printable(each.reason)}"
        yield ""
    for title, found in (("new findings of check", report.new), ("findings that are fixed", report.fixed)):
        if found:
            yield paint(title, "1")
            for finding in found:
                yield from (f"  {line}" for line in _finding(finding, paint, width - 2))
            yield ""
    failures = unknown_deliveries(report)
    if failures:
        yield paint("not rendered, so what becomes of their objects is unknown", "1")
        for failure in failures:
            yield f"  {printable(failure.delivery)} on {printable(failure.cluster)} ({failure.side})"
            yield f"    {printable(failure.message.splitlines()[0])}"
        yield ""
    yield from unverified_lines(report.unverified, paint)
    always = len(report.comparison.failures) - len(failures)
    if always:
        number = f"{always} {'deliveries are' if always > 1 else 'delivery is'}"
        yield f"{number} rendered on neither side, and unchanged: `nixernetes check` says why"
        yield ""


def unverified_lines(found: Sequence[NotVerified], paint: Paint) -> Iterator[str]:
    """Yield what could not be known, in the order in which it was met."""
    if found:
        yield paint("not verified", "1")
        for each in found:
            where = "" if each.subject == each.cluster else f" on {each.cluster}"
            yield f"  {printable(each.subject + where)}: {printable(' '.join(each.reason.split()))}"
        yield ""


def stat_text(report: ChangeReport) -> str:
    """Return how many objects of each delivery meet each fate."""
    rows = [
        (cluster.name, owner or "applied by hand", [entry.action for entry in entries])
        for cluster in report.clusters
        for owner, entries in outline(cluster)
    ]
    wide = max((len(owner) for _, owner, _ in rows), default=0)
    far = max((len(name) for name, _, _ in rows), default=0)
    lines = []
    for name, owner, actions in rows:
        counts = {action: actions.count(action) for action in Action if action in actions}
        lines.append(f"{printable(name):<{far}}  {printable(owner):<{wide}}  {counted(counts)}")
    return "\n".join([*lines, summary(report)]) + "\n"


def names_text(report: ChangeReport) -> str:
    """Return one line for each object: what happens, the object, the cluster."""
    return "".join(f"{each.action} {printable(str(each.key))} {printable(each.cluster)}\n" for each in report.changes)


def images_text(report: ChangeReport) -> str:
    """Return one line for each container that runs another image."""
    return "".join(
        f"{printable(str(each.key))} on {printable(each.cluster)} ({printable(each.container)}): "
        f"{printable(each.before)} → {printable(each.after)}\n"
        for each in report.images
    )


def painter(*, colour: bool) -> Paint:
    """Return what gives texts their colours, or leaves them plain."""
    return _painted if colour else _plain


def _painted(text: str, codes: str) -> str:
    return f"\x1b[{codes}m{text}\x1b[0m" if text else text


def _plain(text: str, codes: str) -> str:
    del codes
    return text
