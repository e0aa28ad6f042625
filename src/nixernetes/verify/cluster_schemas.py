"""The schemas of a cluster: built-in kinds, its definitions, those of the user, of Flux, Argo CD and Kyverno."""

from __future__ import annotations

from collections.abc import Iterator

from nixernetes.gitops.definitions import all_definitions
from nixernetes.kyverno.definitions import policy_definitions
from nixernetes.objects.kinds import CUSTOM_RESOURCE_DEFINITION
from nixernetes.objects.manifest import Manifest
from nixernetes.schemas import Schemas
from nixernetes.verify.objects import ClusterObjects
from nixernetes.verify.platform_view import PlatformView

__all__ = ["schemas_of"]


def schemas_of(view: PlatformView, cluster: ClusterObjects) -> Schemas:
    """Return the schemas of a cluster: its own definitions first, then those of the others and of the user."""
    return Schemas.of(view.kube_versions.get(cluster.name, view.kube_version), _definitions(view, cluster))


def _definitions(view: PlatformView, cluster: ClusterObjects) -> Iterator[Manifest]:
    yield from (item.manifest for item in cluster.of(CUSTOM_RESOURCE_DEFINITION))
    yield from view.definitions.values()
    yield from view.given_definitions
    yield from all_definitions()
    yield from policy_definitions()
