"""Markdown for a pull request, cut where the host would refuse it, and one HTML file without outside requests."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from html import escape
from typing import Final

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
from nixernetes.cost.formats.markdown import delta_section
from nixernetes.cost.formats.text import delta_text
from nixernetes.errors import printable
from nixernetes.verify.findings import Finding, Severity

__all__ = ["LIMIT", "MARKER", "to_html", "to_markdown"]

MARKER: Final = "<!-- nixernetes diff -->"  # by which a comment is found again, to be updated in place
LIMIT: Final = 65_000  # characters: GitHub takes 65,536 of a comment
_SIGNS: Final = {Severity.ERROR: "🛑", Severity.WARNING: "⚠️", Severity.INFO: "💡"}
_FENCE: Final = "``````"  # longer than what manifests hold
_STYLE: Final = """
:root { color-scheme: light dark; --line: #8884; --red: #c0392b; --green: #1e8449; --yellow: #b8860b; --blue: #2471a3; }
body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 70rem; padding: 0 1rem; }
h2 { border-bottom: 1px solid var(--line); margin-top: 2rem; } h3 { font: 600 1rem ui-monospace, monospace; }
article { border-left: 4px solid var(--line); margin: .8rem 0; padding: .1rem .8rem; }
article.error { border-color: var(--red); } article.warning { border-color: var(--yellow); }
article.info { border-color: var(--blue); }
code, pre { font-family: ui-monospace, monospace; overflow-wrap: anywhere; white-space: pre-wrap; }
pre { margin: .2rem 0 .2rem 1rem; } summary { cursor: pointer; } small { opacity: .75; } p { margin: .3rem 0; }
.minus { color: var(--red); } .plus { color: var(--green); }
"""


def to_markdown(report: ChangeReport, limit: int = LIMIT) -> str:
    """Return a report as Markdown: what happens where, the dangers, and each cluster behind a fold.

    Args:
        report: the report.
        limit: the number of characters that the host takes; what is cut is said.

    """
    head = [MARKER, f"### nixernetes diff: {_cell(summary(report))}", "", _cell(headline(report)), ""]
    head += _table(report)
    head += _cost(report)
    tail = list(_tail(report))
    kept, left = _folds(report, limit - _size([*head, *tail]) - 200)
    if left:
        kept += ["", f"**{left} more objects are cut**, because the comment would be too long."]
    text = printable("\n".join([*head, *kept, *tail])) + "\n"
    if len(text) <= limit:
        return text
    note = "\n\n**The rest is cut**, because the comment would be too long.\n"
    return text[: limit - len(note)].rpartition("\n")[0] + note


def _cost(report: ChangeReport) -> Iterator[str]:
    """Yield what the change costs, where it changes that."""
    if report.cost is not None and report.cost.delta.changes:
        yield from delta_section(report.cost, "**Cost**")
        yield ""


def _table(report: ChangeReport) -> Iterator[str]:
    rows = [*report.dangers, *report.new]
    told = [each for each in rows if each.severity is not Severity.INFO]
    if told:
        yield "| | object | what |"
        yield "|---|---|---|"
        yield from (_row(each) for each in told)
        yield ""
    notes = [each for each in rows if each.severity is Severity.INFO]
    if notes:
        yield f"<details><summary>{len(notes)} notes</summary>"
        yield ""
        yield from (f"- `{_cell(each.object)}` {_cell(each.message)}" for each in notes)
        yield ""
        yield "</details>"
        yield ""


def _row(finding: Finding) -> str:
    where = f" on {', '.join(finding.clusters)}" if finding.clusters else ""
    place = f" (`{_cell(str(finding.place))}`)" if finding.place.file else ""
    about = (f"`{_cell(finding.object)}`" if finding.object else "") + _cell(where)
    return f"| {_SIGNS[finding.severity]} | {about} | **{finding.rule}** {_cell(_flat(finding.message))}{place} |"


def _flat(text: str) -> str:
    return " ".join(text.split())


def _cell(text: str) -> str:
    """Return a text in which nothing is markup of another kind."""
    return text.replace("|", "\\|").replace("<", "&lt;")


def _size(lines: Sequence[str]) -> int:
    return sum(len(line) + 1 for line in lines)


def _folds(report: ChangeReport, room: int) -> tuple[list[str], int]:
    """Return a fold for each delivery, as many objects as there is room for, and how many are left out."""
    found: list[str] = []
    left = 0
    for cluster in report.clusters:
        for owner, entries in outline(cluster):
            number = Counter(each.action for each in entries)
            name = f"<b>{_cell(cluster.name)}</b> {_cell(owner or 'applied by hand')}"
            lines = [f"<details><summary>{name}: {counted(dict(number))}</summary>", "", f"{_FENCE}diff"]
            end = [_FENCE, "", "</details>"]
            room -= _size([*lines, *end])
            shown = 0
            for entry in entries:
                more = list(_diff_lines(entry))
                if _size(more) > room:
                    break
                lines += more
                room -= _size(more)
                shown += 1
            left += len(entries) - shown
            if shown:
                found += [*lines, *end]
    return found, left


def _diff_lines(entry: OutlineEntry) -> Iterator[str]:
    sign = {"~": "!", "±": "-", "○": "!", "→": "!"}.get(SIGNS[entry.action], SIGNS[entry.action])
    note = f"  ({entry.note})" if entry.note else ""
    yield f"{sign} {entry.action} {entry.title}{note}"
    for change in entry.fields:
        yield f"  {change.path}"
        yield from (f"{mark}   {text}".replace("`", "'") for mark, text in text_lines(change))


def _tail(report: ChangeReport) -> Iterator[str]:
    if report.images:
        yield from ("", "<details><summary>images</summary>", "")
        yield from (
            f"- `{_cell(str(each.key))}` on {_cell(each.cluster)}: `{_cell(each.before)}` → `{_cell(each.after)}`"
            for each in report.images[:100]
        )
        yield from ("", "</details>")
    failures = unknown_deliveries(report)
    if failures:
        yield from ("", "Not rendered, so what becomes of their objects is unknown:", "")
        yield from (
            f"- `{_cell(each.delivery)}` on {_cell(each.cluster)} ({each.side}): {_cell(each.message.splitlines()[0])}"
            for each in failures[:50]
        )
    if report.unverified:
        yield from ("", "Not verified:", "")
        yield from (f"- `{_cell(each.subject)}`: {_cell(_flat(each.reason))}" for each in report.unverified[:50])
        left = len(report.unverified) - 50
        yield from (f"- and {left} more",) if left > 0 else ()


def to_html(report: ChangeReport) -> str:
    """Return a report as one HTML page."""
    body = [f"<h1>nixernetes diff</h1><p><strong>{_html(summary(report))}</strong></p><p>{_html(headline(report))}</p>"]
    body += [_article(each) for each in (*report.dangers, *report.new)]
    if report.cost is not None and report.cost.delta.changes:
        body.append(f"<h2>Cost</h2><pre>{_html(delta_text(report.cost))}</pre>")
    for cluster in report.clusters:
        body.append(f"<h2>{_html(cluster.name)} <small>{counted(report.counts(cluster))}</small></h2>")
        for owner, entries in outline(cluster):
            body.append(f"<h3>{_html(owner or 'applied by hand')}</h3>")
            body += [_details(each) for each in entries]
    body += [f"<p>{_html(line.removeprefix('- '))}</p>" for line in _plain_tail(report)]
    head = '<meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>nixernetes diff</title>'
    head += f"<style>{_STYLE}</style>"
    return f'<!doctype html>\n<html lang="en"><head>{head}</head>\n<body>\n' + "\n".join(body) + "\n</body></html>\n"


def _html(text: str) -> str:
    return escape(printable(text))


def _article(finding: Finding) -> str:
    where = f" on {', '.join(finding.clusters)}" if finding.clusters else ""
    place = f" <small><code>{_html(str(finding.place))}</code></small>" if finding.place.file else ""
    return (
        f'<article class="{finding.severity.value}"><p><strong>{_html(finding.rule)}</strong> '
        f"<code>{_html(finding.object)}</code>{_html(where)}{place}</p><p>{_html(finding.message)}</p></article>"
    )


def _details(entry: OutlineEntry) -> str:
    note = f" <small>{_html(entry.note)}</small>" if entry.note else ""
    place = f" <small><code>{_html(entry.place)}</code></small>" if entry.place else ""
    title = f"{SIGNS[entry.action]} {entry.action} <code>{_html(entry.title)}</code>{place}{note}"
    if not entry.fields:
        return f"<p>{title}</p>"
    rows = []
    for change in entry.fields:
        rows.append(f"<p><code>{_html(change.path)}</code></p><pre>{_rows(change)}</pre>")
    return f"<details open><summary>{title}</summary>{''.join(rows)}</details>"


def _rows(change: object) -> str:
    names = {"-": "minus", "+": "plus", " ": "same"}
    return "\n".join(
        f'<span class="{names[sign]}">{sign} {_html(text)}</span>'
        for sign, text in text_lines(change)  # type: ignore[arg-type]  # a changed field
    )


def _plain_tail(report: ChangeReport) -> Iterator[str]:
    for each in report.images:
        yield f"image of {each.key} on {each.cluster}: {each.before} → {each.after}"
    for failure in unknown_deliveries(report):
        yield f"not rendered ({failure.side}): {failure.delivery} on {failure.cluster}: {failure.message}"
    for unknown in report.unverified:
        yield f"not verified: {unknown.subject} on {unknown.cluster}: {unknown.reason}"
