"""The ports of the engine: what it asks of the outside. Adapters fulfil them; tests use the fakes of ``testing``."""

from __future__ import annotations

from typing import Protocol

from nixernetes.objects.manifest import Manifest

__all__ = ["Notifier"]


class Notifier(Protocol):
    """Delivers notifications (HTTP POST); delivery is best effort, and never blocks a reconcile."""

    def post(self, url: str, headers: dict[str, str], body: Manifest | str) -> None:
        """Send one message.

        Raises:
            RemoteError: it was not accepted.

        """
        ...
