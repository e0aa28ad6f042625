"""``nixernetes policy apply``: what policies say, as lines, JSON, JUnit, SARIF, or reports that clusters keep."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import typer

from nixernetes._version import __version__
from nixernetes.adapters.files.policy_files import contents_of
from nixernetes.app.policies.apply import ApplyFiles, File, applied, places_of
from nixernetes.cli.policies.junit import Case, junit
from nixernetes.errors import InputError, printable
from nixernetes.kyverno.engine.evaluation import Judgement
from nixernetes.kyverno.reports import UNKNOWN, policy_reports, verdict
from nixernetes.objects.api_groups import POLICY_REPORTS
from nixernetes.objects.clocks import timestamp
from nixernetes.objects.identity import key_of
from nixernetes.objects.manifest import Json
from nixernetes.objects.yamls import dump_all
from nixernetes.verify.findings import Finding, Place, Severity, merged
from nixernetes.verify.formats.sarif import to_sarif
from nixernetes.verify.report import CheckReport

__all__ = ["Repository", "run"]

_RESULTS = ("pass", "fail", "warn", "error", "skip")
_NOWHERE = Place("", 0)
_FORMATS = ("text", "json", "junit", "sarif", "policyreport")
_SEVERITIES = {"fail": Severity.ERROR, "error": Severity.ERROR, UNKNOWN: Severity.ERROR, "warn": Severity.WARNING}


@dataclass(frozen=True, slots=True, kw_only=True)
class Repository:
    """What is rendered to be judged.

    Attributes:
        target: the repository, or a platform file or its folder.
        cluster: only this cluster; ``""`` means all.
        rev: the Git revision; ``""`` reads the files on disk.

    """

    target: Path
    cluster: str = ""
    rev: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Told:
    """An answer, and where the object is: the cluster, if there are any, and the file."""

    answer: Judgement
    cluster: str = ""
    place: Place = _NOWHERE

    def document(self) -> dict[str, Json]:
        told = self.answer.document()
        if self.cluster:
            told |= {"cluster": self.cluster, "file": self.place.file, "line": self.place.line}
        return told


def run(
    paths: Mapping[str, Sequence[Path] | None], *, operation: str, output: str, repository: Repository | None = None
) -> None:
    """Print the rows.

    Args:
        paths: the files of each flag.
        operation: what is done with the objects.
        output: the format.
        repository: what is rendered to be judged; None: the objects are those of files.

    Raises:
        InputError: a flag or a file cannot be used.

    """
    if output not in _FORMATS:
        raise InputError(f"{output!r} is not one of {', '.join(_FORMATS)}", subject="--output")
    if operation not in ("CREATE", "UPDATE", "DELETE"):
        raise InputError(f"{operation!r} is not one of CREATE, UPDATE, DELETE", subject="--operation")
    if repository is not None and (paths["resources"] or paths["payloads"]):
        raise InputError("takes everything that is rendered: leave --resources and --payload out", subject="--repo")
    files = {name: [File(*each) for each in contents_of(given or ())] for name, given in paths.items()}
    given = ApplyFiles(**files, operation=operation, now=timestamp(datetime.now(tz=UTC)))
    answers = [*_of_files(given)] if repository is None else [*_of_repository(given, repository)]
    if output == "json":
        typer.echo(json.dumps([each.document() for each in answers], indent=2, sort_keys=True))
    elif output == "junit":
        typer.echo(junit("nixernetes policy apply", [_case(each) for each in answers]), nl=False)
    elif output == "sarif":
        findings = [found for each in answers for found in _finding(each)]
        typer.echo(to_sarif(CheckReport(findings=tuple(merged(findings))), (), __version__), nl=False)
    elif output == "policyreport":
        typer.echo(printable(dump_all(_reports(answers))), nl=False)
    else:
        _print(answers)
    if any(verdict(each.answer)[0] in ("fail", "error", UNKNOWN) for each in answers):
        raise typer.Exit(1)


def _of_files(files: ApplyFiles) -> Iterator[_Told]:
    places = places_of([*files.resources, *files.payloads])
    for each in applied(files):
        place = places.get(_object(each)) or places.get(str(key_of(each.subject)), ("", 0))
        yield _Told(answer=each, place=Place(*place))


def _of_repository(files: ApplyFiles, repository: Repository) -> Iterator[_Told]:
    from nixernetes.app.policies.rendered import applied_to_repository  # noqa: PLC0415  # takes long, and files need none

    for each in applied_to_repository(files, repository.target, repository.cluster, repository.rev):
        yield _Told(answer=each.judgement, cluster=each.cluster, place=each.place)


def _reports(answers: Sequence[_Told]) -> list[Json]:
    clusters = sorted({each.cluster for each in answers})
    if len(clusters) > 1:
        raise InputError(f"reports are of one cluster: name one of {', '.join(clusters)}", subject="--cluster")
    return policy_reports([each.answer for each in answers], POLICY_REPORTS)


def _print(answers: Sequence[_Told]) -> None:
    for each in answers:
        result, message = verdict(each.answer)
        if result not in ("pass", "skip"):
            where = f" ({each.place.file}:{each.place.line}, cluster {each.cluster})" if each.cluster else ""
            typer.echo(printable(f"{result}: {_object(each.answer)}{where}: {_rule(each.answer)}: {message}"))
    counts = Counter(each.answer.row.result for each in answers)
    typer.echo(", ".join(f"{name}: {counts[name]}" for name in _RESULTS))


def _case(each: _Told) -> Case:
    result, message = verdict(each.answer)
    return Case(
        group=_rule(each.answer),
        name=_named(each),
        file=each.place.file if each.cluster else "",
        failure="" if result in ("pass", "skip", "warn") else f"{result}: {message}",
        is_skipped=result == "skip",
    )


def _finding(each: _Told) -> list[Finding]:
    result, message = verdict(each.answer)
    if result in ("pass", "skip"):
        return []
    return [
        Finding(
            rule=_rule(each.answer),
            topic="policies",
            severity=_SEVERITIES[result],
            message=" ".join(printable(message).split()),
            object=printable(_named(each)),
            place=each.place,
        )
    ]


def _named(each: _Told) -> str:
    return f"{_object(each.answer)} on {each.cluster}" if each.cluster else _object(each.answer)


def _object(answer: Judgement) -> str:
    key = key_of(answer.subject)
    return answer.payload or "/".join(filter(None, (key.kind, answer.namespace, key.name)))


def _rule(answer: Judgement) -> str:
    return "/".join(filter(None, (key_of(answer.policy).name, answer.row.rule)))
