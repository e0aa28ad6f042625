"""What runs: an app is a set of manifests, a Kustomize overlay or a Helm chart, adapted to each environment."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Self

from pydantic import BeforeValidator, Field, PrivateAttr, model_validator

from nixernetes.gitops.apps.charts import HelmChartRef
from nixernetes.gitops.argocd.applications.application_fields import IgnoreDifferences
from nixernetes.gitops.argocd.applications.sync_options import SyncOption
from nixernetes.gitops.declared import DeclaredPart
from nixernetes.gitops.flux.health import HealthCheckExpr, located
from nixernetes.gitops.flux.helm_actions import Install, Upgrade
from nixernetes.gitops.flux.helm_release import ValuesReference
from nixernetes.gitops.flux.kustomization import Decryption, PostBuild
from nixernetes.gitops.flux.scalars import Duration
from nixernetes.gitops.presets import Preset
from nixernetes.gitops.spec import Spec
from nixernetes.gitops.values import Annotations, JsonMap, Labels, Many
from nixernetes.languages.merges import overlaid
from nixernetes.objects.manifest import Json

__all__ = ["App", "AppOverrides"]

_DNS_LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\Z")


def _paths(value: object) -> object:
    return (value,) if isinstance(value, str | Path) else value


def _raw(value: object) -> object:
    if isinstance(value, Spec):
        return value.data()
    if isinstance(value, Mapping):
        return {key: _raw(item) for key, item in value.items()}
    return [_raw(item) for item in value] if isinstance(value, list | tuple) else value


def _checks(value: Any) -> Any:
    return located(value, "")  # the namespace is known where the app is delivered


Count = Annotated[int, Field(strict=True, ge=0)]
Paths = Annotated[tuple[Path, ...], BeforeValidator(_paths)]
Raw = Annotated[dict[str, Any], BeforeValidator(_raw)]
Checks = Annotated[tuple[dict[str, str], ...], BeforeValidator(_checks)]


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


class AppOverrides(DeclaredPart):
    """How one environment differs."""

    replicas: Count | dict[str, Count] | None = None
    """The count for every Deployment and StatefulSet of the app, or for each by name."""
    images: dict[str, str] = Field(default_factory=dict)
    """Image name to what runs instead: `{"nginx": ":1.27"}`, `{"web": "registry.example.com/web:2"}`."""
    patches: tuple[str | JsonMap, ...] = ()
    """Strategic-merge patches (manifests or YAML text), or Kustomize patches (`{"patch":, "target":}`)."""
    version: str = ""
    """Another version of the chart than the app's."""
    values: JsonMap = Field(default_factory=dict)
    """Helm values, merged over the app's own."""
    values_from: Many[ValuesReference] = ()
    """More ConfigMaps and Secrets with Helm values, after the app's own."""
    substitute: dict[str, str] = Field(default_factory=dict)
    """Variables and their values, over those of the app's `post_build`."""
    kustomize: Path | None = None
    """Another overlay than the app's."""
    namespace: str = ""
    """Another namespace than the app's."""
    interval: Duration = ""
    """How often it is delivered there. Default: the app's interval."""
    preset: Preset | None = None
    """Another preset than the app's; it wins over the app's interval, prune and wait."""
    flux: Raw = Field(default_factory=dict)
    """More fields of the Kustomization's or HelmRelease's `spec`, over the app's `flux`."""
    argocd: Raw = Field(default_factory=dict)
    """More fields of the Application's `spec`, over the app's `argocd`."""

    @model_validator(mode="after")
    def _valid(self) -> Self:
        if self.namespace:
            dns_label(self.namespace, "namespace")
        return self


