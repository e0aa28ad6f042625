"""``nixernetes policy apply``: what policies say, as lines, JSON, JUnit, SARIF, or reports that clusters keep."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

import typer

from nixernetes._version import __version__
from nixernetes.adapters.files.policy_files import contents_of
from nixernetes.app.policies.apply import ApplyFiles, File, applied, places_of
from nixernetes.cli.policies.junit import Case, junit
from nixernetes.compliance.formats.policy_reports import POLICY_REPORTS
from nixernetes.errors import InputError, printable
from nixernetes.kyverno.engine.evaluation import Judgement
from nixernetes.kyverno.reports import UNKNOWN, policy_reports, verdict
from nixernetes.objects.clocks import timestamp
from nixernetes.objects.identity import key_of
from nixernetes.objects.yamls import dump_all
from nixernetes.verify.findings import Finding, Place, Severity, merged
from nixernetes.verify.formats.sarif import to_sarif
from nixernetes.verify.report import CheckReport

__all__ = ["run"]

_RESULTS = ("pass", "fail", "warn", "error", "skip")
_FORMATS = ("text", "json", "junit", "sarif", "policyreport")
_SEVERITIES = {"fail": Severity.ERROR, "error": Severity.ERROR, UNKNOWN: Severity.ERROR, "warn": Severity.WARNING}


def run(paths: Mapping[str, Sequence[Path] | None], *, operation: str, output: str) -> None:
    """Print the rows.

    Raises:
        InputError: a flag or a file cannot be used.

    """
    if output not in _FORMATS:
        raise InputError(f"{output!r} is not one of {', '.join(_FORMATS)}", subject="--output")
    if operation not in ("CREATE", "UPDATE", "DELETE"):
        raise InputError(f"{operation!r} is not one of CREATE, UPDATE, DELETE", subject="--operation")
    files = {name: [File(*each) for each in contents_of(given or ())] for name, given in paths.items()}
    answers = applied(ApplyFiles(**files, operation=operation, now=timestamp(datetime.now(tz=UTC))))
    if output == "json":
        typer.echo(json.dumps([each.document() for each in answers], indent=2, sort_keys=True))
    elif output == "junit":
        typer.echo(junit("nixernetes policy apply", [_case(each) for each in answers]), nl=False)
    elif output == "sarif":
        places = places_of([*files["resources"], *files["payloads"]])
        findings = [found for each in answers for found in _finding(each, places)]
        typer.echo(to_sarif(CheckReport(findings=tuple(merged(findings))), (), __version__), nl=False)
    elif output == "policyreport":
        typer.echo(printable(dump_all(policy_reports(answers, POLICY_REPORTS))), nl=False)
    else:
        _print(answers)
    if any(verdict(each)[0] in ("fail", "error", UNKNOWN) for each in answers):
        raise typer.Exit(1)


def _print(answers: Sequence[Judgement]) -> None:
    for each in answers:
        result, message = verdict(each)
        if result not in ("pass", "skip"):
            typer.echo(printable(f"{result}: {_object(each)}: {_rule(each)}: {message}"))
    counts = Counter(each.row.result for each in answers)
    typer.echo(", ".join(f"{name}: {counts[name]}" for name in _RESULTS))


def _case(answer: Judgement) -> Case:
    result, message = verdict(answer)
    failure = "" if result in ("pass", "skip", "warn") else f"{result}: {message}"
    return Case(group=_rule(answer), name=_object(answer), failure=failure, is_skipped=result == "skip")


def _finding(answer: Judgement, places: Mapping[str, tuple[str, int]]) -> list[Finding]:
    result, message = verdict(answer)
    if result in ("pass", "skip"):
        return []
    name = _object(answer)
    place = places.get(name) or places.get(str(key_of(answer.subject)), ("", 0))
    return [
        Finding(
            rule=_rule(answer),
            topic="policies",
            severity=_SEVERITIES[result],
            message=" ".join(printable(message).split()),
            object=printable(name),
            place=Place(*place),
        )
    ]


def _object(answer: Judgement) -> str:
    key = key_of(answer.subject)
    return answer.payload or "/".join(filter(None, (key.kind, answer.namespace, key.name)))


def _rule(answer: Judgement) -> str:
    return "/".join(filter(None, (key_of(answer.policy).name, answer.row.rule)))
