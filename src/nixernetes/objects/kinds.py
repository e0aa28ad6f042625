"""The kinds that more than one room knows by name: of Kubernetes, of Flux and Flux Operator, of Argo CD."""

from __future__ import annotations

from typing import Final

from nixernetes.objects.api_groups import (
    ADMISSIONREGISTRATION,
    APIEXTENSIONS,
    APIREGISTRATION,
    ARGOPROJ,
    CERT_MANAGER,
    DISCOVERY,
    EVENTS,
    EXTERNAL_SECRETS,
    FLUX_HELM,
    FLUX_IMAGE,
    FLUX_KUSTOMIZE,
    FLUX_NOTIFICATION,
    FLUX_OPERATOR,
    FLUX_SOURCE,
    FLUX_SOURCE_EXTENSIONS,
    GATEWAY_API,
    KEDA,
    MONITORING,
    NETWORKING,
    NODE as NODE_GROUP,
    POLICY_REPORTS,
    RBAC,
    SCHEDULING,
    STORAGE,
)
from nixernetes.objects.identity import GroupKind, split_api_version

__all__ = [
    "ALERT",
    "ALERTMANAGER",
    "API_SERVICE",
    "APPLICATION",
    "APPLICATION_SET",
    "APP_PROJECT",
    "ARGOCD_INSTANCE",
    "ARTIFACT_GENERATOR",
    "BUCKET",
    "CERTIFICATE",
    "CLUSTER_ISSUER",
    "CLUSTER_POLICY_REPORT",
    "CLUSTER_ROLE",
    "CLUSTER_ROLE_BINDING",
    "CONFIG_MAP",
    "CRON_JOB",
    "CUSTOM_RESOURCE_DEFINITION",
    "DAEMON_SET",
    "DEPLOYMENT",
    "ENDPOINT_SLICE",
    "EVENT",
    "EVENT_OF_EVENTS",
    "EXTERNAL_ARTIFACT",
    "EXTERNAL_SECRET",
    "FLUX_INSTANCE",
    "GATEWAY",
    "GATEWAY_CLASS",
    "GIT_REPOSITORY",
    "HELM_CHART",
    "HELM_RELEASE",
    "HELM_REPOSITORY",
    "HORIZONTAL_POD_AUTOSCALER",
    "IMAGE_POLICY",
    "IMAGE_REPOSITORY",
    "IMAGE_UPDATE_AUTOMATION",
    "INGRESS",
    "INGRESS_CLASS",
    "INPUT_PROVIDER",
    "ISSUER",
    "JOB",
    "KUSTOMIZATION",
    "LIMIT_RANGE",
    "MUTATING_ADMISSION_POLICY",
    "NAMESPACE",
    "NETWORK_POLICY",
    "NODE",
    "OCI_REPOSITORY",
    "PERSISTENT_VOLUME",
    "PERSISTENT_VOLUME_CLAIM",
    "POD",
    "POD_DISRUPTION_BUDGET",
    "POD_MONITOR",
    "POLICY_REPORT",
    "PRIORITY_CLASS",
    "PROMETHEUS",
    "PROVIDER",
    "RECEIVER",
    "REPLICATION_CONTROLLER",
    "REPLICA_SET",
    "RESOURCE_QUOTA",
    "RESOURCE_SET",
    "ROLE",
    "ROLE_BINDING",
    "ROLLOUT",
    "RUNTIME_CLASS",
    "SCALED_JOB",
    "SCALED_OBJECT",
    "SECRET",
    "SECRET_PROVIDER_CLASS",
    "SERVICE",
    "SERVICE_ACCOUNT",
    "SERVICE_MONITOR",
    "STATEFUL_SET",
    "STORAGE_CLASS",
    "VALIDATING_ADMISSION_POLICY",
    "VALIDATING_ADMISSION_POLICY_BINDING",
    "VERTICAL_POD_AUTOSCALER",
]

CONFIG_MAP: Final = GroupKind("", "ConfigMap")
NAMESPACE: Final = GroupKind("", "Namespace")
PERSISTENT_VOLUME: Final = GroupKind("", "PersistentVolume")
PERSISTENT_VOLUME_CLAIM: Final = GroupKind("", "PersistentVolumeClaim")
POD: Final = GroupKind("", "Pod")
SECRET: Final = GroupKind("", "Secret")
SERVICE: Final = GroupKind("", "Service")
DAEMON_SET: Final = GroupKind("apps", "DaemonSet")
EVENT: Final = GroupKind("", "Event")
EVENT_OF_EVENTS: Final = GroupKind(EVENTS, "Event")
DEPLOYMENT: Final = GroupKind("apps", "Deployment")
REPLICA_SET: Final = GroupKind("apps", "ReplicaSet")
STATEFUL_SET: Final = GroupKind("apps", "StatefulSet")
JOB: Final = GroupKind("batch", "Job")
CUSTOM_RESOURCE_DEFINITION: Final = GroupKind(APIEXTENSIONS, "CustomResourceDefinition")

