"""Calls of admission webhooks, as values: a server that has no answer says which call it waits for.

The core of the server is pure: it asks nobody. What it needs to know it raises, whoever runs it makes the call, and the
request is handled again with the answer. Nothing is stored before admission is over, so that this does no harm.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field

from nixernetes.objects.manifest import Manifest

__all__ = ["WebhookAnswer", "WebhookCall", "WebhookNeededError", "answered", "known_answers"]


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookCall:
    """A call.

    Attributes:
        key: what tells it from others; the same question has the same one.
        url: whom to ask, with the query.
        authority: the authority of its certificate, as PEM; ``""`` for those that the machine trusts.
        seconds: how long it may take.
        review: the AdmissionReview to send.

    """

    key: str
    url: str
    authority: str
    seconds: int
    review: Manifest = field(hash=False, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookAnswer:
    """What came back.

    Attributes:
        review: the AdmissionReview; empty where none came.
        problem: why none came, in the words of Go; ``""`` where one did.

    """

    review: Manifest = field(default_factory=dict)
    problem: str = ""


class WebhookNeededError(Exception):
    """A webhook has to be asked before a request can be answered.

    Args:
        call: the call.

    """

    def __init__(self, call: WebhookCall) -> None:
        super().__init__(call.url)
        self.call = call


_KNOWN: ContextVar[Mapping[str, WebhookAnswer] | None] = ContextVar("answers of webhooks", default=None)


@contextmanager
def answered(answers: Mapping[str, WebhookAnswer] | None) -> Iterator[None]:
    """Let these answers be known meanwhile; None where nobody would make a call."""
    token = _KNOWN.set(answers)
    try:
        yield
    finally:
        _KNOWN.reset(token)


def known_answers() -> Mapping[str, WebhookAnswer] | None:
    """Return the answers that are known, by the keys of their calls; None where webhooks are not asked."""
    return _KNOWN.get()
