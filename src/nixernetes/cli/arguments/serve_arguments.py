"""The arguments of ``nixernetes cluster serve``, read by argparse: without typer a server is smaller by 10 MiB."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

__all__ = ["ServeArguments", "parser", "read"]

_MOST_PORT = 65_535
_MOST_NODES = 1_000
_HELP_COLUMNS = 80


class ServeArguments(NamedTuple):
    """What the user said.

    Attributes:
        name: the name of cluster and context.
        host: the address to listen at.
        port: the port; 0 for that of last time, or a free one.
        kubeconfig: where the kubeconfig is written.
        state: where the cluster is kept; None for memory.
        nodes: how many nodes run pods; None for no controllers at all.
        capacity: what each of them has for pods, by resource; empty where that is not compared.

    """

    name: str
    host: str
    port: int
    kubeconfig: Path
    state: Path | None
    nodes: int | None
    capacity: Mapping[str, str]


def read(arguments: Sequence[str]) -> ServeArguments:
    """Read the arguments; exits with the usage when they are not understood."""
    found = parser().parse_args(arguments)
    return ServeArguments(
        name=found.name,
        host=found.host,
        port=found.port,
        kubeconfig=found.kubeconfig,
        state=found.state,
        nodes=found.nodes[0] if found.controllers else None,
        capacity=found.nodes[1],
    )


def parser() -> argparse.ArgumentParser:
    """Return what reads the arguments."""
    made = argparse.ArgumentParser(
        prog="nixernetes cluster serve",
        usage="nixernetes cluster serve [options]",
        description=(
            "Serve one cluster until interrupted: a Kubernetes API and its controllers, for kubectl, helm and tests."
        ),
        formatter_class=lambda prog: argparse.HelpFormatter(prog, width=_HELP_COLUMNS),
        allow_abbrev=False,
    )
    add = made.add_argument
    add("--name", default="nixernetes", help="the name of cluster and context (default: nixernetes)")
    add("--host", default="127.0.0.1", help="the address to listen at (default: 127.0.0.1)")
    add("--port", default=0, type=_upto(_MOST_PORT), help="the port; 0 takes that of last time, or a free one")
    add(
        "--kubeconfig",
        default=Path("nixernetes.kubeconfig"),
        type=Path,
        metavar="FILE",
        help="where to write the kubeconfig (default: nixernetes.kubeconfig)",
    )
    add(
        "--state",
        type=Path,
        metavar="DIR",
        help="a folder to keep the cluster in, and to continue from; else in memory",
    )
    add(
        "--nodes",
        default=(0, {}),
        type=_nodes,
        metavar="N[:cpu=4,memory=16Gi]",
        help="how many nodes run pods, and what each has for them; without any they stay Pending",
    )
    add(
        "--controllers",
        action=argparse.BooleanOptionalAction,
        default=True,
        help="whether controllers run beside the API server",
    )
    return made


def _nodes(text: str) -> tuple[int, Mapping[str, str]]:
    """Read how many nodes there are, and what each has."""
    count, colon, rest = text.partition(":")
    capacity: dict[str, str] = {}
    for pair in rest.split(",") if colon else []:
        name, equals, amount = pair.partition("=")
        if not (name and equals and amount):
            raise argparse.ArgumentTypeError(f"{pair!r} is not RESOURCE=AMOUNT")
        capacity[name] = amount
    return _upto(_MOST_NODES)(count), capacity


def _upto(most: int) -> Callable[[str], int]:
    """Return what reads a number between 0 and a largest one."""

    def number(text: str) -> int:
        value = int(text)
        if not 0 <= value <= most:
            raise argparse.ArgumentTypeError(f"{value} is not between 0 and {most}")
        return value

    return number
