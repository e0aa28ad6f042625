"""Where Kustomize's transformers write unless a kustomization adds to it: the tables of its built-in configuration.

The facts are Kustomize's (``builtinpluginconsts``), written here by rule: what a pod spec refers to, and where each
workload kind keeps its pod spec.
"""

from __future__ import annotations

from collections.abc import Iterator

from nixernetes.objects.api_groups import (
    ADMISSIONREGISTRATION,
    APIEXTENSIONS,
    APIREGISTRATION,
    NETWORKING,
    NETWORKING_V1,
    RBAC,
    SCHEDULING,
    STORAGE,
)
from nixernetes.render.kustomize.resources.ids import Gvk
from nixernetes.render.kustomize.transformers.field_specs import FieldSpec

__all__ = [
    "COMMON_ANNOTATIONS",
    "COMMON_LABELS",
    "IMAGES",
    "NAMES",
    "NAMESPACE",
    "NAME_REFERENCES",
    "REPLICAS",
    "TEMPLATE_LABELS",
    "VARIABLES",
]


def _spec(path: str, kind: str = "", *, group: str = "", version: str = "", create: bool = False) -> FieldSpec:
    return FieldSpec(Gvk(group, version, kind), path, create)


# Where the pod spec stands, in the kinds whose ConfigMaps and Secrets are followed.
_POD_SPECS = (
    ("spec", "Pod", "v1"),
    ("template/spec", "PodTemplate", ""),
    *((("spec/template/spec", kind, "")) for kind in ("Deployment", "ReplicaSet", "DaemonSet", "StatefulSet", "Job")),
    ("spec/jobTemplate/spec/template/spec", "CronJob", ""),
)
# Those whose service account, claims and priority class are followed.
_POD_SPECS_OF_RUNNERS = (
    ("spec", "Pod"),
    *(("spec/template/spec", k) for k in ("StatefulSet", "Deployment", "ReplicationController")),
    ("spec/jobTemplate/spec/template/spec", "CronJob"),
    ("spec/template/spec", "Job"),
    ("spec/template/spec", "DaemonSet"),
)


def _in_pod_specs(*paths: str) -> Iterator[FieldSpec]:
    for base, kind, version in _POD_SPECS:
        for path in paths:
            yield _spec(f"{base}/{path}", kind, version=version)


def _in_runners(path: str) -> Iterator[FieldSpec]:
    for base, kind in _POD_SPECS_OF_RUNNERS:
        yield _spec(f"{base}/{path}", kind)


def _env_paths(what: str) -> tuple[str, ...]:
    return tuple(
        f"{containers}/{rest}"
        for rest in (f"env/valueFrom/{what}KeyRef/name", f"envFrom/{what}Ref/name")
        for containers in ("containers", "initContainers")
    )


_BY_NAME_IN_ROLES = (_spec("rules/resourceNames", "Role"), _spec("rules/resourceNames", "ClusterRole"))

