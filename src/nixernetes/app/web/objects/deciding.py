"""How an object of a run stands, and which rule says so: that of the engine whose delivery brings it."""

from __future__ import annotations

from nixernetes.app.console.selecting import LiveObject
from nixernetes.app.web.objects.values import HealthLine
from nixernetes.app.web.values import ObjectName
from nixernetes.app.worlds import World
from nixernetes.engine.argocd.settings import load
from nixernetes.engine.flux.admission import read
from nixernetes.engine.reports import short_revision
from nixernetes.errors import InputError
from nixernetes.gitops.flux.health import HealthCheckExpr
from nixernetes.gitops.flux.helm_release import HelmRelease
from nixernetes.gitops.flux.kustomization import Kustomization
from nixernetes.health.deciding import argocd_rule, flux_rule
from nixernetes.health.expressions import HealthExpressions
from nixernetes.objects.kinds import APPLICATION, HELM_RELEASE, KUSTOMIZATION
from nixernetes.objects.manifest import Manifest

__all__ = ["health_of"]


def health_of(world: World, item: LiveObject, by: ObjectName | None) -> HealthLine:
    """Return how a live object stands.

    Args:
        world: the world.
        item: the object.
        by: the delivery that brings it; None where none does, so that it is seen as Flux and kubectl see it.

    """
    if by is not None and by.key.group_kind == APPLICATION and by.cluster in world.argocd:
        return _of_argocd(world, item, by)
    expressions = _expressions(world, by)
    rule = flux_rule(item.object, expressions)
    try:
        verdict = HealthExpressions(expressions).compute(item.object, world.clock.now())
    except InputError as error:
        return HealthLine(status="Unknown", message=str(error), language=rule.language, rule=rule.name)
    return HealthLine(
        status=str(verdict.status),
        message=short_revision(verdict.message),
        language=rule.language,
        rule=rule.name,
        source=rule.source,
    )


def _of_argocd(world: World, item: LiveObject, by: ObjectName) -> HealthLine:
    assessor = load(world.clusters[by.cluster], world.clock).assessor
    rule = argocd_rule(item.object, assessor)
    if rule is None:
        return HealthLine(status="", rule="its kind has no health: it counts as healthy as soon as it is there")
    found = assessor.assess(item.object)
    return HealthLine(
        status=found.status.value if found is not None else "",
        message=found.message if found is not None else "the rule says nothing of it",
        language=rule.language,
        rule=rule.name,
        source=rule.source,
    )


def _expressions(world: World, by: ObjectName | None) -> tuple[HealthCheckExpr, ...]:
    live = world.clusters[by.cluster].get(by.key) if by is not None else None
    if live is None or by is None:
        return ()
    resource = _resource(by, live)
    return tuple(resource.health_check_exprs or ()) if resource is not None else ()


def _resource(by: ObjectName, live: Manifest) -> Kustomization | HelmRelease | None:
    if by.key.group_kind == KUSTOMIZATION:
        return read(Kustomization, live).resource
    return read(HelmRelease, live).resource if by.key.group_kind == HELM_RELEASE else None
