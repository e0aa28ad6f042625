"""The values of a report."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

from nixernetes.engine.outbox import Notification
from nixernetes.engine.removals import Removal
from nixernetes.objects.api_groups import FLUX_SOURCE
from nixernetes.objects.identity import GroupKind, ObjectKey
from nixernetes.objects.kinds import (
    APPLICATION,
    APPLICATION_SET,
    ARTIFACT_GENERATOR,
    HELM_RELEASE,
    KUSTOMIZATION,
    RESOURCE_SET,
)
from nixernetes.objects.provenance import Origin

__all__ = ["DELIVERIES", "SOURCES", "DeliveryRow", "ObjectStatus", "Report", "State", "short_revision"]

SOURCES: Final = (
    *(
        GroupKind(FLUX_SOURCE, kind)
        for kind in ("GitRepository", "OCIRepository", "HelmRepository", "HelmChart", "Bucket")
    ),
    ARTIFACT_GENERATOR,
)
DELIVERIES: Final = (*SOURCES, RESOURCE_SET, KUSTOMIZATION, HELM_RELEASE, APPLICATION_SET, APPLICATION)

State = str  # "ready", "progressing", "failed", "suspended"


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectStatus:
    """One object of a delivery.

    Attributes:
        key: who it is.
        status: its health in the words of its engine.
        message: what the engine says about it.
        available: whether it is there and has what it wants; False for what is missing, moving or failing.
        came: where it began and what it passed through on the way, as far as that is known.

    """

    key: ObjectKey
    status: str
    message: str = ""
    available: bool = True
    came: Origin = field(default_factory=Origin)

    @property
    def origin(self) -> str:
        """``file:line`` of the document it began as, ``""`` where that is not known."""
        return str(self.came)


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryRow:
    """One Kustomization, HelmRelease, source, Application or ApplicationSet, as its own status tells.

    Attributes:
        cluster: the cluster that holds the delivery's object.
        key: who it is.
        state: ready, progressing, failed or suspended.
        status: the engine's own word (``True``/``False``/``Unknown`` of Ready, or ``Synced/Healthy``).
        revision: the applied revision.
        message: the engine's own message.
        objects: what it delivers, in the order of its inventory.
        hooks: the objects that an operation waits for, and which are not its own.
        warnings: what is wrong though nothing fails: shared objects, warnings of the engine, fields not honoured.
        origin: ``file:line`` where it is written, ``""`` where that is not known.
        source: the object of source-controller that a Kustomization or a HelmChart is made from; None of others.

    """

    cluster: str
    key: ObjectKey
    state: State
    status: str
    revision: str = ""
    message: str = ""
    objects: tuple[ObjectStatus, ...] = ()
    hooks: tuple[ObjectKey, ...] = ()
    warnings: tuple[str, ...] = ()
    origin: str = ""
    source: ObjectKey | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """All deliveries of a world at one moment, sorted.

    Attributes:
        time: the moment.
        deliveries: the deliveries.
        notifications: what was sent, or would have been: the latest.
        removals: what was deleted of what deliveries had brought: the latest.
        not_verified: a line about what SOPS encrypted and nobody could read, or ``""``.

    """

    time: str
    deliveries: tuple[DeliveryRow, ...]
    notifications: tuple[Notification, ...] = ()
    removals: tuple[Removal, ...] = ()
    not_verified: str = ""

    @property
    def ready(self) -> bool:
        """Whether there is something, and every delivery that is not suspended is ready."""
        return bool(self.deliveries) and all(item.state in ("ready", "suspended") for item in self.deliveries)

    @property
    def unavailable(self) -> int:
        """How many objects of deliveries are not available; one with two owners counts once."""
        return len(
            {
                (item.cluster, entry.key)
                for item in self.deliveries
                for entry in item.objects
                if not entry.available and entry.key.group_kind not in DELIVERIES
            }
        )


def short_revision(revision: str) -> str:
    """Shorten the hash in a revision to seven digits, as ``git log --oneline`` does."""
    return re.sub(r"\b([0-9a-f]{7})[0-9a-f]{13,}\b", r"\1", revision)
