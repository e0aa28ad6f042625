"""A running world as pages: what its clusters and engines say now."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import timedelta
from itertools import chain

from nixernetes.app.console import origins, tracing
from nixernetes.app.console.happenings import events_of, one_line
from nixernetes.app.console.histories import entries
from nixernetes.app.console.selecting import LiveObject
from nixernetes.app.web import declared
from nixernetes.app.web.acting import ActionPage, ActionRequest, OutcomePage, act, outcome_of
from nixernetes.app.web.acts.removals import RemovalPage, removal_of
from nixernetes.app.web.acts.results import confirmation_of
from nixernetes.app.web.hooks import answer_hook
from nixernetes.app.web.logs.running import log_page
from nixernetes.app.web.logs.values import LogPage, LogQuestion
from nixernetes.app.web.running_objects import condition_lines, object_page, tree_of
from nixernetes.app.web.timelines import Timeline, TimelinePage
from nixernetes.app.web.values import (
    ActivityLine,
    ActivityPage,
    ClusterCard,
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
from nixernetes.app.worlds import World
from nixernetes.engine.outbox import Notification
from nixernetes.engine.reports import DeliveryRow, Report, causes, remedy, short_revision
from nixernetes.engine.reports.kept_rows import KeptRows
from nixernetes.engine.reports.values import DELIVERIES
from nixernetes.engine.webhooks import HookAnswer, HookRequest
from nixernetes.errors import InputError
from nixernetes.objects.api_groups import ARGOPROJ
from nixernetes.objects.clocks import timestamp
from nixernetes.objects.fields import at, flag_at, mapping_at, text_at
from nixernetes.objects.identity import group_kind
from nixernetes.objects.kinds import APPLICATION, APPLICATION_SET, HELM_RELEASE, KUSTOMIZATION
from nixernetes.objects.manifest import Manifest

__all__ = ["RunningPages", "is_suspended"]

_WITH_HISTORY = (APPLICATION, HELM_RELEASE, KUSTOMIZATION)
_TOLD = ("Object", "Cluster", "Status", "Message")  # in the head of the page, or of a source alone
_LATEST = 100  # events of one object that are shown
_CAUSES = 20  # that are listed
_LEAST = timedelta(milliseconds=500)  # between two moments of the history
_REST = 20  # times as long as a look at all took, nobody looks: a twentieth of the engine's time
_MOST_REST = timedelta(seconds=5)  # a history with longer gaps says little
_ACTIVITY = 500  # events of the fleet


class RunningPages:
    """The pages of a world; a report is read once for each state of its clusters.

    Args:
        world: the world.
        title: what runs.
        head: at which revision.

    """

    def __init__(self, world: World, title: str, head: str = "") -> None:
        self._world = world
        self._title = title
        self._head = head
        self._read: tuple[int, Report] | None = None
        self._kept = KeptRows()
        self._summed: tuple[Report, tuple[DeliveryLine, ...], tuple[ClusterCard, ...]] | None = None
        self._timeline = Timeline(world.clock.now())
        self._noted = -1
        self._next = world.clock.now()

    @property
    def revision(self) -> int:
        """What is another number after every change of a cluster."""
        return sum(cluster.revision for cluster in self._world.clusters.values())

    def note(self) -> bool:
        """Take note of how deliveries stand, where something has changed and enough time went by; tell whether so."""
        now, revision = self._world.clock.now(), self.revision
        is_due = revision != self._noted and now >= self._next
        if is_due:
            self._noted = revision
            self._timeline.note(now, self._world.report(objects=False))
            took = self._world.clock.now() - now
            self._next = now + min(max(_LEAST, took * _REST), _MOST_REST)
        return is_due

    def timeline(self) -> TimelinePage:
        """Return how the run went."""
        return self._timeline.page(self._world.clock.now())

    def notifications(self) -> NotificationsPage:
        """Return what was sent, or would have been, the latest first."""
        outbox = self._world.outbox
        lines = tuple(_notification(each) for each in reversed(outbox.recent[-_ACTIVITY:]))
        dead = tuple(_notification(each) for each in reversed(outbox.dead))
        return NotificationsPage(sends=outbox.sends, lines=lines, left_out=outbox.count - len(lines), dead=dead)

    def _report(self) -> Report:
        revision = self.revision
        if self._read is None or self._read[0] != revision:
            self._read = (revision, self._world.report(kept=self._kept))
        return self._read[1]

    def fleet(self) -> FleetPage:
        """Return everything at once."""
        report = self._report()
        lines, cards = self._sums(report)
        return FleetPage(
            mode="run",
            title=self._title,
            head=self._head,
            time=timestamp(self._world.clock.now()),
            clusters=cards,
            deliveries=lines,
            notes=(*self._world.refused, *self._world.faults),
            not_verified=tuple(filter(None, (report.not_verified,))),
        )

    def _sums(self, report: Report) -> tuple[tuple[DeliveryLine, ...], tuple[ClusterCard, ...]]:
        """Return the lines and the cards of a report, which are worked out once."""
        if self._summed is None or self._summed[0] is not report:
            lines = tuple(map(self._line, report.deliveries))
            held: dict[str, list[DeliveryRow]] = defaultdict(list)
            for row, line in zip(report.deliveries, lines, strict=True):
                held[line.destination].append(row)
            self._summed = (report, lines, tuple(self._card(name, held[name]) for name in self._world.clusters))
        return self._summed[1:]

    def _card(self, name: str, rows: list[DeliveryRow]) -> ClusterCard:
        brought = {entry.key: entry for row in rows for entry in row.objects}
        held = [entry for key, entry in brought.items() if key.group_kind not in DELIVERIES]
        own = {(row.cluster, row.key) for row in rows}
        latest = next(
            (event for event in reversed(self._world.recorder.recent) if (event.cluster, event.key) in own), None
        )
        engines = {_engine(row) for row in rows} | ({"argocd"} if name in self._world.argocd else set())
        return ClusterCard(
            name=name,
            engines=tuple(sorted(engines, reverse=True)),
            states=dict(sorted(Counter(row.state for row in rows).items())),
            objects=len(held),
            unavailable=sum(not entry.available for entry in held),
            last_change=timestamp(latest.time) if latest is not None else "",
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
            why=next(iter(_causes(row)), ""),
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
        row = next(
            (row for row in self._report().deliveries if (row.cluster, row.key) == (wanted.cluster, wanted.key)), None
        )
        live = self._world.clusters[wanted.cluster].get(wanted.key) if row is not None else None
        if row is None or live is None:
            raise InputError(f"{wanted.cluster}: {wanted.key} is not there: it may have been deleted")
        item = LiveObject(wanted.cluster, live)
        found = _causes(row)
        tree, left_out = tree_of(self._world, self._report(), row, item)
        return DeliveryPage(
            mode="run",
            line=self._line(row),
            operating=text_at(live, "status", "operationState", "phase") == "Running",
            confirms=confirmation_of(live),
            causes=tuple(found[:_CAUSES]),
            remedy=remedy(row, self._report()) if found else "",
            facts=(*self._facts(item, row),),
            conditions=condition_lines(live),
            tree=tree,
            left_out=left_out,
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
                message=one_line(event.message),
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
                    message=one_line(event.message),
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

    def act(self, request: ActionRequest) -> ActionPage:
        """Do what a request asks, object by object."""
        self._timeline.asked(request.targets)
        return act(self._world, request)

    def outcome(self, wanted: ObjectName, token: str) -> OutcomePage:
        """Return how a request about an object stands."""
        return outcome_of(self._world, wanted, token)

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
            RequestLine(method=each.method, url=each.url, headers=dict(each.headers), body=each.body)
            for each in found.requests
        ),
    )


def _engine(row: DeliveryRow) -> str:
    return "argocd" if row.key.group == ARGOPROJ else "flux"


def _causes(row: DeliveryRow) -> list[str]:
    """Return why a delivery is not ready; of Argo CD what objects say first: an operation may have succeeded before."""
    if row.state in ("ready", "suspended"):
        return []
    found = [one_line(cause) for cause in causes(row)]
    return [*found[1:], *found[:1]] if row.key.group_kind == APPLICATION and row.message else found


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
