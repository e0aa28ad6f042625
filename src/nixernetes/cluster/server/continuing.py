"""Tokens by which a list goes on (apiserver pkg/storage/continue.go, v0.34.4)."""

from __future__ import annotations

import base64
import binascii
import json
from typing import Final

from nixernetes.cluster.api import ApiError

__all__ = ["continued", "token"]

_VERSION: Final = "meta.k8s.io/v1"


def token(revision: int, start: str) -> str:
    """Return the token for what comes after a key.

    Args:
        revision: the revision that the first page shows.
        start: the first key that is still to come.

    """
    text = json.dumps({"v": _VERSION, "rv": revision, "start": start}, separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def continued(text: str) -> tuple[int, str]:
    """Return revision and key of a token.

    Raises:
        ApiError: BadRequest.

    """
    data = _decoded(text)
    version, revision, start = data.get("v"), data.get("rv"), data.get("start")
    if version != _VERSION:
        raise _refused(f'server does not recognize this encoded version "{version or ""}"')
    if not isinstance(revision, int) or revision == 0:
        raise _refused(f"incorrect encoded start resourceVersion (version {_VERSION})")
    if not isinstance(start, str) or not start:
        raise _refused(f"encoded start key empty (version {_VERSION})")
    if ".." in start.split("/"):
        raise _refused(start)
    return revision, start


def _decoded(text: str) -> dict[str, object]:
    bare = text.rstrip("=")
    try:
        raw = base64.b64decode(bare + "=" * (-len(bare) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        broken = next((at for at, char in enumerate(text) if not (char.isalnum() or char in "-_")), len(text))
        raise _refused(f"illegal base64 data at input byte {broken}") from None
    try:
        found = json.loads(raw)
    except (ValueError, RecursionError):
        raise _refused(f"invalid character {_go_char(raw)} looking for beginning of value") from None
    if not isinstance(found, dict):
        raise _refused("json: cannot unmarshal into Go value of type storage.continueToken")
    return found


def _go_char(raw: bytes) -> str:
    """Spell the first byte as Go's ``encoding/json`` does (``quoteChar``)."""
    first = raw[:1].decode("latin-1")
    return f"'{first}'" if first.isprintable() and first < "\x7f" else f"'\\u{ord(first):04x}'" if first else "''"


def _refused(why: str) -> ApiError:
    return ApiError("BadRequest", f"invalid continue token: continue key is not valid: {why}")
