"""Events as controllers emit them: who is concerned, how grave, why, and what happened.

The recorder keeps the latest ones for views and hands each to its subscribers (Flux's notification-controller, Argo
CD's notifications, the live view). Events are facts about the past: no reconciler reads them to decide anything.
What Flux calls a trace goes to Kubernetes alone, and to nobody who is notified.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from nixernetes.engine.logs.kept import ControllerLogs
from nixernetes.objects.clocks import Clock
from nixernetes.objects.identity import ObjectKey, key_of
from nixernetes.objects.manifest import Manifest

__all__ = ["EventKind", "RecordedEvent", "Recorder"]

EventKind = Literal["Normal", "Warning"]

_KEPT = 2_000  # a busy platform's last minutes; older ones are of no use to a view


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedEvent:
    """One event.

    Attributes:
        time: when it was emitted.
        type: Normal or Warning.
        reason: one word in CamelCase.
        message: what happened, in words.
        api_version: the involved object's apiVersion.
        key: the involved object.
        uid: the involved object's uid, or ``""``.
        resource_version: the involved object's resourceVersion, or ``""``.
        annotations: metadata such as the revision.
        controller: who emitted it, for example ``kustomize-controller``.
        cluster: the cluster that holds the involved object.

    """

    time: datetime
    type: EventKind
    reason: str
    message: str
    api_version: str
    key: ObjectKey
    uid: str = ""
    resource_version: str = ""
    annotations: Mapping[str, str] = field(default_factory=dict)
    controller: str = ""
    cluster: str = ""


class Recorder:
    """Records events and tells its subscribers.

    Args:
        clock: where time comes from.
        keep: how many of the latest events stay in ``recent``.
        logs: the logs of the controllers that record here; default: nothing is kept.

    """

    def __init__(self, clock: Clock, keep: int = _KEPT, logs: ControllerLogs | None = None) -> None:
        self._clock = clock
        self.logs = logs or ControllerLogs(clock)
        self._recent: deque[RecordedEvent] = deque(maxlen=keep)
        self._subscribers: list[Callable[[RecordedEvent], None]] = []
        self._tracers: list[Callable[[RecordedEvent], None]] = []

    @property
    def recent(self) -> list[RecordedEvent]:
        """The latest events, oldest first."""
        return list(self._recent)

    def subscribe(self, callback: Callable[[RecordedEvent], None]) -> None:
        """Call back with each event from now on; the callback must only take note."""
        self._subscribers.append(callback)

    def subscribe_all(self, callback: Callable[[RecordedEvent], None]) -> None:
        """Call back with each event from now on, and with each trace."""
        self._subscribers.append(callback)
        self._tracers.append(callback)

    def trace(
        self,
        involved: Manifest,
        reason: str,
        message: str,
        annotations: Mapping[str, str],
        *,
        controller: str,
        cluster: str,
    ) -> None:
        """Tell what nobody is notified of (``EventTypeTrace`` of Flux), where anybody listens."""
        if self._tracers:
            told = self._recorded(involved, "Normal", reason, message, annotations, controller, cluster)
            for tracer in self._tracers:
                tracer(told)

    def event(  # noqa: PLR0913 - the signature of client-go's AnnotatedEventf, and where it came from
        self,
        involved: Manifest,
        type: EventKind,  # noqa: A002 - the field's name in Kubernetes
        reason: str,
        message: str,
        annotations: Mapping[str, str] | None = None,
        *,
        controller: str = "",
        cluster: str = "",
    ) -> RecordedEvent:
        """Record one event and return it."""
        recorded = self._recorded(involved, type, reason, message, annotations or {}, controller, cluster)
        self._recent.append(recorded)
        for subscriber in self._subscribers:
            subscriber(recorded)
        return recorded

    def _recorded(  # noqa: PLR0913, PLR0917 - see event
        self,
        involved: Manifest,
        kind: EventKind,
        reason: str,
        message: str,
        annotations: Mapping[str, str],
        controller: str,
        cluster: str,
    ) -> RecordedEvent:
        meta = involved.get("metadata") or {}
        return RecordedEvent(
            time=self._clock.now(),
            type=kind,
            reason=reason,
            message=message,
            api_version=involved.get("apiVersion", ""),
            key=key_of(involved),
            uid=meta.get("uid", ""),
            resource_version=meta.get("resourceVersion", ""),
            annotations=dict(annotations),
            controller=controller,
            cluster=cluster,
        )
