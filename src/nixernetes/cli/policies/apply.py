"""``nixernetes policy apply``: what policies say, as lines or as JSON."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

import typer

from nixernetes.app.policies.apply import ApplyFiles, File, applied
from nixernetes.errors import InputError, printable
from nixernetes.kyverno.engine.evaluation import Judgement
from nixernetes.objects.clocks import timestamp

__all__ = ["run"]

_RESULTS = ("pass", "fail", "warn", "error", "skip")


def run(paths: Mapping[str, Sequence[Path] | None], *, operation: str, output: str) -> None:
    """Print the rows.

    Raises:
        InputError: a flag or a file cannot be used.

    """
    if output not in ("text", "json"):
        raise InputError(f"--output: {output!r} is not one of text, json")
    if operation not in ("CREATE", "UPDATE", "DELETE"):
        raise InputError(f"--operation: {operation!r} is not one of CREATE, UPDATE, DELETE")
    files = {name: [File(str(path), path.read_bytes()) for path in given or ()] for name, given in paths.items()}
    answers = applied(ApplyFiles(**files, operation=operation, now=timestamp(datetime.now(tz=UTC))))
    if output == "json":
        typer.echo(json.dumps([each.document() for each in answers], indent=2, sort_keys=True))
    else:
        _print(answers)
    if any(each.row.result in ("fail", "error") or each.row.not_given for each in answers):
        raise typer.Exit(1)


def _print(answers: Sequence[Judgement]) -> None:
    for each in answers:
        if each.row.result in ("fail", "error", "warn") or each.row.not_given:
            told = each.document()
            about = told["resource"]
            name = each.payload or "/".join(filter(None, (about["kind"], about["namespace"], about["name"])))
            rule = f"{told['policy']}/{told['rule']}" if told["rule"] else told["policy"]
            result, message = each.row.result, each.row.message
            if each.row.not_given:
                asked = f"it asks for {', '.join(each.row.not_given)}, which was not given"
                result, message = "unknown", f"{message} ({asked})" if message else asked
            typer.echo(printable(f"{result}: {name}: {rule}: {message}"))
    counts = Counter(each.row.result for each in answers)
    typer.echo(", ".join(f"{name}: {counts[name]}" for name in _RESULTS))
