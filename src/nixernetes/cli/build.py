"""``nixernetes build``: arguments in, a list of changes out."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from difflib import get_close_matches
from pathlib import Path

import typer

from nixernetes.app import build as use_case, platform_file
from nixernetes.app.build import Built, Progress
from nixernetes.errors import InputError, printable

__all__ = ["run"]

_LISTED = 20  # changed files that are named one by one; a first build has hundreds


def run(file: Path, folder: Path | None, *, check: bool, force: bool, forms: tuple[str, str]) -> None:
    """Run the command; exits 1 when ``--check`` finds the folder out of date.

    Args:
        file: the platform file, or its folder.
        folder: the folder to build into; None is ``repository``.
        check: whether nothing is changed.
        force: whether files that were edited by hand are replaced.
        forms: the form of what is printed, ``json`` or ``""``, as ``-o`` says it and as ``--format`` did.

    """
    output, folder = _told_apart(*forms, folder)
    if check and force:
        raise InputError("--check changes nothing, and --force would: give one of them")
    hint = platform_file.hint(file)
    if hint:
        typer.echo(f"warning: {printable(hint)}", err=True)
    with _progress() as progress:
        if check:
            built = use_case.check(file, folder, progress=progress)
        else:
            built = use_case.build(file, folder, force=force, progress=progress)
    for trap in built.traps:
        typer.echo(f"warning: {trap}", err=True)
    for path in built.plain_secrets:
        remedy = "encrypt it with SOPS, or keep it out of Git"
        typer.echo(f"warning: {printable(path)} holds the values of a Secret in plain text: {remedy}", err=True)
    if output == "json":
        typer.echo(json.dumps(use_case.to_json(built), indent=2))
    elif check:
        _print_check(built)
    else:
        _print_build(built)
    if check and not (built.changes.up_to_date and not built.completed):
        sys.exit(1)


def _print_build(built: Built) -> None:
    changes = built.changes
    if built.completed:
        typer.echo("completed an earlier build that was interrupted")
    rows = [(path, "created") for path in changes.created]
    rows += [(path, "configured") for path in (*changes.configured, *changes.edited)]
    rows += [(path, "deleted") for path in (*changes.deleted, *changes.edited_leftover)]
    _print_rows(rows, limit=_LISTED)
    total = len(changes.unchanged) + len(changes.created) + len(changes.configured) + len(changes.edited)
    typer.echo(f"{built.folder}: {total} files, {len(rows)} changed")


def _print_check(built: Built) -> None:
    changes = built.changes
    if built.completed:
        typer.echo("an earlier build was interrupted: run `nixernetes build` to complete it")
    rows = [(path, "missing") for path in changes.created]
    rows += [(path, "out of date") for path in changes.configured]
    rows += [(path, "no longer declared") for path in changes.deleted]
    rows += [(path, "edited by hand") for path in changes.conflicts]
    _print_rows(rows, limit=len(rows))
    if rows or built.completed:
        typer.echo(f"{built.folder}: not up to date, {len(rows)} files differ")
    else:
        typer.echo(f"{built.folder}: up to date, {len(changes.unchanged)} files")


def _print_rows(rows: list[tuple[str, str]], *, limit: int) -> None:
    for path, word in sorted(rows)[:limit]:
        typer.echo(f"{printable(path)} {word}")
    if len(rows) > limit:
        typer.echo(f"… and {len(rows) - limit} more")


def _told_apart(output: str, form: str, folder: Path | None) -> tuple[str, Path]:
    """Return the form and the folder; ``-o`` was the folder once, and who still writes that is told.

    Raises:
        InputError: the form is none, and cannot be the folder.

    """
    if form not in ("", "json"):
        raise InputError(f"unknown output {form!r}: use json")
    if output in ("", "json"):
        return output or form, folder or Path("repository")
    if folder is not None or get_close_matches(output, ("json", "yaml", "text", "wide"), n=1):
        raise InputError(f"unknown output {output!r}: use json; the folder is --output-dir", subject="-o")
    typer.echo(f"warning: -o is the form of what is printed: write --output-dir {output} for the folder", err=True)
    return form, Path(output)


@contextmanager
def _progress() -> Iterator[Progress]:
    """Show what is being done, on a terminal only."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console  # noqa: PLC0415  # half of the start-up time, and a pipe needs none of it

    with Console(stderr=True).status("…") as status:
        yield status.update
