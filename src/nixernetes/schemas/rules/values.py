"""The values that a field may have, by the short name of its type."""

from __future__ import annotations

from typing import Final

__all__ = ["ALLOWED", "SELF_TOLD"]

_PROTOCOLS: Final = ("SCTP", "TCP", "UDP")

ALLOWED: Final[dict[tuple[str, str], tuple[str, ...]]] = {
    ("PodSpec", "restartPolicy"): ("Always", "OnFailure", "Never"),
    ("PodSpec", "dnsPolicy"): ("ClusterFirstWithHostNet", "ClusterFirst", "Default", "None"),
    ("Container", "imagePullPolicy"): ("Always", "IfNotPresent", "Never"),
    ("Container", "terminationMessagePolicy"): ("File", "FallbackToLogsOnError"),
    ("ContainerPort", "protocol"): _PROTOCOLS,
    ("ServiceSpec", "type"): ("ClusterIP", "ExternalName", "LoadBalancer", "NodePort"),
    ("ServiceSpec", "sessionAffinity"): ("ClientIP", "None"),
    ("ServicePort", "protocol"): _PROTOCOLS,
    ("NetworkPolicyPort", "protocol"): ("TCP", "UDP", "SCTP"),
    ("StatefulSetPersistentVolumeClaimRetentionPolicy", "whenDeleted"): ("Retain", "Delete"),
    ("StatefulSetPersistentVolumeClaimRetentionPolicy", "whenScaled"): ("Retain", "Delete"),
    ("CronJobSpec", "concurrencyPolicy"): ("Allow", "Forbid", "Replace"),
    ("HPAScalingPolicy", "type"): ("Percent", "Pods"),
    ("HPAScalingRules", "selectPolicy"): ("Disabled", "Max", "Min"),
    ("CustomResourceDefinitionSpec", "scope"): ("Cluster", "Namespaced"),
    ("CustomResourceConversion", "strategy"): ("None", "Webhook"),
}

SELF_TOLD: Final = frozenset(
    (  # types whose rules say all, also of fields that the schema demands
        *("AppArmorProfile", "CSIVolumeSource", "ConfigMapKeySelector", "Container", "ContainerPort"),
        "CrossVersionObjectReference",
        *("ContainerResizePolicy", "DownwardAPIVolumeFile", "EnvVar", "EphemeralContainer", "GRPCAction"),
        *("HTTPGetAction", "HTTPHeader", "HostAlias", "HostPathVolumeSource", "KeyToPath"),
        *("LabelSelectorRequirement", "NFSVolumeSource", "NodeSelector", "NodeSelectorRequirement"),
        *(
            "ObjectFieldSelector",
            "ServicePort",
            "PersistentVolumeClaimVolumeSource",
            "PodAffinityTerm",
            "PodOS",
            "PodReadinessGate",
        ),
        *("PodResourceClaim", "PodSchedulingGate", "PodSpec", "PreferredSchedulingTerm", "ResourceFieldSelector"),
        *("SeccompProfile", "SecretKeySelector", "ServiceAccountTokenProjection", "Sysctl", "TCPSocketAction"),
        *(
            "CustomResourceColumnDefinition",
            "CustomResourceDefinitionNames",
            "CustomResourceSubresourceScale",
            "SelectableField",
        ),
        *("CustomResourceConversion", "ValidationRule", "WebhookConversion"),
        *("MatchCondition", "MutatingWebhook", "RoleRef", "ServiceReference", "Subject", "ValidatingWebhook"),
        *("AggregationRule", "ControllerRevision", "CronJobSpec", "DaemonSetSpec", "Endpoint", "EndpointAddress"),
        *("EndpointPort", "EndpointSlice", "HTTPIngressPath", "IngressServiceBackend", "JobSpec"),
        *("LimitRangeItem", "LocalObjectReference", "MetricIdentifier", "MetricSpec", "MetricTarget"),
        *("PodFailurePolicy", "PodFailurePolicyOnExitCodesRequirement", "PodFailurePolicyOnPodConditionsPattern"),
        *("PodFailurePolicyRule", "PolicyRule", "ResourceMetricSource", "ContainerResourceMetricSource"),
        *("RuntimeClass", "ScopedResourceSelectorRequirement", "StorageClass", "SuccessPolicy"),
        *("IngressClassParametersReference", "LocalVolumeSource", "CSIPersistentVolumeSource"),
        *("PersistentVolumeClaimSpec", "TypedLocalObjectReference", "TypedObjectReference"),
        *("TopologySpreadConstraint", "Volume", "VolumeDevice", "VolumeMount", "WeightedPodAffinityTerm"),
    )
)
