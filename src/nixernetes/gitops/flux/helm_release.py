"""HelmRelease: a chart with values, installed and kept up to date; flux-behaviour.md 10.1."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import Field, ValidationInfo, model_validator

from nixernetes.gitops.flux.flux_references import DependencyReference, KubeConfig
from nixernetes.gitops.flux.flux_resource import FluxResource
from nixernetes.gitops.flux.health import HealthCheckExpr
from nixernetes.gitops.flux.helm_actions import (
    DriftDetection,
    Install,
    PostRenderer,
    Rollback,
    Test,
    Uninstall,
    Upgrade,
    WaitStrategy,
)
from nixernetes.gitops.flux.kinds import source_kinds
from nixernetes.gitops.flux.kustomize_parts import CommonMetadata
from nixernetes.gitops.flux.scalars import Duration, Key253, NamespaceText
from nixernetes.gitops.flux.sources.helm_chart import CHART_SOURCES, ChartSourceKind
from nixernetes.gitops.flux.sources.verification import ReleaseChartVerification
from nixernetes.gitops.presets import Preset
from nixernetes.gitops.references import ObjectReference
from nixernetes.gitops.resource import Resource
from nixernetes.gitops.spec import Spec, guide
from nixernetes.gitops.values import Annotations, Bool, Int, JsonMap, Labels, Many, Namespace, Text, matching
from nixernetes.objects.api_groups import FLUX_HELM
from nixernetes.objects.identity import GroupKind
from nixernetes.objects.kinds import CONFIG_MAP, SECRET

__all__ = [
    "HelmChartTemplate",
    "HelmChartTemplateMetadata",
    "HelmChartTemplateSource",
    "HelmChartTemplateSpec",
    "HelmRelease",
    "ReleaseChartReference",
    "ValuesReference",
]


class HelmChartTemplateSource(ObjectReference):
    """Where the chart comes from."""

    KINDS: ClassVar[tuple[GroupKind, ...]] = CHART_SOURCES

    api_version: Text | None = None
    """The API version of the source. Flux takes its own version of the kind for none."""
    kind: ChartSourceKind
    """The kind of the source."""
    name: Key253
    """The source's name."""
    namespace: NamespaceText | None = None
    """The source's namespace. Flux takes the HelmRelease's own for none."""


class HelmChartTemplateMetadata(Spec):
    """Labels and annotations of the HelmChart that Flux makes."""

    labels: Labels | None = None
    """Labels of the HelmChart."""
    annotations: Annotations | None = None
    """Annotations of the HelmChart."""


class HelmChartTemplateSpec(Spec):
    """The chart: its name (or path) in the source, its version, its values files."""

    chart: Annotated[Text, Field(min_length=1, max_length=2048)]
    """The chart's name in a HelmRepository, or its path in a GitRepository or Bucket."""
    version: Text | None = None
    """The version or semver range. Flux takes `*`, the latest, for none. Only a HelmRepository has versions."""
    source_ref: HelmChartTemplateSource
    """The source that holds the chart."""
    interval: Duration | None = None
    """How often to look for a new chart. Flux takes the HelmRelease's interval for none."""
    reconcile_strategy: Literal["ChartVersion", "Revision"] | None = None
    """What makes a new chart: a new version (`ChartVersion`, Flux's default) or any new revision of the source
    (`Revision`)."""
    values_files: Many[Text] | None = None
    """Values files in the source, merged in this order; they replace the chart's own values.yaml."""
    ignore_missing_values_files: Bool | None = None
    """Whether values files that do not exist are passed over. Flux's default: False."""
    verify: ReleaseChartVerification | None = None
    """The signature that the chart must have."""


class HelmChartTemplate(Spec):
    """The HelmChart that Flux makes for the release."""

    metadata: HelmChartTemplateMetadata | None = None
    """Labels and annotations of the HelmChart that Flux makes."""
    spec: HelmChartTemplateSpec
    """The chart, its version and its source."""


