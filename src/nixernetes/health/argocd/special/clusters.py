"""Policies, operators and routes of clusters: many entries, one sentence."""

from __future__ import annotations

from nixernetes.health.argocd.rule_steps import Said
from nixernetes.health.argocd.script_values import at, entries, is_same, needed, reach, spelled
from nixernetes.objects.manifest import Json

__all__ = ["configuration_policy", "openshift_route", "operator_subscription"]


def configuration_policy(obj: Json, _: Json) -> Said | None:
    """Judge a ConfigurationPolicy; the message is what all its templates say."""
    status = at(obj, "status")
    compliant, details = at(status, "compliant"), at(status, "compliancyDetails")
    if compliant is None:
        return Said("Progressing", "Waiting for the status to be reported")
    if not is_same(at(status, "lastEvaluatedGeneration"), reach(obj, "metadata", "generation")):
        return Said("Progressing", "Waiting for the status to be updated")
    if details is None:
        return Said("Progressing", "Waiting for compliance")
    found = [each for _position, detail in entries(details) for _number, each in entries(at(detail, "conditions"))]
    told = [(at(each, "type"), at(each, "message")) for each in found]
    texts = [f"{spelled(kind)} - {spelled(text)}" for kind, text in told if None not in (kind, text)]
    return Said("Healthy" if compliant == "Compliant" else "Degraded", "; ".join(texts))


def openshift_route(obj: Json, _: Json) -> Said | None:
    """Judge a Route: every router has admitted it."""
    waiting, routers = Said("Progressing", "Route is still getting admitted"), at(obj, "status", "ingress")
    if routers is None:
        return waiting
    found = [router for _position, router in entries(routers)]
    conditions = [each for router in found for _position, each in entries(needed(at(router, "conditions")))]
    admitted = [at(each, "status") for each in conditions if at(each, "type") == "Admitted"]
    if admitted.count("True") == len(found):
        return Said("Healthy", "Route is healthy")
    return Said("Degraded", "Route is degraded") if "False" in admitted else waiting


def operator_subscription(obj: Json, _: Json) -> Said | None:
    """Judge a Subscription of the Operator Lifecycle Manager; a plan that waits for a person's approval is no fault."""
    conditions, state = at(obj, "status", "conditions"), at(obj, "status", "state")
    if conditions is None:
        return Said("Progressing", "An install plan for a subscription is pending installation")
    approval = _waits_for_approval(obj, conditions)
    lines, pending, broken = [], 0, 0
    for position, each in entries(conditions):
        kind, status, reason = (at(each, name) for name in ("type", "status", "reason"))
        if approval and kind == "InstallPlanPending":
            continue
        lines.append(f"{position}: {spelled(kind)} | {spelled(status)}")
        pending += kind == "InstallPlanPending" and status == "True"
        broken += kind == "InstallPlanMissing" and reason != "ReferencedInstallPlanNotFound"
        broken += kind in ("CatalogSourcesUnhealthy", "InstallPlanFailed", "ResolutionFailed") and status == "True"
    approved = " (manual InstallPlan approval pending; treated as healthy)"
    excused = approval and state == "UpgradePending"
    lines.append(
        ".status.state not yet known"
        if state is None
        else f".status.state is '{spelled(state)}'{approved if excused else ''}"
    )
    pending += state in (None, "", "UpgradeAvailable") or (state == "UpgradePending" and not approval)
    broken += state == "UpgradeFailed"
    status = "Degraded" if broken else "Progressing" if pending else "Healthy"
    return Said(status, "".join(f"{line}\n" for line in lines))


def _waits_for_approval(obj: Json, conditions: Json) -> bool:
    wanted = ("InstallPlanPending", "True", "RequiresApproval")
    found = [tuple(at(each, name) for name in ("type", "status", "reason")) for _position, each in entries(conditions)]
    manual = at(obj, "spec", "installPlanApproval") == "Manual" and at(obj, "status", "installedCSV") is not None
    return manual and wanted in found
