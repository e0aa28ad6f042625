"""ConfigMap argocd-notifications-cm and its Secret, decoded: services, triggers, templates, subscriptions.

As ``pkg/api/config.go`` of argoproj/notifications-engine (0.5.1, May 2026) and ``util/notification/settings`` of Argo
CD 3.5.7, with what they still take of older versions: ``config.yaml`` and ``notifiers.yaml``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from nixernetes.cluster.api import Reader
from nixernetes.errors import InputError
from nixernetes.objects import yamls
from nixernetes.objects.fields import at, items_at, mapping_at, objects_at, text_at, texts_in
from nixernetes.objects.identity import ObjectKey, key_of
from nixernetes.objects.manifest import Json, Manifest
from nixernetes.render.references import data_of

__all__ = ["NotificationService", "NotificationSettings", "read_settings", "settings_of"]

_NAME: Final = "argocd-notifications-cm"
_SECRET: Final = "argocd-notifications-secret"  # noqa: S105  # the name of an object
_REFERENCE: Final = re.compile(r"\$([\w-]+)", re.ASCII)
_LEGACY: Final = ("email", "slack", "opsgenie", "grafana")


@dataclass(frozen=True, slots=True)
class NotificationService:
    """A service: its type, and its settings with the secrets filled in."""

    kind: str
    settings: Json = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class NotificationSettings:
    """What a namespace says of notifications.

    Attributes:
        namespace: the namespace.
        services: by the names that subscriptions use.
        triggers: conditions by the name of the trigger.
        templates: by their names.
        subscriptions: who is told of what, besides annotations.
        default_triggers: of subscriptions that name none; ``""`` for all services.
        context: values for templates and conditions.
        secrets: the Secret's data.

    """

    namespace: str
    services: Mapping[str, NotificationService] = field(default_factory=dict)
    triggers: Mapping[str, Json] = field(default_factory=dict)
    templates: Mapping[str, Json] = field(default_factory=dict)
    subscriptions: tuple[Json, ...] = ()
    default_triggers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    context: Mapping[str, Json] = field(default_factory=dict)
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)

    @property
    def hidden(self) -> frozenset[str]:
        """What is never shown: the values of the Secret, and the texts in its ``notifiers.yaml``."""
        old = (text for service in _old_services(self.secrets).values() for text in texts_in(service.settings))
        return frozenset(filter(None, (*self.secrets.values(), *old)))

    @property
    def watches_time(self) -> bool:
        """Whether a trigger asks for the time, so that it may fire though nothing changes."""
        texts = (
            str(at(each, part) or "")
            for found in self.triggers.values()
            for each in _conditions(found)
            for part in ("when", "oncePer")
        )
        return any("Now" in text or "now(" in text for text in texts)


def read_settings(api: Reader, namespace: str) -> NotificationSettings | None:
    """Read what a namespace says; None when it says nothing.

    Raises:
        InputError: a value cannot be read; the message names its key.

    """
    key = ObjectKey("", "ConfigMap", namespace, _NAME)
    found = api.get(key)
    if found is None:
        return None
    return settings_of(found, api.get(ObjectKey("", "Secret", namespace, _SECRET)))


def settings_of(found: Manifest, secret: Manifest | None) -> NotificationSettings:
    """Return what a ConfigMap and its Secret say.

    Raises:
        InputError: a value cannot be read; the message names its key.

    """
    key = key_of(found)
    try:
        return _decoded(key.namespace, data_of(found), {} if secret is None else data_of(secret))
    except InputError as error:
        raise InputError(f"cannot be read: {error.message}", subject=str(key)) from error
    except (AttributeError, TypeError, ValueError) as error:
        raise InputError(f"cannot be read: {error}", subject=str(key)) from error


def _decoded(namespace: str, data: Mapping[str, str], secrets: Mapping[str, str]) -> NotificationSettings:
    parsed = {key: _parsed(key, text) for key, text in sorted(data.items()) if key != "config.yaml"}
    defaults = {
        key.partition(".")[2]: tuple(map(str, _list(key, value)))
        for key, value in parsed.items()
        if key.split(".")[0] == "defaultTriggers"
    }
    context = parsed.get("context")
    if not isinstance(context, dict | None):
        raise InputError("context is not a mapping")
    found = NotificationSettings(
        namespace=namespace,
        services={**_services(parsed, secrets), **_old_services(secrets)},
        triggers={name: _list(f"trigger.{name}", value) for name, value in _section(parsed, "trigger.").items()},
        templates=_section(parsed, "template."),
        subscriptions=tuple(_list("subscriptions", parsed.get("subscriptions"))),
        default_triggers=defaults,
        context={str(name): str(value) for name, value in (context or {}).items()},
        secrets=secrets,
    )
    return _with_old_settings(found, data["config.yaml"]) if data.get("config.yaml") else found


def _parsed(key: str, text: str) -> Json:
    try:
        return yamls.parse(text)
    except InputError as error:
        raise InputError(f"{key}: {error.message}") from error


def _list(key: str, value: Json) -> list[Json]:
    if value is None:
        return []
    if not isinstance(value, list):
        raise InputError(f"{key} is not a list")
    return value


def _conditions(found: Json) -> list[Json]:
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []


def _section(parsed: Mapping[str, Json], prefix: str) -> dict[str, Json]:
    return {key[len(prefix) :]: value for key, value in parsed.items() if key.startswith(prefix)}


def _services(parsed: Mapping[str, Json], secrets: Mapping[str, str]) -> dict[str, NotificationService]:
    """Return the services: a name of its own is the name of ``service.<type>.<name>``, else the type is."""
    found = {}
    for key, settings in _section(parsed, "service.").items():
        kind, _, name = key.partition(".")
        if "." in name:
            raise InputError(f"invalid service key; expected 'service.<type>(.<name>)' but got 'service.{key}'")
        found[name or kind] = NotificationService(kind, _filled(settings or {}, secrets))
    return found


def _filled(value: Json, secrets: Mapping[str, str]) -> Json:
    """Return settings with every ``$key`` in a text replaced by the Secret's value; an unknown key stays as it is."""
    if isinstance(value, dict):
        return {_filled(key, secrets): _filled(item, secrets) for key, item in value.items()}
    if isinstance(value, list):
        return [_filled(item, secrets) for item in value]
    if not isinstance(value, str):
        return value
    return _REFERENCE.sub(lambda match: secrets.get(match[1], match[0]), value)


