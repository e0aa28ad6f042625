"""Markdown for comments, and one HTML file without outside requests."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from itertools import groupby
from typing import Final

from nixernetes.errors import printable
from nixernetes.verify.findings import Finding, Severity
from nixernetes.verify.formats.lines import one_line
from nixernetes.verify.report import CheckReport

__all__ = ["MARKER", "to_html", "to_markdown"]

MARKER: Final = "<!-- nixernetes check -->"  # by which a comment is found again, to be updated in place
_SIGNS: Final = {Severity.ERROR: "❌", Severity.WARNING: "⚠️", Severity.INFO: "💡"}
_STYLE: Final = """
:root { color-scheme: light dark; --line: #8884; --error: #c0392b; --warning: #b8860b; --info: #2471a3; }
body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 60rem; padding: 0 1rem; }
h2 { font: 600 1rem ui-monospace, monospace; border-bottom: 1px solid var(--line); margin-top: 2rem; }
article { border-left: 4px solid var(--line); margin: .8rem 0; padding: .1rem .8rem; }
article.error { border-color: var(--error); } article.warning { border-color: var(--warning); }
article.info { border-color: var(--info); }
code { font-family: ui-monospace, monospace; overflow-wrap: anywhere; } small { opacity: .75; }
p { margin: .3rem 0; }
"""


def to_markdown(report: CheckReport) -> str:
    """Return a report as Markdown: a summary, a table, and what was not verified behind a fold."""
    lines = [MARKER, f"### nixernetes check: {report.counts}", "", _summary(report), ""]
    if report.findings:
        lines += ["| | where | what |", "|---|---|---|"]
        lines += [
            f"| {_SIGNS[each.severity]} | `{_cell(str(each.place) or '.')}` | **{each.rule}** "
            f"{_cell(f'`{each.object}`' if each.object else '')} {_cell(one_line(each.message))} |"
            for each in report.findings
        ]
    if report.unverified:
        lines += ["", f"<details><summary>{len(report.unverified)} not verified</summary>", ""]
        lines += [f"- {_cell(str(each))}" for each in report.unverified]
        lines += ["", "</details>"]
    return printable("\n".join(lines)) + "\n"


def _cell(text: str) -> str:
    """Return a text for a cell of a table: nothing in it is markup of another kind."""
    return text.replace("|", "\\|").replace("<", "&lt;")


def _summary(report: CheckReport) -> str:
    clusters = ", ".join(report.clusters) or "no cluster"
    text = f"{report.deliveries} deliveries, {report.objects} objects, clusters: {clusters}"
    return text + (f"; {report.suppressed} accepted" if report.suppressed else "")


def to_html(report: CheckReport) -> str:
    """Return a report as one HTML page."""
    body = [f"<h1>nixernetes check: {escape(report.counts)}</h1>", f"<p>{escape(_summary(report))}</p>"]
    for file, found in groupby(report.findings, key=lambda each: each.place.file):
        body.append(f"<h2>{escape(printable(file or '(no file)'))}</h2>")
        body += [_article(each) for each in found]
    if report.unverified:
        body.append(f"<details><summary>{len(report.unverified)} not verified</summary><ul>")
        body += [f"<li>{escape(printable(str(each)))}</li>" for each in report.unverified]
        body.append("</ul></details>")
    head = '<meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>nixernetes check</title>'
    head += f"<style>{_STYLE}</style>"
    return f'<!doctype html>\n<html lang="en"><head>{head}</head>\n<body>\n' + "\n".join(body) + "\n</body></html>\n"


def _article(finding: Finding) -> str:
    about = "".join(_about(finding))
    line = f":{finding.place.line}" if finding.place.line else ""
    return (
        f'<article class="{finding.severity.value}">'
        f"<p><strong>{finding.severity.value} {escape(finding.rule)}</strong> "
        f"<small><code>{line}</code></small></p><p>{about}{escape(printable(finding.message))}</p></article>"
    )


def _about(finding: Finding) -> Iterator[str]:
    if finding.object:
        yield f"<code>{escape(printable(finding.object))}</code> "
    if finding.clusters:
        yield f"<small>on {escape(printable(', '.join(finding.clusters)))}</small><br>"
