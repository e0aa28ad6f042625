"""Clusters as the service accounts of deliveries use them (fluxcd/pkg ``runtime/client/impersonation.go``)."""

from __future__ import annotations

from nixernetes.cluster.access.acting import ActingApi
from nixernetes.cluster.access.users import service_account
from nixernetes.cluster.api import Api
from nixernetes.objects.identity import GroupKind

__all__ = ["acting_for", "check_listing"]


def acting_for(api: Api, namespace: str, account: str | None) -> Api:
    """Return the cluster as a delivery writes to it.

    Args:
        api: the cluster.
        namespace: where the delivery is.
        account: its ``spec.serviceAccountName``; without one it writes as the controller, which may do everything.

    """
    return ActingApi(api, service_account(namespace, account)) if account else api


def check_listing(api: Api, kind: GroupKind, namespace: str) -> None:
    """Refuse that objects are listed by an account that may not; reads are not held to accounts elsewhere.

    Raises:
        ApiError: Forbidden.

    """
    if isinstance(api, ActingApi):
        api.check_listing(kind, namespace)
