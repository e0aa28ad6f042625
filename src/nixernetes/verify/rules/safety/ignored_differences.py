"""``ignored-differences``: an entry of ``ignoreDifferences`` is about something: its group, kind and pointers exist."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from nixernetes.languages.globs.gobwas import match
from nixernetes.objects.fields import items_at, objects_at, text_at
from nixernetes.objects.kinds import APPLICATION
from nixernetes.objects.manifest import Json
from nixernetes.verify.findings import Severity
from nixernetes.verify.objects import Placed
from nixernetes.verify.places import FieldPath
from nixernetes.verify.platform_view import PlatformView
from nixernetes.verify.rule import Found, Rule

__all__ = ["RULE"]

_INDEX: Final = re.compile(r"\[(\d+|\*)\]")


def _check(view: PlatformView) -> Iterator[Found]:
    owned = _owned(view)
    for cluster, delivery in view.deliveries():
        if delivery.key.group_kind != APPLICATION:
            continue
        items = owned.get((cluster.name, str(delivery.key)), [])
        for index, entry in enumerate(objects_at(delivery.manifest, "spec", "ignoreDifferences")):
            path: FieldPath = ("spec", "ignoreDifferences", index)
            for number, pointer in enumerate(items_at(entry, "jsonPointers")):
                if isinstance(pointer, str) and (not pointer.startswith("/") or _INDEX.search(pointer)):
                    message = f"{pointer} is not a JSON pointer, as /spec/list/0/name is: nothing is ignored"
                    yield Found(
                        cluster=cluster, subject=delivery, message=message, path=(*path, "jsonPointers", number)
                    )
            if delivery.problem or not items:
                continue
            message = _unmatched(entry, items)
            if message:
                yield Found(cluster=cluster, subject=delivery, message=message, path=(*path, "group"))


def _owned(view: PlatformView) -> dict[tuple[str, str], list[Placed]]:
    found: dict[tuple[str, str], list[Placed]] = {}
    for cluster in view.clusters:
        for item in cluster.placed:
            if item.owner is not None:
                found.setdefault((cluster.hub, str(item.owner.key)), []).append(item)
    return found


def _unmatched(entry: Mapping[str, Json], items: list[Placed]) -> str:
    """Return why an entry matches nothing that the Application brings, where it is clear what was meant."""
    group, kind = text_at(entry, "group"), text_at(entry, "kind")
    of_kind = [item for item in items if match(kind, item.key.kind)]
    if not of_kind or any(match(group, item.key.group) for item in of_kind):
        return ""  # what operators add to the cluster may be meant
    right = of_kind[0].key.group
    said = f'"{right}"' if right else 'the empty string ""'
    return f"group {group!r} has no {kind}, so that nothing is ignored: the group of {kind} is {said}"


RULE: Final = Rule(
    name="ignored-differences",
    topic="ignore-differences",
    severity=Severity.WARNING,
    sentence="An entry of ignoreDifferences is about something that exists.",
    check=_check,
)
