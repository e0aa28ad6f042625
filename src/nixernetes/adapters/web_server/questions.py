"""What the server asks for a page of the API or for a change, and what it is given."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

from nixernetes.adapters.web_server.access.standing import Standing
from nixernetes.engine.webhooks import HookRequest

__all__ = ["Answering", "WebAnswer", "WebQuestion"]


@dataclass(frozen=True, slots=True, kw_only=True)
class WebQuestion:
    """A question, or a request for a change.

    Attributes:
        name: which page, or which change.
        about: what it is about, as it stands in the URL.
        body: what a request for a change says, as JSON; None for a question.
        hook: what a Git host or a registry sends; None for what the page asks.
        standing: who asks for a change, or whether one may be made, and what that person may change; None for who runs
            this program, and where it does not matter.

    """

    name: str
    about: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = None
    hook: HookRequest | None = None
    standing: Standing | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WebAnswer:
    """An answer.

    Attributes:
        status: the status of HTTP.
        body: JSON, or a file to be kept.
        file: the name of the file to be kept; ``""`` for an answer to the page.

    """

    status: int
    body: bytes
    file: str = ""


Answering = Callable[[WebQuestion], Awaitable[WebAnswer]]
