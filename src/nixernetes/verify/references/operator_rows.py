"""More rows of the table of references: the kinds of operators, storage and admission, beside those in ``table``.

Sources: the API references of the external-snapshotter 8, VolSync 0.13, CloudNativePG 1.27, Envoy Gateway 1.5, and
those that ``table`` names.
"""

from __future__ import annotations

from typing import Final

from nixernetes.objects.api_groups import (
    ADMISSIONREGISTRATION,
    EXTERNAL_SECRETS,
    GATEWAY_API,
    MONITORING,
    SNAPSHOT_STORAGE,
)
from nixernetes.objects.identity import GroupKind
from nixernetes.objects.kinds import (
    CLUSTER_ISSUER,
    CONFIG_MAP,
    EXTERNAL_SECRET,
    INGRESS,
    ISSUER,
    MUTATING_ADMISSION_POLICY,
    PERSISTENT_VOLUME_CLAIM,
    POD_MONITOR,
    PROMETHEUS,
    ROLLOUT,
    SECRET,
    SERVICE,
    SERVICE_ACCOUNT,
    SERVICE_MONITOR,
    VALIDATING_ADMISSION_POLICY,
    VALIDATING_ADMISSION_POLICY_BINDING,
)
from nixernetes.verify.findings import Severity
from nixernetes.verify.references.databases import POSTGRES_CLUSTER
from nixernetes.verify.references.table import Row

__all__ = ["OPERATOR_ROWS"]

_SNAPSHOT: Final = GroupKind(SNAPSHOT_STORAGE, "VolumeSnapshot")
_VOLSYNC: Final = "volsync.backube"
_ENVOY: Final = "gateway.envoyproxy.io"
_ACCOUNTS: Final = ("serviceAccountRef", "*.serviceAccountRef")
_TOKENS: Final = ("tokenSecretRef", "serviceAccountSecretRef", "secretRef.*", "*.secretRef")
_SOLVERS: Final = (
    *("apiTokenSecretRef", "apiKeySecretRef", "tokenSecretRef", "secretAccessKeySecretRef", "clientSecretSecretRef"),
    *("serviceAccountSecretRef", "tsigSecretSecretRef"),
)
_RECEIVERS: Final = (
    *(
        "slackConfigs.[].apiURL",
        "discordConfigs.[].apiURL",
        "webhookConfigs.[].urlSecret",
        "telegramConfigs.[].botToken",
    ),
    *("pagerdutyConfigs.[].routingKey", "pagerdutyConfigs.[].serviceKey", "opsgenieConfigs.[].apiKey"),
    *("pushoverConfigs.[].token", "pushoverConfigs.[].userKey", "emailConfigs.[].authPassword"),
)


def _scraping(endpoints: str) -> tuple[Row, ...]:
    """Return the rows of what one endpoint of a monitor is read with."""
    return (
        Row(path=f"spec.{endpoints}.[].authorization.credentials", target=SECRET, key="key"),
        Row(path=f"spec.{endpoints}.[].tlsConfig.keySecret", target=SECRET, key="key"),
        *(
            Row(path=f"spec.{endpoints}.[].tlsConfig.{part}.{kind}", target=target, key="key")
            for part in ("ca", "cert")
            for kind, target in (("secret", SECRET), ("configMap", CONFIG_MAP))
        ),
    )


def _issuing(*, only_near: bool = False) -> tuple[Row, ...]:
    """Return the rows of an issuer: of a ClusterIssuer a Secret of any namespace, for cert-manager may run anywhere."""
    keyed = (
        "spec.vault.auth.tokenSecretRef",
        "spec.vault.auth.appRole.secretRef",
        "spec.acme.externalAccountBinding.keySecretRef",
        *(f"spec.acme.solvers.[].dns01.*.{each}" for each in _SOLVERS),
    )
    return (
        Row(path="spec.ca", target=SECRET, name="secretName", only_near=only_near),
        *(Row(path=path, target=SECRET, key="key", only_near=only_near) for path in keyed),
    )


