"""Which rule decides the health of an object, in words: for people who wonder why it says what it says.

The order is that of the verdicts themselves (:mod:`kstatus`, :class:`HealthExpressions`, :class:`Assessor`); each
answer names the first rule that applies.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from nixernetes.gitops.flux.health import HealthCheckExpr
from nixernetes.health import kstatus
from nixernetes.health.argocd.assess import HOOK_FINALIZER, RULES, Assessor
from nixernetes.health.argocd.bundled import bundled_kinds
from nixernetes.health.conditions import condition, conditions
from nixernetes.health.expressions import expression_for
from nixernetes.languages.globs.gobwas import glob_match
from nixernetes.objects.fields import at, items_at, number_at
from nixernetes.objects.identity import GroupKind, group_kind
from nixernetes.objects.manifest import Manifest

__all__ = ["HealthRule", "argocd_rule", "flux_rule"]

_SCRIPT: Final = "resource.customizations.health."


@dataclass(frozen=True, slots=True, kw_only=True)
class HealthRule:
    """A rule that decides.

    Attributes:
        language: what it is written in: ``kstatus``, ``CEL``, ``Lua``, or ``Argo CD`` for a rule that it comes with.
        name: which one, in words.
        source: what somebody wrote, where somebody did.

    """

    language: str
    name: str
    source: str = ""


def flux_rule(manifest: Manifest, expressions: Sequence[HealthCheckExpr] = ()) -> HealthRule:
    """Return the rule by which Flux sees an object: an expression of its delivery, else kstatus.

    Args:
        manifest: the live object.
        expressions: the ``healthCheckExprs`` of its delivery.

    """
    found = expression_for(manifest, expressions)
    if found is not None:
        words = (("current", found.current), ("inProgress", found.in_progress), ("failed", found.failed))
        source = "\n".join(f"{name}: {text}" for name, text in words if text)
        return HealthRule(language="CEL", name="healthCheckExprs of its delivery", source=source)
    return HealthRule(language="kstatus", name=_kstatus(manifest))


def _kstatus(manifest: Manifest) -> str:
    if at(manifest, "metadata", "deletionTimestamp"):
        return "it is being deleted"
    generation = number_at(manifest, "metadata", "generation")
    observed = at(manifest, "status", "observedGeneration")
    if isinstance(observed, int) and observed != generation:
        return "status.observedGeneration lags behind metadata.generation"
    for each in conditions(manifest):
        if each.is_true and each.type in ("Reconciling", "Stalled"):
            return f"the condition {each.type}"
    if group_kind(manifest) in kstatus.KINDS:
        return f"the rule for {group_kind(manifest).kind}"
    if condition(manifest, "Ready"):
        return "the condition Ready"
    return "nothing says otherwise: it is there, so it is current"


def argocd_rule(manifest: Manifest, assessor: Assessor) -> HealthRule | None:
    """Return the rule by which Argo CD sees an object; None where its kind has none, and so no health.

    Args:
        manifest: the live object.
        assessor: the settings of that Argo CD.

    """
    if at(manifest, "metadata", "deletionTimestamp") and HOOK_FINALIZER not in items_at(
        manifest, "metadata", "finalizers"
    ):
        return HealthRule(language="Argo CD", name="it is being deleted")
    kind = group_kind(manifest)
    key = assessor.script_key(kind)
    if key:
        return HealthRule(language="Lua", name=f"{_SCRIPT}{key} in argocd-cm", source=assessor.scripts[key].source)
    if kind in RULES:
        return HealthRule(language="Argo CD", name=f"the rule for {kind.kind}")
    if any(_means(each, kind) for each in bundled_kinds()):
        return HealthRule(language="Argo CD", name=f"the script that it comes with for {kind.group}/{kind.kind}")
    return None


def _means(pattern: GroupKind, kind: GroupKind) -> bool:
    return all(one == two or ("*" in one and glob_match(one, two)) for one, two in zip(pattern, kind, strict=True))
