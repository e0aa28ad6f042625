"""What the platform's own AppProject has to allow, and whether every Application stays inside its project.

The own project allows what can be read off the manifests of its apps, and no more.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Set as AbstractSet

from nixernetes.gitops.argocd.applications.validation import validate_application
from nixernetes.gitops.argocd.projects.permissions import NamedCluster
from nixernetes.gitops.layout.apps import Content
from nixernetes.gitops.layout.checks import Placed
from nixernetes.gitops.layout.model import (
    DeliveryPlan,
    SitePlan,
)
from nixernetes.gitops.layout.sites import server_of
from nixernetes.gitops.platform import Platform
from nixernetes.gitops.problems import Problems
from nixernetes.objects.fields import text_at
from nixernetes.objects.identity import GroupKind, group_kind, key_of
from nixernetes.objects.kinds import NAMESPACE
from nixernetes.objects.manifest import Manifest
from nixernetes.objects.scopes import is_cluster_scoped, is_cluster_scoped_policy
from nixernetes.objects.well_known import IN_CLUSTER

__all__ = ["check_projects", "cluster_kinds", "object_namespaces"]

_DEFAULT = {"spec": {"sourceRepos": ["*"], "destinations": [{"server": "*", "namespace": "*"}]}}  # as Argo CD ships it


def check_projects(
    made: Iterable[Placed],
    declared: Iterable[Placed],
    sites: Iterable[SitePlan],
    problems: Problems,
    edited: AbstractSet[str] = frozenset(),
) -> None:
    """Note each Application that its AppProject would refuse, in Argo CD's own words.

    Args:
        made: what the build adds; its own AppProject allows its Applications by construction.
        declared: what the platform declares.
        sites: the clusters of the platform; a cluster that only an Application names counts as registered.
        problems: where to note what is wrong.
        edited: the names of Applications of which users wrote fields, which the build's own AppProject does not know.

    """
    compiled, own = list(made), list(declared)
    here = {key_of(item).name for item, _ in compiled if item["kind"] == "AppProject"}
    declares = ((key_of(item).name, item) for item, _ in (*compiled, *own) if item["kind"] == "AppProject")
    projects: dict[str, Manifest] = {"default": _DEFAULT, **dict(declares)}
    clusters = [
        NamedCluster(name="in-cluster" if site.server == IN_CLUSTER else site.name, server=server_of(site))
        for site in sites
    ]
    applications = [
        (item, place) for item, place in compiled if _project_of(item) not in here or key_of(item).name in edited
    ]
    for manifest, place in (*applications, *own):
        if manifest["kind"] != "Application":
            continue
        allowed = projects.get(_project_of(manifest))
        for kind, message in validate_application(manifest, allowed, [*clusters, *_named(manifest, clusters)]):
            remedy = "add it to the resources" if allowed is None else "change one of them"
            problems.add(f"{kind}: {message}; {remedy}", subject=str(key_of(manifest)), place=place)


def _project_of(manifest: Manifest) -> str:
    return text_at(manifest, "spec", "project") or "default"


def _named(application: Manifest, known: list[NamedCluster]) -> list[NamedCluster]:
    """Return the cluster that only the Application names: it is registered by other means."""
    name, server = (text_at(application, "spec", "destination", field) for field in ("name", "server"))
    server = server.rstrip("/")
    if any((name and item.name == name) or (server and item.server.rstrip("/") == server) for item in known):
        return []
    if name == "in-cluster" or server == IN_CLUSTER or not (name or server):
        return []
    return [NamedCluster(name=name or server, server=server or f"https://{name}.internal")]


def cluster_kinds(
    platform: Platform, deliveries: Iterable[DeliveryPlan], contents: Mapping[str, Content]
) -> list[dict[str, str]]:
    """Return the cluster-scoped kinds that the deliveries bring, as an AppProject lists them, sorted."""
    kinds = {GroupKind(item.get("group", ""), item["kind"]) for item in platform.cluster_resources if "kind" in item}
    for delivery in deliveries:
        if delivery.create_namespace:
            kinds.add(NAMESPACE)
    for content in contents.values():
        found = (group_kind(manifest) for manifest in content.manifests())
        kinds.update(kind for kind in found if is_cluster_scoped(kind) or is_cluster_scoped_policy(kind))
    return [{"group": kind.group, "kind": kind.kind} for kind in sorted(kinds)]


def object_namespaces(deliveries: Iterable[DeliveryPlan], contents: Mapping[str, Content]) -> Iterator[tuple[str, str]]:
    """Yield pairs of cluster and namespace that manifests name themselves, where their app does not."""
    for delivery in deliveries:
        content = contents.get(delivery.name)
        if delivery.namespace or content is None:
            continue
        for manifest in content.manifests():
            key = key_of(manifest)
            named = key.namespace or manifest.get("namespace")  # the second: a kustomization.yaml
            if isinstance(named, str) and named and not is_cluster_scoped(key.group_kind):
                yield delivery.site.name, named
