"""The patch of a client-side apply: what was applied last, what is wanted now, and the object between them.

As ``kubectl apply`` and Argo CD make it (kubectl v0.34.4, ``pkg/cmd/apply/patcher.go``): a strategic merge patch for
the kinds that Kubernetes ships, a JSON merge patch for others. What was applied and is wanted no more goes; what others
wrote stays. The whole of what is wanted is sent: what is the same already changes nothing.
"""

from __future__ import annotations

import json
from typing import Final

from nixernetes.objects import schema
from nixernetes.objects.fields import text_at
from nixernetes.objects.manifest import Json, Manifest, annotations_of
from nixernetes.objects.schema import Field
from nixernetes.objects.well_known import KUBECTL_LAST_APPLIED

__all__ = ["MERGE", "STRATEGIC", "last_applied", "three_way"]

STRATEGIC: Final = "application/strategic-merge-patch+json"
MERGE: Final = "application/merge-patch+json"
_MOST_DEPTH: Final = 100
_DELETE_FROM: Final = "$deleteFromPrimitiveList/"


def last_applied(live: Manifest) -> Manifest | None:
    """Return what a client applied last to an object, None where none did or its annotation cannot be read."""
    text = annotations_of(live).get(KUBECTL_LAST_APPLIED)
    try:
        found = json.loads(text) if text else None
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def three_way(original: Manifest, wanted: Manifest) -> tuple[str, Manifest]:
    """Return the media type of the patch, and the patch.

    Args:
        original: what was applied last; empty where nothing was.
        wanted: what is applied now.

    """
    root = schema.of(text_at(wanted, "apiVersion"), text_at(wanted, "kind"))
    return (MERGE if root is None else STRATEGIC), _map(original, wanted, root, 0)


def _map(original: Manifest, wanted: Manifest, field: Field | None, depth: int) -> Manifest:
    found: Manifest = {name: None for name in original if name not in wanted}
    for name, value in wanted.items():
        inner = field.field(name) if field is not None else None
        before = original.get(name)
        if depth < _MOST_DEPTH and isinstance(value, dict) and isinstance(before, dict):
            found[name] = _map(before, value, inner, depth + 1)
        elif depth < _MOST_DEPTH and isinstance(value, list) and isinstance(before, list) and _merges(inner):
            found |= _merged_list(name, before, value, inner, depth)
        else:
            found[name] = value
    return found


def _merges(field: Field | None) -> bool:
    return field is not None and "merge" in field.patch_strategy


def _merged_list(name: str, before: list[Json], wanted: list[Json], field: Field | None, depth: int) -> Manifest:
    """Return the patch of a list whose items merge: by a key where they are objects, else as a set."""
    key = field.merge_key if field is not None else ""
    items = field.items() if field is not None else None
    if not key:
        gone = [each for each in before if each not in wanted]
        return {name: wanted, **({f"{_DELETE_FROM}{name}": gone} if gone else {})}
    olds = {each.get(key): each for each in before if isinstance(each, dict) and _is_scalar(each.get(key))}
    rows: list[Json] = []
    for each in wanted:
        old = olds.pop(each.get(key), None) if isinstance(each, dict) and _is_scalar(each.get(key)) else None
        rows.append(each if old is None else _map(old, each, items, depth + 1))
    rows += [{"$patch": "delete", key: value} for value in olds if value is not None]
    return {name: rows}


def _is_scalar(value: Json) -> bool:
    return not isinstance(value, dict | list)
