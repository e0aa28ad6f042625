"""What the commands that serve the page take: where it is, how time goes on beneath it, and what fails."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

__all__ = ["ClockKind", "Failing", "Host", "IsOpened", "IsServed", "Port", "Roles", "Sending", "State"]

Port = Annotated[int, typer.Option("--port", min=0, max=65535, help="The port of the page; 0 takes a free one.")]
IsOpened = Annotated[bool, typer.Option("--open", help="Open the page in the browser.")]
IsServed = Annotated[bool, typer.Option("--web/--no-web", help="Serve a page of it on the loopback address.")]
ClockKind = Annotated[
    str, typer.Option("--clock", metavar="real|virtual", help="virtual: time stands still until you steer it.")
]
Failing = Annotated[
    list[str] | None,
    typer.Option("--fail", metavar="IMAGE=REASON", help="Make an image fail, e.g. shop:*=CrashLoopBackOff."),
]
Host = Annotated[
    str, typer.Option("--host", metavar="ADDRESS", help="The address of the page; any but loopback needs --roles.")
]
Roles = Annotated[
    Path | None, typer.Option("--roles", metavar="FILE", help="Who may look at the page, and who may change what.")
]
Sending = Annotated[
    bool, typer.Option("--send-notifications", help="Post notifications; else they are recorded and shown.")
]
State = Annotated[
    Path | None,
    typer.Option("--state", metavar="DIR", help="Keep the clusters in this folder, and continue from there."),
]