class App(DeclaredPart):
    """A workload and how it is delivered.

    It brings manifests (``manifests``, ``files``, ``folders``), an overlay (``kustomize``) or a ``chart``. Paths are
    relative to the platform file, and stay inside its Git repository. With Flux it becomes a Kustomization, or for a
    chart a HelmRelease, in each cluster; with Argo CD an Application for each.
    """

    name: str
    """Its name; the folder, the Flux Kustomization (or HelmRelease) and the Argo CD Application bear it."""
    manifests: tuple[JsonMap, ...] = ()
    """Kubernetes manifests."""
    files: Paths = ()
    """YAML files."""
    folders: Paths = ()
    """Folders of YAML files, read recursively."""
    kustomize: Path | None = None
    """A Kustomize overlay, copied with everything that it refers to."""
    chart: HelmChartRef | None = None
    """A Helm chart."""
    values: JsonMap = Field(default_factory=dict)
    """The chart's values."""
    values_from: Many[ValuesReference] = ()
    """ConfigMaps and Secrets in `flux-system` with more values of the chart; `values` win. Flux only."""
    namespace: str = ""
    """Where its objects live, whatever they say themselves; it is created if it is not there. Left out, every
    namespaced object must name its own."""
    environments: dict[str, AppOverrides] = Field(default_factory=dict)
    """What differs, by environment or cluster."""
    clusters: tuple[str, ...] = ()
    """Where it runs. Default: everywhere."""
    project: str = ""
    """The AppProject of its Applications. Argo CD only. Default: the platform's own."""
    labels: Labels = Field(default_factory=dict)
    """Labels of the Kustomization, HelmRelease or Application."""
    annotations: Annotations = Field(default_factory=dict)
    """Annotations of the Kustomization, HelmRelease or Application."""
    common_labels: Labels = Field(default_factory=dict)
    """Labels for every object of the app, and for the Pods of its workloads; selectors stay as they are."""
    common_annotations: Annotations = Field(default_factory=dict)
    """Annotations for every object of the app, and for the Pods of its workloads."""
    depends_on: tuple[str, ...] = ()
    """Apps of the same platform that must be ready first: `dependsOn` of Flux, and a later sync wave of Argo CD."""
    wave: Annotated[int, Field(strict=True)] | None = None
    """The sync wave of its Applications: lower ones are synced first. Argo CD only. Default: one after the apps that it
    depends on."""
    interval: Duration = "10m"
    """How often it is delivered again, which also undoes changes by hand. Flux only. Default: `10m`."""
    timeout: Duration = ""
    """How long a delivery may take. Flux only; its default for a chart is `5m`, else `interval`."""
    retry_interval: Duration = ""
    """How soon to try again after a failure. Flux only, and not for charts. Default: `interval`."""
    wait: bool = True
    """Whether it is ready only when all of its objects are. Flux only. Default: True, unless there are `health_checks`,
    which do not count beside it."""
    health_checks: Checks = ()
    """Objects that must be healthy, in place of all; `health_checks(...)`, dicts or resources. The namespace is the
    app's own where none is given. Flux only, and not for charts."""
    health_check_exprs: Many[HealthCheckExpr] = ()
    """What healthy means for custom kinds, as CEL expressions. Flux only."""
    decryption: Decryption | None = None
    """How to decrypt its Secrets: `{"provider": "sops", "secret_ref": "sops-age"}`. Flux only, and not for charts."""
    post_build: PostBuild | None = None
    """Variables that replace `${name}` after the build. Flux only, and not for charts."""
    install: Install | None = None
    """How the chart is installed: retries, CRDs, timeout. Flux only."""
    upgrade: Upgrade | None = None
    """How the chart is upgraded: retries, CRDs, what a failure leads to. Flux only."""
    sync_options: Many[SyncOption] = ()
    """Options of a sync: `ServerSideApply=true`. They win over those that the build gives. Argo CD only."""
    ignore_differences: Many[IgnoreDifferences] = ()
    """Fields that others may change: `{"kind": "Deployment", "group": "apps", "json_pointers": ["/spec/replicas"]}`.
    For Flux, which knows only JSON pointers, they are `ignore` rules."""
    prune: bool = True
    """Whether objects go away from the cluster when they go away from the repository. Default: True."""
    preset: Preset | None = None
    """One of `gitops.presets`, for interval, prune and wait that are not given. How often Argo CD looks is a setting of
    its own, and it watches health always: to it, a preset says how to prune."""
    flux: Raw = Field(default_factory=dict)
    """More fields of the Kustomization's or HelmRelease's `spec`, in either spelling, merged over what the build makes;
    None removes one."""
    argocd: Raw = Field(default_factory=dict)
    """More fields of the Application's `spec`, in either spelling, merged over what the build makes; None removes
    one."""
    _manifests_at: tuple[str, ...] = PrivateAttr(default=())

    @property
    def manifests_at(self) -> tuple[str, ...]:
        """The ``file:line`` of each of the manifests."""
        return self._manifests_at or (self.declared_at,) * len(self.manifests)

    @model_validator(mode="before")
    @classmethod
    def _from_preset(cls, data: Any) -> Any:
        if not isinstance(data, dict):
            return data
        preset = data.get("preset")
        words: dict[str, Any] = {}
        if isinstance(preset, Preset):
            words = {"interval": preset.interval, "prune": preset.prune, "wait": preset.wait}
        checked = {"wait": False} if data.get("health_checks") else {}  # Flux passes over them where it waits for all
        return {**words, **checked, **data}

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
        if self.health_checks and self.wait:
            raise ValueError("wait=True waits for everything, and health_checks do not count beside it: leave one out")
        for name in _FOR_CHARTS if self.chart is None else _FOR_FOLDERS:
            if self.__dict__[name]:
                raise ValueError(_MISFIT[name])
        for name, overrides in self.environments.items():
            self._check(name, overrides)
        return self

    def _check(self, name: str, overrides: AppOverrides) -> None:
        kustomized = overrides.replicas is not None or overrides.images or overrides.patches or overrides.kustomize
        if self.chart is not None and (kustomized or overrides.substitute):
            raise ValueError(f"environments.{name}: a chart is adapted with values")
        if self.chart is None and (overrides.values or overrides.values_from):
            raise ValueError(f"environments.{name}: values are for a chart; use replicas, images or patches")
        if overrides.version and (self.chart is None or not self.chart.repository):
            raise ValueError(f"environments.{name}: version is for a chart in a repository")
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

    def version_in(self, environment: str) -> str:
        """Return the version of the chart in an environment, ``""`` where a digest or a folder says it."""
        own = self.chart.version if self.chart is not None else ""
        return self.overrides(environment).version or own

    def post_build_in(self, environment: str) -> PostBuild | None:
        """Return the variables in an environment."""
        own = self.overrides(environment).substitute
        if not own:
            return self.post_build
        before = self.post_build.data() if self.post_build is not None else {}
        return PostBuild.from_data({**before, "substitute": {**before.get("substitute", {}), **own}})

    def values_in(self, environment: str) -> dict[str, Json]:
        """Return the Helm values in an environment: maps are merged, everything else is replaced."""
        values: dict[str, Json] = overlaid(self.values, self.overrides(environment).values)
        return values


_NOTHING = AppOverrides()
_MISFIT = {
    "values": "values are for a chart",
    "values_from": "values_from is for a chart; for variables in manifests there is post_build",
    "install": "install is for a chart",
    "upgrade": "upgrade is for a chart",
    "decryption": "decryption is for manifests; a chart takes secret values by values_from",
    "post_build": "post_build is for manifests; a chart takes values",
    "health_checks": "health_checks are for manifests; Helm waits for all objects of a chart, and wait=False ends that",
}
_FOR_CHARTS = ("values", "values_from", "install", "upgrade")
_FOR_FOLDERS = ("decryption", "post_build", "health_checks")
