"""``nixernetes check``: the report on the terminal, and in files for machines."""

from __future__ import annotations

import json
import os
import shutil
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import typer

from nixernetes._version import __version__
from nixernetes.adapters.files.whole_files import write_whole
from nixernetes.adapters.kept_answers import Answer, KeptAnswers
from nixernetes.app.check import CheckOptions, CheckOutcome, checked
from nixernetes.app.shared_results import SharedResults, shared_results
from nixernetes.cli.answer import SECONDS
from nixernetes.cli.arguments.tool_arguments import tool_options
from nixernetes.errors import InputError, NixernetesError, printable
from nixernetes.verify.accepted import Acceptance
from nixernetes.verify.checks import all_rules
from nixernetes.verify.findings import Severity
from nixernetes.verify.formats.gitlab import to_gitlab
from nixernetes.verify.formats.json_format import to_baseline, to_json
from nixernetes.verify.formats.junit import to_junit
from nixernetes.verify.formats.lines import to_github, to_lines
from nixernetes.verify.formats.pages import to_html, to_markdown
from nixernetes.verify.formats.sarif import to_sarif
from nixernetes.verify.formats.terminal import to_terminal
from nixernetes.verify.report import CheckReport

__all__ = ["CheckArguments", "CheckOutput", "main", "run"]

_FORMATS: Final[dict[str, Callable[[CheckReport], str]]] = {
    "json": to_json,
    "sarif": lambda report: to_sarif(report, all_rules(), __version__),
    "github": to_github,
    "gitlab": to_gitlab,
    "junit": to_junit,
    "markdown": to_markdown,
    "html": to_html,
    "lines": to_lines,
}
_FAILED: Final = 1
_COULD_NOT_RUN: Final = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckArguments:
    """What the user said.

    Attributes:
        target: the repository, or a platform file or its folder.
        rev: the Git revision.
        clusters: a cluster, or clusters with the folders that start them.
        changed_since: the Git revision whose findings are left out.
        kube_version: the Kubernetes version of the clusters.
        schemas: folders with definitions of custom kinds.
        sources: ``URL=PATH``.
        values: files with ConfigMaps and Secrets.
        baseline: the file with accepted findings.
        offline: whether nobody is asked for charts and artifacts.

    """

    target: Path = Path()
    rev: str = ""
    clusters: tuple[str, ...] = ()
    changed_since: str = ""
    kube_version: str = ""
    schemas: tuple[Path, ...] = ()
    sources: tuple[str, ...] = ()
    values: tuple[Path, ...] = ()
    baseline: Path | None = None
    offline: bool = False

    def options(self) -> CheckOptions:
        """Return what is checked.

        Raises:
            InputError: an argument is not of its form.

        """
        names = [text for text in self.clusters if "=" not in text]
        if len(names) > 1:
            raise InputError("name one cluster, or leave it out for all", subject=f"--cluster {names[1]}")
        folders = dict(text.rsplit("=", 1) for text in self.clusters if "=" in text)
        tools = tool_options(list(self.sources), list(self.values), [])
        return CheckOptions(
            target=self.target,
            rev=self.rev,
            cluster=names[0] if names else "",
            folders=folders,
            tools=replace(tools, kube_version=self.kube_version, offline=self.offline),
            schemas=self.schemas,
            changed_since=self.changed_since,
            acceptance=Acceptance(baseline=self._known(), today=datetime.now(tz=UTC).date()),
        )

    def _known(self) -> frozenset[str]:
        """Return the fingerprints of the baseline; none where it is to be written."""
        if self.baseline is None or not self.baseline.exists():
            return frozenset()
        try:
            rows = json.loads(self.baseline.read_text(encoding="utf-8"))["findings"]
            return frozenset(str(row["fingerprint"]) for row in rows)
        except (ValueError, LookupError, TypeError, OSError) as error:
            fact = "not a baseline: remove it, and it is written again"
            raise InputError(fact, subject=str(self.baseline)) from error


def _severity(text: str) -> Severity:
    """Return a severity by its name.

    Raises:
        InputError: there is none of that name.

    """
    try:
        return Severity(text)
    except ValueError:
        raise InputError("use error, warning or info", subject=text) from None


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckOutput:
    """How a check is told.

    Attributes:
        formats: the formats, with their files.
        fail_on: the severity that fails.
        verbose: whether notes are listed.

    """

    formats: Sequence[str] = ()
    fail_on: str = "error"
    verbose: bool = False


