"""A report of changes as an outline: clusters, deliveries, objects, fields. People's formats are drawn from it."""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from nixernetes.changes.change import Action, ObjectChange, Unrendered
from nixernetes.changes.compared import ClusterComparison
from nixernetes.changes.fields import ABSENT, FieldChange, changed_fields
from nixernetes.changes.report import ChangeReport
from nixernetes.objects.manifest import Json
from nixernetes.verify.findings import Severity

__all__ = [
    "SIGNS",
    "OutlineEntry",
    "counted",
    "headline",
    "outline",
    "summary",
    "text_lines",
    "unknown_deliveries",
    "verdict",
]

SIGNS: Final = {
    Action.CREATE: "+",
    Action.CHANGE: "~",
    Action.DELETE: "-",
    Action.REPLACE: "±",
    Action.ORPHAN: "○",
    Action.MOVE: "→",
}
_WORDS: Final = {
    Action.CREATE: "created",
    Action.CHANGE: "changed",
    Action.DELETE: "deleted",
    Action.REPLACE: "replaced",
    Action.ORPHAN: "left behind",
    Action.MOVE: "moved",
}
_HASHED: Final = re.compile(r"(.+)-[bcdfghkmt2-9]{10}")  # the letters that Kustomize hashes are written with
_GONE: Final = (Action.DELETE, Action.ORPHAN)
_CONTEXT: Final = 1  # unchanged lines around a changed one


@dataclass(frozen=True, slots=True, kw_only=True)
class OutlineEntry:
    """One line of the outline, with its fields.

    Attributes:
        action: what happens.
        title: the object; of one whose name ends with a hash of its content, ``name-*``.
        place: ``file:line``, or ``""``.
        note: why, or what else, or ``""``.
        fields: the fields that differ.

    """

    action: Action
    title: str
    place: str = ""
    note: str = ""
    fields: tuple[FieldChange, ...] = ()


def outline(cluster: ClusterComparison) -> Iterator[tuple[str, list[OutlineEntry]]]:
    """Yield the deliveries of a cluster with what they do, in the order of their names."""
    found: dict[str, list[OutlineEntry]] = {}
    for owner, entry in _entries(cluster):
        found.setdefault(owner, []).append(entry)
    yield from sorted(found.items())


def _entries(cluster: ClusterComparison) -> Iterator[tuple[str, OutlineEntry]]:
    successors = _successors(cluster)
    taken = {id(each) for pair in successors.values() for each in pair}
    for change in cluster.changes:
        if id(change) in successors:
            gone, new = successors[id(change)]
            yield change.owner, _renamed(gone, new)
        elif id(change) not in taken:
            note = change.reason
            if change.action is Action.MOVE:
                note = f"from {change.previous_owner}" + (f"; {note}" if note else "")
            yield (
                change.owner,
                OutlineEntry(
                    action=change.action,
                    title=str(change.key),
                    place=str(change.place),
                    note=note,
                    fields=change.fields,
                ),
            )


def _successors(cluster: ClusterComparison) -> dict[int, tuple[ObjectChange, ObjectChange]]:
    """Return new objects, by their change, with the one that they follow: the same but for the hash of its content."""
    gone: dict[tuple[str, str, str, str], ObjectChange] = {}
    for change in cluster.of(*_GONE):
        match = _HASHED.fullmatch(change.key.name)
        if match:
            gone[change.key.kind, change.key.namespace, match[1], change.owner] = change
    found = {}
    for change in cluster.of(Action.CREATE):
        match = _HASHED.fullmatch(change.key.name)
        old = gone.get((change.key.kind, change.key.namespace, match[1], change.owner)) if match else None
        if old is not None:
            found[id(change)] = (old, change)
    return found


def _renamed(gone: ObjectChange, new: ObjectChange) -> OutlineEntry:
    name = f"{new.key.name.rpartition('-')[0]}-*"
    stays = "; the old one stays" if gone.action is Action.ORPHAN else ""
    fields: tuple[FieldChange, ...] = ()
    if gone.before is not None and new.after is not None:
        before, after = gone.before.manifest, new.after.manifest
        fields = tuple(each for each in changed_fields(before, after, before, after) if each.path != "metadata.name")
    return OutlineEntry(
        action=Action.CHANGE,
        title=str(new.key._replace(name=name)),
        place=str(new.place),
        note=f"{gone.key.name} becomes {new.key.name}{stays}",
        fields=fields,
    )


def counted(counts: dict[Action, int]) -> str:
    """Return counts in words, as ``3 changed, 1 deleted``."""
    return ", ".join(f"{number} {_WORDS[action]}" for action, number in counts.items()) or "nothing"


def headline(report: ChangeReport) -> str:
    """Return what happens where, as ``staging: 3 changed; production: nothing``."""
    told = [f"{each.name}: {counted(report.counts(each))}" for each in report.comparison.clusters]
    return "; ".join(told) or "no cluster"


def summary(report: ChangeReport) -> str:
    """Return all of it in one line."""
    number = len(report.clusters)
    where = f" on {number} cluster{'s' if number != 1 else ''}" if number else ""
    return f"{counted(report.counts())}{where}; {verdict(report)}"


def verdict(report: ChangeReport) -> str:
    """Return how dangerous it is, in words."""
    words = []
    for severity, word in ((Severity.ERROR, "danger"), (Severity.WARNING, "warning")):
        number = sum(each.severity is severity for each in report.dangers)
        if number:
            words.append(f"{number} {word}{'s' if number != 1 else ''}")
    unknown = len(unknown_deliveries(report))
    if unknown:
        words.append(f"{unknown} unknown")
    if report.unverified:
        words.append(f"{len(report.unverified)} not verified")
    return ", ".join(words) or "no danger"


def unknown_deliveries(report: ChangeReport) -> list[Unrendered]:
    """Return the deliveries of whose objects nobody knows what becomes of them."""
    return [each for each in report.comparison.failures if each.is_changed]


def text_lines(change: FieldChange) -> list[tuple[str, str]]:
    """Return a changed field as lines, each with ``-``, ``+`` or ``" "``: of long texts what differs."""
    before, after = _lines(change.before), _lines(change.after)
    if len(before) + len(after) <= 2:
        return [("-", line) for line in before] + [("+", line) for line in after]
    found: list[tuple[str, str]] = []
    for line in difflib.unified_diff(before, after, lineterm="", n=_CONTEXT):
        if not line.startswith(("---", "+++", "@@")):
            found.append((line[:1], line[1:]))
        elif line.startswith("@@") and found:
            found.append((" ", "…"))
    return found


def _lines(value: Json) -> list[str]:
    if value is ABSENT:
        return []
    if isinstance(value, str):
        return value.splitlines() or [""]
    if isinstance(value, dict | list) and value:
        return json.dumps(value, indent=2, ensure_ascii=False).splitlines()
    return [json.dumps(value, ensure_ascii=False)]
