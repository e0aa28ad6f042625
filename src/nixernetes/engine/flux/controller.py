"""What all Flux controllers share: finalizer, suspension, requests, and waiting without blocking.

A real controller blocks one worker while it waits for a rollout; what changes meanwhile makes it run again afterwards.
Here the steps of a reconcile are a generator: it yields a ``Waiting`` where the real one would sleep, and the queue
resumes it at that moment. A key that is told of a change while it waits is noted and run again when it has finished.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, Generic, Never, TypeAlias, TypeVar

from nixernetes.cluster.api import Api
from nixernetes.engine.events import EventKind, Recorder
from nixernetes.engine.flux.admission import read
from nixernetes.engine.flux.artifacts import Artifacts
from nixernetes.engine.flux.progress import Progress
from nixernetes.engine.flux.subject import Subject
from nixernetes.engine.notes import Notes
from nixernetes.engine.origins import Origins
from nixernetes.engine.reading import declared_in
from nixernetes.engine.results import Done, Result, RetryAfter, Stalled, Waiting
from nixernetes.engine.runtime import Key, Runtime
from nixernetes.errors import NotYetError
from nixernetes.gitops.resource import Resource
from nixernetes.objects.clocks import Clock
from nixernetes.objects.durations import format_duration, parse_duration
from nixernetes.objects.identity import GroupKind, ObjectKey
from nixernetes.objects.manifest import annotations_of
from nixernetes.objects.well_known import FLUX_EVENT_PREFIX
from nixernetes.render.delivery_builds import DROPPED, Builder
from nixernetes.render.outside import Surroundings

__all__ = [
    "NOT_VERIFIED",
    "REQUEUE_DEPENDENCY",
    "AnyController",
    "Context",
    "FluxController",
    "Steps",
    "backoff",
    "duration",
]

_Kind_contra = TypeVar("_Kind_contra", bound=Resource, contravariant=True)
Steps: TypeAlias = Generator[Waiting, None, Result]

NOT_VERIFIED = "NotVerified"  # the reason of events that only a preview has; no Alert is told of them
REQUEUE_DEPENDENCY = timedelta(seconds=30)  # --requeue-dependency
_FIRST_RETRY = timedelta(milliseconds=750)  # --min-retry-delay
_LAST_RETRY = timedelta(minutes=15)  # --max-retry-delay
_NOTHING: Mapping[str, str] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What the controllers of one cluster share.

    Attributes:
        cluster: its name.
        api: the cluster.
        runtime: what drives the controllers.
        builder: finds files and builds deliveries; shared with other clusters.
        recorder: where events go.
        artifacts: the storage of source-controller.
        progress: what is still under way.
        origins: where the objects of deliveries come from.
        notes: what was not honoured or verified.

    """

    cluster: str
    api: Api
    runtime: Runtime
    builder: Builder
    recorder: Recorder
    artifacts: Artifacts = field(default_factory=Artifacts)
    progress: Progress = field(default_factory=Progress)
    origins: Origins = field(default_factory=Origins)
    notes: Notes = field(default_factory=Notes)

    @property
    def declared(self) -> Surroundings:
        """The objects of the cluster, as a build asks for them."""
        return declared_in(self.api, self.builder.tools.given, is_opened=self.origins.is_opened)

    @property
    def clock(self) -> Clock:
        """Where time comes from."""
        return self.runtime.clock


@dataclass(slots=True)
class _Run:
    steps: Steps
    wake: datetime
    again: bool = False


def duration(value: str | None, default: timedelta) -> timedelta:
    """Return a duration field, or the default when it is absent."""
    return parse_duration(value) if value else default


def backoff(failures: int) -> timedelta:
    """Return the delay after so many failures in a row (controller-runtime's exponential back-off)."""
    return min(_FIRST_RETRY * (1 << min(max(failures - 1, 0), 30)), _LAST_RETRY)


def _paced(result: Result) -> Result:
    """Return when to look again: at an interval of nothing never, and else not more often than a retry may come."""
    match result:
        case Done(again=again) if again is not None:
            return Done(max(again, _FIRST_RETRY) if again else None)
        case RetryAfter(delay=delay, why=why):
            return RetryAfter(max(delay, _FIRST_RETRY), why)
        case _:
            return result