NAME_REFERENCES: tuple[tuple[Gvk, tuple[FieldSpec, ...]], ...] = (
    *(
        (Gvk(kind=kind), (_spec("spec/scaleTargetRef/name", "HorizontalPodAutoscaler"),))
        for kind in ("Deployment", "ReplicationController", "ReplicaSet", "StatefulSet")
    ),
    (
        Gvk(version="v1", kind="ConfigMap"),
        (
            *_in_pod_specs(
                "volumes/configMap/name", *_env_paths("configMap"), "volumes/projected/sources/configMap/name"
            ),
            _spec("spec/configSource/configMap", "Node"),
            *_BY_NAME_IN_ROLES,
            _spec("metadata/annotations/nginx.ingress.kubernetes.io\\/fastcgi-params-configmap", "Ingress"),
        ),
    ),
    (
        Gvk(version="v1", kind="Secret"),
        (
            *_in_pod_specs(
                "volumes/secret/secretName",
                *_env_paths("secret"),
                "imagePullSecrets/name",
                "volumes/projected/sources/secret/name",
            ),
            _spec("spec/tls/secretName", "Ingress"),
            _spec("metadata/annotations/ingress.kubernetes.io\\/auth-secret", "Ingress"),
            _spec("metadata/annotations/nginx.ingress.kubernetes.io\\/auth-secret", "Ingress"),
            _spec("metadata/annotations/nginx.ingress.kubernetes.io\\/auth-tls-secret", "Ingress"),
            _spec("imagePullSecrets/name", "ServiceAccount"),
            *(
                _spec(f"parameters/{name}", "StorageClass")
                for name in ("secretName", "adminSecretName", "userSecretName", "secretRef")
            ),
            *_BY_NAME_IN_ROLES,
            _spec(
                "spec/template/spec/containers/env/valueFrom/secretKeyRef/name",
                "Service",
                group="serving.knative.dev",
                version="v1",
            ),
            _spec("spec/azureFile/secretName", "PersistentVolume"),
        ),
    ),
    (
        Gvk(version="v1", kind="Service"),
        (
            _spec("spec/serviceName", "StatefulSet", group="apps"),
            _spec("spec/rules/http/paths/backend/serviceName", "Ingress"),
            _spec("spec/backend/serviceName", "Ingress"),
            _spec("spec/rules/http/paths/backend/service/name", "Ingress"),
            _spec("spec/defaultBackend/service/name", "Ingress"),
            _spec("spec/service/name", "APIService", group=APIREGISTRATION),
            *(
                _spec("webhooks/clientConfig/service", kind, group=ADMISSIONREGISTRATION)
                for kind in ("ValidatingWebhookConfiguration", "MutatingWebhookConfiguration")
            ),
        ),
    ),
    (Gvk(RBAC, kind="Role"), (_spec("roleRef/name", "RoleBinding", group=RBAC),)),
    (
        Gvk(RBAC, kind="ClusterRole"),
        tuple(_spec("roleRef/name", kind, group=RBAC) for kind in ("RoleBinding", "ClusterRoleBinding")),
    ),
    (
        Gvk(version="v1", kind="ServiceAccount"),
        (
            *(_spec("subjects", kind, group=RBAC) for kind in ("RoleBinding", "ClusterRoleBinding")),
            *_in_runners("serviceAccountName"),
        ),
    ),
    (Gvk(version="v1", kind="PersistentVolumeClaim"), tuple(_in_runners("volumes/persistentVolumeClaim/claimName"))),
    (
        Gvk(version="v1", kind="PersistentVolume"),
        (_spec("spec/volumeName", "PersistentVolumeClaim"), _spec("rules/resourceNames", "ClusterRole")),
    ),
    (
        Gvk(STORAGE, "v1", "StorageClass"),
        (
            _spec("spec/storageClassName", "PersistentVolume"),
            _spec("spec/storageClassName", "PersistentVolumeClaim"),
            _spec("spec/volumeClaimTemplates/spec/storageClassName", "StatefulSet"),
        ),
    ),
    (Gvk(SCHEDULING, "v1", "PriorityClass"), tuple(_in_runners("priorityClassName"))),
    # The group is written with its version in Kustomize's own table, so that it matches nothing; kept, to be equal.
    (Gvk(NETWORKING_V1, "v1", "IngressClass"), (_spec("spec/ingressClassName", "Ingress"),)),
    (
        Gvk(ADMISSIONREGISTRATION, kind="ValidatingAdmissionPolicy"),
        (_spec("spec/policyName", "ValidatingAdmissionPolicyBinding", group=ADMISSIONREGISTRATION),),
    ),
)

NAMES = (_spec("metadata/name"),)

NAMESPACE = (
    _spec("metadata/name", "Namespace", create=True),
    _spec("spec/service/namespace", "APIService", group=APIREGISTRATION, create=True),
    _spec(
        "spec/conversion/webhook/clientConfig/service/namespace",
        "CustomResourceDefinition",
        group=APIEXTENSIONS,
    ),
)

IMAGES = tuple(
    _spec(f"{base}/{part}", create=True)
    for base in ("spec", "spec/template/spec")
    for part in ("containers[]/image", "initContainers[]/image", "volumes[]/image/reference")
)

REPLICAS = tuple(
    _spec("spec/replicas", kind, create=True)
    for kind in ("Deployment", "ReplicationController", "ReplicaSet", "StatefulSet")
)

TEMPLATE_LABELS = (
    _spec("metadata/labels", create=True),
    _spec("spec/template/metadata/labels", "ReplicationController", version="v1", create=True),
    *(_spec("spec/template/metadata/labels", kind, create=True) for kind in ("Deployment", "ReplicaSet", "DaemonSet")),
    _spec("spec/template/metadata/labels", "StatefulSet", group="apps", create=True),
    _spec("spec/volumeClaimTemplates[]/metadata/labels", "StatefulSet", group="apps", create=True),
    _spec("spec/template/metadata/labels", "Job", group="batch", create=True),
    _spec("spec/jobTemplate/metadata/labels", "CronJob", group="batch", create=True),
    _spec("spec/jobTemplate/spec/template/metadata/labels", "CronJob", group="batch", create=True),
)

