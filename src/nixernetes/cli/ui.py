"""``nixernetes ui``: the page of a repository, or of real clusters, until interrupted."""

from __future__ import annotations

import contextlib
import sys
import webbrowser
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

import typer

from nixernetes.adapters.web_server.access.places import PagePlace
from nixernetes.app.check import CheckOptions
from nixernetes.app.toolbox import ToolOptions
from nixernetes.app.web.served_repository import ServedRepository
from nixernetes.cli.arguments.tool_arguments import tool_options
from nixernetes.verify.accepted import Acceptance

__all__ = ["options", "run", "run_clusters"]


def options(target: Path, *, rev: str, sources: list[str], offline: bool) -> CheckOptions:
    """Return what is checked.

    Raises:
        InputError: a source is not of its form.

    """
    tools: ToolOptions = replace(tool_options(sources, [], []), offline=offline)
    return CheckOptions(
        target=target, rev=rev, tools=tools, may_be_empty=True, acceptance=Acceptance(today=datetime.now(tz=UTC).date())
    )


def run(options: CheckOptions, place: PagePlace, *, is_opened: bool) -> None:
    """Check, serve the page and say where, until interrupted.

    Args:
        options: what is checked.
        place: where it listens, and who may come in.
        is_opened: whether a browser is opened.

    """
    _serve(ServedRepository(options, place, _told), is_opened=is_opened)


def run_clusters(
    kubeconfig: Path | None, contexts: tuple[str, ...], place: PagePlace, *, are_all: bool, is_opened: bool
) -> None:
    """Serve the page of real clusters and say where, until interrupted.

    Args:
        kubeconfig: the file; None for those of the environment.
        contexts: the names of the contexts.
        place: where it listens, and who may come in.
        are_all: whether all contexts are meant.
        is_opened: whether a browser is opened.

    """
    from nixernetes.app.live.clusters import Contexts  # noqa: PLC0415  # a repository must not pay for it
    from nixernetes.app.web.live.served import ServedClusters  # noqa: PLC0415  # same

    with ServedClusters(Contexts(kubeconfig=kubeconfig, names=contexts, are_all=are_all), place, _told) as served:
        _serve(served, is_opened=is_opened)


def _told(address: str) -> None:
    typer.echo(f"for another browser: {address}")
    sys.stdout.flush()


class _Served(Protocol):
    @property
    def address(self) -> str: ...

    def serve(self, started: Callable[[], None]) -> None: ...


def _serve(served: _Served, *, is_opened: bool) -> None:
    def started() -> None:
        typer.echo(f"the page is at {served.address}")
        sys.stdout.flush()
        if is_opened:
            webbrowser.open(served.address)

    with contextlib.suppress(KeyboardInterrupt):
        served.serve(started)
