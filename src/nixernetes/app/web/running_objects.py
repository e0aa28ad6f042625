"""Objects of a running world: the tree below a delivery, and one object, desired and live."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Final, Literal

from nixernetes.app.console import origins, tracing
from nixernetes.app.console.selecting import LiveObject
from nixernetes.app.console.showing import shown, shown_change
from nixernetes.app.rendering.manifest_text import View, shown_as
from nixernetes.app.web.documents import compared_texts, document, field_lines, origin_line
from nixernetes.app.web.objects.deciding import health_of
from nixernetes.app.web.objects.homes import home_of
from nixernetes.app.web.objects.kept_trees import DrawnTree
from nixernetes.app.web.objects.values import ComparedTexts, OriginLine
from nixernetes.app.web.values import (
    ConditionLine,
    EventLine,
    Fact,
    FieldLine,
    ObjectLine,
    ObjectName,
    ObjectPage,
)
from nixernetes.app.worlds import World
from nixernetes.changes.fields import changed_fields
from nixernetes.cluster.columns import columns_of
from nixernetes.cluster.embedded import EmbeddedCluster
from nixernetes.cluster.tables.ages import age
from nixernetes.engine.reports import DeliveryRow, Rows, short_revision
from nixernetes.errors import InputError, NixernetesError
from nixernetes.health import kstatus
from nixernetes.health.conditions import conditions
from nixernetes.health.waiting_pods import why_not_ready
from nixernetes.objects.fields import text_at
from nixernetes.objects.identity import ObjectKey
from nixernetes.objects.kinds import POD
from nixernetes.objects.manifest import Manifest
from nixernetes.render.rendered import Rendered

__all__ = ["condition_lines", "object_page", "tree_of"]

_MOST_LINES: Final = 20_000  # of a tree
_DEPTH: Final = 6  # from a Deployment or a CronJob to a container's pod is less
_MANAGER: Final = "nixernetes-page"  # tries alone, so that it never owns a field


def condition_lines(live: Manifest) -> tuple[ConditionLine, ...]:
    """Return the conditions of an object."""
    return tuple(
        ConditionLine(type=each.type, status=each.status, reason=each.reason, message=short_revision(each.message))
        for each in conditions(live)
    )


def tree_of(world: World, rows: Rows, row: DeliveryRow, item: LiveObject) -> DrawnTree:
    """Return the tree of a delivery.

    Args:
        world: the world.
        rows: how its deliveries stand.
        row: how this one does.
        item: the delivery itself.

    """
    source = tracing.source_of(world, item)
    lines = _lines(world, rows, row, source)
    found = tuple(islice(lines, _MOST_LINES))
    above = (source.cluster, source.key) if source is not None else None
    return DrawnTree(lines=found, left_out=sum(1 for _ in lines), source=above)


def _lines(world: World, rows: Rows, row: DeliveryRow, source: LiveObject | None) -> Iterator[ObjectLine]:
    depth = 0
    if source is not None:
        known = rows.get((source.cluster, source.key))
        yield _delivery_line(known, depth, "source") if known is not None else _line(source, depth, "source")
        depth += 1
    yield _delivery_line(row, depth, "delivery")
    for entry in row.objects:
        place = _place_of(world, row, entry.key)
        yield ObjectLine(
            id=ObjectName.of(place, entry.key),
            depth=depth + 1,
            role="brought",
            status=entry.status,
            message=short_revision(entry.message),
            available=entry.available,
            origin=entry.origin,
        )
        live = world.clusters[place].get(entry.key)
        if live is not None:
            yield from _made(world.clusters[place], live, depth + 2, depth + 2 + _DEPTH)


def _delivery_line(row: DeliveryRow, depth: int, role: Literal["source", "delivery"]) -> ObjectLine:
    return ObjectLine(
        id=ObjectName.of(row.cluster, row.key),
        depth=depth,
        role=role,
        status=row.status,
        message=short_revision(row.message),
        available=row.state == "ready",
        origin=row.origin,
    )


def _place_of(world: World, row: DeliveryRow, key: ObjectKey) -> str:
    """Return the cluster that holds an object of a delivery: its own, or the one that an Application delivers to."""
    holding = [name for name, cluster in world.clusters.items() if cluster.get(key) is not None]
    if len(holding) > 1:
        for name in holding:
            live = world.clusters[name].get(key)
            by = origins.of(world, LiveObject(name, live)) if live is not None else None
            if by is not None and (by.place, by.owner) == (row.cluster, row.key):
                return name
    return holding[0] if len(holding) == 1 else row.cluster


def _made(cluster: EmbeddedCluster, live: Manifest, depth: int, deepest: int) -> Iterator[ObjectLine]:
    """Yield what controllers made of an object, and of that."""
    if depth >= deepest:
        return
    for key in sorted(cluster.dependents(text_at(live, "metadata", "uid"))):
        made = cluster.get(key)
        if made is not None:
            yield _line(LiveObject(cluster.name, made), depth, "made")
            yield from _made(cluster, made, depth + 1, deepest)


def _line(item: LiveObject, depth: int, role: Literal["source", "made"]) -> ObjectLine:
    found = kstatus.compute(item.object)
    why = why_not_ready(item.object) if item.key.group_kind == POD else ""
    return ObjectLine(
        id=ObjectName.of(item.cluster, item.key),
        depth=depth,
        role=role,
        status=str(found.status),
        message=why or short_revision(found.message),
        available=found.status is kstatus.Status.CURRENT and not why,
    )


def object_page(
    world: World, wanted: ObjectName, live: Manifest | None, by: ObjectName | None, events: tuple[EventLine, ...]
) -> ObjectPage:
    """Return one object.

    Args:
        world: the world.
        wanted: the object.
        live: it, as it is in the cluster; None where it is not there.
        by: the delivery that brings it; None where none does.
        events: what happened to it.

    Raises:
        InputError: neither the cluster nor the delivery has it.

    """
    rendered = world.rendered(by.cluster, by.key, wanted.key) if by is not None else None
    if live is None and rendered is None:
        raise InputError(f"{wanted.cluster}: {wanted.key} is not there, and no known delivery brings it")
    item = LiveObject(wanted.cluster, live) if live is not None else None
    diff, compared, diff_says = _compared(world, item, rendered)
    return ObjectPage(
        id=wanted,
        facts=(*_facts(world, item, by),),
        conditions=condition_lines(live) if live is not None else (),
        desired=document(shown_as(rendered, View())) if rendered is not None else None,
        live=document(shown(world, item)) if item is not None else None,
        desired_says="" if rendered is not None else _why_not_desired(by),
        live_says="" if live is not None else f"{wanted.cluster} does not have it",
        diff=diff,
        compared=compared,
        health=health_of(world, item, by) if item is not None else None,
        diff_says=diff_says,
        events=events,
        origin=_origin(world, item, by, rendered),
    )


def _why_not_desired(by: ObjectName | None) -> str:
    if by is None:
        return "no delivery brings it: a controller of the cluster, or somebody by hand, made it"
    return f"{by.key} has not been rendered since this began to run, or does not bring it any more"


def _origin(world: World, item: LiveObject | None, by: ObjectName | None, rendered: Rendered | None) -> OriginLine:
    if rendered is not None:
        return origin_line(rendered.origin, home_of(world, by))
    brought = origins.of(world, item) if item is not None else None
    if brought is None:
        return OriginLine()
    owner = ObjectName.of(brought.place, brought.owner) if brought.owner is not None else by
    return origin_line(brought.origin, home_of(world, owner))


def _facts(world: World, item: LiveObject | None, by: ObjectName | None) -> Iterator[Fact]:
    if by is not None:
        yield Fact(label="Brought by", text=str(by.key))
    if item is None:
        return
    yield Fact(label="Version", text=text_at(item.object, "apiVersion"))
    above = origins.controller(world, item)
    if above is not None:
        yield Fact(label="Controlled by", text=str(above.key))
    created = text_at(item.object, "metadata", "creationTimestamp")
    if created:
        yield Fact(label="Created", text=f"{age(created, world.clock.now())} ago")
    columns = columns_of(item.key.group_kind)
    for head, cell in zip(columns.heads, columns.cells, strict=True):
        text = cell(item.object)
        if text and text != "<none>":
            yield Fact(label=head.capitalize(), text=short_revision(text))


def _compared(
    world: World, item: LiveObject | None, rendered: Rendered | None
) -> tuple[tuple[FieldLine, ...], ComparedTexts | None, str]:
    """Return what applying an object once more would change, as fields and as texts, and why that is not known.

    A dry run by a manager that owns nothing sets what is desired, removes nothing, and passes defaults and admission
    as the apply of an engine does.
    """
    if item is None or rendered is None:
        return (), None, "there is nothing to compare"
    cluster = world.clusters[item.cluster]
    if "sops" in item.object or "sops" in rendered.manifest:
        return (), None, "not compared: SOPS encrypted it, and no key opens it here"
    wanted = rendered.manifest
    if item.key.namespace:
        wanted = {**wanted, "metadata": {**wanted["metadata"], "namespace": item.key.namespace}}
    try:
        tried = cluster.apply(wanted, manager=_MANAGER, force=True, dry_run=True)
    except NixernetesError as error:
        return (), None, f"not compared: the cluster refuses what is desired: {error}"
    finally:
        cluster.take_warnings()  # they are about a write that does not happen
    live, desired = shown_change(world, item, tried)
    return field_lines(changed_fields(live, desired, live, desired)), compared_texts(live, desired), ""
