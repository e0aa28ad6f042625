"""OpenAPI v2 as protobuf, which kubectl before 1.27 asks for (gnostic-models v0.7.0, ``openapiv2/OpenAPIv2.proto``).

Of a document what a Kubernetes API has: information, paths with their operations and parameters, definitions.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Callable, Iterator, Mapping
from typing import Final, NamedTuple

from nixernetes.objects.manifest import Json

__all__ = ["MEDIA", "gnostic_bytes"]

MEDIA: Final = "application/com.github.proto-openapi.spec.v2.v1.0+protobuf"
"""The media type of an answer; clients ask for it with ``@`` in place of the last ``.v``."""
_VARINT, _FIXED, _BYTES = 0, 1, 2
_SIZE: Final = 7  # bits of a byte of a number
_MASK: Final = (1 << 64) - 1


class _Part(NamedTuple):
    """A field of a message.

    Attributes:
        number: its number.
        form: how its value is written: a scalar, a message by name, or one of the forms in ``_WRITERS``.

    """

    number: int
    form: str


def _parts(text: str) -> dict[str, _Part]:
    rows = (row.split(":") for row in text.split())
    return {name: _Part(int(number), form) for name, number, form in rows}


_MESSAGES: Final[dict[str, dict[str, _Part]]] = {
    "Document": _parts("swagger:1:text info:2:Info paths:8:paths definitions:9:named"),
    "Info": _parts("title:1:text version:2:text description:3:text"),
    "PathItem": _parts(
        "get:2:Operation put:3:Operation post:4:Operation delete:5:Operation patch:8:Operation parameters:9:parameters"
    ),
    "Operation": _parts(
        "tags:1:texts summary:2:text description:3:text operationId:5:text produces:6:texts consumes:7:texts "
        "parameters:8:parameters responses:9:responses schemes:10:texts deprecated:11:bool"
    ),
    "Body": _parts("description:1:text name:2:text in:3:text required:4:bool schema:5:Schema"),
    "Query": _parts(
        "required:1:bool in:2:text description:3:text name:4:text allowEmptyValue:5:bool type:6:text format:7:text "
        "uniqueItems:20:bool"
    ),
    "Path": _parts(
        "required:1:bool in:2:text description:3:text name:4:text type:5:text format:6:text uniqueItems:19:bool"
    ),
    "Response": _parts("description:1:text schema:2:response-schema"),
    "Schema": _parts(
        "$ref:1:text format:2:text title:3:text description:4:text default:5:any multipleOf:6:double maximum:7:double "
        "exclusiveMaximum:8:bool minimum:9:double exclusiveMinimum:10:bool maxLength:11:int minLength:12:int "
        "pattern:13:text maxItems:14:int minItems:15:int uniqueItems:16:bool "
        "maxProperties:17:int minProperties:18:int required:19:texts enum:20:anys additionalProperties:21:additional "
        "type:22:type items:23:items allOf:24:Schemas properties:25:named readOnly:27:bool example:30:any"
    ),
}
_EXTENSIONS: Final = {
    "Document": 16,
    "Info": 7,
    "PathItem": 10,
    "Operation": 13,
    "Body": 6,
    "Query": 23,
    "Path": 22,
    "Response": 5,
    "Schema": 31,
}


def gnostic_bytes(document: Mapping[str, Json]) -> bytes:
    """Return a document of OpenAPI v2 as protobuf; what a Kubernetes API does not have is left out."""
    return _message("Document", document)


def _message(name: str, value: Mapping[str, Json]) -> bytes:
    known = _MESSAGES[name]
    rows = sorted((known[key].number, known[key].form, item) for key, item in value.items() if key in known)
    found = [_field(number, form, item) for number, form, item in rows]
    found += [
        _bytes(_EXTENSIONS[name], _text(1, key) + _bytes(2, _any(item)))
        for key, item in value.items()
        if key.startswith("x-")
    ]
    return b"".join(found)


def _field(number: int, form: str, value: Json) -> bytes:
    write = _SCALARS.get(form)
    if write is not None:
        return write(number, value)
    item = _REPEATED.get(form)
    if item is not None:
        return b"".join(_bytes(number, item(each)) for each in value)
    return _bytes(number, _message(form, value) if form in _MESSAGES else b"".join(_inner(form, value)))


def _inner(form: str, value: Json) -> Iterator[bytes]:
    """Yield what is in a message that stands for a list, a map or a choice."""
    if form == "named":
        yield from (_named(1, name, _message("Schema", each)) for name, each in value.items())
    elif form == "paths":
        yield from (_named(2, name, _message("PathItem", each)) for name, each in value.items())
    elif form == "responses":
        yield from (_named(1, code, _bytes(1, _message("Response", each))) for code, each in value.items())
    elif form == "response-schema":
        yield _bytes(1, _message("Schema", value))
    elif form == "additional":
        yield _number(2, int(value)) if isinstance(value, bool) else _bytes(1, _message("Schema", value))
    elif form == "type":
        yield from (_text(1, str(each)) for each in (value if isinstance(value, list) else [value]))
    elif form == "items":
        yield _bytes(1, _message("Schema", value))


def _parameter(value: Mapping[str, Json]) -> bytes:
    if value["in"] == "body":
        return _bytes(1, _bytes(1, _message("Body", value)))
    is_path = value["in"] == "path"
    return _bytes(1, _bytes(2, _bytes(4 if is_path else 3, _message("Path" if is_path else "Query", value))))


def _named(number: int, name: str, value: bytes) -> bytes:
    return _bytes(number, _text(1, name) + _bytes(2, value))


def _any(value: Json) -> bytes:
    """Return a value of any type: a text of YAML, which JSON is, too."""
    return _text(2, json.dumps(value, sort_keys=True) + "\n")


def _key(number: int, wire: int) -> bytes:
    return _varint(number << 3 | wire)


def _varint(value: int) -> bytes:
    value &= _MASK
    found = bytearray()
    while value >> _SIZE:
        found.append(value & 0x7F | 0x80)
        value >>= _SIZE
    found.append(value)
    return bytes(found)


def _number(number: int, value: int) -> bytes:
    return _key(number, _VARINT) + _varint(value)


def _bytes(number: int, value: bytes) -> bytes:
    return _key(number, _BYTES) + _varint(len(value)) + value


def _text(number: int, value: str) -> bytes:
    return _bytes(number, value.encode("utf-8", "surrogatepass"))


_SCALARS: Final[dict[str, Callable[[int, Json], bytes]]] = {
    "text": lambda number, value: _text(number, str(value)),
    "bool": lambda number, value: _number(number, int(value is True)),
    "int": lambda number, value: _number(number, int(value)),
    "double": lambda number, value: _key(number, _FIXED) + struct.pack("<d", float(value)),
    "any": lambda number, value: _bytes(number, _any(value)),
}
_REPEATED: Final[dict[str, Callable[[Json], bytes]]] = {
    "texts": lambda value: str(value).encode("utf-8", "surrogatepass"),
    "anys": _any,
    "parameters": _parameter,
    "Schemas": lambda value: _message("Schema", value),
}
