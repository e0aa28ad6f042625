"""Markdown for comments, and one HTML file without outside requests."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import Final

from nixernetes.compliance.formats.document import ReportDocument, objects_line, status_groups
from nixernetes.compliance.formats.text import evidence_lines
from nixernetes.compliance.results import ControlResult, ControlStatus
from nixernetes.errors import printable

__all__ = ["MARKER", "to_html", "to_markdown"]

MARKER: Final = "<!-- nixernetes compliance -->"  # by which a comment is found again, to be updated in place
_SHOWN: Final = 200  # pieces of evidence of a control on a page; more belong into JSON
_SHOWN_IN_COMMENTS: Final = 4  # code hosts take 65,536 characters
_SIGNS: Final = {
    ControlStatus.NOT_SATISFIED: "❌",
    ControlStatus.EXCEPTED: "🟡",
    ControlStatus.SATISFIED: "✅",
    ControlStatus.NOT_APPLICABLE: "⚪",
    ControlStatus.NOT_ASSESSABLE: "❔",
}
_STYLE: Final = """
:root { color-scheme: light dark; --line: #8884; }
body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 64rem; padding: 0 1rem; }
h2 { font-size: 1.05rem; border-bottom: 1px solid var(--line); margin-top: 2rem; }
table { border-collapse: collapse; width: 100%; } td { padding: .2rem .6rem .2rem 0; vertical-align: top; }
code { font-family: ui-monospace, monospace; overflow-wrap: anywhere; } small { opacity: .75; }
li { margin: .2rem 0; } p { margin: .3rem 0; }
"""


def to_markdown(document: ReportDocument) -> str:
    """Return a report as Markdown: the sums, a table of controls, the evidence behind folds."""
    head, *rest = document.head
    lines = [MARKER, f"### nixernetes compliance: {_cell(head)}", ""]
    for said in rest:
        lines += [_cell(said), ""]
    lines += ["| | control | | |", "|---|---|---|---|"]
    for status, controls in status_groups(document.report):
        lines += [
            f"| {_SIGNS[status]} | **{_cell(each.control.id)}** | {_cell(each.control.title)} | {_cell(_first(each))} |"
            for each in controls
        ]
    for each in document.report.controls:
        if each.evidence:
            summary = f"{each.control.id}: {objects_line(each)}"
            lines += ["", f"<details><summary>{escape(summary)}</summary>", ""]
            lines += [f"- {_cell(line)}" for line in _evidence(each, _SHOWN_IN_COMMENTS)]
            lines += ["", "</details>"]
    if document.tail:
        lines += ["", *(f"- {_cell(each)}" for each in document.tail)]
    return printable("\n".join(lines)) + "\n"


def _first(result: ControlResult) -> str:
    said = objects_line(result)
    return f"{said}: {evidence_lines(result.evidence[:1])[0]}" if result.evidence else said


def _evidence(result: ControlResult, most: int = _SHOWN) -> Iterator[str]:
    lines = evidence_lines(result.evidence)
    yield from lines[:most]
    if len(lines) > most:
        yield f"and {len(lines) - most} more"


def _cell(text: str) -> str:
    """Return a text for a cell of a table: nothing in it is markup of another kind."""
    return text.replace("|", "\\|").replace("<", "&lt;").replace("\n", " ")


def to_html(document: ReportDocument) -> str:
    """Return a report as one HTML page."""
    head, *rest = document.head
    body = [f"<h1>{_text(head)}</h1>", *(f"<p>{_text(each)}</p>" for each in rest)]
    body.append(f"<p><small>{_text(document.report.framework.source)}</small></p>")
    for status, controls in status_groups(document.report):
        body.append(f"<h2>{_SIGNS[status]} {_text(status.words)} ({len(controls)})</h2><table>")
        for each in controls:
            title = f"{_text(each.control.title)}<br><small>{_text(objects_line(each))}</small>"
            items = "".join(f"<li><code>{_text(line)}</code></li>" for line in _evidence(each))
            detail = f"<details><summary>evidence</summary><ul>{items}</ul></details>" if items else ""
            body.append(f"<tr><td><code>{_text(each.control.id)}</code></td><td>{title}{detail}</td></tr>")
        body.append("</table>")
    if document.tail:
        body.append("<ul>" + "".join(f"<li>{_text(each)}</li>" for each in document.tail) + "</ul>")
    top = (
        '<meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>nixernetes compliance</title>'
    )
    top += f"<style>{_STYLE}</style>"
    return f'<!doctype html>\n<html lang="en"><head>{top}</head>\n<body>\n' + "\n".join(body) + "\n</body></html>\n"


def _text(text: str) -> str:
    return escape(printable(text))
