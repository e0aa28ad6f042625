"""Ready triggers and templates: what people most often want to be told of an Application (section 15).

Nothing is sent because of them alone: merge them into a configuration that has a service, and subscribe.
"""

from __future__ import annotations

from nixernetes.gitops.argocd.notifications.notifications import NotificationsConfig
from nixernetes.objects.manifest import Json

__all__ = ["TRIGGERS", "catalog"]

_ONCE = "app.status.operationState?.syncResult?.revision"
_PHASE = "app.status.operationState != nil and app.status.operationState.phase in"

# Trigger to (condition, once per, template, what happened, message).
TRIGGERS: dict[str, tuple[str, str | None, str, str, str]] = {
    "on-created": (
        "true",
        "app.metadata.name",
        "app-created",
        "The Application was created.",
        "{{.app.metadata.name}} was created.",
    ),
    "on-deleted": (
        "app.metadata.deletionTimestamp != nil",
        "app.metadata.name",
        "app-deleted",
        "The Application is being deleted.",
        "{{.app.metadata.name}} was deleted.",
    ),
    "on-deployed": (
        f"{_PHASE} ['Succeeded'] and app.status.health.status == 'Healthy'",
        _ONCE,
        "app-deployed",
        "A new revision is synced, and everything is healthy.",
        "{{.app.metadata.name}} runs revision {{.app.status.sync.revision}} and is healthy.",
    ),
    "on-health-degraded": (
        "app.status.health.status == 'Degraded'",
        _ONCE,
        "app-health-degraded",
        "A part of the Application is degraded.",
        "{{.app.metadata.name}} is degraded.",
    ),
    "on-sync-failed": (
        f"{_PHASE} ['Error', 'Failed']",
        _ONCE,
        "app-sync-failed",
        "A sync failed.",
        "The sync of {{.app.metadata.name}} failed: {{.app.status.operationState.message}}",
    ),
    "on-sync-running": (
        f"{_PHASE} ['Running']",
        _ONCE,
        "app-sync-running",
        "A sync has begun.",
        "The sync of {{.app.metadata.name}} began at {{.app.status.operationState.startedAt}}.",
    ),
    "on-sync-status-unknown": (
        "app.status.sync.status == 'Unknown'",
        None,
        "app-sync-status-unknown",
        "Argo CD cannot tell whether the Application is in sync.",
        "{{.app.metadata.name}} has an unknown sync status.",
    ),
    "on-sync-succeeded": (
        f"{_PHASE} ['Succeeded']",
        _ONCE,
        "app-sync-succeeded",
        "A sync succeeded.",
        "{{.app.metadata.name}} was synced at {{.app.status.operationState.finishedAt}}.",
    ),
}


def catalog() -> NotificationsConfig:
    """Return the ready triggers and templates, without any service or subscription."""
    triggers: dict[str, Json] = {}
    templates: dict[str, Json] = {}
    for name, (when, once, template, description, message) in TRIGGERS.items():
        condition = {"when": when, "send": [template], "description": description}
        triggers[name] = [condition | ({"once_per": once} if once else {})]
        templates[template] = {"message": message, "email": {"subject": f"{{{{.app.metadata.name}}}}: {description}"}}
    return NotificationsConfig(triggers=triggers, templates=templates)
