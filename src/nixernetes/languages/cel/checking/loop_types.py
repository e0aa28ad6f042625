"""What the variables of a loop are, and what it gives."""

from __future__ import annotations

from collections.abc import Sequence

from nixernetes.languages.cel.syntax.nodes import LoopKind
from nixernetes.languages.cel.types import BOOL, DYN, INT, Type, list_of, map_of

__all__ = ["loop_type", "variable_types"]


def variable_types(subject: Type, count: int) -> tuple[Type, ...] | None:
    """Return the types of one variable or two, or nothing if the subject cannot be looped over.

    One variable is an element or a key; two are index and element, or key and value.
    """
    if subject.name == "list" and subject.parameters:
        element = subject.parameters[0]
        return (element,) if count == 1 else (INT, element)
    if subject.name == "map" and subject.parameters:
        return subject.parameters[:count]
    if subject.name in {"dyn", "!error!"} or subject.parameter:
        return (DYN,) * count
    return None


def loop_type(kind: LoopKind, variables: Sequence[Type], transform: Type | None) -> Type:
    """Return the type of what a loop gives."""
    match kind:
        case LoopKind.ALL | LoopKind.EXISTS | LoopKind.EXISTS_ONE:
            return BOOL
        case LoopKind.FILTER:
            return list_of(variables[0])
        case LoopKind.MAP:
            return list_of(transform or DYN)
        case LoopKind.TRANSFORM_MAP:
            return map_of(variables[0], transform or DYN)
        case LoopKind.TRANSFORM_MAP_ENTRY:
            return transform if transform is not None and transform.name == "map" else map_of(DYN, DYN)
