"""A small Argo CD to test with: embedded clusters, repositories in memory, a virtual clock."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from nixernetes.adapters.sandbox.jq import JqProcess
from nixernetes.cluster.embedded import EmbeddedCluster
from nixernetes.cluster.workloads import WorkloadProfile, WorkloadSimulator
from nixernetes.cluster.workloads.profile import Failure
from nixernetes.engine.argocd.install import ArgoCD, install_argocd
from nixernetes.engine.events import Recorder
from nixernetes.engine.outbox import Outbox
from nixernetes.engine.outside import Outside
from nixernetes.engine.runtime import Runtime
from nixernetes.languages.jq import Jq
from nixernetes.objects import manifest as manifests, yamls
from nixernetes.objects.clocks import VirtualClock
from nixernetes.objects.identity import ObjectKey
from nixernetes.objects.kinds import APP_PROJECT, APPLICATION, APPLICATION_SET
from nixernetes.objects.manifest import Json, Manifest
from nixernetes.objects.well_known import IN_CLUSTER
from nixernetes.render.argocd.jsonnet import JsonnetRenderer
from nixernetes.render.delivery_builds import Builder
from nixernetes.render.rendered import Rendered
from nixernetes.render.sources.charts import Chart, ChartOptions, ChartRenderer
from nixernetes.render.tools import Tools
from nixernetes.testing import MemoryCharts, MemoryRegistries, MemorySource, RecordingNotifier

_PROFILE = WorkloadProfile(failures={"broken*": Failure.NEVER_READY})
URL = "https://github.com/myorg/config"


class PlainCharts:
    """Renders a chart whose templates have no templates in them."""

    def template(self, chart: Chart, options: ChartOptions) -> list[Rendered]:
        del options
        files = [path for path in chart.tree.walk("templates") if path.endswith(".yaml")]
        return [
            Rendered(manifest=document.data) for path in files for document in yamls.parse_all(chart.tree.read(path))
        ]


@dataclass
class Plane:
    """A control plane, its clusters, and what a test does with them."""

    clock: VirtualClock
    runtime: Runtime
    source: MemorySource
    charts: MemoryCharts
    registries: MemoryRegistries
    notifier: RecordingNotifier
    recorder: Recorder
    clusters: dict[str, EmbeddedCluster]
    argocd: ArgoCD
    outbox: Outbox
    polls: list[str] = field(default_factory=list)

    @property
    def api(self) -> EmbeddedCluster:
        return self.clusters["in-cluster"]

    def permissive(self) -> None:
        """Serve the kinds of Argo CD as definitions do that let everything in."""
        for kind in (APPLICATION, APPLICATION_SET, APP_PROJECT):
            self.api.serve(kind)

    def apply(self, *objects: Manifest, cluster: str = "in-cluster") -> None:
        for obj in objects:
            self.clusters[cluster].apply(obj, manager="kubectl", force=True)

    def commit(self, files: Mapping[str, Manifest | list[Manifest] | str], url: str = URL) -> str:
        texts = {path: value if isinstance(value, str) else _text(value) for path, value in files.items()}
        return self.source.commit(url, texts)

    def run(self, seconds: float) -> None:
        self.runtime.advance(self.clock.now() + timedelta(seconds=seconds))

    def settle(self, seconds: float = 3600) -> bool:
        return self.runtime.advance(self.clock.now() + timedelta(seconds=seconds), self.argocd.settled)

    def app(self, name: str) -> Manifest:
        found = self.api.get(ObjectKey(*APPLICATION, "argocd", name))
        assert found is not None, f"no Application {name}"
        return found

    def status(self, name: str) -> Json:
        return self.app(name).get("status") or {}

    def words(self, name: str) -> str:
        status = self.status(name)
        return f"{status['sync']['status']}/{status['health']['status']}"

    def conditions(self, name: str) -> list[tuple[str, str]]:
        return [(item["type"], item["message"]) for item in self.status(name).get("conditions") or []]

    def operation(self, name: str) -> Json:
        return self.status(name).get("operationState") or {}

    def get(self, kind: str, namespace: str, name: str, *, group: str = "", cluster: str = "in-cluster") -> Json:
        return self.clusters[cluster].get(ObjectKey(group, kind, namespace, name))

    def edit(self, kind: str, namespace: str, name: str, *, group: str = "", cluster: str = "in-cluster") -> Json:
        return manifests.copy(self.get(kind, namespace, name, group=group, cluster=cluster))

    def put(self, obj: Manifest, cluster: str = "in-cluster") -> None:
        self.clusters[cluster].update(obj, manager="kubectl-edit")


def _text(value: Manifest | list[Manifest]) -> str:
    return "---\n".join(yamls.dump(item) for item in (value if isinstance(value, list) else [value]))


def make_plane(
    servers: Mapping[str, str] | None = None,
    profile: WorkloadProfile | None = None,
    jq: Jq | None = None,
    jsonnet: JsonnetRenderer | None = None,
    renderer: ChartRenderer | None = None,
) -> Plane:
    """Make a control plane; further clusters by name and API server URL."""
    clock = VirtualClock()
    runtime = Runtime(clock)
    names = {"in-cluster": IN_CLUSTER, **(servers or {})}
    clusters = {name: EmbeddedCluster(name=name, clock=clock) for name in names}
    for cluster in clusters.values():
        runtime.add_process(WorkloadSimulator(cluster, clock, profile or _PROFILE))
    source, charts, notifier, recorder = MemorySource(), MemoryCharts(), RecordingNotifier(), Recorder(clock)
    registries, outbox = MemoryRegistries(), Outbox(notifier)
    argocd = install_argocd(
        runtime=runtime,
        api=clusters["in-cluster"],
        clusters={names[name]: cluster for name, cluster in clusters.items()},
        names=names,
        outside=Outside(
            builder=Builder(
                Tools(
                    source=source,
                    repositories=charts,
                    registries=registries,
                    charts=renderer or PlainCharts(),
                    jq=jq,
                    jsonnet=jsonnet,
                )
            ),
            outbox=outbox,
        ),
        recorder=recorder,
    )
    return Plane(clock, runtime, source, charts, registries, notifier, recorder, clusters, argocd, outbox)


@pytest.fixture
def plane() -> Plane:
    return make_plane()


@pytest.fixture
def plane_with_jq() -> Iterator[Plane]:
    jq = JqProcess()
    yield make_plane(jq=jq)
    jq.close()
