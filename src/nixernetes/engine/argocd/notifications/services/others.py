"""Webhooks, mail, Pushover, NATS, Google Pub/Sub and Amazon SQS."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlencode

from nixernetes.engine.argocd.notifications.services.letters import Letter, present
from nixernetes.engine.notices.encoding import basic_login
from nixernetes.engine.notices.requests import Exchange, ForeignMessage, WebRequest, accepted
from nixernetes.errors import InputError
from nixernetes.objects.fields import at, flag_at, mapping_at, objects_at, text_at

__all__ = ["email", "nats", "pubsub", "pushover", "sqs", "webhook"]

_FORM: Final = {"Content-Type": "application/x-www-form-urlencoded"}
_PUSHOVER: Final = "https://api.pushover.net/1/messages.json"


def webhook(letter: Letter) -> Exchange:
    """Send what the template says for this webhook, or the message; with GET where it names no method."""
    url, body, method = letter.setting("url"), letter.message, "GET"
    part = at(letter.part("webhook"), letter.service)
    if isinstance(part, dict):
        body, method = text_at(part, "body"), text_at(part, "method") or method
        path = text_at(part, "path")
        url = f"{url.rstrip('/')}/{path.lstrip('/')}" if path else url
    headers = {text_at(each, "name"): text_at(each, "value") for each in objects_at(letter.settings, "headers")}
    login = mapping_at(letter.settings, "basicAuth")
    if login:
        headers["Authorization"] = basic_login(text_at(login, "username"), text_at(login, "password"))
    if any("\n" in text or "\r" in text for pair in headers.items() for text in pair) or "" in headers:
        raise InputError(f"a header of service.webhook.{letter.service} cannot be sent: it has no name, or two lines")
    accepted((yield WebRequest(method=method, url=url, headers=headers, body=body.encode(errors="replace"))))


def email(letter: Letter) -> Exchange:
    """Send mail; recipients are parted by commas."""
    part = letter.part("email")
    host, port = letter.setting("host"), at(letter.settings, "port")
    if not host or not isinstance(port, int):
        raise InputError("service.email needs host, and port, a number")
    recipients = [each.strip() for each in letter.recipient.split(",")]
    if not all(recipients):
        raise InputError("a recipient of email is missing: write subscribe.<trigger>.email: <address>")
    yield ForeignMessage(
        protocol="SMTP",
        address=f"{host}:{port}",
        subject=", ".join(recipients),
        headers={
            "Subject": text_at(part, "subject"),
            "Subtype": "html" if flag_at(letter.settings, "html") else "plain",
        },
        body=(text_at(part, "body") or letter.message).encode(errors="replace"),
        login=(letter.setting("username"), letter.setting("password")),
        sender=letter.setting("from"),
    )


def pushover(letter: Letter) -> Exchange:
    """Push a message to a user or a group."""
    form = {
        "message": letter.message,
        "priority": "0",
        "token": letter.setting("token"),
        "user": letter.recipient,
    }
    accepted((yield WebRequest(url=_PUSHOVER, headers=_FORM, body=urlencode(form).encode())))


def nats(letter: Letter) -> Exchange:
    """Publish the message under a subject."""
    keyed = bool(letter.setting("nkey"))
    login = letter.setting("username"), letter.setting("password")
    yield ForeignMessage(
        protocol="NATS with nkey" if keyed else "NATS",
        address=letter.setting("url"),
        subject=letter.recipient,
        headers={str(name): str(text) for name, text in mapping_at(letter.settings, "headers").items()},
        body=letter.message.encode(errors="replace"),
        login=login if all(login) and not keyed else ("", ""),
    )


def pubsub(letter: Letter) -> Exchange:
    """Publish the message in a topic."""
    topic = letter.recipient or letter.setting("topic")
    attributes = mapping_at(letter.part("gcppubsub"), "attributes")
    yield ForeignMessage(
        protocol="Google Pub/Sub",
        address=f"projects/{letter.setting('project')}/topics/{topic}",
        headers={str(name): str(text) for name, text in attributes.items()},
        body=letter.message.encode(errors="replace"),
    )


def sqs(letter: Letter) -> Exchange:
    """Send the message to a queue, ten seconds later."""
    part = letter.part("awssqs")
    queue = letter.recipient or letter.setting("queue")
    yield ForeignMessage(
        protocol="Amazon SQS",
        address=letter.setting("endpointUrl") or f"https://sqs.{letter.setting('region')}.amazonaws.com",
        subject="/".join(filter(None, (letter.setting("account"), queue))),
        headers={name: str(text) for name, text in present(MessageGroupId=text_at(part, "messageGroupId")).items()},
        body=letter.message.encode(errors="replace"),
    )
