"""``nixernetes check --watch``: check again whenever a file is edited, until it is stopped."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Final

import typer

from nixernetes.adapters.files.edits import Edits

__all__ = ["watch"]

_LOOK_SECONDS: Final = 0.1  # an answer after 0.3 s leaves little for looking
_NAMED: Final = 3


def watch(check: Callable[[], None], places: tuple[Path, ...], wait: Callable[[float], None] = time.sleep) -> None:
    """Check now, and at each edit, until interrupted.

    Args:
        check: checks and prints; what it raises to end the program ends one round.
        places: the folders and files that are looked at.
        wait: waits so many seconds.

    """
    try:
        edits = Edits(*places)  # before the check reads the files, so that no edit meanwhile is lost
        _round(check)
        while True:
            wait(_LOOK_SECONDS)
            changed = edits.since()
            if changed:
                named = ", ".join(Path(each).name for each in changed[:_NAMED])
                more = f" and {len(changed) - _NAMED} more" if len(changed) > _NAMED else ""
                moment = datetime.now().astimezone()
                typer.echo(f"\nnixernetes: {moment:%H:%M:%S}: {named}{more} changed", err=True)
                _round(check)
    except KeyboardInterrupt:
        typer.echo("", err=True)


def _round(check: Callable[[], None]) -> None:
    try:
        check()
    except typer.Exit:
        return  # the status of one round; the watching goes on
