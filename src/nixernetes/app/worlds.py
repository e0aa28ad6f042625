"""A world: embedded clusters with their engines, wired to repositories and charts, driven by one runtime.

A world is made from a :class:`Blueprint` (which clusters, what is applied to each to start it, where repositories are)
and run with a virtual clock (``up --once``, ``demo``, tests: as fast as the machine goes) or a real one (``up``).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from nixernetes.app.made_objects import MadeElsewhere
from nixernetes.cluster.admission.policy_reports import PolicyReporter
from nixernetes.cluster.api import Event
from nixernetes.cluster.embedded import EmbeddedCluster
from nixernetes.cluster.workloads import WorkloadProfile, WorkloadSimulator
from nixernetes.cluster.workloads.profile import Failure
from nixernetes.engine import reports
from nixernetes.engine.events import Recorder
from nixernetes.engine.issuers import Issuers
from nixernetes.engine.logs.kept import ControllerLogs
from nixernetes.engine.logs.telling import write_event
from nixernetes.engine.outbox import Outbox, OutboxWatch
from nixernetes.engine.outside import Outside
from nixernetes.engine.removals import Removals
from nixernetes.engine.reports import Rows, Seen
from nixernetes.engine.reports.flux import FindOrigin
from nixernetes.engine.runtime import Key, Runtime
from nixernetes.engine.scoped_runtime import ScopedRuntime
from nixernetes.engine.starting import begin
from nixernetes.errors import BugError, InputError, NixernetesError
from nixernetes.objects.clocks import Clock, timestamp
from nixernetes.objects.identity import GroupKind, ObjectKey, group_kind, key_of
from nixernetes.objects.kinds import APPLICATION
from nixernetes.objects.manifest import Manifest
from nixernetes.objects.provenance import Origin
from nixernetes.objects.well_known import IN_CLUSTER
from nixernetes.render.estate import StartedCluster
from nixernetes.render.rendered import Rendered

if TYPE_CHECKING:
    from nixernetes.cluster.workloads.scheduling.machines import Machine

if TYPE_CHECKING:  # an engine takes long to import, and most repositories need one of the two
    from nixernetes.app.timing.pace import Pace
    from nixernetes.engine.argocd.install import ArgoCD
    from nixernetes.engine.flux.install import Flux

__all__ = ["IN_CLUSTER", "Blueprint", "World", "WorldStore", "make_world"]

_NEWEST = "1.34.4"  # what a cluster is whose version nobody says
_FAULTS = 100  # texts that are kept: more of them say nothing new


@dataclass(frozen=True, slots=True, kw_only=True)
class Blueprint:
    """What a world is made from.

    Attributes:
        clusters: the clusters, the Argo CD control plane among them (the one whose server is the in-cluster URL).
        engines: which engines run: ``flux``, ``argocd``.
        repository: the repository that is run.
        urls: the URLs that mean this repository.
        rev: the Git revision of it that runs; ``""`` is its HEAD.
        profile: how the workload simulator behaves.
        machines: the nodes of clusters, where it is declared what they have.
        kinds: custom kinds that every cluster serves without their definitions, and whether each is namespaced.

    """

    clusters: tuple[StartedCluster, ...]
    engines: frozenset[str]
    repository: Path = Path()
    urls: tuple[str, ...] = ()
    rev: str = ""
    profile: WorkloadProfile = field(default_factory=WorkloadProfile)
    machines: Mapping[str, tuple[Machine, ...]] = field(default_factory=dict)
    kinds: Mapping[GroupKind, bool] = field(default_factory=dict)


class World:
    """Clusters, engines and the runtime that drives them; made by :func:`make_world`."""

    def __init__(self, clock: Clock, outbox: Outbox | None = None, log_lines: int = 0) -> None:
        self.clock = clock
        self.outbox = outbox or Outbox()
        self.removals = Removals(clock)
        self.faults: list[str] = []
        self.runtime = Runtime(clock, self._fault)
        self.runtime.add_process(OutboxWatch(self.outbox, clock))
        self.logs = ControllerLogs(clock, log_lines)
        self.recorder = Recorder(clock, logs=self.logs)
        if log_lines:
            self.recorder.subscribe_all(partial(write_event, self.logs))
        self.clusters: dict[str, EmbeddedCluster] = {}
        self.reporters: list[PolicyReporter] = []
        self.simulators: list[WorkloadSimulator] = []
        self.failures: dict[str, Failure] = {}
        self.pace: Pace | None = None
        self.refused: list[str] = []
        self.flux: dict[str, Flux] = {}
        self.argocd: dict[str, ArgoCD] = {}
        self.started_sealed: list[Rendered] = []
        self.repository = Path()
        self.issuers = Issuers()
        self.started: dict[tuple[str, ObjectKey], Origin] = {}

    @property
    def control_plane(self) -> str:
        """The cluster whose Argo CD is the first, or ``""``."""
        return next(iter(self.argocd), "")

    def report(self, *, objects: bool = True) -> reports.Report:
        """Return what the world looks like now.

        Args:
            objects: whether what deliveries bring is read, too.

        """
        seen = self.seen(objects=objects)
        return reports.report(timestamp(self.clock.now()), self.clusters, objects=objects, seen=seen)

    def seen(self, *, objects: bool = True) -> Seen:
        """Return what engines took note of besides the objects of the clusters."""
        return Seen(
            origin=self.origins,
            notifications=self.outbox.recent,
            removals=self.removals.recent,
            notes=self._notes,
            sealed=self.sealed() if objects else (),
            started=self.started,
        )

    def followed(self) -> Rows:
        """Return how deliveries stand, followed from now on."""
        seen = self.seen()
        rows = Rows(self.clusters, origin=seen.origin, notes=seen.notes, started=seen.started)
        for name, cluster in self.clusters.items():
            cluster.watch(partial(_follow, rows, name))
        return rows

    def _notes(self, cluster: str, key: ObjectKey) -> Sequence[str]:
        return self.flux[cluster].notes.of(key) if cluster in self.flux else ()

    def sealed(self) -> Iterator[Rendered]:
        """Yield what SOPS encrypted in what deliveries of all clusters brought."""
        for name in sorted(self.flux):
            yield from self.flux[name].origins.sealed()
        for name in sorted(self.argocd):
            yield from self.argocd[name].origins.sealed()
        yield from self.started_sealed

    def origins(self, cluster: str) -> FindOrigin:
        """Return what finds the origin of an object that a delivery of a cluster brings."""
        flux = self.flux.get(cluster)
        argocd = self.argocd.get(cluster)

        def find(delivery: ObjectKey, key: ObjectKey) -> Origin | None:
            if argocd is not None and delivery.group_kind == APPLICATION:
                return argocd.origins.of(delivery, key)
            return flux.origins.of(delivery, key) if flux is not None else None

        return find

    def rendered(self, cluster: str, delivery: ObjectKey, key: ObjectKey) -> Rendered | None:
        """Return an object as a delivery of a cluster was rendered last; None where that is not known."""
        if delivery.group_kind == APPLICATION:
            return self.argocd[cluster].origins.rendered(delivery, key) if cluster in self.argocd else None
        return self.flux[cluster].origins.rendered(delivery, key) if cluster in self.flux else None

    def brought(self, cluster: str, delivery: ObjectKey) -> tuple[Rendered, ...]:
        """Return what a delivery of a cluster was rendered as last, hooks too."""
        engines = self.argocd if delivery.group_kind == APPLICATION else self.flux
        return engines[cluster].origins.brought(delivery) if cluster in engines else ()

    def destination(self, cluster: str, delivery: Manifest) -> str:
        """Return the cluster that a delivery of a cluster delivers to; its own where that is not known."""
        plane = self.argocd.get(cluster)
        if plane is None or group_kind(delivery) != APPLICATION:
            return cluster
        found = plane.destination(delivery)
        return next((name for name, each in self.clusters.items() if each is found), cluster)

    def settled(self) -> bool:
        """Tell whether every delivery is ready, or can make no further progress by itself, and all is reported."""
        if any(each.is_pending for each in self.reporters):
            return False
        return all(flux.settled() for flux in self.flux.values()) and all(
            argocd.settled() for argocd in self.argocd.values()
        )

    def run_until_settled(self, limit: timedelta) -> bool:
        """Run on the virtual clock until settled; return whether it was, within the limit of virtual time."""
        return self.runtime.advance(self.clock.now() + limit, self.settled)

    def run_for(self, duration: timedelta) -> None:
        """Run on the virtual clock for so long."""
        self.runtime.advance(self.clock.now() + duration)

    def on_object_error(self, cluster: str, key: ObjectKey, error: Exception) -> None:
        """Take note of an object of a cluster with which something unforeseen happened."""
        self._fault(cluster, (str(key),), error)

    def _fault(self, place: str, key: Key, error: Exception) -> None:
        where = ": ".join(filter(None, (place, "/".join(key))))
        is_told = isinstance(error, NixernetesError) and not isinstance(error, BugError)
        text = f"{where}: {error}" if is_told else f"internal error: {where}: {type(error).__name__}: {error}"
        if text not in self.faults and len(self.faults) < _FAULTS:
            self.faults.append(text)


def _follow(rows: Rows, cluster: str, event: Event) -> None:
    rows.changed(cluster, event.object)


class WorldStore(Protocol):
    """Keeps the clusters of a world."""

    def open(
        self, name: str, clock: Clock, kube_version: str, on_error: Callable[[ObjectKey, Exception], None]
    ) -> EmbeddedCluster:
        """Return a cluster as it was kept last; a new one where it never was."""
        ...

    def recall(self) -> None:
        """Tell those who watch the clusters of what is there."""
        ...

    def has_begun(self, name: str, what: str) -> bool:
        """Tell whether this very thing started a cluster before; remember it from now on."""
        ...


def make_world(
    blueprint: Blueprint, clock: Clock, outside: Outside, log_lines: int = 0, store: WorldStore | None = None
) -> World:
    """Make the clusters, install the engines, apply each cluster's bootstrap.

    Args:
        blueprint: what it is made from.
        clock: where time comes from.
        outside: the outside.
        log_lines: how many lines of the log of each controller are kept; 0 where nobody can ask for them.
        store: keeps its clusters, which go on from what it has kept; None where they are in memory alone.

    Raises:
        InputError: two clusters of one name, or Argo CD without a control plane.

    """
    world = World(clock, outside.outbox, log_lines)
    world.issuers = outside.issuers
    world.repository = blueprint.repository
    world.failures = {**blueprint.profile.failures}
    # What is let fail while it runs counts, too.
    blueprint = replace(blueprint, profile=replace(blueprint.profile, failures=world.failures))
    for plan in blueprint.clusters:
        if plan.name in world.clusters:
            raise InputError("two clusters have this name: give each its own", subject=plan.name)
        told = partial(world.on_object_error, plan.name)
        version = outside.builder.tools.of_cluster(plan.name).capabilities.kube_version
        if store is not None:
            cluster = store.open(plan.name, clock, version, told)
        else:
            cluster = EmbeddedCluster(name=plan.name, clock=clock, kube_version=version, on_error=told)
        world.clusters[plan.name] = cluster
        cluster.watch(partial(world.removals.on_event, plan.name))
        for kind, namespaced in blueprint.kinds.items():
            cluster.serve(kind, namespaced)
        made = MadeElsewhere(cluster)
        profile = _profile(blueprint, cluster, version)
        world.simulators.append(WorkloadSimulator(cluster, clock, profile, told, is_made=made))
        world.runtime.add_process(world.simulators[-1])
        world.reporters.append(PolicyReporter(cluster, clock))
        world.runtime.add_process(world.reporters[-1])
    if "flux" in blueprint.engines:
        _install_flux(world, outside)
    if "argocd" in blueprint.engines:
        _install_argocd(world, blueprint, outside)
    if store is not None:
        store.recall()
    for plan in blueprint.clusters:
        world.started |= {(plan.name, key_of(item.manifest)): item.origin for item in plan.bootstrap}
        given = [*outside.builder.tools.given]
        is_begun = store is not None and store.has_begun(plan.name, _digest(plan, given))
        begun = begin(world.clusters[plan.name], plan, given, is_begun=is_begun)
        world.refused += begun.refused
        world.started_sealed += begun.sealed
    return world


def _profile(blueprint: Blueprint, cluster: EmbeddedCluster, version: str) -> WorkloadProfile:
    """Return how the workloads of a cluster behave; its nodes are there then, where any are declared."""
    machines = blueprint.machines.get(cluster.name, ())
    if not machines:
        return blueprint.profile
    from nixernetes.cluster.workloads.scheduling.joining import join  # noqa: PLC0415  # few clusters need it

    join(cluster, machines, version.removeprefix("v") or _NEWEST)
    return replace(blueprint.profile, nodes=len(machines), machines=machines)


def _digest(plan: StartedCluster, given: Sequence[Manifest]) -> str:
    """Return what tells one start of a cluster from another."""
    applied = [*given, *(item.manifest for item in plan.bootstrap)]
    return hashlib.sha256(json.dumps(applied, sort_keys=True, default=str).encode()).hexdigest()


def _install_flux(world: World, outside: Outside) -> None:
    from nixernetes.engine.flux.install import install_flux  # noqa: PLC0415  # see above

    for name, cluster in world.clusters.items():
        world.flux[name] = install_flux(
            runtime=world.runtime,
            cluster_name=name,
            api=cluster,
            outside=outside.of_cluster(name),
            recorder=world.recorder,
        )


def _install_argocd(world: World, blueprint: Blueprint, outside: Outside) -> None:
    from nixernetes.engine.argocd.install import install_argocd  # noqa: PLC0415  # see above

    planes = [plan.name for plan in blueprint.clusters if plan.server == IN_CLUSTER]
    # A cluster that no Application can name is Flux's alone, unless it is the only one that could hold Argo CD.
    unnamed = [plan.name for plan in blueprint.clusters if not plan.server]
    planes = planes or (unnamed if len(unnamed) == 1 else [])
    if not planes:
        raise InputError(f"Argo CD needs a control plane, a cluster whose server is {IN_CLUSTER}; there is none")
    remote = {plan.name: plan.server for plan in blueprint.clusters if plan.server not in ("", IN_CLUSTER)}
    for plane in planes:
        servers = {**remote, plane: IN_CLUSTER}
        world.argocd[plane] = install_argocd(
            runtime=world.runtime if len(planes) == 1 else ScopedRuntime(world.runtime, plane),
            api=world.clusters[plane],
            clusters={server: world.clusters[name] for name, server in servers.items()},
            names={"in-cluster": IN_CLUSTER, **remote},
            outside=outside.of_cluster(plane),
            recorder=world.recorder,
            plane=plane,
        )
