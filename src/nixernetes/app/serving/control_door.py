"""Requests of the console commands, as they come over HTTP: JSON in, JSON out, with the token of the user."""

from __future__ import annotations

import hmac
import json
from typing import Final

from nixernetes.app.console import control
from nixernetes.app.worlds import World
from nixernetes.cluster.server.requests import ApiRequest, ApiResponse
from nixernetes.objects.fields import text_at
from nixernetes.objects.manifest import Json

__all__ = ["answered"]

_MOST_BYTES: Final = 4 * 1024 * 1024  # an edited object; etcd stores at most 1.5 MiB of one


def answered(world: World, request: ApiRequest, token: str) -> ApiResponse:
    """Answer one request; what it asks for ends nothing.

    Args:
        world: the world.
        request: the request.
        token: what its sender has to know.

    """
    known = f"Bearer {token}".encode()
    if not hmac.compare_digest(text_at(request.headers, "authorization").encode(), known):
        return _told(401, {"error": "Unauthorized"})
    if request.method != "POST":
        return _told(405, {"error": "requests are posted"})
    if len(request.body) > _MOST_BYTES:
        return _told(413, {"error": f"the request is larger than {_MOST_BYTES} bytes"})
    try:
        asked = json.loads(request.body)
    except (ValueError, RecursionError) as error:
        return _told(400, {"error": f"not a JSON request: {error}"})
    try:
        return _told(200, control.answer(world, asked))
    except Exception as error:  # noqa: BLE001 - what another process asks for must not end what runs here
        return _told(200, {"error": f"internal error: {type(error).__name__}: {error}"})


def _told(status: int, value: Json) -> ApiResponse:
    return ApiResponse(status=status, body=json.dumps(value).encode() + b"\n")
