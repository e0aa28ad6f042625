"""Which fields of an applied configuration differ from those of a live object."""

from __future__ import annotations

from nixernetes.cluster.fields import Fields
from nixernetes.languages.structured_merge import Schema, item_keys
from nixernetes.objects.manifest import Json

__all__ = ["differing"]


def differing(live: Json, desired: Json, fields: Fields, schema: Schema | None) -> list[str]:
    """Return the paths (``.spec.replicas``) of those fields whose live and desired values differ."""
    return [path or "." for path in _differing(live, desired, fields, schema, "")]


def _differing(live: Json, desired: Json, fields: Fields, schema: Schema | None, path: str) -> list[str]:
    if not fields:
        return [] if live == desired else [path]
    found: list[str] = []
    for name, below in fields.items():
        kind, _, rest = name.partition(":")
        if kind == "f" and isinstance(live, dict) and isinstance(desired, dict) and rest in desired:
            child = schema.field(rest) if schema is not None else None
            found += _differing(live.get(rest), desired[rest], below, child, f"{path}.{rest}")
        elif kind == "k" and isinstance(live, list) and isinstance(desired, list) and schema is not None:
            one = next((item for item in live if item_keys(item, schema) == name), None)
            two = next((item for item in desired if item_keys(item, schema) == name), None)
            rest_fields = {part: value for part, value in below.items() if part != "."}
            if one is not None and two is not None and rest_fields:
                found += _differing(one, two, rest_fields, schema.items(), f"{path}[{rest}]")
    return found
