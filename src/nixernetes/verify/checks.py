"""All rules over a platform: findings, sorted, each fault once; one broken rule never hides the others."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib import import_module

from nixernetes.verify.findings import Finding, Severity, merged
from nixernetes.verify.platform_view import PlatformView
from nixernetes.verify.rule import Rule

__all__ = ["Checked", "all_rules", "check"]

_MODULES = (
    "references.missing_source",
    "references.missing_dependency",
    "order.dependency_cycle",
    "references.missing_reference",
    "references.missing_values",
    "references.missing_namespace",
    "ownership.duplicate_owner",
    "order.crd_order",
    "order.health_check",
    "order.long_timeout",
    "permissions.project_permission",
    "order.sync_window",
    "order.sync_order",
    "order.empty_application_set",
    "safety.ignored_differences",
    "safety.replaced_claim",
    "order.sync_option",
    "order.sync_hook",
    "ownership.autoscaler",
    "references.monitor_target",
    "references.image_automation",
    "safety.network_policy",
    "notifications.notification_provider",
    "notifications.notification_settings",
    "permissions.cross_namespace",
    "references.service_target",
    "references.route_listener",
    "safety.disruption_budget",
    "safety.unschedulable_pods",
    "safety.resource_quota",
    "ownership.scaled_replicas",
    "permissions.service_account",
    "permissions.void_permission",
    "permissions.pod_security",
    "building.unset_variable",
    "safety.secret_in_plain_text",
    "building.unread_value",
    "building.ignored_field",
    "building.chart_definitions",
    "ownership.unmatched_patch",
    "references.image_reference",
    "ownership.orphan_file",
    "schemas.unserved_version",
    "schemas.invalid_object",
    "schemas.admission_policy",
    "policies.deleted_by_policy",
    "policies.invalid_policy",
    "policies.kyverno_policy",
    "cost.budget_exceeded",
    "cost.change_exceeded",
    "cost.unpriced",
    "cost.no_request",
    "compliance.compliance_level",
    "compliance.compliance_waiver",
    "building.empty_application",
    "building.not_rendered",
    "building.not_started",
    "safety.unused_ignore",
    "safety.unused_setting",
)

_SEVERAL = "; spec."  # between the problems of one object that are told together
_GENERAL = ("not-rendered", "invalid-object")  # they say that something is wrong; another rule may know what


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What was found.

    Attributes:
        findings: the findings, sorted.
        broken: rules that failed, each with the reason: a fault of ours.

    """

    findings: tuple[Finding, ...]
    broken: tuple[tuple[str, str], ...] = ()


def all_rules() -> tuple[Rule, ...]:
    """Return the rules in the order in which they are run."""
    return tuple(import_module(f"nixernetes.verify.rules.{name}").RULE for name in _MODULES)


def check(view: PlatformView, rules: Sequence[Rule] | None = None) -> Checked:
    """Run rules over a platform.

    Args:
        view: the platform.
        rules: the rules; None means all.

    """
    findings: list[Finding] = []
    broken: list[tuple[str, str]] = []
    for rule in all_rules() if rules is None else rules:
        try:
            findings += rule.findings(view)
        except Exception as error:  # noqa: BLE001  # the boundary of a rule: the others still say what they find
            broken.append((rule.name, f"{type(error).__name__}: {error}"))
    return Checked(findings=tuple(_causes(merged(findings))), broken=tuple(broken))


def _causes(findings: Iterable[Finding]) -> list[Finding]:
    """Leave out what another rule says better: that a delivery is not rendered, or an object not valid, and why."""
    found = list(findings)
    causes = [each for each in found if each.rule not in _GENERAL and each.severity is Severity.ERROR]
    told = {each.object for each in causes}
    places = {(each.object, each.place) for each in causes}
    lines = {each.place for each in causes if each.place.line}
    said = {(each.object, each.place, each.topic) for each in found if each.rule not in _GENERAL}
    refused = [each for each in found if each.rule == "invalid-object" and each.severity is Severity.ERROR]
    invalid = {each.place for each in refused}
    refusals = {(each.object, each.topic) for each in refused}
    unborn = {each.object for each in refused if "unknown field" not in each.message}
    return [
        each
        for each in found
        if each.rule not in _GENERAL
        or (
            each.rule == "not-rendered"
            and each.object not in told
            and each.place not in lines | invalid
            and (each.object, each.topic) not in refusals
            and each.object not in unborn  # nobody renders what the API server does not take
        )
        or (
            each.rule == "invalid-object"
            and (each.object, each.place) not in places
            and ((each.object, each.place, each.topic) not in said or _SEVERAL in each.message)
        )
    ]
