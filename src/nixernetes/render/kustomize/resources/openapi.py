"""The OpenAPI data that Kustomize carries: Kubernetes 1.21, or the schema that a kustomization names.

It answers two questions: is a kind certainly cluster-scoped, and which lists merge by which keys. Kustomize compiles
Kubernetes 1.21 in, so newer kinds (an HorizontalPodAutoscaler v2, a ValidatingAdmissionPolicy) count as unknown: their
lists are replaced and they get a namespace. The tables here hold the facts of that version, not of the newest one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Final

from nixernetes.objects.api_groups import ADMISSIONREGISTRATION, APIREGISTRATION, KUSTOMIZE_CONFIG_V1BETA1, STORAGE
from nixernetes.objects.manifest import Json
from nixernetes.objects.shapes import Shape as Form, misfit
from nixernetes.render.kustomize.failures import KustomizeError
from nixernetes.render.kustomize.resources.ids import Gvk

__all__ = ["OpenApi", "Shape"]

BUILT_IN_VERSION = "v1.21.2"


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


def _keyed(*keys: str, items: Shape | None = None) -> Shape:
    return Shape(items=items, merge_keys=keys)


def _object(**fields: Shape) -> Shape:
    return Shape(fields=fields)


_META = _object(finalizers=_keyed(), ownerReferences=_keyed("uid"))
_PLAIN = _object(metadata=_META)
_CONTAINER = _object(
    env=_keyed("name"),
    ports=_keyed("containerPort", "protocol"),
    volumeDevices=_keyed("devicePath"),
    volumeMounts=_keyed("mountPath"),
)
_EPHEMERAL = _object(env=_keyed("name"), volumeDevices=_keyed("devicePath"), volumeMounts=_keyed("mountPath"))
_CONDITIONS = _object(conditions=_keyed("type"))
_CLAIM = _object(metadata=_META, status=_CONDITIONS)
_POD_SPEC = _object(
    containers=_keyed("name", items=_CONTAINER),
    ephemeralContainers=_keyed("name", items=_EPHEMERAL),
    hostAliases=_keyed("ip"),
    imagePullSecrets=_keyed("name"),
    initContainers=_keyed("name", items=_CONTAINER),
    topologySpreadConstraints=_keyed("topologyKey", "whenUnsatisfiable"),
    volumes=_keyed("name", items=_object(ephemeral=_object(volumeClaimTemplate=_PLAIN))),
)
_TEMPLATE = _object(metadata=_META, spec=_POD_SPEC)
_WORKLOAD = _object(metadata=_META, spec=_object(template=_TEMPLATE), status=_CONDITIONS)
_JOB_SPEC = _object(template=_TEMPLATE)
_WEBHOOKS = _object(metadata=_META, webhooks=_keyed("name"))
_DRIVERS = _object(metadata=_META, spec=_object(drivers=_keyed("name")))
_CRON_JOB = _object(
    metadata=_META, spec=_object(jobTemplate=_object(metadata=_META, spec=_JOB_SPEC)), status=_CONDITIONS
)

# Shapes that say more than "it has metadata", by group and kind.
_SHAPES: dict[tuple[str, str], Shape] = {
    ("", "ComponentStatus"): _object(metadata=_META, conditions=_keyed("type")),
    ("", "Namespace"): _object(metadata=_META, status=_CONDITIONS),
    ("", "Node"): _object(
        metadata=_META,
        spec=_object(podCIDRs=_keyed()),
        status=_object(addresses=_keyed("type"), conditions=_keyed("type")),
    ),
    ("", "PersistentVolumeClaim"): _CLAIM,
    ("", "Pod"): _object(
        metadata=_META, spec=_POD_SPEC, status=_object(conditions=_keyed("type"), podIPs=_keyed("ip"))
    ),
    ("", "PodTemplate"): _object(metadata=_META, template=_TEMPLATE),
    ("", "ReplicationController"): _WORKLOAD,
    ("", "Service"): _object(
        metadata=_META, spec=_object(ports=_keyed("port", "protocol")), status=_object(conditions=_keyed("type"))
    ),
    ("", "ServiceAccount"): _object(metadata=_META, secrets=_keyed("name")),
    (ADMISSIONREGISTRATION, "MutatingWebhookConfiguration"): _WEBHOOKS,
    (ADMISSIONREGISTRATION, "ValidatingWebhookConfiguration"): _WEBHOOKS,
    (APIREGISTRATION, "APIService"): _object(metadata=_META, status=_CONDITIONS),
    ("apps", "DaemonSet"): _WORKLOAD,
    ("apps", "Deployment"): _WORKLOAD,
    ("apps", "ReplicaSet"): _WORKLOAD,
    ("apps", "StatefulSet"): _object(
        metadata=_META, spec=_object(template=_TEMPLATE, volumeClaimTemplates=Shape(items=_CLAIM)), status=_CONDITIONS
    ),
    ("batch", "CronJob"): _CRON_JOB,
    ("batch", "Job"): _object(metadata=_META, spec=_JOB_SPEC, status=_CONDITIONS),
    ("policy", "PodDisruptionBudget"): _object(metadata=_META, status=_CONDITIONS),
    (STORAGE, "CSINode"): _DRIVERS,
}
# The definitions that a custom schema may refer to, where both are read.
_NAMED: dict[str, Shape] = {
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
            "core.v1.ServiceSpec": _object(ports=_keyed("port", "protocol")),
            "apps.v1.DaemonSetSpec": _object(template=_TEMPLATE),
            "apps.v1.DeploymentSpec": _object(template=_TEMPLATE),
            "apps.v1.ReplicaSetSpec": _object(template=_TEMPLATE),
            "apps.v1.StatefulSetSpec": _object(template=_TEMPLATE, volumeClaimTemplates=Shape(items=_CLAIM)),
            "batch.v1.JobSpec": _JOB_SPEC,
            "batch.v1.JobTemplateSpec": _object(metadata=_META, spec=_JOB_SPEC),
        }.items()
    },
}
_KUSTOMIZATION = _object(configMapGenerator=_keyed("name"), secretGenerator=_keyed("name"))

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


_CLUSTER_KINDS = _rows(_CLUSTER)
_KINDS = _rows(_NAMESPACED) | _CLUSTER_KINDS


@cache
def _built_in(api_version: str, kind: str) -> Shape | None:
    if (api_version, kind) not in _KINDS:
        return None
    group = api_version.partition("/")[0] if "/" in api_version else ""
    return _SHAPES.get((group, kind), _PLAIN)


class OpenApi:
    """The schema of one build: the built-in one until a kustomization names another; the outermost wins."""

    def __init__(self) -> None:
        self._custom: dict[tuple[str, str], Shape] | None = None
        self._scopes: dict[tuple[str, str], bool] = {}
        self._version = ""
        self._built_in_too = False

    def use(self, version: str | None, schema: Json) -> None:
        """Take the ``openapi`` field of a kustomization, unless one was taken before.

        Raises:
            KustomizeError: version and path together, or a version that is not built in.

        """
        if self._version:
            return
        if schema is not None:
            if version is not None:
                raise KustomizeError("builtin version and custom schema provided, cannot use both")
            self._version = "custom"
            self._custom, self._scopes = _Definitions(schema, built_in_too=self._built_in_too).read()
        elif version:
            if version != BUILT_IN_VERSION:
                raise KustomizeError("the specified OpenAPI version is not built in")
            self._version = version

    def is_cluster_scoped(self, gvk: Gvk) -> bool:
        """Tell whether a kind is certainly cluster-scoped."""
        key = (gvk.api_version, gvk.kind)
        if key in _KINDS:
            return key in _CLUSTER_KINDS
        if self._custom is None:
            # Kustomize then plans to read the built-in schema beside a custom one that comes later.
            self._built_in_too = True
            return False
        return self._scopes.get(key, True) is False

    def shape(self, api_version: Json, kind: Json) -> Shape | None:
        """Return the root shape of a kind, or None."""
        if not isinstance(api_version, str) or not isinstance(kind, str):
            return None
        if (api_version, kind) == (KUSTOMIZE_CONFIG_V1BETA1, "Kustomization"):
            return _KUSTOMIZATION
        if self._custom is not None:
            found = self._custom.get((api_version, kind))
            return found or (_built_in(api_version, kind) if self._built_in_too else None)
        return _built_in(api_version, kind)


_TYPE: Final[Form] = {"group": str, "version": str, "kind": str}
_SCHEMA: Final[Form] = {
    "$ref": str,
    "properties": {},
    "x-kubernetes-group-version-kind": [_TYPE],
    "x-kubernetes-patch-strategy": str,
    "x-kubernetes-patch-merge-key": str,
    "x-kubernetes-list-map-keys": [str],
}
_DOCUMENT: Final[Form] = {"definitions": {"*": _SCHEMA}, "paths": {"*": {"get": {}}}}


class _Definitions:
    """Reads an OpenAPI v2 document (``definitions`` and ``paths``) into shapes."""

    def __init__(self, document: Json, *, built_in_too: bool) -> None:
        parts = document if isinstance(document, dict) else {}
        _demand(_DOCUMENT, parts)
        self._definitions: Json = parts.get("definitions") or {}
        self._paths: Json = parts.get("paths") or {}
        self._known: dict[str, Shape] = dict(_NAMED) if built_in_too else {}
        self._open: set[str] = set()

    def read(self) -> tuple[dict[tuple[str, str], Shape], dict[tuple[str, str], bool]]:
        shapes: dict[tuple[str, str], Shape] = {}
        for name, schema in sorted(self._definitions.items()):
            for row in (schema or {}).get("x-kubernetes-group-version-kind") or []:
                shapes[_type_of(row)] = self._named(name)
        scopes: dict[tuple[str, str], bool] = {}
        for path, item in sorted(self._paths.items()):
            row = ((item or {}).get("get") or {}).get("x-kubernetes-group-version-kind")
            if not isinstance(row, dict):
                continue
            _demand(_TYPE, row)
            if "namespaces/{namespace}" in path:
                scopes[_type_of(row)] = True
            else:
                scopes.setdefault(_type_of(row), False)
        return shapes, scopes

    def _named(self, name: str) -> Shape:
        if name in self._open:
            return Shape()
        if name not in self._known:
            self._open.add(name)
            self._known[name] = self._shape(self._definitions.get(name) or {})
            self._open.discard(name)
        return self._known[name]

    def _shape(self, schema: Json) -> Shape:
        schema = schema or {}
        _demand(_SCHEMA, schema)
        if schema.get("$ref"):
            return self._named(schema["$ref"].rsplit("/", 1)[-1])
        values = schema.get("additionalProperties")
        items = schema.get("items")
        return Shape(
            fields={name: self._shape(sub) for name, sub in (schema.get("properties") or {}).items()},
            values=self._shape(values) if isinstance(values, dict) else None,
            items=self._shape(items) if isinstance(items, dict) and schema.get("type") == "array" else None,
            merge_keys=_merge_keys(schema),
        )


def _demand(form: Form, value: Json) -> None:
    wrong = misfit(form, value)
    if wrong:
        raise KustomizeError(f"invalid OpenAPI schema: {wrong}")


def _merge_keys(schema: Json) -> tuple[str, ...] | None:
    strategies = (schema.get("x-kubernetes-patch-strategy") or "").split(",")
    if "merge" not in strategies:
        return None
    keys = schema.get("x-kubernetes-list-map-keys")
    if keys is not None:
        return tuple(keys)
    key = schema.get("x-kubernetes-patch-merge-key")
    return (key,) if key else ()


def _type_of(row: Json) -> tuple[str, str]:
    group, version = row.get("group") or "", row.get("version") or ""
    return (f"{group}/{version}" if group else version, row.get("kind") or "")
