"""A health check without namespace: it waits for an object in the Kustomization's own, mostly ``flux-system``."""

from __future__ import annotations

from collections.abc import Iterator

from nixernetes.gitops.flux.kustomization import Kustomization
from nixernetes.gitops.traps.declared import Declared, Trap

__all__ = ["traps"]


def traps(declared: Declared) -> Iterator[Trap]:
    """Yield the health checks of declared Kustomizations that were given no namespace."""
    clusters = (*declared.platform.clusters.values(), *declared.platform.environments.values())
    resources = [*declared.platform.resources, *(each for cluster in clusters for each in cluster.resources)]
    for resource in resources:
        if not isinstance(resource, Kustomization):
            continue
        for check in resource.assumed_checks:
            yield Trap(
                f"health: {check} has no namespace, so Flux waits for it in {resource.namespace}: give its namespace, "
                "or the Kustomization a target_namespace",
                str(resource.key),
                resource.declared_at,
            )