_SPREADING = (
    "affinity/podAffinity/preferredDuringSchedulingIgnoredDuringExecution/podAffinityTerm/labelSelector/matchLabels",
    "affinity/podAffinity/requiredDuringSchedulingIgnoredDuringExecution/labelSelector/matchLabels",
    "affinity/podAntiAffinity/preferredDuringSchedulingIgnoredDuringExecution/podAffinityTerm/labelSelector/matchLabels",
    "affinity/podAntiAffinity/requiredDuringSchedulingIgnoredDuringExecution/labelSelector/matchLabels",
    "topologySpreadConstraints/labelSelector/matchLabels",
)


def _spreading(kind: str) -> Iterator[FieldSpec]:
    for path in _SPREADING:
        yield _spec(f"spec/template/spec/{path}", kind, group="apps")


COMMON_LABELS = (
    _spec("spec/selector", "Service", version="v1", create=True),
    _spec("spec/selector", "ReplicationController", version="v1", create=True),
    _spec("spec/selector/matchLabels", "Deployment", create=True),
    *_spreading("Deployment"),
    _spec("spec/selector/matchLabels", "ReplicaSet", create=True),
    _spec("spec/selector/matchLabels", "DaemonSet", create=True),
    _spec("spec/selector/matchLabels", "StatefulSet", group="apps", create=True),
    *_spreading("StatefulSet"),
    _spec("spec/selector/matchLabels", "Job", group="batch"),
    _spec("spec/jobTemplate/spec/selector/matchLabels", "CronJob", group="batch"),
    _spec("spec/selector/matchLabels", "PodDisruptionBudget", group="policy"),
    *(
        _spec(f"spec/{path}podSelector/matchLabels", "NetworkPolicy", group=NETWORKING)
        for path in ("", "ingress/from/", "egress/to/")
    ),
    *TEMPLATE_LABELS,
)

COMMON_ANNOTATIONS = (
    _spec("metadata/annotations", create=True),
    _spec("spec/template/metadata/annotations", "ReplicationController", version="v1", create=True),
    *(
        _spec("spec/template/metadata/annotations", kind, create=True)
        for kind in ("Deployment", "ReplicaSet", "DaemonSet", "StatefulSet")
    ),
    _spec("spec/template/metadata/annotations", "Job", group="batch", create=True),
    _spec("spec/jobTemplate/metadata/annotations", "CronJob", group="batch", create=True),
    _spec("spec/jobTemplate/spec/template/metadata/annotations", "CronJob", group="batch", create=True),
)

_VARIABLES_IN_CONTAINERS = tuple(
    f"{containers}/{path}"
    for containers in ("containers", "initContainers")
    for path in ("args", "command", "env/value", "volumeMounts/mountPath")
)


def _variables() -> Iterator[FieldSpec]:
    bases = [("spec/jobTemplate/spec/template/spec", "CronJob")]
    kinds = ("DaemonSet", "Deployment", "Job", "ReplicaSet", "StatefulSet")
    bases += [("spec/template/spec", kind) for kind in kinds]
    for base, kind in [*bases, ("spec", "Pod")]:
        for path in _VARIABLES_IN_CONTAINERS:
            yield _spec(f"{base}/{path}", kind)
    yield _spec("spec/jobTemplate/spec/template/volumes/nfs/server", "CronJob")
    for kind in ("DaemonSet", "Deployment", "Job", "ReplicaSet"):
        yield _spec("spec/template/spec/volumes/nfs/server", kind)
    yield _spec("spec/volumes/nfs/server", "Pod")
    yield _spec("spec/volumeClaimTemplates/spec/nfs/server", "StatefulSet")
    yield _spec("spec/nfs/server", "PersistentVolume")
    yield _spec("spec/template/metadata/annotations", "Deployment")
    for path in ("spec/rules/host", "spec/tls/hosts", "spec/tls/secretName"):
        yield _spec(path, "Ingress")
    for path in ("spec/ports/port", "spec/ports/targetPort"):
        yield _spec(path, "Service")
    yield _spec("metadata/labels")
    yield _spec("metadata/annotations")


VARIABLES = tuple(_variables())
