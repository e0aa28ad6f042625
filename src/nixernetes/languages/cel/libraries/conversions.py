"""``int()``, ``string()`` and the other conversions between types (cel-go ``common/types``)."""

from __future__ import annotations

import re

from nixernetes.languages.cel.errors import EvaluationError
from nixernetes.languages.cel.evaluation.arithmetic import unsigned, whole
from nixernetes.languages.cel.functions import Function, function
from nixernetes.languages.cel.libraries.numbers import read_double, shortest
from nixernetes.languages.cel.times import Duration, Timestamp, duration, read_duration, read_timestamp, timestamp
from nixernetes.languages.cel.values import INT_MAX, INT_MIN, TypeValue, UInt, Value, type_name

__all__ = ["CONVERSIONS"]

_SECOND = 1_000_000_000
_INTEGER = re.compile(r"[+-]?\d{1,30}", re.ASCII)
_BOOLEANS = {
    **dict.fromkeys(("1", "t", "T", "TRUE", "true", "True"), True),
    **dict.fromkeys(("0", "f", "F", "FALSE", "false", "False"), False),
}


def _refused(wanted: str, given: str = "string") -> EvaluationError:
    return EvaluationError(f"type conversion error from '{given}' to '{wanted}'")


def _same(value: Value) -> Value:
    return value


def _int_of_double(value: float) -> int:
    if not INT_MIN < value < INT_MAX:  # false for NaN; 2**63 is not below INT_MAX as a double
        raise EvaluationError("integer overflow")
    return int(value)


def _int_of_string(text: str) -> int:
    if _INTEGER.fullmatch(text) is None or not INT_MIN <= int(text) <= INT_MAX:
        raise _refused("int")
    return int(text)


def _uint_of_string(text: str) -> UInt:
    if _INTEGER.fullmatch(text) is None or not text.isdigit() or int(text) >= 2**64:
        raise _refused("uint")
    return UInt(text)


def _uint_of_double(value: float) -> UInt:
    if not 0 <= value < 2**64:
        raise EvaluationError("unsigned integer overflow")
    return unsigned(int(value))


def _double_of_string(text: str) -> float:
    value = read_double(text)
    if value is None:
        raise _refused("double")
    return value


def _bool_of_string(text: str) -> bool:
    if text not in _BOOLEANS:
        raise _refused("bool")
    return _BOOLEANS[text]


def _string_of_bytes(value: bytes) -> str:
    try:
        return value.decode()
    except UnicodeDecodeError:
        raise EvaluationError("invalid UTF-8 in bytes, cannot convert to string") from None


def _bytes_of_string(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _duration_of_string(text: str) -> Duration:
    value = read_duration(text)
    if value is None:
        raise _refused("google.protobuf.Duration")
    return value


def _timestamp_of_string(text: str) -> Timestamp:
    value = read_timestamp(text)
    if value is None:
        raise _refused("google.protobuf.Timestamp")
    return value


def _type(value: Value) -> TypeValue:
    return TypeValue(type_name(value))


CONVERSIONS: tuple[Function, ...] = (
    function("bool", "(bool) -> bool", _same),
    function("bool", "(string) -> bool", _bool_of_string),
    function("bytes", "(bytes) -> bytes", _same),
    function("bytes", "(string) -> bytes", _bytes_of_string),
    function("double", "(double) -> double", _same),
    function("double", "(int) -> double", float),
    function("double", "(string) -> double", _double_of_string),
    function("double", "(uint) -> double", float),
    function("duration", "(duration) -> duration", _same),
    function("duration", "(int) -> duration", duration),
    function("duration", "(string) -> duration", _duration_of_string),
    function("dyn", "(A) -> dyn", _same),
    function("int", "(int) -> int", _same),
    function("int", "(double) -> int", _int_of_double),
    function("int", "(duration) -> int", lambda value: value.nanoseconds),
    function("int", "(string) -> int", _int_of_string),
    function("int", "(timestamp) -> int", lambda value: value.nanoseconds // _SECOND),
    function("int", "(uint) -> int", lambda value: whole(int(value))),
    function("string", "(string) -> string", _same),
    function("string", "(bool) -> string", lambda value: "true" if value else "false"),
    function("string", "(bytes) -> string", _string_of_bytes),
    function("string", "(double) -> string", shortest),
    function("string", "(duration) -> string", str),
    function("string", "(int) -> string", str),
    function("string", "(timestamp) -> string", str),
    function("string", "(uint) -> string", lambda value: str(int(value))),
    function("timestamp", "(timestamp) -> timestamp", _same),
    function("timestamp", "(int) -> timestamp", lambda value: timestamp(value * _SECOND)),
    function("timestamp", "(string) -> timestamp", _timestamp_of_string),
    function("type", "(A) -> type(A)", _type),
    function("uint", "(uint) -> uint", _same),
    function("uint", "(double) -> uint", _uint_of_double),
    function("uint", "(int) -> uint", unsigned),
    function("uint", "(string) -> uint", _uint_of_string),
)
