"""The functions that Kyverno adds to JMESPath (``pkg/engine/jmespath/functions.go``, ``arithmetic.go``).

What needs DNS, or a time that is not given, is refused by name.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import posixpath
import string
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from ipaddress import ip_address
from typing import Final
from urllib.parse import urlsplit

from nixernetes.errors import InputError
from nixernetes.kyverno.engine.images import normalized
from nixernetes.kyverno.engine.jmespath.certificates import decoded_certificate
from nixernetes.kyverno.engine.jmespath.random_texts import random_text
from nixernetes.kyverno.engine.jmespath.times import time_functions
from nixernetes.kyverno.engine.jmespath.version_ranges import is_in_range
from nixernetes.kyverno.engine.scalars import duration, quantity
from nixernetes.kyverno.engine.wildcards import matches
from nixernetes.languages.jmespath.errors import JmesPathError
from nixernetes.languages.jmespath.functions import STANDARD, Functions, JmesPathFunction, json_text
from nixernetes.languages.quantities import NANO, Family, Quantity
from nixernetes.languages.regexes import linear, replaced
from nixernetes.objects.durations import format_duration
from nixernetes.objects.manifest import Json
from nixernetes.objects.yamls import parse as parse_yaml

__all__ = ["FUNCTIONS", "functions_at"]

_BASE64: Final = frozenset(string.ascii_letters + string.digits + "+/=")
_NAMED: Final = (
    "sum",
    "subtract",
    "multiply",
    "divide",
    "modulo",
    "round",
    "add",
    "regex_replace_all",
    "lookup",
    "object_from_lists",
)


def _naming(name: str, function: JmesPathFunction) -> JmesPathFunction:
    """Return a function whose errors name it, as Kyverno's do."""

    def call(*values: Json) -> Json:
        try:
            return function.call(*values)
        except JmesPathError as error:
            raise JmesPathError(f"JMESPath function '{name}': {error.message}") from error

    return JmesPathFunction(function.types, call)


def _operand(value: Json) -> tuple[str, Json]:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return "number", value
    if isinstance(value, str):
        found = quantity(value)
        if found is not None:
            return "quantity", found
        spelled = duration(value)
        if spelled is not None:
            return "duration", spelled
    raise JmesPathError("invalid operand")


def _duration_text(nanoseconds: int) -> str:
    from datetime import timedelta  # noqa: PLC0415  # few expressions write durations

    return format_duration(timedelta(microseconds=nanoseconds / 1000))


def _summed(one: Json, other: Json, sign: int) -> Json:
    (kind, left), (second, right) = _operand(one), _operand(other)
    if kind != second:
        raise JmesPathError("Types mismatch")
    if kind == "quantity":
        return str(left + right if sign > 0 else left - right)
    total = left + sign * right
    return _duration_text(total) if kind == "duration" else total


def _total(items: list[Json]) -> Json:
    if not items:
        raise JmesPathError("at least one element in the array is required")
    total = items[0]
    for item in items[1:]:
        total = _summed(total, item, 1)
    return total


def _multiplied(one: Json, other: Json) -> Json:
    (kind, left), (second, right) = _operand(one), _operand(other)
    if kind == "number" and second != "number":
        kind, left, second, right = second, right, kind, left
    if second != "number":
        raise JmesPathError("Types mismatch")
    if kind == "quantity":
        return str(Quantity(nano=int(Decimal(left.nano) * Decimal(str(right))), family=left.family))
    return _duration_text(int(left * right)) if kind == "duration" else left * right


def _divided(one: Json, other: Json) -> Json:
    (kind, left), (second, right) = _operand(one), _operand(other)
    divisor = right.nano if second == "quantity" else right
    if not divisor:
        raise JmesPathError("Zero divisor passed")
    if kind == second:
        return left.nano / right.nano if kind == "quantity" else left / right
    if second != "number":
        raise JmesPathError("Types mismatch")
    if kind == "quantity":
        unit = NANO if left.nano % NANO == 0 else 10**6
        return str(Quantity(nano=int(Decimal(left.nano) / Decimal(str(right)) / unit) * unit, family=left.family))
    return _duration_text(int(left / right))


