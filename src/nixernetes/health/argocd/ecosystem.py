"""Health of kinds that many platforms run: Sealed Secrets, KEDA, Kyverno, Prometheus, External Secrets."""

from __future__ import annotations

from nixernetes.health.argocd.status import Health, HealthStatus, Rule, degraded, healthy, progressing
from nixernetes.health.conditions import condition, conditions
from nixernetes.objects.identity import GroupKind
from nixernetes.objects.manifest import Manifest

__all__ = ["RULES"]


def _sealed_secret(obj: Manifest) -> Health:
    synced = condition(obj, "Synced")
    if synced.is_true:
        return healthy()
    return degraded(synced.message) if synced.is_false else progressing("Waiting for Sealed Secret to be decrypted")


def _scaled(obj: Manifest) -> Health:
    ready, fallback, paused = (condition(obj, name) for name in ("Ready", "Fallback", "Paused"))
    if paused.is_true:
        return Health(HealthStatus.SUSPENDED, paused.message)
    if fallback.is_true:
        return degraded(fallback.message)
    if ready:
        return healthy(ready.message) if ready.is_true else degraded(ready.message)
    first = next((each.message for each in conditions(obj)), "")
    return progressing(first or f"Waiting for {obj['kind']}")


def _policy(obj: Manifest) -> Health:
    ready = condition(obj, "Ready")
    if ready.is_true:
        return healthy("Policy is ready")
    return degraded("Policy is not ready") if ready.is_false else progressing("Waiting for Policy to be ready")


def _prometheus(obj: Manifest) -> Health:
    available = condition(obj, "Available")
    if not available:
        return progressing("Waiting for initialization")
    if available.is_true:
        return healthy("All instances are available")
    text = available.message or available.reason
    return degraded(text) if available.is_false else progressing(text)


def _cluster_external_secret(obj: Manifest) -> Health:
    ready, *failed = (condition(obj, name) for name in ("Ready", "NotReady", "PartiallyReady"))
    if ready.is_true:
        return healthy(ready.message)
    broken = next((each for each in failed if each.is_true), None)
    return progressing("Waiting for ClusterExternalSecret") if broken is None else degraded(broken.message)


RULES: dict[GroupKind, Rule] = {
    GroupKind("bitnami.com", "SealedSecret"): _sealed_secret,
    GroupKind("external-secrets.io", "ClusterExternalSecret"): _cluster_external_secret,
    GroupKind("keda.sh", "ScaledJob"): _scaled,
    GroupKind("keda.sh", "ScaledObject"): _scaled,
    GroupKind("kyverno.io", "ClusterPolicy"): _policy,
    GroupKind("kyverno.io", "Policy"): _policy,
    GroupKind("monitoring.coreos.com", "Prometheus"): _prometheus,
}
