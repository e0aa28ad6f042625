"""What a set of resources holds: sources, deliveries, clusters, and the rest."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from nixernetes.gitops.resource import Resource
from nixernetes.objects.api_groups import FLUX_SOURCE
from nixernetes.objects.fields import at, items_at, mapping_at, text_at
from nixernetes.objects.identity import key_of
from nixernetes.objects.kinds import APPLICATION, APPLICATION_SET, HELM_RELEASE, KUSTOMIZATION
from nixernetes.objects.manifest import Manifest, labels_of
from nixernetes.objects.well_known import ARGOCD_SECRET_TYPE, IN_CLUSTER as IN_CLUSTER_SERVER

__all__ = ["DeploymentSummary", "deployment_summary"]

_DELIVERIES = (
    KUSTOMIZATION,
    HELM_RELEASE,
    APPLICATION,
    APPLICATION_SET,
)
_SINGULAR = {"sources": "source", "deliveries": "delivery", "clusters": "cluster", "others": "other"}
# What Argo CD calls the cluster that it runs in.
IN_CLUSTER = "in-cluster"


@dataclass(frozen=True, slots=True, kw_only=True)
class DeploymentSummary:
    """Names by role, each sorted and without repetition.

    Attributes:
        sources: where manifests and charts come from: Flux sources, and the repositories that Applications name.
        deliveries: Kustomizations, HelmReleases, Applications and ApplicationSets.
        clusters: where deliveries go: a server, a name, a kubeconfig; ``in-cluster`` for the cluster that they run in.
        others: everything else.

    """

    sources: tuple[str, ...]
    deliveries: tuple[str, ...]
    clusters: tuple[str, ...]
    others: tuple[str, ...]

    @property
    def counts(self) -> dict[str, int]:
        """How many there are of each."""
        return {name: len(getattr(self, name)) for name in ("sources", "deliveries", "clusters", "others")}

    def __str__(self) -> str:
        return ", ".join(f"{n} {_SINGULAR[role] if n == 1 else role}" for role, n in self.counts.items())


def deployment_summary(resources: Iterable[Resource | Manifest]) -> DeploymentSummary:
    """Return what the resources (or manifests) hold.

    >>> from nixernetes.gitops.flux import GitRepository
    >>> print(deployment_summary([GitRepository(name="config", url="https://github.com/myorg/config")]))
    1 source, 0 deliveries, 0 clusters, 0 others
    """
    found: dict[str, set[str]] = {"sources": set(), "deliveries": set(), "clusters": set(), "others": set()}
    for resource in resources:
        manifest = resource.manifest() if isinstance(resource, Resource) else resource
        _sort(manifest, found)
    return DeploymentSummary(**{role: tuple(sorted(names)) for role, names in found.items()})


def _sort(manifest: Manifest, found: dict[str, set[str]]) -> None:
    key = key_of(manifest)
    if key.group == FLUX_SOURCE:
        found["sources"].add(str(key))
    elif key.group_kind in _DELIVERIES:
        found["deliveries"].add(str(key))
        found["clusters"].update(_clusters(key.kind, manifest))
        found["sources"].update(_repositories(manifest))
    elif key.kind == "Secret" and labels_of(manifest).get(ARGOCD_SECRET_TYPE) == "cluster":
        data = mapping_at(manifest, "stringData")
        found["clusters"].add(_cluster_name(text_at(data, "server") or text_at(data, "name") or key.name))
    else:
        found["others"].add(str(key))


def _clusters(kind: str, manifest: Manifest) -> set[str]:
    if kind == "ApplicationSet":
        return set()  # its template holds parameters; the clusters come from its generators
    if kind == "Application":
        destination = mapping_at(manifest, "spec", "destination")
        return {_cluster_name(text_at(destination, "name") or text_at(destination, "server") or IN_CLUSTER)}
    config = mapping_at(manifest, "spec", "kubeConfig")
    name = text_at(config, "secretRef", "name") or text_at(config, "configMapRef", "name")
    return {f"kubeconfig {name}" if name else IN_CLUSTER}


def _cluster_name(name: str) -> str:
    return IN_CLUSTER if name == IN_CLUSTER_SERVER else name


def _repositories(manifest: Manifest) -> set[str]:
    sources = [at(manifest, "spec", "source"), *items_at(manifest, "spec", "sources")]
    return {url for source in sources if (url := text_at(source, "repoURL"))}
