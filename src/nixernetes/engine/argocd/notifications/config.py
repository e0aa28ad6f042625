"""ConfigMap argocd-notifications-cm, decoded: services, triggers, templates, subscriptions."""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from nixernetes.cluster.api import Reader
from nixernetes.engine.argocd.namespace import namespace_of
from nixernetes.errors import InputError
from nixernetes.languages.labels import selectors as label_selectors
from nixernetes.objects import yamls
from nixernetes.objects.identity import ObjectKey
from nixernetes.objects.manifest import Json, Manifest, annotations_of, labels_of
from nixernetes.objects.well_known import ARGOCD_NAMESPACE

__all__ = ["Config", "NotificationRecipient", "Service", "load", "subscriptions"]

CONFIG = ObjectKey("", "ConfigMap", ARGOCD_NAMESPACE, "argocd-notifications-cm")
SECRET = ObjectKey("", "Secret", ARGOCD_NAMESPACE, "argocd-notifications-secret")
_SUBSCRIBE = "notifications.argoproj.io/subscribe."


@dataclass(frozen=True, slots=True, order=True)
class NotificationRecipient:
    """Whom to tell of what: a trigger, a service and a recipient."""

    trigger: str
    service: str
    recipient: str


@dataclass(frozen=True, slots=True)
class Service:
    """A service: its type, its own name (or ``""``), and its settings."""

    kind: str
    name: str
    settings: Json


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """The configuration."""

    services: Mapping[str, Service] = field(default_factory=dict)
    triggers: Mapping[str, Json] = field(default_factory=dict)
    templates: Mapping[str, Json] = field(default_factory=dict)
    subscriptions: tuple[Json, ...] = ()
    default_triggers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    context: Mapping[str, Json] = field(default_factory=dict)
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)

    def secret(self, value: Json) -> Json:
        """Return JSON data with every ``$key`` replaced by the Secret's value; an unknown key stays as it is."""
        if isinstance(value, dict):
            return {key: self.secret(item) for key, item in value.items()}
        if isinstance(value, list):
            return [self.secret(item) for item in value]
        if not isinstance(value, str):
            return value
        return re.sub(r"\$([\w.-]+)", lambda match: self.secrets.get(match[1], match[0]), value)


def load(api: Reader) -> Config | None:
    """Read the configuration; None when there is none.

    Raises:
        InputError: a value cannot be read; the message names its key.

    """
    found = api.get(CONFIG._replace(namespace=namespace_of(api)))
    if found is None:
        return None
    try:
        return _decode(api, found)
    except (AttributeError, TypeError, ValueError) as error:
        raise InputError(f"cannot be read: {error}", subject=str(CONFIG)) from error


def _decode(api: Reader, found: Manifest) -> Config:
    data: Mapping[str, str] = found.get("data") or {}
    parsed = {key: _parse(key, text) for key, text in sorted(data.items())}
    defaults = {
        key.partition(".")[2]: tuple(value or ())
        for key, value in parsed.items()
        if key.split(".")[0] == "defaultTriggers"
    }
    return Config(
        services=_services(_section(parsed, "service.")),
        triggers=_section(parsed, "trigger."),
        templates=_section(parsed, "template."),
        subscriptions=tuple(parsed.get("subscriptions") or ()),
        default_triggers=defaults,
        context=parsed.get("context") or {},
        secrets=_secrets(api),
    )


def _parse(key: str, text: str) -> Json:
    try:
        return yamls.parse(text)
    except InputError as error:
        raise InputError(f"{key}: {error.message}", subject=str(CONFIG)) from error


def _section(parsed: Mapping[str, Json], prefix: str) -> dict[str, Json]:
    return {key[len(prefix) :]: value for key, value in parsed.items() if key.startswith(prefix)}


def _services(section: Mapping[str, Json]) -> dict[str, Service]:
    """Return the services by the name that subscriptions use: the own one of ``service.<type>.<name>``, or the type."""
    found = {}
    for key, settings in section.items():
        kind, _, name = key.partition(".")
        found[name or kind] = Service(kind, name, settings or {})
    return found


def _secrets(api: Reader) -> dict[str, str]:
    secret = api.get(SECRET._replace(namespace=namespace_of(api))) or {}
    encoded = {
        key: base64.b64decode(text).decode("utf-8", "replace") for key, text in (secret.get("data") or {}).items()
    }
    return {**encoded, **(secret.get("stringData") or {})}


def subscriptions(config: Config, app: Manifest, project: Manifest | None) -> list[NotificationRecipient]:
    """Return whom to tell about an Application: by its annotations, its project's, and the global subscriptions."""
    found: set[NotificationRecipient] = set()
    for obj in (app, project or {}):
        for name, text in annotations_of(obj).items():
            if name.startswith(_SUBSCRIBE):
                found |= _annotated(config, name[len(_SUBSCRIBE) :], text)
    for entry in config.subscriptions:
        if label_selectors.matches(str(entry.get("selector") or ""), labels_of(app)):
            for recipient in entry.get("recipients") or []:
                service, _, address = recipient.partition(":")
                for trigger in entry.get("triggers") or _defaults(config, service):
                    found.add(NotificationRecipient(trigger, service, address))
    return sorted(found)


def _annotated(config: Config, name: str, text: str) -> set[NotificationRecipient]:
    trigger, _, service = name.partition(".")
    recipients = [part.strip() for part in text.split(";")]
    if not service:
        return {NotificationRecipient(found, trigger, to) for found in _defaults(config, trigger) for to in recipients}
    return {NotificationRecipient(trigger, service, to) for to in recipients}


def _defaults(config: Config, service: str) -> tuple[str, ...]:
    return config.default_triggers.get(service) or config.default_triggers.get("") or ()
