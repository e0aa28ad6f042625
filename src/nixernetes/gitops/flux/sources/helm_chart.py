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
    kind: ChartSourceKind
    name: NonEmpty


class HelmChart(FluxSource):
    """A chart that Flux fetches and packages. HelmReleases make their own; declare one to share it."""

    API_VERSION: ClassVar[str] = f"{FLUX_SOURCE}/v1"
    KIND: ClassVar[str] = "HelmChart"
    PLURAL: ClassVar[str] = "helmcharts"

    chart: Text
    version: Text | None = None
    source_ref: HelmChartSource
    interval: Duration = guide("10m")
    reconcile_strategy: Literal["ChartVersion", "Revision"] | None = None
    values_files: Many[Text] | None = None
    ignore_missing_values_files: Bool | None = None
    verify: ChartVerification | None = None
    suspend: Bool | None = None

    @model_validator(mode="after")
    def _rules(self) -> Self:
        if self.verify is not None and self.source_ref.kind != "HelmRepository":
            raise ValueError(f"verify: is only for a chart of a HelmRepository, not of a {self.source_ref.kind}")
        return self