# The controllers that write their objects as ``gotk-NAME`` (``controllerName`` of each main.go, Flux 2.9).
_GOTK: Final = frozenset(("helm-controller", "kustomize-controller", "source-controller"))


class FluxController(ABC, Generic[_Kind_contra]):
    """Reconciles one kind; the key is (namespace, name)."""

    model: type[_Kind_contra]
    component: str
    finalizes = True  # whether objects of this kind get Flux's finalizer

    def __init__(self, context: Context) -> None:
        self.kind: GroupKind = self.model.group_kind()
        self.context = context
        self.api = context.api
        self._running: dict[Key, _Run] = {}
        self._failures: dict[Key, int] = {}

    @property
    def writer(self) -> str:
        """The field manager of statuses and finalizers: another than that of what is applied.

        Where both were one, applying a Kustomization that delivers itself would take its finalizer away.
        """
        return f"gotk-{self.component}" if self.component in _GOTK else self.component

    @property
    def name(self) -> str:
        """The unique name: cluster, controller and kind."""
        return f"{self.context.cluster}/{self.component}/{self.kind.kind}"

    def key(self, key: Key) -> ObjectKey:
        """Return the identity of the object behind a key."""
        return ObjectKey(*self.kind, *key)

    def trigger(self, key: Key) -> None:
        """Note a change: run now, or again as soon as a run that waits has finished."""
        run = self._running.get(key)
        if run is None:
            self.context.runtime.enqueue(self.name, key)
        else:
            run.again = True

    def reconcile(self, key: Key) -> Result:
        """Bring one object closer to what it wants."""
        now = self.context.clock.now()
        run = self._running.pop(key, None)
        if run is not None and now < run.wake:
            run.again = True
            self._running[key] = run
            return Waiting(run.wake - now, "the run under way")
        if run is None:
            run = _Run(self._start(key), now)
        self.context.progress.begins(self.key(key))
        try:
            waiting = next(run.steps)
        except StopIteration as stop:
            result: Result = _paced(stop.value)
        except NotYetError:
            raise  # nothing was done yet but reading: the run begins anew when the result is there
        except Exception as error:
            failed = RetryAfter(timedelta(), f"{type(error).__name__}: {error}")
            self.context.progress.ended(self.key(key), failed, again=False)
            raise
        else:
            run.wake = now + waiting.poll
            self._running[key] = run
            return waiting
        is_there = self.api.get(self.key(key)) is not None
        again = run.again and is_there
        self.context.progress.ended(self.key(key), result, again=again)
        if not is_there:
            self.context.progress.forget(self.key(key))
        return Done(timedelta()) if again else result

    @abstractmethod
    def run(self, subject: Subject[_Kind_contra]) -> Steps:
        """Reconcile an object that is neither being deleted nor suspended."""

    def finalize(self, subject: Subject[_Kind_contra]) -> Steps:  # noqa: ARG002 - overridden by kinds that own something
        """Clean up after an object that is being deleted; return Done to let it go."""
        return Done()
        yield

    def wants_finalizer(self, subject: Subject[_Kind_contra]) -> bool:  # noqa: ARG002 - overridden by kinds with static objects
        """Tell whether an object gets Flux's finalizer."""
        return self.finalizes

    def forgotten(self, key: ObjectKey) -> None:
        """Drop what is held for an object that is gone; kinds that hold more extend it."""
        self.succeeded(key)
        self.context.notes.forget(key)
        self.context.origins.forget(key)

    def suspended(self, subject: Subject[Resource]) -> None:
        """Note the reconcile request of a suspended object, as the real controllers do; nothing else changes."""
        subject.save()

    def event(
        self,
        subject: Subject[Resource],
        kind: EventKind,
        reason: str,
        message: str,
        metadata: Mapping[str, str] = _NOTHING,
    ) -> None:
        """Emit an event about an object; its ``event.toolkit.fluxcd.io/`` annotations go along."""
        subject.has_told = True
        self.context.recorder.event(
            subject.live,
            kind,
            reason,
            message,
            {**_own(subject), **metadata},
            controller=self.component,
            cluster=self.context.cluster,
        )

    def trace(self, subject: Subject[Resource], reason: str, message: str) -> None:
        """Tell Kubernetes, and the log, that nothing had to be done; nobody is notified of it."""
        subject.has_told = True
        self.context.recorder.trace(
            subject.live, reason, message, _own(subject), controller=self.component, cluster=self.context.cluster
        )

    def log(self, subject: Subject[Resource], message: str, error: str = "") -> None:
        """Write a line into the log of the controller."""
        self.context.recorder.logs.write(self.context.cluster, self.component, message, key=subject.key, error=error)

    def note(self, subject: Subject[Resource], notes: Sequence[str], besides: str = "") -> None:
        """Tell once what is not honoured or verified here, and again when that is something else.

        Args:
            subject: the object.
            notes: what is kept as notes on the object.
            besides: what a report says elsewhere, and only the event says here; or ``""``.

        """
        told = [each for each in (*notes, besides) if each and not each.endswith(DROPPED)]  # Flux itself is silent
        if self.context.notes.record(subject.key, notes, besides) and told:
            self.event(subject, "Warning", NOT_VERIFIED, "; ".join(told))

    def unchanged(self, subject: Subject[Resource], took: timedelta, again: timedelta | None) -> None:
        """Tell that a run succeeded which changed nothing that an event tells of."""
        after = f", next run in {format_duration(again)}" if again else ""
        self.log(subject, f"reconciliation finished in {format_duration(took)}{after}")

    def retry(self, key: ObjectKey, why: str) -> RetryAfter:
        """Return a retry with exponential back-off."""
        short = (key.namespace, key.name)
        count = self._failures[short] = self._failures.get(short, 0) + 1
        return RetryAfter(backoff(count), why)

    def succeeded(self, key: ObjectKey) -> None:
        """Forget the failures of an object."""
        self._failures.pop((key.namespace, key.name), None)

    def _start(self, key: Key) -> Steps:
        live = self.api.get(self.key(key))
        if live is None:
            self.forgotten(self.key(key))
            return Done()
        subject = Subject(self.api, live, read(self.model, live), self.context.clock, self.writer)
        began = self.context.clock.now()
        if live["metadata"].get("deletionTimestamp"):
            return (yield from self._delete(subject))
        if self.wants_finalizer(subject) and not subject.has_finalizer():
            subject.set_finalizer(present=True)
        if subject.fault:
            subject.stall("InvalidSpec", f"{subject.key} is invalid: {subject.fault}")
            result: Result = Stalled(subject.fault)
        elif subject.is_suspended():
            self.suspended(subject)
            self.log(subject, "reconciliation is suspended for this object")
            return Done()
        else:
            result = yield from self.run(subject)
        subject.save()
        if not subject.has_told:
            self._log_end(subject, began, result)
        return result

    def _log_end(self, subject: Subject[Resource], began: datetime, result: Result) -> None:
        """Write how a run ended of which no event tells."""
        took = self.context.clock.now() - began
        match result:
            case Done(again=again):
                self.unchanged(subject, took, again)
            case RetryAfter(why=why) | Stalled(why=why):
                self.log(subject, "Reconciler error", error=why)
            case Waiting(on=on):
                self.log(subject, on)

    def _delete(self, subject: Subject[_Kind_contra]) -> Steps:
        if not subject.has_finalizer():
            return Done()
        # What it wants to be done with its objects cannot be known of one that is refused: they stay.
        result = Done() if subject.fault else (yield from self.finalize(subject))
        if isinstance(result, Done | Stalled):
            self.forgotten(subject.key)
            subject.set_finalizer(present=False)
            return Done()
        return result


def _own(subject: Subject[Resource]) -> dict[str, str]:
    """Return what the annotations of an object add to each of its events."""
    return {name: text for name, text in annotations_of(subject.live).items() if name.startswith(FLUX_EVENT_PREFIX)}


AnyController: TypeAlias = FluxController[Never]  # of whatever kind: who has one can wake it, and hand it no object
