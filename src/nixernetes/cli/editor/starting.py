"""``nixernetes lsp``: the language server, where its library is installed."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import typer

from nixernetes.app.check import CheckOptions

__all__ = ["run"]

_COULD_NOT_RUN = 2


def run(target: Path) -> None:
    """Serve an editor; exits 2 where pygls is not installed."""
    if find_spec("pygls") is None:
        typer.echo("nixernetes: lsp needs pygls: pip install 'nixernetes[lsp]'", err=True)
        raise typer.Exit(_COULD_NOT_RUN)
    from nixernetes.cli.editor.language_server import serve  # noqa: PLC0415  # an extra

    serve(CheckOptions(target=target))
