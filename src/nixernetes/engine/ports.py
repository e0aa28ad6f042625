"""The ports of the engine: what it asks of the outside. Adapters fulfil them; tests use the fakes of ``testing``."""

from __future__ import annotations

from typing import Protocol

from nixernetes.cluster.api import Api, Event
from nixernetes.objects.manifest import Manifest
from nixernetes.render.charts import ChartRenderer, ChartRepositories
from nixernetes.render.oci import OciRegistries
from nixernetes.render.sources import Ref, Snapshot, Source

__all__ = [
    "Api",
    "ChartRenderer",
    "ChartRepositories",
    "Event",
    "Notifier",
    "OciRegistries",
    "Ref",
    "Snapshot",
    "Source",
]


class Notifier(Protocol):
    """Delivers notifications (HTTP POST); delivery is best effort, and never blocks a reconcile."""

    def post(self, url: str, headers: dict[str, str], body: Manifest | str) -> None:
        """Send one message.

        Raises:
            RemoteError: it was not accepted.

        """
        ...
