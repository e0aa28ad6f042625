"""In which namespace an Argo CD is: ``argocd``, or where an operator's ArgoCD object, as on OpenShift, stands."""

from __future__ import annotations

from nixernetes.cluster.api import Reader
from nixernetes.objects.identity import ObjectKey, key_of
from nixernetes.objects.kinds import APP_PROJECT, ARGOCD_INSTANCE
from nixernetes.objects.manifest import Manifest
from nixernetes.objects.well_known import ARGOCD_NAMESPACE

__all__ = ["namespace_of", "project_of"]

_DEFAULT = "default"


def namespace_of(api: Reader) -> str:
    """Return the namespace of a control plane's Argo CD; the first in order where an operator runs several."""
    if api.is_namespaced(ARGOCD_INSTANCE) is None:
        return ARGOCD_NAMESPACE
    return next((key_of(item).namespace for item in api.list(ARGOCD_INSTANCE)), ARGOCD_NAMESPACE)


def project_of(api: Reader, name: str) -> Manifest | None:
    """Return an AppProject; each Argo CD has a project ``default``."""
    found = api.get(ObjectKey(*APP_PROJECT, namespace_of(api), name))
    return api.get(ObjectKey(*APP_PROJECT, ARGOCD_NAMESPACE, name)) if found is None and name == _DEFAULT else found
