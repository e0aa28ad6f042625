"""A rendered platform as the rules read it: the objects of each cluster, the deliveries, and where all is written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from nixernetes.cost.budget_verdicts import BudgetVerdict
from nixernetes.cost.estimates import Estimate
from nixernetes.cost.node_pools import NodePool
from nixernetes.objects.api_groups import ARGOPROJ
from nixernetes.objects.fields import mapping_at, text_at
from nixernetes.objects.identity import GroupKind, group_kind
from nixernetes.objects.kinds import CUSTOM_RESOURCE_DEFINITION, HELM_RELEASE
from nixernetes.objects.manifest import Manifest
from nixernetes.objects.provenance import Origin, StepKind
from nixernetes.objects.scopes import is_cluster_scoped, is_cluster_scoped_policy, is_policy_group
from nixernetes.render.deliveries import Delivery
from nixernetes.render.rendered_platform import RenderedCluster, RenderedPlatform
from nixernetes.verify.complying import Promises
from nixernetes.verify.costing import Costing, estimate_platform
from nixernetes.verify.findings import Place
from nixernetes.verify.known_problems import KnownProblems
from nixernetes.verify.objects import ClusterObjects, Placed, placed_objects, target_of
from nixernetes.verify.places import FieldPath, Places

__all__ = ["PlatformView", "Subject"]

Subject = Placed | Delivery


@dataclass(frozen=True, kw_only=True)
class PlatformView:
    """What rules read.

    Attributes:
        platform: the rendered platform.
        kube_version: the Kubernetes version of the clusters, as ``1.34``.
        kube_versions: the same of single clusters, by name.
        node_pools: the nodes of clusters, by name, as far as they are known.
        given_definitions: CustomResourceDefinitions that the user gives.
        given_policies: policies of Kyverno that the user gives, for all clusters.
        memo: answers that are worked out once, by who works them out.
        known: what the schemas are known to have against objects.
        costing: what costs are estimated with, and how much there may be.
        promises: what is promised, and what controls are assessed with.

    """

    platform: RenderedPlatform
    kube_version: str = ""
    kube_versions: Mapping[str, str] = field(default_factory=dict)
    node_pools: Mapping[str, Sequence[NodePool]] = field(default_factory=dict)
    given_definitions: tuple[Manifest, ...] = ()
    given_policies: tuple[Manifest, ...] = ()
    known: KnownProblems = field(default_factory=KnownProblems, compare=False, repr=False)
    costing: Costing = field(default_factory=Costing)
    promises: Promises = field(default_factory=Promises)
    memo: dict[str, Any] = field(default_factory=dict, compare=False, repr=False)
    _scopes: dict[GroupKind, bool] = field(default_factory=dict, compare=False, repr=False)

    @cached_property
    def places(self) -> Places:
        """Finds lines in the files of the repository."""
        estate = self.platform.estate
        return Places(estate.index.tree, frozenset(estate.urls))

    @cached_property
    def clusters(self) -> tuple[ClusterObjects, ...]:
        """The clusters with their objects; those first that hold deliveries."""
        local: dict[str, tuple[list[Placed], list[Delivery], str]] = {}
        for cluster in self.platform.clusters:
            local.setdefault(cluster.name, ([], [], cluster.name))
        for cluster in self.platform.clusters:
            here = local[cluster.name]
            here[0].extend(self._started(cluster))
            for delivery in cluster.deliveries:
                name = target_of(delivery.manifest, cluster.name, self.servers)
                there = local.setdefault(name, ([], [], cluster.name))
                there[1].append(delivery)
                there[0].extend(self._brought(delivery))
        return tuple(
            ClusterObjects(
                name=name,
                hub=hub,
                placed=tuple(placed),
                deliveries=tuple(deliveries),
                given=self.platform.given,
                is_remote=hub != name,
            )
            for name, (placed, deliveries, hub) in local.items()
        )

    @cached_property
    def servers(self) -> dict[str, str]:
        """The clusters by their names and by the API servers by which deliveries name them."""
        found = {}
        for cluster in self.platform.clusters:
            found[cluster.name] = cluster.name
            if cluster.start.server and "kubernetes.default.svc" not in cluster.start.server:
                found[cluster.start.server.rstrip("/")] = cluster.name
        return found

    @cached_property
    def estimate(self) -> Estimate:
        """What the platform costs; without settings at the prices that are shipped."""
        return estimate_platform(self.platform, self.clusters, self.costing)

    @cached_property
    def budget_verdicts(self) -> tuple[tuple[BudgetVerdict, Place], ...]:
        """What is to be said of each budget, and where it is written."""
        return tuple(self.costing.verdicts(self.estimate)) if self.costing.budgets else ()

    @cached_property
    def hubs(self) -> Mapping[str, ClusterObjects]:
        """The clusters that hold deliveries, by name."""
        return {each.name: each for each in self.clusters if not each.is_remote}

    @cached_property
    def held(self) -> Mapping[str, tuple[Delivery, ...]]:
        """All deliveries that a cluster holds, those for other clusters among them."""
        return {each.name: each.deliveries for each in self.platform.clusters}

    def held_for(self, cluster: ClusterObjects) -> tuple[Delivery, ...]:
        """Return the deliveries of all clusters that bring something to one, with those that these stand beside."""
        hubs = dict.fromkeys((cluster.hub, *self._holders.get(cluster.name, ())))
        return tuple(delivery for hub in hubs for delivery in self.held.get(hub, ()))

    def is_target(self, cluster: ClusterObjects) -> bool:
        """Tell whether a cluster holds no delivery itself: what else is on it may not be in this repository."""
        return cluster.is_remote or (not self.held.get(cluster.name) and cluster.name in self._holders)

    @cached_property
    def _holders(self) -> dict[str, dict[str, None]]:
        found: dict[str, dict[str, None]] = {}
        for hub, deliveries in self.held.items():
            for delivery in deliveries:
                target = target_of(delivery.manifest, hub, self.servers)
                if target != hub:
                    found.setdefault(target, {})[hub] = None
        return found

    def reached_by(self, hub: ClusterObjects, delivery: Delivery) -> ClusterObjects | None:
        """Return the cluster to which a delivery of a cluster brings its objects; None where nothing came there."""
        name = target_of(delivery.manifest, hub.name, self.servers)
        return self._named.get(name)

    @cached_property
    def _named(self) -> dict[str, ClusterObjects]:
        return {each.name: each for each in self.clusters}

    def deliveries(self) -> Iterator[tuple[ClusterObjects, Delivery]]:
        """Yield each delivery with the cluster that holds it."""
        for cluster in self.platform.clusters:
            for delivery in cluster.deliveries:
                yield self.hubs[cluster.name], delivery

    def is_namespaced(self, manifest: Manifest) -> bool:
        """Tell whether the kind of an object has namespaces, as its definition says; without one, as its name says."""
        kind = group_kind(manifest)
        known = self._scopes.get(kind)
        if known is None:
            known = self._scopes[kind] = self._has_namespaces(kind)
        return known

    def place(self, subject: Subject, path: FieldPath = ()) -> Place:
        """Return where a field of an object or delivery is written."""
        return self.places.of(subject.manifest, self.origin(subject), path)

    def origin(self, subject: Subject) -> Origin:
        """Return where an object came from, the files of charts named as the repository has them."""
        origin = subject.origin
        owner = subject.owner if isinstance(subject, Placed) else None
        if owner is None or owner.key.group_kind != HELM_RELEASE:
            return origin
        chain = tuple(
            step._replace(file=self.places.chart_file(owner.manifest, step.file))
            if step.kind is StepKind.CHART and step.file
            else step
            for step in origin.chain
        )
        return replace(origin, file=self.places.chart_file(owner.manifest, origin.file), chain=chain)

    def _started(self, cluster: RenderedCluster) -> list[Placed]:
        """Return what starts a cluster, but for what its deliveries bring again: Flux applies its own folder."""
        brought = {
            (item.origin.file, item.origin.line)
            for delivery in cluster.deliveries
            for item in delivery.manifests
            if item.origin.file
        }
        items = [item for item in cluster.start.bootstrap if (item.origin.file, item.origin.line) not in brought]
        return placed_objects(items, None, self.is_namespaced)

    def _brought(self, delivery: Delivery) -> list[Placed]:
        return placed_objects(delivery.manifests, delivery, self.is_namespaced)

    @property
    def minor_versions(self) -> dict[str, int]:
        """The minor version of the Kubernetes of each cluster of which it is known."""
        said = {each.name: self.kube_versions.get(each.name, self.kube_version) for each in self.clusters}
        found = {name: version.removeprefix("v").split(".")[1:2] for name, version in said.items()}
        return {name: int(part[0]) for name, part in found.items() if part and part[0].isdigit()}

    @cached_property
    def definitions(self) -> dict[GroupKind, Manifest]:
        """The CustomResourceDefinitions that the platform renders, by the kind that they define."""
        found: dict[GroupKind, Manifest] = {}
        for cluster in self.platform.clusters:
            for delivery in cluster.deliveries:
                for item in delivery.manifests:
                    if group_kind(item.manifest) == CUSTOM_RESOURCE_DEFINITION:
                        spec = mapping_at(item.manifest, "spec")
                        kind = GroupKind(text_at(spec, "group"), text_at(spec, "names", "kind"))
                        found.setdefault(kind, item.manifest)
        return found

    def _has_namespaces(self, kind: GroupKind) -> bool:
        defined = self.definitions.get(kind)
        if defined is not None:
            return text_at(defined, "spec", "scope") != "Cluster"
        if "." not in kind.group or kind.group.endswith(".k8s.io"):
            return not is_cluster_scoped(kind)
        if kind.group == ARGOPROJ:
            return True
        if is_policy_group(kind.group):
            return not is_cluster_scoped_policy(kind)
        return not kind.kind.startswith("Cluster") or kind.kind == "Cluster"
