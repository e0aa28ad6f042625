"""What clients are warned of, beside the answer (``Warning`` headers)."""

from __future__ import annotations

from typing import Final

from nixernetes.cluster.server.options import DeleteOptions
from nixernetes.cluster.server.serving import Served
from nixernetes.objects.fields import items_at
from nixernetes.objects.kinds import JOB
from nixernetes.objects.manifest import Manifest

__all__ = ["of_deletion", "of_finalizers", "of_resource"]

_DEPRECATED: Final = {  # staging/src/k8s.io/api/core/v1/zz_generated.prerelease-lifecycle.go, v0.34.4
    ("v1", "endpoints"): "v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice",
    ("v1", "componentstatuses"): "v1 ComponentStatus is deprecated in v1.19+",
}
_ORPHANS: Final = (
    "child pods are preserved by default when jobs are deleted; set propagationPolicy=Background to remove them or set "
    "propagationPolicy=Orphan to suppress this warning"
)


def of_resource(served: Served) -> tuple[str, ...]:
    """Return what every client of a resource is told."""
    found = _DEPRECATED.get((served.api_version, served.target.resource))
    return (found,) if found is not None and not served.target.subresource else ()


def of_deletion(served: Served, options: DeleteOptions) -> tuple[str, ...]:
    """Return what a client is told that deletes and does not say what becomes of dependents."""
    return (_ORPHANS,) if served.kind == JOB and options.propagation is None else ()


def of_finalizers(served: Served, new: Manifest, live: Manifest | None) -> tuple[str, ...]:
    """Return what is wrong with the names of finalizers of a custom object that were not there before."""
    if not served.is_custom:
        return ()
    before = items_at(live, "metadata", "finalizers") if live is not None else []
    return tuple(
        f'metadata.finalizers: "{name}": prefer a domain-qualified finalizer name '
        f"{'including a path (/) ' if '.' in name else ''}to avoid accidental conflicts with other finalizer writers"
        for name in map(str, items_at(new, "metadata", "finalizers"))
        if "/" not in name and name not in before and name not in _OF_SERVERS
    )


_OF_SERVERS: Final = ("orphan", "foregroundDeletion", "kubernetes")
