"""Which cluster an Application means (section 1): a registered one, or one of a cluster Secret (section 16)."""

from __future__ import annotations

from collections.abc import Mapping

from nixernetes.cluster.api import Api, Reader
from nixernetes.engine.argocd.application import ReadApplication
from nixernetes.engine.argocd.namespace import namespace_of
from nixernetes.errors import InputError
from nixernetes.gitops.argocd import Destination
from nixernetes.objects.kinds import SECRET
from nixernetes.objects.manifest import Manifest, annotations_of
from nixernetes.objects.well_known import IN_CLUSTER, STAND_IN
from nixernetes.render.argocd.applicationsets import CLUSTER_LABEL, TargetCluster, cluster_of

__all__ = ["Clusters", "TargetCluster"]


class Clusters:
    """The clusters of a control plane.

    Args:
        control_plane: the cluster with the Secrets.
        apis: API server URL to the cluster behind it.
        names: cluster name to URL, of clusters that are known without a Secret.

    """

    def __init__(self, control_plane: Reader, apis: Mapping[str, Api], names: Mapping[str, str]) -> None:
        self._control_plane = control_plane
        self._apis = {server.rstrip("/"): api for server, api in apis.items()}
        self._names = {name: server.rstrip("/") for name, server in names.items()}

    @property
    def apis(self) -> Mapping[str, Api]:
        """API server URL to the cluster behind it."""
        return self._apis

    @property
    def registered(self) -> Mapping[str, str]:
        """Cluster name to API server URL, of the other clusters that are known without a Secret."""
        return {name: server for name, server in sorted(self._names.items()) if server != IN_CLUSTER}

    def known(self) -> list[TargetCluster]:
        """Return all clusters, sorted by name and server; a Secret's word counts more than a registration."""
        declared = [cluster_of(secret) for secret in self._secrets()]
        servers = {cluster.server for cluster in declared}
        found = declared + [
            TargetCluster(name=name, server=server) for name, server in self._names.items() if server not in servers
        ]
        named = servers | set(self._names.values())
        found += [TargetCluster(name=server, server=server) for server in self._apis if server not in named]
        if IN_CLUSTER not in {cluster.server for cluster in found}:
            found.append(TargetCluster(name="in-cluster", server=IN_CLUSTER))
        return sorted(found, key=lambda cluster: (cluster.name, cluster.server))

    def resolve(self, destination: Destination) -> TargetCluster:
        """Return the cluster that a destination names.

        Raises:
            InputError: neither or both of name and server are given, or no or several clusters fit.

        """
        if destination.server and destination.name:
            raise InputError(
                "application destination can't have both name and server defined: "
                f"{destination.name} {destination.server}"
            )
        if not destination.server and not destination.name:
            raise InputError("Destination server missing from app spec")
        if destination.name:
            return self._by_name(destination.name)
        server = (destination.server or "").rstrip("/")
        found = [cluster for cluster in self.known() if cluster.server == server]
        if not found:
            missing = f'rpc error: code = NotFound desc = cluster "{server}" not found'
            raise InputError(f'error getting cluster by server "{server}": {missing}')
        return found[0]

    def _by_name(self, name: str) -> TargetCluster:
        found = [cluster for cluster in self.known() if cluster.name == name]
        if not found:
            raise InputError(f"there are no clusters with this name: {name}")
        if len(found) > 1:
            servers = " ".join(cluster.server for cluster in found)
            raise InputError(f"there are {len(found)} clusters with the same name: [{servers}]")
        return found[0]

    def api(self, cluster: TargetCluster) -> Api:
        """Return the cluster itself.

        Raises:
            InputError: a Secret declares it, but nothing stands behind its URL here.

        """
        api = self._apis.get(cluster.server)
        if api is None:
            raise InputError(
                f"Failed to load live state: the cluster {cluster.name} at {cluster.server} does not run here: "
                "declare it among the clusters"
            )
        return api

    def of(self, app: ReadApplication) -> tuple[TargetCluster, Api]:
        """Return the cluster that an Application deploys to.

        Raises:
            InputError: as :meth:`resolve` and :meth:`api`.

        """
        cluster = self.resolve(app.destination)
        return cluster, self.api(cluster)

    def _secrets(self) -> list[Manifest]:
        if self._control_plane.is_namespaced(SECRET) is None:
            return []
        namespace = namespace_of(self._control_plane)
        found = self._control_plane.list(SECRET, namespace=namespace, labels=CLUSTER_LABEL)
        return [each for each in found if STAND_IN not in annotations_of(each)]  # it repeats what is known here
