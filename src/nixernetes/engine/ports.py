"""The ports of the engine: what it asks of the outside. Adapters fulfil them; tests use the fakes of ``testing``."""

from __future__ import annotations

from typing import Protocol

from nixernetes.cluster.api import Api, Event
from nixernetes.errors import RemoteError
from nixernetes.objects.manifest import Manifest
from nixernetes.render.charts import ChartRenderer, ChartRepositories
from nixernetes.render.credentials import ANONYMOUS, Credentials
from nixernetes.render.oci import OciArtifact, OciRef, OciRegistries
from nixernetes.render.sources import Ref, Snapshot, Source

__all__ = [
    "Api",
    "ChartRenderer",
    "ChartRepositories",
    "Event",
    "NoRegistries",
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


class NoRegistries:
    """The registries of a world that reaches none: every question fails, and says so."""

    def resolve(self, url: str, ref: OciRef, credentials: Credentials = ANONYMOUS) -> str:
        """Refuse.

        Raises:
            RemoteError: always.

        """
        return self.artifact(url, ref, credentials).revision

    def artifact(
        self, url: str, ref: OciRef, credentials: Credentials = ANONYMOUS, *, media_type: str = ""
    ) -> OciArtifact:
        """Refuse.

        Raises:
            RemoteError: always.

        """
        del ref, credentials, media_type
        raise RemoteError("OCI registries are not reached from here", subject=url)
