"""The messages of Kubernetes' protobuf, as data that is read when the first one is asked for."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib import resources as files
from typing import Final

from nixernetes.objects.api_groups import APIEXTENSIONS, APIREGISTRATION
from nixernetes.objects.manifest import Json, Manifest

__all__ = ["SCALARS", "MessageField", "fields_of", "message_of", "zero"]

SCALARS: Final = frozenset(["string", "bytes", "bool", "int32", "int64", "uint32", "uint64", "double"])
_SIGNS: Final = ("[]", "{}", "~")
_META: Final = "apimachinery.pkg.apis.meta.v1."
_ODD: Final = {
    APIEXTENSIONS: "apiextensions_apiserver.pkg.apis.apiextensions.",
    APIREGISTRATION: "kube_aggregator.pkg.apis.apiregistration.",
}
# Structs that are one value in JSON.
_ONE_VALUE: Final = re.compile(r".*\.(Time|MicroTime|Duration|Quantity|IntOrString|FieldsV1|RawExtension|JSON\w*)")


@dataclass(frozen=True, slots=True)
class MessageField:
    """One field of a message.

    Attributes:
        name: its name in JSON; ``""`` where its own fields stand in its place.
        type_name: a scalar, or the name of a message.
        many: ``""`` for one, ``[]`` for a list, ``{}`` for a map by text, ``~`` for one that is absent where it is
            zero: Go has no pointer for it, and sends it always.
        is_told: whether JSON has it even where it is empty.

    """

    name: str
    type_name: str
    many: str
    is_told: bool = False


@cache
def _lines() -> dict[str, str]:
    text = (files.files("nixernetes.cluster.wire") / "data/protobuf_fields.txt").read_text()
    rows = (line.partition(" ") for line in text.splitlines() if not line.startswith("#"))
    return {name: fields for name, _, fields in rows}


@cache
def _names() -> tuple[str, ...]:
    return tuple(_lines())


def message_of(api_version: str, kind: str) -> str | None:
    """Return the message of a kind; None where there is none, as for custom kinds."""
    group, _, version = api_version.rpartition("/")
    package = _ODD.get(group) or f"api.{group.partition('.')[0] or 'core'}."
    for name in (f"{package}{version}.{kind}", f"{_META}{kind}"):
        if name in _lines():
            return name
    return None


@cache
def fields_of(message: str) -> dict[int, MessageField]:
    """Return the fields of a message by number."""
    found = {}
    for text in _lines()[message].split():
        number, _, rest = text.partition("=")
        name, _, type_name = rest.partition(":")
        is_told = type_name.endswith("!")
        type_name = type_name.removesuffix("!")
        many = next((sign for sign in _SIGNS if type_name.endswith(sign)), "")
        type_name = type_name.removesuffix(many)
        if type_name.startswith("!"):
            type_name = _names()[int(type_name[1:])]
        found[int(number)] = MessageField(name, type_name, many, is_told)
    return found


@cache
def zero(api_version: str, kind: str) -> Manifest:
    """Return an object of a kind with nothing in it but the structs that Go always has; it must not be changed.

    An API server compares a new object with this one, so that nobody owns those structs themselves. A custom kind has
    none.
    """
    message = message_of(api_version, kind)
    empty: Manifest = {"apiVersion": api_version, "kind": kind}
    return {**empty, "metadata": {}} if message is None else {**empty, **_zero(message)}


def _zero(message: str) -> dict[str, Json]:
    found: dict[str, Json] = {}
    for field in fields_of(message).values():
        if field.is_told and field.name:
            found[field.name] = None if field.many != "~" else zero_of(field.type_name)
        elif field.many == "~" and field.type_name.endswith("Time") and field.name != "creationTimestamp":
            found[field.name] = None
        if field.many != "~" or field.type_name in SCALARS or _ONE_VALUE.fullmatch(field.type_name):
            continue
        inner = _zero(field.type_name)
        if field.name:
            found[field.name] = inner
        else:
            found.update(inner)
    return found


def zero_of(type_name: str) -> Json:
    """Return what Go writes of a value that is one in JSON where nothing was said of it."""
    kind = type_name.rpartition(".")[2]
    if kind == "Quantity":
        return "0"
    nothing: Json = None if "." in type_name and kind != "IntOrString" else 0
    return {"string": "", "bool": False, "bytes": None}.get(kind, nothing)
