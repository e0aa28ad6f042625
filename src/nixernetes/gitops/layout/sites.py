"""Which clusters a platform has, where each of them reads the repository, and who runs Argo CD."""

from __future__ import annotations

from collections.abc import Mapping

from nixernetes.gitops.apps.workloads import dns_label
from nixernetes.gitops.deployments import MultiClusterDeployment, SingleClusterDeployment
from nixernetes.gitops.flux.scalars import git_url_problem
from nixernetes.gitops.git_urls import is_git_url
from nixernetes.gitops.layout.model import (
    SitePlan,
    SourcePlan,
)
from nixernetes.gitops.platform import Cluster, Platform
from nixernetes.gitops.problems import Problems
from nixernetes.gitops.repository import GitOpsRepository
from nixernetes.objects.manifest import Manifest
from nixernetes.objects.well_known import FLUX_NAMESPACE, IN_CLUSTER

__all__ = ["control_plane", "control_source", "project_name", "server_of", "sites_of"]

SHARED = "clusters/shared/base"
_CONTROL_PLANES = ("management", "management-argocd")


def sites_of(platform: Platform, declared: list[Manifest], problems: Problems) -> list[SitePlan]:
    """Return the platform's sites, sorted by name; what is wrong is noted.

    Args:
        platform: the platform.
        declared: the manifests of its resources, where a GitRepository of the same URL may be.
        problems: where to note what is wrong.

    """
    if (platform.repository is None) == (platform.deployment is None):
        remedy = 'give either repository=gitops.GitOpsRepository(name="…", url="…") or deployment=…'
        problems.add(remedy, subject=f"Platform {platform.name}", place=platform.declared_at)
        return []
    if platform.deployment is not None:
        return _deployed(platform, platform.deployment, declared, problems)
    if platform.repository is not None:
        return _laid_out(platform, platform.repository, declared, problems)
    return []


def control_plane(sites: list[SitePlan]) -> str:
    """Return the name of the cluster that runs Argo CD: the one that is its own, else one beside the declared ones."""
    names = {site.name for site in sites}
    own = [site.name for site in sites if site.server == IN_CLUSTER]
    return own[0] if own else next(name for name in _CONTROL_PLANES if name not in names)


def control_source(platform: Platform, sites: list[SitePlan]) -> SourcePlan:
    """Return the repository as the app of apps follows it: on its own branch, not on that of one cluster."""
    branch = (platform.repository or platform.deployment or sites[0].source).branch
    source = sites[0].source
    return SourcePlan(name=source.name, url=source.url, branch=branch)


def project_name(platform: Platform) -> str:
    """Return the name of the platform's own AppProject."""
    return platform.deployment.name if platform.deployment is not None else platform.name


def server_of(site: SitePlan) -> str:
    """Return the URL of a cluster's API server; one that is known by name only gets a name of a private network."""
    return site.server or f"https://{site.name}.internal"


def _laid_out(
    platform: Platform, repository: GitOpsRepository, declared: list[Manifest], problems: Problems
) -> list[SitePlan]:
    clusters = _clusters(platform, repository.environments, problems)
    flat = repository.structure == "flat"
    sites = []
    for name, cluster in sorted(clusters.items()):
        folder = f"repos/{name}" if flat else f"clusters/{name}"
        if not flat and name == "shared":
            problems.add("a cluster cannot be called shared: that folder holds the bases", place=platform.declared_at)
        sites.append(
            SitePlan(
                name=name,
                server=cluster.server or (IN_CLUSTER if len(clusters) == 1 else ""),
                workloads=f"{folder}/{'manifests' if flat else 'kubernetes'}",
                delivery=f"{folder}/flux-system",
                source=_source(repository.name, repository.url, cluster.branch or repository.branch, declared),
                base="" if flat else SHARED,
            )
        )
    if sites and not sites[0].source.url:
        problems.add(
            "has no URL, and the clusters must know where to fetch it: give url=",
            subject=f"GitOpsRepository {repository.name}",
            place=repository.declared_at,
        )
    elif sites:
        subject = f"GitOpsRepository {repository.name}: url"
        _check_url(sites[0].source.url, subject, repository.declared_at, platform, problems)
    return _distinct(sites, platform, problems)


