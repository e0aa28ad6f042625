"""Drift for people at a terminal: what differs by delivery, what others added, what stands beside Git."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Final

from nixernetes.changes.fields import ABSENT
from nixernetes.changes.formats.terminal import Paint, field_lines, painter, unverified_lines
from nixernetes.changes.live.drift import Deviation, Drift, DriftedField, DriftReport
from nixernetes.changes.live.field_writers import FieldWriter
from nixernetes.errors import printable

__all__ = ["drift_text"]

_SIGNS: Final = {Deviation.CHANGED: ("~", "33"), Deviation.MISSING: ("-", "31"), Deviation.LEFT: ("+", "35")}
_WORDS: Final = {Deviation.CHANGED: "changed", Deviation.MISSING: "missing", Deviation.LEFT: "left over"}
_SHOWN: Final = 12  # characters of a commit


def drift_text(report: DriftReport, *, colour: bool, everything: bool = False) -> str:
    """Return drift for a terminal or a log.

    Args:
        report: the drift.
        colour: whether colours are used.
        everything: whether all lines of long fields are shown.

    """
    paint = painter(colour=colour)
    lines = [paint(printable(f"{report.cluster}: {_counted(report)}, held against {_shown(report.revision)}"), "1")]
    if not report.is_applied:
        lines.append("no delivery tells that it has applied that: what differs may be a change that is yet to come")
    lines.append("")
    drifts = sorted(report.drifts, key=lambda each: (each.owner, each.key))
    for owner, found in groupby(drifts, key=lambda each: each.owner):
        lines.append(f"  {paint(printable(owner), '2')}")
        for drift in found:
            lines += _drift(drift, paint, everything=everything)
    lines += [""] if drifts else []
    lines += _more(report, paint, everything=everything)
    lines += unverified_lines(report.unverified, paint)
    lines.append(paint(_summary(report), "1"))
    return "\n".join(lines) + "\n"


def _shown(revision: str) -> str:
    is_hash = len(revision) == 40 and all(letter in "0123456789abcdef" for letter in revision)
    return revision[:_SHOWN] if is_hash else revision


def _counted(report: DriftReport) -> str:
    counts = report.counts
    words = [f"{counts[each]} {word}" for each, word in _WORDS.items() if counts[each]]
    return ", ".join(words) or "no drift"


def _summary(report: DriftReport) -> str:
    words = [_counted(report)]
    kept = sum(bool(each.kept) for each in report.drifts)
    if kept:
        words.append(f"{kept} of {len(report.drifts)} {'stay' if kept > 1 else 'stays'} so")
    if report.additions or report.beside:
        words.append(f"{len(report.additions) + len(report.beside)} beside Git")
    if report.failed:
        words.append(f"{len(report.failed)} not rendered")
    if report.unverified:
        words.append(f"{len(report.unverified)} not verified")
    return "; ".join(words)


def _drift(drift: Drift, paint: Paint, *, everything: bool) -> Iterator[str]:
    sign, code = _SIGNS[drift.deviation]
    place = f"  {drift.place}" if drift.place.file else ""
    yield f"    {paint(sign, code)} {printable(str(drift.key))}{paint(printable(place), '2')}"
    if drift.deviation is Deviation.MISSING:
        yield "        it is not there"
    if drift.deviation is Deviation.LEFT:
        yield f"        Git does not have it{_by(drift.writers)}"
    for field in drift.fields:
        yield from _field(field, paint, everything=everything)
    if drift.kept:
        yield paint(f"        stays so: {printable(drift.kept)}", "2")


def _field(field: DriftedField, paint: Paint, *, everything: bool) -> Iterator[str]:
    *above, last = field_lines(field.change, paint, everything=everything)
    yield from above
    gone = " (removed; it is not recorded by whom)" if field.change.after is ABSENT else ""
    yield f"{last}{paint(_by(field.writers) or gone, '2')}"


def _by(writers: Sequence[FieldWriter]) -> str:
    if not writers:
        return ""
    told = (
        f"{each.manager}{f' ({each.subresource})' if each.subresource else ''}{f' at {each.time}' if each.time else ''}"
        for each in writers
    )
    return printable(f"  by {', '.join(told)}")


def _more(report: DriftReport, paint: Paint, *, everything: bool) -> Iterator[str]:
    if report.additions:
        yield paint("added by others, and kept", "1")
        for drift in report.additions:
            yield f"  {printable(str(drift.key))}"
            for field in drift.fields:
                yield from _field(field, paint, everything=everything)
        yield ""
    if report.beside:
        yield paint("of no delivery", "1")
        for each in report.beside:
            left = f": {each.left_by} left it behind" if each.left_by else ""
            yield f"  {printable(f'{each.key}{left}')}{_by(each.writers)}"
        yield ""
    if report.behind:
        yield paint("another revision is applied, so what differs there may not be drift", "1")
        yield from (f"  {printable(f'{key}: {revision}')}" for key, revision in report.behind)
        yield ""
    if report.failed:
        yield paint("not rendered, so their objects are not known", "1")
        yield from (f"  {printable(f'{key}: {message.splitlines()[0]}')}" for key, message in report.failed)
        yield ""
