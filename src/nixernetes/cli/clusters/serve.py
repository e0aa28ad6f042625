"""``nixernetes cluster serve`` on the command line."""

from __future__ import annotations

import contextlib
import shlex
import sys
from collections.abc import Sequence

from nixernetes.adapters.api_server.collector import making_what_stays
from nixernetes.adapters.api_server.state_folders import state_folder
from nixernetes.app.serving.clusters import serve, served
from nixernetes.cli.arguments.serve_arguments import ServeArguments, read
from nixernetes.cluster.workloads import WorkloadProfile
from nixernetes.errors import NixernetesError

__all__ = ["main"]

_COULD_NOT_RUN = 2


def main(arguments: Sequence[str]) -> None:
    """Serve until interrupted; exits 2 when that cannot begin."""
    found = read(arguments)
    try:
        _serve(found)
    except NixernetesError as error:
        _tell(f"error: {error}")
        sys.exit(_COULD_NOT_RUN)


def _serve(arguments: ServeArguments) -> None:
    file = arguments.kubeconfig.absolute()
    nodes = arguments.nodes
    profile = None if nodes is None else WorkloadProfile(nodes=nodes, metrics=False)

    def started() -> None:
        sys.stdout.write(f"{arguments.name} answers at {found.context.server}\n")
        sys.stdout.write(f"export KUBECONFIG={shlex.quote(str(file))}\n")
        sys.stdout.flush()

    with contextlib.ExitStack() as until:
        folder = until.enter_context(state_folder(arguments.state)) if arguments.state is not None else None
        with making_what_stays():
            found = served(
                arguments.name, host=arguments.host, port=arguments.port, profile=profile, told=_tell, state=folder
            )
        with contextlib.suppress(KeyboardInterrupt):
            serve(found, file, started)


def _tell(fault: str) -> None:
    sys.stderr.write(f"{fault}\n")
