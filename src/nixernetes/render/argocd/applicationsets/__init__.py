"""ApplicationSets: generators give parameters, templates give Applications (section 14).

Generators list, clusters, git (directories and files), matrix and merge are implemented; the others need services
outside (SCM hosts, plugins, decision resources) and are refused by name. Pure: the clusters and the files of
repositories are handed in.
"""

from nixernetes.render.argocd.applicationsets.applications import FINALIZER, GenerationError, expand
from nixernetes.render.argocd.applicationsets.clusters import (
    CLUSTER_LABEL,
    IN_CLUSTER,
    TargetCluster,
    cluster_of,
    declared_clusters,
)

__all__ = [
    "CLUSTER_LABEL",
    "FINALIZER",
    "IN_CLUSTER",
    "GenerationError",
    "TargetCluster",
    "cluster_of",
    "declared_clusters",
    "expand",
]
