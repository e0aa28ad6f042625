"""From which repository, and at which revision, a delivery of a run has its files."""

from __future__ import annotations

from nixernetes.app.console import tracing
from nixernetes.app.console.selecting import LiveObject
from nixernetes.app.web.values import ObjectName
from nixernetes.app.worlds import World
from nixernetes.objects.fields import mapping_at, objects_at, text_at
from nixernetes.objects.kinds import APPLICATION, KUSTOMIZATION

__all__ = ["home_of"]

_NOWHERE = ("", "")


def home_of(world: World, by: ObjectName | None) -> tuple[str, str]:
    """Return URL and revision; twice ``""`` where the files are those of a chart, or come from several places."""
    live = world.clusters[by.cluster].get(by.key) if by is not None and by.cluster in world.clusters else None
    if live is None or by is None:
        return _NOWHERE
    if by.key.group_kind == APPLICATION:
        source = mapping_at(live, "spec", "source")
        if not source or text_at(source, "chart") or objects_at(live, "spec", "sources"):
            return _NOWHERE
        return text_at(source, "repoURL"), text_at(live, "status", "sync", "revision")
    if by.key.group_kind != KUSTOMIZATION:
        return _NOWHERE
    found = tracing.source_of(world, LiveObject(by.cluster, live))
    if found is None or found.key.kind != "GitRepository":
        return _NOWHERE
    return text_at(found.object, "spec", "url"), text_at(found.object, "status", "artifact", "revision")
