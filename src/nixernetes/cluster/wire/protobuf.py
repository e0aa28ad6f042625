"""Kubernetes' protobuf, both ways (apimachinery pkg/runtime/serializer/protobuf, v0.34.4).

An object is four magic bytes and a ``runtime.Unknown``: what it is, and the message in bytes. Zero values of fields
that are always sent become absent, as JSON leaves them out, so that both mean the same object.
"""

from __future__ import annotations

import base64
import json
import struct
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import cache
from typing import Final

from nixernetes.cluster.api import ApiError
from nixernetes.cluster.wire.messages import SCALARS, MessageField, fields_of, message_of
from nixernetes.objects.fields import text_at
from nixernetes.objects.manifest import Json, Manifest

__all__ = ["MAGIC", "decode", "encode", "fields", "framed", "is_encodable"]

MAGIC: Final = b"k8s\x00"
_DEEPEST: Final = 100  # no message of Kubernetes but that of schemas nests by itself
_TYPE_META, _RAW = 1, 2
_VARINT, _FIXED64, _BYTES, _FIXED32 = 0, 1, 2, 5
_META: Final = "apimachinery.pkg.apis.meta.v1."
_SCHEMA: Final = "apiextensions_apiserver.pkg.apis.apiextensions.v1."
_TIME, _MICRO_TIME, _DURATION = f"{_META}Time", f"{_META}MicroTime", f"{_META}Duration"
_QUANTITY: Final = "apimachinery.pkg.api.resource.Quantity"
_INT_OR_STRING: Final = "apimachinery.pkg.util.intstr.IntOrString"
_JSON_BYTES: Final = frozenset((f"{_META}FieldsV1", "apimachinery.pkg.runtime.RawExtension", f"{_SCHEMA}JSON"))
_LISTS: Final = ("ExtraValue", "Verbs")
_OR_BOOL, _OR_ARRAY, _OR_STRINGS = (f"{_SCHEMA}JSONSchemaPropsOr{each}" for each in ("Bool", "Array", "StringArray"))
_NANOS: Final = 1_000_000_000

Field = tuple[int, int, int | bytes]


def is_encodable(manifest: Manifest) -> bool:
    """Tell whether there is a message for the kind of an object."""
    return message_of(text_at(manifest, "apiVersion"), text_at(manifest, "kind")) is not None


def decode(data: bytes) -> Manifest:
    """Return the object in a body.

    Raises:
        ApiError: BadRequest, the bytes are no object.

    """
    if not data:
        raise ApiError("BadRequest", "empty data")
    if not data.startswith(MAGIC):
        raise ApiError(
            "BadRequest", "provided data does not appear to be a protobuf message, expected prefix [107 56 115 0]"
        )
    try:
        whole = {number: value for number, _, value in fields(data[len(MAGIC) :])}
        about = {number: value for number, _, value in fields(_bytes(whole.get(_TYPE_META, b"")))}
        api_version, kind = _bytes(about.get(1, b"")).decode(), _bytes(about.get(2, b"")).decode()
        message = message_of(api_version, kind)
        if message is None:
            raise ApiError("BadRequest", f'no kind "{kind}" is registered for version "{api_version}"')
        found = _decoded(message, _bytes(whole.get(_RAW, b"")), 0)
    except (ValueError, IndexError, struct.error, OverflowError) as error:
        raise ApiError("BadRequest", f"proto: {error}") from None
    return {"apiVersion": api_version, "kind": kind, **found}


def _bytes(value: int | bytes) -> bytes:
    if not isinstance(value, bytes):
        raise ValueError("wrong wireType")  # noqa: TRY004  # told as one
    return value


def _varint(data: bytes, at: int) -> tuple[int, int]:
    result = shift = 0
    while True:
        byte = data[at]
        at += 1
        result |= (byte & 0x7F) << shift
        if byte < 0x80:
            return result, at
        shift += 7
        if shift > 63:
            raise ValueError("integer overflow")


