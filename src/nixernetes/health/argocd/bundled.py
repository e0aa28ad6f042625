"""Health of the custom kinds that Argo CD knows by its bundled customisations; ours are Python, with equal answers.

Kinds that are not listed here have no health in this engine, and so never hold up an Application; docs/argocd.md lists
what is known. A user's own Lua always comes first.
"""

from __future__ import annotations

from nixernetes.health.argocd.status import Health, HealthStatus, Rule, degraded, healthy, progressing
from nixernetes.health.conditions import condition, conditions
from nixernetes.objects.fields import flag_at, items_at, text_at
from nixernetes.objects.identity import GroupKind
from nixernetes.objects.manifest import Manifest

__all__ = ["RULES"]

_FLUX = {
    "helm.toolkit.fluxcd.io": ("HelmRelease",),
    "image.toolkit.fluxcd.io": ("ImagePolicy", "ImageRepository", "ImageUpdateAutomation"),
    "kustomize.toolkit.fluxcd.io": ("Kustomization",),
    "notification.toolkit.fluxcd.io": ("Receiver",),
    "source.toolkit.fluxcd.io": ("Bucket", "GitRepository", "HelmChart", "HelmRepository", "OCIRepository"),
}


def _flux(obj: Manifest) -> Health:
    kind = obj["kind"]
    if flag_at(obj, "spec", "suspend"):
        return Health(HealthStatus.SUSPENDED, f"{kind} is suspended")
    if kind == "HelmRepository" and text_at(obj, "spec", "type") == "oci":
        return healthy("Helm repositories of type 'oci' do not contain any information in the status.")
    ready = condition(obj, "Ready")
    if not ready:
        return progressing(f"Waiting for {kind}")
    if ready.is_true:
        return healthy(ready.reason)
    waiting = ready.reason == "Progressing" or ready.status == "Unknown"
    return progressing(ready.reason) if waiting else degraded(ready.reason)


def _custom_resource_definition(obj: Manifest) -> Health:
    if not conditions(obj):
        return progressing("Status conditions not found")
    terminating, names, schema = (
        condition(obj, name) for name in ("Terminating", "NamesAccepted", "NonStructuralSchema")
    )
    if terminating.is_true:
        return progressing(f"CRD is terminating: {terminating.message}")
    if names.is_false:
        return degraded(f"CRD names have not been accepted: {names.message}")
    if schema.is_true:
        return degraded(f"Schema violations found: {schema.message}")
    return healthy("CRD is healthy") if condition(obj, "Established").is_true else degraded("CRD is not established")


def _cron_job(obj: Manifest) -> Health:
    if flag_at(obj, "spec", "suspend"):
        return healthy("CronJob is Suspended")
    scheduled, succeeded = (text_at(obj, "status", name) for name in ("lastScheduleTime", "lastSuccessfulTime"))
    if not scheduled:
        return healthy("CronJob has not been scheduled yet")
    if not succeeded:
        return healthy("The CronJob never completed successfully. It may not be healthy")
    if items_at(obj, "status", "active"):
        return progressing(f"The job is running. Its last execution was successful at {succeeded}")
    # Both are RFC 3339 in UTC with whole seconds, so that they sort as text.
    if succeeded < scheduled:
        return degraded("CronJob has not completed its last execution successfully")
    return healthy(f"CronJob has completed its last execution successfully at {succeeded}")


def _disruption_budget(obj: Manifest) -> Health:
    allowed = condition(obj, "DisruptionAllowed")
    if not allowed:
        return progressing("Waiting for status")
    message = f"PodDisruptionBudget has {allowed.reason}"
    if allowed.is_true or allowed.reason == "SufficientPods":
        return healthy(message)
    return degraded(message) if allowed.reason == "InsufficientPods" else progressing(message)


def _ready_condition(waiting: str) -> Rule:
    def rule(obj: Manifest) -> Health:
        ready = condition(obj, "Ready")
        if not ready:
            return progressing(waiting)
        return healthy(ready.message) if ready.is_true else degraded(ready.message)

    return rule


def _certificate(obj: Manifest) -> Health:
    issuing, ready = condition(obj, "Issuing"), condition(obj, "Ready")
    if ready.is_true:
        return healthy(ready.message)
    if issuing.is_true:
        return progressing(issuing.message)
    return degraded(ready.message) if ready.is_false else progressing("Waiting for certificate")


_ANALYSIS = {
    "Pending": (HealthStatus.PROGRESSING, "Analysis run is running"),
    "Running": (HealthStatus.PROGRESSING, "Analysis run is running"),
    "Successful": (HealthStatus.HEALTHY, "Analysis run completed successfully"),
    "Failed": (HealthStatus.DEGRADED, "Analysis run failed"),
    "Error": (HealthStatus.DEGRADED, "Analysis run had an error"),
    "Inconclusive": (HealthStatus.UNKNOWN, "Analysis run was inconclusive"),
}


_UNREAD = (HealthStatus.PROGRESSING, "Waiting for analysis run to finish: status has not been reconciled.")


def _analysis_run(obj: Manifest) -> Health:
    code, message = _ANALYSIS.get(text_at(obj, "status", "phase"), _UNREAD)
    return Health(code, text_at(obj, "status", "message") or message)


def _application_set(obj: Manifest) -> Health:
    failed, rollout, ready = (
        condition(obj, name) for name in ("ErrorOccurred", "RolloutProgressing", "ResourcesUpToDate")
    )
    if failed.is_true:
        return degraded(failed.message)
    if rollout.is_true:
        return progressing(rollout.message)
    if not ready:
        return progressing("Waiting for the status to be reported")
    return healthy(ready.message) if ready.is_true else degraded(ready.message)


RULES: dict[GroupKind, Rule] = {
    **{GroupKind(group, kind): _flux for group, kinds in _FLUX.items() for kind in kinds},
    GroupKind("apiextensions.k8s.io", "CustomResourceDefinition"): _custom_resource_definition,
    GroupKind("argoproj.io", "AnalysisRun"): _analysis_run,
    GroupKind("argoproj.io", "ApplicationSet"): _application_set,
    GroupKind("batch", "CronJob"): _cron_job,
    GroupKind("cert-manager.io", "Certificate"): _certificate,
    GroupKind("cert-manager.io", "ClusterIssuer"): _ready_condition("Initializing ClusterIssuer"),
    GroupKind("cert-manager.io", "Issuer"): _ready_condition("Initializing issuer"),
    GroupKind("external-secrets.io", "ClusterSecretStore"): _ready_condition("Waiting for ClusterSecretStore"),
    GroupKind("external-secrets.io", "ExternalSecret"): _ready_condition("Waiting for ExternalSecret"),
    GroupKind("external-secrets.io", "SecretStore"): _ready_condition("Waiting for SecretStore"),
    GroupKind("policy", "PodDisruptionBudget"): _disruption_budget,
}
