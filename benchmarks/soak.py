"""Prints how much memory a small platform of both engines holds after 3,000 and after 10,000 changes.

    .venv/bin/python benchmarks/soak.py [CHANGES ...]

Objects are created, changed and deleted under ever new names, sources move to new commits, charts to new versions. What
a cluster holds at the end is as much as at the start, so memory must be too. A test does the same with fewer changes.
Histories of a fixed length (events, removals) are full after 2,700 changes.
"""

from __future__ import annotations

import functools
import gc
import sys
import time
from datetime import timedelta
from typing import Any

from nixernetes.app.worlds import Blueprint, World, make_world
from nixernetes.engine.outbox import Outbox
from nixernetes.engine.outside import Outside
from nixernetes.objects import yamls
from nixernetes.objects.bounded import Bounded
from nixernetes.objects.clocks import VirtualClock
from nixernetes.objects.identity import ObjectKey, key_of
from nixernetes.render.delivery_builds import Builder
from nixernetes.render.estate import StartedCluster
from nixernetes.render.kustomize.loader import DocumentCache
from nixernetes.render.rendered import Rendered
from nixernetes.render.sources.charts import Chart, ChartOptions
from nixernetes.render.sources.git import Ref, Snapshot
from nixernetes.render.tools import Tools
from nixernetes.render.tree import MemoryTree
from nixernetes.testing import MemoryRegistries

_Memo = type(functools.lru_cache(len))
SERVER = "https://kubernetes.default.svc"
GIT, CHARTS = "https://git.example/fleet", "https://charts.example"
CHANGES_A_ROUND = 15  # seven created and deleted, and a commit


class Repository:
    """A Git repository and a chart that hold their last revision alone."""

    def __init__(self) -> None:
        self.round = 0

    def resolve(self, url: str, ref: Ref) -> tuple[str, str]:
        del url
        return f"{self.round:040x}", ref.branch

    def snapshot(self, url: str, ref: Ref) -> Snapshot:
        files = {
            f"{folder}/{name}.yaml": yamls.dump(manifest)
            for folder in ("flux", "argo")
            for name, manifest in (
                ("config", config_map(f"{folder}-{self.round}")),
                ("web", workload(f"{folder}-web", f"web:{self.round}")),
            )
        }
        commit, branch = self.resolve(url, ref)
        return Snapshot(commit=commit, reference=branch, tree=MemoryTree(files))

    def index(self, url: str, *_: Any) -> str:
        del url
        return f"sha256:{self.round:064x}"

    def pull(self, url: str, name: str, *_: Any) -> Chart:
        del url
        version = f"1.0.{self.round}"
        return Chart(name=name, version=version, tree=MemoryTree({"Chart.yaml": f"name: {name}\nversion: {version}\n"}))

    def template(self, chart: Chart, options: ChartOptions) -> list[Rendered]:
        return [Rendered(manifest=config_map(f"{options.release}-{chart.version}"))]


def config_map(name: str) -> Any:
    return named("v1", "ConfigMap", name, "default") | {"data": {"a": name}}


def workload(name: str, image: str) -> Any:
    labels = {"app": name}
    template = {"metadata": {"labels": labels}, "spec": {"containers": [{"name": "a", "image": image}]}}
    spec = {"replicas": 1, "selector": {"matchLabels": labels}, "template": template}
    return named("apps/v1", "Deployment", name, "default", spec)


def named(api_version: str, kind: str, name: str, namespace: str = "", spec: Any = None) -> Any:
    meta = {"name": name, **({"namespace": namespace} if namespace else {})}
    found = {"apiVersion": api_version, "kind": kind, "metadata": meta}
    return found if spec is None else {**found, "spec": spec}


def definition(name: str) -> Any:
    schema = {"openAPIV3Schema": {"type": "object", "properties": {"spec": {"type": "object"}}}}
    spec = {
        "group": "example.com",
        "scope": "Namespaced",
        "names": {"kind": name.title(), "plural": name},
        "versions": [{"name": "v1", "served": True, "storage": True, "schema": schema}],
    }
    return named("apiextensions.k8s.io/v1", "CustomResourceDefinition", f"{name}.example.com", spec=spec)


def kustomization(name: str) -> Any:
    source = {"kind": "GitRepository", "name": "fleet"}
    spec = {"interval": "10m", "prune": True, "path": "./flux", "sourceRef": source}
    return named("kustomize.toolkit.fluxcd.io/v1", "Kustomization", name, "flux-system", spec)


