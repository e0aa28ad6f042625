"""``cost/no-request``: every container that counts for a budget says what it asks for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from nixernetes.cost.budget_verdicts import in_scope
from nixernetes.cost.lines import CostLine, LineStatus
from nixernetes.objects.identity import ObjectKey
from nixernetes.verify.findings import Severity
from nixernetes.verify.objects import Placed
from nixernetes.verify.places import FieldPath
from nixernetes.verify.platform_view import PlatformView
from nixernetes.verify.pods.workloads import containers, template_of
from nixernetes.verify.rule import Found, Rule

__all__ = ["RULE"]


def _check(view: PlatformView) -> Iterator[Found]:
    budgets = [budget for budget, _ in view.costing.budgets]
    if not budgets:
        return
    silent: dict[tuple[str, ObjectKey], list[CostLine]] = {}
    for line in view.estimate.of(LineStatus.NO_REQUEST):
        if any(in_scope(line, budget) for budget in budgets):
            silent.setdefault((line.subject.cluster, line.subject.key), []).append(line)
    for cluster in view.clusters:
        for (name, key), lines in silent.items():
            item = cluster.get(key) if name == cluster.name else None
            if item is not None:
                message = f"{'; '.join(line.reason for line in lines)}: its budget says less than it seems"
                yield Found(cluster=cluster, subject=item, message=message, path=_path(item))


def _path(item: Placed) -> FieldPath:
    """Return the first container that does not say what it asks for."""
    pod = template_of(item)
    found = containers(pod) if pod is not None else iter(())
    return next((path for path, container in found if "requests" not in (container.get("resources") or {})), ())


RULE: Final = Rule(
    name="cost/no-request",
    topic="cost",
    severity=Severity.INFO,
    sentence="Every container that counts for a budget has requests.",
    check=_check,
)
