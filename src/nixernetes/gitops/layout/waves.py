"""The sync waves of apps: Argo CD has no ``dependsOn``, and syncs what has a lower wave first.

An app comes one wave after the last of those that it depends on, unless it names its own; without any it is in wave 0.
Argo CD goes on to the next wave when what is in this one is healthy; of Applications it knows that by the health check
that :func:`health_of_applications` writes into ``argocd-cm``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from graphlib import CycleError, TopologicalSorter

from nixernetes.gitops.apps.workloads import App
from nixernetes.gitops.problems import Problems
from nixernetes.objects.manifest import Manifest
from nixernetes.objects.well_known import APP_PART_OF, ARGOCD_NAMESPACE

__all__ = ["check_waves", "health_of_applications", "waves_of"]

_HEALTH = """\
hs = {status = "Progressing", message = ""}
if obj.status ~= nil and obj.status.health ~= nil then
  hs.status = obj.status.health.status
  hs.message = obj.status.health.message or ""
end
return hs
"""


def health_of_applications() -> Manifest:
    """Return the setting of Argo CD by which it waits for Applications between waves, as a ConfigMap to apply."""
    return {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {
            "name": "argocd-cm",
            "namespace": ARGOCD_NAMESPACE,
            "labels": {APP_PART_OF: "argocd"},
        },
        "data": {"resource.customizations.health.argoproj.io_Application": _HEALTH},
    }


def waves_of(apps: Iterable[App]) -> dict[str, int]:
    """Return the wave of each app that names one or depends on something; none where dependencies go in a circle."""
    known = {app.name: app for app in apps}
    found: dict[str, int] = {}
    order, _ = _ordered(known)
    for app in order:
        below = max((found.get(other, -1) + 1 for other in app.depends_on), default=0)
        found[app.name] = app.wave if app.wave is not None else max(below, 0)
    return {name: wave for name, wave in found.items() if known[name].wave is not None or known[name].depends_on}


def check_waves(apps: Iterable[App], problems: Problems) -> None:
    """Note apps whose own wave is not after that of an app that they depend on, and a circle."""
    known = {app.name: app for app in apps}
    order, circle = _ordered(known)
    if circle:
        words = " -> ".join((*circle, circle[0]))
        problems.add(
            f"depends_on goes round in a circle: {words}; remove one of them", place=known[circle[0]].declared_at
        )
    waves = waves_of(known.values())
    for app in order:
        late = [name for name in app.depends_on if app.wave is not None and app.wave <= waves.get(name, 0)]
        if late:
            problems.add(
                f"wave {app.wave} is not after wave {waves.get(late[0], 0)} of {late[0]}, which it depends on: "
                "leave wave out",
                subject=f"App {app.name}",
                place=app.declared_at,
            )


def _ordered(apps: Mapping[str, App]) -> tuple[list[App], list[str]]:
    """Return the apps, each after those that it depends on; or a circle, its smallest name first."""
    graph = {app.name: [name for name in app.depends_on if name in apps] for app in apps.values()}
    try:
        return [apps[name] for name in TopologicalSorter(graph).static_order()], []
    except CycleError as error:
        circle = list(reversed(error.args[1]))[:-1]
        first = circle.index(min(circle))
        return [], circle[first:] + circle[:first]
