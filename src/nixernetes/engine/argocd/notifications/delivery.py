"""Messages of the two services that are delivered: webhook and slack."""

from __future__ import annotations

import base64
from dataclasses import dataclass

from nixernetes.engine.argocd.notifications.config import Config, NotificationRecipient
from nixernetes.engine.outbox import Notice, Outbox
from nixernetes.errors import InputError
from nixernetes.languages import gotemplates
from nixernetes.objects import yamls
from nixernetes.objects.fields import at, mapping_at, objects_at, text_at
from nixernetes.objects.manifest import Json, Manifest

__all__ = ["NotificationMessage", "deliver", "message"]

_SLACK = "https://slack.com/api"


@dataclass(frozen=True, slots=True, kw_only=True)
class NotificationMessage:
    """What is posted where; the headers may hold secrets and are never shown."""

    url: str
    headers: tuple[tuple[str, str], ...]
    body: Json


def message(config: Config, destination: NotificationRecipient, template: str, app: Manifest) -> NotificationMessage:
    """Return the message of a template to a destination.

    Raises:
        InputError: the service, the template, or something that they use is missing or not supported.

    """
    block = config.templates.get(template)
    if block is None:
        raise InputError(f"notification template {template} is not configured")
    service = config.services.get(destination.service)
    if service is None:
        raise InputError(f"notification service {destination.service} is not configured")
    data = {
        "app": app,
        "context": dict(config.context),
        "serviceType": service.kind,
        "recipient": destination.recipient,
        "secrets": dict(config.secrets),
    }
    settings = config.secret(service.settings)
    if service.kind == "webhook":
        return _webhook(settings, block, service.name, data)
    if service.kind == "slack":
        return _slack(settings, block, destination.recipient, data)
    raise InputError(f"notification service {service.kind} is not delivered here: use webhook or slack")


def deliver(outbox: Outbox, notice: Notice, item: NotificationMessage) -> None:
    """Post a message.

    Raises:
        RemoteError: it was not accepted.

    """
    outbox.send(notice, item.url, dict(item.headers), item.body)


def _webhook(service: Json, block: Json, name: str, data: Json) -> NotificationMessage:
    part = at(block, "webhook", name)
    if part is None:
        raise InputError(f"the notification template says nothing for webhook {name}: add webhook.{name}")
    method = text_at(part, "method") or "POST"
    if method.upper() != "POST":
        raise InputError(f"webhook {name} uses method {method}: only POST is delivered here")
    headers = {text_at(item, "name"): text_at(item, "value") for item in objects_at(service, "headers")}
    login = mapping_at(service, "basicAuth")
    if login:
        pair = f"{text_at(login, 'username')}:{text_at(login, 'password')}".encode()
        headers["Authorization"] = f"Basic {base64.b64encode(pair).decode()}"
    path = gotemplates.render(text_at(part, "path"), data)
    url = text_at(service, "url").rstrip("/") + ("/" + path.lstrip("/") if path else "")
    body = gotemplates.render(text_at(part, "body"), data)
    return NotificationMessage(url=url, headers=tuple(headers.items()), body=body)


def _slack(service: Json, block: Json, channel: str, data: Json) -> NotificationMessage:
    body: Json = {"channel": channel, "text": gotemplates.render(text_at(block, "message"), data)}
    for name in ("attachments", "blocks"):
        text = text_at(block, "slack", name)
        if text:
            body[name] = yamls.parse(gotemplates.render(text, data))
    for name in ("username", "icon"):
        if text_at(service, name):
            body["icon_emoji" if name == "icon" else name] = service[name]
    headers = (("Authorization", f"Bearer {text_at(service, 'token')}"), ("Content-Type", "application/json"))
    api = (text_at(service, "apiURL") or _SLACK).rstrip("/")
    return NotificationMessage(url=f"{api}/chat.postMessage", headers=headers, body=body)
