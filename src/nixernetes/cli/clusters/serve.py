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
from nixernetes.errors import InputError, NixernetesError

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
    profile = _profile(arguments)

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


def _profile(arguments: ServeArguments) -> WorkloadProfile | None:
    """Return how workloads behave; None for no controllers.

    Raises:
        InputError: an amount is none.

    """
    if arguments.nodes is None:
        return None
    if not (arguments.nodes and arguments.capacity):
        return WorkloadProfile(nodes=arguments.nodes, metrics=False)
    from nixernetes.cluster.workloads.scheduling.machines import machines_of  # noqa: PLC0415  # few need it
    from nixernetes.cost.node_pools import NodePool  # noqa: PLC0415  # same
    from nixernetes.languages import quantities  # noqa: PLC0415  # same

    try:
        allocatable = {name: quantities.parse(amount) for name, amount in arguments.capacity.items()}
    except InputError as error:
        raise InputError(error.message, subject="--nodes") from error
    pool = NodePool(name="node", allocatable=allocatable, count=arguments.nodes)
    return WorkloadProfile(nodes=arguments.nodes, machines=tuple(machines_of(pool)), metrics=False)


def _tell(fault: str) -> None:
    sys.stderr.write(f"{fault}\n")