def fields(data: bytes) -> Iterator[Field]:
    """Yield number, wire type and value of each field.

    Raises:
        ValueError, IndexError: the bytes are no message.

    """
    at, end = 0, len(data)
    while at < end:
        tag, at = _varint(data, at)
        wire = tag & 7
        value: int | bytes
        if wire == _BYTES:
            size, at = _varint(data, at)
            if at + size > end:
                raise ValueError("unexpected EOF")
            value = data[at : at + size]
            at += size
        elif wire == _VARINT:
            value, at = _varint(data, at)
        elif wire in (_FIXED64, _FIXED32):
            size = 8 if wire == _FIXED64 else 4
            if at + size > end:
                raise ValueError("unexpected EOF")
            value = data[at : at + size]
            at += size
        else:
            raise ValueError(f"illegal wireType {wire}")
        yield tag >> 3, wire, value


def _decoded(message: str, data: bytes, depth: int) -> dict[str, Json]:
    if depth > _DEEPEST:
        raise ValueError("nested too deeply")
    known = fields_of(message)
    found: dict[str, Json] = {}
    for number, _, value in fields(data):
        field = known.get(number)
        if field is None:
            continue
        if field.many == "[]":
            found.setdefault(field.name, []).append(_value(field.type_name, value, depth))
        elif field.many == "{}":
            pair = {at: inner for at, _, inner in fields(_bytes(value))}
            missing: int | bytes = (
                b"" if field.type_name not in SCALARS or field.type_name in ("string", "bytes") else 0
            )
            key = _bytes(pair.get(1, b"")).decode()
            found.setdefault(field.name, {})[key] = _value(field.type_name, pair.get(2, missing), depth)
        elif not field.name:
            inner_value = _value(field.type_name, value, depth)
            if isinstance(inner_value, dict):
                found.update(inner_value)
        else:
            one = _value(field.type_name, value, depth)
            if one is not None and (one or field.many != "~"):
                found[field.name] = one
    return found


def _value(type_name: str, value: int | bytes, depth: int) -> Json:
    if type_name in SCALARS:
        return _scalar(type_name, value)
    data = _bytes(value)
    read = _SPECIAL.get(type_name)
    if read is not None:
        return read(data)
    if type_name in _JSON_BYTES:
        raw = _first(data)
        return json.loads(raw) if raw else None
    if type_name.endswith(_LISTS):
        return [_bytes(each).decode() for _, _, each in fields(data)]
    found = _decoded(type_name, data, depth + 1)
    if type_name == _OR_BOOL:
        return found.get("schema", found.get("allows", False))
    if type_name == _OR_ARRAY:
        return found.get("schema", found.get("jSONSchemas", []))
    if type_name == _OR_STRINGS:
        return found.get("schema", found.get("property", []))
    return found


def _scalar(type_name: str, value: int | bytes) -> Json:
    if type_name == "string":
        return _bytes(value).decode()
    if type_name == "bytes":
        return base64.b64encode(_bytes(value)).decode()
    if type_name == "double":
        number: float = struct.unpack("<d", _bytes(value))[0]
        return number
    if isinstance(value, bytes):
        raise ValueError("wrong wireType")  # noqa: TRY004  # told as one
    if type_name == "bool":
        return bool(value)
    return value - (1 << 64) if value >= 1 << 63 and not type_name.startswith("u") else value


def _first(data: bytes) -> bytes:
    return next((_bytes(value) for number, _, value in fields(data) if number == 1), b"")


def _numbers(data: bytes) -> dict[int, int]:
    return {number: value for number, _, value in fields(data) if isinstance(value, int)}


def _time(data: bytes) -> str | None:
    return None if not data else _moment(data).strftime("%Y-%m-%dT%H:%M:%SZ")


def _micro_time(data: bytes) -> str | None:
    if not data:
        return None
    micros = _numbers(data).get(2, 0) // 1000
    return _moment(data).strftime(f"%Y-%m-%dT%H:%M:%S.{micros:06d}Z")


def _moment(data: bytes) -> datetime:
    seconds = _numbers(data).get(1, 0)
    return datetime.fromtimestamp(seconds - (1 << 64) if seconds >= 1 << 63 else seconds, UTC)


def _int_or_string(data: bytes) -> Json:
    numbers = _numbers(data)
    if numbers.get(1) == 1:
        return next((_bytes(value).decode() for number, _, value in fields(data) if number == 3), "")
    return _scalar("int32", numbers.get(2, 0))


def _duration(data: bytes) -> str:
    return f"{_numbers(data).get(1, 0) / _NANOS:g}s"


