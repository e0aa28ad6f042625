"""What controllers tell as events stands in their logs, too."""

from __future__ import annotations

from nixernetes.engine.events import RecordedEvent
from nixernetes.engine.logs.kept import ControllerLogs, LogLine

__all__ = ["write_event"]


def write_event(logs: ControllerLogs, event: RecordedEvent) -> None:
    """Write what a controller told into its log.

    Flux's controllers log a warning as an error, which is its reason (``eventLogf`` of source-controller); Argo CD's
    audit log has type and reason as fields.
    """
    is_argocd, is_bad = event.controller.startswith("argocd-"), event.type == "Warning"
    logs.add(
        event.cluster,
        event.controller,
        LogLine(
            time=event.time,
            level="error" if is_bad and not is_argocd else "info",
            message=event.message,
            key=event.key,
            error=event.reason if is_bad and not is_argocd else "",
            fields={"reason": event.reason, "type": event.type, **event.annotations} if is_argocd else {},
        ),
    )
