"""Deliveries inside the deliveries that bring them, as ``flux tree`` shows them."""

from __future__ import annotations

from collections.abc import Sequence

from rich.tree import Tree

from nixernetes.cli.console.shown import MARKS, STYLES, Shown
from nixernetes.engine.reports import DeliveryRow, ObjectStatus, Report, short_revision

__all__ = ["nested", "object_line"]

Root = tuple[str, tuple[str, ...]]  # a cluster, and the parts of an identity


def nested(report: Report, roots: Sequence[Root] = (), cluster: str = "") -> Tree:
    """Return a tree of clusters, deliveries, and what they bring.

    Args:
        report: what there is.
        roots: the deliveries to begin with; none: those that no other delivery brings.
        cluster: the one cluster; ``""`` for all.

    """
    rows = {(item.cluster, tuple(item.key)): item for item in report.deliveries if cluster in ("", item.cluster)}
    brought = {
        (item.cluster, tuple(entry.key)) for item in rows.values() for entry in item.objects if entry.key != item.key
    }
    wanted = [key for key in roots if key in rows] or [key for key in rows if key not in brought] or [*rows]
    tree = Tree(Shown("deliveries", style="bold"), guide_style="dim")
    branches: dict[str, Tree] = {}
    for key in wanted:
        place = key[0]
        if place not in branches:
            branches[place] = tree.add(Shown(place, style="bold"))
        _grow(branches[place], rows[key], rows, frozenset({key}))
    return tree


def _grow(branch: Tree, item: DeliveryRow, rows: dict[Root, DeliveryRow], above: frozenset[Root]) -> None:
    """Add a delivery and what it brings; one that brings itself, or who brings it, is not shown again inside."""
    node = branch.add(_delivery(item))
    for warning in item.warnings:
        node.add(Shown(f"! {' '.join(warning.split())}", style="yellow"))
    for entry in item.objects:
        key = (item.cluster, tuple(entry.key))
        if key in rows and key not in above:
            _grow(node, rows[key], rows, above | {key})
        else:
            node.add(object_line(entry))


def _delivery(item: DeliveryRow) -> Shown:
    text = Shown(f"{MARKS[item.state]} {item.key}  ", style=STYLES[item.state])
    text.add(short_revision(item.revision), style="cyan")
    if item.message:
        message = short_revision(" ".join(item.message.split()))
        text.add(f"  {message}", style="dim" if item.state == "ready" else "")
    return text


def object_line(entry: ObjectStatus) -> Shown:
    """Return an object in one line: mark, identity, status, where it is written, and what is wrong."""
    text = Shown("✔ " if entry.available else "◌ ", style="green" if entry.available else "yellow")
    text.add(f"{entry.key}  ")
    text.add(entry.status, style="green" if entry.available else "yellow")
    if entry.origin:
        text.add(f"  {entry.origin}", style="dim")
    if entry.message and not entry.available:
        text.add(f"  {short_revision(' '.join(entry.message.split()))}", style="dim")
    return text
