"""Parts that the cells of several kinds have."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Final

from nixernetes.objects.fields import at, mapping_at, objects_at, text_at
from nixernetes.objects.manifest import Json, Manifest

__all__ = ["NONE", "UNSET", "Ages", "Cells", "addresses", "containers", "created", "labels", "more", "selector"]

NONE: Final = "<none>"
UNSET: Final = "<unset>"
Ages = Callable[[Json], str]
"""Returns how long ago a timestamp was."""
Cells = Callable[[Manifest, Ages], list[Json]]
_SHOWN: Final = 3
_OPERATORS: Final = {"In": "in", "NotIn": "notin"}


def created(item: Manifest, ages: Ages) -> str:
    """Return how old an object is."""
    return ages(at(item, "metadata", "creationTimestamp"))


def containers(item: Manifest, *path: str) -> list[Json]:
    """Return the names and the images of the containers of a pod's spec."""
    found = objects_at(item, *path, "containers")
    return [",".join(text_at(each, name) for each in found) for name in ("name", "image")]


def labels(found: Mapping[str, Json]) -> str:
    """Write labels (``labels.FormatLabels``)."""
    return ",".join(f"{key}={found[key]}" for key in sorted(found)) or NONE


def selector(item: Manifest, *path: str) -> str:
    """Write a label selector (``metav1.FormatLabelSelector``)."""
    found = at(item, *path)
    if not isinstance(found, dict):
        return NONE
    parts = [(key, f"{key}={value}") for key, value in mapping_at(found, "matchLabels").items()]
    for each in objects_at(found, "matchExpressions"):
        key, operator = text_at(each, "key"), text_at(each, "operator")
        if operator in _OPERATORS:
            values = ",".join(sorted(map(str, each.get("values") or [])))
            parts.append((key, f"{key} {_OPERATORS[operator]} ({values})"))
        else:
            parts.append((key, key if operator == "Exists" else f"!{key}"))
    return ",".join(text for _, text in sorted(parts)) or NONE


def more(found: Iterable[str], none: str, shown: int = _SHOWN) -> str:
    """Write the first of some texts, and how many there are beside."""
    texts = list(found)
    told = ",".join(texts[:shown])
    if len(texts) > shown:
        return f"{told} + {len(texts) - shown} more..."
    return told or none


def addresses(item: Manifest) -> str:
    """Return the addresses of a load balancer, sorted."""
    found = objects_at(item, "status", "loadBalancer", "ingress")
    return ",".join(sorted({text for each in found if (text := text_at(each, "ip") or text_at(each, "hostname"))}))
