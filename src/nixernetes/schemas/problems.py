"""One thing that an API server finds wrong in an object."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from nixernetes.objects.manifest import Json

__all__ = [
    "FieldPath",
    "MapKey",
    "Problem",
    "ProblemKind",
    "TypeRule",
    "duplicate",
    "forbidden",
    "invalid",
    "not_found",
    "path_text",
    "required",
    "shown",
    "too_long",
    "too_many",
    "unsupported",
]

FieldPath: TypeAlias = tuple[str | int, ...]
TypeRule: TypeAlias = Callable[[Mapping[str, Json], FieldPath], Iterator["Problem"]]
_LONGEST = 10_000  # characters of a value in a message


class MapKey(str):
    """A step of a path that is a key of a map, which the API server writes in brackets."""

    __slots__ = ()


class ProblemKind(StrEnum):
    """What is wrong with a field (``field.ErrorType`` of apimachinery, and what decoding refuses)."""

    TYPE = "type"
    """A value of another JSON type than the field has."""
    UNKNOWN = "unknown"
    """A field that the kind does not have."""
    REQUIRED = "required"
    INVALID = "invalid"
    UNSUPPORTED = "unsupported"
    DUPLICATE = "duplicate"
    REPEATED = "repeated"
    """An item of a list with the keys of another: server-side apply cannot tell them apart; create and update can."""
    FORBIDDEN = "forbidden"
    RULE = "rule"
    """A rule of a definition does not hold."""
    DOUBTFUL = "doubtful"
    """Accepted, and hardly what was meant."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One problem.

    Attributes:
        path: the field.
        kind: what is wrong with it.
        message: the words of the API server, without the field.
        hint: what was perhaps meant, or ``""``.
        field: the field as the server names it, where that is less than the place; else None.
        times: how often a server lists it among the causes.

    """

    path: FieldPath
    kind: ProblemKind
    message: str
    hint: str = ""
    field: FieldPath | None = None
    times: int = 1

    def __str__(self) -> str:
        return f"{path_text(self.path)}: {self.message}{self.hint}"


def path_text(path: FieldPath) -> str:
    """Return a path as the API server writes it: ``spec.containers[0].image``, ``metadata.labels[a/b]``."""
    text = ""
    for step in path:
        if isinstance(step, int | MapKey):
            text += f"[{step}]"
        elif step.replace("-", "").replace("_", "").replace("$", "").isalnum() or step[:1] == "{":
            text += f".{step}" if text else step
        else:
            text += f"[{step}]"
    return text


def invalid(path: FieldPath, value: Json, detail: str) -> Problem:
    """Return that a value is invalid, as ``Invalid value: 0: must be greater than 0``."""
    return Problem(path, ProblemKind.INVALID, f"Invalid value: {shown(value)}: {detail}")


def required(path: FieldPath, detail: str = "") -> Problem:
    """Return that a field must be given."""
    return Problem(path, ProblemKind.REQUIRED, f"Required value: {detail}" if detail else "Required value")


def unsupported(path: FieldPath, value: Json, allowed: tuple[str, ...]) -> Problem:
    """Return that a value is none of those that a field may have."""
    names = ", ".join(f'"{each}"' for each in allowed)
    return Problem(path, ProblemKind.UNSUPPORTED, f"Unsupported value: {shown(value)}: supported values: {names}")


def not_found(path: FieldPath, value: Json) -> Problem:
    """Return that what a field names is not there."""
    return Problem(path, ProblemKind.INVALID, f"Not found: {shown(value)}")


def too_long(path: FieldPath, most: int) -> Problem:
    """Return that a text has more bytes than it may have."""
    return Problem(path, ProblemKind.INVALID, f"Too long: may not be more than {most} bytes")


def too_many(path: FieldPath, count: int, most: int) -> Problem:
    """Return that a list has more items than it may have."""
    return Problem(path, ProblemKind.INVALID, f"Too many: {count}: must have at most {most} items")


def duplicate(path: FieldPath, value: Json) -> Problem:
    """Return that a value is given twice."""
    return Problem(path, ProblemKind.DUPLICATE, f"Duplicate value: {shown(value)}")


def forbidden(path: FieldPath, detail: str) -> Problem:
    """Return that a field may not be given."""
    return Problem(path, ProblemKind.FORBIDDEN, f"Forbidden: {detail}")


def shown(value: Json) -> str:
    """Return a value as the API server writes it."""
    text = json.dumps(value, separators=(",", ":"), ensure_ascii=False)
    if isinstance(value, dict | list):
        for mark in "<>&":
            text = text.replace(mark, f"\\u{ord(mark):04x}")
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}..."
