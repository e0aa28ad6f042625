"""What a mutation may make: ``Object.spec{...}`` of an apply configuration, and ``JSONPatch{...}``.

Source: k8s.io/apiserver ``pkg/cel/mutation``. Types of objects have no declaration: ``Object`` and every path below it
is one, with any fields. Whether a name follows the path at which its object stands is looked at in the whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import ClassVar, Final

from nixernetes.languages.cel.errors import EvaluationError
from nixernetes.languages.cel.functions import Library, Structure, function
from nixernetes.languages.cel.types import DYN, STRING
from nixernetes.languages.cel.values import Opaque, OptionalValue, Value

__all__ = ["MUTATION", "JsonPatchValue", "ObjectValue", "misplaced", "plain"]

_ROOT: Final = "Object"
_OBJECT: Final = re.compile(r"Object(\.\w+)*")
_DEEPEST: Final = 200


class ObjectValue(Opaque):
    """A part of an object, as ``Object.spec{...}`` makes it.

    Args:
        path: the name of its type.
        fields: what it holds.

    """

    __slots__ = ("fields", "path")
    type_name: ClassVar[str] = _ROOT

    def __init__(self, path: str, fields: dict[str, Value]) -> None:
        self.path = path
        self.fields = fields

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ObjectValue) and (self.path, self.fields) == (other.path, other.fields)

    def __hash__(self) -> int:
        return hash(self.path)


class JsonPatchValue(Opaque):
    """A step of a JSON patch."""

    __slots__ = ("fields",)
    type_name: ClassVar[str] = "JSONPatch"

    def __init__(self, fields: dict[str, Value]) -> None:
        self.fields = {"op": "", "path": "", "from": "", "value": None, **fields}

    def __eq__(self, other: object) -> bool:
        return isinstance(other, JsonPatchValue) and self.fields == other.fields

    def __hash__(self) -> int:
        return hash(self.fields["path"])


def _object(name: str) -> Structure | None:
    if not _OBJECT.fullmatch(name):
        return None
    return Structure(name=name, fields=None, make=lambda fields: ObjectValue(name, fields))


def _escaped(key: str) -> str:
    return key.replace("~", "~0").replace("/", "~1")


MUTATION: Final = Library(
    name="kubernetes.mutation",
    functions=(function("jsonpatch.escapeKey", "(string) -> string", _escaped),),
    structures=(
        Structure(
            name="JSONPatch",
            fields={"op": STRING, "path": STRING, "from": STRING, "value": DYN},
            make=JsonPatchValue,
        ),
    ),
    families=(_object,),
)


def misplaced(value: Value, path: str = _ROOT) -> Iterator[str]:
    """Yield what is wrong with the names of types: each must be the path at which the object stands."""
    if isinstance(value, ObjectValue):
        if value.path != path:
            known = "which matches field name path from root Object type"
            yield f'unexpected type name "{value.path}", expected "{path}", {known}'
        for name, item in value.fields.items():
            yield from misplaced(item, f"{path}.{name}")
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from misplaced(item, path)
    elif isinstance(value, Sequence) and not isinstance(value, str | bytes):
        for item in value:
            yield from misplaced(item, path)


def plain(value: Value, depth: int = 0) -> Value:
    """Return a value as JSON data.

    Raises:
        EvaluationError: it is of a type that JSON does not have, or nested too deeply.

    """
    if depth > _DEEPEST:
        raise EvaluationError(f"value is nested more than {_DEEPEST} deep")
    if value is None or isinstance(value, str | bool | float):
        return value
    if isinstance(value, int):
        return int(value)
    if isinstance(value, ObjectValue | JsonPatchValue):
        return {name: plain(item, depth + 1) for name, item in value.fields.items()}
    if isinstance(value, Mapping):
        return {_key(name): plain(item, depth + 1) for name, item in value.items()}
    if isinstance(value, OptionalValue):
        return plain(value.value, depth + 1) if value.present else None
    if isinstance(value, Sequence) and not isinstance(value, bytes | bytearray):
        return [plain(item, depth + 1) for item in value]
    raise EvaluationError(f"type conversion error from '{type(value).__name__}' to JSON")


def _key(name: Value) -> str:
    if isinstance(name, bool):
        return "true" if name else "false"
    return str(name)
