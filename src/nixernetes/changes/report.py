"""All that is to be said of a change: what happens, what is dangerous, which findings are new and which are mended."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from importlib import import_module
from typing import Final

from nixernetes.changes.change import Action, NotVerified, ObjectChange
from nixernetes.changes.compared import ClusterComparison, PlatformComparison
from nixernetes.changes.comparison import compare
from nixernetes.changes.dangers.scene import ClusterScene
from nixernetes.changes.images import ImageChange, changed_images
from nixernetes.changes.secrecy import Secrecy, secrets_of
from nixernetes.changes.sides import Side
from nixernetes.cost.deltas import compare as compare_costs
from nixernetes.cost.reports import DeltaReport
from nixernetes.verify.findings import Finding, Severity, merged

__all__ = ["ChangeReport", "by_weight", "hidden", "look", "report_of"]

_DANGERS: Final = ("refusals", "losses", "deliveries", "releases", "access", "rollouts")


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeReport:
    """What a change of a repository does, and what is to be known of it.

    Attributes:
        comparison: what happens.
        dangers: consequences, the worst first.
        new: what ``check`` finds now and did not find before.
        fixed: what it found before and does not find now.
        images: containers that run another image.
        broken: checks of ours that failed, each with the reason.
        base: how the side before is named.
        head: how the side now is named.
        cost: what it costs; None where that could not be told.
        unverified: what could not be known of a cluster that runs.
        is_live: whether the side before is a cluster that runs.

    """

    comparison: PlatformComparison
    dangers: tuple[Finding, ...]
    new: tuple[Finding, ...] = ()
    fixed: tuple[Finding, ...] = ()
    images: tuple[ImageChange, ...] = ()
    broken: tuple[tuple[str, str], ...] = ()
    base: str = ""
    head: str = ""
    cost: DeltaReport | None = None
    unverified: tuple[NotVerified, ...] = ()
    is_live: bool = False

    @property
    def changes(self) -> tuple[ObjectChange, ...]:
        """What happens, cluster by cluster."""
        return tuple(self.comparison.changes)

    @property
    def clusters(self) -> tuple[ClusterComparison, ...]:
        """The clusters on which something happens."""
        return tuple(each for each in self.comparison.clusters if each.changes)

    @property
    def is_dangerous(self) -> bool:
        """Tell whether something is lost or refused, or hardly meant."""
        return any(each.severity is not Severity.INFO for each in (*self.dangers, *self.new))

    @property
    def is_unsure(self) -> bool:
        """Tell whether something is not known of a cluster that runs: not verified, or not rendered."""
        return self.is_live and bool(self.unverified or self.comparison.failures)

    def counts(self, cluster: ClusterComparison | None = None) -> dict[Action, int]:
        """Return how many objects meet each fate, on one cluster or on all."""
        number = Counter(each.action for each in (cluster.changes if cluster is not None else self.changes))
        return {action: number[action] for action in Action if number[action]}


def report_of(
    base: Side, head: Side, found: tuple[Sequence[Finding], Sequence[Finding]], *, names: tuple[str, str] = ("", "")
) -> ChangeReport:
    """Return what is to be said of a change.

    Args:
        base: the platform before.
        head: the platform now.
        found: what ``check`` finds before and now.
        names: how the sides are named.

    """
    comparison = compare(base, head)
    dangers, broken = look(comparison, base, head)
    cost = None
    try:
        cost = _cost(base, head, names)
    except Exception as error:  # noqa: BLE001  # same
        broken.append(("costs", f"{type(error).__name__}: {error}"))
    before, after = ({each.fingerprint for each in side} for side in found)
    secrecy = secrets_of(base, head)
    dangers = [replace(each, message=secrecy.hide(each.message)) for each in dangers]
    return ChangeReport(
        comparison=hidden(comparison, secrecy),
        dangers=tuple(sorted([*merged(dangers), *_undeclared(comparison)], key=by_weight)),
        new=tuple(each for each in found[1] if each.fingerprint not in before),
        fixed=tuple(each for each in found[0] if each.fingerprint not in after and not _is_still(each, found[1])),
        images=tuple(changed_images(comparison.changes)),
        broken=tuple(broken),
        base=names[0],
        head=names[1],
        cost=cost,
    )


def look(comparison: PlatformComparison, base: Side, head: Side) -> tuple[list[Finding], list[tuple[str, str]]]:
    """Return the consequences of what happens, and the looks that failed, each with the reason.

    Args:
        comparison: what happens.
        base: the platform before.
        head: the platform now.

    """
    dangers: list[Finding] = []
    broken: list[tuple[str, str]] = []
    for cluster in comparison.clusters:
        if cluster.changes or cluster.held:
            scene = ClusterScene(cluster=cluster, base=base, head=head)
            for name in _DANGERS:
                try:
                    dangers += import_module(f"nixernetes.changes.dangers.{name}").find(scene)
                except Exception as error:  # noqa: BLE001  # the boundary of one look: the others still say what they see
                    broken.append((name, f"{type(error).__name__}: {error}"))
    return dangers, broken


def _is_still(finding: Finding, now: Sequence[Finding]) -> bool:
    """Tell whether something is said with other figures: a budget that is exceeded by another amount."""
    return finding.topic == "cost" and any(
        (each.rule, each.object, each.place) == (finding.rule, finding.object, finding.place) for each in now
    )


def _cost(base: Side, head: Side, names: tuple[str, str]) -> DeltaReport:
    verdicts = tuple(verdict for verdict, _ in head.view.budget_verdicts)
    delta = compare_costs(base.view.estimate, head.view.estimate)
    return DeltaReport(delta=delta, verdicts=verdicts, base=names[0], head=names[1])


def hidden(comparison: PlatformComparison, secrecy: Secrecy) -> PlatformComparison:
    """Return what happens without the values of Secrets."""
    clusters = tuple(
        replace(
            cluster,
            changes=tuple(
                replace(each, fields=tuple(secrecy.hidden(field) for field in each.fields)) if each.fields else each
                for each in cluster.changes
            ),
        )
        for cluster in comparison.clusters
    )
    return replace(comparison, clusters=clusters)


def by_weight(finding: Finding) -> tuple[int, str, str]:
    """Return by what findings are sorted: the worst first."""
    return -finding.severity.rank, finding.topic, finding.object


def _undeclared(comparison: PlatformComparison) -> Iterator[Finding]:
    """Yield clusters that the repository no longer declares: their controllers fail, and delete nothing."""
    for name in comparison.removed:
        yield Finding(
            rule="cluster-removed",
            topic="cluster-removed",
            severity=Severity.WARNING,
            message=(
                f"the cluster {name} is no longer declared: what runs there stays, and its controllers no longer find "
                "what they follow"
            ),
            clusters=(name,),
        )
