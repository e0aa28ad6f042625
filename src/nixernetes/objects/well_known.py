"""Labels, annotations, finalizers and namespaces that more than one room knows by name.

Each is named after whoever gives it its meaning: Argo CD, Flux, Helm, kubectl, Kubernetes.
"""

from __future__ import annotations

from typing import Final

__all__ = [
    "APPARMOR_ANNOTATION",
    "APP_INSTANCE",
    "APP_MANAGED_BY",
    "APP_NAME",
    "APP_PART_OF",
    "APP_VERSION",
    "ARGOCD_COMPARE_OPTIONS",
    "ARGOCD_HOOK",
    "ARGOCD_HOOK_DELETE_POLICY",
    "ARGOCD_MANIFEST_PATHS",
    "ARGOCD_NAMESPACE",
    "ARGOCD_NOTIFIED",
    "ARGOCD_REFRESH",
    "ARGOCD_RESOURCES_FINALIZER",
    "ARGOCD_SECRET_TYPE",
    "ARGOCD_SET_REFRESH",
    "ARGOCD_SKIP_RECONCILE",
    "ARGOCD_SYNC_OPTIONS",
    "ARGOCD_SYNC_WAVE",
    "ARGOCD_TRACKING_ID",
    "DEFAULT_STORAGE_CLASS",
    "DOCKER_INDEX",
    "DOCKER_REGISTRY",
    "FLUX_EVENT_PREFIX",
    "FLUX_NAMESPACE",
    "FLUX_OPERATOR_RESOURCE_SET",
    "FLUX_PRUNE",
    "FLUX_REQUESTED_AT",
    "FLUX_SSA",
    "FLUX_SUBSTITUTE",
    "HELM_HOOK",
    "HELM_HOOK_DELETE_POLICY",
    "HELM_HOOK_WEIGHT",
    "HELM_RELEASE_NAME",
    "HELM_RELEASE_NAMESPACE",
    "HELM_RESOURCE_POLICY",
    "INGRESS_CLASS_ANNOTATION",
    "INSTANCE_TYPE",
    "IN_CLUSTER",
    "JOB_CONTROLLER_UID",
    "JOB_NAME",
    "KUBECTL_LAST_APPLIED",
    "KUBERNETES_PREFIX",
    "KUSTOMIZE_INTERNAL_PREFIX",
    "NAMESPACE_NAME",
    "NGINX_INGRESS",
    "NODE_NOT_READY",
    "NODE_OS",
    "OLD_DEFAULT_STORAGE_CLASS",
    "OLD_STORAGE_CLASS",
    "POD_SECURITY_PREFIX",
    "SECCOMP_CONTAINER_ANNOTATION",
    "SECCOMP_POD_ANNOTATION",
    "SERVICE_ACCOUNT_TOKEN",
    "SERVICE_NAME",
    "SIMULATED_FAILURE",
    "STAND_IN",
    "TLS_SECRET_TYPE",
]

APPARMOR_ANNOTATION: Final = "container.apparmor.security.beta.kubernetes.io/"
SECCOMP_POD_ANNOTATION: Final = "seccomp.security.alpha.kubernetes.io/pod"
SECCOMP_CONTAINER_ANNOTATION: Final = "container.seccomp.security.alpha.kubernetes.io/"
INGRESS_CLASS_ANNOTATION: Final = "kubernetes.io/ingress.class"
NODE_NOT_READY: Final = "node.kubernetes.io/not-ready"
NODE_OS: Final = "kubernetes.io/os"
SERVICE_NAME: Final = "kubernetes.io/service-name"
TLS_SECRET_TYPE: Final = "kubernetes.io/tls"  # noqa: S105  # the type of a Secret
DEFAULT_STORAGE_CLASS: Final = "storageclass.kubernetes.io/is-default-class"
OLD_DEFAULT_STORAGE_CLASS: Final = "storageclass.beta.kubernetes.io/is-default-class"
OLD_STORAGE_CLASS: Final = "volume.beta.kubernetes.io/storage-class"
SERVICE_ACCOUNT_TOKEN: Final = "kubernetes.io/service-account-token"  # noqa: S105  # the type of a Secret
APP_INSTANCE: Final = "app.kubernetes.io/instance"
APP_NAME: Final = "app.kubernetes.io/name"
APP_PART_OF: Final = "app.kubernetes.io/part-of"
APP_VERSION: Final = "app.kubernetes.io/version"
JOB_CONTROLLER_UID: Final = "batch.kubernetes.io/controller-uid"
JOB_NAME: Final = "batch.kubernetes.io/job-name"
INSTANCE_TYPE: Final = "node.kubernetes.io/instance-type"
KUBERNETES_PREFIX: Final = "kubernetes.io/"
POD_SECURITY_PREFIX: Final = "pod-security.kubernetes.io/"
NGINX_INGRESS: Final = "nginx.ingress.kubernetes.io/"  # begins the annotations of ingress-nginx
NAMESPACE_NAME: Final = "kubernetes.io/metadata.name"
APP_MANAGED_BY: Final = "app.kubernetes.io/managed-by"
KUBECTL_LAST_APPLIED: Final = "kubectl.kubernetes.io/last-applied-configuration"
KUSTOMIZE_INTERNAL_PREFIX: Final = "internal.config.kubernetes.io/"

