"""``nixernetes status``: how every delivery of real clusters stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from nixernetes.adapters.clock import SystemClock
from nixernetes.app.live.clusters import Contexts, chosen_contexts, each_at_once, opened
from nixernetes.app.live.reading import why
from nixernetes.engine.reports.standings import DeliveryStanding, Standings, standings
from nixernetes.errors import NixernetesError

__all__ = ["LiveStatus", "StatusQuestion", "status"]


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusQuestion:
    """What is asked.

    Attributes:
        contexts: of which clusters.
        namespace: only this namespace; ``""`` means all.
        sources: whether sources of Flux are told, too.

    """

    contexts: Contexts
    namespace: str = ""
    sources: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveStatus:
    """The answer.

    Attributes:
        now: when it was read.
        contexts: the contexts that were asked.
        deliveries: how each delivery stands.
        faults: what could not be read: the context, and why.

    """

    now: datetime
    contexts: tuple[str, ...]
    deliveries: tuple[DeliveryStanding, ...]
    faults: tuple[tuple[str, str], ...]


def status(question: StatusQuestion) -> LiveStatus:
    """Return how the deliveries stand; a cluster that does not answer is a fault beside the others.

    Raises:
        InputError: there is no kubeconfig, or no such context.

    """
    names = chosen_contexts(question.contexts)
    now = SystemClock().now()
    found = each_at_once(names, lambda name: _of(question, name, now))
    return LiveStatus(
        now=now,
        contexts=tuple(names),
        deliveries=tuple(each for one in found for each in one.deliveries),
        faults=tuple((name, fault) for name, one in zip(names, found, strict=True) for fault in one.faults),
    )


def _of(question: StatusQuestion, name: str, now: datetime) -> Standings:
    try:
        with opened(question.contexts, name) as (_, client):
            return standings(name, client, now, namespace=question.namespace or None, sources=question.sources)
    except NixernetesError as error:
        return Standings(faults=(why(error),))
