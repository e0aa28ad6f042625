"""The commands, each imported when it is run."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from nixernetes import __version__

__all__ = ["app"]

app = typer.Typer(
    name="nixernetes",
    help="GitOps platforms declared in Python: built, proved and run for Flux and Argo CD.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,  # plain help, like kubectl's and flux's: importing rich would cost half of the start-up
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"nixernetes {__version__}")
        raise typer.Exit


@app.callback()
def root(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and exit.")
    ] = False,
) -> None:
    """GitOps platforms declared in Python: built, proved and run for Flux and Argo CD."""


@app.command()
def init(
    folder: Annotated[Path, typer.Argument(help="Where to write platform.py.")] = Path(),
    structure: Annotated[str, typer.Option("--structure", help="Repository layout: flat or hierarchy.")] = "flat",
    engine: Annotated[str, typer.Option("--engine", help="Who delivers: flux, argocd or both.")] = "flux",
) -> None:
    """Write a small platform.py to start from."""
    from nixernetes.cli import init as command  # noqa: PLC0415  # --help must not pay for it

    command.run(folder, structure=structure, engine=engine)


@app.command()
def build(
    file: Annotated[Path, typer.Argument(help="The platform file, or its folder.")] = Path("platform.py"),
    folder: Annotated[Path, typer.Option("--output-dir", "-o", help="The folder of the repository.")] = Path(
        "repository"
    ),
    check: Annotated[bool, typer.Option("--check", help="Change nothing; exit 1 when out of date.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Replace files that were edited by hand.")] = False,
    output: Annotated[str, typer.Option("--format", help="What to print: json, or text when left out.")] = "",
) -> None:
    """Build the platform into the repository that its clusters reconcile."""
    from nixernetes.cli import build as command  # noqa: PLC0415  # --help must not pay for it

    command.run(file, folder, check=check, force=force, output=output)
