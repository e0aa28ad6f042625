"""The application controller: one tick of one Application (Appendix F of the behaviour specification).

A tick reads the Application afresh, does one pass of its operation if one runs, compares when a refresh is due,
decides about an automated sync, and saves the status when it differs. What it keeps between ticks (requested
refreshes, the delay between waves, the first failure of a source) only says when to look again; a restart loses
nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from nixernetes.cluster.api import Api
from nixernetes.engine.argocd import moments, status
from nixernetes.engine.argocd.application import ReadApplication
from nixernetes.engine.argocd.comparison.compare import Comparison
from nixernetes.engine.argocd.comparison.inspection import Inspector
from nixernetes.engine.argocd.comparison.warnings import extra_warnings
from nixernetes.engine.argocd.conditions import ApplicationCondition, ConditionType, merge
from nixernetes.engine.argocd.refresh import Level, level_due, next_poll
from nixernetes.engine.argocd.removal.removal import ApplicationRemoval
from nixernetes.engine.argocd.removal.steps import finalizers_for_hooks
from nixernetes.engine.argocd.settings import Settings
from nixernetes.engine.argocd.statuses import ApplicationStatus, OperationState, deletion_time
from nixernetes.engine.argocd.sync import autosync
from nixernetes.engine.argocd.sync.operations import Look, RunningOperation, is_running
from nixernetes.engine.argocd.transitions import Transitions
from nixernetes.engine.results import Done, Result, Stalled, Waiting
from nixernetes.engine.runtime import Key
from nixernetes.errors import InputError, NotYetError
from nixernetes.objects import manifest as manifests
from nixernetes.objects.clocks import Clock
from nixernetes.objects.fields import items_at, mapping_at, text_at
from nixernetes.objects.identity import ObjectKey
from nixernetes.objects.kinds import APPLICATION
from nixernetes.objects.manifest import Manifest, annotations_of
from nixernetes.objects.well_known import ARGOCD_NAMESPACE, ARGOCD_REFRESH, ARGOCD_SKIP_RECONCILE

__all__ = ["CONTROLLER", "ApplicationController"]

CONTROLLER = "argocd-application-controller"
_GRACE = timedelta(seconds=180)  # --repo-error-grace-period-seconds
_EVALUATED = (
    ConditionType.INVALID_SPEC,
    ConditionType.UNKNOWN,
    ConditionType.COMPARISON,
    ConditionType.SHARED_RESOURCE,
    ConditionType.REPEATED_RESOURCE,
    ConditionType.EXCLUDED_RESOURCE,
    ConditionType.ORPHANED_RESOURCE,
)


@dataclass(slots=True)
class _Memory:
    """What is kept of an Application between ticks; nothing of it is needed for a right answer."""

    requested: Level = Level.NONE
    hold_until: datetime | None = None
    failing_since: datetime | None = None
    look_again: datetime | None = None


@dataclass(slots=True)
class _Tick:
    """One tick: the object as it was, the copy that is worked on, and when to look again."""

    key: ObjectKey
    app: ReadApplication
    manifest: Manifest
    now: datetime
    memory: _Memory
    settings: Settings
    waits: list[timedelta] = field(default_factory=list)
    finalizers: list[str] = field(default_factory=list)


class ApplicationController:
    """Reconciles Applications; a key is (namespace, name).

    Args:
        api: the control plane.
        inspector: looks at Applications.
        settings: returns the settings of now.
        clock: where time comes from.
        transitions: tells of changes in the words of Argo CD's events.
        removal: takes deleted Applications down.

    """

    name = CONTROLLER

    def __init__(
        self,
        *,
        api: Api,
        inspector: Inspector,
        settings: Callable[[], Settings],
        clock: Clock,
        transitions: Transitions,
        removal: ApplicationRemoval,
    ) -> None:
        self._api = api
        self._inspector = inspector
        self._settings = settings
        self._clock = clock
        self._transitions = transitions
        self._removal = removal
        self._memories: dict[Key, _Memory] = {}

    def request_refresh(self, key: Key, level: Level = Level.RECENT) -> None:
        """Note that an Application is to be compared; the caller queues its key."""
        memory = self._memories.setdefault(key, _Memory())
        memory.requested = max(memory.requested, level)

    def reconcile(self, key: Key) -> Result:
        """Do one tick."""
        object_key = ObjectKey(*APPLICATION, *key)
        found = self._api.get(object_key)
        if found is None:
            self._memories.pop(key, None)
            return Done()
        if annotations_of(found).get(ARGOCD_SKIP_RECONCILE) == "true":
            return Done()
        if deletion_time(found):
            return self._removal.step(found)
        try:
            app = ReadApplication.decode(found)
        except InputError as error:
            return self._unreadable(found, error)
        tick = _Tick(
            key=object_key,
            app=app,
            manifest=_changeable(found),
            now=self._clock.now(),
            memory=self._memories.setdefault(key, _Memory()),
            settings=self._settings(),
        )
        return self._tick(tick, found)

    def _unreadable(self, found: Manifest, error: InputError) -> Result:
        """Say what is wrong with a spec that is none; only a change of it is worth another look."""
        changed = manifests.copy(found)
        block = changed.setdefault("status", {})
        condition = ApplicationCondition(ConditionType.INVALID_SPEC, error.message)
        now = moments.timestamp(self._clock.now())
        block["conditions"] = merge(block.get("conditions") or [], [condition], _EVALUATED, now)
        block["sync"] = {"status": "Unknown"}
        if text_at(block, "health", "status") != "Unknown":
            block["health"] = {"status": "Unknown", "lastTransitionTime": now}
        changed.pop("operation", None)
        if changed != found:
            self._api.update(changed, manager=CONTROLLER)
        return Stalled(error.message)

    def _tick(self, tick: _Tick, found: Manifest) -> Result:
        if is_running(tick.manifest):
            self._operate(tick)
        refreshed = self._refresh(tick)
        self._save(tick, refreshed=refreshed)
        self._transitions.tell(found, tick.manifest)
        poll = next_poll(tick.manifest, tick.now, tick.settings.poll)
        if poll is not None:
            tick.waits.append(poll)
        if tick.memory.look_again is not None:
            tick.waits.append(max(tick.memory.look_again - tick.now, timedelta()))
        again = min(tick.waits, default=None)
        if again is not None and is_running(tick.manifest):
            return Waiting(again, OperationState.of(tick.manifest).message or "operation")
        return Done(again)

    def _operate(self, tick: _Tick) -> None:
        memory = tick.memory
        if memory.hold_until is not None and tick.now < memory.hold_until:
            tick.waits.append(memory.hold_until - tick.now)
            return
        manifest = tick.manifest

        def look(app: ReadApplication, revisions: Sequence[str]) -> Look:
            return self._inspector.look(manifest, app, revisions)

        def blocked(manual: bool) -> bool:
            started = OperationState.of(manifest).started_at
            return self._inspector.is_blocked(tick.app, tick.now, manual=manual, started=started)

        step = RunningOperation(manifest, tick.now, look, blocked).step()
        memory.hold_until = tick.now + step.wait if step.hold and step.wait is not None else None
        if step.wait is not None:
            tick.waits.append(step.wait)
        if step.completed:
            memory.requested = max(memory.requested, Level.LATEST)

    def _refresh(self, tick: _Tick) -> Level:
        app = tick.app
        level = max(level_due(tick.manifest, app, tick.now, tick.settings.poll), tick.memory.requested)
        if tick.memory.look_again is not None and tick.now >= tick.memory.look_again:
            level = max(level, Level.RECENT)
        if level is Level.NONE:
            return level
        if tick.memory.failing_since is not None:
            level = max(level, Level.LATEST)  # the source failed when it was asked last: ask it again
        tick.memory.requested = Level.NONE
        tick.memory.look_again = None
        revisions = self._recent(tick.manifest) if level is Level.RECENT else []
        self._transitions.log(tick.manifest, f"Refreshing app status ({_why(tick.manifest)}), level ({int(level)})")
        try:
            look = self._inspector.look(tick.manifest, app, revisions, hard=level is Level.HARD)
        except NotYetError:
            tick.memory.requested = level  # it is still due when the result is there
            raise
        if self._is_excused(tick, look, level):
            return level
        self._write(tick, app, look)
        if level > Level.RECENT or not revisions:
            tick.manifest["status"]["reconciledAt"] = moments.timestamp(tick.now)
        return level

    def _recent(self, manifest: Manifest) -> list[str]:
        return list(ApplicationStatus.of(manifest).revisions)

    def _is_excused(self, tick: _Tick, look: Look, level: Level) -> bool:
        """Tell whether a source that cannot be read just now is no reason yet to forget the last comparison."""
        failing = look.comparison is not None and look.comparison.failed
        if not failing:
            tick.memory.failing_since = None
            return False
        known = ApplicationStatus.of(tick.manifest).sync in ("Synced", "OutOfSync")
        if not known or level is Level.HARD or annotations_of(tick.manifest).get(ARGOCD_REFRESH) is not None:
            return False
        if tick.memory.failing_since is None:
            tick.memory.failing_since = tick.now
        left = tick.memory.failing_since + _GRACE - tick.now
        if left <= timedelta():
            return False
        tick.manifest["status"]["reconciledAt"] = moments.timestamp(tick.now)
        tick.memory.look_again = tick.now + left
        return True

    def _write(self, tick: _Tick, app: ReadApplication, look: Look) -> None:
        block = tick.manifest.setdefault("status", {})
        comparison = look.comparison
        conditions = list(look.conditions)
        if comparison is None:
            # A spec that is not allowed: what was compared before stays.
            known = ApplicationStatus.of(tick.manifest).revisions
            block["sync"] = status.sync_block(tick.manifest, app, "Unknown", known)
            self._set_health(tick, "Unknown")
        else:
            conditions += extra_warnings(look.scene, comparison)
            self._write_comparison(tick, app, comparison)
        sync_error = self._automate(tick, app, comparison)
        evaluated = (*_EVALUATED, ConditionType.SYNC)
        found = [*conditions, *([sync_error] if sync_error is not None else [])]
        merged = merge(block.get("conditions") or [], found, evaluated, moments.timestamp(tick.now))
        if merged:
            block["conditions"] = merged
        else:
            block.pop("conditions", None)

    def _write_comparison(self, tick: _Tick, app: ReadApplication, comparison: Comparison) -> None:
        block = tick.manifest["status"]
        found = status.healths(comparison.resources, app, tick.settings.assessor)
        block["sync"] = status.sync_block(tick.manifest, app, comparison.status, comparison.revisions)
        block["resources"] = status.resource_entries(comparison.resources, found)
        self._set_health(tick, str(status.app_health(comparison.resources, found)))
        block["summary"] = status.summary(comparison.resources)
        tick.finalizers = finalizers_for_hooks(comparison)
        block["controllerNamespace"] = ARGOCD_NAMESPACE
        for name in ("sourceType", "sourceTypes"):
            block.pop(name, None)
        if comparison.types:
            block.update({"sourceTypes": list(comparison.types)} if app.multi else {"sourceType": comparison.types[0]})

    def _set_health(self, tick: _Tick, code: str) -> None:
        block = tick.manifest["status"]
        if text_at(block, "health", "status") != code:
            block["health"] = {"status": code, "lastTransitionTime": moments.timestamp(tick.now)}

    def _automate(
        self, tick: _Tick, app: ReadApplication, comparison: Comparison | None
    ) -> ApplicationCondition | None:
        if comparison is None or comparison.failed or app.automated is None or is_running(tick.manifest):
            return None
        if self._inspector.is_blocked(app, tick.now, manual=False):
            # A closed window is silent; it is looked at again every minute, the resolution of its schedule.
            if comparison.status == "OutOfSync":
                tick.memory.look_again = tick.now + timedelta(minutes=1)
            return None
        decision = autosync.decide(tick.manifest, app, comparison, tick.now)
        if decision.operation is not None:
            tick.manifest["operation"] = decision.operation
            tick.waits.append(timedelta())
            self._transitions.started(tick.manifest, ", ".join(comparison.revisions))
        if decision.wait is not None:
            tick.memory.look_again = tick.now + decision.wait
        return decision.condition

    def _save(self, tick: _Tick, *, refreshed: Level) -> None:
        """Write status, operation and the handled refresh annotation onto the object as it is now."""
        latest = self._api.get(tick.key)
        if latest is None:
            return
        changed = {**latest, "metadata": manifests.copy(latest["metadata"])}
        changed["status"] = tick.manifest.get("status") or {}
        if "operation" in tick.manifest:
            changed["operation"] = tick.manifest["operation"]
        else:
            changed.pop("operation", None)
        marks = changed["metadata"].get("annotations") or {}
        if refreshed is not Level.NONE and marks.get(ARGOCD_REFRESH) == annotations_of(tick.manifest).get(
            ARGOCD_REFRESH
        ):
            marks.pop(ARGOCD_REFRESH, None)
            if not marks:
                changed["metadata"].pop("annotations", None)
        held = items_at(changed, "metadata", "finalizers")
        missing = [name for name in tick.finalizers if name not in held]
        if missing:
            changed["metadata"]["finalizers"] = [*held, *missing]
        if changed != latest:
            self._api.update(changed, manager=CONTROLLER)


def _why(manifest: Manifest) -> str:
    """Return why an Application is refreshed, in the words of its controller's log (``needRefreshAppStatus``)."""
    wanted = annotations_of(manifest).get(ARGOCD_REFRESH)
    return f"{wanted} refresh requested" if wanted else "controller refresh requested"


def _changeable(found: Manifest) -> Manifest:
    """Return an Application whose metadata, status and operation can be written; what is only replaced is shared."""
    made: Manifest = {name: manifests.copy(found[name]) for name in ("metadata", "operation") if name in found}
    if "status" in found:
        block = mapping_at(found, "status")
        made["status"] = {
            name: value if name == "resources" else manifests.copy(value) for name, value in block.items()
        }
    return {**found, **made}
