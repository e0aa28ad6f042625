"""All that is to be said of merging onto a cluster that runs, in the form of every report of changes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from nixernetes.changes.change import NotVerified, Unrendered
from nixernetes.changes.compared import PlatformComparison
from nixernetes.changes.dangers.scene import ClusterScene
from nixernetes.changes.deletion import Fates
from nixernetes.changes.images import changed_images
from nixernetes.changes.live.base_side import base_side, outside
from nixernetes.changes.live.state import LiveState
from nixernetes.changes.live.suspending import as_suspended
from nixernetes.changes.live.trials import DryRun
from nixernetes.changes.live.walk import LiveWalk
from nixernetes.changes.report import ChangeReport, by_weight, hidden, look
from nixernetes.changes.secrecy import Secrecy, secrets_of
from nixernetes.changes.sides import ClusterSide, Side
from nixernetes.objects.identity import ObjectKey
from nixernetes.verify.findings import Finding, Severity, merged

__all__ = ["LiveComparison", "LiveQuestion", "live_comparison", "live_report"]


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveQuestion:
    """What is compared.

    Attributes:
        head: the platform as it is in Git.
        cluster: the cluster in it, with all deliveries that bring something to it.
        state: what was read of the cluster that runs.
        trials: what the server made of each write.
        skipped: objects of which nothing can be said, with the reason.
        upgrades: whether a release is upgraded, as far as that is known.
        name: how the side of Git is named.

    """

    head: Side
    cluster: ClusterSide
    state: LiveState
    trials: Mapping[ObjectKey, DryRun]
    skipped: Mapping[ObjectKey, str]
    upgrades: Mapping[ObjectKey, bool]
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveComparison:
    """What merging changes on a cluster, and what it was found with.

    Attributes:
        report: the report.
        cluster: the cluster as it is in Git; a delivery that stays suspended on the cluster is so here, too.
        secrecy: hides what is secret.

    """

    report: ChangeReport
    cluster: ClusterSide
    secrecy: Secrecy


def live_report(question: LiveQuestion) -> ChangeReport:
    """Return what merging changes on a cluster."""
    return live_comparison(question).report


def live_comparison(question: LiveQuestion) -> LiveComparison:
    """Return what merging changes on a cluster, with what it was found with."""
    head, state = question.head, question.state
    now = as_suspended(question.cluster, state, question.trials)
    name = now.objects.name
    base = base_side(head, now, state)
    before = base.clusters.get(name) or replace(now, objects=replace(now.objects, placed=()), deliveries={})
    hub = now.objects.hub
    hubs = (base.clusters.get(hub, before), now if hub == name else head.clusters.get(hub, now))
    walk = LiveWalk(
        base=base,
        head=head,
        name=name,
        sides=(before, now),
        fates=Fates(base=before, head=now, hub=hubs, problem_of=head.problem_of),
        trials=question.trials,
        skipped=question.skipped,
        upgrades=question.upgrades,
    )
    found = walk.run()
    comparison = PlatformComparison(clusters=(found,), failures=tuple(_failures(now)))
    dangers, broken = look(comparison, base, head)
    dangers += _refused(walk, ClusterScene(cluster=found, base=base, head=head))
    dangers += [*_outside(now, state), *_elsewhere(head, now)]
    secrecy = secrets_of(base, head)
    unknown = [*walk.unverified, *_unknown(state, name)]
    report = ChangeReport(
        comparison=hidden(comparison, secrecy),
        dangers=tuple(
            sorted(merged([replace(each, message=secrecy.hide(each.message)) for each in dangers]), key=by_weight)
        ),
        images=tuple(changed_images(comparison.changes)),
        broken=tuple(broken),
        base=f"the cluster of context {state.context}",
        head=question.name,
        is_live=True,
        unverified=tuple(replace(each, reason=secrecy.hide(each.reason)) for each in unknown),
    )
    return LiveComparison(report=report, cluster=now, secrecy=secrecy)


def _failures(cluster: ClusterSide) -> Iterator[Unrendered]:
    name = cluster.objects.hub
    for key in sorted(cluster.deliveries):
        delivery = cluster.deliveries[key]
        if delivery.problem:
            yield Unrendered(side="head", delivery=str(key), cluster=name, message=delivery.problem)


def _refused(walk: LiveWalk, scene: ClusterScene) -> Iterator[Finding]:
    for key, words in walk.refused:
        yield scene.say("refused", Severity.ERROR, key, f"the server refuses it: {' '.join(words.split())}")


def _unknown(state: LiveState, name: str) -> Iterator[NotVerified]:
    for subject, reason in state.unknown:
        yield NotVerified(cluster=name, subject=subject, reason=reason)


def _elsewhere(head: Side, cluster: ClusterSide) -> Iterator[Finding]:
    """Yield the other clusters to which the deliveries of this one bring something."""
    name = cluster.objects.name
    for other in head.clusters.values():
        theirs = [each for each in other.objects.deliveries if each in head.view.held.get(name, ())]
        if other.objects.name != name and theirs:
            number = f"{len(theirs)} deliveries bring" if len(theirs) > 1 else "1 delivery brings"
            yield Finding(
                rule="other-cluster",
                topic="other-cluster",
                severity=Severity.INFO,
                message=f"{number} something there, which is not compared: ask that cluster with --context",
                object=other.objects.name,
                clusters=(name,),
            )


def _outside(cluster: ClusterSide, state: LiveState) -> Iterator[Finding]:
    """Yield the deliveries that run on the cluster and have nothing to do with this repository."""
    for key in outside(cluster, state) if not cluster.objects.is_remote else ():
        yield Finding(
            rule="undeclared-delivery",
            topic="undeclared-delivery",
            severity=Severity.INFO,
            message="this repository does not declare it: what it brings is not compared",
            object=str(key),
            clusters=(cluster.objects.name,),
        )
