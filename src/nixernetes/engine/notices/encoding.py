"""Bodies as Go writes them: ``encoding/json`` escapes what HTML gives a meaning, and sorts the keys of maps."""

from __future__ import annotations

import base64
import json
from typing import Final

from nixernetes.objects.manifest import Json

__all__ = ["JSON_BODY", "basic_login", "go_json"]

JSON_BODY: Final = {"Content-Type": "application/json"}
_ESCAPES: Final = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}


def go_json(value: Json) -> bytes:
    """Return JSON as Go's ``json.Marshal`` writes it; keys stand as they come: a struct's order, or sorted already."""
    text = json.dumps(value, separators=(",", ":"), ensure_ascii=False)
    for letter, escape in _ESCAPES.items():
        text = text.replace(letter, escape)
    return text.encode(errors="replace")


def basic_login(user: str, password: str) -> str:
    """Return the value of the header ``Authorization`` for a user and a password."""
    return f"Basic {base64.b64encode(f'{user}:{password}'.encode()).decode()}"
