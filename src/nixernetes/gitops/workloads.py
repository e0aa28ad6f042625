"""What runs: an app is a set of manifests, a Kustomize overlay or a Helm chart, adapted to each environment."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Any, Self

from pydantic import BeforeValidator, Field, model_validator

from nixernetes.gitops.declared import DeclaredPart
from nixernetes.gitops.flux.scalars import Duration
from nixernetes.gitops.presets import Preset
from nixernetes.gitops.values import JsonMap
from nixernetes.languages.merges import overlaid
from nixernetes.objects.manifest import Json

__all__ = ["App", "AppOverrides", "HelmChartRef"]

_DNS_LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\Z")


def _paths(value: object) -> object:
    return (value,) if isinstance(value, str | Path) else value


Count = Annotated[int, Field(strict=True, ge=0)]
Paths = Annotated[tuple[Path, ...], BeforeValidator(_paths)]


def dns_label(value: str, what: str = "") -> str:
    """Return the value when it is a DNS label (RFC 1123), as Kubernetes asks of names.

    Args:
        value: the text.
        what: what it is, for the message; left out where the message names field and value already.

    Raises:
        ValueError: it is not one.

    """
    if not _DNS_LABEL.match(value):
        head = f"{what} {value!r}: " if what else ""
        raise ValueError(f"{head}use lower-case letters, digits and -, at most 63 characters")
    return value


class HelmChartRef(DeclaredPart):
    """A Helm chart: in a chart repository (``repository``, ``name``, ``version``), or a folder (``path``).

    Attributes:
        name: the chart's name in the repository; for a folder, the folder's name unless given.
        repository: the URL of the chart repository (``https://`` or ``oci://``).
        version: the version, or a semver range.
        path: a folder beside the platform file; it is copied to ``charts/<name>``.

    """

    name: str = ""
    repository: str = ""
    version: str = ""
    path: Path | None = None

    @model_validator(mode="after")
    def _one_place(self) -> Self:
        if bool(self.repository) == (self.path is not None):
            raise ValueError("give either repository (with name and version) or path")
        if self.repository and not (self.name and self.version):
            raise ValueError("a chart in a repository needs name and version")
        if self.repository and not re.match(r"(https?|oci)://[^/]", self.repository):
            raise ValueError(f"repository {self.repository!r}: write https://host/path or oci://host/path")
        if self.path is not None and not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]*", self.chart_name):
            raise ValueError(f"name {self.chart_name!r}: use letters, digits, -, _ and .")
        if self.path is not None and self.version:
            raise ValueError("version is for a chart in a repository: the folder's Chart.yaml has its own")
        return self

    @property
    def chart_name(self) -> str:
        """The chart's name."""
        return self.name or (self.path.name if self.path is not None else "")


class AppOverrides(DeclaredPart):
    """How one environment differs.

    Attributes:
        replicas: the count for every Deployment and StatefulSet of the app, or for each by name.
        images: image name to what runs instead: ``{"nginx": ":1.27"}``, ``{"web": "registry.example.com/web:2"}``.
        patches: strategic-merge patches (manifests or YAML text), or Kustomize patches (``{"patch":, "target":}``).
        values: Helm values, merged over the app's own.
        kustomize: another overlay than the app's.
        namespace: another namespace than the app's.
        interval: how often it is delivered there.
        preset: another preset than the app's; it wins over the app's interval, prune and wait.

    """

    replicas: Count | dict[str, Count] | None = None
    images: dict[str, str] = Field(default_factory=dict)
    patches: tuple[str | JsonMap, ...] = ()
    values: JsonMap = Field(default_factory=dict)
    kustomize: Path | None = None
    namespace: str = ""
    interval: Duration = ""
    preset: Preset | None = None

    @model_validator(mode="after")
    def _valid(self) -> Self:
        if self.namespace:
            dns_label(self.namespace, "namespace")
        return self


class App(DeclaredPart):
    """A workload and how it is delivered.

    Attributes:
        name: its name; the folder, the Flux Kustomization (or HelmRelease) and the Argo CD Application bear it.
        manifests: Kubernetes manifests.
        files: YAML files beside the platform file.
        folders: folders of YAML files, read recursively.
        kustomize: a Kustomize overlay, copied with everything that it refers to.
        chart: a Helm chart.
        values: its values.
        namespace: where its objects live, whatever they say themselves, and created if it is not there; left out,
            every namespaced object must name its own.
        environments: what differs, by environment or cluster.
        clusters: where it runs; everywhere when left out.
        project: the Argo CD AppProject; the platform's own when left out.
        depends_on: apps of the same platform that must be ready first (Flux only).
        interval, timeout, retry_interval, wait: the delivery's settings (Flux only).
        prune: whether objects go away from the cluster when they go away from the repository.
        preset: one of ``gitops.presets``, for interval, prune and wait that are not given (Argo CD: prune; how often it
            looks is a setting of its own, and it watches health always).

    """

    name: str
    manifests: tuple[JsonMap, ...] = ()
    files: Paths = ()
    folders: Paths = ()
    kustomize: Path | None = None
    chart: HelmChartRef | None = None
    values: JsonMap = Field(default_factory=dict)
    namespace: str = ""
    environments: dict[str, AppOverrides] = Field(default_factory=dict)
    clusters: tuple[str, ...] = ()
    project: str = ""
    depends_on: tuple[str, ...] = ()
    interval: Duration = "10m"
    timeout: Duration = ""
    retry_interval: Duration = ""
    wait: bool = True
    prune: bool = True
    preset: Preset | None = None

    @model_validator(mode="before")
    @classmethod
    def _from_preset(cls, data: Any) -> Any:
        preset = data.get("preset") if isinstance(data, dict) else None
        if not isinstance(preset, Preset):
            return data
        return {"interval": preset.interval, "prune": preset.prune, "wait": preset.wait, **data}

    @model_validator(mode="after")
    def _valid(self) -> Self:
        dns_label(self.name, "name")
        if self.namespace:
            dns_label(self.namespace, "namespace")
        given = [bool(self.manifests or self.files or self.folders), self.kustomize is not None, self.chart is not None]
        if sum(given) != 1:
            raise ValueError("give one of manifests/files/folders, kustomize or chart")
        if self.chart is not None and not self.namespace:
            raise ValueError("a chart needs a namespace to be installed in: give namespace")
        if self.values and self.chart is None:
            raise ValueError("values are for a chart")
        for name, overrides in self.environments.items():
            self._check(name, overrides)
        return self

    def _check(self, name: str, overrides: AppOverrides) -> None:
        kustomized = overrides.replicas is not None or overrides.images or overrides.patches or overrides.kustomize
        if self.chart is not None and kustomized:
            raise ValueError(f"environments.{name}: a chart is adapted with values")
        if self.chart is None and overrides.values:
            raise ValueError(f"environments.{name}: values are for a chart; use replicas, images or patches")
        if overrides.kustomize is not None and self.kustomize is None:
            raise ValueError(f"environments.{name}: kustomize replaces an overlay, and the app has none")

    def overrides(self, environment: str) -> AppOverrides:
        """Return what differs in an environment."""
        return self.environments.get(environment) or _NOTHING

    def namespace_in(self, environment: str) -> str:
        """Return the namespace in an environment, ``""`` when the objects name their own."""
        return self.overrides(environment).namespace or self.namespace

    def preset_in(self, environment: str) -> Preset | None:
        """Return the preset in an environment."""
        return self.overrides(environment).preset or self.preset

    def values_in(self, environment: str) -> dict[str, Json]:
        """Return the Helm values in an environment: maps are merged, everything else is replaced."""
        values: dict[str, Json] = overlaid(self.values, self.overrides(environment).values)
        return values


_NOTHING = AppOverrides()
