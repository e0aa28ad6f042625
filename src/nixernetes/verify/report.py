"""What a check ends with: the findings, what was looked at, and what could not be verified."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from nixernetes.render.argocd.application_sources import REPEATED
from nixernetes.render.delivery_builds import DROPPED
from nixernetes.verify.cluster_schemas import schemas_of
from nixernetes.verify.findings import Finding, Severity
from nixernetes.verify.other_branches import follows_another_branch
from nixernetes.verify.platform_view import PlatformView
from nixernetes.verify.policies.asking import asked_policies
from nixernetes.verify.rules.building.not_rendered import cannot_be_known

__all__ = ["CheckReport", "Unverified", "unverified"]

_NAMED: Final = 4  # kinds by their names
_FOUND: Final = ("circle", REPEATED, DROPPED)  # notes that rules tell as findings
_HOST: Final = re.compile(r"[\w.:-]+ cannot be reached")


@dataclass(frozen=True, slots=True, kw_only=True)
class Unverified:
    """Something that could not be verified here: neither right nor wrong.

    Attributes:
        subject: the object, or what is counted.
        reason: why, and how to supply what is missing.

    """

    subject: str
    reason: str

    def __str__(self) -> str:
        return f"{self.subject}: {self.reason}"


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckReport:
    """What a check ends with.

    Attributes:
        findings: the findings, sorted by place.
        unverified: what could not be verified.
        clusters: the names of the clusters.
        deliveries: how many deliveries were rendered.
        objects: how many objects they bring.
        suppressed: how many findings are accepted: by a comment, the settings or a baseline.
        broken: rules that failed, each with the reason: a fault of ours.

    """

    findings: tuple[Finding, ...]
    unverified: tuple[Unverified, ...] = ()
    clusters: tuple[str, ...] = ()
    deliveries: int = 0
    objects: int = 0
    suppressed: int = 0
    broken: tuple[tuple[str, str], ...] = ()

    def count(self, severity: Severity) -> int:
        """Return how many findings are of a severity."""
        return sum(each.severity is severity for each in self.findings)

    def is_clean(self, fail_on: Severity) -> bool:
        """Tell whether nothing was found that is at least as severe."""
        return all(each.severity.rank < fail_on.rank for each in self.findings)

    @property
    def counts(self) -> str:
        """The counts in words, as ``2 errors, 1 warning``."""
        number = Counter(each.severity for each in self.findings)
        words = [
            f"{number[severity]} {name}{'s' if number[severity] != 1 else ''}"
            for severity, name in ((Severity.ERROR, "error"), (Severity.WARNING, "warning"), (Severity.INFO, "note"))
            if number[severity]
        ]
        return ", ".join(words) or "nothing found"


def unverified(view: PlatformView) -> Iterator[Unverified]:
    """Yield what could not be verified: what needs something that is not here, has no schema, or is encrypted."""
    yield from _without_schema(view)
    yield from _without_verdict(view)
    told: set[str] = set()
    away: dict[str, list[str]] = {}
    for cluster, delivery in view.deliveries():
        if cannot_be_known(view, cluster, delivery):
            host = _HOST.search(delivery.problem)
            reason = (
                f"{host[0]}: map what is there with --source URL=PATH" if host else delivery.problem.splitlines()[0]
            )
            if follows_another_branch(view, cluster, delivery):
                reason = f"{reason}: its source follows a branch other than the one here"
            away.setdefault(reason, []).append(str(delivery.key))
    for reason, names in away.items():
        distinct = list(dict.fromkeys(names))
        more = f" and {len(distinct) - 1} more deliveries" if len(distinct) > 1 else ""
        yield Unverified(subject=f"{distinct[0]}{more}", reason=reason)
    for _, delivery in view.deliveries():
        for note in delivery.notes:
            if str(note) not in told and not any(each in note.text for each in _FOUND):
                told.add(str(note))
                yield Unverified(subject=note.subject, reason=note.text)


def _without_verdict(view: PlatformView) -> Iterator[Unverified]:
    """Yield one line for each policy and reason for which its verdict could not be known here."""
    counts: Counter[str] = Counter()
    asked: dict[str, dict[str, None]] = {}
    reasons: dict[str, str] = {}
    for verdict in asked_policies(view):
        if verdict.is_known and (verdict.row.result != "error" or verdict.is_enforced):
            continue
        counts[verdict.named] += 1
        asked.setdefault(verdict.named, {}).update(dict.fromkeys(verdict.row.not_given))
        reasons.setdefault(verdict.named, verdict.row.message)
    for named, count in counts.items():
        first, *others = [*asked[named], ""]
        more = f" and {len(others) - 1} more" if len(others) > 1 else ""
        reason = f"it asks for {first}{more}, which is not in the repository" if first else reasons[named]
        yield Unverified(subject=f"{named} on {count} object{'s' if count > 1 else ''}", reason=reason)


def _without_schema(view: PlatformView) -> Iterator[Unverified]:
    """Yield one line about the kinds that nothing defines here."""
    counts: Counter[str] = Counter()
    for cluster in view.clusters:
        schemas = schemas_of(view, cluster)
        known: dict[str, bool] = {}
        for item in cluster.placed:
            kind = str(item.key.group_kind)
            if kind not in known:
                known[kind] = schemas.is_known(item.manifest)
            counts[kind] += not known[kind]
    missing = [kind for kind, count in counts.most_common() if count]
    if missing:
        objects = sum(counts.values())
        more = f" and {len(missing) - _NAMED} more" if len(missing) > _NAMED else ""
        subject = f"{objects} object{'s' if objects > 1 else ''} of {', '.join(missing[:_NAMED])}{more}"
        yield Unverified(subject=subject, reason="no schema: give their definitions with --schemas FOLDER")
