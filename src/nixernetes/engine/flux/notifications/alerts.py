"""notification-controller: which event goes to whom (Flux, sections 11.1 to 11.4)."""

from __future__ import annotations

from datetime import timedelta

from nixernetes.cluster.api import Reader
from nixernetes.engine.events import RecordedEvent, Recorder
from nixernetes.engine.flux.admission import read
from nixernetes.engine.flux.controller import NOT_VERIFIED
from nixernetes.engine.flux.notifications.providers import Message, ProviderError, deliver, is_muted
from nixernetes.engine.outbox import Outbox
from nixernetes.errors import NixernetesError, RemoteError
from nixernetes.gitops.flux.flux_references import EventSource
from nixernetes.gitops.flux.notifications.alert import Alert
from nixernetes.gitops.flux.notifications.provider import Provider
from nixernetes.languages.regexes import linear
from nixernetes.objects import kinds, selectors
from nixernetes.objects.identity import ObjectKey
from nixernetes.objects.manifest import Manifest, labels_of
from nixernetes.objects.well_known import FLUX_EVENT_PREFIX
from nixernetes.render.references import reader

__all__ = ["Alerts"]

_QUIET = timedelta(minutes=5)  # --rate-limit-interval
_CONTROLLER = "notification-controller"
_FAILED = "NotificationDispatchFailed"
_TRACE = ("GitOperationSucceeded", "ArtifactUpToDate", "GarbageCollectionSucceeded", NOT_VERIFIED)


class _AlertError(NixernetesError):
    """An Alert cannot do what it is for: the reason of the event that says so, and the text."""

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason


class Alerts:
    """Hands the events of one cluster to the providers that its Alerts name.

    Args:
        api: the cluster.
        cluster: its name.
        outbox: takes what is to be sent.
        recorder: where failures are told.

    """

    def __init__(self, api: Reader, cluster: str, outbox: Outbox, recorder: Recorder) -> None:
        self._api = api
        self._cluster = cluster
        self._outbox = outbox
        self._recorder = recorder
        self._sent: dict[tuple[str, ...], RecordedEvent] = {}

    def on_event(self, event: RecordedEvent) -> None:
        """Deliver one event, unless it was just delivered."""
        ours = event.cluster == self._cluster and event.controller != _CONTROLLER
        if not ours or event.reason in _TRACE or not self._api.list(kinds.ALERT) or self._is_repeated(event):
            return
        for alert in self._api.list(kinds.ALERT):
            try:
                self._hear(alert, event)
            except _AlertError as error:
                self._recorder.event(
                    alert, "Warning", error.reason, error.message, controller=_CONTROLLER, cluster=self._cluster
                )

    def _hear(self, manifest: Manifest, event: RecordedEvent) -> None:
        found = read(Alert, manifest)
        if found.resource is None:
            raise _AlertError("InvalidConfig", found.fault)
        if not found.resource.suspend and self._matches(found.resource, event):
            self._dispatch(found.resource, event)

    def _is_repeated(self, event: RecordedEvent) -> bool:
        key = (*event.key, event.message, *(f"{name}={text}" for name, text in sorted(event.annotations.items())))
        before = self._sent.get(key)
        if before is not None and event.time - before.time < _QUIET:
            return True
        self._sent = {one: sent for one, sent in self._sent.items() if event.time - sent.time < _QUIET}
        self._sent[key] = event
        return False

    def _matches(self, alert: Alert, event: RecordedEvent) -> bool:
        if alert.event_severity == "error" and event.type != "Warning":
            return False
        if not any(self._is_source(alert, source, event) for source in alert.event_sources):
            return False
        try:
            wanted, dropped = (
                [linear(one) for one in part or ()] for part in (alert.inclusion_list, alert.exclusion_list)
            )
        except ValueError as error:
            raise _AlertError("InvalidConfig", f"failed to compile a regular expression: {error}") from error
        if wanted and not any(found(event.message) for found in wanted):
            return False
        return not any(found(event.message) for found in dropped)

    def _is_source(self, alert: Alert, source: EventSource, event: RecordedEvent) -> bool:
        if (source.kind, source.namespace or alert.namespace) != (event.key.kind, event.key.namespace):
            return False
        if source.is_one() and source.name != event.key.name:
            return False
        if not source.match_labels:
            return True
        live = self._api.get(event.key)
        return live is not None and selectors.matches({"matchLabels": source.match_labels}, labels_of(live))

    def _dispatch(self, alert: Alert, event: RecordedEvent) -> None:
        provider = self._provider(alert, event)
        if provider.suspend or is_muted(provider, event):
            return
        ref = provider.secret_ref
        secret = reader(self._api.get)("Secret", provider.namespace or "", ref.name) if ref else None
        if ref is not None and secret is None:
            why = f"failed to get secret '{provider.namespace}/{ref.name}': secrets \"{ref.name}\" not found"
            text = f"failed to initialize notifier for provider '{provider.name}': {why}"
            raise _AlertError(_FAILED, f"failed to dispatch notification for {event.key}: {text}")
        try:
            deliver(
                self._outbox, Message(provider=provider, secret=secret, event=event, metadata=_metadata(alert, event))
            )
        except (RemoteError, ProviderError) as error:
            raise _AlertError(_FAILED, f"failed to send notification for {event.key}: {error.message}") from error
        fields = {"alert": f"{alert.namespace}/{alert.name}", "provider": f"{provider.namespace}/{provider.name}"}
        told = f"dispatching event: {event.reason}: {event.message}"
        self._recorder.logs.write(self._cluster, _CONTROLLER, told, key=event.key, fields=fields)

    def _provider(self, alert: Alert, event: RecordedEvent) -> Provider:
        name = f"{alert.namespace}/{alert.provider_ref.name}"
        failed = f"failed to dispatch notification for {event.key}: "
        live = self._api.get(ObjectKey(*kinds.PROVIDER, alert.namespace or "", alert.provider_ref.name))
        if live is None:
            missing = f'Provider.{kinds.PROVIDER.group} "{alert.provider_ref.name}" not found'
            raise _AlertError(_FAILED, f"{failed}failed to read provider: {missing}")
        found = read(Provider, live)
        if found.resource is None:
            raise _AlertError(_FAILED, f"provider '{name}': {found.fault}")
        return found.resource


def _metadata(alert: Alert, event: RecordedEvent) -> dict[str, str]:
    """Merge what receivers see, the lowest layer first (Flux, section 11.3)."""
    group = f"{event.key.group}/"
    merged = {
        name.removeprefix(FLUX_EVENT_PREFIX): text
        for name, text in event.annotations.items()
        if name.startswith(FLUX_EVENT_PREFIX)
    }
    merged |= dict(alert.event_metadata or ())
    if alert.summary:
        merged["summary"] = alert.summary
    merged |= {name.removeprefix(group): text for name, text in event.annotations.items() if name.startswith(group)}
    merged.pop("token", None)
    return merged
