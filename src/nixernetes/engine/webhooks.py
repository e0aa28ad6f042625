"""Requests of Git hosts and registries that tell an engine of a push, and what they are answered, as values."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field

__all__ = ["HookAnswer", "HookRequest", "is_signed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class HookRequest:
    """A request.

    Attributes:
        method: the method.
        path: the path.
        headers: the headers, by their names in lower case.
        body: the body.

    """

    method: str
    path: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    def header(self, name: str) -> str:
        """Return the value of a header, ``""`` where it is missing."""
        return self.headers.get(name.lower(), "")


@dataclass(frozen=True, slots=True, kw_only=True)
class HookAnswer:
    """An answer: the status of HTTP, and why."""

    status: int
    text: str = ""


def is_signed(body: bytes, key: str, given: str, algorithm: str) -> bool:
    """Tell whether a text of hexadecimal digits is the HMAC of a body, in constant time."""
    wanted = hmac.new(key.encode(), body, algorithm).hexdigest()
    return hmac.compare_digest(given.encode(errors="replace"), wanted.encode())
