"""Clusters as the service accounts of deliveries use them (fluxcd/pkg ``runtime/client/impersonation.go``)."""

from __future__ import annotations

from nixernetes.cluster.access.acting import ActingApi
from nixernetes.cluster.access.users import service_account
from nixernetes.cluster.api import Api
from nixernetes.engine.flux.lockdown import is_of_controller, lockdown_of
from nixernetes.objects.identity import GroupKind, ObjectKey
from nixernetes.objects.kinds import CLUSTER_ROLE_BINDING, ROLE_BINDING, SERVICE_ACCOUNT

__all__ = ["acting_for", "check_listing"]


def acting_for(api: Api, namespace: str, account: str | None, component: str) -> Api:
    """Return the cluster as a delivery writes to it; the very same one where it writes as the controller.

    Args:
        api: the cluster.
        namespace: where the delivery is.
        account: its ``spec.serviceAccountName``. One that names none writes as the account that the controller was
            told (``--default-service-account``), else as the controller, which may do everything.
        component: the controller.

    """
    name = account or lockdown_of(api, component).account
    return ActingApi(api, service_account(namespace, name)) if name and not _is_free(api, namespace, name) else api


def _is_free(api: Api, namespace: str, account: str) -> bool:
    key = ObjectKey(*SERVICE_ACCOUNT, namespace, account)
    return is_of_controller(key, (each for kind in (ROLE_BINDING, CLUSTER_ROLE_BINDING) for each in api.list(kind)))


def check_listing(api: Api, kind: GroupKind, namespace: str) -> None:
    """Refuse that objects are listed by an account that may not; reads are not held to accounts elsewhere.

    Raises:
        ApiError: Forbidden.

    """
    if isinstance(api, ActingApi):
        api.check_listing(kind, namespace)
