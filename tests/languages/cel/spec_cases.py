"""CEL's own conformance cases: how they spell types and values, and how one of them is run."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from nixernetes.languages.cel import CelError, Environment, Library
from nixernetes.languages.cel.functions import Function, Overload
from nixernetes.languages.cel.libraries.encoders import ENCODERS
from nixernetes.languages.cel.libraries.kubernetes.networks import NETWORKS
from nixernetes.languages.cel.libraries.lists import LISTS
from nixernetes.languages.cel.libraries.math import MATH
from nixernetes.languages.cel.libraries.sets import SETS
from nixernetes.languages.cel.libraries.standard import (
    BINDING,
    OPTIONAL,
    OPTIONAL_UNWRAP,
    STANDARD,
    TWO_VARIABLE_MACROS,
)
from nixernetes.languages.cel.libraries.strings import strings
from nixernetes.languages.cel.types import (
    BOOL,
    BYTES,
    DOUBLE,
    DYN,
    INT,
    NULL,
    STRING,
    UINT,
    Type,
    list_of,
    map_of,
    type_of_type,
)
from nixernetes.languages.cel.values import TypeValue, UInt, Value, type_name

Case = Mapping[str, Any]

_LIBRARIES = (
    STANDARD,
    OPTIONAL,
    OPTIONAL_UNWRAP,
    BINDING,
    TWO_VARIABLE_MACROS,
    strings(),
    MATH,
    LISTS,
    SETS,
    ENCODERS,
    NETWORKS,
)
_PRIMITIVES = {
    "INT64": INT,
    "UINT64": UINT,
    "BOOL": BOOL,
    "STRING": STRING,
    "DOUBLE": DOUBLE,
    "BYTES": BYTES,
}


class NeedsMessagesError(Exception):
    """A case is about protobuf messages, which plain data does not have."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a case gave, spelled to be read, and whether that is right."""

    right: bool
    text: str


def _type(spelled: Case) -> Type:
    ((kind, (inner,)),) = spelled.items()
    match kind:
        case "primitive":
            return _PRIMITIVES[inner]
        case "dyn":
            return DYN
        case "null":
            return NULL
        case "list_type":
            return list_of(_type(inner["elem_type"][0]))
        case "map_type":
            return map_of(_type(inner["key_type"][0]), _type(inner["value_type"][0]))
        case "type_param":
            return Type(inner, parameter=True)
        case "abstract_type":
            return Type(inner["name"][0], tuple(map(_type, inner.get("parameter_types", []))))
        case "type":
            return type_of_type(_type(inner)) if inner else Type("type")
    raise NeedsMessagesError(kind)


def _value(spelled: Case) -> Value:
    ((kind, inner),) = spelled.items()
    match kind:
        case "int" | "string" | "null" | "bool":
            return inner
        case "uint":
            return UInt(inner)
        case "double":
            return float(inner)
        case "bytes_hex":
            return bytes.fromhex(inner)
        case "list":
            return [_value(each) for each in inner]
        case "map":
            return {_value(key): _value(value) for key, value in inner}
        case "type":
            return TypeValue(inner)
    raise NeedsMessagesError(kind)


def _same(one: Value, other: Value) -> bool:
    if type_name(one) != type_name(other):
        return False
    if isinstance(one, float):
        return one == other or (one != one and other != other)  # noqa: PLR0124  NaN is right where NaN is wanted
    if isinstance(one, Mapping):
        return len(one) == len(other) and all(key in other and _same(one[key], other[key]) for key in one)
    if isinstance(one, Sequence) and not isinstance(one, (str, bytes)):
        return len(one) == len(other) and all(map(_same, one, other))
    return bool(one == other)


def _declared(case: Case) -> tuple[dict[str, Type], list[Function]]:
    variables: dict[str, Type] = {}
    functions: list[Function] = []
    for declared in case.get("type_env", []):
        (name,) = declared["name"]
        if "ident" in declared:
            variables[name] = _type(declared["ident"][0]["type"][0])
            continue
        for overload in declared["function"][0]["overloads"]:
            signature = Overload(
                parameters=tuple(map(_type, overload.get("params", []))),
                result=_type(overload["result_type"][0]),
                method=bool(overload.get("is_instance_function")),
                implementation=lambda *_: None,
            )
            functions.append(Function(name=name, overload=signature))
    return variables, functions


def run(case: Case) -> Outcome:
    """Run a case.

    Raises:
        NeedsMessagesError: it needs protobuf messages.

    """
    if "google.protobuf." in case["expr"] and "{" in case["expr"]:
        raise NeedsMessagesError(case["expr"])
    variables, functions = _declared(case)
    values = {name: _value(value) for name, value in case.get("bindings", {}).items()}
    environment = Environment(
        libraries=(*_LIBRARIES, Library(name="declared", functions=tuple(functions))),
        variables=variables,
        container=case.get("container", ""),
    )
    try:
        return _judged(case, environment, values)
    except CelError as error:
        return Outcome("error" in case, f"error {error.message!r}")


def _judged(case: Case, environment: Environment, values: Mapping[str, Value]) -> Outcome:
    text = case["expr"]
    program = environment.parse(text) if case.get("disable_check") else environment.compile(text)
    if "deduced_type" in case and program.result != _type(case["deduced_type"]):
        return Outcome(False, f"type {program.result}")
    if case.get("check_only"):
        return Outcome(True, str(program.result))
    found = program.evaluate(values)
    if "error" in case:
        return Outcome(False, f"{found!r} instead of an error")
    return Outcome(_same(found, _value(case["value"])), f"{found!r} instead of {json.dumps(case['value'])}")
