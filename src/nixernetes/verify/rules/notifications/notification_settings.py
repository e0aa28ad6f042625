"""``notification-settings``: what Argo CD is to tell is configured: triggers, templates, services, expressions.

What the notifications controller would say: argocd-notifications-cm must be readable as a whole, else nothing is sent
at all, and what subscriptions, annotations and triggers name must be in it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from nixernetes.engine.argocd.notifications.services.table import SERVICE_TYPES
from nixernetes.engine.argocd.notifications.settings import NotificationSettings, settings_of
from nixernetes.engine.argocd.notifications.subscribers import NotificationRecipient, annotated, listed
from nixernetes.errors import InputError
from nixernetes.languages import expr
from nixernetes.objects.fields import at, items_at, text_at
from nixernetes.objects.identity import ObjectKey
from nixernetes.objects.kinds import APP_PROJECT, APPLICATION, CONFIG_MAP, SECRET
from nixernetes.objects.manifest import Json, Manifest, annotations_of
from nixernetes.verify.findings import Severity
from nixernetes.verify.hints import meant
from nixernetes.verify.objects import ClusterObjects, Placed
from nixernetes.verify.platform_view import PlatformView
from nixernetes.verify.rule import Found, Rule

__all__ = ["RULE"]

_NAME: Final = "argocd-notifications-cm"
_SECRET: Final = "argocd-notifications-secret"  # noqa: S105  # the name of an object
_PARAMETERS: Final = "argocd-cmd-params-cm"
_SELF_SERVICE: Final = "notificationscontroller.selfservice.enabled"


def _check(view: PlatformView) -> Iterator[Found]:
    for cluster in view.clusters:
        for item in cluster.of(CONFIG_MAP):
            if item.key.name == _NAME and not item.seal:
                yield from _settings(cluster, item)


def _settings(cluster: ClusterObjects, item: Placed) -> Iterator[Found]:
    try:
        settings = settings_of(item.manifest, None)
    except InputError as error:
        key = error.message.partition(": ")[2].partition(":")[0].partition(" ")[0]
        data = item.manifest.get("data")
        path = ("data", key) if isinstance(data, dict) and key in data else ("data",)
        yield Found(cluster=cluster, subject=item, message=f"{error.message}: nothing is sent at all", path=path)
        return
    yield from _services(cluster, item, settings)
    yield from _triggers(cluster, item, settings)
    is_alone = not text_at(item.manifest, "data", "config.yaml") and not _has_old_services(cluster, item)
    for found in listed(settings) if is_alone else ():
        yield from _named(cluster, item, settings, found, ("data", "subscriptions"))
    if not is_alone or _is_self_service(cluster, item) or cluster.may_have(item.namespace):
        return
    for each in (*cluster.of(APPLICATION), *cluster.of(APP_PROJECT)):
        for name in sorted(annotations_of(each.manifest)):
            for recipient in annotated(settings, _only(each.manifest, name)):
                where = ("metadata", "annotations", name)
                yield from _named(cluster, each, settings, recipient, where, Severity.WARNING)


def _only(manifest: Manifest, name: str) -> Manifest:
    """Return an object that has one annotation alone."""
    return {"metadata": {"annotations": {name: annotations_of(manifest)[name]}}}


def _has_old_services(cluster: ClusterObjects, item: Placed) -> bool:
    """Tell whether the Secret names services by itself, as it did of old."""
    found = cluster.get(ObjectKey(*SECRET, item.namespace, _SECRET))
    return found is not None and any(
        isinstance(found.manifest.get(part), dict) and "notifiers.yaml" in found.manifest[part]
        for part in ("data", "stringData")
    )


def _is_self_service(cluster: ClusterObjects, item: Placed) -> bool:
    found = cluster.get(ObjectKey(*CONFIG_MAP, item.namespace, _PARAMETERS))
    return found is not None and text_at(found.manifest, "data", _SELF_SERVICE) == "true"


def _services(cluster: ClusterObjects, item: Placed, settings: NotificationSettings) -> Iterator[Found]:
    for key in sorted(item.manifest.get("data") or {}):
        if key.startswith("service.") and key.split(".")[1] not in SERVICE_TYPES:
            kind = key.split(".")[1]
            known = meant(kind, sorted(SERVICE_TYPES))
            message = f"service type '{kind}' is not supported, and nothing is sent at all{known}"
            yield Found(cluster=cluster, subject=item, message=message, path=("data", key))
    del settings


def _triggers(cluster: ClusterObjects, item: Placed, settings: NotificationSettings) -> Iterator[Found]:
    for name in sorted(settings.triggers):
        path = ("data", f"trigger.{name}")
        for condition in settings.triggers[name]:
            for field in ("when", "oncePer"):
                problem = _unreadable(at(condition, field))
                if problem:
                    message = f"{field} cannot be read, and nothing is sent at all: {problem}"
                    yield Found(cluster=cluster, subject=item, message=message, path=path)
            for template in items_at(condition, "send"):
                if template not in settings.templates:
                    hint = meant(str(template), sorted(settings.templates))
                    message = f"it sends the template {template}, which does not exist{hint}"
                    yield Found(cluster=cluster, subject=item, message=message, path=path)


def _unreadable(text: Json) -> str:
    """Return why an expression is broken; what is only not supported here is not broken."""
    if not isinstance(text, str) or not text:
        return ""
    try:
        expr.read(text)
    except expr.ExpressionError as error:
        return "" if "not supported" in error.message else error.message
    return ""


def _named(  # who names what, and where
    cluster: ClusterObjects,
    subject: Placed,
    settings: NotificationSettings,
    recipient: NotificationRecipient,
    path: tuple[str, ...],
    severity: Severity | None = None,
) -> Iterator[Found]:
    for what, name, known in (
        ("trigger", recipient.trigger, settings.triggers),
        ("service", recipient.service, settings.services),
    ):
        if name and name not in known:
            message = f"the {what} {name} is not in {_NAME}, so nothing is sent{meant(name, sorted(known))}"
            yield Found(cluster=cluster, subject=subject, message=message, path=path, severity=severity)


RULE: Final = Rule(
    name="notification-settings",
    topic="notification",
    severity=Severity.ERROR,
    sentence="Triggers, templates and services that are named are in argocd-notifications-cm, and can be read.",
    check=_check,
)
