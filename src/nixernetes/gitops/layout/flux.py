"""Compiles deliveries for Flux: sources, Kustomizations and HelmReleases of one cluster."""

from __future__ import annotations

import re
from collections.abc import Iterable, Set as AbstractSet

from nixernetes.gitops.layout.flux_settings import with_flux_settings
from nixernetes.gitops.layout.model import (
    ChartPlan,
    DeliveryPlan,
    SitePlan,
    SourcePlan,
)
from nixernetes.gitops.problems import Problems
from nixernetes.objects.api_groups import FLUX_HELM_V2, FLUX_KUSTOMIZE_V1, FLUX_SOURCE_V1
from nixernetes.objects.manifest import Json, Manifest
from nixernetes.objects.well_known import FLUX_NAMESPACE, FLUX_PRUNE

__all__ = ["ROOT", "bootstrap", "compile_site", "git_repository", "namespace", "root"]

_VERSION = re.compile(r"v?\d+\.\d+\.\d+([-+][0-9A-Za-z.+-]*)?")
ROOT = FLUX_NAMESPACE  # as `flux bootstrap` calls it


def compile_site(site: SitePlan, deliveries: Iterable[DeliveryPlan], problems: Problems) -> list[Manifest]:
    """Return the Flux objects of one cluster, its source and root Kustomization included; what is wrong is noted."""
    found: dict[tuple[str, str], Manifest] = {}
    planned = list(deliveries)
    charts = frozenset(each.name for each in planned if each.chart is not None)
    for delivery in planned:
        with problems.noted(subject=f"App {delivery.name}", place=delivery.place):
            for manifest in _delivery(delivery, charts):
                found[(manifest["kind"], manifest["metadata"]["name"])] = manifest
        if delivery.create_namespace and delivery.namespace != FLUX_NAMESPACE:
            found[("Namespace", delivery.namespace)] = namespace(delivery.namespace)
    own = [] if site.source.declared else [git_repository(site.source)]
    return [*own, root(site), *(found[key] for key in sorted(found))]


def bootstrap(site: SitePlan, declared: list[Manifest]) -> list[Manifest]:
    """Return what is applied by hand to a fresh cluster; everything else follows from it.

    Args:
        site: the cluster.
        declared: the platform's own declaration of the site's GitRepository, or nothing.

    """
    start = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": FLUX_NAMESPACE}}
    return [start, *(declared or [git_repository(site.source)]), root(site)]


def git_repository(source: SourcePlan) -> Manifest:
    """Return the GitRepository that fetches the platform's repository."""
    return {
        "apiVersion": FLUX_SOURCE_V1,
        "kind": "GitRepository",
        "metadata": {"name": source.name, "namespace": source.namespace},
        "spec": {"interval": source.interval, "ref": {"branch": source.branch}, "url": source.url},
    }


def root(site: SitePlan) -> Manifest:
    """Return the Kustomization that applies the cluster's own Flux objects."""
    return {
        "apiVersion": FLUX_KUSTOMIZE_V1,
        "kind": "Kustomization",
        "metadata": {"name": ROOT, "namespace": FLUX_NAMESPACE},
        "spec": {
            "interval": "10m",
            "path": f"./{site.delivery}",
            "prune": True,
            "sourceRef": _source_ref(site.source),
        },
    }


def namespace(name: str) -> Manifest:
    """Return a Namespace that outlives its apps, as one that Argo CD creates does."""
    return {
        "apiVersion": "v1",
        "kind": "Namespace",
        "metadata": {"name": name, "annotations": {FLUX_PRUNE: "disabled"}},
    }


def _delivery(delivery: DeliveryPlan, charts: AbstractSet[str]) -> list[Manifest]:
    made = _kustomization(delivery) if delivery.chart is None else _helm_release(delivery, charts)
    if delivery.app is not None:
        made = with_flux_settings(made, delivery.app, delivery.site.name, delivery.namespace)
    return [*_chart_source(delivery.chart), made] if delivery.chart is not None else [made]


