"""``nixernetes promote``: arguments in, what changed and the edit out."""

from __future__ import annotations

import json

import typer

from nixernetes.app.editing import promote as use_case
from nixernetes.app.editing.promote import Promotion, PromotionOptions
from nixernetes.errors import InputError, printable
from nixernetes.objects.manifest import Json

__all__ = ["run"]


def run(options: PromotionOptions, output: str) -> None:
    """Run the command."""
    if output not in ("", "json"):
        raise InputError(f"unknown output {output!r}: use json")
    promotion = use_case.promote(options)
    if output == "json":
        typer.echo(json.dumps(use_case.to_json(promotion), indent=2))
    else:
        _print(promotion)


def _print(promotion: Promotion) -> None:
    options = promotion.options
    if not promotion.changes:
        typer.echo(f"{options.app}: {options.target} runs what {options.source} runs already")
        return
    for line in promotion.diff.splitlines():
        typer.secho(printable(line), fg=_colour(line))
    for change in promotion.changes:
        before = _words(use_case.shown(change, change.before), "(none)")
        after = _words(use_case.shown(change, change.after), "(the app's own)")
        typer.echo(printable(f"{options.app} in {options.target}: {change.field} {before} -> {after}"))
    typer.echo(f"{promotion.file}: {'not written, as --dry-run says' if options.is_dry else 'edited'}")
    if promotion.branch and not options.is_dry:
        typer.echo(f"{options.target} follows branch {promotion.branch}: build and commit there, or merge there")


def _words(value: Json, nothing: str) -> str:
    return nothing if value is None else value if isinstance(value, str) else json.dumps(value)


def _colour(line: str) -> str | None:
    if line.startswith(("+++", "---")):
        return None
    return {"+": typer.colors.GREEN, "-": typer.colors.RED, "@": typer.colors.CYAN}.get(line[:1])
