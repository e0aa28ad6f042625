"""``describe``: an object in sections, as ``kubectl describe``: who it is, where from, how it stands, what happened."""

from __future__ import annotations

from collections.abc import Iterator

from nixernetes.app.console import origins
from nixernetes.app.console.happenings import events_of, one_line
from nixernetes.app.console.pods import pods_of
from nixernetes.app.console.selecting import LiveObject, Selection, selected
from nixernetes.app.console.showing import shown
from nixernetes.app.worlds import World
from nixernetes.cluster.columns import columns_of
from nixernetes.cluster.tables.ages import age
from nixernetes.engine.reports import DeliveryRow, Report, causes, remedy, short_revision
from nixernetes.errors import InputError
from nixernetes.health.conditions import conditions
from nixernetes.health.waiting_pods import why_not_ready
from nixernetes.objects import yamls
from nixernetes.objects.clocks import timestamp
from nixernetes.objects.fields import text_at
from nixernetes.objects.kinds import POD
from nixernetes.objects.manifest import Json, Manifest, annotations_of, labels_of

__all__ = ["describe"]

_EVENTS = 20  # the latest; `events` has them all


def describe(world: World, selection: Selection) -> list[Json]:
    """Return each object that is chosen: ``fields`` (labels and texts), and ``parts`` with a title and lines.

    Raises:
        InputError: what is named is not there, or nothing is.

    """
    if not selection.wanted:
        raise InputError("describe what? write KIND NAME, as in `nixernetes describe ks web`")
    report = world.report()
    return [_described(world, item, report) for item in selected(world, selection)]


def _described(world: World, item: LiveObject, report: Report) -> Json:
    row = next((each for each in report.deliveries if (each.cluster, each.key) == (item.cluster, item.key)), None)
    parts = [
        *_part("Conditions", _conditions(item.object)),
        *_part("Spec", yamls.dump(shown(world, item).get("spec")).splitlines() if "spec" in item.object else []),
        *_part("Objects", _objects(row)),
        *_part("Pods", pods_of(world, item)),
        *_part("Not ready", [*_trouble(row, report), *_of_pod(item)]),
        *_part("Events", _events(world, item)),
    ]
    return {"fields": [*_fields(world, item)], "parts": parts}


def _fields(world: World, item: LiveObject) -> Iterator[list[str]]:
    key, live = item.key, item.object
    yield ["Name", key.name]
    if key.namespace:
        yield ["Namespace", key.namespace]
    yield ["Cluster", item.cluster]
    yield ["Kind", f"{key.kind} ({text_at(live, 'apiVersion')})"]
    for label, values in (("Labels", labels_of(live)), ("Annotations", annotations_of(shown(world, item)))):
        yield from ([label if not at else "", f"{name}={values[name]}"] for at, name in enumerate(sorted(values)))
    yield ["Created", age(text_at(live, "metadata", "creationTimestamp"), world.clock.now()) + " ago"]
    by, above = origins.of(world, item), origins.controller(world, item)
    if above is not None:
        yield ["Controlled by", str(above.key)]
    if by is not None:
        yield ["Brought by", str(by.owner) if by.owner is not None else "what started the cluster"]
        if str(by.origin):
            yield ["Declared", str(by.origin)]
        for step in by.origin.chain:
            if str(step) and str(step) != str(by.owner):
                yield ["Through", str(step)]
    columns = columns_of(key.group_kind)
    for head, cell in zip(columns.heads, columns.cells, strict=True):
        text = cell(live)
        if text and text != "<none>":
            yield [head.capitalize() if head.isupper() else head, short_revision(text)]


def _conditions(live: Manifest) -> Iterator[str]:
    for each in conditions(live):
        told = short_revision(f"{each.reason}: {each.message}".strip(": "))
        yield f"{each.type}  {each.status}  {told}" if each.status else f"{each.type}  {told}"


def _objects(row: DeliveryRow | None) -> Iterator[str]:
    for entry in row.objects if row is not None else ():
        place = f"  {entry.origin}" if entry.origin else ""
        told = f"  {entry.message}" if entry.message and not entry.available else ""
        yield f"{'✔' if entry.available else '◌'} {entry.key}  {entry.status}{place}{told}"


def _trouble(row: DeliveryRow | None, report: Report) -> Iterator[str]:
    if row is None or row.state in ("ready", "suspended"):
        return
    for cause in causes(row):
        yield f"why    {short_revision(cause)}"
    yield f"to do  {remedy(row, report)}"


def _of_pod(item: LiveObject) -> Iterator[str]:
    why = why_not_ready(item.object) if item.key.group_kind == POD else ""
    if why:
        yield f"why    {why}"


def _events(world: World, item: LiveObject) -> Iterator[str]:
    for event in events_of(world, item.cluster, item.key)[-_EVENTS:]:
        yield f"{timestamp(event.time)}  {event.type}  {event.reason}  {one_line(event.message)}"


def _part(title: str, lines: Iterator[str] | list[str]) -> list[Json]:
    found = list(lines)
    return [{"title": title, "lines": found}] if found else []
