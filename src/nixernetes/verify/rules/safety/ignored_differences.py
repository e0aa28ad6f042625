"""``ignored-differences``: an entry of ``ignoreDifferences`` is about something: its group, kind and pointers exist."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from nixernetes.languages.globs.gobwas import match
from nixernetes.objects.fields import items_at, objects_at, text_at
from nixernetes.objects.kinds import APPLICATION
from nixernetes.objects.manifest import Json
from nixernetes.verify.findings import Severity
from nixernetes.verify.hints import meant
from nixernetes.verify.objects import Placed
from nixernetes.verify.places import FieldPath
from nixernetes.verify.platform_view import PlatformView
from nixernetes.verify.rule import Found, Rule

__all__ = ["RULE"]

_PAIRS: Final = {"(": ")", "[": "]", "{": "}"}
_NOTE: Final = re.compile(r"((?:/.+)?/metadata/(?:annotations|labels)/)([^/]+/.+)")
_INDEX: Final = re.compile(r"\[(\d+|\*)\]")


def _check(view: PlatformView) -> Iterator[Found]:
    for cluster, delivery in view.deliveries():
        if delivery.key.group_kind != APPLICATION:
            continue
        target = view.reached_by(cluster, delivery)
        items = target.brought_by(delivery.key) if target is not None else ()
        for index, entry in enumerate(objects_at(delivery.manifest, "spec", "ignoreDifferences")):
            path: FieldPath = ("spec", "ignoreDifferences", index)
            for number, pointer in enumerate(items_at(entry, "jsonPointers")):
                if isinstance(pointer, str) and (not pointer.startswith("/") or _INDEX.search(pointer)):
                    message = f"{pointer} is not a JSON pointer, as /spec/list/0/name is: nothing is ignored"
                    yield Found(
                        cluster=cluster, subject=delivery, message=message, path=(*path, "jsonPointers", number)
                    )
                elif isinstance(pointer, str) and (wanted := _unescaped(pointer)):
                    message = f"{pointer} leads nowhere: a slash in a key is written ~1, as {wanted}"
                    where = (*path, "jsonPointers", number)
                    yield Found(cluster=cluster, subject=delivery, message=message, path=where)
            for number, expression in enumerate(items_at(entry, "jqPathExpressions")):
                if isinstance(expression, str) and not _is_whole(expression):
                    message = (
                        f"{expression} is not a jq expression, a bracket or quote is not closed: nothing is ignored"
                    )
                    where = (*path, "jqPathExpressions", number)
                    yield Found(cluster=cluster, subject=delivery, message=message, path=where)
            if delivery.problem or not items:
                continue
            field, message = _unmatched(entry, items)
            if message:
                yield Found(cluster=cluster, subject=delivery, message=message, path=(*path, field))


def _unmatched(entry: Mapping[str, Json], items: Sequence[Placed]) -> tuple[str, str]:
    """Return which field of an entry matches nothing that the Application brings, and why, where that is clear."""
    group, kind = text_at(entry, "group"), text_at(entry, "kind")
    of_kind = [item for item in items if match(kind, item.key.kind)]
    of_group = [item for item in of_kind if match(group, item.key.group)]
    if not of_kind:
        return "", ""  # what operators add to the cluster may be meant
    if of_group:
        return _unnamed(entry, of_group)
    right = of_kind[0].key.group
    said = f'"{right}"' if right else 'the empty string ""'
    return "group", f"group {group!r} has no {kind}, so nothing is ignored: the group of {kind} is {said}"


def _unnamed(entry: Mapping[str, Json], items: Sequence[Placed]) -> tuple[str, str]:
    """Return why an entry matches none of the objects of its kind: both fields are compared as they are."""
    for field, known in (
        ("name", [each.key.name for each in items]),
        ("namespace", [each.namespace for each in items]),
    ):
        wanted = text_at(entry, field)
        if wanted and wanted not in known:
            kind = items[0].key.kind
            return field, f"no {kind} of it has the {field} {wanted}, so nothing is ignored{meant(wanted, known)}"
    return "", ""


def _unescaped(pointer: str) -> str:
    """Return how a pointer to a label or annotation is written whose key has a slash, ``""`` for one that is right."""
    matched = _NOTE.fullmatch(pointer)
    return f"{matched[1]}{matched[2].replace('/', '~1')}" if matched is not None else ""


def _is_whole(expression: str) -> bool:
    """Tell whether the brackets and quotes of a jq expression are closed."""
    waiting: list[str] = []
    characters = iter(expression)
    for character in characters:
        if character == '"':
            while (inside := next(characters, "")) != '"':
                if not inside:
                    return False
                if inside == "\\":
                    next(characters, "")
        elif character in _PAIRS:
            waiting.append(_PAIRS[character])
        elif character in _PAIRS.values() and (not waiting or waiting.pop() != character):
            return False
    return not waiting


RULE: Final = Rule(
    name="ignored-differences",
    topic="ignore-differences",
    severity=Severity.WARNING,
    sentence="Every entry of ignoreDifferences matches something.",
    check=_check,
)
