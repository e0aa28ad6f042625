"""How the deliveries of a cluster that others run stand: by their own status, and by the rules of health.

Promise: nothing but the objects themselves is read, one list for each kind; a kind that may not be listed is a fault
beside the rest. Health has the words of each engine: kstatus for Flux, Argo CD's own for Argo CD.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from nixernetes.cluster.api import ApiError, Reader
from nixernetes.cluster.validation import resource_name
from nixernetes.engine.argocd.statuses import ApplicationStatus, OperationState
from nixernetes.engine.reports.argocd import application_delivery, set_delivery
from nixernetes.engine.reports.flux import flux_delivery
from nixernetes.engine.reports.values import DELIVERIES, SOURCES, DeliveryRow, State
from nixernetes.health import kstatus
from nixernetes.health.argocd import Assessor
from nixernetes.health.conditions import condition, conditions
from nixernetes.objects.fields import text_at
from nixernetes.objects.identity import GroupKind, ObjectKey
from nixernetes.objects.kinds import APPLICATION, APPLICATION_SET
from nixernetes.objects.manifest import Manifest
from nixernetes.objects.provenance import Origin

__all__ = ["DeliveryStanding", "Standings", "standings"]

_ARGOCD: Final = (APPLICATION_SET, APPLICATION)


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryStanding:
    """How one delivery stands.

    Attributes:
        context: the context through which its cluster was asked.
        key: who it is.
        state: ready, progressing, failed or suspended.
        health: the verdict in the words of its engine: ``Current``, ``InProgress``, ``Failed``, ... for Flux;
            ``Healthy``, ``Progressing``, ``Degraded``, ... for Argo CD; ``""`` where there is none.
        status: the engine's own word (``True``/``False``/``Unknown`` of Ready, or ``Synced/Healthy``).
        reason: why, in one word of the engine.
        revision: the revision that is applied.
        message: the engine's own message.
        created: when the object was created, as it is written.

    """

    context: str
    key: ObjectKey
    state: State
    health: str
    status: str
    reason: str
    revision: str
    message: str
    created: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Standings:
    """What was read of one cluster.

    Attributes:
        deliveries: the deliveries, by kind in the order of delivery, namespace and name.
        faults: what could not be read, a sentence each.

    """

    deliveries: tuple[DeliveryStanding, ...] = ()
    faults: tuple[str, ...] = ()


def standings(
    context: str, api: Reader, now: datetime, *, namespace: str | None = None, sources: bool = False
) -> Standings:
    """Read how the deliveries of a cluster stand.

    Args:
        context: what the cluster is called.
        api: the cluster.
        now: the present moment.
        namespace: only this one; None means all.
        sources: whether sources of Flux are told, too.

    Raises:
        RemoteError: the cluster does not answer.

    """
    found: list[DeliveryStanding] = []
    faults: list[str] = []
    assessor = Assessor()
    for kind in DELIVERIES:
        if kind in SOURCES and not sources:
            continue
        try:
            items = api.list(kind, namespace=namespace) if api.is_namespaced(kind) is not None else []
        except ApiError as error:
            if error.reason == "Unauthorized":
                raise  # it is so for every kind
            faults.append(f"{resource_name(kind)} cannot be listed: {error}")
            continue
        found += [_standing(context, api, item, kind, assessor, now) for item in items]
    return Standings(deliveries=tuple(found), faults=tuple(faults))


def _standing(
    context: str, api: Reader, item: Manifest, kind: GroupKind, assessor: Assessor, now: datetime
) -> DeliveryStanding:
    row = _row(context, api, item, kind)
    health, reason = _argocd_words(item, kind, assessor) if kind in _ARGOCD else _flux_words(item, now)
    return DeliveryStanding(
        context=context,
        key=row.key,
        state=row.state,
        health=health,
        status=row.status,
        reason=reason,
        revision=row.revision,
        message=row.message,
        created=text_at(item, "metadata", "creationTimestamp"),
    )


def _row(context: str, api: Reader, item: Manifest, kind: GroupKind) -> DeliveryRow:
    if kind == APPLICATION_SET:
        return set_delivery(context, api, item, objects=False)
    if kind == APPLICATION:
        return application_delivery(context, item, objects=False, origin=_no_origin)
    return flux_delivery(context, api, item, objects=False, origin=_no_origin)


def _flux_words(item: Manifest, now: datetime) -> tuple[str, str]:
    """Return health and reason of an object of Flux."""
    told = kstatus.compute(item, now)
    return str(told.status), condition(item, "Ready").reason or told.reason


def _argocd_words(item: Manifest, kind: GroupKind, assessor: Assessor) -> tuple[str, str]:
    """Return health and reason of an object of Argo CD; that of an app is what its controller found of its objects.

    The reason is the type of the first error; else of an app its operation while it is not over, then its sync status.
    """
    if kind == APPLICATION_SET:
        verdict, error = assessor.assess(item), condition(item, "ErrorOccurred")
        said = error if error.is_true else condition(item, "ResourcesUpToDate")
        return "" if verdict is None else str(verdict.status), said.reason
    status, phase = ApplicationStatus.of(item), OperationState.of(item).phase
    errors = [each.type for each in conditions(item) if each.type.endswith("Error")]
    going = phase if phase not in ("", "Succeeded") else ""
    return status.health or "Unknown", errors[0] if errors else going or status.sync or "Unknown"


def _no_origin(delivery: ObjectKey, key: ObjectKey) -> Origin | None:
    del delivery, key
    return None
