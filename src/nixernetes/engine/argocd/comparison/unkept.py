"""What an API server does not keep of an object, so that it differs from what is wanted for ever.

Argo CD 3.5 compares with the target as it is written (``threeWayMergePatch`` in ``pkg/diff/diff.go`` of gitops-engine):
a field that the kind does not have is in each patch again, and so is a null in a map of texts, which an apply
deletes and the typed form of the target has as an empty text.
"""

from __future__ import annotations

from nixernetes.objects.fields import mapping_at
from nixernetes.objects.manifest import Json, Manifest

__all__ = ["is_unkept", "without_nulls"]

# The server's own, and what it turns into something else.
_NOT_COMPARED = ("apiVersion", "kind", "status", "stringData")
_META = ("labels", "annotations", "finalizers", "ownerReferences")


def without_nulls(value: Json) -> Json:
    """Return a target without its nulls, which an apply deletes; shared where there are none."""
    if isinstance(value, dict):
        made = {name: without_nulls(item) for name, item in value.items() if item is not None}
        return value if len(made) == len(value) and all(made[name] is value[name] for name in made) else made
    if isinstance(value, list):
        items = [without_nulls(item) for item in value]
        return value if all(one is other for one, other in zip(items, value, strict=True)) else items
    return value


def is_unkept(target: Manifest, live: Manifest) -> bool:
    """Tell whether a target says something that is not there though it was applied."""
    compared = {name: value for name, value in target.items() if name not in _NOT_COMPARED}
    compared["metadata"] = {part: mapping_at(target, "metadata").get(part) for part in _META}
    return _lacks(compared, live)


def _lacks(wanted: Json, live: Json) -> bool:
    if isinstance(wanted, dict) and isinstance(live, dict):
        return any(_lacks(value, live[name]) if name in live else _says(value) for name, value in wanted.items())
    if isinstance(wanted, list) and isinstance(live, list) and len(wanted) == len(live):
        return any(_is_same(one, other) and _lacks(one, other) for one, other in zip(wanted, live, strict=True))
    return False


def _is_same(one: Json, other: Json) -> bool:
    """Tell whether two items of a list stand for one thing; a server may order them anew."""
    if not isinstance(one, dict) or not isinstance(other, dict):
        return False
    return all(one[key] == other.get(key) for key in ("name", "containerPort", "mountPath", "port") if key in one)


def _says(value: Json) -> bool:
    """Tell whether a value is more than an empty one, which Go leaves out."""
    if isinstance(value, dict):
        return any(_says(item) for item in value.values())
    if isinstance(value, list):
        return any(_says(item) for item in value)
    return value not in (None, "", 0, False)
