"""What starts a cluster, as a value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from nixernetes.objects.identity import ObjectKey
from nixernetes.objects.manifest import Manifest
from nixernetes.render.rendered import Origin

__all__ = ["IN_CLUSTER", "ClusterPlan"]

IN_CLUSTER: Final = "https://kubernetes.default.svc"


@dataclass(frozen=True, slots=True, kw_only=True)
class ClusterPlan:
    """One cluster to be.

    Attributes:
        name: its name.
        server: the API server URL by which Applications name it.
        bootstrap: what is applied to the fresh cluster to start it, in order.
        origins: where these objects are written, as far as files hold them.
        folders: the folders that they are in.

    """

    name: str
    server: str = ""
    bootstrap: tuple[Manifest, ...] = ()
    origins: Mapping[ObjectKey, Origin] = field(default_factory=dict)
    folders: tuple[str, ...] = ()
