"""The messages of Kubernetes' protobuf, as data that is read when the first one is asked for."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib import resources as files
from typing import Final

__all__ = ["SCALARS", "MessageField", "fields_of", "message_of"]

SCALARS: Final = frozenset(["string", "bytes", "bool", "int32", "int64", "uint32", "uint64", "double"])
_SIGNS: Final = ("[]", "{}", "~")
_META: Final = "apimachinery.pkg.apis.meta.v1."
_ODD: Final = {
    "apiextensions.k8s.io": "apiextensions_apiserver.pkg.apis.apiextensions.",
    "apiregistration.k8s.io": "kube_aggregator.pkg.apis.apiregistration.",
}


@dataclass(frozen=True, slots=True)
class MessageField:
    """One field of a message.

    Attributes:
        name: its name in JSON; ``""`` where its own fields stand in its place.
        type_name: a scalar, or the name of a message.
        many: ``""`` for one, ``[]`` for a list, ``{}`` for a map by text, ``~`` for one that is absent where it is
            zero: Go has no pointer for it, and sends it always.

    """

    name: str
    type_name: str
    many: str


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
        many = next((sign for sign in _SIGNS if type_name.endswith(sign)), "")
        type_name = type_name.removesuffix(many)
        if type_name.startswith("!"):
            type_name = _names()[int(type_name[1:])]
        found[int(number)] = MessageField(name, type_name, many)
    return found
