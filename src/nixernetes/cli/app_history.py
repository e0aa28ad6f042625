"""``nixernetes history APP``: arguments in, commits out."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import typer

from nixernetes.app.editing import app_history as use_case
from nixernetes.cli.questions.asking import checked_form
from nixernetes.cli.questions.printing import data
from nixernetes.errors import printable

__all__ = ["is_asked_for", "run"]

_SHOWN = 12  # changes of one commit that are named; a first commit of a chart may have hundreds


def is_asked_for(target: Path, words: Sequence[str]) -> bool:
    """Tell whether one app of a platform is asked for, and not an object of a running ``up``."""
    return len(words) == 1 and "/" not in words[0] and use_case.is_app(target, words[0])


def run(target: Path, name: str, output: str, limit: int = 0) -> None:
    """Run the command."""
    form = checked_form(output, ("yaml", "json"))
    changes = use_case.app_history(target, name, limit)
    if form:
        data(use_case.to_json(changes), form)
        return
    if not changes:
        typer.echo(f"{name}: no commit has changed it yet")
        return
    for each in changes:
        typer.echo(printable(f"{each.commit[:10]}  {each.when:%Y-%m-%d %H:%M}  {each.author}  {each.subject}"))
        for line in each.changes[:_SHOWN]:
            typer.echo(printable(f"            {line}"))
        if len(each.changes) > _SHOWN:
            typer.echo(f"            … and {len(each.changes) - _SHOWN} more")
    typer.echo(f"to go back before a commit: git revert {changes[0].commit[:10]}, then build and push")
