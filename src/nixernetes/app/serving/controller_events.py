"""What the controllers of a world tell, as Events of the clusters that hold what they tell of."""

from __future__ import annotations

from collections import deque
from typing import Final

from nixernetes.app.worlds import World
from nixernetes.cluster.controllers.correlating import EventNote
from nixernetes.cluster.controllers.events import ClusterEvents
from nixernetes.engine.events import RecordedEvent

__all__ = ["ControllerEvents"]

_MOST_WAITING: Final = 10_000  # nobody wants to read more of what happened between two looks
_AUDITED: Final = "argocd-application-controller"


class ControllerEvents:
    """Takes note of what is told, and writes it when asked to: who tells something is in the middle of a reconcile.

    Args:
        world: the world; what its recorder still holds is told, too.

    """

    def __init__(self, world: World) -> None:
        self._events = {name: ClusterEvents(cluster) for name, cluster in world.clusters.items()}
        self._waiting = deque(world.recorder.recent, maxlen=_MOST_WAITING)
        world.recorder.subscribe_all(self._waiting.append)

    def write(self) -> None:
        """Write what was told since the last time."""
        while self._waiting:
            told = self._waiting.popleft()
            events = self._events.get(told.cluster)
            if events is None:
                continue
            if told.controller == _AUDITED:
                events.audit(_note(told), told.time, told.annotations)
            else:
                events.record(_note(told), told.time, told.annotations)


def _note(told: RecordedEvent) -> EventNote:
    return EventNote(
        component=told.controller,
        key=told.key,
        api_version=told.api_version,
        uid=told.uid,
        resource_version=told.resource_version,
        type=told.type,
        reason=told.reason,
        message=told.message,
    )
