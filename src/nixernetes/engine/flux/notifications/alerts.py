"""notification-controller: which event goes to whom (Flux, sections 11.1 to 11.4).

As ``internal/server/event_handlers.go`` and ``event_server.go`` of notification-controller 1.9.3: what is no more than
an event said again within five minutes is dropped; facts of other groups, the checksum and the digest are none of a
receiver's business.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Final

from nixernetes.cluster.api import Reader
from nixernetes.engine.events import RecordedEvent, Recorder
from nixernetes.engine.flux.admission import read
from nixernetes.engine.flux.controller import NOT_VERIFIED
from nixernetes.engine.flux.notifications.dispatching import notice_of, parcel_of
from nixernetes.engine.outbox import Outbox
from nixernetes.errors import NixernetesError
from nixernetes.gitops.flux.flux_references import EventSource
from nixernetes.gitops.flux.notifications.alert import Alert
from nixernetes.languages.regexes import linear
from nixernetes.objects import kinds, selectors
from nixernetes.objects.manifest import Manifest, labels_of
from nixernetes.objects.well_known import FLUX_EVENT_PREFIX

__all__ = ["Alerts"]

_QUIET: Final = timedelta(minutes=5)  # --rate-limit-interval
_CONTROLLER: Final = "notification-controller"
_FAILED: Final = "NotificationDispatchFailed"
_TRACE: Final = ("GitOperationSucceeded", "ArtifactUpToDate", "GarbageCollectionSucceeded", NOT_VERIFIED)
_TOLD_APART: Final = ("originRevision", "revision", "token")  # besides the object and the message
_NOT_TOLD: Final = ("checksum", "digest")
_CONFLICTS: Final = (
    "metadata key conflicts detected (please refer to the Alert API docs and Flux RFC 0008 for more information)"
)


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
        cleaned = replace(event, annotations=_cleaned(event))
        for manifest in self._api.list(kinds.ALERT):
            found = read(Alert, manifest)
            if found.resource is None:
                self._warn(manifest, "InvalidConfig", found.fault)
            elif not found.resource.suspend and self._matches(manifest, found.resource, cleaned):
                self._dispatch(manifest, found.resource, cleaned)

    def _is_repeated(self, event: RecordedEvent) -> bool:
        facts = [(name, event.annotations.get(f"{event.key.group}/{name}")) for name in _TOLD_APART]
        told = [f"{name}={text}" for name, text in facts if text is not None]
        key = (event.key.kind, event.key.namespace, event.key.name, event.message, *told)
        before = self._sent.get(key)
        if before is not None and event.time - before.time < _QUIET:
            return True
        self._sent = {one: sent for one, sent in self._sent.items() if event.time - sent.time < _QUIET}
        self._sent[key] = event
        return False

    def _matches(self, manifest: Manifest, alert: Alert, event: RecordedEvent) -> bool:
        if alert.event_severity == "error" and event.type != "Warning":
            return False
        if not any(self._is_source(alert, source, event) for source in alert.event_sources):
            return False
        told = partial(self._warn, manifest, "InvalidConfig")
        if alert.inclusion_list and not _any_finds("inclusion", alert.inclusion_list, event.message, told):
            return False
        return not _any_finds("exclusion", alert.exclusion_list or (), event.message, told)

    def _is_source(self, alert: Alert, source: EventSource, event: RecordedEvent) -> bool:
        if (source.kind, source.namespace or alert.namespace) != (event.key.kind, event.key.namespace):
            return False
        if source.is_one() and source.name != event.key.name:
            return False
        if not source.match_labels:
            return True
        live = self._api.get(event.key)
        return live is not None and selectors.matches({"matchLabels": source.match_labels}, labels_of(live))

    def _dispatch(self, manifest: Manifest, alert: Alert, event: RecordedEvent) -> None:
        about = f"{event.key.kind}/{event.key.namespace}/{event.key.name}"
        try:
            metadata = self._metadata(manifest, alert, event)
            parcel = parcel_of(self._api, manifest, alert, event, metadata)
            if parcel is None:
                return
            self._outbox.send(notice_of(alert, event), parcel, partial(self._failed, manifest, about))
        except NixernetesError as error:
            self._warn(manifest, _FAILED, f"failed to dispatch notification for {about}: {error.message}")
            return
        fields = {
            "alert": f"{alert.namespace}/{alert.name}",
            "provider": f"{alert.namespace}/{alert.provider_ref.name}",
        }
        told = f"dispatching event: {event.reason}: {event.message}"
        self._recorder.logs.write(self._cluster, _CONTROLLER, told, key=event.key, fields=fields)

    def _failed(self, manifest: Manifest, about: str, error: NixernetesError) -> None:
        self._warn(manifest, _FAILED, f"failed to send notification for {about}: {error.message}")

    def _metadata(self, manifest: Manifest, alert: Alert, event: RecordedEvent) -> dict[str, str]:
        """Merge what receivers see, the lowest layer first (Flux, section 11.3); keys that are in two are told."""
        group = f"{event.key.group}/"
        layers: list[tuple[str, dict[str, str]]] = [
            ("involved object annotations", _stripped(event.annotations, FLUX_EVENT_PREFIX)),
            ("Alert object .spec.eventMetadata", dict(alert.event_metadata or ())),
            ("Alert object .spec.summary", {"summary": alert.summary} if alert.summary else {}),
            ("involved object controller metadata", _stripped(event.annotations, group)),
        ]
        merged: dict[str, str] = {}
        for _, layer in layers:
            merged |= layer
        conflicts = {
            name: ", ".join(where)
            for name in merged
            if len(where := [told for told, layer in layers if name in layer]) > 1
        }
        if conflicts:
            self._recorder.event(
                manifest,
                "Warning",
                "MetadataAppendFailed",
                _CONFLICTS,
                conflicts,
                controller=_CONTROLLER,
                cluster=self._cluster,
            )
        return merged

    def _warn(self, alert: Manifest, reason: str, message: str) -> None:
        self._recorder.event(alert, "Warning", reason, message, controller=_CONTROLLER, cluster=self._cluster)


def _cleaned(event: RecordedEvent) -> dict[str, str]:
    """Return the facts that anybody is told of: of Flux's events and of the object's group, but the internal ones."""
    group = f"{event.key.group}/"
    internal = {f"{group}{name}".lower() for name in (*_NOT_TOLD, "token")}
    return {
        name: text
        for name, text in event.annotations.items()
        if name.startswith((FLUX_EVENT_PREFIX, group)) and name.lower() not in internal
    }


def _stripped(facts: Mapping[str, str], prefix: str) -> dict[str, str]:
    return {name.removeprefix(prefix): text for name, text in facts.items() if name.startswith(prefix)}


def _any_finds(word: str, expressions: tuple[str, ...], message: str, told: Callable[[str], None]) -> bool:
    """Tell whether one of the expressions is in a message; those that are broken are told, and find nothing."""
    for text in expressions:
        try:
            if linear(text)(message):
                return True
        except ValueError:
            told(f"failed to compile {word} regex: {text}")
    return False