def application(name: str) -> Any:
    source = {"repoURL": GIT, "path": "argo"}
    destination = {"server": SERVER, "namespace": "default"}
    automated = {"automated": {"prune": True}}
    spec = {"project": "default", "source": source, "destination": destination, "syncPolicy": automated}
    manifest = named("argoproj.io/v1alpha1", "Application", name, "argocd", spec)
    return {**manifest, "metadata": {**manifest["metadata"], "finalizers": ["resources-finalizer.argocd.argoproj.io"]}}


def sources() -> list[Any]:
    git = {"url": GIT, "ref": {"branch": "main"}, "interval": "1m"}
    chart = {"chart": "a", "sourceRef": {"kind": "HelmRepository", "name": "charts"}, "interval": "1m"}
    flux, helm = "source.toolkit.fluxcd.io/v1", "helm.toolkit.fluxcd.io/v2"
    return [
        named(flux, "GitRepository", "fleet", "flux-system", git),
        named(flux, "HelmRepository", "charts", "flux-system", {"url": CHARTS, "interval": "1m"}),
        named(helm, "HelmRelease", "release", "flux-system", {"interval": "5m", "chart": {"spec": chart}}),
    ]


def passing(number: int) -> list[Any]:
    """Return what is there for one round only, under names that never come again."""
    labels = {"matchLabels": {"app": f"web-{number}"}}
    target = {"apiVersion": "apps/v1", "kind": "Deployment", "name": f"web-{number}"}
    return [
        workload(f"web-{number}", "web:1"),
        named("autoscaling/v2", "HorizontalPodAutoscaler", f"a-{number}", "default")
        | {"spec": {"minReplicas": 1, "maxReplicas": 2, "scaleTargetRef": target}},
        named("policy/v1", "PodDisruptionBudget", f"b-{number}", "default")
        | {"spec": {"minAvailable": 1, "selector": labels}},
        definition(f"w{number}"),
        named("example.com/v1", f"W{number}", "one", "default", {"size": 1}),
        kustomization(f"apps-{number}"),
        application(f"apps-{number}"),
    ]


class Soak:
    """A platform that changes."""

    def __init__(self) -> None:
        self.repository = Repository()
        tools = Tools(
            source=self.repository,
            repositories=self.repository,
            registries=MemoryRegistries(),
            charts=self.repository,
            cache=DocumentCache(10_000),
        )
        blueprint = Blueprint(
            clusters=(StartedCluster(name="one", server=SERVER),), engines=frozenset(("flux", "argocd"))
        )
        self.clock = VirtualClock()
        self.world: World = make_world(blueprint, self.clock, Outside(builder=Builder(tools), outbox=Outbox(keep=10)))
        self.cluster = self.world.clusters["one"]
        for manifest in sources():
            self.cluster.apply(manifest, manager="kubectl")
        self.passing: list[ObjectKey] = []
        self.changes = 0

    def run(self, changes: int) -> None:
        """Do changes until there were so many, then take away what is there for one round."""
        while self.changes < changes:
            self._round()
        self._take_away()
        self.world.run_for(timedelta(minutes=20))
        if self.world.faults:
            raise SystemExit(self.world.faults[0])

    def _round(self) -> None:
        self.repository.round += 1
        self._take_away()
        for manifest in passing(self.repository.round):
            self.cluster.apply(manifest, manager="kubectl")
            self.passing.append(key_of(manifest))
        self.changes += CHANGES_A_ROUND
        self.world.run_for(timedelta(minutes=1.5))

    def _take_away(self) -> None:
        for key in reversed(self.passing):
            self.cluster.delete(key)
        self.passing = []

    def blocks(self) -> int:
        """Return how many blocks of memory are held, but for memos that name their own bound."""
        for _ in range(2):
            for each in gc.get_objects():
                if isinstance(each, _Memo):
                    if each.cache_parameters()["maxsize"] is not None:
                        each.cache_clear()
                elif isinstance(each, Bounded):
                    each.clear()
            gc.collect()
        return sys.getallocatedblocks()


def main() -> None:
    soak = Soak()
    for changes in map(int, sys.argv[1:] or ("3000", "10000")):
        began = time.perf_counter()
        soak.run(changes)
        took = time.perf_counter() - began
        print(f"{changes:>6} changes: {soak.blocks():>9,} blocks, {took:.1f} s")


if __name__ == "__main__":
    main()
