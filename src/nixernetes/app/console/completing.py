"""What a shell completes: kinds, names and clusters of the running world."""

from __future__ import annotations

from nixernetes.app.console.selecting import Selection, Wanted, selected
from nixernetes.app.worlds import World
from nixernetes.cluster.kind_names import words_for
from nixernetes.errors import InputError
from nixernetes.objects.fields import text_at
from nixernetes.objects.identity import key_of
from nixernetes.objects.kinds import APPLICATION
from nixernetes.objects.manifest import Json

__all__ = ["completions"]


def completions(world: World, request: Json) -> list[str]:
    """Return the words for ``what``: kinds, names (of ``kind``), clusters, namespaces or controllers."""
    match text_at(request, "what"):
        case "clusters":
            return list(world.clusters)
        case "kinds":
            held = {key_of(item).group_kind for cluster in world.clusters.values() for item in cluster.written()}
            return sorted({word for kind in held for word in words_for(kind) if "." not in word})
        case "namespaces":
            return sorted({name for cluster in world.clusters.values() for name in _namespaces(cluster.written())})
        case "names":
            kind = text_at(request, "kind") or APPLICATION.kind
            try:
                found = selected(world, Selection(wanted=(Wanted(kind),), cluster=text_at(request, "cluster")))
            except InputError:  # half a word is no kind yet
                return []
            return sorted({item.key.name for item in found})
        case "controllers":
            return sorted({event.controller for event in world.recorder.recent if event.controller})
    return []


def _namespaces(items: list[Json]) -> set[str]:
    return {key_of(item).name for item in items if key_of(item).kind == "Namespace"}
