"""What rules ask of Argo CD: the project of an Application, and the clusters that it knows."""

from __future__ import annotations

from typing import Final

from nixernetes.objects.api_groups import ARGOPROJ_V1ALPHA1
from nixernetes.objects.fields import text_at
from nixernetes.objects.kinds import APP_PROJECT, APPLICATION, APPLICATION_SET, SECRET
from nixernetes.objects.manifest import Manifest, labels_of
from nixernetes.objects.well_known import ARGOCD_NAMESPACE, ARGOCD_SECRET_TYPE
from nixernetes.render.argocd.applicationsets import TargetCluster, declared_clusters
from nixernetes.verify.objects import ClusterObjects, Placed

__all__ = ["known_clusters", "may_know_more", "project_of", "project_placed"]

_DEFAULT: Final[Manifest] = {
    "apiVersion": ARGOPROJ_V1ALPHA1,
    "kind": "AppProject",
    "metadata": {"name": "default"},
    "spec": {
        "sourceRepos": ["*"],
        "destinations": [{"server": "*", "namespace": "*"}],
        "clusterResourceWhitelist": [{"group": "*", "kind": "*"}],
    },
}


def project_placed(hub: ClusterObjects, name: str) -> Placed | None:
    """Return the AppProject of a name, or None: Argo CD reads those of its own namespace."""
    is_usual = any(item.namespace == ARGOCD_NAMESPACE for item in hub.of(APPLICATION, APPLICATION_SET))
    places = ("", ARGOCD_NAMESPACE)
    return next(
        (item for item in hub.of(APP_PROJECT) if item.key.name == name and (not is_usual or item.namespace in places)),
        None,
    )


def project_of(hub: ClusterObjects, application: Manifest) -> Manifest | None:
    """Return the AppProject of an Application; the one named ``default`` is always there."""
    name = text_at(application, "spec", "project") or "default"
    found = project_placed(hub, name)
    if found is not None:
        return found.manifest
    return _DEFAULT if name == "default" else None


def known_clusters(hub: ClusterObjects) -> list[TargetCluster]:
    """Return the clusters that the Argo CD of a cluster knows, by their Secrets."""
    secrets = [
        item.manifest for item in hub.of(SECRET) if labels_of(item.manifest).get(ARGOCD_SECRET_TYPE) == "cluster"
    ]
    return declared_clusters(secrets)


def may_know_more(hub: ClusterObjects) -> bool:
    """Tell whether there may be clusters that cannot be known here: none is declared, or one cannot be read."""
    found = [each for each in known_clusters(hub) if each.declared]
    return not found or any(each.unknown for each in found) or bool(hub.unrendered)
