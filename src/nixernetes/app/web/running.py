"""A running world as pages: what its clusters and engines say now."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from itertools import chain

from nixernetes.adapters.repositories.commits import commit_author
from nixernetes.adapters.web_server.access.standing import Standing
from nixernetes.app.console import origins, tracing
from nixernetes.app.console.happenings import events_of, one_line
from nixernetes.app.console.histories import entries
from nixernetes.app.console.selecting import LiveObject
from nixernetes.app.timing.pace import SteeredPace
from nixernetes.app.web import declared
from nixernetes.app.web.acting import ActionPage, ActionRequest, OutcomePage, act, outcome_of
from nixernetes.app.web.acts.permitting import PermissionPage, refusal
from nixernetes.app.web.acts.removals import RemovalPage, removal_of
from nixernetes.app.web.acts.results import confirmation_of
from nixernetes.app.web.acts.steering import ClockPage, ClockRequest, FaultRequest, clock_of, faulted, steered
from nixernetes.app.web.changed_values import ChangeEvent
from nixernetes.app.web.fleets import FleetLines, Since
from nixernetes.app.web.hooks import answer_hook
from nixernetes.app.web.logs.running import log_page
from nixernetes.app.web.logs.values import LogPage, LogQuestion
from nixernetes.app.web.objects.causing import causes_of
from nixernetes.app.web.objects.homes import home_of
from nixernetes.app.web.objects.kept_trees import KeptTrees
from nixernetes.app.web.reasons import ReasonsPage, reasons_page
from nixernetes.app.web.running_objects import condition_lines, object_page, tree_of
from nixernetes.app.web.timelines import Timeline, TimelinePage
from nixernetes.app.web.values import (
    ActivityLine,
    ActivityPage,
    DeliveryLine,
    DeliveryPage,
    EventLine,
    Fact,
    FindingsPage,
    FleetPage,
    HistoryLine,
    NotificationLine,
    NotificationsPage,
    ObjectName,
    ObjectPage,
    RequestLine,
)
from nixernetes.app.web.views.running import RunningReading
from nixernetes.app.worlds import World
from nixernetes.engine.events import RecordedEvent
from nixernetes.engine.outbox import Notification
from nixernetes.engine.reports import DeliveryRow, Report, remedy, report_of, short_revision
from nixernetes.engine.reports.delivery_index import Who
from nixernetes.engine.reports.values import DELIVERIES
from nixernetes.engine.webhooks import HookAnswer, HookRequest
from nixernetes.errors import InputError
from nixernetes.objects.api_groups import ARGOPROJ
from nixernetes.objects.clocks import timestamp
from nixernetes.objects.fields import at, flag_at, mapping_at, text_at
from nixernetes.objects.identity import group_kind
from nixernetes.objects.kinds import APPLICATION, APPLICATION_SET, HELM_RELEASE, KUSTOMIZATION
from nixernetes.objects.manifest import Manifest
from nixernetes.render.sops.summary import not_verified

__all__ = ["RunningPages", "is_suspended"]

_WITH_HISTORY = (APPLICATION, HELM_RELEASE, KUSTOMIZATION)
_TOLD = ("Object", "Cluster", "Status", "Message")  # in the head of the page, or of a source alone
_LATEST = 100  # events of one object that are shown
_CAUSES = 20  # that are listed
_LEAST = timedelta(milliseconds=500)  # between two moments of the history
_MOST_NAMED = 200  # deliveries in one event: more of them are asked for
_ACTIVITY = 500  # events of the fleet
_BODY = 2_000  # characters of a request or an event that the page shows: `-o json` has more


class RunningPages:
    """The pages of a world; after a change what it is about is read again, and nothing else.

    Args:
        world: the world.
        title: what runs.
        head: at which revision.

    """

    def __init__(self, world: World, title: str, head: str = "") -> None:
        self._world = world
        self._title = title
        self._head = head
        self._rows = world.followed()
        engines = {name: ("argocd",) if name in world.argocd else () for name in world.clusters}
        self._fleet = FleetLines(engines, self._line)
        for event in world.recorder.recent:
            self._happened(event)
        world.recorder.subscribe(self._happened)
        self._touched: set[Who] = set()
        self._trees = KeptTrees()
        self._told = 0
        self._read: Report | None = None
        self._timeline = Timeline(world.clock.now())
        self._unnoted: dict[Who, None] = {}
        self._next = world.clock.now()

    @property
    def revision(self) -> int:
        """What is another number after every change of a cluster."""
        return sum(cluster.revision for cluster in self._world.clusters.values())

    @property
    def is_behind(self) -> bool:
        """Whether there is something to take note of, for which not enough time had gone by."""
        return bool(self._unnoted) and self._world.clock.now() >= self._next

    def look(self) -> bool:
        """Read again what changed; tell whether anything did."""
        moved = self._rows.settle()
        is_other = self._fleet.take(moved)
        if moved.rows or moved.gone:
            self._read = None
        self._trees.forget((*moved.touched, *moved.gone))
        self._touched |= moved.touched
        self._unnoted |= dict.fromkeys((*((row.cluster, row.key) for row in moved.rows), *moved.gone))
        return is_other or bool(moved.touched)

    def note(self) -> bool:
        """Take note of how deliveries stand, where something has changed and enough time went by; tell whether so."""
        now = self._world.clock.now()
        if now < self._next:
            return False
        self.look()
        if not self._unnoted:
            return False
        rows = {who: self._rows.get(who) for who in self._unnoted}
        gone = [who for who, row in rows.items() if row is None]
        self._timeline.note(now, filter(None, rows.values()), gone)
        self._unnoted.clear()
        if not isinstance(self._world.pace, SteeredPace):  # a clock that is steered has no moments that say little
            self._next = now + _LEAST
        return True

    def changed(self) -> ChangeEvent:
        """Return what changed since the last call."""
        touched, self._touched = self._touched, set()
        since = self._fleet.since(self._told)
        self._told, before = self._fleet.number, self._told
        many = len(touched) > _MOST_NAMED
        is_short = since is not None and len(since.lines) <= _MOST_NAMED
        return ChangeEvent(
            deliveries=None if many else tuple(ObjectName.of(*who) for who in sorted(touched)),
            fleet=self._page(since, before) if is_short else None,
        )

    def _happened(self, event: RecordedEvent) -> None:
        self._fleet.happened((event.cluster, event.key), event.time)

    def timeline(self) -> TimelinePage:
        """Return how the run went."""
        return self._timeline.page(self._world.clock.now())

    def reasons(self) -> ReasonsPage:
        """Return why not all is ready."""
        return reasons_page(self._report())

    def notifications(self) -> NotificationsPage:
        """Return what was sent, or would have been, the latest first."""
        outbox = self._world.outbox
        lines = tuple(_notification(each) for each in reversed(outbox.recent[-_ACTIVITY:]))
        dead = tuple(_notification(each) for each in reversed(outbox.dead))
        return NotificationsPage(sends=outbox.sends, lines=lines, left_out=outbox.count - len(lines), dead=dead)

    def _report(self) -> Report:
        """Return how all stands, as a report that is read now."""
        self.look()
        if self._read is None:
            self._read = report_of(timestamp(self._world.clock.now()), self._rows, self._world.seen())
        return self._read

    def _row(self, wanted: ObjectName) -> DeliveryRow | None:
        self.look()
        return self._rows.get((wanted.cluster, wanted.key))

    def fleet(self, since: int | None = None) -> FleetPage:
        """Return everything at once, or what changed since a revision."""
        self.look()
        found = self._fleet.since(since) if since is not None else None
        return self._page(found, since)

    def _page(self, found: Since | None, since: int | None) -> FleetPage:
        return FleetPage(
            mode="run",
            title=self._title,
            head=self._head,
            time=timestamp(self._world.clock.now()),
            clusters=self._fleet.cards(),
            deliveries=found.lines if found is not None else self._fleet.lines(),
            revision=self._fleet.number,
            since=since if found is not None else None,
            gone=found.gone if found is not None else (),
            notes=(*self._world.refused, *self._world.faults),
            not_verified=tuple(filter(None, (not_verified(self._world.sealed()),))),
        )

    def _line(self, row: DeliveryRow) -> DeliveryLine:
        live = self._world.clusters[row.cluster].get(row.key)
        return DeliveryLine(
            id=ObjectName.of(row.cluster, row.key),
            engine=_engine(row),
            state=row.state,
            status=row.status,
            revision=short_revision(row.revision),
            message=one_line(row.message),
            why=next(iter(causes_of(row)), ""),
            destination=self._world.destination(row.cluster, live) if live is not None else row.cluster,
            suspended=is_suspended(live),
            project=text_at(live, "spec", "project") if row.key.group_kind == APPLICATION else "",
            source=declared.source(live) if live is not None else "",
            labels=declared.labels(live) if live is not None else (),
            objects=len(row.objects),
            unavailable=sum(not entry.available for entry in row.objects),
            warnings=row.warnings,
            origin=row.origin,
        )

    def delivery(self, wanted: ObjectName) -> DeliveryPage:
        """Return one delivery.

        Raises:
            InputError: it is not there.

        """
        row = self._row(wanted)
        live = self._world.clusters[wanted.cluster].get(wanted.key) if row is not None else None
        if row is None or live is None:
            raise InputError(f"{wanted.cluster}: {wanted.key} is not there: it may have been deleted")
        item = LiveObject(wanted.cluster, live)
        found = causes_of(row)
        tree = self._trees.of((wanted.cluster, wanted.key), lambda: tree_of(self._world, self._rows, row, item))
        return DeliveryPage(
            mode="run",
            line=self._line(row),
            operating=text_at(live, "status", "operationState", "phase") == "Running",
            confirms=confirmation_of(live),
            causes=tuple(found[:_CAUSES]),
            remedy=remedy(row, self._report()) if found else "",
            facts=(*self._facts(item, row),),
            conditions=condition_lines(live),
            tree=tree.lines,
            left_out=tree.left_out,
            history=tuple(HistoryLine(**each) for each in entries(self._world, item))
            if wanted.key.group_kind in _WITH_HISTORY
            else (),
            events=self._events(wanted),
            notes=row.warnings,
        )

    def _facts(self, item: LiveObject, row: DeliveryRow) -> Iterator[Fact]:
        """Yield what a delivery delivers, from which source at which commit, and where it is declared itself."""
        own, *_ = tracing.way(self._world, item)
        path = ["Path", text_at(item.object, "spec", "path")]
        sections = [[path], *tracing.sources(self._world, item), own]
        pairs = dict.fromkeys(
            (label, text) for label, text in chain.from_iterable(sections) if text and label not in _TOLD
        )
        yield from (Fact(label=label, text=text) for label, text in pairs)
        _, revision = home_of(self._world, ObjectName.of(item.cluster, item.key))
        author = commit_author(self._world.repository, revision)
        if author:
            yield Fact(label="Author", text=author)
        yield from declared.waits_for(item.object)
        if row.hooks:
            yield Fact(label="Waits for", text=", ".join(map(str, row.hooks)))

    def _events(self, wanted: ObjectName) -> tuple[EventLine, ...]:
        found = events_of(self._world, wanted.cluster, wanted.key)[-_LATEST:]
        return tuple(
            EventLine(
                time=timestamp(event.time),
                type=event.type,
                reason=event.reason,
                message=_beginning(one_line(event.message)),
                controller=event.controller,
            )
            for event in reversed(found)
        )

    def item(self, wanted: ObjectName, by: ObjectName | None) -> ObjectPage:
        """Return one object.

        Raises:
            InputError: neither the cluster nor the delivery has it.

        """
        cluster = self._world.clusters.get(wanted.cluster)
        if cluster is None:
            raise InputError(f"no cluster is called {wanted.cluster!r}")
        live = cluster.get(wanted.key)
        if live is not None:
            brought = origins.of(self._world, LiveObject(wanted.cluster, live))
            if brought is not None and brought.owner is not None:
                by = ObjectName.of(brought.place, brought.owner)
        return object_page(self._world, wanted, live, by, self._events(wanted))

    def reading(self) -> RunningReading:
        """Return what views are made from."""
        return RunningReading(self._world, self.fleet, self.delivery)

    def logs(self, question: LogQuestion) -> LogPage:
        """Return the log that is wanted."""
        return log_page(self._world, question)

    def findings(self) -> FindingsPage:
        """Return nothing: a world is run, and not checked."""
        return FindingsPage(checked=False)

    def activity(self) -> ActivityPage:
        """Return what happened, the latest first."""
        found = [*self._world.recorder.recent]
        return ActivityPage(
            lines=tuple(
                ActivityLine(
                    id=ObjectName.of(event.cluster, event.key),
                    time=timestamp(event.time),
                    type=event.type,
                    reason=event.reason,
                    message=_beginning(one_line(event.message)),
                    controller=event.controller,
                    is_delivery=event.key.group_kind in DELIVERIES,
                )
                for event in reversed(found[-_ACTIVITY:])
            ),
            left_out=max(len(found) - _ACTIVITY, 0),
        )

    def hook(self, request: HookRequest) -> HookAnswer:
        """Answer a Git host or a registry."""
        return answer_hook(self._world, request)

    def act(self, request: ActionRequest, standing: Standing | None = None) -> ActionPage:
        """Do what a request asks, object by object, as far as whoever asks may."""
        page = act(self._world, request, standing)
        self._timeline.asked(each.id for each in page.results if each.ok)
        return page

    def outcome(self, wanted: ObjectName, token: str) -> OutcomePage:
        """Return how a request about an object stands."""
        return outcome_of(self._world, wanted, token)

    def clock(self) -> ClockPage:
        """Return how time goes on."""
        return clock_of(self._world)

    def steer(self, request: ClockRequest) -> ClockPage:
        """Give the clock an order."""
        return steered(self._world, request)

    def fault(self, request: FaultRequest) -> ClockPage:
        """Let something fail, or be well again."""
        return faulted(self._world, request)

    def permission(self, wanted: ObjectName, standing: Standing | None) -> PermissionPage:
        """Return whether somebody may change an object."""
        return PermissionPage(refused=refusal(self._world, standing, wanted))

    def removal(self, wanted: ObjectName, cascade: str) -> RemovalPage:
        """Return what deleting an object would do."""
        return removal_of(self._world, wanted, cascade)


def _notification(found: Notification) -> NotificationLine:
    return NotificationLine(
        id=ObjectName.of(found.notice.cluster, found.notice.key),
        time=timestamp(found.notice.time),
        reason=found.notice.reason,
        message=one_line(found.notice.message),
        receiver=found.notice.receiver,
        host=found.host,
        outcome=found.outcome,
        error=one_line(found.error),
        requests=tuple(
            RequestLine(method=each.method, url=each.url, headers=dict(each.headers), body=_beginning(each.body))
            for each in found.requests
        ),
    )


def _beginning(text: str) -> str:
    return text if len(text) <= _BODY else f"{text[:_BODY]}…"


def _engine(row: DeliveryRow) -> str:
    return "argocd" if row.key.group == ARGOPROJ else "flux"


def is_suspended(live: Manifest | None) -> bool | None:
    """Tell whether a delivery is suspended; None where it cannot be."""
    if live is None or group_kind(live) == APPLICATION_SET:
        return None
    if group_kind(live) != APPLICATION:
        return flag_at(live, "spec", "suspend")
    policy = mapping_at(live, "spec", "syncPolicy")
    if not isinstance(at(policy, "automated"), dict):
        return None
    return at(policy, "automated", "enabled") is False