class ReleaseChartReference(ObjectReference):
    """A chart that is declared as an object of its own."""

    KINDS: ClassVar[tuple[GroupKind, ...]] = source_kinds("OCIRepository", "HelmChart", "ExternalArtifact")

    api_version: Text | None = None
    """The API version of the chart's object. Flux takes its own version of the kind for none."""
    kind: Literal["OCIRepository", "HelmChart", "ExternalArtifact"]
    """The kind of object that holds the chart."""
    name: Key253
    """The object's name."""
    namespace: NamespaceText | None = None
    """The object's namespace. Flux takes the HelmRelease's own for none."""


class ValuesReference(ObjectReference):
    """Values in a ConfigMap or Secret: a whole file, or one value for ``target_path``."""

    KINDS: ClassVar[tuple[GroupKind, ...]] = (SECRET, CONFIG_MAP)
    REQUIRED: ClassVar[bool] = False

    kind: Literal["Secret", "ConfigMap"]
    """Whether the values are in a ConfigMap or a Secret."""
    name: Key253
    """Its name, in the HelmRelease's namespace."""
    values_key: (
        Annotated[Text, Field(max_length=253), matching(r"^[\-._a-zA-Z0-9]+$", "must be letters, digits, -, _ and .")]
        | None
    ) = None
    """The key that holds the values. Flux takes `values.yaml` for none."""
    target_path: (
        Annotated[
            Text,
            Field(max_length=250),
            matching(
                r"^([a-zA-Z0-9_\-.\\\/]|\[[0-9]{1,5}\])+$", "must be a path as helm --set takes it: a.b, list[0].name"
            ),
        ]
        | None
    ) = None
    """The one value that the key's text is written to, as `helm --set` has it. Without it the text is a whole values
    file."""
    optional: Bool | None = None
    """Whether it may be missing. Flux's default: False, so that the release fails without it."""
    literal: Bool | None = None
    """Whether commas and braces of a value for `target_path` mean themselves. Flux's default: False."""


