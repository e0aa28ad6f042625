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
    "missing_source",
    "missing_dependency",
    "dependency_cycle",
    "missing_reference",
    "missing_values",
    "missing_namespace",
    "duplicate_owner",
    "crd_order",
    "health_check",
    "project_permission",
    "sync_window",
    "sync_order",
    "empty_application_set",
    "ignored_differences",
    "replaced_claim",
    "service_target",
    "disruption_budget",
    "scaled_replicas",
    "service_account",
    "unset_variable",
    "secret_in_plain_text",
    "unread_value",
    "chart_definitions",
    "unmatched_patch",
    "image_reference",
    "orphan_file",
    "not_rendered",
)


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
    """Leave out what follows from another finding: that a delivery is not rendered, where the reason is told."""
    found = list(findings)
    told = {each.object for each in found if each.rule != "not-rendered" and each.severity is Severity.ERROR}
    return [each for each in found if each.rule != "not-rendered" or each.object not in told]
