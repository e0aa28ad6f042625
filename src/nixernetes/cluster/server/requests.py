"""What comes in over the wire, and what goes out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from nixernetes.cluster.access.users import ANONYMOUS, User
from nixernetes.cluster.admission.webhook_calls import WebhookAnswer

__all__ = ["ApiRequest", "ApiResponse", "Conversation", "Streaming", "Tunnel", "UrlQuery"]


class UrlQuery:
    """The parameters of a URL; where one is given twice, the first counts, as in Go's ``url.Values``.

    Args:
        pairs: names and values, decoded.

    """

    __slots__ = ("_pairs",)

    def __init__(self, pairs: Iterable[tuple[str, str]] = ()) -> None:
        self._pairs = tuple(pairs)

    def __iter__(self) -> Iterator[tuple[str, str]]:
        """Yield names and values."""
        return iter(self._pairs)

    def text(self, name: str) -> str:
        """Return a parameter, or ``""``."""
        return next((value for key, value in self._pairs if key == name), "")

    def texts(self, name: str) -> tuple[str, ...]:
        """Return all values of a parameter."""
        return tuple(value for key, value in self._pairs if key == name)

    def has(self, name: str) -> bool:
        """Tell whether a parameter is given, even empty."""
        return any(key == name for key, _ in self._pairs)

    def flag(self, name: str) -> bool:
        """Return a boolean: all but absent, ``false`` and ``0`` is true (apimachinery pkg/runtime/converter.go)."""
        return self.has(name) and self.text(name).lower() not in ("false", "0")


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiRequest:
    """One request.

    Attributes:
        method: GET, POST, ...
        path: the path, decoded, without the query.
        query: the parameters.
        headers: names in lower case.
        body: the whole body.
        peer: the subject of the client's certificate, that was verified; None without one: common name, organisations.
        impersonated: the headers that say as whom the client acts; one may be there several times.
        user: who asks, once that is known.
        webhooks: what admission webhooks answered, by call; None where nobody asks them.

    """

    method: str
    path: str
    query: UrlQuery = field(default_factory=UrlQuery)
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    peer: tuple[str, tuple[str, ...]] | None = None
    impersonated: tuple[tuple[str, str], ...] = ()
    user: User = ANONYMOUS
    webhooks: Mapping[str, WebhookAnswer] | None = None


class Streaming(Protocol):
    """An answer that goes on: a watch, a log that is followed."""

    def take(self) -> list[bytes]:
        """Return what there is to send now, and forget it."""
        ...

    def on_more(self, wake: Callable[[], object]) -> None:
        """Call back when there is something to take, or when it is over."""
        ...

    @property
    def is_over(self) -> bool:
        """Tell whether nothing comes after what can be taken now."""
        ...

    def close(self) -> None:
        """Forget the stream: the client is gone."""
        ...


class Conversation(Protocol):
    """A connection to a port of a pod: what is said there, and what is answered."""

    def receive(self, data: bytes) -> bytes:
        """Return what is answered to what is said, perhaps nothing yet."""
        ...

    @property
    def is_over(self) -> bool:
        """Tell whether nothing more is answered."""
        ...


class Tunnel(Protocol):
    """The ports of a pod."""

    def connect(self, port: int) -> Conversation | None:
        """Return a new connection to a port; None where nobody listens."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiResponse:
    """One answer.

    Attributes:
        status: the HTTP status.
        content_type: of the body.
        body: the whole body.
        headers: further headers; one may be there several times.
        stream: what comes after the body, and goes on; None for an answer that is whole.
        seconds: after how long a stream is ended; 0 for never.
        tunnel: what the connection leads to from now on; None where it goes on with requests.

    """

    status: int
    content_type: str = "application/json"
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()
    stream: Streaming | None = None
    seconds: float = 0.0
    tunnel: Tunnel | None = None
