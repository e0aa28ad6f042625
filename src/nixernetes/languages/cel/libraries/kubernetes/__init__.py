"""The libraries of Kubernetes 1.34; ``authorizer`` needs a cluster's access rules and is added by who has them."""

from __future__ import annotations

from nixernetes.languages.cel.libraries.kubernetes.formats import FORMATS
from nixernetes.languages.cel.libraries.kubernetes.lists import KUBERNETES_LISTS
from nixernetes.languages.cel.libraries.kubernetes.networks import NETWORKS
from nixernetes.languages.cel.libraries.kubernetes.quantities import QUANTITIES
from nixernetes.languages.cel.libraries.kubernetes.semvers import SEMVERS
from nixernetes.languages.cel.libraries.kubernetes.urls import URLS

__all__ = ["FORMATS", "KUBERNETES_LISTS", "NETWORKS", "QUANTITIES", "SEMVERS", "URLS"]
