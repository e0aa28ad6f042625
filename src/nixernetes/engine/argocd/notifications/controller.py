"""The notifications controller: evaluates triggers when an Application changes, and tells each destination once."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from nixernetes.cluster.api import Api
from nixernetes.engine.argocd.namespace import project_of
from nixernetes.engine.argocd.notifications.config import Config, NotificationRecipient, load, subscriptions
from nixernetes.engine.argocd.notifications.delivery import deliver, message
from nixernetes.engine.events import Recorder
from nixernetes.engine.outbox import Notice, Outbox
from nixernetes.engine.results import Done, Result, RetryAfter
from nixernetes.engine.runtime import Key
from nixernetes.errors import InputError, NixernetesError, RemoteError
from nixernetes.languages.expr import NilError, evaluate
from nixernetes.objects import manifest as manifests
from nixernetes.objects.clocks import Clock
from nixernetes.objects.identity import ObjectKey, key_of
from nixernetes.objects.kinds import APPLICATION
from nixernetes.objects.manifest import Json, Manifest, annotations_of
from nixernetes.objects.well_known import ARGOCD_NOTIFIED

__all__ = ["CONTROLLER", "NotificationsController"]

CONTROLLER = "argocd-notifications-controller"
_RETRY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class _Firing:
    """One condition of a trigger that holds: the key under which its delivery is remembered, and what to send."""

    key: str
    template: str
    destination: NotificationRecipient


class NotificationsController:
    """Reconciles the notifications of Applications; a key is (namespace, name)."""

    name = CONTROLLER

    def __init__(self, api: Api, outbox: Outbox, recorder: Recorder, clock: Clock, cluster: str) -> None:
        self._api = api
        self._outbox = outbox
        self._recorder = recorder
        self._clock = clock
        self._cluster = cluster
        self._told: dict[Key, set[str]] = {}  # forgotten with the Application

    def reconcile(self, key: Key) -> Result:
        """Tell what is to be told about one Application."""
        app = self._api.get(ObjectKey(*APPLICATION, *key))
        if app is None:
            self._told.pop(key, None)
            return Done()
        try:
            config = load(self._api)
        except InputError as error:
            self._warn(key, app, str(error))
            return Done()
        if config is None:
            return Done()
        before = _remembered(app)
        try:
            after, problem = self._notify(config, key, app, before)
        except (AttributeError, InputError, KeyError, TypeError, ValueError) as error:
            self._warn(key, app, f"ConfigMap argocd/argocd-notifications-cm cannot be read: {error}")
            return Done()
        if after != before:
            self._remember(key, after)
        return RetryAfter(_RETRY, problem) if problem else Done()

    def _notify(self, config: Config, key: Key, app: Manifest, before: Json) -> tuple[Json, str]:
        project = project_of(self._api, (app.get("spec") or {}).get("project") or "default")
        after, problem = dict(before), ""
        for destination in subscriptions(config, app, project):
            try:
                firings, silent = _evaluate(config, destination, app)
            except InputError as error:
                self._warn(key, app, str(error))
                continue
            for gone in silent:
                after.pop(gone, None)
            for firing in firings:
                if firing.key in after:
                    continue
                failed = self._send(config, key, app, firing)
                problem = problem or failed
                if not failed:  # each receiver is told once, whatever becomes of the others
                    after[firing.key] = int(self._clock.now().timestamp())
        return after, problem

    def _send(self, config: Config, key: Key, app: Manifest, firing: _Firing) -> str:
        """Send one message; return why it should be tried again, or nothing."""
        try:
            item = message(config, firing.destination, firing.template, app)
            deliver(self._outbox, self._notice(app, firing), item)
        except RemoteError as error:
            text = f"notification to {firing.destination.service} failed: {error.message}"
            self._warn(key, app, text)
            return text
        except NixernetesError as error:
            self._warn(key, app, str(error))
        return ""

    def _notice(self, app: Manifest, firing: _Firing) -> Notice:
        where = firing.destination
        return Notice(
            time=self._clock.now(),
            cluster=self._cluster,
            key=key_of(app),
            reason=where.trigger,
            message=firing.template,
            receiver=f"{where.service}:{where.recipient}" if where.recipient else where.service,
        )

    def _warn(self, key: Key, app: Manifest, text: str) -> None:
        """Tell a problem once; an Application changes often."""
        told = self._told.setdefault(key, set())
        if text not in told:
            told.add(text)
            self._recorder.event(
                app, "Warning", "NotificationFailed", text, controller=CONTROLLER, cluster=self._cluster
            )

    def _remember(self, key: Key, state: Json) -> None:
        latest = self._api.get(ObjectKey(*APPLICATION, *key))
        if latest is None:
            return
        changed = manifests.copy(latest)
        marks = changed["metadata"].setdefault("annotations", {})
        if state:
            marks[ARGOCD_NOTIFIED] = json.dumps(state, sort_keys=True, separators=(",", ":"))
        else:
            marks.pop(ARGOCD_NOTIFIED, None)
        self._api.update(changed, manager=CONTROLLER)


def _remembered(app: Manifest) -> Json:
    try:
        found = json.loads(annotations_of(app).get(ARGOCD_NOTIFIED) or "{}")
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _evaluate(config: Config, destination: NotificationRecipient, app: Manifest) -> tuple[list[_Firing], list[str]]:
    """Return what a trigger fires for a destination, and the keys of what does not hold any more."""
    conditions = config.triggers.get(destination.trigger)
    if conditions is None:
        raise InputError(f"notification trigger {destination.trigger} is not configured")
    values = {"app": app, "context": dict(config.context)}
    firings: list[_Firing] = []
    silent: list[str] = []
    for index, condition in enumerate(conditions):
        holds = _holds(str(condition.get("when") or "false"), values)
        once = str(_value(str(condition["oncePer"]), values) or "") if condition.get("oncePer") else ""
        keys = list(_keys(once, destination, index, condition.get("send") or []))
        if holds:
            firings += [_Firing(key, template, destination) for key, template in keys]
        elif not condition.get("oncePer"):
            silent += [key for key, _ in keys]
    return firings, silent


def _keys(
    once: str, destination: NotificationRecipient, index: int, templates: Iterable[str]
) -> Iterable[tuple[str, str]]:
    for template in templates:
        parts = (once, destination.trigger, str(index), template, destination.service, destination.recipient)
        yield ":".join(parts), template


def _holds(text: str, values: dict[str, Json]) -> bool:
    return _value(text, values) is True


def _value(text: str, values: dict[str, Json]) -> Json:
    try:
        return evaluate(text, values)
    except NilError:
        return None
