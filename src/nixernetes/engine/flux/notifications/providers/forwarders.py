"""The event itself, as it is: to a webhook, signed or not, and to queues that are not HTTP."""

from __future__ import annotations

import hashlib
import hmac

from nixernetes.engine.flux.notifications.providers.dispatches import Dispatch, ProviderError, event_body
from nixernetes.engine.notices.encoding import JSON_BODY
from nixernetes.engine.notices.requests import Exchange, ForeignMessage, WebRequest, accepted

__all__ = ["event_hub", "generic", "generic_hmac", "nats", "pubsub"]


def generic(dispatch: Dispatch) -> Exchange:
    """Post the event, with the headers of the Secret."""
    headers = {**JSON_BODY, "Gotk-Component": dispatch.event.controller, **dispatch.login.headers}
    accepted((yield WebRequest(url=dispatch.address, headers=headers, body=event_body(dispatch))))


def generic_hmac(dispatch: Dispatch) -> Exchange:
    """Post the event with the signature of its bytes."""
    if not dispatch.login.token:
        raise ProviderError("HMAC key is empty: the provider's Secret has no token to sign with")
    body = event_body(dispatch)
    digest = hmac.new(dispatch.login.token.encode(), body, hashlib.sha256).hexdigest()
    headers = {**JSON_BODY, "Gotk-Component": dispatch.event.controller, **dispatch.login.headers}
    request = WebRequest(url=dispatch.address, headers={**headers, "X-Signature": f"sha256={digest}"}, body=body)
    accepted((yield request))


def nats(dispatch: Dispatch) -> Exchange:
    """Publish the event under a subject."""
    if not dispatch.address:
        raise ProviderError("NATS server (address) cannot be empty")
    if not dispatch.channel:
        raise ProviderError("NATS subject (channel) cannot be empty")
    data = dispatch.login.data
    keyed = next((name for name in ("creds", "nkey") if data.get(name)), "")
    login = ("", "") if keyed else (dispatch.username, dispatch.login.password)
    yield ForeignMessage(
        protocol=f"NATS with {keyed}" if keyed else "NATS",
        address=dispatch.address,
        subject=dispatch.channel,
        body=event_body(dispatch),
        login=login if all(login) else ("", ""),
    )


def pubsub(dispatch: Dispatch) -> Exchange:
    """Publish the event in a topic of a project; headers of the Secret are its attributes."""
    if not dispatch.address:
        raise ProviderError("GCP project ID cannot be empty")
    if not dispatch.channel:
        raise ProviderError("GCP Pub/Sub topic ID cannot be empty")
    yield ForeignMessage(
        protocol="Google Pub/Sub",
        address=f"projects/{dispatch.address}/topics/{dispatch.channel}",
        headers=dispatch.login.headers,
        body=event_body(dispatch),
    )


def event_hub(dispatch: Dispatch) -> Exchange:
    """Send the event to an event hub, by AMQP."""
    if not dispatch.address:
        raise ProviderError("invalid authentication options: endpoint URL cannot be empty")
    account = dispatch.provider.service_account_name or ""
    signed = "SharedAccessKey" in dispatch.address
    if signed and (account or dispatch.login.token):
        other = "serviceAccountName" if account else "jwt token"
        raise ProviderError(
            f"invalid authentication options: {other} and SAS authentication cannot be set at the same time"
        )
    if account and dispatch.login.token:
        raise ProviderError(
            "invalid authentication options: serviceAccountName and jwt token authentication cannot be set at the same "
            "time"
        )
    space = dispatch.channel if ".servicebus." in dispatch.channel else f"{dispatch.channel}.servicebus.windows.net"
    yield ForeignMessage(
        protocol="AMQP to Azure Event Hubs",
        address=dispatch.address if signed else f"sb://{space}/{dispatch.address}",
        body=event_body(dispatch),
    )
