"""The figures of one cluster: one pass over its objects, by kind, each priced by whoever knows that kind."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Final, TypeAlias

from nixernetes.cost.amounts import Span
from nixernetes.cost.lines import CostLine, CostSubject, LineStatus
from nixernetes.cost.networking import load_balancer_lines
from nixernetes.cost.objects import ClusterSet, CostObject
from nixernetes.cost.pods.limit_ranges import container_defaults
from nixernetes.cost.pods.requests import ContainerDefaults, pod_requests
from nixernetes.cost.prices.book import PriceBook, Setting
from nixernetes.cost.pricing import fixed_line, pod_lines, pod_place, unpriced
from nixernetes.cost.storage import claim_lines, pod_volume_lines, volume_line
from nixernetes.cost.workloads.operators import member_claim, operator_pods
from nixernetes.cost.workloads.running import (
    RUNNING_KINDS,
    Pods,
    Scaling,
    embedded_pods,
    is_custom,
    replaced_by_rollouts,
    running_pods,
)
from nixernetes.cost.workloads.scaling import resizers, scalers
from nixernetes.errors import InputError
from nixernetes.objects.fields import mapping_at, text_at
from nixernetes.objects.identity import GroupKind, ObjectKey
from nixernetes.objects.kinds import (
    DAEMON_SET,
    GATEWAY,
    INGRESS,
    LIMIT_RANGE,
    PERSISTENT_VOLUME_CLAIM,
    RUNTIME_CLASS,
    SERVICE,
)
from nixernetes.objects.manifest import Json, labels_of
from nixernetes.objects.well_known import APP_PART_OF

__all__ = ["ClusterPricing", "control_plane"]

_TAGS: Final = {"nixernetes.io/framework": "framework", APP_PART_OF: "part-of"}
_NETWORKED: Final = (SERVICE, GATEWAY, INGRESS)


def control_plane(cluster: ClusterSet, book: PriceBook) -> Iterator[CostLine]:
    """Yield the fee of a managed control plane, where the book has one."""
    price = book.find("cluster", Setting(region=cluster.inventory.region))
    if price is not None and cluster.name:
        environment = cluster.inventory.environment or cluster.name
        owner = cluster.inventory.owner or cluster.assumptions.owner or "unowned"
        key = ObjectKey("", "Cluster", "", cluster.name)
        subject = CostSubject(key=key, cluster=cluster.name, team=owner, environment=environment)
        line = fixed_line(subject, "cluster", (Decimal(1), "1"), (price, "cluster", book.name))
        yield replace(line, is_shared=True)


_Find: TypeAlias = Callable[[CostSubject, CostObject], Iterator[CostLine]]


class ClusterPricing:
    """Prices the objects of one cluster.

    Args:
        cluster: the cluster.
        book: the prices.

    """

    def __init__(self, cluster: ClusterSet, book: PriceBook) -> None:
        self._cluster = cluster
        self._book = book
        self._scaling: Scaling = scalers(cluster)
        self._resizers = resizers(cluster)
        self._scaled_down = replaced_by_rollouts(cluster)
        self._defaults: dict[str, ContainerDefaults | InputError] = {}
        self._groups: dict[str, str] = {}
        self._ranges: dict[str, list[CostObject]] = {}
        for item in cluster.of(LIMIT_RANGE):
            self._ranges.setdefault(item.key.namespace, []).append(item)
        self._overheads: dict[str, dict[str, Json]] = {
            item.key.name: mapping_at(item.manifest, "overhead", "podFixed") for item in cluster.of(RUNTIME_CLASS)
        }

    def lines(self) -> Iterator[CostLine]:
        """Yield the lines of all objects, sorted by what they are."""
        wanted = [
            (item, find)
            for kind, items in self._cluster.by_kind.items()
            for find in [self._finder(kind)]
            if find is not None
            for item in items
        ]
        for item, find in sorted(wanted, key=_by_place):
            subject = self._subject(item)
            try:
                found = list(find(subject, item))
            except InputError as error:
                reason = f"cannot be read: {error.message}"
                found = [replace(unpriced(subject, "pods", reason), status=LineStatus.UNKNOWN)]
            if found and item.suspended:
                found = [_zero(subject, item.suspended)]
            yield from found

    def _finder(self, kind: GroupKind) -> _Find | None:
        if kind in _NETWORKED:
            return self._networked
        if kind == PERSISTENT_VOLUME_CLAIM:
            return self._claim
        if kind in RUNNING_KINDS or is_custom(kind.group):
            return self._workload
        return None

    def _networked(self, subject: CostSubject, item: CostObject) -> Iterator[CostLine]:
        return load_balancer_lines(subject, item, (self._cluster, self._book), self._groups)

    def _claim(self, subject: CostSubject, item: CostObject) -> Iterator[CostLine]:
        return claim_lines(subject, item, self._cluster, self._book)

    def _workload(self, subject: CostSubject, item: CostObject) -> Iterator[CostLine]:
        scaled_down = self._scaled_down.get(item.key, "")
        if scaled_down:
            yield _zero(subject, scaled_down)
            return
        is_shared = item.key.group_kind == DAEMON_SET
        found = list(running_pods(self._cluster, item, self._scaling))
        for pods in found:
            for line in self._pods(subject, item, pods):
                yield replace(line, is_shared=True) if is_shared else line
        if not found and is_custom(item.key.group):
            yield from self._by_operator(subject, item)

    def _by_operator(self, subject: CostSubject, item: CostObject) -> Iterator[CostLine]:
        """Yield what an object costs that is not a workload itself, and of which pods are made."""
        pods = operator_pods(item.manifest)
        if pods is not None:
            yield from self._pods(subject, item, pods)
            claim = member_claim(item.manifest)
            if claim is not None and not pods.zero:
                count = Span.of(pods.count.most)
                yield volume_line(subject, claim, count, (self._cluster, self._book))
        elif embedded_pods(item.manifest):
            yield unpriced(subject, "pods", "it holds containers, and how many pods are made of them is not known")

    def _pods(self, subject: CostSubject, item: CostObject, pods: Pods) -> Iterator[CostLine]:
        if pods.zero:
            yield _zero(subject, pods.zero)
            return
        if pods.unpriced:
            yield unpriced(subject, "pods", pods.unpriced)
            return
        namespace = item.key.namespace
        overhead = self._overheads.get(text_at(pods.spec, "runtimeClassName"))
        resizer = self._resizers.get(item.key)
        if resizer is not None:
            pods = replace(pods, notes=(*pods.notes, f"{resizer} may change its requests"))
        requests = pod_requests(pods.spec, self._container_defaults(namespace), overhead)
        yield from pod_lines(subject, pods, requests, self._book, pod_place(self._cluster, pods))
        yield from pod_volume_lines(subject, item, pods, (self._cluster, self._book))

    def _container_defaults(self, namespace: str) -> ContainerDefaults:
        found = self._defaults.get(namespace)
        if found is None:
            try:
                found = container_defaults(each.manifest for each in self._ranges.get(namespace, ()))
            except InputError as error:
                found = error
            self._defaults[namespace] = found
        if isinstance(found, InputError):
            raise found
        return found

    def _subject(self, item: CostObject) -> CostSubject:
        return CostSubject(
            key=item.key,
            cluster=item.cluster,
            app=item.app,
            team=self._cluster.team(item),
            environment=self._cluster.environment(item),
            place=item.place,
            through=item.through,
            region=self._cluster.inventory.region,
            tags=_tags(item),
        )


def _tags(item: CostObject) -> dict[str, str]:
    """Return the labels that reports carry on: those that are about compliance and about what it is a part of."""
    found = labels_of(item.manifest)
    return {name: found[label] for label, name in _TAGS.items() if label in found}


def _by_place(entry: tuple[CostObject, _Find]) -> tuple[str, str, str, str]:
    key = entry[0].key
    return key.namespace, key.kind, key.name, key.group


def _zero(subject: CostSubject, reason: str) -> CostLine:
    return CostLine(subject=subject, resource="pods", status=LineStatus.ZERO, reason=reason, shown="-")
