"""notification-controller: which event goes to whom (Flux, sections 11.1 to 11.4)."""

from __future__ import annotations

from datetime import timedelta

from nixernetes.cluster.api import Reader
from nixernetes.engine.events import RecordedEvent, Recorder
from nixernetes.engine.flux import kinds
from nixernetes.engine.flux.admission import refusal
from nixernetes.engine.flux.controller import NOT_VERIFIED
from nixernetes.engine.flux.providers import Message, ProviderError, deliver, is_muted
from nixernetes.engine.outbox import Outbox
from nixernetes.errors import RemoteError
from nixernetes.languages.regexes import linear
from nixernetes.objects import selectors
from nixernetes.objects.identity import ObjectKey
from nixernetes.objects.manifest import Json, Manifest, labels_of

__all__ = ["Alerts"]

_QUIET = timedelta(minutes=5)  # --rate-limit-interval
_OWN_PREFIX = "event.toolkit.fluxcd.io/"
_CONTROLLER = "notification-controller"
_TRACE = ("GitOperationSucceeded", "ArtifactUpToDate", "GarbageCollectionSucceeded", NOT_VERIFIED)


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
            fault = refusal(alert)
            if fault:
                self._tell(alert, "InvalidConfig", fault)
            elif not alert["spec"].get("suspend") and self._matches(alert, event):
                self._dispatch(alert, event)

    def _is_repeated(self, event: RecordedEvent) -> bool:
        key = (*event.key, event.message, *(f"{name}={text}" for name, text in sorted(event.annotations.items())))
        before = self._sent.get(key)
        if before is not None and event.time - before.time < _QUIET:
            return True
        self._sent = {one: sent for one, sent in self._sent.items() if event.time - sent.time < _QUIET}
        self._sent[key] = event
        return False

    def _matches(self, alert: Manifest, event: RecordedEvent) -> bool:
        spec = alert["spec"]
        if spec.get("eventSeverity") == "error" and event.type != "Warning":
            return False
        if not any(self._is_source(alert, source, event) for source in spec.get("eventSources") or []):
            return False
        try:
            wanted, dropped = (
                [linear(one) for one in spec.get(part) or []] for part in ("inclusionList", "exclusionList")
            )
        except (ValueError, TypeError) as error:
            self._tell(alert, "InvalidConfig", f"failed to compile a regular expression: {error}")
            return False
        if wanted and not any(found(event.message) for found in wanted):
            return False
        return not any(found(event.message) for found in dropped)

    def _is_source(self, alert: Manifest, source: Json, event: RecordedEvent) -> bool:
        namespace = source.get("namespace") or alert["metadata"]["namespace"]
        if (source["kind"], namespace) != (event.key.kind, event.key.namespace):
            return False
        if source["name"] not in ("*", event.key.name):
            return False
        if not source.get("matchLabels"):
            return True
        live = self._api.get(event.key)
        return live is not None and selectors.matches({"matchLabels": source["matchLabels"]}, labels_of(live))

    def _dispatch(self, alert: Manifest, event: RecordedEvent) -> None:
        namespace = alert["metadata"]["namespace"]
        name = alert["spec"]["providerRef"]["name"]
        provider = self._api.get(ObjectKey(*kinds.PROVIDER, namespace, name))
        if provider is None:
            self._tell(alert, "NotificationDispatchFailed", f"failed to read provider '{namespace}/{name}': not found")
            return
        if refusal(provider):
            self._tell(alert, "NotificationDispatchFailed", f"provider '{namespace}/{name}': {refusal(provider)}")
            return
        if provider["spec"].get("suspend") or is_muted(provider, event):
            return
        secret = None
        if provider["spec"].get("secretRef"):
            secret = self._api.get(ObjectKey("", "Secret", namespace, provider["spec"]["secretRef"]["name"]))
        try:
            deliver(
                self._outbox,
                Message(provider=provider, secret=secret, event=event, metadata=_metadata(alert, event)),
            )
        except (RemoteError, ProviderError) as error:
            self._tell(
                alert, "NotificationDispatchFailed", f"failed to send notification for {event.key}: {error.message}"
            )

    def _tell(self, alert: Manifest, reason: str, text: str) -> None:
        self._recorder.event(alert, "Warning", reason, text, controller=_CONTROLLER, cluster=self._cluster)


def _metadata(alert: Manifest, event: RecordedEvent) -> dict[str, str]:
    """Merge what receivers see, the lowest layer first (Flux, section 11.3)."""
    group = f"{event.key.group}/"
    merged = {
        name.removeprefix(_OWN_PREFIX): text for name, text in event.annotations.items() if name.startswith(_OWN_PREFIX)
    }
    merged |= alert["spec"].get("eventMetadata") or {}
    if alert["spec"].get("summary"):
        merged["summary"] = alert["spec"]["summary"]
    merged |= {name.removeprefix(group): text for name, text in event.annotations.items() if name.startswith(group)}
    merged.pop("token", None)
    return merged
