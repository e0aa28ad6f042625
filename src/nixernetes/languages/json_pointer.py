"""JSON pointers (RFC 6901): the way to one value of a document. Who reads one decides what a missing value means."""

from __future__ import annotations

__all__ = ["steps"]


def steps(pointer: str) -> tuple[str, ...]:
    """Return the keys and positions that a pointer names, without escapes; none for the whole document.

    What stands before the first ``/`` is left out: a pointer that does not begin with one is for the caller to refuse.
    """
    return tuple(step.replace("~1", "/").replace("~0", "~") for step in pointer.split("/")[1:])
