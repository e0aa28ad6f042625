"""A world for Flux: one embedded cluster, a virtual clock, repositories in memory."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

import pytest

from nixernetes.adapters.sops import UserKeys
from nixernetes.cluster.embedded import EmbeddedCluster
from nixernetes.cluster.workloads import WorkloadProfile, WorkloadSimulator
from nixernetes.engine.events import Recorder
from nixernetes.engine.flux.install import install_flux
from nixernetes.engine.flux.kinds import KINDS
from nixernetes.engine.outbox import Outbox
from nixernetes.engine.outside import Outside
from nixernetes.engine.runtime import Runtime
from nixernetes.errors import RemoteError
from nixernetes.objects import yamls
from nixernetes.objects.clocks import VirtualClock
from nixernetes.objects.identity import GroupKind, ObjectKey
from nixernetes.objects.manifest import Json, Manifest
from nixernetes.render.delivery_builds import Builder
from nixernetes.render.rendered import Rendered
from nixernetes.render.sources.charts import Chart, ChartOptions, ChartRenderer, ChartRepositories
from nixernetes.render.sources.git import Source
from nixernetes.render.tools import Tools
from nixernetes.testing import MemoryCharts, MemoryRegistries, MemorySource, RecordingNotifier

URL = "https://example.com/config"
_GROUPS = {
    "GitRepository": "source.toolkit.fluxcd.io/v1",
    "HelmRepository": "source.toolkit.fluxcd.io/v1",
    "HelmChart": "source.toolkit.fluxcd.io/v1",
    "Bucket": "source.toolkit.fluxcd.io/v1",
    "OCIRepository": "source.toolkit.fluxcd.io/v1",
    "Kustomization": "kustomize.toolkit.fluxcd.io/v1",
    "HelmRelease": "helm.toolkit.fluxcd.io/v2",
    "Provider": "notification.toolkit.fluxcd.io/v1beta3",
    "Alert": "notification.toolkit.fluxcd.io/v1beta3",
    "Receiver": "notification.toolkit.fluxcd.io/v1",
    "ImagePolicy": "image.toolkit.fluxcd.io/v1",
    "ArtifactGenerator": "source.extensions.fluxcd.io/v1beta1",
    "ResourceSet": "fluxcd.controlplane.io/v1",
    "ResourceSetInputProvider": "fluxcd.controlplane.io/v1",
    "Deployment": "apps/v1",
    "Job": "batch/v1",
}


class TemplateCharts:
    """Renders charts whose templates hold ``{{key}}`` for a value: Flux is tested without helm."""

    def template(self, chart: Chart, options: ChartOptions) -> list[Rendered]:

        defaults = yamls.parse(chart.tree.read("values.yaml")) if chart.tree.is_file("values.yaml") else {}
        values = {**(defaults or {}), **(options.values or {}), "release": options.release}
        found = []
        for path in chart.tree.walk("templates"):
            text = chart.tree.read(path).decode()
            for name, value in values.items():
                text = text.replace("{{" + name + "}}", str(value))
            if "{{" in text:
                raise RemoteError("execution error: a value is missing")
            found += [Rendered(manifest=one.data) for one in yamls.parse_all(text)]
        return found


class World:
    """One cluster with Flux in it."""

    def __init__(
        self,
        renderer: ChartRenderer,
        *,
        profile: WorkloadProfile | None = None,
        charts: ChartRepositories | None = None,
        source: Source | None = None,
    ) -> None:
        self.clock = VirtualClock()
        self.runtime = Runtime(self.clock)
        self.recorder = Recorder(self.clock)
        self.source = MemorySource()
        self.charts = MemoryCharts()
        self.registries = MemoryRegistries()
        self.notifier = RecordingNotifier()
        self.cluster = EmbeddedCluster(name="test", clock=self.clock)
        self.runtime.add_process(WorkloadSimulator(self.cluster, self.clock, profile or WorkloadProfile()))
        outside = Outside(
            builder=Builder(
                Tools(
                    source=source or self.source,
                    repositories=charts or self.charts,
                    registries=self.registries,
                    charts=renderer,
                    decryptor=UserKeys({}),
                )
            ),
            outbox=Outbox(self.notifier),
        )
        self.flux = install_flux(
            runtime=self.runtime, cluster_name="test", api=self.cluster, outside=outside, recorder=self.recorder
        )

    def permissive(self) -> None:
        """Serve the kinds of Flux as definitions do that let everything in."""
        for kind in KINDS:
            self.cluster.serve(kind)

    def put(self, kind: str, name: str, spec: Json, *, namespace: str = "flux-system", **meta: Json) -> None:
        """Apply an object as a user would."""
        manifest = {
            "apiVersion": _GROUPS[kind],
            "kind": kind,
            "metadata": {"name": name, "namespace": namespace, **meta},
            "spec": spec,
        }
        self.cluster.apply(manifest, manager="kubectl", force=True)

    def repository(self, name: str = "repo", **spec: Json) -> None:
        """Apply a GitRepository that follows ``main`` every minute."""
        self.put("GitRepository", name, {"url": URL, "ref": {"branch": "main"}, "interval": "1m", **spec})

    def kustomization(self, name: str = "apps", **spec: Json) -> None:
        """Apply a Kustomization of the repository, every ten minutes."""
        base = {"interval": "10m", "prune": True, "path": "./apps"}
        self.put("Kustomization", name, {**base, "sourceRef": {"kind": "GitRepository", "name": "repo"}, **spec})

    def repository_annotations(self, annotations: Mapping[str, str]) -> None:
        """Annotate the GitRepository as the flux command does."""
        live = self.get("GitRepository", "repo") or {}
        meta = {**live["metadata"], "annotations": dict(annotations)}
        self.cluster.update({**live, "metadata": meta}, manager="flux")

    def delete(self, kind: str, name: str, namespace: str = "flux-system") -> None:
        """Delete an object as a user would."""
        group = _GROUPS.get(kind, "v1").rpartition("/")[0]
        self.cluster.delete(ObjectKey(group, kind, namespace, name))

    def commit(self, files: Mapping[str, str], message: str = "commit") -> str:
        """Commit to ``main``; return the revision in Flux's format."""
        return f"main@sha1:{self.source.commit(URL, files, message=message)}"

    def run(self, **duration: float) -> None:
        """Let time pass."""
        self.runtime.advance(self.clock.now() + timedelta(**duration))

    def settle(self, **limit: float) -> bool:
        """Run until settled, at most two hours."""
        return self.runtime.advance(self.clock.now() + timedelta(**(limit or {"hours": 2})), self.flux.settled)

    def get(self, kind: str, name: str, namespace: str = "flux-system") -> Manifest | None:
        """Return an object."""
        group = _GROUPS.get(kind, "v1").rpartition("/")[0]
        return self.cluster.get(ObjectKey(group, kind, "" if kind == "Namespace" else namespace, name))

    def status(self, kind: str, name: str, namespace: str = "flux-system") -> Json:
        """Return an object's status."""
        return (self.get(kind, name, namespace) or {}).get("status") or {}

    def condition(
        self, kind: str, name: str, word: str = "Ready", namespace: str = "flux-system"
    ) -> tuple[str, str, str]:
        """Return (status, reason, message) of a condition; empty strings when it is not there."""
        for one in self.status(kind, name, namespace).get("conditions") or []:
            if one["type"] == word:
                return one["status"], one["reason"], one["message"]
        return "", "", ""

    def names(self, kind: str, namespace: str = "default") -> list[str]:
        """Return the names of the objects of a kind."""
        group = _GROUPS.get(kind, "v1").rpartition("/")[0]
        return [one["metadata"]["name"] for one in self.cluster.list(GroupKind(group, kind), namespace=namespace)]

    def messages(self, reason: str = "") -> list[str]:
        """Return the messages of recorded events."""
        return [one.message for one in self.recorder.recent if reason in ("", one.reason)]


def config_map(name: str, namespace: str = "default", **data: str) -> str:
    """Return a ConfigMap as YAML."""

    return yamls.dump(
        {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name, "namespace": namespace}, "data": data}
    )


def deployment(name: str, namespace: str = "default", image: str = "app:1") -> str:
    """Return a Deployment as YAML."""

    labels = {"app": name}
    container = {"name": "main", "image": image}
    return yamls.dump(
        {
            "apiVersion": "apps/v1",
            "kind": "Deployment",
            "metadata": {"name": name, "namespace": namespace},
            "spec": {
                "replicas": 1,
                "selector": {"matchLabels": labels},
                "template": {"metadata": {"labels": labels}, "spec": {"containers": [container]}},
            },
        }
    )


@pytest.fixture
def world() -> World:
    return World(TemplateCharts())
