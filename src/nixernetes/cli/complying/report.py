"""``nixernetes compliance report``: controls with their evidence, as texts for people and machines."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final

import typer

from nixernetes._version import __version__
from nixernetes.adapters.files.whole_files import write_whole
from nixernetes.app.complying.reporting import ComplianceOptions, reported
from nixernetes.cli.arguments.tool_arguments import tool_options
from nixernetes.compliance.checks.catalog import severity_of
from nixernetes.compliance.formats.data import to_json
from nixernetes.compliance.formats.document import ReportDocument
from nixernetes.compliance.formats.machines import to_junit, to_sarif
from nixernetes.compliance.formats.oscal import VERSIONS, to_oscal
from nixernetes.compliance.formats.pages import to_html, to_markdown
from nixernetes.compliance.formats.policy_reports import OPENREPORTS, to_policy_reports
from nixernetes.compliance.formats.text import to_text
from nixernetes.errors import InputError, NixernetesError
from nixernetes.objects.api_groups import POLICY_REPORTS

__all__ = ["main"]

_FORMATS: Final[dict[str, Callable[[ReportDocument], str]]] = {
    "text": to_text,
    "markdown": to_markdown,
    "html": to_html,
    "json": to_json,
    "oscal": to_oscal,
    "policyreport": lambda document: to_policy_reports(document, POLICY_REPORTS),
    "openreports": lambda document: to_policy_reports(document, OPENREPORTS),
    "sarif": to_sarif,
    "junit": to_junit,
}
_ONE: Final = ("json", "oscal", "html", "sarif", "junit")  # of which several make no file
_SEVERITIES: Final = ("critical", "high", "medium", "low")
_FAILED: Final = 1
_COULD_NOT_RUN: Final = 2


def main(said: Mapping[str, Any]) -> None:
    """Assess, print, and exit: 0, 1 with failures at or above ``--fail-on``, 2 when it could not run.

    Args:
        said: the options, by their names.

    """
    try:
        outputs = _outputs(said)
        least = _least(said["fail_on"])
        documents = [
            ReportDocument(report=report, version=__version__, delta=delta)
            for report, delta in reported(_options(said))
        ]
        texts = [(_text(said, name, documents), file) for name, file in outputs]
    except NixernetesError as error:
        typer.echo(f"nixernetes: {error}", err=True)
        raise typer.Exit(_COULD_NOT_RUN) from error
    for text, file in texts:
        if file:
            write_whole(Path(file), text)
        else:
            typer.echo(text, nl=False)
    failing = [each for document in documents for each in document.report.findings]
    if any(_SEVERITIES.index(severity_of(each.check)) < least for each in failing):
        raise typer.Exit(_FAILED)


def _text(said: Mapping[str, Any], name: str, documents: list[ReportDocument]) -> str:
    if name in _ONE and len(documents) > 1:
        raise InputError(f"-o {name} tells one framework: name one, or ask once for each")
    if name == "text":
        return "\n".join(to_text(each, everything=said["verbose"]) for each in documents)
    if name == "oscal":
        if said["oscal_version"] not in VERSIONS:
            raise InputError(f"use {' or '.join(VERSIONS)}", subject=f"--oscal-version {said['oscal_version']}")
        return to_oscal(documents[0], said["oscal_version"])
    between = "---\n" if name in ("policyreport", "openreports") else "\n"
    return between.join(_FORMATS[name](each) for each in documents)


def _least(text: str) -> int:
    """Return how many of the severities fail, the worst first; none for ``never``."""
    if text in ("", "never"):
        return 0
    if text not in _SEVERITIES:
        raise InputError(f"use {', '.join(_SEVERITIES)} or never", subject=f"--fail-on {text}")
    return _SEVERITIES.index(text) + 1


def _options(said: Mapping[str, Any]) -> ComplianceOptions:
    clusters = said["cluster"] or ()
    names = [text for text in clusters if "=" not in text]
    if len(names) > 1:
        raise InputError("name one cluster, or leave it out for all", subject=f"--cluster {names[1]}")
    tools = tool_options(list(said["source"] or ()), list(said["values"] or ()), [])
    return ComplianceOptions(
        target=said["repo"],
        rev=said["rev"],
        base=said["base"],
        frameworks=tuple(said["framework"] or ()),
        cluster=names[0] if names else "",
        folders=dict(text.rsplit("=", 1) for text in clusters if "=" in text),
        tools=replace(tools, kube_version=said["kube_version"], offline=said["offline"]),
        schemas=tuple(said["schemas"] or ()),
        today=_day(said["assessed_at"]),
    )


def _day(text: str) -> date:
    if not text:
        return datetime.now(tz=UTC).date()
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InputError("is not a day: write it as 2026-12-31", subject=f"--assessed-at {text}") from None


def _outputs(said: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return the format and the file of each ``-o FORMAT`` or ``-o FORMAT=FILE``; text without any."""
    found = []
    for text in said["output"] or ["text"]:
        name, _, file = text.partition("=")
        if name not in _FORMATS:
            raise InputError(f"unknown format {name!r}: use {', '.join(_FORMATS)}", subject="--output")
        found.append((name, file))
    return found
