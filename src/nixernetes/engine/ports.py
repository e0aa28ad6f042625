"""The ports of the engine: what it asks of the outside. Adapters fulfil them; tests use the fakes of ``testing``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from nixernetes.objects.manifest import Manifest
from nixernetes.render.delivery_builds import Builder

__all__ = ["Notifier", "Ports"]


class Notifier(Protocol):
    """Delivers notifications (HTTP POST); delivery is best effort, and never blocks a reconcile."""

    def post(self, url: str, headers: dict[str, str], body: Manifest | str) -> None:
        """Send one message.

        Raises:
            RemoteError: it was not accepted.

        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Ports:
    """What an engine asks of the outside.

    Attributes:
        builder: finds files and builds deliveries; engines and clusters share one.
        notifier: the receivers of notifications.

    """

    builder: Builder
    notifier: Notifier
