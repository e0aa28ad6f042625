"""What an AppProject permits: sources, destinations, kinds, Application namespaces (specification, section 3).

Everything works on ``spec`` as plain data, so that build, check and engine give the same answer.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from nixernetes.gitops.argocd.projects.urls import normal_repository_url
from nixernetes.languages.globs.gobwas import in_list, is_deny, match, shell_match
from nixernetes.objects.identity import GroupKind, group_kind
from nixernetes.objects.manifest import Json, Manifest
from nixernetes.objects.well_known import ARGOCD_NAMESPACE, IN_CLUSTER as IN_CLUSTER_SERVER

__all__ = [
    "IN_CLUSTER",
    "KnownCluster",
    "NamedCluster",
    "is_destination_permitted",
    "is_group_kind_name_permitted",
    "is_live_resource_permitted",
    "is_source_namespace_permitted",
    "is_source_permitted",
]


class KnownCluster(Protocol):
    """A cluster that Argo CD knows: its name, API server URL, and the project that it is reserved for (or ``""``)."""

    @property
    def name(self) -> str:
        """The name."""
        ...

    @property
    def server(self) -> str:
        """The URL of its API server."""
        ...

    @property
    def project(self) -> str:
        """The only project that may use it, or ``""``."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedCluster:
    """A cluster by name and API server URL; either may be ``""`` when it is not known."""

    name: str = ""
    server: str = ""
    project: str = ""


IN_CLUSTER = NamedCluster(name="in-cluster", server=IN_CLUSTER_SERVER)


def is_source_permitted(spec: Manifest, repo_url: str) -> bool:
    """Tell whether an Application may take its manifests from a repository (3.2)."""
    wanted = normal_repository_url(repo_url)
    permitted = False
    for pattern in _texts(spec, "sourceRepos"):
        deny = is_deny(pattern)
        normal = ("!" if deny else "") + normal_repository_url(pattern.removeprefix("!"))
        if match(normal, wanted, separators="/"):
            permitted = True
        elif deny:
            return False
    return permitted


def is_destination_permitted(
    spec: Manifest, cluster: KnownCluster, namespace: str, project_clusters: Iterable[KnownCluster] = ()
) -> bool:
    """Tell whether objects may go to a namespace of a cluster (3.3).

    Args:
        spec: the project's ``spec``.
        cluster: the resolved destination: its name and its server are both compared, where they are known.
        namespace: the namespace.
        project_clusters: the clusters that are reserved for this project, for ``permitOnlyProjectScopedClusters``.

    """
    if not _is_destination_listed(spec, cluster, namespace):
        return False
    if not spec.get("permitOnlyProjectScopedClusters"):
        return True
    return any(_is_same(cluster, reserved) for reserved in project_clusters)


def _is_destination_listed(spec: Manifest, cluster: KnownCluster, namespace: str) -> bool:
    permitted = False
    url = cluster.server.rstrip("/")
    for item in _maps(spec, "destinations"):
        name, server, space = (str(item.get(key) or "") for key in ("name", "server", "namespace"))
        by_namespace = match(space, namespace)
        if not (by_namespace or is_deny(name) or is_deny(server) or is_deny(space)):
            continue  # it neither permits nor denies: the quick way past most of a long list
        by_name = bool(cluster.name) and match(name, cluster.name)
        by_server = bool(url) and match(server, url)
        if (by_server or by_name) and by_namespace:
            permitted = True
        elif (
            (is_deny(name) and not by_name)
            or (is_deny(server) and not by_server and by_namespace)
            or (is_deny(space) and not by_namespace and by_server)
        ):
            return False
    return permitted


def _is_same(cluster: KnownCluster, other: KnownCluster) -> bool:
    if cluster.server and cluster.server.rstrip("/") == other.server.rstrip("/"):
        return True
    return bool(cluster.name) and cluster.name == other.name


def is_group_kind_name_permitted(spec: Manifest, kind: GroupKind, name: str, *, namespaced: bool) -> bool:
    """Tell whether objects of a kind (and, for cluster-scoped ones, of a name) may be deployed (3.4)."""
    if namespaced:
        white = spec.get("namespaceResourceWhitelist")
        listed = white is None or _is_listed(_maps(spec, "namespaceResourceWhitelist"), kind, "")
        return listed and not _is_listed(_maps(spec, "namespaceResourceBlacklist"), kind, "")
    listed = _is_listed(_maps(spec, "clusterResourceWhitelist"), kind, name)
    return listed and not _is_listed(_maps(spec, "clusterResourceBlacklist"), kind, name)


def is_live_resource_permitted(
    spec: Manifest, manifest: Manifest, cluster: KnownCluster, project_clusters: Iterable[KnownCluster] = ()
) -> bool:
    """Tell whether an object may be there: its kind, and its namespace on this cluster when it has one."""
    metadata = manifest.get("metadata") or {}
    namespace = str(metadata.get("namespace") or "")
    name = str(metadata.get("name") or "")
    if not is_group_kind_name_permitted(spec, group_kind(manifest), name, namespaced=bool(namespace)):
        return False
    return not namespace or is_destination_permitted(spec, cluster, namespace, project_clusters)


def is_source_namespace_permitted(spec: Manifest, namespace: str, control_plane: str = ARGOCD_NAMESPACE) -> bool:
    """Tell whether an Application in a namespace may use this project; the control plane's own always may."""
    return namespace in ("", control_plane) or in_list(_texts(spec, "sourceNamespaces"), namespace)


def _is_listed(items: Iterable[Manifest], kind: GroupKind, name: str) -> bool:
    return any(
        shell_match(str(item.get("kind") or ""), kind.kind)
        and shell_match(str(item.get("group") or ""), kind.group)
        and (not item.get("name") or shell_match(str(item["name"]), name))
        for item in items
    )


def _texts(spec: Manifest, field: str) -> list[str]:
    return [item for item in _list(spec, field) if isinstance(item, str)]


def _maps(spec: Manifest, field: str) -> list[Manifest]:
    return [item for item in _list(spec, field) if isinstance(item, dict)]


def _list(spec: Manifest, field: str) -> list[Json]:
    found = spec.get(field)
    return found if isinstance(found, list) else []
