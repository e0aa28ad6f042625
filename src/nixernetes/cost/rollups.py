"""Costs by team, environment, cluster, application, namespace and kind; their sums are the total, exactly.

What everybody on a cluster has a part in (its control plane, DaemonSets, the load balancers of ingress controllers) is
``shared`` among teams and applications, or spread over them by what their processors and memory cost there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final

from nixernetes.cost.amounts import ZERO, Span, difference, divided, exact_product, exact_sum
from nixernetes.cost.estimates import Estimate, total_of
from nixernetes.cost.lines import CostLine, LineStatus
from nixernetes.errors import InputError

__all__ = ["DIMENSIONS", "VIEWS", "CostGroup", "groups"]

SHARED: Final = "shared"
_NO_APP: Final = "(starts the cluster)"
_NO_NAMESPACE: Final = "(cluster-wide)"

DIMENSIONS: Final[Mapping[str, Callable[[CostLine], str]]] = {
    "team": lambda line: SHARED if line.is_shared else line.subject.team,
    "namespace": lambda line: line.subject.key.namespace or _NO_NAMESPACE,
    "app": lambda line: SHARED if line.is_shared else line.subject.app or _NO_APP,
    "cluster": lambda line: line.subject.cluster,
    "env": lambda line: line.subject.environment,
    "kind": lambda line: line.subject.key.kind,
}
VIEWS: Final[Mapping[str, Callable[[CostLine], str]]] = {
    **DIMENSIONS,
    "node": lambda line: f"{line.subject.cluster}/{line.subject.key.name}",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class CostGroup:
    """What one team, cluster, kind and so on costs.

    Attributes:
        name: its name.
        monthly: a month, with the fewest, the typical and the most replicas.
        ceiling: where all replicas use their limits; None where nothing bounds it.
        resources: what its processors, memory and so on cost, by resource.
        objects: how many objects it has.
        open_items: how many items may cost more than is said.

    """

    name: str
    monthly: Span
    ceiling: Decimal | None = ZERO
    resources: Mapping[str, Decimal]
    objects: int = 0
    open_items: int = 0


def dimension(by: str) -> Callable[[CostLine], str]:
    """Return what names the group of a line.

    Raises:
        InputError: there is no such dimension.

    """
    found = VIEWS.get(by)
    if found is None:
        raise InputError(f"there is no such view: use {', '.join(VIEWS)}", subject=by)
    return found


def groups(estimate: Estimate, by: str, *, spread_shared: bool = False) -> tuple[CostGroup, ...]:
    """Return the groups of an estimate, the most costly first.

    Args:
        estimate: the estimate.
        by: ``team``, ``namespace``, ``app``, ``cluster``, ``env`` or ``kind``; ``node`` of a view of nodes.
        spread_shared: whether what is shared is spread over the groups of its cluster.

    Raises:
        InputError: there is no such dimension.

    """
    naming = dimension(by)
    sorted_in: dict[str, list[CostLine]] = {}
    for line in estimate.lines:
        sorted_in.setdefault(naming(line), []).append(line)
    shares: dict[str, Span] = {}
    if spread_shared and by in ("team", "app") and SHARED in sorted_in:
        shares, rest = _spread(sorted_in)
        sorted_in[SHARED] = rest
    found = [_more(_group(name, lines), shares.get(name)) for name, lines in sorted_in.items() if lines]
    return tuple(sorted(found, key=lambda each: (-each.monthly.typical, each.name)))


def _more(group: CostGroup, share: Span | None) -> CostGroup:
    """Return a group with its share in what is shared."""
    if share is None:
        return group
    return replace(
        group,
        monthly=_together(group.monthly, share),
        ceiling=None if group.ceiling is None else exact_sum((group.ceiling, share.most)),
        resources={**group.resources, SHARED: share.typical},
    )


def _together(one: Span, other: Span) -> Span:
    return Span(*(exact_sum(pair) for pair in zip(one, other, strict=True)))


def _group(name: str, lines: list[CostLine]) -> CostGroup:
    resources: dict[str, list[Decimal]] = {}
    for line in lines:
        if line.status is LineStatus.PRICED:
            resources.setdefault(line.resource, []).append(line.monthly.typical)
    ceilings = [line.ceiling for line in lines if line.status is not LineStatus.ZERO]
    known = [each for each in ceilings if each is not None]
    return CostGroup(
        name=name,
        monthly=total_of(lines),
        ceiling=exact_sum(known) if len(known) == len(ceilings) else None,
        resources={key: exact_sum(values) for key, values in sorted(resources.items())},
        objects=len({(line.subject.cluster, line.subject.key) for line in lines}),
        open_items=len({(line.subject.identity, line.status) for line in lines if line.is_open}),
    )


def _spread(sorted_in: Mapping[str, list[CostLine]]) -> tuple[dict[str, Span], list[CostLine]]:
    """Return the share of each group in what is shared, cluster by cluster, and the lines that stay shared.

    These are what has no figure, and all of a cluster on which nobody else pays for processors or memory.
    """
    weights: dict[str, dict[str, Decimal]] = {}
    for name, lines in sorted(sorted_in.items()):
        for line in lines:
            if name != SHARED and line.resource in ("cpu", "memory") and line.monthly.typical:
                here = weights.setdefault(line.subject.cluster, {})
                here[name] = exact_sum((here.get(name, ZERO), line.monthly.typical))
    spread: dict[str, list[CostLine]] = {}
    rest: list[CostLine] = []
    for line in sorted_in[SHARED]:
        is_spread = line.subject.cluster in weights and not line.is_open
        (spread.setdefault(line.subject.cluster, []) if is_spread else rest).append(line)
    found: dict[str, Span] = {}
    for cluster, lines in spread.items():
        for name, share in _shares(total_of(lines), weights[cluster]).items():
            found[name] = _together(found.get(name, Span()), share)
    return found, rest


def _shares(whole: Span, weights: Mapping[str, Decimal]) -> dict[str, Span]:
    """Return a whole by weights; the last one takes what is left, so that nothing is lost."""
    all_of_it, left = exact_sum(weights.values()), whole
    found: dict[str, Span] = {}
    *firsts, last = weights
    for name in firsts:
        part = Span(*(divided(exact_product(each, weights[name]), all_of_it) for each in whole))
        left = Span(*(difference(rest, taken) for rest, taken in zip(left, part, strict=True)))
        found[name] = part
    found[last] = left
    return found
