"""The Secrets that configure Argo CD: clusters, repositories and their credentials, by their label."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from nixernetes.objects.identity import ObjectKey
from nixernetes.objects.manifest import Manifest, labels_of
from nixernetes.objects.well_known import ARGOCD_NAMESPACE, ARGOCD_SECRET_TYPE

__all__ = ["argocd_secrets"]


def argocd_secrets(namespace: str, declared: Mapping[ObjectKey, Manifest], types: Collection[str]) -> list[Manifest]:
    """Return Secrets of the Argo CD that an Application or ApplicationSet belongs to, in order of their identities.

    They are in its namespace; one in a namespace of its own has those of the namespace ``argocd``. A Secret or an
    ApplicationSet without a namespace is applied where Argo CD is.

    Args:
        namespace: that of the Application or ApplicationSet.
        declared: objects.
        types: which, by the label ``argocd.argoproj.io/secret-type``.

    """
    keys = sorted(
        key
        for key, item in declared.items()
        if key.kind == "Secret" and labels_of(item).get(ARGOCD_SECRET_TYPE) in types
    )
    found = [(key.namespace, declared[key]) for key in keys]
    if not namespace:
        return [secret for _, secret in found]
    for control_plane in (namespace, ARGOCD_NAMESPACE):
        there = [secret for at, secret in found if at in ("", control_plane)]
        if there:
            return there
    return []
