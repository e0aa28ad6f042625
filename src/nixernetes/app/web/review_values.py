"""The values of a review: what the step between two revisions does, as the page and its API tell it."""

from __future__ import annotations

from dataclasses import dataclass

from nixernetes.app.web.wire import AS_JSON

__all__ = [
    "ChangedField",
    "ChangedImage",
    "ChangedLine",
    "ChangedObject",
    "ReviewCluster",
    "ReviewDelivery",
    "ReviewPage",
    "RevisionLine",
    "RevisionsPage",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class RevisionLine:
    """A revision that people name.

    Attributes:
        name: a branch, a tag, or a commit of seven digits.
        kind: ``branch``, ``tag`` or ``commit``.
        commit: the full hash.
        subject: the first line of its message.
        author: who wrote it.
        time: when.

    """

    __pydantic_config__ = AS_JSON

    name: str
    kind: str
    commit: str
    subject: str
    author: str
    time: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RevisionsPage:
    """The revisions that can be compared: branches and tags, the latest first, then the latest commits."""

    __pydantic_config__ = AS_JSON

    revisions: tuple[RevisionLine, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedLine:
    """A line of a field that differs.

    Attributes:
        sign: ``-`` for what was there, ``+`` for what is there now, a blank for both.
        text: the line.

    """

    __pydantic_config__ = AS_JSON

    sign: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedField:
    """A field that differs."""

    __pydantic_config__ = AS_JSON

    path: str
    lines: tuple[ChangedLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedObject:
    """An object to which something happens.

    Attributes:
        action: ``create``, ``change``, ``delete``, ``replace``, ``orphan`` or ``move``.
        name: the object; one whose name ends with a hash of its content stands as ``name-*``.
        place: ``file:line``, or ``""``.
        note: why, or what else, or ``""``.
        fields: what differs.

    """

    __pydantic_config__ = AS_JSON

    action: str
    name: str
    place: str
    note: str
    fields: tuple[ChangedField, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewDelivery:
    """What a delivery does.

    Attributes:
        name: the delivery; ``""`` for what starts the cluster.
        objects: to what, in their order.
        left_out: how many objects more there are.

    """

    __pydantic_config__ = AS_JSON

    name: str
    objects: tuple[ChangedObject, ...]
    left_out: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewCluster:
    """What happens on a cluster.

    Attributes:
        name: the cluster.
        counts: how many objects meet each fate.
        deliveries: what does it.
        held: what changes in Git and not in the cluster, each with its reason.

    """

    __pydantic_config__ = AS_JSON

    name: str
    counts: dict[str, int]
    deliveries: tuple[ReviewDelivery, ...] = ()
    held: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedImage:
    """A container that runs another image."""

    __pydantic_config__ = AS_JSON

    cluster: str
    name: str
    container: str
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewPage:
    """What the step between two revisions does.

    Attributes:
        base: the revision before.
        head: the revision now.
        summary: all of it in one line.
        counts: how many objects meet each fate.
        clusters: what happens where.
        dangers: consequences, the worst first; as ``check -o json`` writes findings.
        new: findings of ``check`` that are new.
        fixed: findings that are fixed.
        images: containers that run another image.
        unknown: deliveries that could not be rendered, each with the reason.
        added: clusters that are new.
        removed: clusters that are no longer declared.
        broken: looks of ours that failed, each with the reason.

    """

    __pydantic_config__ = AS_JSON

    base: str
    head: str
    summary: str
    counts: dict[str, int]
    clusters: tuple[ReviewCluster, ...] = ()
    dangers: tuple[dict[str, object], ...] = ()
    new: tuple[dict[str, object], ...] = ()
    fixed: tuple[dict[str, object], ...] = ()
    images: tuple[ChangedImage, ...] = ()
    unknown: tuple[str, ...] = ()
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    broken: tuple[str, ...] = ()
