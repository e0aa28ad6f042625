"""What an Application wants, as a comparison takes it."""

from __future__ import annotations

from dataclasses import dataclass

from nixernetes.objects.manifest import Manifest
from nixernetes.render.argocd.applications import ApplicationManifests

__all__ = ["Targets", "targets_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Targets:
    """What is wanted.

    Attributes:
        objects: the manifests of all sources, in order. They are shared: copy before changing.
        revisions: the revision of each source.
        types: the tool of each source: Directory, Kustomize or Helm.

    """

    objects: tuple[Manifest, ...]
    revisions: tuple[str, ...]
    types: tuple[str, ...]


def targets_of(found: ApplicationManifests) -> Targets:
    """Return what an Application wants out of what its sources gave."""
    return Targets(
        objects=tuple(item.manifest for item in found.manifests), revisions=found.revisions, types=found.types
    )