ARGOCD_NAMESPACE: Final = "argocd"  # into which Argo CD is installed unless one decides otherwise
IN_CLUSTER: Final = "https://kubernetes.default.svc"  # the server as which Argo CD knows its own cluster
ARGOCD_COMPARE_OPTIONS: Final = "argocd.argoproj.io/compare-options"
ARGOCD_HOOK: Final = "argocd.argoproj.io/hook"
ARGOCD_HOOK_DELETE_POLICY: Final = "argocd.argoproj.io/hook-delete-policy"
ARGOCD_MANIFEST_PATHS: Final = "argocd.argoproj.io/manifest-generate-paths"
ARGOCD_SET_REFRESH: Final = "argocd.argoproj.io/application-set-refresh"
ARGOCD_NOTIFIED: Final = "notified.notifications.argoproj.io"
ARGOCD_REFRESH: Final = "argocd.argoproj.io/refresh"
ARGOCD_RESOURCES_FINALIZER: Final = "resources-finalizer.argocd.argoproj.io"
ARGOCD_SECRET_TYPE: Final = "argocd.argoproj.io/secret-type"  # noqa: S105 - the name of a label
ARGOCD_SKIP_RECONCILE: Final = "argocd.argoproj.io/skip-reconcile"
ARGOCD_SYNC_OPTIONS: Final = "argocd.argoproj.io/sync-options"
ARGOCD_SYNC_WAVE: Final = "argocd.argoproj.io/sync-wave"
ARGOCD_TRACKING_ID: Final = "argocd.argoproj.io/tracking-id"

DOCKER_REGISTRY: Final = "docker.io"  # where an image is without one
DOCKER_INDEX: Final = "index.docker.io"  # the name of Docker Hub in a full reference

FLUX_NAMESPACE: Final = "flux-system"  # into which Flux is installed; also the name of its first objects
FLUX_EVENT_PREFIX: Final = "event.toolkit.fluxcd.io/"
FLUX_OPERATOR_RESOURCE_SET: Final = "resourceset.fluxcd.controlplane.io"
FLUX_PRUNE: Final = "kustomize.toolkit.fluxcd.io/prune"
FLUX_REQUESTED_AT: Final = "reconcile.fluxcd.io/requestedAt"
FLUX_SSA: Final = "kustomize.toolkit.fluxcd.io/ssa"
FLUX_SUBSTITUTE: Final = "kustomize.toolkit.fluxcd.io/substitute"

HELM_HOOK: Final = "helm.sh/hook"
HELM_HOOK_DELETE_POLICY: Final = "helm.sh/hook-delete-policy"
HELM_HOOK_WEIGHT: Final = "helm.sh/hook-weight"
HELM_RELEASE_NAME: Final = "meta.helm.sh/release-name"
HELM_RELEASE_NAMESPACE: Final = "meta.helm.sh/release-namespace"
HELM_RESOURCE_POLICY: Final = "helm.sh/resource-policy"

SIMULATED_FAILURE: Final = "sim.nixernetes.dev/fail"  # the reason for which simulated pods fail
STAND_IN: Final = (
    "sim.nixernetes.dev/stand-in"  # on what stands for a controller that runs elsewhere: anybody's to take
)
