"""The commands that ask real clusters, each imported when it is run."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

__all__ = ["register"]

_Kubeconfig = Annotated[
    Path | None, typer.Option("--kubeconfig", metavar="FILE", help="The kubeconfig; else KUBECONFIG, ~/.kube/config.")
]
_Contexts = Annotated[
    list[str] | None, typer.Option("--context", metavar="NAME", help="A context; several at once; else the current.")
]


def status(
    context: _Contexts = None,
    all_contexts: Annotated[bool, typer.Option("--all-contexts", help="Every context of the kubeconfig.")] = False,
    namespace: Annotated[
        str, typer.Option("--namespace", "-n", metavar="NAME", help="One namespace; all if left out.")
    ] = "",
    all_namespaces: Annotated[
        bool, typer.Option("--all-namespaces", "-A", help="All namespaces, which is the default.")
    ] = False,
    sources: Annotated[bool, typer.Option("--sources", help="Show the sources of Flux, too.")] = False,
    output: Annotated[str, typer.Option("--output", "-o", metavar="FORMAT", help="yaml or json.")] = "",
    kubeconfig: _Kubeconfig = None,
) -> None:
    """Show how every Flux and Argo CD delivery of real clusters stands."""
    from nixernetes.app.live.clusters import Contexts  # noqa: PLC0415  # --help must not pay for it
    from nixernetes.app.live.status import StatusQuestion  # noqa: PLC0415  # same
    from nixernetes.cli.live import status as command  # noqa: PLC0415  # same

    if namespace and all_namespaces:
        raise typer.BadParameter("give one of them", param_hint="--namespace and --all-namespaces")
    if context and all_contexts:
        raise typer.BadParameter("give one of them", param_hint="--context and --all-contexts")
    contexts = Contexts(kubeconfig=kubeconfig, names=tuple(context or ()), are_all=all_contexts)
    command.run(StatusQuestion(contexts=contexts, namespace=namespace, sources=sources), output)


def bootstrap(
    repo: Annotated[Path, typer.Argument(help="The repository, or the folder of a platform file.")] = Path(),
    rev: Annotated[str, typer.Option("--rev", help="A Git revision; else the files on disk.")] = "",
    cluster: Annotated[
        list[str] | None, typer.Option("--cluster", metavar="NAME[=FOLDER]", help="The cluster; or what starts it.")
    ] = None,
    context: Annotated[str, typer.Option("--context", metavar="NAME", help="A context; else the current one.")] = "",
    no_cluster: Annotated[bool, typer.Option("--no-cluster", help="Ask no cluster what it has.")] = False,
    write: Annotated[
        Path | None, typer.Option("--write", metavar="FILE", help="Write what starts the cluster.")
    ] = None,
    output: Annotated[
        str, typer.Option("--output", "-o", metavar="FORMAT", help="json; or yaml: what starts the cluster.")
    ] = "",
    source: Annotated[
        list[str] | None, typer.Option("--source", metavar="URL=PATH", help="A local repository for a remote one.")
    ] = None,
    values: Annotated[
        list[Path] | None, typer.Option("--values", metavar="FILE", help="Extra ConfigMaps and Secrets.")
    ] = None,
    offline: Annotated[bool, typer.Option("--offline", help="Fetch no charts and artifacts.")] = False,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Show what is there, too.")] = False,
    kubeconfig: _Kubeconfig = None,
) -> None:
    """Write what starts a cluster, and check that the cluster has what the repository needs. It installs nothing."""
    from nixernetes.cli.live import bootstrap as command  # noqa: PLC0415  # --help must not pay for it
    from nixernetes.cli.live.options import live_options  # noqa: PLC0415  # same

    words = (tuple(cluster or ()), tuple(source or ()), tuple(values or ()))
    options = live_options((repo, rev), (context, kubeconfig), words, offline=offline)
    command.run(options, write, output, asks=not no_cluster, verbose=verbose)


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command()(status)
    app.command()(bootstrap)
