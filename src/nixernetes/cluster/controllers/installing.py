"""Which controllers run beside an API server that stands alone."""

from __future__ import annotations

from nixernetes.cluster.controllers.aggregated_roles import RoleAggregator
from nixernetes.cluster.controllers.endpoints import EndpointsController
from nixernetes.cluster.controllers.garbage import GarbageCollector
from nixernetes.cluster.controllers.namespaces import NamespaceController
from nixernetes.cluster.controllers.parts import ControlledCluster, Part

__all__ = ["controllers"]


def controllers(cluster: ControlledCluster, certificate: str) -> tuple[Part, ...]:
    """Return the controllers of a cluster.

    Args:
        cluster: the cluster.
        certificate: that of the authority that signs for the API server, as PEM.

    """
    return (
        GarbageCollector(cluster),
        NamespaceController(cluster, certificate),
        RoleAggregator(cluster),
        EndpointsController(cluster),
    )
