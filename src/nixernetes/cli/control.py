"""``nixernetes sync``, ``refresh``, ``reconcile`` and ``get``: one request to a running ``up``, one answer printed."""

from __future__ import annotations

import json
from pathlib import Path

import typer

from nixernetes.adapters.control_socket import ask, socket_path
from nixernetes.app import targets
from nixernetes.cli import view
from nixernetes.engine import reports
from nixernetes.errors import InputError, RemoteError, printable
from nixernetes.objects.manifest import Json

__all__ = ["get", "run"]


def run(target: Path, request: Json) -> None:
    """Send a request and print what came of it.

    Raises:
        InputError: the running ``up`` refused.

    """
    typer.echo(printable(str(_answer(target, request).get("message", ""))))


def get(target: Path, output: str) -> None:
    """Print the report of the running ``up``."""
    if output not in ("", "json"):
        raise InputError(f"unknown output {output!r}: use json")
    found = _answer(target, {"do": "get"}).get("report")
    try:
        report = reports.from_json(found)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise RemoteError("what runs there gives another report: is it this version of Nixernetes?") from error
    if output == "json":
        typer.echo(json.dumps(found, indent=2))
    else:
        view.console().print(view.tree(report))


def _answer(target: Path, request: Json) -> Json:
    reply = ask(socket_path(targets.folder_of(target)), request)
    if "error" in reply:
        raise InputError(str(reply["error"]))
    return reply
