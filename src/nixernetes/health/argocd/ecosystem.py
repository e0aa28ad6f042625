"""Health of kinds that many platforms run: Sealed Secrets, KEDA, Kyverno, Prometheus, External Secrets."""

from __future__ import annotations

from nixernetes.health.argocd.status import (
    Health,
    HealthStatus,
    Rule,
    condition,
    conditions,
    degraded,
    healthy,
    progressing,
)
from nixernetes.objects.identity import GroupKind
from nixernetes.objects.manifest import Json, Manifest

__all__ = ["RULES"]


def _is(item: Json, status: str) -> bool:
    return item is not None and item.get("status") == status


def _text(item: Json) -> str:
    return str((item or {}).get("message") or "")


def _sealed_secret(obj: Manifest) -> Health:
    synced = condition(obj, "Synced")
    if _is(synced, "True"):
        return healthy()
    return degraded(_text(synced)) if _is(synced, "False") else progressing("Waiting for Sealed Secret to be decrypted")


def _scaled(obj: Manifest) -> Health:
    ready, fallback, paused = (condition(obj, name) for name in ("Ready", "Fallback", "Paused"))
    if _is(paused, "True"):
        return Health(HealthStatus.SUSPENDED, _text(paused))
    if _is(fallback, "True"):
        return degraded(_text(fallback))
    if _is(ready, "True"):
        return healthy(_text(ready))
    if ready is not None:
        return degraded(_text(ready))
    first = next(iter(conditions(obj)), None)
    return progressing(_text(first) or f"Waiting for {obj['kind']}")


def _policy(obj: Manifest) -> Health:
    ready = condition(obj, "Ready")
    if _is(ready, "True"):
        return healthy("Policy is ready")
    return degraded("Policy is not ready") if _is(ready, "False") else progressing("Waiting for Policy to be ready")


def _prometheus(obj: Manifest) -> Health:
    available = condition(obj, "Available")
    if available is None:
        return progressing("Waiting for initialization")
    if _is(available, "True"):
        return healthy("All instances are available")
    text = _text(available) or str(available.get("reason") or "")
    return degraded(text) if _is(available, "False") else progressing(text)


def _cluster_external_secret(obj: Manifest) -> Health:
    if _is(condition(obj, "Ready"), "True"):
        return healthy(_text(condition(obj, "Ready")))
    for name in ("NotReady", "PartiallyReady"):
        if _is(condition(obj, name), "True"):
            return degraded(_text(condition(obj, name)))
    return progressing("Waiting for ClusterExternalSecret")


RULES: dict[GroupKind, Rule] = {
    GroupKind("bitnami.com", "SealedSecret"): _sealed_secret,
    GroupKind("external-secrets.io", "ClusterExternalSecret"): _cluster_external_secret,
    GroupKind("keda.sh", "ScaledJob"): _scaled,
    GroupKind("keda.sh", "ScaledObject"): _scaled,
    GroupKind("kyverno.io", "ClusterPolicy"): _policy,
    GroupKind("kyverno.io", "Policy"): _policy,
    GroupKind("monitoring.coreos.com", "Prometheus"): _prometheus,
}