CRON_JOB: Final = GroupKind("batch", "CronJob")
ROLE: Final = GroupKind(RBAC, "Role")
CLUSTER_ROLE: Final = GroupKind(RBAC, "ClusterRole")
ROLE_BINDING: Final = GroupKind(RBAC, "RoleBinding")
CLUSTER_ROLE_BINDING: Final = GroupKind(RBAC, "ClusterRoleBinding")
POD_DISRUPTION_BUDGET: Final = GroupKind("policy", "PodDisruptionBudget")
HORIZONTAL_POD_AUTOSCALER: Final = GroupKind("autoscaling", "HorizontalPodAutoscaler")
NETWORK_POLICY: Final = GroupKind(NETWORKING, "NetworkPolicy")
INGRESS: Final = GroupKind(NETWORKING, "Ingress")
INGRESS_CLASS: Final = GroupKind(NETWORKING, "IngressClass")
VERTICAL_POD_AUTOSCALER: Final = GroupKind("autoscaling.k8s.io", "VerticalPodAutoscaler")
RUNTIME_CLASS: Final = GroupKind(NODE_GROUP, "RuntimeClass")
SERVICE_ACCOUNT: Final = GroupKind("", "ServiceAccount")
POLICY_REPORT: Final = GroupKind(split_api_version(POLICY_REPORTS)[0], "PolicyReport")
CLUSTER_POLICY_REPORT: Final = GroupKind(split_api_version(POLICY_REPORTS)[0], "ClusterPolicyReport")
PRIORITY_CLASS: Final = GroupKind(SCHEDULING, "PriorityClass")
STORAGE_CLASS: Final = GroupKind(STORAGE, "StorageClass")
LIMIT_RANGE: Final = GroupKind("", "LimitRange")
REPLICATION_CONTROLLER: Final = GroupKind("", "ReplicationController")
RESOURCE_QUOTA: Final = GroupKind("", "ResourceQuota")
GATEWAY: Final = GroupKind(GATEWAY_API, "Gateway")
GATEWAY_CLASS: Final = GroupKind(GATEWAY_API, "GatewayClass")
EXTERNAL_SECRET: Final = GroupKind(EXTERNAL_SECRETS, "ExternalSecret")
CLUSTER_ISSUER: Final = GroupKind(CERT_MANAGER, "ClusterIssuer")
ISSUER: Final = GroupKind(CERT_MANAGER, "Issuer")
MUTATING_ADMISSION_POLICY: Final = GroupKind(ADMISSIONREGISTRATION, "MutatingAdmissionPolicy")
CERTIFICATE: Final = GroupKind(CERT_MANAGER, "Certificate")
SCALED_JOB: Final = GroupKind(KEDA, "ScaledJob")
SCALED_OBJECT: Final = GroupKind(KEDA, "ScaledObject")
ROLLOUT: Final = GroupKind(ARGOPROJ, "Rollout")

HELM_RELEASE: Final = GroupKind(FLUX_HELM, "HelmRelease")
IMAGE_POLICY: Final = GroupKind(FLUX_IMAGE, "ImagePolicy")
IMAGE_REPOSITORY: Final = GroupKind(FLUX_IMAGE, "ImageRepository")
IMAGE_UPDATE_AUTOMATION: Final = GroupKind(FLUX_IMAGE, "ImageUpdateAutomation")
KUSTOMIZATION: Final = GroupKind(FLUX_KUSTOMIZE, "Kustomization")
ALERT: Final = GroupKind(FLUX_NOTIFICATION, "Alert")
PROVIDER: Final = GroupKind(FLUX_NOTIFICATION, "Provider")
RECEIVER: Final = GroupKind(FLUX_NOTIFICATION, "Receiver")
INPUT_PROVIDER: Final = GroupKind(FLUX_OPERATOR, "ResourceSetInputProvider")
RESOURCE_SET: Final = GroupKind(FLUX_OPERATOR, "ResourceSet")
BUCKET: Final = GroupKind(FLUX_SOURCE, "Bucket")
EXTERNAL_ARTIFACT: Final = GroupKind(FLUX_SOURCE, "ExternalArtifact")
GIT_REPOSITORY: Final = GroupKind(FLUX_SOURCE, "GitRepository")
HELM_CHART: Final = GroupKind(FLUX_SOURCE, "HelmChart")
HELM_REPOSITORY: Final = GroupKind(FLUX_SOURCE, "HelmRepository")
OCI_REPOSITORY: Final = GroupKind(FLUX_SOURCE, "OCIRepository")
ARTIFACT_GENERATOR: Final = GroupKind(FLUX_SOURCE_EXTENSIONS, "ArtifactGenerator")

APPLICATION: Final = GroupKind(ARGOPROJ, "Application")
APPLICATION_SET: Final = GroupKind(ARGOPROJ, "ApplicationSet")
APP_PROJECT: Final = GroupKind(ARGOPROJ, "AppProject")
ARGOCD_INSTANCE: Final = GroupKind(ARGOPROJ, "ArgoCD")
PROMETHEUS: Final = GroupKind(MONITORING, "Prometheus")
ALERTMANAGER: Final = GroupKind(MONITORING, "Alertmanager")
SERVICE_MONITOR: Final = GroupKind(MONITORING, "ServiceMonitor")
POD_MONITOR: Final = GroupKind(MONITORING, "PodMonitor")
SECRET_PROVIDER_CLASS: Final = GroupKind("secrets-store.csi.x-k8s.io", "SecretProviderClass")
API_SERVICE: Final = GroupKind(APIREGISTRATION, "APIService")
FLUX_INSTANCE: Final = GroupKind(FLUX_OPERATOR, "FluxInstance")
VALIDATING_ADMISSION_POLICY: Final = GroupKind(ADMISSIONREGISTRATION, "ValidatingAdmissionPolicy")
VALIDATING_ADMISSION_POLICY_BINDING: Final = GroupKind(ADMISSIONREGISTRATION, "ValidatingAdmissionPolicyBinding")
ENDPOINT_SLICE: Final = GroupKind(DISCOVERY, "EndpointSlice")
NODE: Final = GroupKind("", "Node")
