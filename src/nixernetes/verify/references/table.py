"""Which field names which object: one row a field, so that a new kind is a row.

A path leads through mappings by name; ``[]`` means every item of a list, ``*`` every value of a mapping. The name
stands below it. Sources: the API references of Kubernetes 1.34, Gateway API 1.3, cert-manager 1.18, External Secrets
0.18, Prometheus operator 0.84, KEDA 2.17, Flux 2.9, Argo Rollouts 1.8 and Traefik 3.5.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from nixernetes.objects.api_groups import (
    ADMISSIONREGISTRATION,
    ARGOPROJ,
    CERT_MANAGER,
    EXTERNAL_SECRETS,
    FLUX_SOURCE,
    GATEWAY_API,
    KEDA,
    KYVERNO,
    RBAC,
    TRAEFIK,
)
from nixernetes.objects.identity import GroupKind
from nixernetes.objects.kinds import (
    ALERT,
    ALERTMANAGER,
    API_SERVICE,
    CERTIFICATE,
    CLUSTER_ISSUER,
    CLUSTER_ROLE_BINDING,
    CONFIG_MAP,
    EXTERNAL_SECRET,
    GATEWAY,
    GATEWAY_CLASS,
    HELM_RELEASE,
    HORIZONTAL_POD_AUTOSCALER,
    IMAGE_POLICY,
    IMAGE_REPOSITORY,
    IMAGE_UPDATE_AUTOMATION,
    INGRESS,
    INGRESS_CLASS,
    ISSUER,
    KUSTOMIZATION,
    PERSISTENT_VOLUME,
    PERSISTENT_VOLUME_CLAIM,
    POD_MONITOR,
    PRIORITY_CLASS,
    PROMETHEUS,
    PROVIDER,
    RECEIVER,
    ROLE_BINDING,
    ROLLOUT,
    RUNTIME_CLASS,
    SCALED_JOB,
    SCALED_OBJECT,
    SECRET,
    SECRET_PROVIDER_CLASS,
    SERVICE,
    SERVICE_ACCOUNT,
    SERVICE_MONITOR,
    STATEFUL_SET,
    STORAGE_CLASS,
    VERTICAL_POD_AUTOSCALER,
)
from nixernetes.objects.well_known import NGINX_INGRESS
from nixernetes.verify.findings import Severity

__all__ = ["ANNOTATION_ROWS", "OBJECT_ROWS", "POD_ROWS", "Row"]

_ROUTES: Final = ("HTTPRoute", "GRPCRoute", "TCPRoute", "TLSRoute", "UDPRoute")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One field that names an object.

    Attributes:
        path: where the reference stands.
        target: the kind that is named; None: a field ``kind`` beside the name says so.
        name: the field with the name below the path; ``""``: the path ends at the name itself.
        key: the field with a key of the data, or ``""``.
        namespace: the field with the namespace, ``""`` for the object's own; ``-`` for a kind without namespaces.
        severity: how much it matters when nothing has the name.
        only_among: whether a missing name matters only where objects of the kind are declared at all.
        group: the field with the API group, or ``""``; the default group where it is not set.
        default_group: the group of a ``kind`` field without a group.
        groups: kind to group, where a ``kind`` field says it all.
        keys: a path below the reference to further keys of the data, or ``""``.
        only_near: whether a missing name matters only where one much like it is declared: by hand come others.

    """

    path: str
    target: GroupKind | None = None
    name: str = "name"
    key: str = ""
    namespace: str = ""
    severity: Severity = Severity.ERROR
    only_among: bool = False
    group: str = ""
    default_group: str = ""
    groups: Mapping[str, str] = field(default_factory=dict)
    keys: str = ""
    only_near: bool = False


