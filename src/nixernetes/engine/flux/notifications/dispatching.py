"""From an event and an Alert to what its Provider is sent (``getNotificationParams`` of ``event_handlers.go``)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from urllib.parse import quote, urlsplit

from nixernetes.cluster.api import Reader
from nixernetes.engine.events import RecordedEvent
from nixernetes.engine.flux.admission import read
from nixernetes.engine.flux.notifications.providers.commit_status_ids import default_status, expressed_status
from nixernetes.engine.flux.notifications.providers.dispatches import (
    LONGEST_MESSAGE,
    Dispatch,
    Login,
    ProviderError,
    event_of,
    login_of,
)
from nixernetes.engine.flux.notifications.providers.table import (
    begins,
    is_commit_status,
    is_dropped,
    may_hold_secret,
)
from nixernetes.engine.notices.requests import Channel, Parcel, Resending
from nixernetes.engine.notices.showing import behind_host
from nixernetes.engine.outbox import Notice
from nixernetes.gitops.flux.notifications.alert import Alert
from nixernetes.gitops.flux.notifications.provider import Provider
from nixernetes.objects import kinds
from nixernetes.objects.durations import parse_duration
from nixernetes.objects.fields import text_at
from nixernetes.objects.identity import ObjectKey
from nixernetes.objects.manifest import Manifest
from nixernetes.render.references import reader

__all__ = ["notice_of", "parcel_of"]

_RESENDING = Resending(times=4, first_seconds=2, last_seconds=30)  # client.go
_TIMEOUT_SECONDS = 15.0
_SCHEMES = ("http", "https", "socks5")


def parcel_of(
    api: Reader, alert: Manifest, spec: Alert, event: RecordedEvent, metadata: Mapping[str, str]
) -> Parcel | None:
    """Return what the Provider of an Alert is sent, None where it does not hear of such events.

    Args:
        api: the cluster.
        alert: the Alert.
        spec: the Alert, read.
        event: what happened.
        metadata: what is told of it besides.

    Raises:
        ProviderError: the Provider cannot be used as it is written.

    """
    found = api.get(ObjectKey(*kinds.PROVIDER, spec.namespace or "", spec.provider_ref.name))
    if found is None:
        missing = f'Provider.{kinds.PROVIDER.group} "{spec.provider_ref.name}" not found'
        raise ProviderError(f"failed to read provider: {missing}")
    decoded = read(Provider, found)
    provider = decoded.resource
    if provider is None:
        raise ProviderError(f"provider '{spec.namespace}/{spec.provider_ref.name}': {decoded.fault}")
    if provider.suspend or is_dropped(provider.type, event):
        return None
    dispatch = Dispatch(
        provider=provider,
        uid=text_at(found, "metadata", "uid"),
        event=event,
        metadata=metadata,
        alert=(spec.namespace or "", spec.name or "", text_at(alert, "metadata", "uid")),
    )
    status = _status(dispatch, found, alert)
    try:
        return _parcel(api, dispatch, status)
    except ProviderError as error:
        text = f"failed to initialize notifier for provider '{provider.name}': {error.message}"
        raise ProviderError(text) from error


def _status(dispatch: Dispatch, found: Manifest, alert: Manifest) -> str:
    if not is_commit_status(dispatch.provider.type):
        return ""
    if dispatch.provider.commit_status_expr:
        return expressed_status(dispatch.provider, event_of(dispatch), alert, found)
    return default_status(dispatch.uid, dispatch.event.key)


def _parcel(api: Reader, before: Dispatch, status: str) -> Parcel:
    provider = before.provider
    secret = _secret(api, provider, provider.secret_ref.name) if provider.secret_ref is not None else {}
    login = login_of(secret) if provider.secret_ref is not None else Login()
    address = secret["address"].strip() if "address" in secret else provider.address or ""
    proxy = _proxy(api, provider, secret)
    trust = _secret(api, provider, provider.cert_secret_ref.name) if provider.cert_secret_ref is not None else {}
    if provider.cert_secret_ref is None and is_commit_status(provider.type):
        trust = secret
    dispatch = replace(before, address=address, login=login, commit_status=status)
    place = behind_host(address) if "address" in secret or may_hold_secret(provider.type) else ""
    hidden = {*secret.values(), *login.headers.values(), place, *_logins(address)}
    return Parcel(
        exchange=begins(dispatch),
        channel=Channel(
            seconds=_seconds(provider),
            resending=_RESENDING,
            proxy=proxy,
            ca=trust.get("ca.crt", ""),
            certificate=trust.get("tls.crt", ""),
            key=trust.get("tls.key", ""),
        ),
        hidden=frozenset(filter(None, hidden)),
    )


def _logins(address: str) -> tuple[str, ...]:
    try:
        parts = urlsplit(address)
    except ValueError:
        return ()
    return tuple(filter(None, (parts.password, parts.username)))


def _proxy(api: Reader, provider: Provider, secret: Mapping[str, str]) -> str:
    if provider.proxy_secret_ref is None:
        return secret["proxy"].strip() if "proxy" in secret else provider.proxy or ""
    data = _secret(api, provider, provider.proxy_secret_ref.name)
    try:
        parts = urlsplit(data.get("address", ""))
        host = parts.netloc.rpartition("@")[2]
    except ValueError:
        raise ProviderError("failed to get proxy URL: the address of the proxy is not a URL") from None
    if not host or parts.scheme not in _SCHEMES:
        raise ProviderError(f"failed to get proxy URL: address in its Secret must begin with {', '.join(_SCHEMES)}")
    user = ":".join(quote(data[name], safe="") for name in ("username", "password") if name in data)
    return parts._replace(netloc=f"{user}@{host}" if user else parts.netloc).geturl()


def _secret(api: Reader, provider: Provider, name: str) -> Mapping[str, str]:
    data = reader(api.get)("Secret", provider.namespace or "", name)
    if data is None:
        raise ProviderError(f"failed to get secret '{provider.namespace}/{name}': secrets \"{name}\" not found")
    return data


def _seconds(provider: Provider) -> float:
    return parse_duration(provider.timeout).total_seconds() if provider.timeout else _TIMEOUT_SECONDS


def notice_of(alert: Alert, event: RecordedEvent) -> Notice:
    """Return what a notification is about."""
    return Notice(
        time=event.time,
        cluster=event.cluster,
        key=event.key,
        reason=event.reason,
        message=event.message[:LONGEST_MESSAGE],
        receiver=str(ObjectKey(*kinds.PROVIDER, alert.namespace or "", alert.provider_ref.name)),
    )
