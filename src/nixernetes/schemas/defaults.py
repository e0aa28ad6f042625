"""What an API server fills in where a field of a built-in type is left out.

After Kubernetes 1.34, ``pkg/apis/*/v1/defaults.go``. The defaults hang on types of the schema, so that what holds of a
container holds wherever there is one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, TypeAlias

from nixernetes.objects.api_groups import RBAC
from nixernetes.objects.fields import mapping_at, text_at
from nixernetes.objects.manifest import Json

__all__ = ["COMPUTED", "DEFAULTS", "UNLESS_SET"]

Defaults: TypeAlias = Mapping[str, Json]

_ROLLING: Final[Json] = {"maxSurge": "25%", "maxUnavailable": "25%"}

DEFAULTS: Final[dict[str, Defaults]] = {
    "ConfigMapVolumeSource": {"defaultMode": 420},
    "ContainerPort": {"protocol": "TCP"},
    "CronJobSpec": {
        "concurrencyPolicy": "Allow",
        "suspend": False,
        "successfulJobsHistoryLimit": 3,
        "failedJobsHistoryLimit": 1,
    },
    "CustomResourceDefinitionSpec": {"conversion": {"strategy": "None"}},
    "DaemonSetSpec": {
        "revisionHistoryLimit": 10,
        "updateStrategy": {"type": "RollingUpdate", "rollingUpdate": {"maxSurge": 0, "maxUnavailable": 1}},
    },
    "DeploymentSpec": {
        "replicas": 1,
        "revisionHistoryLimit": 10,
        "progressDeadlineSeconds": 600,
        "strategy": {"type": "RollingUpdate", "rollingUpdate": _ROLLING},
    },
    "DownwardAPIVolumeSource": {"defaultMode": 420},
    "GRPCAction": {"service": ""},
    "HTTPGetAction": {"path": "/", "scheme": "HTTP"},
    "HorizontalPodAutoscalerSpec": {"minReplicas": 1},
    "HostPathVolumeSource": {"type": ""},
    "IngressClassParametersReference": {"scope": "Cluster"},
    "JobSpec": {
        "backoffLimit": 6,
        "completionMode": "NonIndexed",
        "suspend": False,
        "podReplacementPolicy": "TerminatingOrFailed",
    },
    "MutatingWebhook": {
        "matchPolicy": "Equivalent",
        "timeoutSeconds": 10,
        "failurePolicy": "Fail",
        "reinvocationPolicy": "Never",
    },
    "NetworkPolicyPort": {"protocol": "TCP"},
    "ObjectFieldSelector": {"apiVersion": "v1"},
    "PersistentVolumeClaimSpec": {"volumeMode": "Filesystem"},
    "PersistentVolumeSpec": {"persistentVolumeReclaimPolicy": "Retain", "volumeMode": "Filesystem"},
    "PodSpec": {
        "restartPolicy": "Always",
        "dnsPolicy": "ClusterFirst",
        "schedulerName": "default-scheduler",
        "terminationGracePeriodSeconds": 30,
        "enableServiceLinks": True,
    },
    "Probe": {"timeoutSeconds": 1, "periodSeconds": 10, "successThreshold": 1, "failureThreshold": 3},
    "ProjectedVolumeSource": {"defaultMode": 420},
    "ReplicaSetSpec": {"replicas": 1},
    "ReplicationControllerSpec": {"replicas": 1},
    "RoleRef": {"apiGroup": RBAC},
    "Secret": {"type": "Opaque"},
    "SecretVolumeSource": {"defaultMode": 420},
    "ServiceAccountTokenProjection": {"expirationSeconds": 3600},
    "ServicePort": {"protocol": "TCP"},
    "ServiceReference": {"port": 443},
    "ServiceSpec": {"type": "ClusterIP", "sessionAffinity": "None"},
    "StatefulSetSpec": {
        "replicas": 1,
        "podManagementPolicy": "OrderedReady",
        "revisionHistoryLimit": 10,
        "updateStrategy": {"type": "RollingUpdate", "rollingUpdate": {"partition": 0}},
        "persistentVolumeClaimRetentionPolicy": {"whenDeleted": "Retain", "whenScaled": "Retain"},
    },
    "StorageClass": {"reclaimPolicy": "Delete", "volumeBindingMode": "Immediate"},
    "TopologySpreadConstraint": {"nodeAffinityPolicy": "Honor", "nodeTaintsPolicy": "Ignore"},
    "ValidatingAdmissionPolicySpec": {"failurePolicy": "Fail"},
    "ValidatingWebhook": {"matchPolicy": "Equivalent", "timeoutSeconds": 10, "failurePolicy": "Fail"},
}

UNLESS_SET: Final[dict[tuple[str, str], tuple[str, ...]]] = {
    ("DeploymentSpec", "strategy"): ("Recreate",),
    ("StatefulSetSpec", "updateStrategy"): ("OnDelete",),
    ("DaemonSetSpec", "updateStrategy"): ("OnDelete",),
}
"""Defaults below a ``type`` that hold unless it is one of these."""


def _container(value: Json) -> Json:
    """Return the pull policy, which follows from the tag, and requests, which follow from the limits."""
    found: dict[str, Json] = {"terminationMessagePath": "/dev/termination-log", "terminationMessagePolicy": "File"}
    image = text_at(value, "image")
    last = image.rpartition("/")[2]
    if image:
        is_latest = "@" not in image and (":" not in last or last.endswith(":latest"))
        found["imagePullPolicy"] = "Always" if is_latest else "IfNotPresent"
    limits = mapping_at(value, "resources", "limits")
    if limits:
        requests = {**limits, **mapping_at(value, "resources", "requests")}
        found["resources"] = {**mapping_at(value, "resources"), "requests": requests}
    return found


def _service_port(value: Json) -> Json:
    return {"targetPort": value["port"]} if "port" in value else {}


def _job(value: Json) -> Json:
    """Return both counts where neither is given; a given ``parallelism`` alone means a queue."""
    if "completions" not in value and "parallelism" not in value:
        return {"completions": 1, "parallelism": 1}
    return {"parallelism": 1}


def _network_policy(value: Json) -> Json:
    return {"policyTypes": ["Ingress", "Egress"] if value.get("egress") is not None else ["Ingress"]}


def _subject(value: Json) -> Json:
    kind = value.get("kind")
    return {"apiGroup": "" if kind == "ServiceAccount" else RBAC} if kind else {}


COMPUTED: Final[dict[str, Callable[[Json], Json]]] = {
    "Container": _container,
    "JobSpec": _job,
    "NetworkPolicySpec": _network_policy,
    "ServicePort": _service_port,
    "Subject": _subject,
}