_FLUX_GROUPS: Final = {
    **dict.fromkeys(("Bucket", "GitRepository", "HelmRepository", "OCIRepository"), FLUX_SOURCE),
    **{each.kind: each.group for each in (HELM_RELEASE, KUSTOMIZATION, IMAGE_POLICY, IMAGE_REPOSITORY)},
    IMAGE_UPDATE_AUTOMATION.kind: IMAGE_UPDATE_AUTOMATION.group,
}
_ANALYSIS: Final = GroupKind(ARGOPROJ, "AnalysisTemplate")
_AUTHENTICATION: Final = Row(path="spec.triggers.[].authenticationRef", default_group=KEDA)

_ISSUERS: Final = (
    Row(
        path=f"{CERT_MANAGER}/cluster-issuer",
        target=CLUSTER_ISSUER,
        namespace="-",
        severity=Severity.WARNING,
        only_among=True,
    ),
    Row(
        path=f"{CERT_MANAGER}/issuer",
        target=ISSUER,
        severity=Severity.WARNING,
        only_among=True,
    ),
)
# Annotations whose text is a name, or ``namespace/name``; the path is the annotation.
ANNOTATION_ROWS: Final[dict[GroupKind, tuple[Row, ...]]] = {
    GATEWAY: _ISSUERS,
    INGRESS: (
        *_ISSUERS,
        *(
            Row(path=f"{NGINX_INGRESS}{name}", target=SECRET)
            for name in ("auth-secret", "auth-tls-secret", "proxy-ssl-secret")
        ),
    ),
}

POD_ROWS: Final = (
    Row(path="volumes.[].configMap", target=CONFIG_MAP, keys="items.[].key"),
    Row(path="volumes.[].secret", target=SECRET, name="secretName", keys="items.[].key"),
    Row(path="volumes.[].persistentVolumeClaim", target=PERSISTENT_VOLUME_CLAIM, name="claimName"),
    Row(path="volumes.[].projected.sources.[].configMap", target=CONFIG_MAP, keys="items.[].key"),
    Row(path="volumes.[].projected.sources.[].secret", target=SECRET, keys="items.[].key"),
    Row(path="volumes.[].csi.nodePublishSecretRef", target=SECRET),
    Row(
        path="volumes.[].csi.volumeAttributes",
        target=SECRET_PROVIDER_CLASS,
        name="secretProviderClass",
    ),
    Row(
        path="volumes.[].ephemeral.volumeClaimTemplate.spec.storageClassName",
        target=STORAGE_CLASS,
        name="",
        namespace="-",
        severity=Severity.WARNING,
        only_among=True,
    ),
    *(
        row
        for containers in ("containers", "initContainers")
        for row in (
            Row(path=f"{containers}.[].envFrom.[].configMapRef", target=CONFIG_MAP),
            Row(path=f"{containers}.[].envFrom.[].secretRef", target=SECRET),
            Row(path=f"{containers}.[].env.[].valueFrom.configMapKeyRef", target=CONFIG_MAP, key="key"),
            Row(path=f"{containers}.[].env.[].valueFrom.secretKeyRef", target=SECRET, key="key"),
        )
    ),
    Row(path="imagePullSecrets.[]", target=SECRET, severity=Severity.WARNING),
    Row(path="serviceAccountName", target=SERVICE_ACCOUNT, name=""),
    Row(path="priorityClassName", target=PRIORITY_CLASS, name="", namespace="-"),
    Row(
        path="runtimeClassName",
        target=RUNTIME_CLASS,
        name="",
        namespace="-",
        only_among=True,
    ),
)

