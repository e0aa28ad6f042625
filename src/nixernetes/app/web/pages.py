"""A question of the page by its name: what it is about is read from text, and the answer is written as JSON."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Mapping
from functools import cache, partial
from typing import Final, Protocol

from pydantic import TypeAdapter

from nixernetes.adapters.web_server.access.standing import Standing
from nixernetes.adapters.web_server.questions import WebAnswer, WebQuestion
from nixernetes.app.web.acting import ActionPage, ActionRequest, OutcomePage, read_request
from nixernetes.app.web.acts.permitting import PermissionPage, refusal_for_all
from nixernetes.app.web.acts.rehearsals import RehearsalPage
from nixernetes.app.web.acts.removals import RemovalPage
from nixernetes.app.web.acts.steering import ClockPage, ClockRequest, FaultRequest
from nixernetes.app.web.changed_values import ChangeEvent
from nixernetes.app.web.logs.values import LogPage, LogQuestion
from nixernetes.app.web.objects.trees import SentTrees
from nixernetes.app.web.reasons import ReasonsPage
from nixernetes.app.web.review_values import ReviewPage, RevisionsPage
from nixernetes.app.web.timelines import TimelinePage
from nixernetes.app.web.values import (
    ActivityPage,
    DeliveryPage,
    FindingsPage,
    FleetPage,
    NotificationsPage,
    ObjectName,
    ObjectPage,
)
from nixernetes.app.web.views.questions import OF_ALL, OF_DELIVERIES, ViewPage
from nixernetes.app.web.views.reading import Reading
from nixernetes.engine.reports.values import DELIVERIES
from nixernetes.engine.webhooks import HookAnswer, HookRequest
from nixernetes.errors import InputError, NixernetesError

__all__ = ["ACTIONS", "EXPORT", "PAGES", "REQUESTS", "Acting", "Pages", "Reviewing", "answer", "answered_hook", "told"]

_LOG: Final = logging.getLogger(__name__)

_OfRun = (
    ActivityPage
    | OutcomePage
    | NotificationsPage
    | ReasonsPage
    | RemovalPage
    | TimelinePage
    | ClockPage
    | PermissionPage
)
_Page = (
    FleetPage
    | DeliveryPage
    | ObjectPage
    | LogPage
    | ViewPage
    | FindingsPage
    | ReviewPage
    | RevisionsPage
    | RehearsalPage
    | _OfRun
)

PAGES: Final[Mapping[str, type]] = {
    "fleet": FleetPage,
    "delivery": DeliveryPage,
    "object": ObjectPage,
    "logs": LogPage,
    **{name: view.page for name, view in OF_ALL.items()},
    **{name: view.page for name, view in OF_DELIVERIES.items()},
    "findings": FindingsPage,
    "activity": ActivityPage,
    "outcome": OutcomePage,
    "notifications": NotificationsPage,
    "removal": RemovalPage,
    "permission": PermissionPage,
    "clock": ClockPage,
    "timeline": TimelinePage,
    "reasons": ReasonsPage,
    "review": ReviewPage,
    "revisions": RevisionsPage,
    "rehearsal": RehearsalPage,
}
_OF_REPOSITORIES: Final = ("review", "revisions", "rehearsal")
ACTIONS: Final = "actions"
CLOCK: Final = "clock"
FAULTS: Final = "faults"
EXPORT: Final = "export"
_MOST_DIGITS: Final = 18
REQUESTS: Final[Mapping[str, tuple[type, type, str]]] = {
    ACTIONS: (ActionRequest, ActionPage, "Sync, refresh, suspend, delete and the like; each object is told by itself."),
    CLOCK: (ClockRequest, ClockPage, "Step, run, jump or pause the clock of `up --clock virtual`."),
    FAULTS: (FaultRequest, ClockPage, "Let an image or a pod fail, or be well again."),
}
_ACTION: Final = TypeAdapter(ActionRequest)
_CLOCK: Final = TypeAdapter(ClockRequest)
_FAULT: Final = TypeAdapter(FaultRequest)
_GROUPS: Final = {kind.kind: kind.group for kind in DELIVERIES}


class Pages(Protocol):
    """What can be looked at."""

    def fleet(self, since: int | None = None) -> FleetPage:
        """Return everything at once.

        Args:
            since: the revision that is known already; what did not change since then may be left out.

        """
        ...

    def delivery(self, wanted: ObjectName) -> DeliveryPage:
        """Return one delivery.

        Raises:
            InputError: it is not there.

        """
        ...

    def item(self, wanted: ObjectName, by: ObjectName | None) -> ObjectPage:
        """Return one object.

        Args:
            wanted: the object.
            by: the delivery that brings it, where whoever asks knows it.

        Raises:
            InputError: neither the cluster nor the delivery has it.

        """
        ...

    def reading(self) -> Reading:
        """Return what views are made from."""
        ...

    def logs(self, question: LogQuestion) -> LogPage:
        """Return the log that is wanted.

        Raises:
            InputError: what it is of is not there.

        """
        ...

    def findings(self) -> FindingsPage:
        """Return what ``check`` says."""
        ...

    def activity(self) -> ActivityPage:
        """Return what happened."""
        ...


class Acting(Protocol):
    """What runs: it does as it is asked, and says what came of it and how it went."""

    def timeline(self) -> TimelinePage:
        """Return how it went."""
        ...

    def reasons(self) -> ReasonsPage:
        """Return why not all is ready."""
        ...

    def notifications(self) -> NotificationsPage:
        """Return what was sent, or would have been."""
        ...

    def hook(self, request: HookRequest) -> HookAnswer:
        """Answer a Git host or a registry."""
        ...

    def act(self, request: ActionRequest, standing: Standing | None) -> ActionPage:
        """Do what a request asks, object by object, as far as whoever asks may."""
        ...

    def clock(self) -> ClockPage:
        """Return how time goes on."""
        ...

    def steer(self, request: ClockRequest) -> ClockPage:
        """Give the clock an order."""
        ...

    def fault(self, request: FaultRequest) -> ClockPage:
        """Let something fail, or be well again."""
        ...

    def outcome(self, wanted: ObjectName, token: str) -> OutcomePage:
        """Return how a request about an object stands."""
        ...

    def permission(self, wanted: ObjectName, standing: Standing | None) -> PermissionPage:
        """Return whether somebody may change an object."""
        ...

    def removal(self, wanted: ObjectName, cascade: str) -> RemovalPage:
        """Return what deleting an object would do."""
        ...


class Reviewing(Protocol):
    """What compares revisions."""

    def revisions(self) -> RevisionsPage:
        """Return what can be compared."""
        ...

    def review(self, about: Mapping[str, str]) -> ReviewPage:
        """Return what the step from ``base`` to ``head`` does.

        Raises:
            InputError: there is no such revision.

        """
        ...

    def exported(self, about: Mapping[str, str]) -> str:
        """Return the same as one HTML file."""
        ...

    def rehearsal(self, about: Mapping[str, str]) -> RehearsalPage:
        """Return how the step is rolled out, rehearsed."""
        ...


def answer(
    pages: Pages,
    question: WebQuestion,
    acting: Acting | None = None,
    reviewing: Reviewing | None = None,
    trees: SentTrees | None = None,
) -> WebAnswer:
    """Answer a question, or do what a request asks.

    What is not there is a 404, what cannot be read a 400, and a fault of ours a 500, each with ``error``: whoever looks
    must not end what runs.

    Args:
        pages: what can be looked at.
        question: what is asked.
        acting: who does as asked; None where nothing runs.
        reviewing: who compares revisions; None where nobody does.
        trees: the trees that were sent before; None where each is told whole.

    """
    try:
        return _answered(pages, question, acting, reviewing, trees or SentTrees())
    except Exception as error:  # noqa: BLE001  # the boundary of one question: what runs runs on
        _LOG.exception("a fault of ours, answering %s", question.name)
        return _error(500, f"a fault of ours: {type(error).__name__}: {error}")


def answered_hook(acting: Acting | None, request: HookRequest) -> WebAnswer:
    """Answer a Git host or a registry; a fault of ours is a 500."""
    try:
        found = acting.hook(request) if acting is not None else HookAnswer(status=404, text="nothing runs here")
    except Exception as error:  # noqa: BLE001  # the boundary of one request: what runs runs on
        _LOG.exception("a fault of ours, answering a webhook")
        found = HookAnswer(status=500, text=f"a fault of ours: {type(error).__name__}")
    return WebAnswer(status=found.status, body=f"{found.text}\n".encode() if found.text else b"")


def _answered(
    pages: Pages, question: WebQuestion, acting: Acting | None, reviewing: Reviewing | None, trees: SentTrees
) -> WebAnswer:
    if question.body is not None:
        return _acted(question, question.body, acting)
    try:
        if question.name == EXPORT and reviewing is not None:
            return WebAnswer(status=200, body=reviewing.exported(question.about).encode(), file="review.html")
        page = _compared(question, reviewing) or _page(pages, question, acting)
    except NixernetesError as error:
        return _error(404, str(error))
    if isinstance(page, DeliveryPage):
        page = trees.windowed(page, question.about)
    return WebAnswer(status=200, body=_writer(PAGES[question.name]).dump_json(page, by_alias=True))


def _acted(question: WebQuestion, body: bytes, acting: Acting | None) -> WebAnswer:
    if question.name not in REQUESTS or acting is None:
        return _error(404, f"nothing runs here that could be asked: {question.name}")
    try:
        page = _changed(question, body, acting)
    except InputError as error:
        return _error(400, str(error))
    return WebAnswer(status=200, body=_writer(REQUESTS[question.name][1]).dump_json(page, by_alias=True))


def _changed(question: WebQuestion, body: bytes, acting: Acting) -> ActionPage | ClockPage:
    if question.name == ACTIONS:
        return acting.act(read_request(body, _ACTION), question.standing)
    refused = refusal_for_all(question.standing)
    if refused:
        raise InputError(refused)
    if question.name == CLOCK:
        return acting.steer(read_request(body, _CLOCK))
    return acting.fault(read_request(body, _FAULT))


def _error(status: int, text: str) -> WebAnswer:
    return WebAnswer(status=status, body=json.dumps({"error": text}).encode())


def _compared(question: WebQuestion, reviewing: Reviewing | None) -> ReviewPage | RevisionsPage | RehearsalPage | None:
    if reviewing is None:
        return None
    if question.name == "rehearsal":
        return reviewing.rehearsal(question.about)
    if question.name == "revisions":
        return reviewing.revisions()
    return reviewing.review(question.about) if question.name == "review" else None


def _page(pages: Pages, question: WebQuestion, acting: Acting | None) -> _Page:
    about = question.about
    whole: dict[str, Callable[[], _Page]] = {
        "fleet": lambda: pages.fleet(_revision(about.get("since", ""))),
        "findings": pages.findings,
        "activity": pages.activity,
        **{name: partial(view.make, pages.reading()) for name, view in OF_ALL.items() if name == question.name},
    }
    if question.name in whole:
        return whole[question.name]()
    if question.name in OF_DELIVERIES:
        return OF_DELIVERIES[question.name].make(pages.reading(), _delivery(about, ""))
    match question.name:
        case "delivery":
            return pages.delivery(_delivery(about, ""))
        case "object":
            by = _delivery(about, "by-") if about.get("by-name") else None
            return pages.item(_name(about), by)
        case "logs":
            return pages.logs(LogQuestion.of(about, _name(about)))
    if acting is not None and (page := _of_run(acting, question)) is not None:
        return page
    if question.name in PAGES:
        where = "`nixernetes ui REPO`" if question.name in _OF_REPOSITORIES else "`nixernetes up`"
        raise InputError(f"this is shown by {where} alone")
    raise InputError(f"there is no page {question.name!r}: there are {', '.join(PAGES)}")


def _revision(text: str) -> int | None:
    """Read a revision; None for what is none, so that everything is told."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < _MOST_DIGITS else None


