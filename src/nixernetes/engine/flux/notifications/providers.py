"""What a provider is sent: generic, generic-hmac and slack (Flux, section 11.4). Other types are refused by name."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass

from nixernetes.engine.events import RecordedEvent
from nixernetes.engine.outbox import Notice, Outbox
from nixernetes.errors import InputError, NixernetesError
from nixernetes.gitops.flux.notifications.provider import Provider
from nixernetes.objects import yamls
from nixernetes.objects.clocks import timestamp
from nixernetes.objects.manifest import Json, Manifest

__all__ = ["Message", "ProviderError", "deliver", "is_muted"]

_SLACK_API = "https://slack.com/api/chat.postMessage"
_LONGEST = 39_000


class ProviderError(NixernetesError):
    """A provider cannot be used as it is written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One event for one provider.

    Attributes:
        provider: who is told.
        secret: the data of its Secret; None where it has none, or it is not there.
        event: what happened.
        metadata: what replaces the event's own, where there is any.

    """

    provider: Provider
    secret: Mapping[str, str] | None
    event: RecordedEvent
    metadata: dict[str, str]


def is_muted(provider: Provider, event: RecordedEvent) -> bool:
    """Tell whether a provider never hears of an event: only the generic types get commit-status updates."""
    updates = any(name.endswith("/commit_status") and text == "update" for name, text in event.annotations.items())
    return updates and not provider.type.startswith("generic")


def deliver(outbox: Outbox, delivery: Message) -> None:
    """Post one event.

    Raises:
        ProviderError: the type is not implemented, or the address or the token is missing.
        RemoteError: it was not accepted.

    """
    kind = delivery.provider.type
    if kind not in ("generic", "generic-hmac", "slack"):
        raise ProviderError(
            f"provider type {kind!r} is not implemented by this engine: use generic, generic-hmac or slack"
        )
    secret = _secret(delivery)
    address = secret.get("address") or delivery.provider.address or ""
    if not address:
        raise ProviderError("the provider has no address: set spec.address, or address in its Secret")
    if kind == "slack":
        _slack(outbox, delivery, address, secret.get("token", ""))
    else:
        _generic(outbox, delivery, address, secret)


def _generic(outbox: Outbox, delivery: Message, address: str, secret: Mapping[str, str]) -> None:
    headers = {"Content-Type": "application/json", "Gotk-Component": delivery.event.controller}
    if secret.get("headers"):
        try:
            headers |= {str(name): str(text) for name, text in yamls.parse(secret["headers"]).items()}
        except (InputError, AttributeError):
            raise ProviderError("headers in the provider's Secret is not a YAML map") from None
    body = json.dumps(_event(delivery), separators=(",", ":"))
    if delivery.provider.type == "generic-hmac":
        if not secret.get("token"):
            raise ProviderError("the provider's Secret has no token to sign with")
        digest = hmac.new(secret["token"].encode(), body.encode(), hashlib.sha256).hexdigest()
        headers["X-Signature"] = f"sha256={digest}"
    outbox.send(_notice(delivery), address, headers, body)


def _slack(outbox: Outbox, delivery: Message, address: str, token: str) -> None:
    event, spec = delivery.event, delivery.provider
    attachment: Json = {
        "color": "danger" if event.type == "Warning" else "good",
        "author_name": f"{event.key.kind.lower()}/{event.key.name}.{event.key.namespace}",
        "text": event.message,
        "mrkdwn_in": ["text"],
        "fields": [{"title": name, "value": text, "short": False} for name, text in sorted(delivery.metadata.items())],
    }
    body = {
        "channel": spec.channel or "",
        "username": spec.username or event.controller,
        "attachments": [attachment],
    }
    headers = {"Content-Type": "application/json"}
    if token and address == _SLACK_API:
        headers["Authorization"] = f"Bearer {token}"
    outbox.send(_notice(delivery), address, headers, body)


def _notice(delivery: Message) -> Notice:
    event = delivery.event
    return Notice(
        time=event.time,
        cluster=event.cluster,
        key=event.key,
        reason=event.reason,
        message=event.message[:_LONGEST],
        receiver=str(delivery.provider.key),
    )


def _event(delivery: Message) -> Manifest:
    event = delivery.event
    return {
        "involvedObject": {
            "apiVersion": event.api_version,
            "kind": event.key.kind,
            "name": event.key.name,
            "namespace": event.key.namespace,
            "uid": event.uid,
            "resourceVersion": event.resource_version,
        },
        "severity": "error" if event.type == "Warning" else "info",
        "timestamp": timestamp(event.time),
        "message": event.message[:_LONGEST],
        "reason": event.reason,
        "metadata": delivery.metadata or dict(event.annotations),
        "reportingController": event.controller,
        "reportingInstance": f"{event.controller}-0",
    }


def _secret(delivery: Message) -> Mapping[str, str]:
    ref = delivery.provider.secret_ref
    if ref is not None and delivery.secret is None:
        raise ProviderError(f"failed to read the provider's Secret {ref.name!r}: not found")
    return {} if delivery.secret is None else delivery.secret
