"""A report for a terminal, or for whoever reads a pipe."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from nixernetes.compliance.formats.document import ReportDocument, objects_line, status_groups
from nixernetes.compliance.results import ControlResult, ControlStatus, Evidence
from nixernetes.errors import printable

__all__ = ["evidence_lines", "to_text"]

_SHOWN: Final = 3  # pieces of evidence of a control, unless everything is asked for
_NEW: Final = 20  # new findings, unless everything is asked for
_SHORT: Final = (ControlStatus.SATISFIED, ControlStatus.NOT_APPLICABLE)


def to_text(document: ReportDocument, *, everything: bool = False) -> str:
    """Return a report as lines: sums, then controls by status with their first evidence."""
    lines = [*document.head]
    for status, controls in status_groups(document.report):
        lines += ["", f"{status.words} ({len(controls)})"]
        if status in _SHORT and not everything:
            lines.append("  " + ", ".join(each.control.id for each in controls))
            continue
        if status is ControlStatus.NOT_ASSESSABLE and not everything:
            lines += _unassessed(controls)
            continue
        for each in controls:
            lines += _control(each, len(each.evidence) if everything else _SHOWN)
    if document.delta is not None and document.delta.controls:
        lines += ["", "changed"]
        lines += [f"  {name}: {before.words} -> {now.words}" for name, before, now in document.delta.controls]
    if document.delta is not None and document.delta.new:
        lines += ["", f"new ({len(document.delta.new)})", *_new(document.delta.new, everything=everything)]
    if document.tail:
        lines += ["", *document.tail]
    return printable("\n".join(lines)) + "\n"


def _new(evidence: Sequence[Evidence], *, everything: bool) -> Iterator[str]:
    found = evidence_lines(evidence)
    most = len(found) if everything else _NEW
    yield from (f"  {each}" for each in found[:most])
    if len(found) > most:
        yield f"  and {len(found) - most} more"


def _control(result: ControlResult, most: int) -> Iterator[str]:
    yield f"  {result.control.id}  {result.control.title} ({result.control.severity}): {objects_line(result)}"
    lines = evidence_lines(result.evidence)
    yield from (f"    {each}" for each in lines[:most])
    if len(lines) > most:
        yield f"    and {len(lines) - most} more"
    for waived in result.waived[:most]:
        waiver = waived.waiver
        until = f"until {waiver.until}" if waiver.until else "without an end"
        yield f"    waived: {waived.evidence.object}: {waiver.reason} ({waiver.owner}, {until})"


def _unassessed(controls: Iterable[ControlResult]) -> Iterator[str]:
    """Yield the controls that cannot be assessed, those with one reason together."""
    reasons: dict[str, list[str]] = {}
    for each in controls:
        reasons.setdefault(each.reason, []).append(each.control.id)
    for reason, names in reasons.items():
        yield f"  {', '.join(names)}: {reason}"


def evidence_lines(evidence: Iterable[Evidence]) -> list[str]:
    """Return failures, each on one line; what is the same on several clusters is told once."""
    found: dict[tuple[str, ...], list[str]] = {}
    for each in evidence:
        found.setdefault((each.place, each.object, each.check, each.message), []).append(each.cluster)
    return [
        f"{f'{place}: ' if place else ''}{name} on {', '.join(clusters)}: {check}: {message}"
        for (place, name, check, message), clusters in found.items()
    ]
