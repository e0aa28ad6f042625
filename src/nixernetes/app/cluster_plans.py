"""What starts a cluster, as a value."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from nixernetes.objects.manifest import Manifest

__all__ = ["IN_CLUSTER", "ClusterPlan"]

IN_CLUSTER: Final = "https://kubernetes.default.svc"


@dataclass(frozen=True, slots=True, kw_only=True)
class ClusterPlan:
    """One cluster to be.

    Attributes:
        name: its name.
        server: the API server URL by which Applications name it.
        bootstrap: what is applied to the fresh cluster to start it, in order.

    """

    name: str
    server: str = ""
    bootstrap: tuple[Manifest, ...] = ()
