"""The Deployments and the StatefulSet of Flux 2.9 and Argo CD 3.5, as their own manifests install them.

Labels, selectors and names are theirs, since people and their tools select by them; probes, ports and settings are left
out: nothing of it would be read.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from nixernetes.engine.installed.argocd_settings import argocd_settings
from nixernetes.objects.api_groups import RBAC
from nixernetes.objects.manifest import Json, Manifest
from nixernetes.objects.well_known import (
    APP_INSTANCE,
    APP_NAME,
    APP_PART_OF,
    APP_VERSION,
    ARGOCD_NAMESPACE,
    FLUX_NAMESPACE,
    STAND_IN,
)

__all__ = ["argocd_objects", "controller_of", "flux_objects"]

_FLUX_VERSION: Final = "v2.9.5"
_FLUX: Final = {
    "helm-controller": "v1.6.4",
    "kustomize-controller": "v1.9.5",
    "notification-controller": "v1.9.4",
    "source-controller": "v1.9.5",
    "source-watcher": "v2.2.4",
}
_ARGOCD_VERSION: Final = "v3.5.7"
_REDIS_IMAGE: Final = "public.ecr.aws/docker/library/redis:8.2.3-alpine"
_STATEFUL: Final = "argocd-application-controller"
_REDIS: Final = "argocd-redis"
_ARGOCD: Final = {
    _STATEFUL: "application-controller",
    "argocd-applicationset-controller": "applicationset-controller",
    "argocd-notifications-controller": "notifications-controller",
    _REDIS: "redis",
    "argocd-repo-server": "repo-server",
}
_SECURITY: Final[Json] = {
    "allowPrivilegeEscalation": False,
    "capabilities": {"drop": ["ALL"]},
    "readOnlyRootFilesystem": True,
    "runAsNonRoot": True,
    "seccompProfile": {"type": "RuntimeDefault"},
}
_RESOURCES: Final[Json] = {"limits": {"cpu": "1", "memory": "1Gi"}, "requests": {"cpu": "100m", "memory": "64Mi"}}
_MARK: Final = {STAND_IN: "true"}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Controller:
    name: str
    namespace: str
    image: str
    container: str
    command: tuple[str, ...]
    labels: dict[str, str]
    selector: dict[str, str]
    pod_labels: dict[str, str]
    is_stateful: bool = False


def flux_objects() -> list[Manifest]:
    """Return what Flux is in a cluster: its controllers, their accounts and what these may."""
    made = [_flux(name, version) for name, version in _FLUX.items()]
    grants = {
        "cluster-reconciler-flux-system": ("cluster-admin", ("kustomize-controller", "helm-controller")),
        "crd-controller-flux-system": ("cluster-admin", tuple(_FLUX)),
    }
    bindings = [_binding(name, role, accounts) for name, (role, accounts) in grants.items()]
    return [*_accounts(made), *bindings, *(_workload(each) for each in made)]


def argocd_objects(servers: Mapping[str, str]) -> list[Manifest]:
    """Return what Argo CD is in its control plane: its settings, its controllers and their accounts.

    Args:
        servers: the other clusters that it knows: name to API server URL.

    """
    made = [_argocd(name, component, ARGOCD_NAMESPACE) for name, component in _ARGOCD.items()]
    return [*argocd_settings(servers), *_accounts(made), *(_workload(each) for each in made)]


def controller_of(labels: dict[str, str]) -> str:
    """Return which controller a pod with these labels is of, or ``""``."""
    for name in (labels.get("app", ""), labels.get(APP_NAME, ""), labels.get("app.kubernetes.io/component", "")):
        if name in _FLUX or name in _ARGOCD:
            return name
    return ""


def _flux(name: str, version: str) -> _Controller:
    labels = {
        "app.kubernetes.io/component": name,
        APP_INSTANCE: FLUX_NAMESPACE,
        APP_PART_OF: "flux",
        APP_VERSION: _FLUX_VERSION,
    }
    return _Controller(
        name=name,
        namespace=FLUX_NAMESPACE,
        image=f"ghcr.io/fluxcd/{name}:{version}",
        container="manager",
        command=(),
        labels={**labels, "control-plane": "controller"},
        selector={"app": name},
        pod_labels={"app": name, **labels},
    )


def _argocd(name: str, component: str, namespace: str) -> _Controller:
    is_redis = name == _REDIS
    return _Controller(
        name=name,
        namespace=namespace,
        image=_REDIS_IMAGE if is_redis else f"quay.io/argoproj/argocd:{_ARGOCD_VERSION}",
        container="redis" if is_redis else name,
        command=("--save", "", "--appendonly", "no") if is_redis else (f"/usr/local/bin/{name}",),
        labels={APP_NAME: name, APP_PART_OF: "argocd", "app.kubernetes.io/component": component},
        selector={APP_NAME: name},
        pod_labels={APP_NAME: name},
        is_stateful=name == _STATEFUL,
    )


def _workload(made: _Controller) -> Manifest:
    container: Json = {
        "name": made.container,
        "image": made.image,
        "imagePullPolicy": "IfNotPresent",
        "resources": _RESOURCES,
        "securityContext": _SECURITY,
        **({"args": list(made.command)} if made.command else {}),
    }
    template: Json = {
        "metadata": {"labels": made.pod_labels},
        "spec": {
            "containers": [container],
            "serviceAccountName": made.name,
            "securityContext": {"runAsNonRoot": True, "seccompProfile": {"type": "RuntimeDefault"}},
        },
    }
    return {
        "apiVersion": "apps/v1",
        "kind": "StatefulSet" if made.is_stateful else "Deployment",
        "metadata": {
            "name": made.name,
            "namespace": made.namespace,
            "labels": made.labels,
            "annotations": _MARK,
        },
        "spec": {
            "replicas": 1,
            "selector": {"matchLabels": made.selector},
            "template": template,
            **({"serviceName": made.name} if made.is_stateful else {}),
        },
    }


def _accounts(made: Iterable[_Controller]) -> list[Manifest]:
    return [
        {
            "apiVersion": "v1",
            "kind": "ServiceAccount",
            "metadata": {"name": each.name, "namespace": each.namespace, "labels": each.labels, "annotations": _MARK},
        }
        for each in made
    ]


def _binding(name: str, role: str, accounts: tuple[str, ...]) -> Manifest:
    return {
        "apiVersion": f"{RBAC}/v1",
        "kind": "ClusterRoleBinding",
        "metadata": {"name": name, "labels": {APP_PART_OF: "flux"}, "annotations": _MARK},
        "roleRef": {"apiGroup": RBAC, "kind": "ClusterRole", "name": role},
        "subjects": [{"kind": "ServiceAccount", "name": each, "namespace": FLUX_NAMESPACE} for each in accounts],
    }
