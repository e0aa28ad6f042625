"""What the dangers of one cluster are read from, and how they are said."""

from __future__ import annotations

from dataclasses import dataclass

from nixernetes.changes.compared import ClusterComparison
from nixernetes.changes.sides import Side
from nixernetes.objects.identity import ObjectKey
from nixernetes.render.deliveries import Delivery
from nixernetes.verify.findings import Finding, Place, Severity

__all__ = ["ClusterScene", "listed"]

_NAMED = 5


@dataclass(frozen=True, kw_only=True)
class ClusterScene:
    """One cluster with what happens there.

    Attributes:
        cluster: what happens.
        base: the platform before.
        head: the platform now.

    """

    cluster: ClusterComparison
    base: Side
    head: Side

    def say(self, topic: str, severity: Severity, key: ObjectKey, message: str, place: Place | None = None) -> Finding:
        """Return a consequence for an object.

        Args:
            topic: what kind of consequence it is.
            severity: ``error`` for what is lost or refused, ``warning`` for what is hardly meant, ``info`` to know.
            key: the object.
            message: the fact and the remedy, without the object.
            place: where it is written; None: where its change is.

        """
        change = self.cluster.by_key.get(key)
        return Finding(
            rule=topic,
            topic=topic,
            severity=severity,
            message=message,
            object=str(key),
            delivery=change.owner if change is not None else "",
            clusters=(self.cluster.name,),
            place=(change.place if change is not None else self._place(key)) if place is None else place,
        )

    def _place(self, key: ObjectKey) -> Place:
        for side, cluster in ((self.head, self.cluster.head), (self.base, self.cluster.base)):
            subject = cluster.placed.get(key) or cluster.deliveries.get(key)
            if subject is not None:
                return side.view.place(subject)
        return Place()

    def before(self, key: ObjectKey) -> Delivery | None:
        """Return a delivery as it was."""
        return self.cluster.base.deliveries.get(key)

    def now(self, key: ObjectKey) -> Delivery | None:
        """Return a delivery as it is."""
        return self.cluster.head.deliveries.get(key)


def listed(keys: list[ObjectKey], most: int = _NAMED) -> str:
    """Return objects in a sentence, of many the first."""
    shown = ", ".join(str(key) for key in keys[:most])
    return f"{shown} and {len(keys) - most} more" if len(keys) > most else shown
