"""``nixernetes cluster``: embedded clusters as API servers; each command is imported when it is run."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

__all__ = ["cluster"]

cluster = typer.Typer(
    help="Embedded clusters as Kubernetes API servers.", no_args_is_help=True, rich_markup_mode=None
)  # plain help, as everywhere


@cluster.callback()
def root() -> None:
    """Serve embedded clusters to kubectl and its like."""


@cluster.command()
def serve(  # noqa: PLR0913, PLR0917  # flags of a command
    name: Annotated[str, typer.Option("--name", help="The name of cluster and context.")] = "nixernetes",
    host: Annotated[str, typer.Option("--host", help="The address to listen at.")] = "127.0.0.1",
    port: Annotated[
        int, typer.Option("--port", min=0, max=65535, help="The port; 0 takes that of last time, or a free one.")
    ] = 0,
    kubeconfig: Annotated[
        Path, typer.Option("--kubeconfig", metavar="FILE", help="Where to write the kubeconfig.")
    ] = Path("nixernetes.kubeconfig"),
    state: Annotated[
        Path | None,
        typer.Option("--state", metavar="DIR", help="Where to keep the cluster, and to go on from; else in memory."),
    ] = None,
    nodes: Annotated[
        int, typer.Option("--nodes", min=0, max=1000, help="How many nodes run pods; without any they stay Pending.")
    ] = 0,
    controllers: Annotated[
        bool, typer.Option("--controllers/--no-controllers", help="Whether controllers run beside the API server.")
    ] = True,
) -> None:
    """Serve one cluster until interrupted: a Kubernetes API and its controllers, for kubectl, helm and tests."""
    from nixernetes.cli.clusters.serve import main  # noqa: PLC0415

    main(name=name, host=host, port=port, kubeconfig=kubeconfig, state=state, nodes=nodes if controllers else None)
