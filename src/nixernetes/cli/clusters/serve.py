"""``nixernetes cluster serve`` on the command line."""

from __future__ import annotations

import contextlib
import shlex
import sys
from pathlib import Path

import typer

from nixernetes.adapters.api_server.collector import making_what_stays
from nixernetes.adapters.api_server.state_folders import state_folder
from nixernetes.app.serving.clusters import serve, served
from nixernetes.cluster.workloads import WorkloadProfile
from nixernetes.errors import NixernetesError

__all__ = ["main"]

_COULD_NOT_RUN = 2


def main(*, name: str, host: str, port: int, kubeconfig: Path, state: Path | None, nodes: int | None) -> None:
    """Serve until interrupted; without a number of nodes there are no controllers."""
    file = kubeconfig.absolute()

    def started() -> None:
        typer.echo(f"{name} answers at {found.context.server}")
        typer.echo(f"export KUBECONFIG={shlex.quote(str(file))}")
        sys.stdout.flush()

    def told(fault: str) -> None:
        typer.echo(fault, err=True)

    try:
        profile = None if nodes is None else WorkloadProfile(nodes=nodes, metrics=False)
        with contextlib.ExitStack() as until:
            folder = until.enter_context(state_folder(state)) if state is not None else None
            with making_what_stays():
                found = served(name, host=host, port=port, profile=profile, told=told, state=folder)
            with contextlib.suppress(KeyboardInterrupt):
                serve(found, file, started)
    except NixernetesError as error:
        typer.echo(f"error: {error}", err=True)
        raise typer.Exit(_COULD_NOT_RUN) from error
