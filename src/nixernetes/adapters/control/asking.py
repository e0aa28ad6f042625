"""One request to a running ``up``: HTTPS to the server of its clusters, with the token of its user.

A shell that completes words waits for this, so that nothing is loaded that is not needed.
"""

from __future__ import annotations

import http.client
import json
import ssl
import time
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from nixernetes.adapters.control.places import door_of, is_running
from nixernetes.errors import RemoteError
from nixernetes.objects.fields import text_at
from nixernetes.objects.manifest import Json

__all__ = ["CONTROL_PATH", "ask"]

CONTROL_PATH: Final = "/control"
_MOST_BYTES: Final = 256 * 1024 * 1024  # of an answer; the report of a large fleet has a tenth
_ANSWER_SECONDS: Final = 30.0  # a reconcile that runs helm may keep the world busy for a few seconds
_LOOK_SECONDS: Final = 0.05
_OK: Final = 200


def ask(place: Path, request: Json, seconds: float = _ANSWER_SECONDS) -> Json:
    """Send one request to a running ``up`` and return its answer, an object.

    Args:
        place: where it says that it runs.
        request: the request.
        seconds: how long to wait for it to begin, and for each part of the answer.

    Raises:
        RemoteError: none runs, or no answer came in time.

    """
    try:
        door = _door(place, seconds)
        status, body = _answered(door, json.dumps(request).encode(), seconds)
        found = json.loads(body)
    except (OSError, ValueError, RecursionError, http.client.HTTPException) as error:
        raise RemoteError(f"the running `nixernetes up` did not answer: {error}") from error
    if not isinstance(found, dict):
        raise RemoteError("the running `nixernetes up` did not answer: no JSON object came")
    if status != _OK and "error" not in found:
        raise RemoteError(f"the running `nixernetes up` did not answer: {text_at(found, 'message') or status}")
    return found


def _door(place: Path, seconds: float) -> Json:
    """Return how the ``up`` of a place is asked; one that has just been started is waited for."""
    until = time.monotonic() + seconds
    while is_running(place):
        try:
            return json.loads(door_of(place).read_text())
        except FileNotFoundError:
            if time.monotonic() >= until:
                raise TimeoutError("it is still being started") from None
        time.sleep(_LOOK_SECONDS)
    raise RemoteError(f"no `nixernetes up` runs for this folder: {_elsewhere(place.parent)}")


def _answered(door: Json, body: bytes, seconds: float) -> tuple[int, bytes]:
    trusted = ssl.create_default_context(cadata=text_at(door, "authority"))
    host = urlsplit(text_at(door, "address")).netloc
    connection = http.client.HTTPSConnection(host, timeout=seconds, context=trusted)
    headers = {"Authorization": f"Bearer {text_at(door, 'token')}", "Content-Type": "application/json"}
    try:
        connection.request("POST", CONTROL_PATH, body, headers)
        response = connection.getresponse()
        found = response.read(_MOST_BYTES + 1)
    finally:
        connection.close()
    if len(found) > _MOST_BYTES:
        raise ValueError(f"the answer is larger than {_MOST_BYTES} bytes")
    return response.status, found


def _elsewhere(base: Path) -> str:
    """Say what to do where nobody answers: name the folder of an ``up`` that runs, or start one."""
    folders = [lock.read_text(errors="surrogateescape") for lock in sorted(base.glob("*.lock")) if is_running(lock)]
    if not folders:
        return "start it in another terminal, then try again"
    return f"one runs for {', '.join(folders[:3])}: name it with --target, or start one here"
