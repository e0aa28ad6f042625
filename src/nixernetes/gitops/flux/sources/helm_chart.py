"""HelmChart: one chart out of a HelmRepository, GitRepository or Bucket; flux-behaviour.md 1.5."""

from __future__ import annotations

from typing import ClassVar, Literal, Self

from pydantic import model_validator

from nixernetes.gitops.flux.flux_resource import FluxSource
from nixernetes.gitops.flux.kinds import source_kinds
from nixernetes.gitops.flux.scalars import Duration, NonEmpty
from nixernetes.gitops.flux.sources.verification import ChartVerification
from nixernetes.gitops.references import ObjectReference
from nixernetes.gitops.spec import guide
from nixernetes.gitops.values import Bool, Many, Text
from nixernetes.objects.api_groups import FLUX_SOURCE
from nixernetes.objects.identity import GroupKind

__all__ = ["CHART_SOURCES", "ChartSourceKind", "HelmChart", "HelmChartSource"]

CHART_SOURCES = source_kinds("HelmRepository", "GitRepository", "Bucket")
ChartSourceKind = Literal["HelmRepository", "GitRepository", "Bucket"]


class HelmChartSource(ObjectReference):
    """Where the chart comes from, in the same namespace."""

    KINDS: ClassVar[tuple[GroupKind, ...]] = CHART_SOURCES

    api_version: Text | None = None
    """The API version of the source. Flux takes its own version of the kind for none."""
    kind: ChartSourceKind
    """The kind of the source."""
    name: NonEmpty
    """The source's name, in the HelmChart's namespace."""


class HelmChart(FluxSource):
    """A chart that Flux fetches and packages. HelmReleases make their own; declare one to share it."""

    API_VERSION: ClassVar[str] = f"{FLUX_SOURCE}/v1"
    KIND: ClassVar[str] = "HelmChart"
    PLURAL: ClassVar[str] = "helmcharts"

    chart: Text
    """The chart's name in a HelmRepository, or its path in a GitRepository or Bucket."""
    version: Text | None = None
    """The version or semver range. Flux takes `*`, the latest, for none. Only a HelmRepository has versions."""
    source_ref: HelmChartSource
    """The source that holds the chart."""
    interval: Duration = guide("10m")
    """How often to look for a new chart. Default: `10m`."""
    reconcile_strategy: Literal["ChartVersion", "Revision"] | None = None
    """What makes a new chart: a new version (`ChartVersion`, Flux's default) or any new revision of the source
    (`Revision`)."""
    values_files: Many[Text] | None = None
    """Values files in the source, merged in this order; they replace the chart's own values.yaml."""
    ignore_missing_values_files: Bool | None = None
    """Whether values files that do not exist are passed over. Flux's default: False."""
    verify: ChartVerification | None = None
    """The signature that the chart must have. Only for a chart of a HelmRepository."""
    suspend: Bool | None = None
    """Whether Flux stops reconciling it. Flux's default: False."""

    @model_validator(mode="after")
    def _rules(self) -> Self:
        if self.verify is not None and self.source_ref.kind != "HelmRepository":
            raise ValueError(f"verify: is only for a chart of a HelmRepository, not of a {self.source_ref.kind}")
        return self
