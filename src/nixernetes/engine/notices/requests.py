"""A conversation with whoever is notified, as values.

What a notification takes is a generator: it yields a request, is sent the answer, and ends, or raises where the answer
is a refusal. So one that asks first (is this commit status there already?) is written as it runs, and without anybody
who answers it still shows what would be sent: each request says which answer is taken for granted then.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from nixernetes.errors import RemoteError
from nixernetes.objects.manifest import Json

__all__ = [
    "Channel",
    "Exchange",
    "ForeignMessage",
    "Parcel",
    "Resending",
    "WebReply",
    "WebRequest",
    "accepted",
    "answered_json",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class WebReply:
    """What a server answered: the status of HTTP, and the body."""

    status: int = 200
    body: bytes = b""

    @property
    def is_success(self) -> bool:
        """Whether the status is one of 200 to 299."""
        return 200 <= self.status < 300  # the class of statuses


_GRANTED = WebReply()


@dataclass(frozen=True, slots=True, kw_only=True)
class WebRequest:
    """A request of HTTP.

    Attributes:
        method: the method.
        url: where to.
        headers: the headers.
        body: the body.
        reads: whether it asks only, and changes nothing.
        is_answered: whether the body of the answer counts; of one that reads it does.
        granted: what is taken for the answer where nothing is sent.
        signed_by: the id of an app and its private key (PEM): who sends knows the time, and signs a token with it.

    """

    method: str = "POST"
    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    reads: bool = False
    is_answered: bool = False
    granted: WebReply = _GRANTED
    signed_by: tuple[str, str] = field(default=("", ""), repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class ForeignMessage:
    """A message by a protocol that is not HTTP.

    Attributes:
        protocol: its name in words: ``NATS``, ``SMTP``.
        address: where to, as users write it.
        subject: the topic, the queue, or the recipients.
        headers: what goes with it.
        body: the message.
        login: user and password, or two empty texts.
        sender: who it comes from, for mail.

    """

    protocol: str
    address: str
    subject: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    login: tuple[str, str] = field(default=("", ""), repr=False)
    sender: str = ""


Exchange: TypeAlias = Generator[WebRequest | ForeignMessage, WebReply, None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Resending:
    """How often a request is sent again, as hashicorp/go-retryablehttp does: on no answer, 429, and 500 and above.

    Attributes:
        times: how many times again; 0: once, and no more.
        first_seconds: the first pause; each doubles the one before.
        last_seconds: the longest pause.

    """

    times: int = 0
    first_seconds: float = 1.0
    last_seconds: float = 30.0


_ONCE = Resending()


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """By which way requests go.

    Attributes:
        seconds: how long all of it may take, pauses included.
        resending: how often each request is sent again.
        proxy: the URL of a proxy, or ``""``.
        ca: the certificates that are trusted (PEM), ``""`` for the system's.
        certificate: one's own certificate (PEM), or ``""``.
        key: its key.
        is_insecure: whether any certificate is taken.

    """

    seconds: float = 15.0
    resending: Resending = _ONCE
    proxy: str = field(default="", repr=False)
    ca: str = field(default="", repr=False)
    certificate: str = field(default="", repr=False)
    key: str = field(default="", repr=False)
    is_insecure: bool = False


_PLAIN = Channel()


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """A notification to one receiver.

    Attributes:
        exchange: begins the conversation.
        channel: by which way it goes.
        hidden: texts that are never shown: values of Secrets, and what may hold a token.

    """

    exchange: Callable[[], Exchange]
    channel: Channel = _PLAIN
    hidden: frozenset[str] = field(default=frozenset(), repr=False)


def accepted(answer: WebReply) -> WebReply:
    """Return an answer that is a success.

    Raises:
        RemoteError: it is not; what the server says is not told, it may repeat a secret.

    """
    if not answer.is_success:
        raise RemoteError(f"the notification was refused with status {answer.status}")
    return answer


def answered_json(answer: WebReply) -> Json:
    """Return the JSON of an answer.

    Raises:
        RemoteError: it is not JSON.

    """
    try:
        return json.loads(answer.body)
    except (ValueError, RecursionError):
        raise RemoteError("the answer is not JSON") from None
