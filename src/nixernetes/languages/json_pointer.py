"""JSON pointers (RFC 6901): the way to one value of a document. Who reads one decides what a missing value means."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from nixernetes.objects.manifest import Json

__all__ = ["ABSENT", "get", "put", "remove", "steps"]

ABSENT: Final = object()  # what stands where no value is


def steps(pointer: str) -> tuple[str, ...]:
    """Return the keys and positions that a pointer names, without escapes; none for the whole document.

    What stands before the first ``/`` is left out: a pointer that does not begin with one is for the caller to refuse.
    """
    return tuple(step.replace("~1", "/").replace("~0", "~") for step in pointer.split("/")[1:])


def get(document: Json, way: Sequence[str]) -> Json:
    """Return the value at the end of a way, or ``ABSENT``."""
    for step in way:
        if isinstance(document, dict):
            document = document.get(step, ABSENT)
        else:
            position = _position(document, step)
            document = ABSENT if position is None else document[position]
    return document


def remove(document: Json, way: Sequence[str]) -> None:
    """Take the value at the end of a way out of a document; one that is not there, or is the whole, stays away."""
    if not way:
        return
    parent = get(document, way[:-1])
    if isinstance(parent, dict):
        parent.pop(way[-1], None)
    elif (position := _position(parent, way[-1])) is not None:
        del parent[position]


def put(document: Json, way: Sequence[str], value: Json, *, create: bool) -> None:
    """Set the value at the end of a way.

    Args:
        document: what is changed; nothing happens where the way leads through what is neither map nor list, past the
            end of a list, or nowhere.
        way: as ``steps`` returns it.
        value: what is set.
        create: whether maps are made where the way leads through keys that are not there.

    """
    for step in way[:-1]:
        if create and isinstance(document, dict):
            document.setdefault(step, {})
        document = get(document, (step,))
    if not way:
        return
    if isinstance(document, dict):
        document[way[-1]] = value
    elif (position := _position(document, way[-1])) is not None:
        document[position] = value


def _position(node: Json, step: str) -> int | None:
    """Return the position in a list that a step names; None in anything else."""
    if isinstance(node, list) and step.isascii() and step.isdigit() and len(step) < 10 and int(step) < len(node):
        return int(step)
    return None
