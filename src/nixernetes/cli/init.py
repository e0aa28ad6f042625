"""``nixernetes init``: a folder in, a platform file out."""

from __future__ import annotations

import shlex
from pathlib import Path

import typer

from nixernetes.app import init as use_case

__all__ = ["run"]


def run(folder: Path, *, structure: str, engine: str) -> None:
    """Run the command, and print what to do next."""
    file = use_case.init(folder, structure=structure, engine=engine)
    typer.echo(f"{file} created")
    target = shlex.quote(str(folder / "repository"))
    typer.echo(f"next: nixernetes build {shlex.quote(str(file))} -o {target}")
