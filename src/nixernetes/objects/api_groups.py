"""The API groups that more than one room knows by name, and the versions in which this program writes their objects.

Here stand names alone. What the kinds of Flux and Argo CD mean is told in `gitops` and above it.
"""

from __future__ import annotations

from typing import Final

__all__ = [
    "ADMISSIONREGISTRATION",
    "APIEXTENSIONS",
    "APIEXTENSIONS_V1",
    "APIREGISTRATION",
    "ARGOPROJ",
    "ARGOPROJ_V1ALPHA1",
    "AUTHENTICATION",
    "AUTHORIZATION",
    "CERTIFICATES",
    "CERT_MANAGER",
    "CILIUM",
    "COORDINATION",
    "DISCOVERY",
    "EVENTS",
    "EXTERNAL_SECRETS",
    "FLOWCONTROL",
    "FLUX_DOMAIN",
    "FLUX_HELM",
    "FLUX_HELM_V2",
    "FLUX_IMAGE",
    "FLUX_KUSTOMIZE",
    "FLUX_KUSTOMIZE_V1",
    "FLUX_NOTIFICATION",
    "FLUX_OPERATOR",
    "FLUX_SOURCE",
    "FLUX_SOURCE_EXTENSIONS",
    "FLUX_SOURCE_V1",
    "FLUX_TOOLKIT",
    "GATEWAY_API",
    "ISTIO_SECURITY",
    "KEDA",
    "KUSTOMIZE_CONFIG",
    "KUSTOMIZE_CONFIG_V1BETA1",
    "KYVERNO",
    "KYVERNO_POLICIES",
    "KYVERNO_POLICIES_V1",
    "KYVERNO_V1",
    "KYVERNO_V2",
    "META",
    "MONITORING",
    "NETWORKING",
    "NETWORKING_V1",
    "NODE",
    "POLICY_REPORTS",
    "RBAC",
    "RESOURCE",
    "SCHEDULING",
    "SNAPSHOT_STORAGE",
    "STORAGE",
    "TRUST_MANAGER",
]

ADMISSIONREGISTRATION: Final = "admissionregistration.k8s.io"
APIEXTENSIONS: Final = "apiextensions.k8s.io"
APIEXTENSIONS_V1: Final = "apiextensions.k8s.io/v1"
APIREGISTRATION: Final = "apiregistration.k8s.io"
AUTHENTICATION: Final = "authentication.k8s.io"
AUTHORIZATION: Final = "authorization.k8s.io"
CERTIFICATES: Final = "certificates.k8s.io"
COORDINATION: Final = "coordination.k8s.io"
DISCOVERY: Final = "discovery.k8s.io"
EVENTS: Final = "events.k8s.io"
FLOWCONTROL: Final = "flowcontrol.apiserver.k8s.io"
NODE: Final = "node.k8s.io"
META: Final = "meta.k8s.io"
NETWORKING: Final = "networking.k8s.io"
NETWORKING_V1: Final = "networking.k8s.io/v1"
POLICY_REPORTS: Final = "wgpolicyk8s.io/v1alpha2"
RBAC: Final = "rbac.authorization.k8s.io"
RESOURCE: Final = "resource.k8s.io"
SCHEDULING: Final = "scheduling.k8s.io"
SNAPSHOT_STORAGE: Final = "snapshot.storage.k8s.io"
STORAGE: Final = "storage.k8s.io"

ARGOPROJ: Final = "argoproj.io"
ARGOPROJ_V1ALPHA1: Final = "argoproj.io/v1alpha1"

FLUX_DOMAIN: Final = "fluxcd.io"  # the groups of Flux and of its extensions end so
FLUX_TOOLKIT: Final = "toolkit.fluxcd.io"  # the groups of Flux's controllers end so
FLUX_SOURCE: Final = "source.toolkit.fluxcd.io"
FLUX_SOURCE_V1: Final = "source.toolkit.fluxcd.io/v1"
FLUX_SOURCE_EXTENSIONS: Final = "source.extensions.fluxcd.io"
FLUX_KUSTOMIZE: Final = "kustomize.toolkit.fluxcd.io"
FLUX_KUSTOMIZE_V1: Final = "kustomize.toolkit.fluxcd.io/v1"
FLUX_HELM: Final = "helm.toolkit.fluxcd.io"
FLUX_HELM_V2: Final = "helm.toolkit.fluxcd.io/v2"
FLUX_NOTIFICATION: Final = "notification.toolkit.fluxcd.io"
FLUX_IMAGE: Final = "image.toolkit.fluxcd.io"
FLUX_OPERATOR: Final = "fluxcd.controlplane.io"

KUSTOMIZE_CONFIG: Final = "kustomize.config.k8s.io"
KUSTOMIZE_CONFIG_V1BETA1: Final = "kustomize.config.k8s.io/v1beta1"
CERT_MANAGER: Final = "cert-manager.io"
KYVERNO: Final = "kyverno.io"
KYVERNO_V1: Final = "kyverno.io/v1"
KYVERNO_V2: Final = "kyverno.io/v2"
KYVERNO_POLICIES: Final = "policies.kyverno.io"
KYVERNO_POLICIES_V1: Final = "policies.kyverno.io/v1"
EXTERNAL_SECRETS: Final = "external-secrets.io"
GATEWAY_API: Final = "gateway.networking.k8s.io"
KEDA: Final = "keda.sh"
MONITORING: Final = "monitoring.coreos.com"
CILIUM: Final = "cilium.io"
ISTIO_SECURITY: Final = "security.istio.io"
TRAEFIK: Final = "traefik.io"
TRUST_MANAGER: Final = "trust.cert-manager.io"
