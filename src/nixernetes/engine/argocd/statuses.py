"""What the status of an Application says; one that is not written yet, or is odd, says nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from nixernetes.engine.argocd import moments
from nixernetes.engine.argocd.operation_phases import GOING_ON
from nixernetes.objects.fields import at, items_at, mapping_at, number_at, objects_at, text_at
from nixernetes.objects.manifest import Json, Manifest

__all__ = ["ApplicationStatus", "OperationState", "deletion_time", "owners_of", "revisions_in"]


@dataclass(frozen=True, slots=True, kw_only=True)
class OperationState:
    """``status.operationState``.

    Attributes:
        phase: Running, Terminating, Succeeded, Failed or Error; ``""`` before the first operation.
        message: what it says.
        started: when it began, as it is written; ``""`` before it did.
        finished: when it ended, or when its last try did.
        sync: what was asked for.
        result: what came of it.

    """

    phase: str
    message: str
    started: str
    finished: str
    sync: Json
    result: Json

    @classmethod
    def of(cls, app: Manifest) -> OperationState:
        """Read it."""
        block = mapping_at(app, "status", "operationState")
        return cls(
            phase=text_at(block, "phase"),
            message=text_at(block, "message"),
            started=text_at(block, "startedAt"),
            finished=text_at(block, "finishedAt"),
            sync=mapping_at(block, "operation", "sync"),
            result=mapping_at(block, "syncResult"),
        )

    @property
    def is_running(self) -> bool:
        """Whether it goes on."""
        return self.phase in GOING_ON

    @property
    def started_at(self) -> datetime | None:
        """When it began."""
        return moments.parse(self.started)

    @property
    def finished_at(self) -> datetime | None:
        """When it ended, or when its last try did."""
        return moments.parse(self.finished)

    @property
    def heals(self) -> int:
        """How many times it healed the same drift."""
        return number_at(self.sync, "autoHealAttemptsCount")


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplicationStatus:
    """The rest of the status.

    Attributes:
        sync: Synced, OutOfSync or Unknown; ``""`` before the first comparison.
        revisions: what was compared; one for each source.
        compared_to: the spec that was compared.
        health: the aggregate, ``""`` before it is known.
        health_since: since when it is so.
        conditions: the conditions.
        resources: the rows of ``status.resources``.
        reconciled: when it was compared with the latest revision.

    """

    sync: str
    revisions: tuple[str, ...]
    compared_to: Json
    health: str
    health_since: datetime | None
    conditions: list[Json]
    resources: list[Json]
    reconciled: datetime | None

    @classmethod
    def of(cls, app: Manifest) -> ApplicationStatus:
        """Read it."""
        block = mapping_at(app, "status")
        return cls(
            sync=text_at(block, "sync", "status"),
            revisions=revisions_in(at(block, "sync")),
            compared_to=mapping_at(block, "sync", "comparedTo"),
            health=text_at(block, "health", "status"),
            health_since=moments.parse(text_at(block, "health", "lastTransitionTime")),
            conditions=objects_at(block, "conditions"),
            resources=objects_at(block, "resources"),
            reconciled=moments.parse(text_at(block, "reconciledAt")),
        )


def revisions_in(block: Json) -> tuple[str, ...]:
    """Return the revisions that a block names: in ``revisions`` of several sources, in ``revision`` of one."""
    several = tuple(each for each in items_at(block, "revisions") if isinstance(each, str))
    one = text_at(block, "revision")
    return several or ((one,) if one else ())


def deletion_time(manifest: Manifest) -> str:
    """Return when an object was asked to go, or ``""``."""
    return text_at(manifest, "metadata", "deletionTimestamp")


def owners_of(manifest: Manifest) -> list[Json]:
    """Return the owner references of an object."""
    return objects_at(manifest, "metadata", "ownerReferences")
