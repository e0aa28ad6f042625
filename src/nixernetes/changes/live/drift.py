"""Drift as values: what on a cluster is not what Git says, who wrote it, and whether its delivery changes it back."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from nixernetes.changes.change import NotVerified
from nixernetes.changes.fields import FieldChange
from nixernetes.changes.live.field_writers import FieldWriter
from nixernetes.objects.identity import ObjectKey
from nixernetes.verify.findings import Place

__all__ = ["Deviation", "Drift", "DriftReport", "DriftedField", "Unclaimed"]


class Deviation(StrEnum):
    """In which way an object is not what Git says."""

    CHANGED = "changed"
    """Fields differ."""
    MISSING = "missing"
    """Git has it, and the cluster has not."""
    LEFT = "left"
    """A delivery still has it, and Git does not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DriftedField:
    """One field that is not what Git says.

    Attributes:
        change: the field: ``before`` is what Git says, ``after`` what is on the cluster.
        writers: who wrote it there; none where that is not known.

    """

    change: FieldChange
    writers: tuple[FieldWriter, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Drift:
    """One object that is not what Git says, or that has more than Git says.

    Attributes:
        key: the object.
        owner: the delivery that has it.
        deviation: in which way.
        fields: the fields.
        writers: who wrote the object, where all of it is meant.
        place: where it stands in Git.
        kept: why its delivery leaves it so; ``""`` where it is changed back.

    """

    key: ObjectKey
    owner: str
    deviation: Deviation
    fields: tuple[DriftedField, ...] = ()
    writers: tuple[FieldWriter, ...] = ()
    place: Place = field(default_factory=Place)
    kept: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unclaimed:
    """One object that no delivery has, in a namespace that Git declares.

    Attributes:
        key: the object.
        created: when it was created.
        writers: who wrote it.
        left_by: the delivery whose mark it carries, and that does not have it any more, or ``""``.

    """

    key: ObjectKey
    created: str
    writers: tuple[FieldWriter, ...]
    left_by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DriftReport:
    """What on a cluster is not what Git says.

    Attributes:
        cluster: the cluster, as the repository calls it.
        context: the context through which it was asked.
        revision: what of Git it was held against.
        is_applied: whether some delivery has applied that; else what differs may be a change that is not merged yet.
        drifts: the objects that are not what Git says.
        additions: the objects that others gave more fields, which their deliveries leave alone.
        beside: the objects that no delivery has.
        behind: deliveries that have applied another revision, each with it.
        failed: deliveries that cannot be rendered, each with the reason.
        unverified: what could not be known.

    """

    cluster: str
    context: str
    revision: str
    is_applied: bool = False
    drifts: tuple[Drift, ...] = ()
    additions: tuple[Drift, ...] = ()
    beside: tuple[Unclaimed, ...] = ()
    behind: tuple[tuple[ObjectKey, str], ...] = ()
    failed: tuple[tuple[ObjectKey, str], ...] = ()
    unverified: tuple[NotVerified, ...] = ()

    @property
    def counts(self) -> dict[Deviation, int]:
        """How many objects deviate in which way."""
        return {each: sum(drift.deviation is each for drift in self.drifts) for each in Deviation}
