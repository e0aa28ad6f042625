"""``compliance-level``: what is promised by its label, or by the settings, keeps what its level demands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Final

from nixernetes.compliance.assessment import outcomes_of
from nixernetes.compliance.controls import frameworks
from nixernetes.compliance.labelling import LEVEL
from nixernetes.compliance.levels import ComplianceLevel
from nixernetes.compliance.objects import AssessedObject
from nixernetes.compliance.results import ComplianceOutcome, Evidence
from nixernetes.errors import InputError
from nixernetes.objects.manifest import Manifest, labels_of
from nixernetes.verify.complying import assessed_clusters, with_versions
from nixernetes.verify.findings import Severity
from nixernetes.verify.objects import ClusterObjects, Placed
from nixernetes.verify.platform_view import PlatformView
from nixernetes.verify.rule import Found, Rule

__all__ = ["RULE"]


def _check(view: PlatformView) -> Iterator[Found]:
    clusters = assessed_clusters(view)
    levels = {
        id(item): level
        for cluster in clusters
        for item in cluster.objects
        for level in [_promised(view, item)]
        if level is not None
    }
    if not levels and view.promises.level is None:
        return
    wanted = set(levels.values()) | ({view.promises.level} if view.promises.level is not None else set())
    checks = dict.fromkeys(check for level in sorted(wanted, key=_rank) for check in level.requirements)
    for each in view.promises.without:
        checks.pop(each, None)
    by_name = {each.name: each for each in view.clusters}
    options = with_versions(view.promises.options, view.minor_versions)
    for outcome in outcomes_of(clusters, checks, options):
        yield from _found(view, outcome, levels, by_name[outcome.cluster])


def _rank(level: ComplianceLevel) -> int:
    return level.rank


def _promised(view: PlatformView, item: AssessedObject) -> ComplianceLevel | None:
    """Return the level that an object is held to: the highest of its label, that of its delivery, and the settings."""
    placed = item.handle
    owner = placed.owner if isinstance(placed, Placed) else None
    said = [_labelled(item.manifest), _labelled(owner.manifest) if owner is not None else None, view.promises.level]
    return max((each for each in said if each is not None), key=_rank, default=None)


def _labelled(manifest: Manifest) -> ComplianceLevel | None:
    said = labels_of(manifest).get(LEVEL, "")
    try:
        return ComplianceLevel.named(said) if said else None
    except InputError:
        return None  # not one of ours: nothing is promised


def _found(
    view: PlatformView, outcome: ComplianceOutcome, levels: Mapping[int, ComplianceLevel], cluster: ClusterObjects
) -> Iterator[Found]:
    seen: set[int] = set()
    for each in outcome.failures:
        level = levels.get(id(each.subject))
        if level is None or outcome.check not in level.requirements or _is_waived(view, each):
            continue
        if id(each.subject) in seen:  # one finding tells enough of one object
            continue
        seen.add(id(each.subject))
        placed = each.subject.handle
        message = f"the level {level} is promised, and {each.check} fails: {each.message}"
        subject = placed if isinstance(placed, Placed) else None
        yield Found(cluster=cluster, subject=subject, message=message, path=each.path)


def _is_waived(view: PlatformView, evidence: Evidence) -> bool:
    """Tell whether a waiver of the check, or of a control that it serves, holds."""
    return any(
        each.covers(evidence.check, each.control if evidence.check in _served(each.control) else "", *_where(evidence))
        and not each.is_expired(view.promises.today)
        for each in view.promises.waivers
    )


def _where(evidence: Evidence) -> tuple[str, str]:
    return evidence.cluster, evidence.object


@lru_cache(maxsize=1024)
def _served(control: str) -> frozenset[str]:
    """Return the checks that serve a control, of whichever framework has it. The last 1,024 answers are kept."""
    found = (each.control(control) for each in frameworks())
    return frozenset(check for each in found if each is not None for check in each.checks)


RULE: Final = Rule(
    name="compliance-level",
    topic="compliance",
    severity=Severity.ERROR,
    sentence="Objects that promise a level of compliance meet its demands.",
    check=_check,
)