def _chart_source(chart: ChartPlan) -> list[Manifest]:
    if not chart.repository or chart.is_declared:
        return []
    login: dict[str, Json] = {"secretRef": {"name": chart.secret}} if chart.secret else {}
    if not chart.is_oci:
        return [
            _flux(
                FLUX_SOURCE_V1,
                "HelmRepository",
                chart.repository_name,
                {"interval": "10m", "url": chart.repository, **login},
            )
        ]
    spec = {"interval": "10m", "url": f"{chart.repository.rstrip('/')}/{chart.name}", "ref": _ref(chart), **login}
    return [_flux(FLUX_SOURCE_V1, "OCIRepository", chart.repository_name, spec)]


def _ref(chart: ChartPlan) -> dict[str, Json]:
    """Return what to pull; a tag has no `+`, so Helm writes `_` for it there."""
    if chart.digest:
        return {"digest": chart.digest}
    if _VERSION.fullmatch(chart.version):
        return {"tag": chart.version.replace("+", "_")}
    return {"semver": chart.version}


def _kustomization(delivery: DeliveryPlan) -> Manifest:
    spec: dict[str, Json] = {"interval": delivery.interval}
    if delivery.retry_interval:
        spec["retryInterval"] = delivery.retry_interval
    spec["path"] = f"./{delivery.path}"
    spec["prune"] = delivery.prune
    spec["sourceRef"] = _source_ref(delivery.site.source)
    if delivery.force_namespace:
        spec["targetNamespace"] = delivery.namespace
    if delivery.timeout:
        spec["timeout"] = delivery.timeout
    if delivery.wait:
        spec["wait"] = True
    _depends(spec, delivery.depends_on)
    return _flux(FLUX_KUSTOMIZE_V1, "Kustomization", delivery.name, spec)


def _helm_release(delivery: DeliveryPlan, charts: AbstractSet[str]) -> Manifest:
    chart = delivery.chart
    assert chart is not None  # noqa: S101  # narrows the type; the caller looked
    spec: dict[str, Json] = {
        "interval": delivery.interval,
        **_chart_field(delivery, chart),
        "releaseName": chart.release,
        "targetNamespace": delivery.namespace,
        "storageNamespace": delivery.namespace,
        "driftDetection": {"mode": "enabled"},
    }
    if delivery.timeout:
        spec["timeout"] = delivery.timeout
    if not delivery.wait:
        spec["install"] = spec["upgrade"] = {"disableWait": True}
    _depends(spec, (name for name in delivery.depends_on if name in charts))
    if chart.values:
        spec["values"] = dict(chart.values)
    return _flux(FLUX_HELM_V2, "HelmRelease", delivery.name, spec)


def _chart_field(delivery: DeliveryPlan, chart: ChartPlan) -> dict[str, Json]:
    if chart.is_oci:
        return {"chartRef": {"kind": "OCIRepository", "name": chart.repository_name}}
    if chart.repository:
        reference = {"kind": "HelmRepository", "name": chart.repository_name}
        return {"chart": {"spec": {"chart": chart.name, "version": chart.version, "sourceRef": reference}}}
    # Revision: a commit to the folder is released, as Argo CD does, though the chart's version stays.
    source = _source_ref(delivery.site.source)
    template = {"chart": f"./{chart.path}", "reconcileStrategy": "Revision", "sourceRef": source}
    return {"chart": {"spec": template}}


def _depends(spec: dict[str, Json], names: Iterable[str]) -> None:
    before = [{"name": name} for name in names]
    if before:
        spec["dependsOn"] = before


def _source_ref(source: SourcePlan) -> dict[str, Json]:
    reference = {"kind": "GitRepository", "name": source.name}
    return reference if source.namespace == FLUX_NAMESPACE else {**reference, "namespace": source.namespace}


def _flux(api_version: str, kind: str, name: str, spec: dict[str, Json]) -> Manifest:
    return {
        "apiVersion": api_version,
        "kind": kind,
        "metadata": {"name": name, "namespace": FLUX_NAMESPACE},
        "spec": spec,
    }
