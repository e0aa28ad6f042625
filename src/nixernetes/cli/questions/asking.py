"""One request to the ``up`` that runs for a folder, and its answer."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from nixernetes.adapters.control.asking import ask
from nixernetes.adapters.control.places import place_of, running_for
from nixernetes.errors import InputError, RemoteError
from nixernetes.objects.durations import parse_duration
from nixernetes.objects.fields import text_at
from nixernetes.objects.manifest import Json

__all__ = ["Inquiry", "answered", "checked_form", "ended"]

_LOOK_SECONDS = 0.1
FORMS = ("wide", "yaml", "json", "name")


@dataclass(frozen=True, slots=True, kw_only=True)
class Inquiry:
    """What commands have in common.

    Attributes:
        target: what ``up`` was started with.
        words: kinds and names, as the user wrote them.
        namespace: the one namespace, or ``""``.
        cluster: the one cluster, or ``""``.
        output: the form of the answer.

    """

    target: Path = Path()
    words: Sequence[str] = ()
    namespace: str = ""
    cluster: str = ""
    output: str = ""

    def ask(self, do: str, **arguments: Json) -> Json:
        """Return the answer to a request about what is chosen.

        Raises:
            InputError: the running ``up`` refused it.
            RemoteError: none runs.

        """
        chosen = {"targets": list(self.words), "namespace": self.namespace, "cluster": self.cluster}
        return answered(self.target, {"do": do, **chosen, **arguments})


def answered(target: Path, request: Json) -> Json:
    """Return the answer of the running ``up``.

    Raises:
        InputError: it refused.
        RemoteError: none runs.

    """
    folder = target if target.is_dir() else target.parent
    reply = ask(place_of(running_for(folder) if target == Path() else folder), request)
    if "error" in reply:
        raise InputError(str(reply["error"]))
    return reply


def checked_form(output: str, forms: Sequence[str]) -> str:
    """Return the form of an answer.

    Raises:
        InputError: it is none of those that the command knows.

    """
    if output and output not in forms:
        raise InputError(f"unknown output {output!r}: use {', '.join(forms)}", subject="-o")
    return output


def ended(target: Path, wait: Json, timeout: str) -> Json:
    """Ask until a request has been handled; return its outcome.

    Raises:
        InputError: the timeout is not a duration.
        RemoteError: it has not been handled in time.

    """
    try:
        most: timedelta = parse_duration(timeout)
    except ValueError as error:
        raise InputError(str(error), subject="--timeout") from error
    until = time.monotonic() + most.total_seconds()
    while True:
        found = answered(target, {"do": "outcome", "wait": wait})
        if found.get("done"):
            return found
        if time.monotonic() >= until:
            name = "/".join(str(part) for part in wait["object"][1:] if part)
            place = text_at(wait, "cluster")
            remedy = "it continues: `nixernetes get` and `nixernetes events` show how; --timeout waits longer"
            raise RemoteError(f"not done after {timeout}: {remedy}", subject=f"{place}: {name}")
        time.sleep(_LOOK_SECONDS)
