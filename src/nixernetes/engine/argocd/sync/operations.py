"""A sync operation from its request to its end: start, passes, retries, history (sections 8.1, 8.2, 8.6 and 8.7)."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from nixernetes.engine.argocd import moments
from nixernetes.engine.argocd.application import ReadApplication
from nixernetes.engine.argocd.comparison.compare import Comparison, Scene
from nixernetes.engine.argocd.conditions import ApplicationCondition, ConditionType, summary
from nixernetes.engine.argocd.operation_phases import OperationEvent, OperationPhase, moved
from nixernetes.engine.argocd.statuses import OperationState, revisions_in
from nixernetes.engine.argocd.sync.hooks import is_approved
from nixernetes.engine.argocd.sync.impersonation import acting
from nixernetes.engine.argocd.sync.passes import SyncPass, SyncProgress
from nixernetes.engine.argocd.sync.retries import Retry
from nixernetes.engine.argocd.sync.tasks import Results, SyncRequest
from nixernetes.errors import InputError
from nixernetes.objects import manifest as manifests
from nixernetes.objects.fields import items_at, mapping_at
from nixernetes.objects.manifest import Json, Manifest

__all__ = ["WAVE_DELAY", "Look", "PassResult", "RunningOperation", "is_running"]

WAVE_DELAY = timedelta(seconds=2)  # ARGOCD_SYNC_WAVE_DELAY
_ABSENT = re.compile(r"Application referencing project (.*) which does not exist")
_NO_CLUSTER = (
    "error getting cluster by server",
    "there are ",  # no clusters of a name, or several
    "application destination can't have both",
    "Destination server missing",
)
_SHORT = 7  # characters of a commit, where it stands in names of hooks
_EVENT_OF = {OperationPhase.SUCCEEDED: OperationEvent.SYNCED, OperationPhase.FAILED: OperationEvent.FAILED}


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What an operation sees: the scene and the comparison at its revision, or the conditions that forbid it."""

    scene: Scene | None = None
    comparison: Comparison | None = None
    conditions: tuple[ApplicationCondition, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PassResult:
    """What a pass of an operation came to.

    Attributes:
        wait: when to look again; None when the operation is over.
        completed: the phase it ended with, or ``""``.
        hold: whether nothing may be done before ``wait`` is over (the delay between waves), whatever happens.

    """

    wait: timedelta | None = None
    completed: str = ""
    hold: bool = False


Looker = Callable[[ReadApplication, Sequence[str]], Look]


def is_running(app: Manifest) -> bool:
    """Tell whether an operation is requested or under way."""
    return bool(app.get("operation")) or OperationState.of(app).is_running


class RunningOperation:
    """The operation of one Application.

    Args:
        app: the Application; its ``operation`` and ``status`` are changed in place.
        now: the present moment.
        look: compares at given revisions, or tells what forbids it.
        blocked: tells whether a sync window blocks a sync now (argument: whether it is manual).

    """

    def __init__(self, app: Manifest, now: datetime, look: Looker, blocked: Callable[[bool], bool]) -> None:
        self._app = app
        self._now = now
        self._look = look
        self._blocked = blocked

    @property
    def _state(self) -> Json:
        return self._app["status"]["operationState"]

    @property
    def _sync(self) -> Json:
        return self._state["operation"].get("sync") or {}

    def step(self) -> PassResult:
        """Do one pass."""
        self._start()
        if self._state["phase"] == OperationPhase.TERMINATING:
            return self._terminate()
        wait = self._retry_wait()
        if wait is not None:
            return PassResult(wait=wait)
        initiated = self._state["operation"].get("initiatedBy") or {}
        if self._blocked(not initiated.get("automated")):
            self._state["message"] = "Sync operation blocked by sync window"
            return PassResult(wait=timedelta(minutes=1))
        return self._pass()

    def _start(self) -> None:
        status = self._app.setdefault("status", {})
        if OperationState.of(self._app).is_running:
            return
        asked = mapping_at(self._app, "operation")
        if isinstance(asked.get("sync"), dict):
            asked = {**asked, "sync": _without_empty(asked["sync"])}
        state: Json = {"operation": manifests.copy(asked), "startedAt": moments.timestamp(self._now)}
        moved(state, OperationEvent.ASKED, "")
        status["operationState"] = state

    def _retry_wait(self) -> timedelta | None:
        finished = moments.parse(self._state.get("finishedAt"))
        if finished is None:
            return None
        count = int(self._state.get("retryCount") or 0)
        wait = self._retry.at(finished, count - 1) - self._now
        if wait > timedelta():
            return wait
        self._state.pop("finishedAt")
        self._state.pop("syncResult", None)
        latest = ""
        if self._retry.refresh:
            latest = " with latest revisions"
            self._sync.pop("revision", None)
            self._sync.pop("revisions", None)
        self._state["message"] = f"Retrying operation{latest}. Attempt #{count}"
        return None

    def _terminate(self) -> PassResult:
        app = self._application()
        look = self._look(app, self._revisions())
        if look.scene is not None and look.comparison is not None and not look.comparison.failed:
            self._open_result(app, look.comparison)
            self._run(look.scene, look.comparison, SyncPass.terminate)
        return self._end(OperationEvent.CLEARED, self._counted("Operation terminated"))

    @property
    def _retry(self) -> Retry:
        """The retry strategy; one that cannot be read allows no retry."""
        try:
            return Retry.decode(self._state["operation"].get("retry"))
        except (AttributeError, TypeError, ValueError):
            return Retry()

    def _pass(self) -> PassResult:
        if not isinstance(self._state["operation"].get("sync"), dict):
            return self._finish(OperationEvent.IMPOSSIBLE, "Invalid operation request: no operation specified")
        app = self._application()
        look = self._look(app, self._revisions())
        if look.scene is None or look.comparison is None:
            return self._finish(OperationEvent.IMPOSSIBLE, _refusal(look.conditions))
        self._open_result(app, look.comparison)
        shared = [item for item in look.comparison.conditions if item.type is ConditionType.SHARED_RESOURCE]
        if shared and "FailOnSharedResource=true" in items_at(self._sync, "syncOptions"):
            return self._finish(OperationEvent.FAILED, f"Shared resource found: {shared[0].message}")
        errors = [item for item in look.conditions if item.is_error]
        if errors:
            return self._finish(OperationEvent.IMPOSSIBLE, summary(errors))
        try:
            scene = acting(look.scene)
        except InputError as error:
            told = f"failed to find a matching service account to impersonate: {error.message}"
            return self._finish(OperationEvent.IMPOSSIBLE, told)
        progress = self._run(scene, look.comparison, SyncPass.run)
        event = _EVENT_OF.get(progress.phase)
        if event is not None:
            return self._finish(event, progress.message)
        self._state["message"] = progress.message
        return PassResult(wait=WAVE_DELAY, hold=progress.wave_done)

    def _application(self) -> ReadApplication:
        """Return the Application with the source that the operation brings, if it brings one."""
        app = ReadApplication.decode(self._app)
        source, sources = self._sync.get("source"), self._sync.get("sources")
        if sources:
            return replace(app, sources=tuple(sources), multi=True)
        return replace(app, sources=(source,), multi=False) if source else app

    def _revisions(self) -> list[str]:
        return list(revisions_in(self._state.get("syncResult")) or revisions_in(self._sync))

    def _open_result(self, app: ReadApplication, comparison: Comparison) -> None:
        result = self._state.setdefault("syncResult", {"resources": []})
        if app.multi:
            result.update(revisions=list(comparison.revisions), sources=list(app.sources), revision="")
        else:
            result.update(revision=comparison.revisions[0] if comparison.revisions else "", source=app.sources[0])
        if app.namespace_metadata:
            result["managedNamespaceMetadata"] = app.namespace_metadata

    def _run(self, scene: Scene, comparison: Comparison, act: Callable[[SyncPass], SyncProgress]) -> SyncProgress:
        result = self._state["syncResult"]
        results: Results = {
            (item["group"], item["kind"], item["namespace"], item["name"], item["syncPhase"]): item
            for item in manifests.copy(result.get("resources") or [])
        }
        started = moments.parse(self._state["startedAt"]) or self._now
        revision = (comparison.revisions or ("",))[0]
        short = revision[:7] if len(revision) > _SHORT else revision
        progress = act(
            SyncPass(
                scene=scene,
                comparison=comparison,
                request=SyncRequest.decode(self._state["operation"]),
                results=results,
                approved=is_approved(self._app, started),
                hook_stamp=f"{short}-{{phase}}-{int(started.timestamp())}",
            )
        )
        result["resources"] = list(results.values())
        return progress

    def _finish(self, event: OperationEvent, message: str) -> PassResult:
        """End the operation, or plan its next try."""
        retry, count = self._retry, int(self._state.get("retryCount") or 0)
        if event is OperationEvent.SYNCED:
            ended = self._end(event, message)
            self._remember()
            return ended
        if not retry.allows(count):
            return self._end(event, self._counted(message))
        at = retry.at(self._now, count)
        told = f"{message}. Retrying attempt #{count + 1} at {moments.kitchen(at)}."
        moved(self._state, OperationEvent.RETRIED, told)
        self._state.update(finishedAt=moments.timestamp(self._now), retryCount=count + 1)
        return PassResult(wait=at - self._now)

    def _counted(self, message: str) -> str:
        count = int(self._state.get("retryCount") or 0)
        return f"{message} (retried {count} times)." if count else message

    def _end(self, event: OperationEvent, message: str) -> PassResult:
        phase = moved(self._state, event, message)
        self._state["finishedAt"] = moments.timestamp(self._now)
        self._app.pop("operation", None)
        return PassResult(completed=str(phase))

    def _remember(self) -> None:
        """Write a history entry for a full sync that was done for real."""
        request = SyncRequest.decode(self._state["operation"])
        if request.dry_run or request.selected:
            return
        history = self._app["status"].setdefault("history", [])
        result = self._state["syncResult"]
        entry = {name: result[name] for name in ("revision", "revisions", "source", "sources") if result.get(name)}
        history.append(
            {
                "id": history[-1]["id"] + 1 if history else 0,
                **entry,
                "deployStartedAt": self._state["startedAt"],
                "deployedAt": self._state["finishedAt"],
                "initiatedBy": self._state["operation"].get("initiatedBy") or {},
            }
        )
        limit = ReadApplication.decode(self._app).history_limit
        del history[: max(0, len(history) - limit)]


def _refusal(conditions: Sequence[ApplicationCondition]) -> str:
    """Return why a spec cannot be synced; where it would go, and its project, are asked before its conditions."""
    first = conditions[0].message if conditions else ""
    absent = _ABSENT.fullmatch(first)
    if absent is not None:
        return f'Failed to load application project: appproject.argoproj.io "{absent[1]}" not found'
    return first if first.startswith(_NO_CLUSTER) else summary(conditions)


def _without_empty(sync: Json) -> Json:
    """Return what is asked of a sync as the state shows it: what is empty says nothing, and Go leaves it out."""
    found = {name: value for name, value in sync.items() if value not in (None, False, "", 0, [])}
    if isinstance(found.get("resources"), list):
        found["resources"] = [_without_empty(entry) for entry in found["resources"] if isinstance(entry, dict)]
    return found
