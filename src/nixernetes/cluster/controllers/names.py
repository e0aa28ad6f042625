"""As whom the controllers of a cluster write: policies and webhooks are told.

After Kubernetes 1.34.4, ``cmd/kube-controller-manager/names``: each has a service account in ``kube-system``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from nixernetes.cluster.access.users import User, service_account
from nixernetes.objects.kinds import (
    CRON_JOB,
    DAEMON_SET,
    DEPLOYMENT,
    HORIZONTAL_POD_AUTOSCALER,
    JOB,
    PERSISTENT_VOLUME,
    PERSISTENT_VOLUME_CLAIM,
    POD_DISRUPTION_BUDGET,
    REPLICA_SET,
    STATEFUL_SET,
)

if TYPE_CHECKING:
    from nixernetes.cluster.controllers.parts import Part
    from nixernetes.objects.identity import GroupKind

__all__ = ["controller_of_kind", "controller_of_part"]


def _account(name: str) -> User:
    return service_account("kube-system", name)


_OTHERS: Final = User(name="system:kube-controller-manager", groups=("system:authenticated",))
_BY_KIND: Final[Mapping[GroupKind, User]] = {
    CRON_JOB: _account("cronjob-controller"),
    DAEMON_SET: _account("daemon-set-controller"),
    DEPLOYMENT: _account("deployment-controller"),
    HORIZONTAL_POD_AUTOSCALER: _account("horizontal-pod-autoscaler"),
    JOB: _account("job-controller"),
    PERSISTENT_VOLUME: _account("persistent-volume-binder"),
    PERSISTENT_VOLUME_CLAIM: _account("persistent-volume-binder"),
    POD_DISRUPTION_BUDGET: _account("disruption-controller"),
    REPLICA_SET: _account("replicaset-controller"),
    STATEFUL_SET: _account("statefulset-controller"),
}
_BY_PART: Final[Mapping[str, User]] = {
    "EndpointsController": _account("endpoint-controller"),
    "GarbageCollector": _account("generic-garbage-collector"),
    "NamespaceController": _account("namespace-controller"),
    "RoleAggregator": _account("clusterrole-aggregation-controller"),
}


def controller_of_kind(kind: GroupKind) -> User:
    """Return who handles the objects of a kind."""
    return _BY_KIND.get(kind, _OTHERS)


def controller_of_part(part: Part) -> User:
    """Return who a controller is that runs beside those of workloads."""
    return _BY_PART.get(type(part).__name__, _OTHERS)