def _remainder(one: Json, other: Json) -> Json:
    (kind, left), (second, right) = _operand(one), _operand(other)
    if kind != second:
        raise JmesPathError("Types mismatch")
    first, divisor = (left.nano, right.nano) if kind == "quantity" else (left, right)
    if not divisor:
        raise JmesPathError("Zero divisor passed")
    if kind == "number" and (first != int(first) or divisor != int(divisor)):
        raise JmesPathError("Non-integer argument(s) passed for modulo")
    rest = abs(int(first)) % abs(int(divisor)) * (1 if first >= 0 else -1)
    if kind == "quantity":
        return str(Quantity(nano=rest, family=left.family if left.family is Family.BINARY else right.family))
    return _duration_text(rest) if kind == "duration" else rest


def _rounded(value: float, digits: float) -> Json:
    if digits != int(digits) or digits < 0:
        raise JmesPathError("Non-integer argument(s) passed for round off")
    return float(Decimal(str(value)).quantize(Decimal(1).scaleb(-int(min(digits, 20))), rounding=ROUND_HALF_UP))


def _split(text: str, separator: str) -> list[str]:
    return text.split(separator) if separator else list(text)


def _regex(call: Callable[[], Json]) -> Json:
    try:
        return call()
    except ValueError as error:
        raise JmesPathError(str(error)) from error


def _written(value: Json) -> str:
    return value if isinstance(value, str) else json_text(value)


def _boolean(text: str) -> bool:
    if text.lower() not in ("true", "false"):
        told = f"lowercase argument must be 'true' or 'false' (provided: '{text}')"
        raise JmesPathError(f"JMESPath function 'to_boolean': {told}")
    return text.lower() == "true"


