"""What an ApplicationSet generates from what is declared: cluster Secrets, and the files of Git repositories."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from nixernetes.objects.identity import ObjectKey
from nixernetes.objects.manifest import Manifest
from nixernetes.render.applicationsets import Cluster, declared_clusters, expand, is_cluster_secret
from nixernetes.render.sources import Ref, Source
from nixernetes.render.tree import Tree

__all__ = ["cluster_secrets", "generated_applications"]

_CONTROL_PLANE = "argocd"  # the namespace into which Argo CD is installed unless one decides otherwise


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


def cluster_secrets(namespace: str, declared: Mapping[ObjectKey, Manifest]) -> list[Manifest]:
    """Return the cluster Secrets of the Argo CD that an ApplicationSet belongs to, in order of their identities.

    They are in its namespace; one in a namespace of its own has those of the namespace ``argocd``. A Secret or an
    ApplicationSet without a namespace is applied where Argo CD is.

    Args:
        namespace: that of the ApplicationSet.
        declared: objects.

    """
    keys = sorted(key for key, manifest in declared.items() if is_cluster_secret(manifest))
    found = [(key.namespace, declared[key]) for key in keys]
    if not namespace:
        return [secret for _, secret in found]
    for control_plane in (namespace, _CONTROL_PLANE):
        there = [secret for at, secret in found if at in ("", control_plane)]
        if there:
            return there
    return []
