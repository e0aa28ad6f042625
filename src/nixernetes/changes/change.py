"""What happens to one object."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from nixernetes.changes.fields import FieldChange
from nixernetes.objects.identity import ObjectKey
from nixernetes.objects.manifest import Manifest
from nixernetes.verify.findings import Place
from nixernetes.verify.objects import Placed

__all__ = ["Action", "Held", "NotVerified", "ObjectChange", "Unrendered"]


class Action(StrEnum):
    """What happens to an object on its cluster."""

    CREATE = "create"
    """It is new."""
    CHANGE = "change"
    """It is patched in place; where the patch is refused, there is a finding too."""
    DELETE = "delete"
    """It is removed."""
    REPLACE = "replace"
    """It is deleted and created again."""
    ORPHAN = "orphan"
    """It leaves Git and stays in the cluster."""
    MOVE = "move"
    """Another delivery brings it from now on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectChange:
    """One object to which something happens.

    Attributes:
        action: what happens.
        key: the object.
        cluster: where.
        owner: the delivery that does it, or ``""`` for what starts a cluster.
        previous_owner: of a move, the delivery that brought it before.
        fields: the fields that differ.
        reason: why, where that is not plain.
        place: where it is written; of what is gone, where it was.
        before: the object as it was, None for a new one.
        after: the object as it is, None for one that left Git.
        stored: the object as an API server keeps it, before and after.

    """

    action: Action
    key: ObjectKey
    cluster: str
    owner: str = ""
    previous_owner: str = ""
    fields: tuple[FieldChange, ...] = ()
    reason: str = ""
    place: Place = Place()  # noqa: RUF009  # a tuple, that nobody changes
    before: Placed | None = None
    after: Placed | None = None
    stored: tuple[Manifest, Manifest] = ({}, {})  # never changed


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """An object whose text changes, and that stays in the cluster as it is.

    Attributes:
        key: the object.
        cluster: where.
        owner: the delivery that would bring the change.
        reason: why it does not.

    """

    key: ObjectKey
    cluster: str
    owner: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Unrendered:
    """A delivery that could not be rendered: what it does is not known.

    Attributes:
        side: ``base``, ``head`` or ``both``.
        delivery: the delivery.
        cluster: the cluster that holds it.
        message: why.
        is_changed: whether it, or what it reads, is another on the two sides.

    """

    side: str
    delivery: str
    cluster: str
    message: str
    is_changed: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class NotVerified:
    """Something that could not be known of a cluster that runs.

    Attributes:
        cluster: where.
        subject: what it is about: an object, a delivery, a kind.
        reason: why it is not known, and what to do.
        owner: the delivery that brings it, or ``""``.

    """

    cluster: str
    subject: str
    reason: str
    owner: str = ""
