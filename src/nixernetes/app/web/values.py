"""The values of the page and of its API: frozen, typed, written in camel case; ``docs/web.md`` documents them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from nixernetes.app.web.objects.values import ComparedTexts, HealthLine, OriginLine
from nixernetes.app.web.wire import AS_JSON
from nixernetes.objects.identity import ObjectKey

__all__ = [
    "ActivityLine",
    "ActivityPage",
    "ClusterCard",
    "ConditionLine",
    "DeliveryLine",
    "DeliveryPage",
    "EventLine",
    "Fact",
    "FieldLine",
    "FindingsPage",
    "FleetPage",
    "HistoryLine",
    "NotificationLine",
    "NotificationsPage",
    "ObjectLine",
    "ObjectName",
    "ObjectPage",
    "RequestLine",
    "TreeSpan",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectName:
    """Who an object is, and in which cluster.

    Attributes:
        cluster: the cluster; ``""`` where it is not known.
        group: the API group.
        kind: the kind.
        namespace: the namespace, or ``""``.
        name: the name.

    """

    __pydantic_config__ = AS_JSON

    cluster: str
    group: str
    kind: str
    namespace: str
    name: str

    @staticmethod
    def of(cluster: str, key: ObjectKey) -> ObjectName:
        """Return the name of an object of a cluster."""
        return ObjectName(cluster=cluster, group=key.group, kind=key.kind, namespace=key.namespace, name=key.name)

    @property
    def key(self) -> ObjectKey:
        """The identity without the cluster."""
        return ObjectKey(self.group, self.kind, self.namespace, self.name)


@dataclass(frozen=True, slots=True, kw_only=True)
class ClusterCard:
    """A cluster in one look.

    Attributes:
        name: its name.
        engines: which engines deliver to it.
        states: how many of its deliveries are of each state.
        objects: how many objects its deliveries bring.
        unavailable: how many of them are not available; None where nothing runs.
        last_change: when something happened last, ``""`` where nothing did.

    """

    __pydantic_config__ = AS_JSON

    name: str
    engines: tuple[str, ...]
    states: dict[str, int]
    objects: int
    unavailable: int | None
    last_change: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryLine:
    """A delivery in one line.

    Attributes:
        id: who it is.
        engine: ``flux`` or ``argocd``.
        state: ready, progressing, failed or suspended; ``rendered`` where nothing runs.
        status: the word of its engine.
        revision: the applied revision, its hash cut to seven digits.
        message: what its engine says, in one line.
        why: why it is not ready, in one line; ``""`` where it is.
        destination: the cluster that it delivers to.
        suspended: whether it is suspended, or its automated sync is off; None where it cannot be.
        project: the AppProject of an Application.
        source: where its files come from, in one word.
        labels: its labels, as ``key=value``.
        objects: how many objects it brings.
        unavailable: how many of them are not available; None where nothing runs.
        warnings: what is wrong though nothing fails.
        findings: how many findings are about it and what it brings; None where nothing was checked.
        origin: ``file:line`` where it is written.

    """

    __pydantic_config__ = AS_JSON

    id: ObjectName
    engine: str
    state: str
    status: str
    revision: str = ""
    message: str = ""
    why: str = ""
    destination: str = ""
    suspended: bool | None = None
    project: str = ""
    source: str = ""
    labels: tuple[str, ...] = ()
    objects: int = 0
    unavailable: int | None = None
    warnings: tuple[str, ...] = ()
    findings: int | None = None
    origin: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FleetPage:
    """Everything at once.

    Attributes:
        mode: ``run`` where engines run, ``repository`` where a repository is rendered and checked alone, ``live`` for
            clusters that others run.
        title: what is looked at.
        head: at which revision, in words; ``""`` where there is none.
        time: the moment.
        clusters: the clusters.
        deliveries: the deliveries, sorted; where `since` is a number those alone that changed since then.
        revision: what of a run is a higher number after every change of a delivery; 0 where nothing runs.
        since: the revision that is known already; None where everything is told.
        gone: the deliveries that are not there any more, where `since` is a number.
        notes: what is to be said of the whole.
        problem: why what is shown is not the newest, or ``""``.
        not_verified: what could not be verified.
        findings: how many findings there are of each severity; None where nothing was checked.

    """

    __pydantic_config__ = AS_JSON

    mode: Literal["run", "repository", "live"]
    title: str
    head: str = ""
    time: str
    clusters: tuple[ClusterCard, ...]
    deliveries: tuple[DeliveryLine, ...]
    revision: int = 0
    since: int | None = None
    gone: tuple[ObjectName, ...] = ()
    notes: tuple[str, ...] = ()
    problem: str = ""
    not_verified: tuple[str, ...] = ()
    findings: dict[str, int] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """A word and what it says."""

    __pydantic_config__ = AS_JSON

    label: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ConditionLine:
    """A condition of an object."""

    __pydantic_config__ = AS_JSON

    type: str
    status: str
    reason: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EventLine:
    """Something that happened."""

    __pydantic_config__ = AS_JSON

    time: str
    type: str
    reason: str
    message: str
    controller: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryLine:
    """A revision that a delivery was at."""

    __pydantic_config__ = AS_JSON

    id: str
    time: str
    status: str
    revision: str
    commit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectLine:
    """An object in the tree of a delivery.

    Attributes:
        id: who it is.
        depth: how deep it stands in the tree; lines come in the order of the tree.
        role: ``source``, ``delivery``, ``brought`` (by the delivery), or ``made`` (by a controller).
        status: its health in the words of its engine, ``""`` where nobody says.
        message: what is said of it.
        available: whether it has what it wants; None where nothing runs.
        origin: ``file:line`` where it is written.

    """

    __pydantic_config__ = AS_JSON

    id: ObjectName
    depth: int
    role: Literal["source", "delivery", "brought", "made"]
    status: str = ""
    message: str = ""
    available: bool | None = None
    origin: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TreeSpan:
    """Lines of a tree that are known already.

    Attributes:
        at: where they begin in the tree.
        had: where they began in the tree that is known.
        count: how many they are.

    """

    __pydantic_config__ = AS_JSON

    at: int
    had: int
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryPage:
    """All of one delivery.

    Attributes:
        mode: as of the fleet.
        line: the delivery in one line.
        causes: why it is not ready.
        remedy: what helps.
        facts: its source, revision, commit, path and the like.
        conditions: its conditions.
        tree: its source, itself, what it brings, and what controllers made of that; where `tree_spans` are there, the
            lines between these alone.
        tree_size: how many lines the tree has.
        tree_name: a name for the tree as it is here, to be given as `have`; ``""`` where all of it was asked for.
        tree_spans: which lines of the tree that is known stay, and where; None where none is known.
        left_out: how many lines the tree has beyond those that are here.
        history: what it was at.
        events: what happened to it.
        findings: what ``check`` says of it and of what it brings; as ``check -o json`` writes them.
        notes: what could not be honoured or verified.
        operating: whether an operation of Argo CD runs, which can be ended.
        confirms: what of Argo CD waits until a person confirms it.

    """

    __pydantic_config__ = AS_JSON

    mode: Literal["run", "repository", "live"]
    line: DeliveryLine
    operating: bool = False
    confirms: str = ""
    causes: tuple[str, ...] = ()
    remedy: str = ""
    facts: tuple[Fact, ...] = ()
    conditions: tuple[ConditionLine, ...] = ()
    tree: tuple[ObjectLine, ...] = ()
    tree_size: int = 0
    tree_name: str = ""
    tree_spans: tuple[TreeSpan, ...] | None = None
    left_out: int = 0
    history: tuple[HistoryLine, ...] = ()
    events: tuple[EventLine, ...] = ()
    findings: tuple[dict[str, object], ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldLine:
    """A field in which the live object differs from the desired one; None where it is not set."""

    __pydantic_config__ = AS_JSON

    path: str
    live: str | None
    desired: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectPage:
    """All of one object.

    Attributes:
        id: who it is.
        facts: what is worth knowing at once.
        conditions: its conditions.
        desired: what its delivery wants, as YAML; None where that is not known.
        live: what is in the cluster, as YAML; None where it is not there.
        desired_says: why there is nothing desired, or ``""``.
        live_says: why there is nothing live, or ``""``.
        diff: the fields that applying it again would change.
        compared: both as whole texts; None where nothing was compared.
        diff_says: why nothing was compared, or ``""``.
        health: how it stands, and which rule says so; None where it is not there.
        events: what happened to it.
        origin: where it comes from.
        findings: as of the delivery.

    """

    __pydantic_config__ = AS_JSON

    id: ObjectName
    facts: tuple[Fact, ...] = ()
    conditions: tuple[ConditionLine, ...] = ()
    desired: str | None = None
    live: str | None = None
    desired_says: str = ""
    live_says: str = ""
    diff: tuple[FieldLine, ...] = ()
    compared: ComparedTexts | None = None
    diff_says: str = ""
    health: HealthLine | None = None
    events: tuple[EventLine, ...] = ()
    origin: OriginLine = field(default_factory=OriginLine)
    findings: tuple[dict[str, object], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivityLine:
    """Something that happened to an object of a fleet.

    Attributes:
        id: the object.
        time: when.
        type: ``Normal`` or ``Warning``.
        reason: the reason that its controller gives.
        message: what the controller says, in one line.
        controller: who says so.
        is_delivery: whether the object is a delivery.

    """

    __pydantic_config__ = AS_JSON

    id: ObjectName
    time: str
    type: str
    reason: str
    message: str
    controller: str
    is_delivery: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivityPage:
    """What happened, the latest first.

    Attributes:
        lines: the events.
        left_out: how many older ones are not here.

    """

    __pydantic_config__ = AS_JSON

    lines: tuple[ActivityLine, ...] = ()
    left_out: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestLine:
    """A request that a notification consists of, with its secrets hidden.

    Attributes:
        method: the method of HTTP, or another protocol.
        url: the address.
        headers: names and values.
        body: what is sent.

    """

    __pydantic_config__ = AS_JSON

    method: str
    url: str
    headers: dict[str, str]
    body: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NotificationLine:
    """A notification, and what became of it; where it goes is told without what may hold a token.

    Attributes:
        id: the object that it is about.
        time: when it was due.
        reason: the reason of Flux, or the trigger of Argo CD.
        message: what is told, in words.
        receiver: who is told: a Provider, or a service and its recipient.
        host: where it goes: scheme and host alone.
        outcome: ``recorded`` (nothing left the machine), ``sending``, ``sent`` or ``failed``.
        error: why it failed, or ``""``.
        requests: what is sent.

    """

    __pydantic_config__ = AS_JSON

    id: ObjectName
    time: str
    reason: str
    message: str
    receiver: str
    host: str
    outcome: str
    error: str = ""
    requests: tuple[RequestLine, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class NotificationsPage:
    """What was sent, or would have been, the latest first.

    Attributes:
        sends: whether notifications leave the machine.
        lines: the notifications.
        left_out: how many older ones are not here.
        dead: the latest that could not be delivered, kept apart, the latest first.

    """

    __pydantic_config__ = AS_JSON

    sends: bool
    lines: tuple[NotificationLine, ...] = ()
    left_out: int = 0
    dead: tuple[NotificationLine, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingsPage:
    """What ``check`` says.

    Attributes:
        checked: whether anything was checked.
        findings: as ``check -o json`` writes them.
        not_verified: what could not be verified.
        suppressed: how many findings are accepted.

    """

    __pydantic_config__ = AS_JSON

    checked: bool
    findings: tuple[dict[str, object], ...] = ()
    not_verified: tuple[str, ...] = ()
    suppressed: int = 0