def _name(about: Mapping[str, str]) -> ObjectName:
    """Read who an object is: a part that is left out is empty."""
    parts = {part: about.get(part, "") for part in ("cluster", "group", "kind", "namespace", "name")}
    if not parts["kind"] or not parts["name"]:
        raise InputError("which object? kind and name are missing")
    return ObjectName(**parts)


def _of_run(acting: Acting, question: WebQuestion) -> _OfRun | None:
    """Return what only something that runs can tell; None where that is not asked."""
    about = question.about
    match question.name:
        case "timeline":
            return acting.timeline()
        case "reasons":
            return acting.reasons()
        case "notifications":
            return acting.notifications()
        case "outcome":
            return acting.outcome(_thing(about), about.get("asked", ""))
        case "clock":
            return acting.clock()
        case "permission":
            return acting.permission(_thing(about), question.standing)
        case "removal":
            return acting.removal(_thing(about), about.get("cascade", ""))
    return None


def _thing(about: Mapping[str, str]) -> ObjectName:
    """Read who an object is; the group of a delivery may be left out."""
    return _name({"group": _GROUPS.get(about.get("kind", ""), ""), **about})


def _delivery(about: Mapping[str, str], prefix: str) -> ObjectName:
    kind = about.get(f"{prefix}kind", "")
    if kind not in _GROUPS:
        raise InputError(f"{kind!r} is not a kind of delivery: there are {', '.join(_GROUPS)}")
    return _name(
        {part: about.get(f"{prefix}{part}", "") for part in ("cluster", "kind", "namespace", "name")}
        | {"group": _GROUPS[kind]}
    )


def told(event: ChangeEvent) -> bytes:
    """Return a change as browsers are told it."""
    return _writer(ChangeEvent).dump_json(event, by_alias=True)


@cache
def _writer(page: type) -> TypeAdapter[object]:
    return TypeAdapter(page)
