"""The commands, each imported when it is run."""

from __future__ import annotations

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