_SPECIAL: Final[dict[str, Callable[[bytes], Json]]] = {
    _TIME: _time,
    _MICRO_TIME: _micro_time,
    _QUANTITY: lambda data: _first(data).decode(),
    _INT_OR_STRING: _int_or_string,
    _DURATION: _duration,
}


def encode(manifest: Manifest) -> bytes:
    """Return an object as a body.

    Raises:
        ApiError: NotAcceptable, there is no message for its kind.

    """
    api_version, kind = text_at(manifest, "apiVersion"), text_at(manifest, "kind")
    message = message_of(api_version, kind)
    if message is None:
        raise ApiError("NotAcceptable", f"object of kind {kind} cannot be written as protobuf")
    rest = {name: value for name, value in manifest.items() if name not in ("apiVersion", "kind")}
    about = framed(1, api_version.encode()) + framed(2, kind.encode())
    return MAGIC + framed(1, about) + framed(2, _encoded(message, rest)) + framed(3, b"") + framed(4, b"")


def _number(value: int) -> bytes:
    value &= (1 << 64) - 1
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def framed(number: int, data: bytes) -> bytes:
    """Return a field with bytes, as a message has it."""
    return _number(number << 3 | _BYTES) + _number(len(data)) + data


@cache
def _ordered(message: str) -> tuple[tuple[int, MessageField], ...]:
    return tuple(sorted(fields_of(message).items()))


@cache
def _names(message: str) -> frozenset[str]:
    return frozenset(
        name
        for field in fields_of(message).values()
        for name in ([field.name] if field.name else _names(field.type_name))
    )


def _encoded(message: str, value: dict[str, Json]) -> bytes:
    parts: list[bytes] = []
    for number, field in _ordered(message):
        if not field.name:
            inner = {name: each for name, each in value.items() if name in _names(field.type_name)}
            if inner:
                parts.append(framed(number, _encoded(field.type_name, inner)))
            continue
        one = value.get(field.name)
        if one is None:
            continue
        if field.many == "[]":
            parts += [_field(number, field.type_name, each) for each in one]
        elif field.many == "{}":
            pairs = ((key.encode(), _field(2, field.type_name, each)) for key, each in sorted(one.items()))
            parts += [framed(number, framed(1, key) + rest) for key, rest in pairs]
        else:
            parts.append(_field(number, field.type_name, one))
    return b"".join(parts)


def _field(number: int, type_name: str, value: Json) -> bytes:
    if type_name == "string":
        return framed(number, str(value).encode())
    if type_name == "bytes":
        return framed(number, base64.b64decode(value))
    if type_name == "double":
        return _number(number << 3 | _FIXED64) + struct.pack("<d", value)
    if type_name in SCALARS:
        return _number(number << 3 | _VARINT) + _number(int(value))
    return framed(number, _message(type_name, value))


def _message(type_name: str, value: Json) -> bytes:
    if type_name in (_TIME, _MICRO_TIME):
        moment = datetime.fromisoformat(value)
        seconds, nanos = int(moment.timestamp()), moment.microsecond * 1000
        return _number(1 << 3) + _number(seconds) + _number(2 << 3) + _number(nanos)
    if type_name == _QUANTITY:
        return framed(1, str(value).encode())
    if type_name == _INT_OR_STRING:
        text = isinstance(value, str)
        kind = _number(1 << 3) + _number(int(text)) + _number(2 << 3) + _number(0 if text else value)
        return kind + framed(3, value.encode() if text else b"")
    if type_name in _JSON_BYTES:
        return framed(1, json.dumps(value, separators=(",", ":")).encode())
    if type_name == _DURATION:
        return _number(1 << 3) + _number(int(float(str(value).removesuffix("s")) * _NANOS))
    if type_name.endswith(_LISTS):
        return b"".join(framed(1, each.encode()) for each in value)
    if type_name == _OR_BOOL and not isinstance(value, dict):
        value = {"allows": value}
    elif type_name == _OR_ARRAY and isinstance(value, list):
        value = {"jSONSchemas": value}
    elif type_name == _OR_STRINGS and isinstance(value, list):
        value = {"property": value}
    elif type_name in (_OR_BOOL, _OR_ARRAY, _OR_STRINGS):
        value = {"schema": value}
    return _encoded(type_name, value)
