"""``get``: objects of all clusters, as tables with the columns of their kinds, or whole."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from nixernetes.app.console.origins import Brought, brought
from nixernetes.app.console.selecting import LiveObject, Selection, kinds_called, selected
from nixernetes.app.console.showing import shown
from nixernetes.app.worlds import World
from nixernetes.cluster.columns import columns_of
from nixernetes.cluster.tables.ages import age
from nixernetes.cluster.validation import resource_name
from nixernetes.engine.reports import short_revision
from nixernetes.objects.fields import objects_at, text_at
from nixernetes.objects.identity import GroupKind, ObjectKey
from nixernetes.objects.kinds import CUSTOM_RESOURCE_DEFINITION
from nixernetes.objects.manifest import Json

__all__ = ["names", "objects", "tables"]


def objects(world: World, selection: Selection) -> list[Json]:
    """Return the objects: ``cluster`` and ``object``."""
    return [{"cluster": item.cluster, "object": shown(world, item)} for item in selected(world, selection)]


def names(world: World, selection: Selection) -> list[str]:
    """Return ``deployment.apps/web`` for each object, as ``kubectl get -o name``."""
    return [resource(item.key) for item in selected(world, selection)]


def resource(key: ObjectKey) -> str:
    """Return how kubectl names an object in what it says."""
    kind = f"{key.kind.lower()}.{key.group}" if key.group else key.kind.lower()
    return f"{kind}/{key.name}"


def tables(world: World, selection: Selection, *, wide: bool) -> list[Json]:
    """Return a table for each kind: ``kind``, ``heads`` and ``rows``.

    Args:
        world: the world.
        selection: what is shown.
        wide: whether all columns are, with where each object is written and who brings it.

    """
    found = selected(world, selection)
    kinds = [kind for wanted in selection.wanted for kind in kinds_called(world, wanted.kind)]
    known = brought(world) if wide else {}
    made = []
    for kind in dict.fromkeys(kinds):
        items = [item for item in found if item.key.group_kind == kind]
        if items:
            made.append(_table(world, kind, items, known if wide else None))
    return made


def _table(
    world: World, kind: GroupKind, items: Sequence[LiveObject], known: dict[tuple[str, ObjectKey], Brought] | None
) -> Json:
    columns = columns_of(kind, _printer(world, kind))
    many, placed = len(world.clusters) > 1, any(item.key.namespace for item in items)
    last = len(columns.heads) if known is not None else len(columns.heads) - columns.wide
    heads = [*(["CLUSTER"] if many else []), *(["NAMESPACE"] if placed else []), "NAME", *columns.heads[:last]]
    heads += ["AGE"] if columns.has_age else []
    heads += ["BROUGHT BY", "DECLARED"] if known is not None else []
    now = world.clock.now()
    rows = []
    for item in items:
        row = [*([item.cluster] if many else []), *([item.key.namespace] if placed else []), item.key.name]
        row += [short_revision(cell(item.object)) for cell in columns.cells[:last]]
        row += [age(text_at(item.object, "metadata", "creationTimestamp"), now)] if columns.has_age else []
        if known is not None:
            by = known.get((item.cluster, item.key))
            row += [str(by.owner) if by is not None and by.owner is not None else "", str(by.origin) if by else ""]
        rows.append(row)
    return {"kind": f"{kind.kind.lower()}.{kind.group}".rstrip("."), "heads": heads, "rows": rows}


def _printer(world: World, kind: GroupKind) -> list[Json]:
    """Return the columns that the definition of a kind asks for."""
    name = ObjectKey(*CUSTOM_RESOURCE_DEFINITION, "", resource_name(kind))
    for cluster in world.clusters.values():
        definition = cluster.get(name)
        if definition is not None:
            return list(_columns(definition))
    return []


def _columns(definition: Json) -> Iterator[Json]:
    for version in objects_at(definition, "spec", "versions"):
        columns = objects_at(version, "additionalPrinterColumns")
        if columns:
            yield from columns
            return
