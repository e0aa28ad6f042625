"""What is read of one cluster for the page: deliveries, the objects that they have, what controllers made of these."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from nixernetes.adapters.kube.client import KubeClient
from nixernetes.app.live.reading import at_once
from nixernetes.cluster.api import ApiError
from nixernetes.cluster.validation import resource_name
from nixernetes.engine.flux.applying import inventory
from nixernetes.engine.reports.argocd import application_delivery, set_delivery
from nixernetes.engine.reports.flux import flux_delivery
from nixernetes.engine.reports.values import DELIVERIES, DeliveryRow, ObjectStatus
from nixernetes.health import kstatus
from nixernetes.health.waiting_pods import why_not_ready
from nixernetes.objects.fields import mapping_at, objects_at, text_at
from nixernetes.objects.identity import GroupKind, ObjectKey, group_kind, key_of
from nixernetes.objects.kinds import APPLICATION, APPLICATION_SET, CRON_JOB, JOB, POD, REPLICA_SET
from nixernetes.objects.manifest import Manifest
from nixernetes.objects.provenance import Origin
from nixernetes.objects.well_known import IN_CLUSTER

__all__ = ["ReadCluster", "below", "made_of", "made_status", "objects_of", "read_cluster", "standing"]

_MOST_ASKED: Final = 400  # objects of one delivery whose state is asked for
_MOST_PLACES: Final = 8  # namespaces in which is looked for what controllers made
_MADE: Final = (REPLICA_SET, JOB, POD)
_MAKERS: Final = ("apps", "batch")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadCluster:
    """What was read of a cluster.

    Attributes:
        rows: how each delivery stands, with its object; what it brings is not read.
        faults: what could not be read, a sentence each.

    """

    rows: tuple[tuple[DeliveryRow, Manifest], ...] = ()
    faults: tuple[str, ...] = field(default_factory=tuple)


def read_cluster(context: str, client: KubeClient) -> ReadCluster:
    """Read how the deliveries of a cluster stand, one list for each kind.

    Raises:
        RemoteError: the cluster does not answer.

    """
    faults = []
    rows = []
    for kind in DELIVERIES:
        try:
            items = client.list(kind)
        except ApiError as error:
            faults.append(f"{resource_name(kind)} cannot be listed: {error}")
            continue
        rows += [(standing(context, client, item), item) for item in items]
    return ReadCluster(rows=tuple(rows), faults=tuple(faults))


def standing(context: str, client: KubeClient, item: Manifest) -> DeliveryRow:
    """Return how a delivery stands; the objects of an Application are those that its status has."""
    kind = group_kind(item)
    if kind == APPLICATION:
        return application_delivery(context, item, objects=True, origin=_no_origin)
    if kind == APPLICATION_SET:
        return set_delivery(context, client, item, objects=False)
    return flux_delivery(context, client, item, objects=False, origin=_no_origin)


def _no_origin(delivery: ObjectKey, key: ObjectKey) -> Origin | None:
    del delivery, key
    return None


def objects_of(client: KubeClient, row: DeliveryRow, item: Manifest) -> tuple[list[ObjectStatus], list[Manifest]]:
    """Return the objects of a delivery, and those of them that were read.

    Of Flux each is asked for, four hundred at most; the objects of an Application are as Argo CD says.

    Raises:
        RemoteError: the cluster does not answer.

    """
    if row.key.group_kind == APPLICATION and not _is_here(item):
        return list(row.objects), []
    keys = [each.key for each in row.objects] or inventory.keys(mapping_at(item, "status"))
    lives = dict(zip(keys, at_once(keys[:_MOST_ASKED], lambda key: _read(client, key)), strict=False))
    read = [live for live in lives.values() if live is not None]
    if row.objects:
        return list(row.objects), read
    return [_status(key, lives.get(key), is_asked=key in lives) for key in keys], read


def _is_here(app: Manifest) -> bool:
    """Tell whether an Application delivers to the cluster that holds it; what others hold is not asked for there."""
    destination = mapping_at(app, "spec", "destination")
    return text_at(destination, "server") == IN_CLUSTER or text_at(destination, "name") == "in-cluster"


def _read(client: KubeClient, key: ObjectKey) -> Manifest | None:
    try:
        return client.get(key)
    except ApiError:  # what may not be read is told as that
        return None


def _status(key: ObjectKey, live: Manifest | None, *, is_asked: bool) -> ObjectStatus:
    if live is None:
        text = "not there, or it may not be read" if is_asked else "not asked for: its delivery has too many objects"
        return ObjectStatus(key=key, status="Unknown" if is_asked else "", message=text, available=not is_asked)
    found = kstatus.compute(live)
    current = found.status is kstatus.Status.CURRENT
    return ObjectStatus(key=key, status=str(found.status), message=found.message, available=current)


def made_of(client: KubeClient, lives: Sequence[Manifest]) -> Mapping[str, list[Manifest]]:
    """Return what controllers made of workloads, and of that, by the uid of its owner.

    Raises:
        RemoteError: the cluster does not answer.

    """
    makers = [each for each in lives if group_kind(each).group in _MAKERS]
    places = list(dict.fromkeys(text_at(each, "metadata", "namespace") for each in makers))[:_MOST_PLACES]
    kinds = [kind for kind in _MADE if kind != JOB or any(group_kind(each) == CRON_JOB for each in makers)]
    found: dict[str, list[Manifest]] = defaultdict(list)
    for items in at_once([(kind, place) for place in places for kind in kinds], lambda asked: _listed(client, *asked)):
        for item in items:
            for owner in objects_at(item, "metadata", "ownerReferences"):
                found[text_at(owner, "uid")].append(item)
    return found


def _listed(client: KubeClient, kind: GroupKind, place: str) -> list[Manifest]:
    try:
        return [*client.list(kind, namespace=place)]
    except ApiError:
        return []


def made_status(item: Manifest) -> ObjectStatus:
    """Return how what a controller made stands."""
    found = kstatus.compute(item)
    why = why_not_ready(item) if group_kind(item) == POD else ""
    available = found.status is kstatus.Status.CURRENT and not why
    return ObjectStatus(key=key_of(item), status=str(found.status), message=why or found.message, available=available)


def below(made: Mapping[str, list[Manifest]], live: Manifest, depth: int) -> Iterator[tuple[int, Manifest]]:
    """Yield what was made of an object, each with its depth."""
    for item in made.get(text_at(live, "metadata", "uid"), []):
        yield depth, item
        yield from below(made, item, depth + 1)
