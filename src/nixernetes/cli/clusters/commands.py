"""``nixernetes cluster``: embedded clusters as API servers; each command is imported when it is run."""

from __future__ import annotations

import typer

__all__ = ["cluster"]

cluster = typer.Typer(
    help="Embedded clusters as Kubernetes API servers.", no_args_is_help=True, rich_markup_mode=None
)  # plain help, as everywhere


@cluster.callback()
def root() -> None:
    """Serve embedded clusters to kubectl and its like."""


@cluster.command(add_help_option=False, context_settings={"ignore_unknown_options": True, "allow_extra_args": True})
def serve(context: typer.Context) -> None:
    """Serve one cluster until interrupted: a Kubernetes API and its controllers, for kubectl, helm and tests."""
    from nixernetes.cli.clusters.serve import main  # noqa: PLC0415

    main(context.args)
