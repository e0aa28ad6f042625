"""What no manifest says of clusters, and what is taken for granted: nodes, regions, owners, how long a Job runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Final, TypeAlias

from nixernetes.cost.node_pools import NodePool, Taint
from nixernetes.cost.pods.placement import SPOT_MARKERS, NodeMarker
from nixernetes.errors import InputError
from nixernetes.objects.durations import nanoseconds
from nixernetes.objects.fields import at, mapping_at, objects_at, text_at
from nixernetes.objects.manifest import Json

__all__ = ["Assumptions", "ClusterInventory", "Inventory", "hours_of", "read_inventory"]

_HOUR: Final = 3_600_000_000_000  # nanoseconds
TEAM_LABEL: Final = "nixernetes.io/owner"
ENVIRONMENT_LABEL: Final = "nixernetes.io/environment"


@dataclass(frozen=True, slots=True, kw_only=True)
class ClusterInventory:
    """What is known of a cluster.

    Attributes:
        nodes: its nodes; without any with a count, nobody knows how many there are.
        region: its region, as the price book names it.
        instance_class: the class of its nodes, where all have one.
        environment: what it is for, as ``production``; ``""``: its name.
        owner: who owns what names no other owner.
        storage_class: the StorageClass of claims that name none.

    """

    nodes: Sequence[NodePool] = ()
    region: str = ""
    instance_class: str = ""
    environment: str = ""
    owner: str = ""
    storage_class: str = ""


Inventory: TypeAlias = Mapping[str, ClusterInventory]


@dataclass(frozen=True, slots=True, kw_only=True)
class Assumptions:
    """What is taken for granted.

    Attributes:
        job_duration: how long a run of a Job takes, as ``6m``; ``""``: nobody says, and Jobs are shown and not added.
        job_durations: the same of single Jobs and CronJobs, by ``CronJob/shop/report``.
        spot: labels and taints by which nodes are known that may be taken away any moment.
        load_balancer_classes: classes of Gateways and Ingresses of which each makes a load balancer.
        owner: who owns what names no owner.
        team_label: the label that names the owner of an object.
        environment_label: the label that names the environment of an object.

    """

    job_duration: str = ""
    job_durations: Mapping[str, str] = field(default_factory=dict)
    spot: Sequence[NodeMarker] = SPOT_MARKERS
    load_balancer_classes: frozenset[str] = frozenset()
    owner: str = ""
    team_label: str = TEAM_LABEL
    environment_label: str = ENVIRONMENT_LABEL

    def __post_init__(self) -> None:
        """Refuse durations that are none.

        Raises:
            InputError: one is not a duration.

        """
        for each in filter(None, (self.job_duration, *self.job_durations.values())):
            hours_of(each)

    def job_hours(self, name: str) -> Fraction | None:
        """Return how many hours a run of a Job takes; None where nobody says."""
        said = self.job_durations.get(name, self.job_duration)
        return hours_of(said) if said else None


def hours_of(duration: str) -> Fraction:
    """Return a duration, as ``6m`` or ``1h30m``, in hours.

    Raises:
        InputError: it is not one.

    """
    try:
        return Fraction(abs(nanoseconds(duration)), _HOUR)
    except ValueError as error:
        raise InputError(str(error)) from error


def read_inventory(data: Mapping[str, Json]) -> dict[str, ClusterInventory]:
    """Return the clusters of ``{"prod": {"nodes": [{"count": 3, "labels": {…}, "taints": […]}], "region": …}}``.

    Raises:
        InputError: a cluster or node is not of its form.

    """
    return {name: _cluster(name, each) for name, each in data.items()}


def _cluster(name: str, data: Json) -> ClusterInventory:
    if isinstance(data, ClusterInventory):
        return data
    if not isinstance(data, Mapping):
        raise InputError("is not a mapping: write {nodes: [{count: 3}]}", subject=f"cluster {name}")
    given = dict(data)
    return ClusterInventory(
        nodes=tuple(_nodes(name, each) for each in _said(given, "nodes", "node_pools", "nodePools") or ()),
        region=text_at(given, "region"),
        instance_class=_said(given, "instance_class", "instanceClass", "class") or "",
        environment=text_at(given, "environment"),
        owner=text_at(given, "owner"),
        storage_class=_said(given, "storage_class", "storageClass") or "",
    )


def _said(data: Mapping[str, Json], *names: str) -> Json:
    """Return what stands under the first name that is there: as in Python, or as in the settings."""
    return next((data[name] for name in names if name in data), None)


def _nodes(cluster: str, data: Json) -> NodePool:
    if isinstance(data, NodePool):
        return data
    count = at(data, "count")
    if not isinstance(data, dict) or not isinstance(count, int) or isinstance(count, bool) or count < 0:
        raise InputError("nodes need a count of 0 or more: {count: 3, labels: {…}}", subject=f"cluster {cluster}")
    return NodePool(
        name=text_at(data, "name"),
        labels={key: str(value) for key, value in mapping_at(data, "labels").items()},
        taints=[
            Taint(text_at(each, "key"), text_at(each, "value"), text_at(each, "effect"))
            for each in objects_at(data, "taints")
        ],
        count=count,
    )
