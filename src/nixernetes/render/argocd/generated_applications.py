"""What an ApplicationSet generates: from clusters, and from the files of Git repositories."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from nixernetes.objects.manifest import Manifest
from nixernetes.render.argocd.applicationsets import TargetCluster, expand
from nixernetes.render.sources.git import Ref, Source
from nixernetes.render.tree import Tree

__all__ = ["generated_applications"]


def generated_applications(
    application_set: Manifest, clusters: Callable[[], Sequence[TargetCluster]], source: Source
) -> list[Manifest]:
    """Return the Applications of an ApplicationSet, in the order of its generators.

    Args:
        application_set: the object.
        clusters: gives the clusters that its Argo CD knows; called only when a generator asks for them.
        source: Git repositories.

    Raises:
        InputError: a generator or a template fails, or two Applications have one name.

    """

    def tree(url: str, revision: str) -> Tree:
        return source.snapshot(url, Ref(revision=revision)).tree

    return expand(application_set, clusters=clusters, tree=tree)
