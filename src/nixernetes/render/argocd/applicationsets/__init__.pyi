# What is imported here is a public name of the package, loaded when it is first used.

from .applications import (
    VALIDATION as VALIDATION,
    GenerationError as GenerationError,
    duplicates as duplicates,
    expand as expand,
)
from .clusters import (
    CLUSTER_LABEL as CLUSTER_LABEL,
    TargetCluster as TargetCluster,
    cluster_of as cluster_of,
    declared_clusters as declared_clusters,
)
