"""Notifications on their way out: each is recorded, and posted only where the user asks for that.

What is recorded can be shown: the receiver's host, never its address, headers or body, which hold tokens.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from urllib.parse import urlsplit

from nixernetes.engine.ports import Notifier
from nixernetes.errors import NixernetesError
from nixernetes.objects.identity import ObjectKey
from nixernetes.objects.manifest import Manifest

__all__ = ["Notice", "Notification", "Outbox"]

_KEPT = 1_000  # a view shows the latest; older ones are only counted

Outcome = Literal["recorded", "sent", "failed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """What a notification is about.

    Attributes:
        time: when it was due.
        cluster: the cluster that holds the object.
        key: the object.
        reason: Flux's reason, or the trigger of Argo CD.
        message: what is told, in words.
        receiver: who is told: ``Provider/<namespace>/<name>``, or Argo CD's ``<service>:<recipient>``.

    """

    time: datetime
    cluster: str
    key: ObjectKey
    reason: str
    message: str
    receiver: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Notification:
    """One message to one receiver, and what became of it.

    Attributes:
        notice: what it is about.
        host: where it goes: scheme and host alone, ``""`` for an address that is none.
        outcome: ``recorded`` (nothing left the machine), ``sent``, or ``failed``.
        error: why it failed, or ``""``.

    """

    notice: Notice
    host: str
    outcome: Outcome
    error: str = ""


class Outbox:
    """Takes what is to be sent.

    Args:
        notifier: posts; None records only.
        keep: how many of the latest are held; older ones are forgotten, and only counted.

    """

    def __init__(self, notifier: Notifier | None = None, keep: int = _KEPT) -> None:
        self._notifier = notifier
        self._recent: deque[Notification] = deque(maxlen=keep)
        self.count = 0

    @property
    def sends(self) -> bool:
        """Whether what is to be sent leaves the machine."""
        return self._notifier is not None

    @property
    def recent(self) -> list[Notification]:
        """The latest notifications, oldest first."""
        return list(self._recent)

    def send(self, notice: Notice, url: str, headers: dict[str, str], body: Manifest | str) -> None:
        """Record a message, and post it where that is asked for.

        Raises:
            NixernetesError: it was posted and not accepted.

        """
        outcome: Outcome = "recorded"
        if self._notifier is not None:
            try:
                self._notifier.post(url, headers, body)
            except NixernetesError as error:
                self._record(notice, url, "failed", error.message)
                raise
            outcome = "sent"
        self._record(notice, url, outcome)

    def _record(self, notice: Notice, url: str, outcome: Outcome, error: str = "") -> None:
        self.count += 1
        self._recent.append(Notification(notice=notice, host=_host(url), outcome=outcome, error=error))


def _host(url: str) -> str:
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        return ""
    return f"{parts.scheme}://{host}" if parts.scheme and host else ""
