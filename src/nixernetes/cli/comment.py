"""``nixernetes comment``: a report as one comment on a pull or merge request, brought up to date by each run."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path
from typing import Final

import typer

from nixernetes.adapters.code_hosts.comments import CodeHost
from nixernetes.adapters.code_hosts.requests import found_request
from nixernetes.errors import InputError

__all__ = ["run"]

_MARKER: Final = re.compile(r"<!-- nixernetes [a-z-]+ -->")


def run(file: Path, *, host: str, api: str, repository: str, number: int) -> None:
    """Write the comment.

    Raises:
        InputError: no report, or nowhere to write it.
        RemoteError: the host does not take it.

    """
    text = sys.stdin.read() if str(file) == "-" else _read(file)
    marker = _MARKER.match(text)
    if marker is None:
        raise InputError("not a report: write one with `-o markdown=FILE` of diff or check", subject=str(file))
    request = found_request(os.environ, host=host, api=api, repository=repository, number=number)
    target = CodeHost(request)
    try:
        outcome = target.put(text, marker[0])
    finally:
        target.close()
    typer.echo(f"{outcome} the comment on {request.repository}, request {request.number}")


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        raise InputError(f"cannot be read: {error}", subject=str(file)) from error
