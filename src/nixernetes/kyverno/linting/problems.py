"""A problem of a policy."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from nixernetes.objects.manifest import Json

__all__ = ["FieldPath", "PolicyProblem", "spelled", "texts_in"]

FieldPath = tuple[str | int, ...]
_MAX_DEPTH = 60  # deeper than anybody nests a policy


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyProblem:
    """Something that is wrong.

    Attributes:
        path: the field.
        message: what is wrong, and what to do.
        is_refused: whether Kyverno refuses the policy for it; if not, it hardly does what was meant.

    """

    path: FieldPath
    message: str
    is_refused: bool = True


def spelled(path: Sequence[str | int]) -> str:
    """Return a path as messages write it: ``spec.rules[0].match``."""
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path).lstrip(".")


def texts_in(data: Json, path: FieldPath = ()) -> Iterator[tuple[FieldPath, str]]:
    """Yield the texts in some data, keys left out, each with its path."""
    waiting: list[tuple[FieldPath, Json]] = [(path, data)]
    while waiting:
        where, found = waiting.pop()
        if isinstance(found, str):
            yield where, found
        elif isinstance(found, dict) and len(where) < _MAX_DEPTH:
            waiting += [((*where, key), each) for key, each in reversed(found.items())]
        elif isinstance(found, list) and len(where) < _MAX_DEPTH:
            waiting += [((*where, index), each) for index, each in reversed(list(enumerate(found)))]
