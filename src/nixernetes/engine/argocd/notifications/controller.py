"""The notifications controller: evaluates triggers when an Application changes, and tells each destination once.

As ``pkg/controller`` of argoproj/notifications-engine (0.5.1, May 2026) and ``notification_controller`` of Argo CD
3.5.7. What the real one writes into its log is an event here, once for each text.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from nixernetes.cluster.api import Api
from nixernetes.engine.argocd.namespace import namespace_of, project_of
from nixernetes.engine.argocd.notifications.functions import TEMPLATE_FUNCTIONS, variables
from nixernetes.engine.argocd.notifications.services.letters import Letter
from nixernetes.engine.argocd.notifications.services.table import parcel_of
from nixernetes.engine.argocd.notifications.settings import NotificationSettings, read_settings
from nixernetes.engine.argocd.notifications.subscribers import NotificationRecipient, subscribers
from nixernetes.engine.argocd.notifications.templates import filled_in
from nixernetes.engine.argocd.notifications.triggers import ConditionResult, Remembered, run_trigger
from nixernetes.engine.argocd.operation_phases import ENDED
from nixernetes.engine.events import Recorder
from nixernetes.engine.notices.showing import masked
from nixernetes.engine.outbox import Notice
from nixernetes.engine.outside import Outside
from nixernetes.engine.results import Done, Result
from nixernetes.engine.runtime import Key
from nixernetes.errors import InputError, NixernetesError
from nixernetes.objects import manifest as manifests
from nixernetes.objects.clocks import Clock
from nixernetes.objects.fields import at, text_at
from nixernetes.objects.identity import ObjectKey, key_of
from nixernetes.objects.kinds import APPLICATION
from nixernetes.objects.manifest import Json, Manifest, annotations_of
from nixernetes.objects.well_known import ARGOCD_NOTIFIED
from nixernetes.render.sources.git import Ref

__all__ = ["CONTROLLER", "NotificationsController"]

CONTROLLER: Final = "argocd-notifications-controller"
_RESYNC: Final = timedelta(minutes=1)  # resyncPeriod
_PARAMETERS: Final = "argocd-cmd-params-cm"
_SELF_SERVICE: Final = "notificationscontroller.selfservice.enabled"


@dataclass(frozen=True, slots=True)
class _Firing:
    """One condition that holds, for one destination: the key of its delivery, and the condition."""

    key: str
    trigger: str
    result: ConditionResult
    to: NotificationRecipient


class NotificationsController:
    """Reconciles the notifications of Applications; a key is (namespace, name)."""

    name = CONTROLLER

    def __init__(self, api: Api, outside: Outside, recorder: Recorder, clock: Clock, cluster: str) -> None:
        self._api = api
        self._outbox = outside.outbox
        self._source = outside.builder.tools.source
        self._recorder = recorder
        self._clock = clock
        self._cluster = cluster
        self._told: dict[Key, set[str]] = {}  # forgotten with the Application
        self._failed: dict[Key, dict[str, datetime]] = {}  # deliveries, and when they failed; same

    def reconcile(self, key: Key) -> Result:
        """Tell what is to be told about one Application."""
        app = self._api.get(ObjectKey(*APPLICATION, *key))
        if app is None:
            self._told.pop(key, None)
            self._failed.pop(key, None)
            return Done()
        if not _is_compared(app):
            return Done()
        again = False
        for namespace in self._namespaces(key):
            try:
                settings = read_settings(self._api, namespace)
            except InputError as error:
                self._warn(key, app, str(error))
                continue
            if settings is not None:
                again = self._notify(settings, key) or again
        waits = any(self._just_failed(key, name) for name in self._failed.get(key, ()))
        return Done(_RESYNC) if again or waits else Done()

    def _namespaces(self, key: Key) -> list[str]:
        own = namespace_of(self._api)
        found = self._api.get(ObjectKey("", "ConfigMap", own, _PARAMETERS))
        is_self_service = text_at(found, "data", _SELF_SERVICE) == "true"
        return [key[0], own] if is_self_service and key[0] != own else [own]

    def _notify(self, settings: NotificationSettings, key: Key) -> bool:
        """Tell what one namespace's settings say; return whether time alone may change it."""
        app = self._api.get(ObjectKey(*APPLICATION, *key))
        if app is None:
            return False
        project = project_of(self._api, text_at(app, "spec", "project") or "default")
        try:
            destinations = subscribers(settings, app, project)
        except InputError as error:
            self._warn(key, app, f"ConfigMap {settings.namespace}/argocd-notifications-cm cannot be read: {error}")
            return False
        memory = Remembered(app)
        for firing in self._firings(settings, key, app, destinations, memory):
            self._send(settings, key, app, firing, memory)
        self._remember(key, memory)
        return bool(destinations) and settings.watches_time

    def _firings(
        self,
        settings: NotificationSettings,
        key: Key,
        app: Manifest,
        destinations: list[NotificationRecipient],
        memory: Remembered,
    ) -> list[_Firing]:
        own = "" if settings.namespace == namespace_of(self._api) else settings.namespace
        values = {**self._values(settings, app), **self._variables(app)}
        found: list[_Firing] = []
        for trigger in sorted({each.trigger for each in destinations}):
            conditions = settings.triggers.get(trigger)
            if conditions is None:
                self._warn(key, app, f"notification trigger {trigger} is not configured")
                continue
            try:
                results = run_trigger(conditions, values)
            except InputError as error:
                self._warn(key, app, f"notification trigger {trigger} cannot be evaluated: {error.message}")
                continue
            for result in results:
                for to in (each for each in destinations if each.trigger == trigger):
                    name = result.memory(trigger, to, own)
                    if not result.holds:
                        memory.forget(result, name)
                    elif not self._just_failed(key, name) and memory.told(name, int(self._clock.now().timestamp())):
                        found.append(_Firing(name, trigger, result, to))
        return found

    def _just_failed(self, key: Key, name: str) -> bool:
        """Tell whether a delivery failed within the time after which the real one looks again."""
        failed = self._failed.get(key, {}).get(name)
        return failed is not None and self._clock.now() - failed < _RESYNC

    def _values(self, settings: NotificationSettings, app: Manifest, to: NotificationRecipient | None = None) -> Json:
        """Return what conditions and templates see; the secrets only where no namespace has settings of its own."""
        service = to.service if to is not None else ""
        found: dict[str, Json] = {
            "app": app,
            "appProject": project_of(self._api, text_at(app, "spec", "project") or "default") or {},
            "context": {"notificationType": service, **settings.context},
        }
        if settings.namespace == namespace_of(self._api):
            found["secrets"] = dict(settings.secrets)
        return found

    def _variables(self, app: Manifest) -> Json:
        return variables(self._clock.now(), app, lambda url, sha: self._source.snapshot(url, Ref(revision=sha)))

    def _send(
        self, settings: NotificationSettings, key: Key, app: Manifest, firing: _Firing, memory: Remembered
    ) -> None:
        to = firing.to
        failed = partial(self._undelivered, key, app, firing, memory)
        try:
            service = settings.services.get(to.service)
            if service is None:
                raise InputError(f"notification service {to.service} is not configured")
            now = self._clock.now()
            named = {"serviceType": to.service, "recipient": to.recipient}
            data = {**self._values(settings, app, to), **self._variables(app), **named}
            note = filled_in(settings.templates, firing.result.templates, data, TEMPLATE_FUNCTIONS)
            letter = Letter(service=to.service, recipient=to.recipient, settings=service.settings, note=note, now=now)
            parcel = parcel_of(service.kind, letter, settings.hidden)
            self._outbox.send(self._notice(app, firing, note, parcel.hidden), parcel, failed)
        except NixernetesError as error:
            failed(error)

    def _notice(self, app: Manifest, firing: _Firing, note: Mapping[str, Json], hidden: frozenset[str]) -> Notice:
        """Return what a notification is about; its message may be made of secrets."""
        to = firing.to
        return Notice(
            time=self._clock.now(),
            cluster=self._cluster,
            key=key_of(app),
            reason=firing.trigger,
            message=masked(text_at(note, "message"), hidden) or ", ".join(firing.result.templates),
            receiver=f"{to.service}:{to.recipient}" if to.recipient else to.service,
        )

    def _undelivered(
        self, key: Key, app: Manifest, firing: _Firing, memory: Remembered, error: NixernetesError
    ) -> None:
        """Forget a delivery that failed, so that it is tried again, whatever became of the others.

        What is sent once for something is not: so does the real one (``SetAlreadyNotified`` of ``state.go``).
        """
        again = "" if not firing.result.once_per else "; it is not sent again: its condition has oncePer"
        self._warn(key, app, f"notification to {firing.to.service} failed: {error.message}{again}")
        if again:
            return
        self._failed.setdefault(key, {})[firing.key] = self._clock.now()
        memory.moments.pop(firing.key, None)
        latest = self._api.get(ObjectKey(*APPLICATION, *key))
        if latest is not None:  # it may have been remembered meanwhile: a delivery takes its time
            known = Remembered(latest)
            if known.moments.pop(firing.key, None) is not None:
                self._remember(key, known)

    def _warn(self, key: Key, app: Manifest, text: str) -> None:
        """Tell a problem once; an Application changes often."""
        told = self._told.setdefault(key, set())
        if text not in told:
            told.add(text)
            self._recorder.event(
                app, "Warning", "NotificationFailed", text, controller=CONTROLLER, cluster=self._cluster
            )

    def _remember(self, key: Key, memory: Remembered) -> None:
        latest = self._api.get(ObjectKey(*APPLICATION, *key))
        if latest is None:
            return
        text = memory.text()
        if annotations_of(latest).get(ARGOCD_NOTIFIED, "") == text:
            return
        changed = manifests.copy(latest)
        marks = changed["metadata"].setdefault("annotations", {})
        if text:
            marks[ARGOCD_NOTIFIED] = text
        else:
            marks.pop(ARGOCD_NOTIFIED, None)
        self._api.update(changed, manager=CONTROLLER)


def _is_compared(app: Manifest) -> bool:
    """Tell whether the status is of after the operation that ended last (``isAppSyncStatusRefreshed``)."""
    if text_at(app, "status", "operationState", "phase") not in ENDED:
        return True
    finished = text_at(app, "status", "operationState", "finishedAt")
    compared = max(text_at(app, "status", "reconciledAt"), text_at(app, "status", "observedAt"))
    return bool(finished) and at(app, "status") is not None and finished <= compared
