"""What Kustomize knows of the kinds of Kubernetes: which lists merge by which keys, and which kinds there are.

Kustomize compiles Kubernetes 1.21 in, so newer kinds (an HorizontalPodAutoscaler v2, a ValidatingAdmissionPolicy) count
as unknown: their lists are replaced. The tables here hold the facts of that version, not of the newest one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Final

from nixernetes.objects.api_groups import ADMISSIONREGISTRATION, APIREGISTRATION, STORAGE

__all__ = ["CLUSTER_KINDS", "KINDS", "NAMED_SHAPES", "Shape", "built_in", "keyed", "shaped"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """One place in a schema, as far as merging goes.

    Attributes:
        fields: the known fields of an object.
        values: the shape of a map's values.
        items: the shape of a list's items.
        merge_keys: the keys by which a merging list pairs its items (empty: by value, or a key found in the items);
            None for a list that is replaced.

    """

    fields: Mapping[str, Shape] = field(default_factory=dict)
    values: Shape | None = None
    items: Shape | None = None
    merge_keys: tuple[str, ...] | None = None

    def field(self, name: str) -> Shape | None:
        """Return the shape of a field, or None."""
        return self.fields.get(name) or self.values


def keyed(*keys: str, items: Shape | None = None) -> Shape:
    """Return the shape of a list that merges by keys."""
    return Shape(items=items, merge_keys=keys)


def shaped(**fields: Shape) -> Shape:
    """Return the shape of an object with some fields."""
    return Shape(fields=fields)


_META = shaped(finalizers=keyed(), ownerReferences=keyed("uid"))
_PLAIN = shaped(metadata=_META)
_CONTAINER = shaped(
    env=keyed("name"),
    ports=keyed("containerPort", "protocol"),
    volumeDevices=keyed("devicePath"),
    volumeMounts=keyed("mountPath"),
)
_EPHEMERAL = shaped(env=keyed("name"), volumeDevices=keyed("devicePath"), volumeMounts=keyed("mountPath"))
_CONDITIONS = shaped(conditions=keyed("type"))
_CLAIM = shaped(metadata=_META, status=_CONDITIONS)
_POD_SPEC = shaped(
    containers=keyed("name", items=_CONTAINER),
    ephemeralContainers=keyed("name", items=_EPHEMERAL),
    hostAliases=keyed("ip"),
    imagePullSecrets=keyed("name"),
    initContainers=keyed("name", items=_CONTAINER),
    topologySpreadConstraints=keyed("topologyKey", "whenUnsatisfiable"),
    volumes=keyed("name", items=shaped(ephemeral=shaped(volumeClaimTemplate=_PLAIN))),
)
_TEMPLATE = shaped(metadata=_META, spec=_POD_SPEC)
_WORKLOAD = shaped(metadata=_META, spec=shaped(template=_TEMPLATE), status=_CONDITIONS)
_JOB_SPEC = shaped(template=_TEMPLATE)
_WEBHOOKS = shaped(metadata=_META, webhooks=keyed("name"))
_DRIVERS = shaped(metadata=_META, spec=shaped(drivers=keyed("name")))
_CRON_JOB = shaped(metadata=_META, spec=shaped(jobTemplate=shaped(metadata=_META, spec=_JOB_SPEC)), status=_CONDITIONS)

# Shapes that say more than "it has metadata", by group and kind.
_SHAPES: dict[tuple[str, str], Shape] = {
    ("", "ComponentStatus"): shaped(metadata=_META, conditions=keyed("type")),
    ("", "Namespace"): shaped(metadata=_META, status=_CONDITIONS),
    ("", "Node"): shaped(
        metadata=_META,
        spec=shaped(podCIDRs=keyed()),
        status=shaped(addresses=keyed("type"), conditions=keyed("type")),
    ),
    ("", "PersistentVolumeClaim"): _CLAIM,
    ("", "Pod"): shaped(metadata=_META, spec=_POD_SPEC, status=shaped(conditions=keyed("type"), podIPs=keyed("ip"))),
    ("", "PodTemplate"): shaped(metadata=_META, template=_TEMPLATE),
    ("", "ReplicationController"): _WORKLOAD,
    ("", "Service"): shaped(
        metadata=_META, spec=shaped(ports=keyed("port", "protocol")), status=shaped(conditions=keyed("type"))
    ),
    ("", "ServiceAccount"): shaped(metadata=_META, secrets=keyed("name")),
    (ADMISSIONREGISTRATION, "MutatingWebhookConfiguration"): _WEBHOOKS,
    (ADMISSIONREGISTRATION, "ValidatingWebhookConfiguration"): _WEBHOOKS,
    (APIREGISTRATION, "APIService"): shaped(metadata=_META, status=_CONDITIONS),
    ("apps", "DaemonSet"): _WORKLOAD,
    ("apps", "Deployment"): _WORKLOAD,
    ("apps", "ReplicaSet"): _WORKLOAD,
    ("apps", "StatefulSet"): shaped(
        metadata=_META, spec=shaped(template=_TEMPLATE, volumeClaimTemplates=Shape(items=_CLAIM)), status=_CONDITIONS
    ),
    ("batch", "CronJob"): _CRON_JOB,
    ("batch", "Job"): shaped(metadata=_META, spec=_JOB_SPEC, status=_CONDITIONS),
    ("policy", "PodDisruptionBudget"): shaped(metadata=_META, status=_CONDITIONS),
    (STORAGE, "CSINode"): _DRIVERS,
}
# The definitions that a custom schema may refer to, where both are read.
NAMED_SHAPES: Final[dict[str, Shape]] = {
    "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta": _META,
    **{
        f"io.k8s.api.{name}": shape
        for name, shape in {
            "core.v1.Container": _CONTAINER,
            "core.v1.EphemeralContainer": _EPHEMERAL,
            "core.v1.PodSpec": _POD_SPEC,
            "core.v1.PodTemplateSpec": _TEMPLATE,
            "core.v1.PersistentVolumeClaim": _CLAIM,
            "core.v1.PersistentVolumeClaimTemplate": _PLAIN,
            "core.v1.ServiceSpec": shaped(ports=keyed("port", "protocol")),
            "apps.v1.DaemonSetSpec": shaped(template=_TEMPLATE),
            "apps.v1.DeploymentSpec": shaped(template=_TEMPLATE),
            "apps.v1.ReplicaSetSpec": shaped(template=_TEMPLATE),
            "apps.v1.StatefulSetSpec": shaped(template=_TEMPLATE, volumeClaimTemplates=Shape(items=_CLAIM)),
            "batch.v1.JobSpec": _JOB_SPEC,
            "batch.v1.JobTemplateSpec": shaped(metadata=_META, spec=_JOB_SPEC),
        }.items()
    },
}

_NAMESPACED = """
v1: Binding ConfigMap Endpoints Event LimitRange PersistentVolumeClaim Pod PodTemplate ReplicationController
v1: ResourceQuota Secret Service ServiceAccount
apps/v1: ControllerRevision DaemonSet Deployment ReplicaSet StatefulSet
authorization.k8s.io/v1: LocalSubjectAccessReview
authorization.k8s.io/v1beta1: LocalSubjectAccessReview
autoscaling/v1: HorizontalPodAutoscaler Scale
autoscaling/v2beta1: HorizontalPodAutoscaler
autoscaling/v2beta2: HorizontalPodAutoscaler
batch/v1: CronJob Job
batch/v1beta1: CronJob
coordination.k8s.io/v1: Lease
coordination.k8s.io/v1beta1: Lease
discovery.k8s.io/v1: EndpointSlice
discovery.k8s.io/v1beta1: EndpointSlice
events.k8s.io/v1: Event
events.k8s.io/v1beta1: Event
extensions/v1beta1: Ingress
networking.k8s.io/v1: Ingress NetworkPolicy
networking.k8s.io/v1beta1: Ingress
policy/v1: PodDisruptionBudget
policy/v1beta1: Eviction PodDisruptionBudget
rbac.authorization.k8s.io/v1: Role RoleBinding
rbac.authorization.k8s.io/v1beta1: Role RoleBinding
storage.k8s.io/v1beta1: CSIStorageCapacity
"""
_CLUSTER = """
v1: ComponentStatus Namespace Node PersistentVolume
admissionregistration.k8s.io/v1: MutatingWebhookConfiguration ValidatingWebhookConfiguration
admissionregistration.k8s.io/v1beta1: MutatingWebhookConfiguration ValidatingWebhookConfiguration
apiextensions.k8s.io/v1: CustomResourceDefinition
apiextensions.k8s.io/v1beta1: CustomResourceDefinition
apiregistration.k8s.io/v1: APIService
apiregistration.k8s.io/v1beta1: APIService
certificates.k8s.io/v1: CertificateSigningRequest
certificates.k8s.io/v1beta1: CertificateSigningRequest
flowcontrol.apiserver.k8s.io/v1beta1: FlowSchema PriorityLevelConfiguration
networking.k8s.io/v1: IngressClass
networking.k8s.io/v1beta1: IngressClass
node.k8s.io/v1: RuntimeClass
node.k8s.io/v1beta1: RuntimeClass
policy/v1beta1: PodSecurityPolicy
rbac.authorization.k8s.io/v1: ClusterRole ClusterRoleBinding
rbac.authorization.k8s.io/v1beta1: ClusterRole ClusterRoleBinding
scheduling.k8s.io/v1: PriorityClass
scheduling.k8s.io/v1beta1: PriorityClass
storage.k8s.io/v1: CSIDriver CSINode StorageClass VolumeAttachment
storage.k8s.io/v1beta1: CSIDriver CSINode StorageClass VolumeAttachment
"""


def _rows(text: str) -> frozenset[tuple[str, str]]:
    lines = [line.split(": ") for line in text.split("\n") if line]
    return frozenset((api_version, kind) for api_version, kinds in lines for kind in kinds.split())


CLUSTER_KINDS = _rows(_CLUSTER)
KINDS = _rows(_NAMESPACED) | CLUSTER_KINDS


@cache
def built_in(api_version: str, kind: str) -> Shape | None:
    """Return the root shape of a kind, None of one that Kustomize does not know."""
    if (api_version, kind) not in KINDS:
        return None
    group = api_version.partition("/")[0] if "/" in api_version else ""
    return _SHAPES.get((group, kind), _PLAIN)
