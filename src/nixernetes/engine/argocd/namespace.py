"""In which namespace an Argo CD is: ``argocd``, or where an operator's ArgoCD object, as on OpenShift, stands."""

from __future__ import annotations

from nixernetes.cluster.api import Reader
from nixernetes.engine.argocd.kinds import APP_PROJECT, NAMESPACE
from nixernetes.objects.identity import GroupKind, ObjectKey, key_of
from nixernetes.objects.manifest import Manifest

__all__ = ["namespace_of", "project_of"]

_OPERATED = GroupKind("argoproj.io", "ArgoCD")
_DEFAULT = "default"


def namespace_of(api: Reader) -> str:
    """Return the namespace of a control plane's Argo CD; the first in order where an operator runs several."""
    if api.is_namespaced(_OPERATED) is None:
        return NAMESPACE
    return next((key_of(item).namespace for item in api.list(_OPERATED)), NAMESPACE)


def project_of(api: Reader, name: str) -> Manifest | None:
    """Return an AppProject; each Argo CD has a project ``default``."""
    found = api.get(ObjectKey(*APP_PROJECT, namespace_of(api), name))
    return api.get(ObjectKey(*APP_PROJECT, NAMESPACE, name)) if found is None and name == _DEFAULT else found
