"""The ports of the engine: what it asks of the outside. Adapters fulfil them; tests use the fakes of ``testing``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from nixernetes.engine.notices.requests import Parcel
from nixernetes.errors import NixernetesError

__all__ = ["Notifier"]


class Notifier(Protocol):
    """Delivers notifications; it may take its time, and never raises for one that cannot be delivered."""

    def take(self, number: int, parcel: Parcel) -> None:
        """Take a notification, under a number."""
        ...

    def finished(self) -> Sequence[tuple[int, NixernetesError | None]]:
        """Return the numbers of what ended since the last time, each with why it failed."""
        ...
