"""What an API server makes of a custom object before it looks at it: unknown fields and nulls go, defaults come.

After k8s.io/apiextensions-apiserver 0.34, ``pkg/apiserver/schema/pruning`` and ``defaulting``. Shares what it does not
change, so that the very same object comes back where there is nothing to do.
"""

from __future__ import annotations

from typing import Final

from nixernetes.objects import manifest as manifests
from nixernetes.objects.fields import at, flag_at, mapping_at
from nixernetes.objects.manifest import Json, Manifest
from nixernetes.schemas.embedded_objects import EMBEDDED, kept_metadata

__all__ = ["defaulted", "pruned", "without_nulls"]

_DEEPEST: Final = 60
_OUTSIDE: Final = ("apiVersion", "kind", "metadata")


def pruned(schema: Json, value: Manifest) -> Manifest:
    """Return an object without the fields that its schema does not have."""
    found: Manifest = _pruned(schema, value, 0, is_object=True)
    return found


def _pruned(schema: Json, value: Json, depth: int, *, is_object: bool = False) -> Json:
    if not isinstance(schema, dict) or depth > _DEEPEST:
        return value
    if isinstance(value, list):
        inner = schema.get("items")
        items = [_pruned(inner, item, depth + 1) for item in value]
        return value if all(new is old for new, old in zip(items, value, strict=True)) else items
    if not isinstance(value, dict):
        return value
    known, others = mapping_at(schema, "properties"), schema.get("additionalProperties")
    is_open = flag_at(schema, "x-kubernetes-preserve-unknown-fields") or others is True
    is_embedded = not is_object and flag_at(schema, EMBEDDED)
    is_object = is_object or is_embedded
    result: dict[str, Json] = {}
    for name, item in value.items():
        if is_object and name in _OUTSIDE:
            result[name] = kept_metadata(item) if is_embedded and name == "metadata" else item
        elif name in known:
            result[name] = _pruned(known[name], item, depth + 1)
        elif isinstance(others, dict):
            result[name] = _pruned(others, item, depth + 1)
        elif is_open or not schema.get("type"):
            result[name] = item
    same = len(result) == len(value) and all(result[name] is item for name, item in value.items())
    return value if same else result


def without_nulls(schema: Json, value: Manifest) -> Manifest:
    """Return an object without the nulls of fields that may not be null and have no default, as one is decoded.

    What is applied on the server's side is merged as it is, so that such a null stays, and is refused.
    """
    found: Manifest = _without_nulls(schema, value, 0)
    return found


def _without_nulls(schema: Json, value: Json, depth: int) -> Json:
    if not isinstance(schema, dict) or depth > _DEEPEST:
        return value
    if isinstance(value, list):
        inner = schema.get("items")
        items = [_without_nulls(inner, item, depth + 1) for item in value]
        return value if all(new is old for new, old in zip(items, value, strict=True)) else items
    if not isinstance(value, dict):
        return value
    result = {
        name: _without_nulls(inner, item, depth + 1)
        for name, item in value.items()
        if not _is_refused_null(inner := _inner(schema, name), item) or _given(inner, item) is not None
    }
    same = len(result) == len(value) and all(result[name] is item for name, item in value.items() if name in result)
    return value if same else result


def _is_refused_null(schema: Json, value: Json) -> bool:
    return value is None and isinstance(schema, dict) and not flag_at(schema, "nullable")


def defaulted(schema: Json, value: Manifest) -> Manifest:
    """Return an object with its defaults, also in the place of nulls that may not be."""
    found: Manifest = _defaulted(schema, value, 0)
    return found


def _defaulted(schema: Json, value: Json, depth: int) -> Json:
    if not isinstance(schema, dict) or depth > _DEEPEST:
        return value
    if isinstance(value, list):
        inner = schema.get("items")
        items = [_defaulted(inner, _given(inner, item), depth + 1) for item in value]
        return value if all(new is old for new, old in zip(items, value, strict=True)) else items
    if not isinstance(value, dict):
        return value
    result: dict[str, Json] = {}
    for name, item in value.items():
        inner = _inner(schema, name)
        result[name] = _defaulted(inner, _given(inner, item), depth + 1)
    for name, inner in mapping_at(schema, "properties").items():
        if name not in result and at(inner, "default") is not None:
            result[name] = _defaulted(inner, manifests.copy(inner["default"]), depth + 1)
    same = len(result) == len(value) and all(name in value and value[name] is item for name, item in result.items())
    return value if same else result


def _given(schema: Json, value: Json) -> Json:
    """Return a value, or the default in the place of a null that may not be."""
    return manifests.copy(at(schema, "default")) if _is_refused_null(schema, value) else value


def _inner(schema: Json, name: str) -> Json:
    """Return the schema of a field, or of the values of a map."""
    known = mapping_at(schema, "properties")
    return known[name] if name in known else at(schema, "additionalProperties")
