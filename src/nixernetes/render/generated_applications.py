"""What an ApplicationSet generates from what is declared: cluster Secrets, and the files of Git repositories."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from nixernetes.objects.manifest import Manifest
from nixernetes.render.applicationsets import Cluster, declared_clusters, expand
from nixernetes.render.sources import Ref, Source
from nixernetes.render.tree import Tree

__all__ = ["generated_applications"]


def generated_applications(
    application_set: Manifest, secrets: Callable[[], Sequence[Manifest]], source: Source
) -> list[Manifest]:
    """Return the Applications of an ApplicationSet, in the order of its generators.

    Args:
        application_set: the object.
        secrets: gives the cluster Secrets of its Argo CD; called only when a generator asks for clusters.
        source: Git repositories.

    Raises:
        InputError: a generator or a template fails, or two Applications have one name.

    """

    def clusters() -> list[Cluster]:
        return declared_clusters(secrets())

    def tree(url: str, revision: str) -> Tree:
        return source.snapshot(url, Ref(revision=revision)).tree

    return expand(application_set, clusters=clusters, tree=tree)
