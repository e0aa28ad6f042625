"""The report for people: grouped by file, the line quoted and marked, then what was checked and what was not."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import groupby
from typing import Final

from nixernetes.errors import printable
from nixernetes.verify.findings import Finding, Severity
from nixernetes.verify.places import Places
from nixernetes.verify.report import CheckReport

__all__ = ["to_terminal"]

_COLOURS: Final = {Severity.ERROR: "31", Severity.WARNING: "33", Severity.INFO: "36"}
_WORDS: Final = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
_TOLD: Final = 8  # lines of what was not verified; --verbose gives all
_CLUSTERS: Final = 4


def to_terminal(
    report: CheckReport, places: Places, *, colour: bool, seconds: str, everything: bool = False, width: int = 100
) -> str:
    """Return a report for a terminal.

    Args:
        report: the report.
        places: reads the lines that are quoted.
        colour: whether colours are used.
        seconds: how many seconds the check took.
        everything: whether notes and everything that was not verified are listed, not counted.
        width: columns of the terminal.

    """
    paint = _painted if colour else _plain
    shown = [each for each in report.findings if everything or each.severity is not Severity.INFO]
    lines: list[str] = []
    for file, found in groupby(shown, key=lambda each: each.place.file):
        lines += [paint(printable(file or "(no file of this repository)"), "1"), ""]
        for each in found:
            lines += [*_finding(each, places, paint, width), ""]
    hidden = len(report.findings) - len(shown)
    lines += _unverified(report, paint, everything=everything)
    number = f"{report.deliveries} deliveries, {report.objects} objects, {_clusters(report)}"
    lines.append(f"{paint(report.counts, '1')} in {number}, {seconds} s")
    if hidden and not everything:
        lines.append(f"{hidden} note{'s' if hidden > 1 else ''} not shown: --verbose lists them")
    if report.suppressed:
        lines.append(f"{report.suppressed} accepted by comments, settings or the baseline")
    return "\n".join(lines) + "\n"


def _clusters(report: CheckReport) -> str:
    names = ", ".join(report.clusters[:_CLUSTERS])
    more = f" and {len(report.clusters) - _CLUSTERS} more" if len(report.clusters) > _CLUSTERS else ""
    return f"cluster{'s' if len(report.clusters) != 1 else ''} {names}{more}"


def _finding(finding: Finding, places: Places, paint: Callable[[str, str], str], width: int) -> Iterator[str]:
    word = paint(_WORDS[finding.severity], f"1;{_COLOURS[finding.severity]}")
    about = f" {finding.object}" if finding.object else ""
    clusters = f" on {', '.join(finding.clusters)}" if finding.clusters else ""
    yield f"  {word} {finding.rule}{printable(about)}{paint(printable(clusters), '2')}"
    for line in printable(finding.message).splitlines():
        yield f"    {line}"
    yield from _quoted(finding, places, paint, width)
    for place, text in finding.related:
        yield paint(f"    {printable(str(place))}: {printable(text)}", "2")


def _quoted(finding: Finding, places: Places, paint: Callable[[str, str], str], width: int) -> Iterator[str]:
    place = finding.place
    lines = places.text(place.file).splitlines() if place.file and place.line else []
    if not 0 < place.line <= len(lines) or finding.topic == "secrets":
        return  # a line of a Secret is never shown
    text = printable(lines[place.line - 1].expandtabs(4))
    head = f"    {place.line:>5} | "
    yield f"{head}{text[: max(width - len(head), 20)]}"
    if place.column:
        length = max(len(text.rstrip()) - place.column + 1, 1)
        mark = " " * (place.column - 1) + "^" * min(length, max(width - len(head) - place.column, 1))
        yield f"          | {paint(mark, _COLOURS[finding.severity])}"


def _unverified(report: CheckReport, paint: Callable[[str, str], str], *, everything: bool) -> Iterator[str]:
    if not report.unverified:
        return
    yield paint("not verified", "1")
    shown = report.unverified if everything else report.unverified[:_TOLD]
    for each in shown:
        yield f"  {printable(str(each))}"
    more = len(report.unverified) - len(shown)
    if more:
        yield f"  and {more} more: --verbose lists them"
    yield ""


def _painted(text: str, codes: str) -> str:
    return f"\x1b[{codes}m{text}\x1b[0m"


def _plain(text: str, codes: str) -> str:
    del codes
    return text
