"""Who is told of what about an Application: its annotations, its project's, and the subscriptions of the ConfigMap.

As ``pkg/subscriptions`` of argoproj/notifications-engine (0.5.1, May 2026) reads them, and ``GetLegacyDestinations`` of
Argo CD 3.5.7, for the annotations of an AppProject alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from nixernetes.engine.argocd.notifications.settings import NotificationSettings
from nixernetes.errors import InputError
from nixernetes.languages.labels import selectors as label_selectors
from nixernetes.objects import yamls
from nixernetes.objects.fields import items_at, objects_at, text_at
from nixernetes.objects.manifest import Json, Manifest, annotations_of, labels_of

__all__ = ["NotificationRecipient", "annotated", "listed", "subscribers"]

_SUBSCRIBE: Final = "notifications.argoproj.io/subscribe."
_SUBSCRIPTIONS: Final = "notifications.argoproj.io/subscriptions"
_OLD: Final = "recipients.argocd-notifications.argoproj.io"


@dataclass(frozen=True, slots=True, order=True)
class NotificationRecipient:
    """Whom to tell of what: a trigger, a service and a recipient."""

    trigger: str
    service: str
    recipient: str


def subscribers(settings: NotificationSettings, app: Manifest, project: Manifest | None) -> list[NotificationRecipient]:
    """Return whom to tell about an Application, each once, in order.

    Raises:
        InputError: a selector of a subscription is broken.

    """
    found: set[NotificationRecipient] = set(_global(settings, app))
    found |= set(annotated(settings, app))
    if project is not None:
        found |= set(annotated(settings, project))
        found |= set(_old(settings, project))
    return sorted(found)


def _global(settings: NotificationSettings, app: Manifest) -> Iterator[NotificationRecipient]:
    for entry in settings.subscriptions:
        if label_selectors.matches(text_at(entry, "selector"), labels_of(app)):
            yield from _of_entry(settings, entry)


def listed(settings: NotificationSettings) -> Iterator[NotificationRecipient]:
    """Yield whom the subscriptions of the ConfigMap name, whichever Applications they are about."""
    for entry in settings.subscriptions:
        yield from _of_entry(settings, entry)


def _of_entry(settings: NotificationSettings, entry: Json) -> Iterator[NotificationRecipient]:
    triggers = items_at(entry, "triggers") or list(settings.default_triggers.get("", ()))
    for recipient in items_at(entry, "recipients"):
        service, *rest = str(recipient).split(":")
        for trigger in triggers:
            yield NotificationRecipient(str(trigger), service, rest[0] if rest else "")


def annotated(settings: NotificationSettings, obj: Manifest) -> Iterator[NotificationRecipient]:
    """Yield whom the annotations of an Application or an AppProject name."""
    for name, text in annotations_of(obj).items():
        if name.startswith(_SUBSCRIBE):
            trigger, *rest = name[len(_SUBSCRIBE) :].split(".")
            service = rest[0] if rest else trigger
            recipients = [part.strip() for part in text.split(";") if part.strip()] if text else [""]
            yield from _each(settings, trigger if rest else "", service, recipients)
        elif name.startswith(_SUBSCRIPTIONS):
            yield from _subscribed(settings, text)


def _subscribed(settings: NotificationSettings, text: str) -> Iterator[NotificationRecipient]:
    """Yield what the annotation ``subscriptions`` lists in YAML; one that cannot be read lists nothing."""
    try:
        found = {"all": yamls.parse(text)}
    except InputError:
        return
    for entry in objects_at(found, "all"):
        for trigger in items_at(entry, "trigger") or [""]:
            for where in objects_at(entry, "destinations"):
                recipients = [str(each) for each in items_at(where, "recipients")]
                yield from _each(settings, str(trigger), text_at(where, "service"), recipients)


def _each(
    settings: NotificationSettings, trigger: str, service: str, recipients: list[str]
) -> Iterator[NotificationRecipient]:
    defaults = settings.default_triggers
    triggers = (trigger,) if trigger else defaults.get(service, defaults.get("", ()))
    for recipient in recipients:
        for each in triggers:
            yield NotificationRecipient(each, service, recipient)


def _old(settings: NotificationSettings, project: Manifest) -> Iterator[NotificationRecipient]:
    """Yield what ``[<trigger>.]recipients.argocd-notifications.argoproj.io: <service>:<recipient>,...`` says."""
    for name, text in annotations_of(project).items():
        if not name.endswith(_OLD):
            continue
        trigger = name.removesuffix(_OLD).rstrip(".")
        for each in filter(None, map(str.strip, text.split(","))):
            service, *rest = each.split(":")
            triggers = (trigger,) if trigger else settings.default_triggers.get("", ())
            for found in settings.default_triggers.get(service, triggers):
                yield NotificationRecipient(found, service, rest[0] if rest else "")