def main(said: Mapping[str, Any], answers: KeptAnswers | None) -> None:
    """Run the command as the options say that it has, by their names; ends as :func:`run` does."""
    run(
        CheckArguments(
            target=said["target"],
            rev=said["rev"],
            clusters=tuple(said["cluster"] or ()),
            changed_since=said["changed_since"],
            kube_version=said["kube_version"],
            schemas=tuple(said["schemas"] or ()),
            sources=tuple(said["source"] or ()),
            values=tuple(said["values"] or ()),
            baseline=said["baseline"],
            offline=said["offline"],
        ),
        CheckOutput(formats=tuple(said["output"] or ()), fail_on=said["fail_on"], verbose=said["verbose"]),
        is_watching=said["watch"],
        answers=answers,
    )


def run(
    arguments: CheckArguments, output: CheckOutput, *, is_watching: bool = False, answers: KeptAnswers | None = None
) -> None:
    """Check, print, and exit: 0 when clean, 1 with findings at or above ``fail_on``, 2 when it could not run.

    Args:
        arguments: what the user said.
        output: how it is told.
        is_watching: whether it checks again at each edit, until interrupted.
        answers: where the answer is kept for the next run that would read the very same.

    """
    if not is_watching:
        _run(arguments, output, answers=answers)
        return
    from nixernetes.cli.editor.watching import watch  # noqa: PLC0415  # few ask for it

    folder = arguments.target if arguments.target.is_dir() else arguments.target.parent
    places = (folder, *arguments.schemas, *arguments.values)
    results = shared_results(arguments.target)  # what one round has read is there for the next
    watch(lambda: _run(arguments, output, results=results), places)


def _run(
    arguments: CheckArguments,
    output: CheckOutput,
    *,
    answers: KeptAnswers | None = None,
    results: SharedResults | None = None,
) -> None:
    began = time.monotonic()
    try:
        limit = _severity(output.fail_on)
        wanted = [_output(text) for text in output.formats]
        outcome = checked(replace(arguments.options(), results=results))
    except NixernetesError as error:
        typer.echo(f"nixernetes: {error}", err=True)
        raise typer.Exit(_COULD_NOT_RUN) from error
    if arguments.baseline is not None and not arguments.baseline.exists():
        write_whole(arguments.baseline, to_baseline(outcome.report))
        count = len(outcome.report.findings)
        typer.echo(f"{arguments.baseline} accepts the {count} findings of today: commit it", err=True)
        return
    texts: list[str] = []
    for name, file in wanted:
        text = _FORMATS[name](outcome.report)
        if file:
            write_whole(Path(file), text)
        else:
            texts.append(text)
    status = 0 if outcome.report.is_clean(limit) else _FAILED
    found = Answer(
        out="".join(texts) if texts else _told(outcome, verbose=output.verbose),
        err=_said(outcome),
        status=_COULD_NOT_RUN if outcome.report.broken else status,
    )
    if answers is not None and outcome.dead is not None and not outcome.report.broken:
        answers.remember(found, outcome.dead)
    typer.echo(found.err, nl=False, err=True)
    typer.echo(found.out.replace(SECONDS, f"{time.monotonic() - began:.1f}"), nl=False)
    if found.status:
        raise typer.Exit(found.status)


def _said(outcome: CheckOutcome) -> str:
    """Return what goes to standard error: idle options, what was not verified (behind a pipe), and faults of ours."""
    report = outcome.report
    lines = [printable(line) for line in outcome.unmatched]
    lines += [] if sys.stdout.isatty() else [f"not verified: {printable(str(each))}" for each in report.unverified]
    lines += [f"the rule {rule} failed, which is a bug of ours: {reason}" for rule, reason in report.broken]
    return "".join(f"nixernetes: {line}\n" for line in lines)


def _told(outcome: CheckOutcome, *, verbose: bool) -> str:
    """Return the report for whoever reads standard output: a person, or an editor or log behind a pipe."""
    if not sys.stdout.isatty():
        return to_lines(outcome.report)
    return to_terminal(
        outcome.report,
        outcome.places,
        colour="NO_COLOR" not in os.environ,
        seconds=SECONDS,
        everything=verbose,
        width=shutil.get_terminal_size().columns,
    )


def _output(text: str) -> tuple[str, str]:
    """Return the format and the file of ``-o FORMAT`` or ``-o FORMAT=FILE``.

    Raises:
        InputError: there is no such format.

    """
    name, _, file = text.partition("=")
    if name not in _FORMATS:
        raise InputError(f"unknown format {name!r}: use {', '.join(_FORMATS)}", subject="--output")
    return name, file