OBJECT_ROWS: Final[dict[GroupKind, tuple[Row, ...]]] = {
    **{
        GroupKind(TRAEFIK, kind): (
            Row(path="spec.routes.[].services.[]", namespace="namespace"),
            Row(
                path="spec.routes.[].middlewares.[]",
                target=GroupKind(TRAEFIK, "Middleware"),
                namespace="namespace",
                severity=Severity.WARNING,
                only_among=True,
            ),
            Row(path="spec.tls", target=SECRET, name="secretName", severity=Severity.WARNING),
        )
        for kind in ("IngressRoute", "IngressRouteTCP", "IngressRouteUDP")
    },
    INGRESS: (
        Row(path="spec.defaultBackend.service", target=SERVICE),
        Row(path="spec.rules.[].http.paths.[].backend.service", target=SERVICE),
        Row(path="spec.tls.[]", target=SECRET, name="secretName", severity=Severity.WARNING),
        Row(
            path="spec.ingressClassName",
            target=INGRESS_CLASS,
            name="",
            namespace="-",
            severity=Severity.WARNING,
            only_among=True,
        ),
    ),
    **{
        GroupKind(GATEWAY_API, kind): (
            Row(
                path="spec.rules.[].backendRefs.[]",
                target=None,
                group="group",
                namespace="namespace",
            ),
            Row(
                path="spec.rules.[].filters.[].requestMirror.backendRef",
                target=None,
                group="group",
                namespace="namespace",
            ),
            Row(
                path="spec.parentRefs.[]",
                target=None,
                group="group",
                default_group=GATEWAY_API,
                namespace="namespace",
                severity=Severity.WARNING,
                only_among=True,
            ),
        )
        for kind in _ROUTES
    },
    GATEWAY: (
        Row(
            path="spec.gatewayClassName",
            target=GATEWAY_CLASS,
            name="",
            namespace="-",
            severity=Severity.WARNING,
            only_among=True,
        ),
        Row(
            path="spec.listeners.[].tls.certificateRefs.[]",
            target=None,
            group="group",
            namespace="namespace",
            severity=Severity.WARNING,
        ),
    ),
    PERSISTENT_VOLUME_CLAIM: (
        Row(
            path="spec.volumeName",
            target=PERSISTENT_VOLUME,
            name="",
            namespace="-",
            severity=Severity.WARNING,
            only_among=True,
        ),
        Row(
            path="spec.storageClassName",
            target=STORAGE_CLASS,
            name="",
            namespace="-",
            severity=Severity.WARNING,
            only_among=True,
        ),
    ),
    STATEFUL_SET: (
        Row(path="spec.serviceName", target=SERVICE, name="", severity=Severity.WARNING),
        Row(
            path="spec.volumeClaimTemplates.[].spec.storageClassName",
            target=STORAGE_CLASS,
            name="",
            namespace="-",
            severity=Severity.WARNING,
            only_among=True,
        ),
    ),
    HORIZONTAL_POD_AUTOSCALER: (Row(path="spec.scaleTargetRef", group="apiVersion"),),
    VERTICAL_POD_AUTOSCALER: (Row(path="spec.targetRef", group="apiVersion"),),
    SCALED_OBJECT: (
        Row(path="spec.scaleTargetRef", group="apiVersion", default_group="apps"),
        _AUTHENTICATION,
    ),
    SCALED_JOB: (_AUTHENTICATION,),
    GroupKind(KEDA, "TriggerAuthentication"): (
        Row(path="spec.secretTargetRef.[]", target=SECRET, key="key"),
        Row(path="spec.configMapTargetRef.[]", target=CONFIG_MAP, key="key"),
    ),
    ROLE_BINDING: (Row(path="roleRef", group="apiGroup", default_group=RBAC),),
    CLUSTER_ROLE_BINDING: (Row(path="roleRef", group="apiGroup", default_group=RBAC),),
    CERTIFICATE: (
        Row(
            path="spec.issuerRef",
            group="group",
            default_group=CERT_MANAGER,
            severity=Severity.WARNING,
            only_among=True,
        ),
    ),
    EXTERNAL_SECRET: (
        Row(
            path="spec.secretStoreRef",
            default_group=EXTERNAL_SECRETS,
            severity=Severity.WARNING,
            only_among=True,
        ),
    ),
    GroupKind(EXTERNAL_SECRETS, "PushSecret"): (
        Row(path="spec.selector.secret", target=SECRET),
        Row(path="spec.secretStoreRefs.[]", default_group=EXTERNAL_SECRETS, severity=Severity.WARNING, only_among=True),
    ),
    SERVICE_MONITOR: (
        Row(path="spec.endpoints.[].basicAuth.username", target=SECRET, key="key"),
        Row(path="spec.endpoints.[].basicAuth.password", target=SECRET, key="key"),
        Row(path="spec.endpoints.[].bearerTokenSecret", target=SECRET, key="key"),
    ),
    **{
        GroupKind(ADMISSIONREGISTRATION, f"{kind}WebhookConfiguration"): (
            Row(
                path="webhooks.[].clientConfig.service",
                target=SERVICE,
                namespace="namespace",
                severity=Severity.WARNING,
            ),
        )
        for kind in ("Validating", "Mutating")
    },
    API_SERVICE: (Row(path="spec.service", target=SERVICE, namespace="namespace", severity=Severity.WARNING),),
    SERVICE_ACCOUNT: (Row(path="imagePullSecrets.[]", target=SECRET, severity=Severity.WARNING),),
    POD_MONITOR: (
        Row(path="spec.podMetricsEndpoints.[].basicAuth.username", target=SECRET, key="key"),
        Row(path="spec.podMetricsEndpoints.[].basicAuth.password", target=SECRET, key="key"),
        Row(path="spec.podMetricsEndpoints.[].bearerTokenSecret", target=SECRET, key="key"),
    ),
    PROMETHEUS: (
        Row(path="spec.serviceAccountName", target=SERVICE_ACCOUNT, name=""),
        Row(path="spec.secrets.[]", target=SECRET, name=""),
        Row(path="spec.configMaps.[]", target=CONFIG_MAP, name=""),
        Row(path="spec.additionalScrapeConfigs", target=SECRET, key="key"),
    ),
    ALERTMANAGER: (
        Row(path="spec.serviceAccountName", target=SERVICE_ACCOUNT, name=""),
        Row(path="spec.secrets.[]", target=SECRET, name=""),
        Row(path="spec.configMaps.[]", target=CONFIG_MAP, name=""),
    ),
    **{
        GroupKind(KYVERNO, kind): (
            Row(
                path="spec.rules.[].context.[].configMap",
                target=CONFIG_MAP,
                namespace="namespace",
                severity=Severity.WARNING,
            ),
        )
        for kind in ("ClusterPolicy", "Policy")
    },
    ALERT: (
        Row(path="spec.providerRef", target=PROVIDER),
        Row(
            path="spec.eventSources.[]",
            groups=_FLUX_GROUPS,
            namespace="namespace",
            severity=Severity.WARNING,
        ),
    ),
    PROVIDER: (
        Row(path="spec.secretRef", target=SECRET, severity=Severity.WARNING),
        Row(path="spec.certSecretRef", target=SECRET, severity=Severity.WARNING),
    ),
    RECEIVER: (
        Row(path="spec.secretRef", target=SECRET),
        Row(
            path="spec.resources.[]",
            groups=_FLUX_GROUPS,
            namespace="namespace",
            severity=Severity.WARNING,
        ),
    ),
    IMAGE_POLICY: (
        Row(
            path="spec.imageRepositoryRef",
            target=IMAGE_REPOSITORY,
            namespace="namespace",
        ),
    ),
    IMAGE_UPDATE_AUTOMATION: (Row(path="spec.sourceRef", default_group=FLUX_SOURCE, namespace="namespace"),),
    ROLLOUT: (
        Row(path="spec.strategy.canary.stableService", target=SERVICE, name=""),
        Row(path="spec.strategy.canary.canaryService", target=SERVICE, name=""),
        Row(path="spec.strategy.blueGreen.activeService", target=SERVICE, name=""),
        Row(path="spec.strategy.blueGreen.previewService", target=SERVICE, name=""),
        Row(path="spec.workloadRef", group="apiVersion"),
        Row(path="spec.strategy.canary.trafficRouting.nginx.stableIngress", target=INGRESS, name=""),
        *(
            Row(path=f"spec.strategy.{part}.templates.[]", target=_ANALYSIS, name="templateName")
            for part in (
                *("canary.analysis", "canary.steps.[].analysis"),
                *("blueGreen.prePromotionAnalysis", "blueGreen.postPromotionAnalysis"),
            )
        ),
    ),
}
