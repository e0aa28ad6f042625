"""``nixernetes ui``: the page of a repository, until interrupted."""

from __future__ import annotations

import contextlib
import sys
import webbrowser
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import typer

from nixernetes.app.check import CheckOptions
from nixernetes.app.toolbox import ToolOptions
from nixernetes.app.web.served_repository import ServedRepository
from nixernetes.cli.arguments.tool_arguments import tool_options
from nixernetes.verify.accepted import Acceptance

__all__ = ["options", "run"]


def options(target: Path, *, rev: str, sources: list[str], offline: bool) -> CheckOptions:
    """Return what is checked.

    Raises:
        InputError: a source is not of its form.

    """
    tools: ToolOptions = replace(tool_options(sources, [], []), offline=offline)
    return CheckOptions(
        target=target, rev=rev, tools=tools, may_be_empty=True, acceptance=Acceptance(today=datetime.now(tz=UTC).date())
    )


def run(options: CheckOptions, port: int, *, is_opened: bool) -> None:
    """Check, serve the page and say where, until interrupted.

    Args:
        options: what is checked.
        port: the port; 0 takes a free one.
        is_opened: whether a browser is opened.

    """

    def told(address: str) -> None:
        typer.echo(f"for another browser: {address}")
        sys.stdout.flush()

    served = ServedRepository(options, port, told)

    def started() -> None:
        typer.echo(f"the page is at {served.address}")
        sys.stdout.flush()
        if is_opened:
            webbrowser.open(served.address)

    with contextlib.suppress(KeyboardInterrupt):
        served.serve(started)