def _decoded(text: str) -> str:
    try:
        return base64.b64decode(text, validate=True).decode(errors="replace")
    except (binascii.Error, ValueError) as error:
        wrong = next((at for at, letter in enumerate(text) if letter not in _BASE64), len(text) // 4 * 4)
        raise JmesPathError(f"illegal base64 data at input byte {wrong}") from error


def _lookup(held: Json, key: Json) -> Json:
    if isinstance(held, dict):
        if not isinstance(key, str):
            raise JmesPathError("argument #2 is not of type String")
        return held.get(key)
    if isinstance(key, str):
        raise JmesPathError("argument #2 is not of type Number")
    if key != int(key):
        raise JmesPathError(f"argument #2: expected an integer number but got: {_written(key)}")
    return held[int(key)] if 0 <= key < len(held) else None


def _items(held: Json, key: str, value: str) -> list[Json]:
    pairs = [(name, held[name]) for name in sorted(held)] if isinstance(held, dict) else list(enumerate(held))
    return [{key: name, value: item} for name, item in pairs]


def _from_lists(keys: list[Json], values: list[Json]) -> Json:
    if not all(isinstance(each, str) for each in keys):
        raise JmesPathError("argument #1 is not of type StringArray")
    return {str(key): values[index] if index < len(values) else None for index, key in enumerate(keys)}


def _parsed_json(text: str) -> Json:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise JmesPathError(f"invalid JSON: {error}") from error


def _parsed_yaml(text: str) -> Json:
    try:
        return parse_yaml(text)
    except InputError as error:
        raise JmesPathError(f"invalid YAML: {error.message}") from error


def _canonical(path: str) -> str:
    if not path:
        return ""
    found = posixpath.normpath(path)
    return found[1:] if found.startswith("//") else found


def _is_external(text: str) -> bool:
    """Tell whether a URL leads out; names would be looked up, which is not done here."""
    try:
        host = urlsplit(text).hostname or ""
        address = ip_address(host)
    except ValueError:
        raise JmesPathError(f"not evaluated: is_external_url of {text!r} needs DNS") from None
    return not (address.is_loopback or address.is_private)


_S: Final = "string"
_SN: Final = "string|number"
FUNCTIONS: Final[dict[str, JmesPathFunction]] = {
    **STANDARD,
    "compare": JmesPathFunction((_S, _S), lambda one, other: (one > other) - (one < other)),
    "equal_fold": JmesPathFunction((_S, _S), lambda one, other: one.casefold() == other.casefold()),
    "replace": JmesPathFunction((_S, _S, _S, "number"), lambda text, old, new, n: text.replace(old, new, int(n))),
    "replace_all": JmesPathFunction((_S, _S, _S), lambda text, old, new: text.replace(old, new)),
    "to_upper": JmesPathFunction((_S,), lambda text: text.upper()),
    "to_lower": JmesPathFunction((_S,), lambda text: text.lower()),
    "trim": JmesPathFunction((_S, _S), lambda text, cut: text.strip(cut) if cut else text),
    "trim_prefix": JmesPathFunction((_S, _S), lambda text, part: text.removeprefix(part)),
    "split": JmesPathFunction((_S, _S), _split),
    "regex_match": JmesPathFunction((_S, _SN), lambda exp, text: _regex(lambda: linear(exp)(_written(text)))),
    "regex_replace_all": JmesPathFunction(
        (_S, _SN, _SN), lambda exp, text, new: _regex(lambda: replaced(exp, _written(text), _written(new)))
    ),
    "regex_replace_all_literal": JmesPathFunction(
        (_S, _SN, _SN),
        lambda exp, text, new: _regex(lambda: replaced(exp, _written(text), _written(new), literal=True)),
    ),
    "pattern_match": JmesPathFunction((_S, _SN), lambda pattern, text: matches(pattern, _written(text))),
    "label_match": JmesPathFunction(
        ("object", "object"),
        lambda wanted, held: all(key in held and held[key] == value for key, value in wanted.items()),
    ),
    "to_boolean": JmesPathFunction((_S,), _boolean),
    "add": JmesPathFunction(("any", "any"), lambda one, other: _summed(one, other, 1)),
    "subtract": JmesPathFunction(("any", "any"), lambda one, other: _summed(one, other, -1)),
    "sum": JmesPathFunction(("array",), _total),
    "multiply": JmesPathFunction(("any", "any"), _multiplied),
    "divide": JmesPathFunction(("any", "any"), _divided),
    "modulo": JmesPathFunction(("any", "any"), _remainder),
    "round": JmesPathFunction(("number", "number"), _rounded),
    "base64_encode": JmesPathFunction((_S,), lambda text: base64.b64encode(text.encode()).decode()),
    "base64_decode": JmesPathFunction((_S,), _decoded),
    "path_canonicalize": JmesPathFunction((_S,), _canonical),
    "truncate": JmesPathFunction((_S, "number"), lambda text, length: text[: max(0, int(length))]),
    "parse_json": JmesPathFunction((_S,), _parsed_json),
    "parse_yaml": JmesPathFunction((_S,), _parsed_yaml),
    "lookup": JmesPathFunction(("object|array", _SN), _lookup),
    "items": JmesPathFunction(("object|array", _S, _S), _items),
    "object_from_lists": JmesPathFunction(("array", "array"), _from_lists),
    "image_normalize": JmesPathFunction((_S,), normalized),
    "sha256": JmesPathFunction((_S,), lambda text: hashlib.sha256(text.encode()).hexdigest()),
    "sha1": JmesPathFunction((_S,), lambda text: hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest()),
    "md5": JmesPathFunction((_S,), lambda text: hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()),
    "random": JmesPathFunction((_S,), random_text),
    "x509_decode": JmesPathFunction((_S,), decoded_certificate),
    "semver_compare": JmesPathFunction((_S, _S), is_in_range),
    "is_external_url": JmesPathFunction((_S,), _is_external),
    **time_functions(""),
}
FUNCTIONS.update((name, _naming(name, FUNCTIONS[name])) for name in _NAMED)


@lru_cache(maxsize=8)
def functions_at(now: str) -> Functions:
    """Return the functions at a moment in RFC 3339; ``""`` where none is given. 8 moments are kept."""
    return {**FUNCTIONS, **time_functions(now)} if now else FUNCTIONS
