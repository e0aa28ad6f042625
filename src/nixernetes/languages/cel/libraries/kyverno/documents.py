"""Texts and what they hold: hashes, JSON, YAML, service accounts, lists made into maps, and times cut off."""

from __future__ import annotations

import gzip
import hashlib
import json
import zlib
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

from nixernetes.errors import InputError
from nixernetes.languages.cel.budget import Meter
from nixernetes.languages.cel.errors import EvaluationError
from nixernetes.languages.cel.functions import Library, function
from nixernetes.languages.cel.times import Duration, Timestamp, timestamp
from nixernetes.languages.cel.values import Value
from nixernetes.objects.yamls import parse

__all__ = ["DOCUMENTS"]

_ACCOUNT: Final = "system:serviceaccount:"
_YEAR_ONE: Final = 62_135_596_800 * 1_000_000_000  # nanoseconds from there to 1970: Go cuts times from the year 1 on
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_LARGEST: Final = 1_000_000  # bytes that come out of gzip
_DIGITS: Final = 300  # more than a double has
_ENCODER: Final = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def _hashed(algorithm: str) -> Callable[[Meter, str], str]:
    def digest(meter: Meter, text: str) -> str:
        meter.text(len(text))
        return hashlib.new(algorithm, text.encode(), usedforsecurity=False).hexdigest()

    return digest


def _unmarshal(meter: Meter, text: str) -> Value:
    meter.text(len(text))
    try:
        return json.loads(text, parse_constant=_no_constant)
    except RecursionError:
        raise EvaluationError("exceeded max depth") from None
    except json.JSONDecodeError as error:
        at_end = error.pos >= len(text.rstrip())
        sign = "" if at_end else text[error.pos]
        told = (
            "unexpected end of JSON input" if at_end else f"invalid character '{sign}' looking for beginning of value"
        )
        raise EvaluationError(told) from None
    except ValueError as error:
        raise EvaluationError(str(error)) from None


def _no_constant(name: str) -> Value:
    """Refuse what Python reads as a number and JSON does not know."""
    raise ValueError(f"invalid character '{name[0]}' looking for beginning of value")


def _marshal(meter: Meter, value: Value) -> str:
    meter.text(_length(meter, value, {}))
    try:
        return _ENCODER.encode(value)
    except (TypeError, ValueError):
        raise EvaluationError("json.marshal: the value is not plain data") from None


def _length(meter: Meter, value: Value, known: dict[int, int]) -> int:
    """Return the least number of characters of a value in JSON; what stands in it many times is looked at once."""
    if isinstance(value, str):
        return len(value) + 2
    if not isinstance(value, (list, tuple, dict)):
        return 1
    found = known.get(id(value))
    if found is None:
        meter.charge(len(value))
        names = value if isinstance(value, dict) else ()
        parts = value.values() if isinstance(value, dict) else value
        found = 2 + sum(len(str(name)) for name in names) + sum(_length(meter, part, known) for part in parts)
        known[id(value)] = found
    return found


def _yaml(meter: Meter, text: str) -> Value:
    meter.text(len(text))
    try:
        return parse(text)
    except InputError as error:
        raise EvaluationError(f"failed to parse YAML: {error.message}") from None


def _account(user: str) -> dict[str, Value]:
    if not user.startswith(_ACCOUNT):
        return {"Name": "", "Namespace": ""}
    namespace, _, name = user.removeprefix(_ACCOUNT).partition(":")
    return {"Name": name, "Namespace": namespace}


def _joined(meter: Meter, keys: Sequence[Value], values: Sequence[Value], key: str, value: str) -> Value:
    if len(keys) != len(values):
        lengths = f"list1: {len(keys)}, list2: {len(values)}"
        raise EvaluationError(f"listObjToMap must take lists of equal length. {lengths}")
    meter.elements(len(keys))
    try:
        return {one[key]: other[value] for one, other in zip(keys, values, strict=True)}
    except (LookupError, TypeError):
        raise EvaluationError(f"listObjToMap: an element has no {key}, or no {value}") from None


def _rounded(value: float, digits: int) -> float:
    return round(value, max(-_DIGITS, min(digits, _DIGITS)))


def _truncated(moment: Timestamp, step: Duration) -> Timestamp:
    if step.nanoseconds <= 0:
        return moment
    return timestamp(moment.nanoseconds - (moment.nanoseconds + _YEAR_ONE) % step.nanoseconds)


def _cron(moment: Timestamp) -> str:
    date = _EPOCH + timedelta(seconds=moment.nanoseconds // 1_000_000_000)
    return f"{date.minute} {date.hour} {date.day} {date.month} {date.isoweekday() % 7}"


def _compressed(meter: Meter, value: Value) -> bytes:
    data = value if isinstance(value, bytes) else str(value).encode()
    meter.text(len(data))
    return gzip.compress(data, mtime=0)


def _decompressed(meter: Meter, data: bytes) -> str:
    meter.text(len(data))
    try:
        found = zlib.decompressobj(wbits=31).decompress(data, _LARGEST + 1)
        text = found.decode()
    except (zlib.error, UnicodeDecodeError) as error:
        raise EvaluationError(f"gzip: {error}") from None
    if len(found) > _LARGEST:
        raise EvaluationError(f"gzip: more than {_LARGEST:,} bytes come out")
    meter.text(len(found))
    return text


DOCUMENTS: Final = Library(
    name="kyverno.documents",
    functions=(
        *(
            function(f"{prefix}{name}", "(string) -> string", _hashed(name), metered=True)
            for name in ("sha256", "sha1", "md5")
            for prefix in ("", "hash.")
        ),
        *(
            function(f"{prefix}parseServiceAccount", "(string) -> map(string, string)", _account)
            for prefix in ("", "user.")
        ),
        *(
            function(
                f"{prefix}listObjToMap",
                "(list(dyn), list(dyn), string, string) -> map(dyn, dyn)",
                _joined,
                metered=True,
            )
            for prefix in ("", "transform.")
        ),
        function("math.round", "(double, int) -> double", _rounded),
        function("json.unmarshal", "(string) -> dyn", _unmarshal, metered=True),
        function("json.marshal", "(dyn) -> string", _marshal, metered=True),
        function("yaml.parse", "(string) -> dyn", _yaml, metered=True),
        function("gzip.compress", "(dyn) -> bytes", _compressed, metered=True),
        function("gzip.decompress", "(bytes) -> string", _decompressed, metered=True),
        function("time.toCron", "(timestamp) -> string", _cron),
        function("time.truncate", "(timestamp, duration) -> timestamp", _truncated),
    ),
)