_POLICIES: Final = (
    *(GroupKind(_ENVOY, kind) for kind in ("BackendTrafficPolicy", "ClientTrafficPolicy", "SecurityPolicy")),
    GroupKind(GATEWAY_API, "BackendTLSPolicy"),
)
OPERATOR_ROWS: Final[dict[GroupKind, tuple[Row, ...]]] = {
    VALIDATING_ADMISSION_POLICY_BINDING: (
        Row(
            path="spec.policyName",
            target=VALIDATING_ADMISSION_POLICY,
            name="",
            namespace="-",
            severity=Severity.WARNING,
            only_among=True,
        ),
    ),
    GroupKind(ADMISSIONREGISTRATION, "MutatingAdmissionPolicyBinding"): (
        Row(
            path="spec.policyName",
            target=MUTATING_ADMISSION_POLICY,
            name="",
            namespace="-",
            severity=Severity.WARNING,
            only_among=True,
        ),
    ),
    PERSISTENT_VOLUME_CLAIM: (
        Row(path="spec.dataSource", group="apiGroup", only_among=True),
        Row(path="spec.dataSourceRef", group="apiGroup", namespace="namespace", only_among=True),
    ),
    _SNAPSHOT: (
        Row(path="spec.source.persistentVolumeClaimName", target=PERSISTENT_VOLUME_CLAIM, name=""),
        Row(
            path="spec.volumeSnapshotClassName",
            target=GroupKind(SNAPSHOT_STORAGE, "VolumeSnapshotClass"),
            name="",
            namespace="-",
            severity=Severity.WARNING,
            only_among=True,
        ),
    ),
    GroupKind(_VOLSYNC, "ReplicationSource"): (
        Row(path="spec.sourcePVC", target=PERSISTENT_VOLUME_CLAIM, name=""),
        Row(path="spec.restic.repository", target=SECRET, name=""),
    ),
    GroupKind(_VOLSYNC, "ReplicationDestination"): (Row(path="spec.restic.repository", target=SECRET, name=""),),
    **{
        GroupKind(POSTGRES_CLUSTER.group, kind): (Row(path="spec.cluster", target=POSTGRES_CLUSTER, only_among=True),)
        for kind in ("Backup", "ScheduledBackup", "Pooler", "Database")
    },
    POSTGRES_CLUSTER: (
        Row(path="spec.bootstrap.initdb.secret", target=SECRET),
        Row(path="spec.superuserSecret", target=SECRET),
        Row(path="spec.backup.barmanObjectStore.s3Credentials.*", target=SECRET, key="key"),
    ),
    **{
        kind: (
            Row(path="spec.targetRef", group="group", severity=Severity.WARNING, only_among=True),
            Row(path="spec.targetRefs.[]", group="group", severity=Severity.WARNING, only_among=True),
        )
        for kind in _POLICIES
    },
    EXTERNAL_SECRET: tuple(
        Row(path=path, default_group=group, severity=Severity.WARNING, only_among=True)
        for path, group in (
            ("spec.data.[].sourceRef.storeRef", EXTERNAL_SECRETS),
            ("spec.dataFrom.[].sourceRef.storeRef", EXTERNAL_SECRETS),
            ("spec.dataFrom.[].sourceRef.generatorRef", f"generators.{EXTERNAL_SECRETS}"),
        )
    ),
    **{
        GroupKind(EXTERNAL_SECRETS, kind): (
            *(
                Row(path=f"spec.provider.*.auth.{each}", target=SERVICE_ACCOUNT, namespace="namespace", only_near=True)
                for each in _ACCOUNTS
            ),
            *(
                Row(
                    path=f"spec.provider.*.auth.{each}", target=SECRET, namespace="namespace", key="key", only_near=True
                )
                for each in _TOKENS
            ),
        )
        for kind in ("SecretStore", "ClusterSecretStore")
    },
    ISSUER: _issuing(),
    CLUSTER_ISSUER: _issuing(only_near=True),
    SERVICE_MONITOR: _scraping("endpoints"),
    POD_MONITOR: _scraping("podMetricsEndpoints"),
    PROMETHEUS: (
        Row(
            path="spec.alerting.alertmanagers.[]",
            target=SERVICE,
            namespace="namespace",
            severity=Severity.WARNING,
        ),
    ),
    GroupKind(MONITORING, "AlertmanagerConfig"): tuple(
        Row(path=f"spec.receivers.[].{each}", target=SECRET, key="key") for each in _RECEIVERS
    ),
    ROLLOUT: (
        Row(path="spec.strategy.canary.trafficRouting.alb.ingress", target=INGRESS, name=""),
        Row(path="spec.strategy.canary.pingPong.pingService", target=SERVICE, name=""),
        Row(path="spec.strategy.canary.pingPong.pongService", target=SERVICE, name=""),
    ),
}
