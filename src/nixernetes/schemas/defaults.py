"""What an API server fills in where a field of a built-in type is left out.

After Kubernetes 1.34, ``pkg/apis/*/v1/defaults.go``. The defaults hang on types of the schema, so that what holds of a
container holds wherever there is one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Final, TypeAlias

from nixernetes.objects.api_groups import RBAC
from nixernetes.objects.fields import items_at, mapping_at, number_at, objects_at, text_at
from nixernetes.objects.manifest import Json

__all__ = ["COMPUTED", "DEFAULTS", "holds"]

Defaults: TypeAlias = Mapping[str, Json]

_IMAGE: Final = re.compile(
    r"(?:(?:[a-zA-Z0-9-]+\.)*[a-zA-Z0-9-]+(?::[0-9]+)?/)?[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*"
    r"(?:/[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*)*"
)
_LONGEST_IMAGE: Final = 255
_ROLLING: Final[Json] = {"maxSurge": "25%", "maxUnavailable": "25%"}

_LOG: Final[Defaults] = {"terminationMessagePath": "/dev/termination-log", "terminationMessagePolicy": "File"}
_MATCHED: Final[Defaults] = {"matchPolicy": "Equivalent", "namespaceSelector": {}, "objectSelector": {}}
_WEBHOOK: Final[Defaults] = {**_MATCHED, "timeoutSeconds": 10, "failurePolicy": "Fail"}

DEFAULTS: Final[dict[str, Defaults]] = {
    "AzureDiskVolumeSource": {"cachingMode": "ReadWrite", "fsType": "ext4", "readOnly": False, "kind": "Shared"},
    "CSIDriverSpec": {
        "attachRequired": True,
        "fsGroupPolicy": "ReadWriteOnceWithFSType",
        "podInfoOnMount": False,
        "requiresRepublish": False,
        "seLinuxMount": False,
        "storageCapacity": False,
        "volumeLifecycleModes": ["Persistent"],
    },
    "ConfigMapVolumeSource": {"defaultMode": 420},
    "Container": _LOG,
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
    "EndpointPort": {"protocol": "TCP"},
    "EphemeralContainer": _LOG,
    "GRPCAction": {"service": ""},
    "HPAScalingRules": {"selectPolicy": "Max"},
    "HTTPGetAction": {"path": "/", "scheme": "HTTP"},
    "HorizontalPodAutoscalerSpec": {"minReplicas": 1},
    "HostPathVolumeSource": {"type": ""},
    "ISCSIPersistentVolumeSource": {"iscsiInterface": "default"},
    "ISCSIVolumeSource": {"iscsiInterface": "default"},
    "IngressClassParametersReference": {"scope": "Cluster"},
    "MatchResources": _MATCHED,
    "MutatingWebhook": {**_WEBHOOK, "reinvocationPolicy": "Never"},
    "NamedRuleWithOperations": {"scope": "*"},
    "NetworkPolicyPort": {"protocol": "TCP"},
    "ObjectFieldSelector": {"apiVersion": "v1"},
    "PersistentVolumeClaimSpec": {"volumeMode": "Filesystem"},
    "PersistentVolumeSpec": {"persistentVolumeReclaimPolicy": "Retain", "volumeMode": "Filesystem"},
    "Pod": {"spec": {"enableServiceLinks": True}},
    "PodFailurePolicyOnPodConditionsPattern": {"status": "True"},
    "PodSpec": {
        "restartPolicy": "Always",
        "dnsPolicy": "ClusterFirst",
        "schedulerName": "default-scheduler",
        "securityContext": {},
        "terminationGracePeriodSeconds": 30,
    },
    "PriorityClass": {"preemptionPolicy": "PreemptLowerPriority"},
    "Probe": {"timeoutSeconds": 1, "periodSeconds": 10, "successThreshold": 1, "failureThreshold": 3},
    "ProjectedVolumeSource": {"defaultMode": 420},
    "RBDPersistentVolumeSource": {"pool": "rbd", "user": "admin", "keyring": "/etc/ceph/keyring"},
    "RBDVolumeSource": {"pool": "rbd", "user": "admin", "keyring": "/etc/ceph/keyring"},
    "ReplicaSetSpec": {"replicas": 1},
    "ReplicationControllerSpec": {"replicas": 1},
    "RoleRef": {"apiGroup": RBAC},
    "RuleWithOperations": {"scope": "*"},
    "ScaleIOPersistentVolumeSource": {"storageMode": "ThinProvisioned", "fsType": "xfs"},
    "ScaleIOVolumeSource": {"storageMode": "ThinProvisioned", "fsType": "xfs"},
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
        "persistentVolumeClaimRetentionPolicy": {"whenDeleted": "Retain", "whenScaled": "Retain"},
    },
    "StorageClass": {"reclaimPolicy": "Delete", "volumeBindingMode": "Immediate"},
    "ValidatingAdmissionPolicySpec": {"failurePolicy": "Fail"},
    "ValidatingWebhook": _WEBHOOK,
}


def holds(default: Json, given: Json) -> bool:
    """Tell whether defaults below a ``type`` hold for what is given: only where that is of the same type."""
    return "type" not in default or given.get("type") in (None, "", default["type"])


def _container(value: Json) -> Json:
    """Return the pull policy, which follows from the tag."""
    image = text_at(value, "image")
    if not image or text_at(value, "imagePullPolicy"):
        return {}
    name, _, digest = image.partition("@")
    path, _, last = name.rpartition("/")
    base, _, tag = last.partition(":")
    whole = f"{path}/{base}" if path else base
    is_named = _IMAGE.fullmatch(whole) is not None and len(whole) <= _LONGEST_IMAGE
    is_latest = is_named and (tag == "latest" or not (tag or digest))  # of no image there is no tag
    return {"imagePullPolicy": "Always" if is_latest else "IfNotPresent"}


def _pod(value: Json) -> Json:
    """Return the spec of a pod whose containers ask for what they are limited to, with the ports of its host."""
    spec = mapping_at(value, "spec")
    on_host = spec.get("hostNetwork") is True
    changed: dict[str, Json] = {
        part: new
        for part in ("containers", "initContainers")
        if (new := [_in_pod(each, on_host) for each in items_at(spec, part)]) != items_at(spec, part)
    }
    if number_at(spec, "terminationGracePeriodSeconds") < 0:
        changed["terminationGracePeriodSeconds"] = 1
    return {"spec": {**spec, **changed}} if changed else {}


def _in_pod(container: Json, on_host: bool) -> Json:
    limits, requests = mapping_at(container, "resources", "limits"), mapping_at(container, "resources", "requests")
    missing = {name: amount for name, amount in limits.items() if name not in requests}
    if missing:
        resources = {**mapping_at(container, "resources"), "requests": {**requests, **missing}}
        container = {**container, "resources": resources}
    if on_host and "ports" in container:
        ports = [{"hostPort": port.get("containerPort"), **port} for port in objects_at(container, "ports")]
        container = {**container, "ports": ports}
    return container


def _volume(value: Json) -> Json:
    return {} if any(name != "name" for name in value) else {"emptyDir": {}}


def _service(value: Json) -> Json:
    """Return what follows from the type of a Service."""
    kind = text_at(value, "type")
    found: dict[str, Json] = {}
    is_external = kind in ("NodePort", "LoadBalancer") or (kind == "ClusterIP" and bool(value.get("externalIPs")))
    if kind in ("ClusterIP", "NodePort", "LoadBalancer"):
        found["internalTrafficPolicy"] = "Cluster"
    if is_external:
        found["externalTrafficPolicy"] = "Cluster"
    if kind == "LoadBalancer":
        found["allocateLoadBalancerNodePorts"] = True
    if text_at(value, "sessionAffinity") == "ClientIP":
        found["sessionAffinityConfig"] = {"clientIP": {"timeoutSeconds": 10800}}
    return _missing(value, found)


def _missing(value: Json, found: Json) -> Json:
    return {name: item for name, item in found.items() if value.get(name) in (None, "")}


def _service_port(value: Json) -> Json:
    return {"targetPort": value["port"]} if "port" in value and value.get("targetPort") in (None, 0, "") else {}


def _job(value: Json) -> Json:
    """Return the spec of a Job; both counts are one where neither is given, a given parallelism alone means a queue."""
    spec = mapping_at(value, "spec")
    by_index = spec.get("backoffLimitPerIndex") is not None
    found = {
        "parallelism": 1,
        "backoffLimit": 2_147_483_647 if by_index else 6,
        "completionMode": "NonIndexed",
        "suspend": False,
        "manualSelector": False,
        "podReplacementPolicy": "Failed" if "podFailurePolicy" in spec else "TerminatingOrFailed",
    }
    if spec.get("completions") is None and spec.get("parallelism") is None:
        found["completions"] = 1
    changed: Json = {"spec": {**spec, **_missing(spec, found)}}
    labels = mapping_at(spec, "template", "metadata", "labels")
    meta = mapping_at(value, "metadata")
    if labels and not mapping_at(meta, "labels"):
        changed["metadata"] = {**meta, "labels": labels}
    return changed


def _device(value: Json) -> Json:
    """Return how many devices a request wants: one, where it does not say so."""
    mode = text_at(value, "allocationMode") or "ExactCount"
    count = {"count": 1} if mode == "ExactCount" and not number_at(value, "count") else {}
    return {**_missing(value, {"allocationMode": mode}), **count}


def _flow(value: Json) -> Json:
    return {} if number_at(value, "matchingPrecedence") else {"matchingPrecedence": 1000}


def _level(value: Json) -> Json:
    return _missing(value, {"nominalConcurrencyShares": 30, "lendablePercent": 0})


def _network_policy(value: Json) -> Json:
    return _missing(value, {"policyTypes": ["Ingress", "Egress"] if value.get("egress") else ["Ingress"]})


def _subject(value: Json) -> Json:
    kind = value.get("kind")
    if not kind or "name" not in value or kind == "ServiceAccount":  # those of flow control have no name
        return {}
    return _missing(value, {"apiGroup": RBAC})


def _autoscaler(value: Json) -> Json:
    if value.get("metrics") or "maxReplicas" not in value or "targetCPUUtilizationPercentage" in value:
        return {}
    target = {"type": "Utilization", "averageUtilization": 80}
    return {"metrics": [{"type": "Resource", "resource": {"name": "cpu", "target": target}}]}


def _behavior(value: Json) -> Json:
    """Return both rules of a behavior that is stated (``GenerateHPAScaleUpRules``, ``GenerateHPAScaleDownRules``)."""
    up = {"stabilizationWindowSeconds": 0, "selectPolicy": "Max", "policies": _SCALE_UP}
    down = {"selectPolicy": "Max", "policies": _SCALE_DOWN}
    return {"scaleUp": {**up, **mapping_at(value, "scaleUp")}, "scaleDown": {**down, **mapping_at(value, "scaleDown")}}


_SCALE_UP: Final[Json] = [
    {"type": "Pods", "value": 4, "periodSeconds": 15},
    {"type": "Percent", "value": 100, "periodSeconds": 15},
]
_SCALE_DOWN: Final[Json] = [{"type": "Percent", "value": 100, "periodSeconds": 15}]


def _crd_names(value: Json) -> Json:
    kind = text_at(value, "kind")
    return _missing(value, {"singular": kind.lower(), "listKind": f"{kind}List"}) if kind and "plural" in value else {}


def _limit_range_item(value: Json) -> Json:
    """Return the limits of containers that follow from the most and the least that they may have."""
    if text_at(value, "type") != "Container":
        return {}
    limits = {**mapping_at(value, "max"), **mapping_at(value, "default")}
    requests = {**mapping_at(value, "min"), **limits, **mapping_at(value, "defaultRequest")}
    found = {"default": limits, "defaultRequest": requests}
    return {name: amounts for name, amounts in found.items() if amounts}


def _stateful_set(value: Json) -> Json:
    """Return templates of claims that say what they are and how they begin, as their conversion has it."""
    found: Json = {}
    strategy = mapping_at(value, "updateStrategy")
    if not text_at(strategy, "type"):
        rolling = {"partition": 0, **mapping_at(strategy, "rollingUpdate")}
        found["updateStrategy"] = {**strategy, "type": "RollingUpdate", "rollingUpdate": rolling}
    templates = objects_at(value, "volumeClaimTemplates")
    if not templates:
        return found
    kind = {"kind": "PersistentVolumeClaim", "apiVersion": "v1"}
    status = {"phase": "Pending"}
    whole = [{**kind, **each, "status": {**status, **mapping_at(each, "status")}} for each in templates]
    return {**found, "volumeClaimTemplates": whole}


def _load_balancer_ingress(value: Json) -> Json:
    return {"ipMode": "VIP"} if value.get("ip") and not value.get("ipMode") else {}


def _slice(value: Json) -> Json:
    ports = [{"name": "", "protocol": "TCP", **port} for port in objects_at(value, "ports")]
    return {"ports": ports} if ports else {}


COMPUTED: Final[dict[str, Callable[[Json], Json]]] = {
    "Container": _container,
    "CustomResourceDefinitionNames": _crd_names,
    "EndpointSlice": _slice,
    "EphemeralContainer": _container,
    "HorizontalPodAutoscalerBehavior": _behavior,
    "HorizontalPodAutoscalerSpec": _autoscaler,
    "Job": _job,
    "LoadBalancerIngress": _load_balancer_ingress,
    "LimitRangeItem": _limit_range_item,
    "NetworkPolicySpec": _network_policy,
    "Pod": _pod,
    "ServicePort": _service_port,
    "ServiceSpec": _service,
    "DeviceSubRequest": _device,
    "ExactDeviceRequest": _device,
    "FlowSchemaSpec": _flow,
    "LimitedPriorityLevelConfiguration": _level,
    "StatefulSetSpec": _stateful_set,
    "Subject": _subject,
    "Volume": _volume,
}
"""What is filled in depending on the rest of a value: functions that return what changes, and nothing else."""