class HelmRelease(FluxResource):
    """A Helm chart, released into ``namespace``.

    The chart is given as Flux has it (``chart={"spec": {...}}``) or flat, with ``source_ref`` beside it:

    >>> release = HelmRelease(
    ...     name="postgres",
    ...     namespace="databases",
    ...     chart={"name": "postgresql", "version": "13.0.0"},
    ...     source_ref={"kind": "HelmRepository", "name": "bitnami"},
    ... )
    >>> release.chart.spec.chart
    'postgresql'
    """

    API_VERSION: ClassVar[str] = f"{FLUX_HELM}/v2"
    KIND: ClassVar[str] = "HelmRelease"
    PLURAL: ClassVar[str] = "helmreleases"
    SECRET_FIELDS: ClassVar[frozenset[str]] = frozenset({"values"})

    interval: Duration = guide("10m")
    """How often to compare the release with what is declared. Default: `10m`."""
    chart: HelmChartTemplate | None = None
    """The chart: `{"name": ..., "version": ...}` with `source_ref` beside it, or as Flux has it. Instead of
    `chart_ref`."""
    chart_ref: ReleaseChartReference | None = None
    """The OCIRepository, HelmChart or ExternalArtifact that holds the chart. Instead of `chart`."""
    release_name: Annotated[Text, Field(min_length=1, max_length=53)] | None = None
    """The release's name in Helm. Flux takes the object's name for none, after the target namespace if there is one."""
    target_namespace: Namespace | None = None
    """The namespace to install into. Flux takes the HelmRelease's own for none. Changing it reinstalls the release."""
    storage_namespace: Namespace | None = None
    """The namespace where Helm keeps its records. Flux takes the HelmRelease's own for none."""
    depends_on: Many[DependencyReference] | None = None
    """HelmReleases that must be ready first."""
    timeout: Duration | None = None
    """How long each action of Helm may take. Flux's default: `5m`."""
    max_history: Int | None = None
    """How many versions Helm remembers. Flux's default: 5; 0 keeps all."""
    suspend: Bool | None = None
    """Whether Flux stops reconciling it. Flux's default: False."""
    service_account_name: Key253 | None = None
    """The service account that Helm acts as, in the HelmRelease's namespace. Flux acts as itself when left out."""
    persistent_client: Bool | None = None
    """Whether one client is used for the whole of a release. Flux's default: True; charts that bring their own kinds
    may need False."""
    kube_config: KubeConfig | None = None
    """The cluster to install into, when it is not the one that Flux runs in."""
    install: Install | None = None
    """The first installation."""
    upgrade: Upgrade | None = None
    """Every later version."""
    test: Test | None = None
    """The chart's tests, run after each installation and upgrade."""
    rollback: Rollback | None = None
    """The way back after a failed upgrade."""
    uninstall: Uninstall | None = None
    """The removal."""
    drift_detection: DriftDetection | None = None
    """What happens when somebody changes the release's objects by hand. Flux's default: nothing."""
    values_from: Many[ValuesReference] | None = None
    """ConfigMaps and Secrets with values; later ones win over earlier ones, and `values` over all."""
    values: JsonMap | None = None
    """The chart's values."""
    post_renderers: Many[PostRenderer] | None = None
    """Changes to what the chart renders, one after the other."""
    post_render_strategy: Literal["nohooks", "combined", "separate"] | None = None
    """What is changed: everything in one go (`combined`, Flux's default), all but hooks, or hooks by themselves."""
    wait_strategy: WaitStrategy | None = None
    """How Helm waits for objects."""
    common_metadata: CommonMetadata | None = None
    """Labels and annotations for every object of the chart."""
    health_check_exprs: Many[HealthCheckExpr] | None = None
    """What healthy means for custom kinds, as CEL expressions."""

    @property
    def source_ref(self) -> HelmChartTemplateSource | None:
        """The same as ``chart.spec.source_ref``; None with a ``chart_ref``."""
        return self.chart.spec.source_ref if self.chart is not None else None

    @model_validator(mode="after")
    def _rules(self) -> Self:
        if (self.chart is None) == (self.chart_ref is None):
            raise ValueError("chart and chart_ref: give exactly one of them (either chart or chartRef must be set)")
        return self

    @classmethod
    def shorthand(cls, fields: dict[str, Any], info: ValidationInfo) -> dict[str, Any]:
        """Return the fields with the flat form of chart and source_ref put where Flux has it."""
        del info
        rest = {name: value for name, value in fields.items() if name not in ("source_ref", "sourceRef")}
        source = fields.get("source_ref", fields.get("sourceRef"))
        chart = fields.get("chart")
        if isinstance(chart, str):
            chart = {"name": chart}
        if isinstance(chart, Mapping) and not chart.keys() & {"spec", "metadata"}:
            return {**rest, "chart": {"spec": _chart_spec(chart, source)}}
        if source is not None:
            raise ValueError(
                "source_ref belongs to the flat form of chart: put it into chart.spec; a chart_ref has its own source"
            )
        return rest

    @classmethod
    def preset_fields(cls, preset: Preset, current: Resource | None = None) -> dict[str, Any]:
        """Return interval, and whether Helm waits.

        Raises:
            ValueError: the preset leaves pruning to people, and Helm always deletes what a chart no longer renders.

        """
        if not preset.prune:
            raise ValueError(
                f"presets.{preset.name} leaves pruning to people, and Helm deletes what a chart no longer renders: "
                f'give interval="{preset.interval}" and install and upgrade with disable_wait={not preset.wait}'
            )
        actions = {name: getattr(current, name, None) for name in ("install", "upgrade")}
        if preset.wait and not any(action is not None and action.disable_wait for action in actions.values()):
            return {"interval": preset.interval}
        update: dict[str, Any] = {"disable_wait": not preset.wait}
        return {"interval": preset.interval} | {
            name: dict(update) if action is None else action.model_copy(update=update)
            for name, action in actions.items()
        }


def _chart_spec(chart: Mapping[str, Any], source: Any) -> dict[str, Any]:
    if "name" in chart and "chart" in chart:
        raise ValueError("chart: name and chart are one field: give it once")
    inner = chart.get("source_ref", chart.get("sourceRef"))
    if inner is not None and source is not None:
        raise ValueError("source_ref and chart.source_ref are one field: give it once")
    spec = {("chart" if key == "name" else key): value for key, value in chart.items()}
    return spec if source is None else {**spec, "source_ref": source}
