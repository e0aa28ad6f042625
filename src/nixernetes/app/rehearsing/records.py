"""What happens while a change is rolled out, in the order in which it happens: objects, workloads, controllers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Final, Literal

from nixernetes.app.console.happenings import one_line
from nixernetes.app.worlds import World
from nixernetes.cluster.api import Event, EventType
from nixernetes.engine.events import RecordedEvent
from nixernetes.engine.reports import DeliveryRow, Report, short_revision
from nixernetes.health import kstatus
from nixernetes.health.waiting_pods import why_not_ready
from nixernetes.objects.identity import ObjectKey, key_of
from nixernetes.objects.kinds import DAEMON_SET, DEPLOYMENT, JOB, POD, REPLICA_SET, STATEFUL_SET
from nixernetes.objects.manifest import Manifest, labels_of

__all__ = ["DeliveryCourse", "Happening", "Recording"]

_MOST: Final = 5_000  # happenings: more of them say nothing new
_WORKLOADS: Final = (DEPLOYMENT, STATEFUL_SET, DAEMON_SET, JOB)
_QUIET_KINDS: Final = frozenset(("ReplicaSet", "Event", "EndpointSlice", "Endpoints", "ControllerRevision", "Lease"))
_STILL_SECONDS: Final = 900.0
_WORDS: Final = frozenset(("failed", "told"))
_STATE: Final = frozenset(("metadata", "operation", "status"))
What = Literal["created", "changed", "deleted", "available", "unavailable", "told", "failed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """One thing that happened.

    Attributes:
        after: seconds since the change was pushed.
        cluster: where.
        key: to whom.
        what: what happened.
        text: what is said of it.

    """

    after: float
    cluster: str
    key: ObjectKey
    what: What
    text: str = ""


@dataclass(slots=True, kw_only=True)
class DeliveryCourse:
    """How one delivery went through it.

    Attributes:
        cluster: where.
        key: which one.
        before: its state when the change was pushed; ``""`` where it was not there yet.
        after: its state at the end; ``""`` where it is gone.
        moved: seconds after which it stood as it does at the end.
        revision: the revision at the end.
        message: what its engine says at the end.

    """

    cluster: str
    key: ObjectKey
    before: str = ""
    after: str = ""
    moved: float = 0.0
    revision: str = ""
    message: str = ""


class Recording:
    """Takes note of what happens in a world from now on; of the first five thousand happenings.

    Args:
        world: the world.

    """

    def __init__(self, world: World) -> None:
        self._world = world
        self._began: datetime = world.clock.now()
        self._touched: dict[tuple[str, ObjectKey], None] = {}
        self._stands: dict[tuple[str, ObjectKey], bool] = {}
        self._courses: dict[tuple[str, ObjectKey], DeliveryCourse] = {}
        self.happenings: list[Happening] = []
        self.left_out = 0
        for name, cluster in world.clusters.items():
            for kind in _WORKLOADS:
                for item in cluster.list(kind):
                    key = key_of(item)
                    self._stands[name, key] = kstatus.compute(item).status is kstatus.Status.CURRENT
            cluster.watch(partial(self._changed, name))
        world.recorder.subscribe(self._told)
        self.begin()

    def begin(self) -> None:
        """Begin anew: what counts is what happens from now on."""
        self._began = self._world.clock.now()
        self.happenings, self.left_out, self._courses = [], 0, {}
        for row in self._world.report(objects=False).deliveries:
            course = DeliveryCourse(cluster=row.cluster, key=row.key, before=row.state)
            course.after, course.revision = row.state, short_revision(row.revision)
            course.message = one_line(row.message)
            self._courses[row.cluster, row.key] = course

    @property
    def moved(self) -> float:
        """After how many seconds something moved last: an object, a workload, how a delivery stands."""
        objects = (each.after for each in reversed(self.happenings) if each.what not in _WORDS)
        return max(next(objects, 0.0), *(course.moved for course in self._courses.values()), 0.0)

    @property
    def is_still(self) -> bool:
        """Whether nothing has moved for a quarter of an hour: what fails then says the same again and again."""
        return self._after() - self.moved >= _STILL_SECONDS

    @property
    def courses(self) -> list[DeliveryCourse]:
        """How each delivery went through it, in their order."""
        return [course for _, course in sorted(self._courses.items())]

    def note(self) -> None:
        """Take note of a moment's end: workloads that are available now, or no longer, and deliveries."""
        touched, self._touched = self._touched, {}
        for name, key in touched:
            live = self._world.clusters[name].get(key)
            if live is None:
                self._stands.pop((name, key), None)
                continue
            found = kstatus.compute(live)
            is_well = found.status is kstatus.Status.CURRENT
            if self._stands.get((name, key)) == is_well:
                continue
            self._stands[name, key] = is_well
            self._add(name, key, "available" if is_well else "unavailable", "" if is_well else one_line(found.message))
        self._note_deliveries(self._world.report(objects=False))

    def why(self) -> list[Happening]:
        """Return why pods are not ready at the end."""
        found = []
        for name, cluster in self._world.clusters.items():
            for pod in cluster.list(POD):
                why = why_not_ready(pod)
                if why:
                    found.append(Happening(after=self._after(), cluster=name, key=key_of(pod), what="failed", text=why))
        return found

    def _note_deliveries(self, report: Report) -> None:
        there = set()
        for row in report.deliveries:
            who = row.cluster, row.key
            there.add(who)
            course = self._courses.setdefault(who, DeliveryCourse(cluster=row.cluster, key=row.key))
            self._follow(course, row)
        for who, course in self._courses.items():
            if who not in there and course.after:
                course.after, course.moved = "", self._after()

    def _follow(self, course: DeliveryCourse, row: DeliveryRow) -> None:
        revision = short_revision(row.revision)
        if (course.after, course.revision) != (row.state, revision):
            course.after, course.revision, course.moved = row.state, revision, self._after()
        course.message = one_line(row.message)

    def _after(self) -> float:
        return (self._world.clock.now() - self._began).total_seconds()

    def _add(self, cluster: str, key: ObjectKey, what: What, text: str = "") -> None:
        if len(self.happenings) >= _MOST:
            self.left_out += 1
            return
        self.happenings.append(Happening(after=self._after(), cluster=cluster, key=key, what=what, text=text))

    def _changed(self, cluster: str, event: Event) -> None:
        key = key_of(event.object)
        if key.group_kind in _WORKLOADS:
            self._touched[cluster, key] = None
        if key.kind in _QUIET_KINDS or key.group_kind in (POD, REPLICA_SET):
            return
        if event.type is EventType.ADDED:
            self._add(cluster, key, "created")
        elif event.type is EventType.DELETED:
            self._add(cluster, key, "deleted")
        elif event.old is None or _wanted(event.old) != _wanted(event.object):
            self._add(cluster, key, "changed")

    def _told(self, event: RecordedEvent) -> None:
        what: What = "failed" if event.type == "Warning" else "told"
        self._add(event.cluster, event.key, what, f"{event.reason}: {one_line(event.message)}")


def _wanted(item: Manifest) -> tuple[Manifest, dict[str, str]]:
    """Return what is wanted of an object: all but its state, and what engines note on it."""
    return {name: part for name, part in item.items() if name not in _STATE}, labels_of(item)
