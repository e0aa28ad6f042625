"""What was deleted from the clusters of what deliveries had brought: said, because nobody sees what is gone."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from nixernetes.cluster.api import Event, EventType
from nixernetes.engine.owners import owner_of
from nixernetes.objects.clocks import Clock
from nixernetes.objects.identity import ObjectKey, key_of

__all__ = ["Removal", "Removals"]

_KEPT: Final = 1_000  # a view shows the latest; older ones are only counted


@dataclass(frozen=True, slots=True, kw_only=True)
class Removal:
    """One object that is gone.

    Attributes:
        time: when it went.
        cluster: the cluster that held it.
        key: the object.
        owner: the delivery that had brought it.

    """

    time: datetime
    cluster: str
    key: ObjectKey
    owner: str


class Removals:
    """Takes note of what goes; beyond a thousand, the oldest are forgotten and only counted.

    Args:
        clock: where time comes from.

    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._recent: deque[Removal] = deque(maxlen=_KEPT)
        self.count = 0

    @property
    def recent(self) -> list[Removal]:
        """The latest, oldest first."""
        return list(self._recent)

    def on_event(self, cluster: str, event: Event) -> None:
        """Take note of one change of a cluster."""
        if event.type is not EventType.DELETED:
            return
        owner = owner_of(event.object)
        if owner is not None:
            self.count += 1
            removal = Removal(time=self._clock.now(), cluster=cluster, key=key_of(event.object), owner=str(owner))
            self._recent.append(removal)
