"""Health of the custom kinds that Argo CD knows by its bundled customisations; ours are Python, with equal answers.

Kinds that are not listed here have no health in this engine, and so never hold up an Application; docs/argocd.md lists
what is known. A user's own Lua always comes first.
"""

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
    kind, spec = obj["kind"], obj.get("spec") or {}
    if spec.get("suspend"):
        return Health(HealthStatus.SUSPENDED, f"{kind} is suspended")
    if kind == "HelmRepository" and spec.get("type") == "oci":
        return healthy("Helm repositories of type 'oci' do not contain any information in the status.")
    ready = condition(obj, "Ready")
    if ready is None:
        return progressing(f"Waiting for {kind}")
    reason = ready.get("reason") or ""
    if ready.get("status") == "True":
        return healthy(reason)
    waiting = reason == "Progressing" or ready.get("status") == "Unknown"
    return progressing(reason) if waiting else degraded(reason)


def _custom_resource_definition(obj: Manifest) -> Health:
    if not conditions(obj):
        return progressing("Status conditions not found")
    terminating = condition(obj, "Terminating")
    if terminating is not None and terminating.get("status") == "True":
        return progressing(f"CRD is terminating: {terminating.get('message', '')}")
    names = condition(obj, "NamesAccepted")
    if names is not None and names.get("status") == "False":
        return degraded(f"CRD names have not been accepted: {names.get('message', '')}")
    schema = condition(obj, "NonStructuralSchema")
    if schema is not None and schema.get("status") == "True":
        return degraded(f"Schema violations found: {schema.get('message', '')}")
    established = condition(obj, "Established")
    if established is None or established.get("status") != "True":
        return degraded("CRD is not established")
    return healthy("CRD is healthy")


def _cron_job(obj: Manifest) -> Health:
    spec, status = obj.get("spec") or {}, obj.get("status") or {}
    if spec.get("suspend"):
        return healthy("CronJob is Suspended")
    scheduled, succeeded = status.get("lastScheduleTime"), status.get("lastSuccessfulTime")
    if scheduled is None:
        return healthy("CronJob has not been scheduled yet")
    if succeeded is None:
        return healthy("The CronJob never completed successfully. It may not be healthy")
    if status.get("active"):
        return progressing(f"The job is running. Its last execution was successful at {succeeded}")
    # Both are RFC 3339 in UTC with whole seconds, so that they sort as text.
    if succeeded < scheduled:
        return degraded("CronJob has not completed its last execution successfully")
    return healthy(f"CronJob has completed its last execution successfully at {succeeded}")


def _disruption_budget(obj: Manifest) -> Health:
    allowed = condition(obj, "DisruptionAllowed")
    if allowed is None:
        return progressing("Waiting for status")
    if allowed.get("status") == "True" or allowed.get("reason") == "SufficientPods":
        return healthy(f"PodDisruptionBudget has {allowed.get('reason', '')}")
    if allowed.get("reason") == "InsufficientPods":
        return degraded(f"PodDisruptionBudget has {allowed['reason']}")
    return progressing(f"PodDisruptionBudget has {allowed.get('reason', '')}")


def _ready_condition(waiting: str) -> Rule:
    def rule(obj: Manifest) -> Health:
        ready = condition(obj, "Ready")
        if ready is None:
            return progressing(waiting)
        message = ready.get("message") or ""
        return healthy(message) if ready.get("status") == "True" else degraded(message)

    return rule


def _certificate(obj: Manifest) -> Health:
    issuing = condition(obj, "Issuing")
    ready = condition(obj, "Ready")
    if ready is not None and ready.get("status") == "True":
        return healthy(ready.get("message") or "")
    if issuing is not None and issuing.get("status") == "True":
        return progressing(issuing.get("message") or "")
    if ready is not None and ready.get("status") == "False":
        return degraded(ready.get("message") or "")
    return progressing("Waiting for certificate")


_ANALYSIS = {
    "Pending": (HealthStatus.PROGRESSING, "Analysis run is running"),
    "Running": (HealthStatus.PROGRESSING, "Analysis run is running"),
    "Successful": (HealthStatus.HEALTHY, "Analysis run completed successfully"),
    "Failed": (HealthStatus.DEGRADED, "Analysis run failed"),
    "Error": (HealthStatus.DEGRADED, "Analysis run had an error"),
    "Inconclusive": (HealthStatus.UNKNOWN, "Analysis run was inconclusive"),
}


def _analysis_run(obj: Manifest) -> Health:
    status = obj.get("status") or {}
    code, message = _ANALYSIS.get(
        status.get("phase") or "",
        (HealthStatus.PROGRESSING, "Waiting for analysis run to finish: status has not been reconciled."),
    )
    return Health(code, status.get("message") or message)


_NO_STATUS = "Waiting for the status to be reported"


def _application_set(obj: Manifest) -> Health:
    failed = condition(obj, "ErrorOccurred")
    if failed is not None and failed.get("status") == "True":
        return degraded(failed.get("message") or "")
    rollout = condition(obj, "RolloutProgressing")
    if rollout is not None and rollout.get("status") == "True":
        return progressing(rollout.get("message") or "")
    ready = condition(obj, "ResourcesUpToDate")
    if ready is not None and ready.get("status") == "True":
        return healthy(ready.get("message") or "")
    return degraded(ready.get("message") or "") if ready is not None else progressing(_NO_STATUS)


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
