"""One finding a line: for editors (``file:line:col: severity rule: message``) and for GitHub's workflow commands."""

from __future__ import annotations

from typing import Final

from nixernetes.errors import printable
from nixernetes.verify.findings import Finding, Severity
from nixernetes.verify.report import CheckReport

__all__ = ["to_github", "to_lines"]

_COMMANDS: Final = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}


def to_lines(report: CheckReport) -> str:
    """Return the findings as lines that editors jump by; columns and lines begin with 1."""
    return "".join(f"{_line(each)}\n" for each in report.findings)


def _line(finding: Finding) -> str:
    place = finding.place
    where = f"{place.file or '.'}:{place.line or 1}:{place.column or 1}"
    about = f"{finding.object}: " if finding.object else ""
    return printable(f"{where}: {finding.severity.value} {finding.rule}: {about}{one_line(finding.message)}")


def one_line(text: str) -> str:
    """Return a text on one line."""
    return " ".join(text.split())


def to_github(report: CheckReport) -> str:
    """Return the findings as workflow commands of GitHub Actions, which annotate lines of a pull request."""
    return "".join(f"{_command(each)}\n" for each in report.findings)


def _command(finding: Finding) -> str:
    place = finding.place
    where = [f"file={_property(place.file)}"] if place.file else []
    where += [f"line={place.line}"] if place.line else []
    where += [f"col={place.column}"] if place.column else []
    where.append(f"title={_property(finding.rule)}")
    about = f"{finding.object}: " if finding.object else ""
    text = printable(f"{about}{finding.message}").replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    return f"::{_COMMANDS[finding.severity]} {','.join(where)}::{text}"


def _property(text: str) -> str:
    """Escape a property of a workflow command (actions/toolkit, ``escapeProperty``)."""
    for before, after in (("%", "%25"), ("\r", "%0D"), ("\n", "%0A"), (":", "%3A"), (",", "%2C")):
        text = text.replace(before, after)
    return printable(text)
