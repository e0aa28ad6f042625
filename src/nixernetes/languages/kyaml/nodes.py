"""Small facts about YAML nodes as Kustomize sees them: nulls, kinds, the text of a scalar."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from nixernetes.languages.kyaml.failures import KustomizeError
from nixernetes.objects.manifest import Json, Manifest
from nixernetes.objects.yamls import EMPTY

__all__ = [
    "MISSING",
    "demand_kind",
    "is_null",
    "kind_of",
    "mapped",
    "replaced",
    "settled",
    "text_map",
    "text_of",
    "without_empty",
]


class _Missing:
    """Where there is no node at all (Go's nil)."""

    __slots__ = ()

    def __bool__(self) -> bool:
        return False


MISSING: Final = _Missing()


def is_null(value: Json) -> bool:
    """Tell whether a node is absent or null."""
    return value is None or value is EMPTY or value is MISSING


def kind_of(value: Json) -> str:
    """Return the node kind in Kustomize's words."""
    if isinstance(value, dict):
        return "MappingNode"
    return "SequenceNode" if isinstance(value, list) else "ScalarNode"


def demand_kind(value: Json, kind: str) -> None:
    """Accept nulls and nodes of one kind.

    Raises:
        KustomizeError: a node of another kind.

    """
    if not is_null(value) and kind_of(value) != kind:
        raise KustomizeError(f"wrong node kind: expected {kind} but got {kind_of(value)}")


def text_of(value: Json) -> str:
    """Return the text of a scalar; what was left empty and a collection have none."""
    if isinstance(value, str):
        return str(value)  # on its own, where it was tied to others
    if value is None:
        return "null"
    if value is EMPTY or value is MISSING or isinstance(value, (dict, list)):
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def text_map(value: Json) -> dict[str, str]:
    """Return a map of texts, as labels and annotations are read."""
    return {key: text_of(item) for key, item in value.items()} if isinstance(value, dict) else {}


def replaced(node: dict[str, Json], key: str, value: Json) -> dict[str, Json]:
    """Return the mapping with one key set, or without it when the value is ``MISSING``."""
    if value is MISSING:
        return {k: v for k, v in node.items() if k != key}
    return {**node, key: value}


def without_empty(value: Json) -> Json:
    """Return JSON data: values that were left empty are null. What holds none is returned as it is."""
    if value is EMPTY:
        return None
    return mapped(value, without_empty)


def mapped(node: Json, change: Callable[[Json], Json]) -> Json:
    """Return a map or list with each value changed; the same object where nothing is another, and for a scalar."""
    if isinstance(node, dict):
        fresh = {name: change(value) for name, value in node.items()}
        return fresh if any(fresh[name] is not value for name, value in node.items()) else node
    if isinstance(node, list):
        items = [change(value) for value in node]
        return items if any(new is not old for new, old in zip(items, node, strict=True)) else node
    return node


def settled(manifest: Manifest, field: str, values: dict[str, str]) -> Manifest:
    """Return the manifest with ``metadata.<field>`` set to a map, or without it when the map is empty."""
    meta = manifest.get("metadata")
    meta = meta if isinstance(meta, dict) else {}
    if meta.get(field, MISSING) == values and values:
        return manifest
    if not values and field not in meta:
        return manifest
    return {**manifest, "metadata": replaced(meta, field, values or MISSING)}
