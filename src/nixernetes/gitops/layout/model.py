"""The one model that both compilers read: where each app goes, and how it is delivered there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from nixernetes.gitops.apps.workloads import App
from nixernetes.objects.manifest import Json
from nixernetes.objects.well_known import FLUX_NAMESPACE

__all__ = [
    "GIVEN_NAMESPACES",
    "ChartPlan",
    "DeliveryPlan",
    "ReadFiles",
    "SitePlan",
    "SourcePlan",
]


# Every cluster has these before we come.
GIVEN_NAMESPACES = frozenset(("default", "kube-system", "kube-public", "kube-node-lease"))


class ReadFiles(Protocol):
    """Reads files beside the platform file."""

    def __call__(self, path: Path) -> Mapping[str, bytes]:
        """Return a file as ``{"": content}``, a folder as ``{relative path: content}`` of all files below it, sorted.

        Raises:
            InputError: there is nothing, or it stands outside of the platform's repository.

        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class SourcePlan:
    """The repository as one cluster follows it; ``name`` and ``namespace`` are those of its GitRepository."""

    name: str
    url: str
    branch: str
    interval: str = "1m"
    namespace: str = FLUX_NAMESPACE
    declared: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SitePlan:
    """One cluster (or environment) and its folders in the repository.

    Attributes:
        name: its name.
        server: the URL of its API server, ``""`` when Argo CD knows it by name only.
        workloads: the folder of the apps.
        delivery: the folder of the Flux objects.
        source: the repository as it follows it.
        base: the folder of the shared bases, ``""`` when every cluster has full copies.
        whole: whether one delivery brings the whole workloads folder (a deployment), not one each app.

    """

    name: str
    server: str
    workloads: str
    delivery: str
    source: SourcePlan
    base: str = ""
    whole: bool = False

    @property
    def destination(self) -> dict[str, Json]:
        """How Argo CD names the cluster."""
        return {"server": self.server} if self.server else {"name": self.name}


@dataclass(frozen=True, slots=True, kw_only=True)
class ChartPlan:
    """What a release installs: a chart of a repository, or a folder (``path``) of ours.

    Attributes:
        name: the chart's name.
        release: the release's name.
        values: its values.
        repository: the URL of its chart repository or registry, or ``""``.
        repository_name: the HelmRepository, or for a registry the OCIRepository, that stands for it.
        is_declared: whether the platform declares that object itself.
        is_oci: whether an OCIRepository stands for it.
        version, digest: which one; a digest only from a registry.
        secret: the name of the Secret that Flux logs in with, or ``""``.
        path: the folder.

    """

    name: str
    release: str
    values: Mapping[str, Json]
    repository: str = ""
    repository_name: str = ""
    is_declared: bool = False
    is_oci: bool = False
    version: str = ""
    digest: str = ""
    secret: str = ""
    path: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryPlan:
    """One thing that brings manifests to one cluster: a Kustomization or HelmRelease, or an Application.

    Attributes:
        name: the name of the app (or deployment).
        site: where to.
        path: the folder, when it is not a chart.
        chart: the chart, or None.
        namespace: the namespace of the objects, ``""`` when they name their own.
        create_namespace: whether the namespace is created when it is not there.
        force_namespace: whether Flux must put the objects there, since the folder does not say it.
        project: the AppProject.
        depends_on: names of deliveries that must be ready first.
        prune_last: whether Argo CD prunes after everything else is healthy; Flux always prunes last.
        place: where it was declared.
        app: the app; None for what is delivered as a whole.
        wave: its sync wave.

    """

    name: str
    site: SitePlan
    path: str = ""
    chart: ChartPlan | None = None
    namespace: str = ""
    create_namespace: bool = False
    force_namespace: bool = False
    project: str = ""
    depends_on: tuple[str, ...] = ()
    interval: str = "10m"
    timeout: str = ""
    retry_interval: str = ""
    wait: bool = True
    prune: bool = True
    prune_last: bool = False
    place: str = field(default="", compare=False)
    app: App | None = field(default=None, compare=False)
    wave: int = 0