def _clusters(platform: Platform, environments: tuple[str, ...], problems: Problems) -> Mapping[str, Cluster]:
    clusters = {**platform.clusters, **platform.environments}
    for name in sorted(clusters.keys() - set(environments)) if environments else ():
        problems.add(f"cluster {name} is not one of the repository's environments", place=platform.declared_at)
    found = {name: clusters.get(name) or Cluster() for name in (environments or clusters)}
    if not found:
        problems.add(
            "has no cluster: give the repository environments=[…]",
            subject=f"Platform {platform.name}",
            place=platform.declared_at,
        )
    for name in found:
        try:
            dns_label(name, "cluster")
        except ValueError as error:
            problems.add(str(error), place=platform.declared_at)
    return found


def _deployed(
    platform: Platform,
    deployment: SingleClusterDeployment | MultiClusterDeployment,
    declared: list[Manifest],
    problems: Problems,
) -> list[SitePlan]:
    own = {**platform.clusters, **platform.environments}
    for name in sorted(own.keys() - deployment.clusters.keys()):
        problems.add(f"cluster {name} is not one of the deployment's clusters", place=platform.declared_at)
    sites = []
    for name, cluster in sorted(deployment.clusters.items()):
        here = own.get(name) or Cluster()
        path = f"clusters/{name}" if cluster.path is None else cluster.path
        source = _source(deployment.name, deployment.git_repository, here.branch or deployment.branch, declared)
        sites.append(
            SitePlan(
                name=name,
                server=cluster.server or here.server or (IN_CLUSTER if len(deployment.clusters) == 1 else ""),
                workloads=path,
                delivery=f"clusters/{name}/flux-system",
                source=source,
                whole=True,
            )
        )
    subject = f"{type(deployment).__name__} {deployment.name}: git_repository"
    _check_url(deployment.git_repository, subject, deployment.declared_at, platform, problems)
    return _distinct(sites, platform, problems)


def _source(name: str, url: str, branch: str, declared: list[Manifest]) -> SourcePlan:
    """Use the GitRepository that the platform declares for the URL, or the only one when no URL is given."""
    found = [item for item in declared if item["kind"] == "GitRepository"]
    same = [item for item in found if item["spec"].get("url") == url] if url else found
    same = [item for item in same if (item["spec"].get("ref") or {}).get("branch", branch) == branch] if url else same
    if len(same) != 1:
        return SourcePlan(name=name, url=url, branch=branch)
    spec, metadata = same[0]["spec"], same[0]["metadata"]
    return SourcePlan(
        name=metadata["name"],
        namespace=metadata.get("namespace") or FLUX_NAMESPACE,
        url=spec["url"],
        branch=(spec.get("ref") or {}).get("branch", branch),
        interval=spec["interval"],
        declared=True,
    )


def _check_url(url: str, subject: str, place: str, platform: Platform, problems: Problems) -> None:
    wrong = git_url_problem(url) if "flux" in platform.engines else ""
    if not wrong and not is_git_url(url):
        wrong = "is not the URL of a Git repository: write https://host/path or ssh://git@host/path"
    if wrong:
        problems.add(f"{url!r}: {wrong}", subject=subject, place=place)


def _distinct(sites: list[SitePlan], platform: Platform, problems: Problems) -> list[SitePlan]:
    seen: dict[str, str] = {}
    for site in sites if "argocd" in platform.engines else ():
        if site.server and site.server in seen:
            problems.add(
                f"clusters {seen[site.server]} and {site.name} have the same server {site.server}: give each its own",
                place=platform.declared_at,
            )
        seen[site.server] = site.name
    return sites
