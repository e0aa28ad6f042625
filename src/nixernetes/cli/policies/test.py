"""``nixernetes policy test``: a table of what suites expect of policies, JSON, or JUnit's XML."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import typer

from nixernetes.app.policies.suites import checks_in
from nixernetes.cli.policies.junit import Case, junit
from nixernetes.errors import InputError, printable
from nixernetes.kyverno.suites.checks import Check
from nixernetes.objects.clocks import timestamp

__all__ = ["run"]

_HEADS = ("ID", "POLICY", "RULE", "RESOURCE", "RESULT", "REASON")


def run(places: Sequence[Path], output: str, *, verbose: bool) -> None:
    """Print the checks; exit with 1 where one failed.

    Raises:
        InputError: there is no suite, or the format is none.

    """
    if output not in ("text", "json", "junit"):
        raise InputError(f"{output!r} is not one of text, json, junit", subject="--output")
    found = checks_in(places, now=timestamp(datetime.now(tz=UTC)))
    failed = sum(not each.is_passed for each in found)
    if output == "json":
        typer.echo(json.dumps([each.document() for each in found], indent=2, sort_keys=True))
    elif output == "junit":
        typer.echo(junit("nixernetes policy test", [_case(each) for each in found]), nl=False)
    else:
        _print(found, verbose=verbose)
        typer.echo(f"Test Summary: {len(found) - failed} tests passed and {failed} tests failed")
    if failed:
        raise typer.Exit(1)


def _print(found: Sequence[Check], *, verbose: bool) -> None:
    for suite in dict.fromkeys(each.suite for each in found):
        checks = [each for each in found if each.suite == suite]
        typer.echo(printable(suite))
        rows = [_HEADS, *(_row(number, each) for number, each in enumerate(checks, start=1))]
        widths = [max(len(row[column]) for row in rows) for column in range(len(_HEADS))]
        for row, check in zip(rows, (None, *checks), strict=True):
            line = "   ".join(text.ljust(width) for text, width in zip(row, widths, strict=True))
            typer.echo(printable(f"  {line}".rstrip()))
            if check is not None and check.message and (verbose or not check.is_passed):
                typer.echo(printable(f"      {check.message}"))
        typer.echo()


def _row(number: int, check: Check) -> tuple[str, ...]:
    result = "Pass" if check.is_passed else "Fail"
    return (str(number), check.policy, check.rule, check.resource, result, check.reason)


def _case(check: Check) -> Case:
    return Case(
        group="/".join(filter(None, (check.policy, check.rule))) or check.suite,
        name=check.resource or check.suite,
        file=check.suite,
        failure="" if check.is_passed else ": ".join(filter(None, (check.reason, check.message))),
    )
