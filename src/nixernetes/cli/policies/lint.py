"""``nixernetes policy lint``: a line for each problem, or JSON."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import typer

from nixernetes.adapters.files.policy_files import contents_of
from nixernetes.app.policies.apply import File
from nixernetes.app.policies.lint import linted
from nixernetes.errors import InputError, printable

__all__ = ["run"]


def run(places: Sequence[Path], output: str) -> None:
    """Print the problems; exit with 1 where Kyverno would refuse a policy.

    Raises:
        InputError: a file cannot be read or holds no policy, or the format is none.

    """
    if output not in ("text", "json"):
        raise InputError(f"{output!r} is not one of text, json", subject="--output")
    found = linted([File(*each) for each in contents_of(places)])
    told = [each.document() for each in found.problems]
    refused = sum(each.problem.is_refused for each in found.problems)
    if output == "json":
        typer.echo(json.dumps(told, indent=2, sort_keys=True))
    else:
        for each in told:
            place = f"{each['file']}:{each['line']}"
            typer.echo(printable(f"{each['severity']}: {place}: {each['policy']}: {each['path']}: {each['message']}"))
        typer.echo(f"policies: {found.count}, errors: {refused}, warnings: {len(told) - refused}")
    if refused:
        raise typer.Exit(1)
