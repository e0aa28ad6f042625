"""Answers of servers, looked at once: what is behind this counts on objects that have the form of objects."""

from __future__ import annotations

from typing import Final

from nixernetes.errors import RemoteError
from nixernetes.objects.manifest import Json, Manifest
from nixernetes.objects.shapes import SCALAR, Shape, misfit

__all__ = ["checked_object"]

_DEEPEST: Final = 200  # of a set of fields
_REFERENCE: Final[Shape] = {"apiVersion": str, "kind": str, "name": str, "uid": str}
_ENTRY: Final[Shape] = {
    "manager": str,
    "operation": str,
    "apiVersion": str,
    "time": str,
    "fieldsType": str,
    "subresource": str,
    "fieldsV1": {},
}
_OBJECT: Final[Shape] = {
    "apiVersion!": str,
    "kind!": str,
    "metadata!": {
        "name!": str,
        "namespace": str,
        "uid": str,
        "resourceVersion": str,
        "creationTimestamp": str,
        "deletionTimestamp": str,
        "generation": SCALAR,
        "labels": {"*": str},
        "annotations": {"*": str},
        "finalizers": [str],
        "ownerReferences": [_REFERENCE],
        "managedFields": [_ENTRY],
    },
}


def checked_object(answer: Json, where: str) -> Manifest:
    """Return an object as a server tells it.

    Args:
        answer: the answer.
        where: the path that was asked for.

    Raises:
        RemoteError: it has not the form that every object has.

    """
    problem = misfit(_OBJECT, answer)
    if not problem:
        entries = answer["metadata"].get("managedFields") or ()
        problem = "" if all(_is_set(entry.get("fieldsV1") or {}, 0) for entry in entries) else "metadata.managedFields"
    if problem:
        raise RemoteError(f"the answer is not an object of Kubernetes: {problem}", subject=where)
    found: Manifest = answer
    return found


def _is_set(fields: Json, depth: int) -> bool:
    return isinstance(fields, dict) and depth < _DEEPEST and all(_is_set(each, depth + 1) for each in fields.values())
