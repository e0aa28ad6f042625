"""Compiles deliveries for Argo CD: Applications, the AppProject that bounds them, and the app of apps."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from nixernetes.gitops.layout.argocd_settings import with_argocd_settings
from nixernetes.gitops.layout.model import (
    DeliveryPlan,
    SourcePlan,
)
from nixernetes.gitops.marking.marks import NO_MARKS, Marks
from nixernetes.objects.api_groups import ARGOPROJ_V1ALPHA1
from nixernetes.objects.manifest import Json, Manifest
from nixernetes.objects.well_known import ARGOCD_NAMESPACE, ARGOCD_RESOURCES_FINALIZER, ARGOCD_SYNC_WAVE, IN_CLUSTER

__all__ = ["FOLDER", "application", "application_name", "bootstrap", "project", "root"]

FOLDER = "argocd"


def application_name(delivery: DeliveryPlan, *, several: bool) -> str:
    """Return an Application's name: the app's, and the cluster's when the platform has several."""
    return f"{delivery.name}-{delivery.site.name}" if several else delivery.name


def application(delivery: DeliveryPlan, *, several: bool, marks: Marks = NO_MARKS) -> Manifest:
    """Return the Application of one delivery.

    Raises:
        InputError: fields that its app gives it and that an Application does not have.

    """
    metadata: dict[str, Json] = {
        "name": application_name(delivery, several=several),
        "namespace": ARGOCD_NAMESPACE,
    }
    if delivery.prune:
        metadata["finalizers"] = [ARGOCD_RESOURCES_FINALIZER]
    policy: dict[str, Json] = {"automated": {"prune": delivery.prune, "selfHeal": True}}
    options = ["CreateNamespace=true"] if delivery.create_namespace else []
    options += ["PruneLast=true"] if delivery.prune_last else []
    if options:
        policy["syncOptions"] = options
    if delivery.create_namespace and marks:
        # who makes the namespace labels it
        policy["managedNamespaceMetadata"] = {"labels": dict(marks.labels), "annotations": dict(marks.annotations)}
    made = _argo(
        "Application",
        metadata,
        {
            "project": delivery.project,
            "source": _source(delivery),
            "destination": {**delivery.site.destination, "namespace": delivery.namespace or "default"},
            "syncPolicy": policy,
        },
    )
    if delivery.app is None:
        return made
    return with_argocd_settings(made, delivery.app, delivery.site.name, delivery.wave)


def project(
    name: str,
    description: str,
    deliveries: Sequence[DeliveryPlan],
    namespaces: Iterable[tuple[str, str]],
    kinds: Iterable[Json],
) -> Manifest:
    """Return the AppProject that allows the given deliveries, and nothing else.

    Args:
        name: its name.
        description: its description.
        deliveries: what it must allow.
        namespaces: pairs of cluster and namespace that their objects go to, besides the deliveries' own.
        kinds: the cluster-scoped kinds (group, kind) that they may bring.

    """
    sites = {delivery.site.name: delivery.site for delivery in deliveries}
    pairs = {(delivery.site.name, delivery.namespace or "default") for delivery in deliveries} | set(namespaces)
    repositories = {_source(delivery)["repoURL"] for delivery in deliveries}
    spec: dict[str, Json] = {
        "description": description,
        "sourceRepos": sorted(repositories),
        "destinations": [{**sites[site].destination, "namespace": namespace} for site, namespace in sorted(pairs)],
    }
    allowed = sorted(kinds, key=lambda item: (item["group"], item["kind"]))
    if allowed:
        spec["clusterResourceWhitelist"] = allowed
    # A project is there before the first Application that names it.
    return _project(name, spec, min([0, *(delivery.wave for delivery in deliveries)]) - 1)


def root(name: str, source: SourcePlan, namespaces: Iterable[str]) -> list[Manifest]:
    """Return the app of apps, and the AppProject that lets it create Argo CD's own objects and nothing else."""
    allowed = sorted({ARGOCD_NAMESPACE, *namespaces})
    spec = {
        "description": f"The Applications and AppProjects of {name}",
        "sourceRepos": [source.url],
        "destinations": [{"server": IN_CLUSTER, "namespace": namespace} for namespace in allowed],
    }
    app = _argo(
        "Application",
        {"name": f"{name}-root", "namespace": ARGOCD_NAMESPACE},
        {
            "project": f"{name}-root",
            "source": {"repoURL": source.url, "path": FOLDER, "targetRevision": source.branch},
            "destination": {"server": IN_CLUSTER, "namespace": ARGOCD_NAMESPACE},
            "syncPolicy": {"automated": {"prune": True, "selfHeal": True}},
        },
    )
    return [_project(f"{name}-root", spec), app]


def bootstrap(name: str, source: SourcePlan, namespaces: Iterable[str]) -> list[Manifest]:
    """Return what is applied by hand to the cluster that runs Argo CD; everything else follows from it."""
    start = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": ARGOCD_NAMESPACE}}
    return [start, *root(name, source, namespaces)]


def _project(name: str, spec: dict[str, Json], wave: int = -1) -> Manifest:
    annotations = {ARGOCD_SYNC_WAVE: str(wave)}
    return _argo("AppProject", {"name": name, "namespace": ARGOCD_NAMESPACE, "annotations": annotations}, spec)


def _source(delivery: DeliveryPlan) -> dict[str, Json]:
    chart, source = delivery.chart, delivery.site.source
    if chart is None:
        return {"repoURL": source.url, "path": delivery.path or ".", "targetRevision": source.branch}
    helm: dict[str, Json] = {"releaseName": chart.release}
    if chart.values:
        helm["valuesObject"] = dict(chart.values)
    if chart.digest:
        url = f"{chart.repository.rstrip('/')}/{chart.name}"
        return {"repoURL": url, "path": ".", "targetRevision": chart.digest, "helm": helm}
    if chart.repository:
        # Argo CD names an OCI chart repository without its scheme.
        url = chart.repository.removeprefix("oci://")
        return {"repoURL": url, "chart": chart.name, "targetRevision": chart.version, "helm": helm}
    return {"repoURL": source.url, "path": chart.path, "targetRevision": source.branch, "helm": helm}


def _argo(kind: str, metadata: dict[str, Json], spec: dict[str, Json]) -> Manifest:
    return {"apiVersion": ARGOPROJ_V1ALPHA1, "kind": kind, "metadata": metadata, "spec": spec}
