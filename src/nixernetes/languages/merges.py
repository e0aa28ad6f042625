"""Merges of JSON data without a schema: one layer of values over another, and JSON merge patches (RFC 7386)."""

from __future__ import annotations

from nixernetes.objects.manifest import Json

__all__ = ["merge_patched", "overlaid"]


def overlaid(below: Json, above: Json) -> Json:
    """Return two layers as one, as helm does with values: maps are merged, anything else of the upper one replaces.

    The arguments are left alone; the result shares what it does not change.
    """
    if not (isinstance(below, dict) and isinstance(above, dict)):
        return above
    return {**below, **{key: overlaid(below[key], value) if key in below else value for key, value in above.items()}}


def merge_patched(target: Json, patch: Json) -> Json:
    """Return a document with a JSON merge patch applied: maps are merged, null deletes, anything else replaces.

    The arguments are left alone; the result shares what it does not change.
    """
    if not isinstance(patch, dict):
        return patch
    result = dict(target) if isinstance(target, dict) else {}
    for key, value in patch.items():
        if value is None:
            result.pop(key, None)
        else:
            result[key] = merge_patched(result.get(key), value)
    return result