def _old_services(secrets: Mapping[str, str]) -> dict[str, NotificationService]:
    """Return the services of ``notifiers.yaml`` in the Secret, as Argo CD Notifications 0.x had them."""
    if not secrets.get("notifiers.yaml"):
        return {}
    found = _parsed("notifiers.yaml", secrets["notifiers.yaml"])
    named = {kind: NotificationService(kind, mapping_at(found, kind)) for kind in _LEGACY if mapping_at(found, kind)}
    hooks = objects_at(found, "webhook")
    return {**named, **{text_at(each, "name"): NotificationService("webhook", each) for each in hooks}}


def _with_old_settings(found: NotificationSettings, text: str) -> NotificationSettings:
    """Return settings with those of ``config.yaml`` over them (``legacy.go``)."""
    old = _parsed("config.yaml", text)
    templates, triggers = dict(found.templates), dict(found.triggers)
    for each in objects_at(old, "templates"):
        templates[text_at(each, "name")] = _old_template(each)
    defaults = dict(found.default_triggers)
    for each in objects_at(old, "triggers"):
        name = text_at(each, "name")
        if at(each, "enabled") is True:
            defaults[""] = (*defaults.get("", ()), name)
        first, *others = _conditions(triggers.get(name)) or [{}]
        said = {"when": text_at(each, "condition"), "description": text_at(each, "description")}
        first = {**first, **{field: value for field, value in said.items() if value}}
        if text_at(each, "template"):
            first["send"] = [text_at(each, "template")]
        triggers[name] = [first, *others]
    subscriptions = items_at(old, "subscriptions")
    context = {str(name): str(value) for name, value in mapping_at(old, "context").items()}
    return replace(
        found,
        triggers=triggers,
        templates=templates,
        subscriptions=tuple(subscriptions) or found.subscriptions,
        default_triggers=defaults,
        context={**found.context, **context},
    )


def _old_template(each: Manifest) -> Manifest:
    found = {name: value for name, value in each.items() if name not in ("name", "subject", "body")}
    if text_at(each, "subject"):
        found["email"] = {**mapping_at(found, "email"), "subject": text_at(each, "subject")}
    if text_at(each, "body"):
        found["message"] = text_at(each, "body")
    return found
