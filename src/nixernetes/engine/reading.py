"""A live cluster as the builds of deliveries read it: the same questions that a walk answers from files."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from nixernetes.cluster.api import Reader
from nixernetes.objects.identity import GroupKind, ObjectKey, key_of
from nixernetes.objects.kinds import SECRET
from nixernetes.objects.manifest import Manifest
from nixernetes.objects.well_known import ARGOCD_NAMESPACE
from nixernetes.render.argocd.secrets import argocd_secrets
from nixernetes.render.given_values import GivenValues
from nixernetes.render.outside import Surroundings

__all__ = ["declared_in"]


def declared_in(
    api: Reader,
    given: GivenValues,
    namespace: str = ARGOCD_NAMESPACE,
    is_opened: Callable[[ObjectKey], bool] = lambda _: False,
) -> Surroundings:
    """Return the objects of a cluster as they are now.

    Args:
        api: the cluster.
        given: ConfigMaps and Secrets of the user; they win.
        namespace: where the Secrets of Argo CD are.
        is_opened: tells whether an object holds what SOPS had encrypted, in plain text.

    """

    def listing(kind: GroupKind, at: str) -> list[Manifest]:
        if api.is_namespaced(kind) is None:
            return []
        return sorted(api.list(kind, namespace=at), key=key_of)

    def secrets(types: Sequence[str]) -> list[Manifest]:
        found = {key_of(each): each for each in listing(SECRET, namespace)}
        return argocd_secrets(namespace, given.over(found), types)

    return Surroundings(api.get, secrets, given, listing, is_opened=is_opened)
