"""The kinds of values that fields have: text with a pattern, lists, maps, JSON; strict, as Kubernetes is.

Kubernetes never turns ``1`` into ``"1"`` or ``"true"`` into ``true``, so neither do these.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Annotated, Any, TypeAlias, TypeVar

from pydantic import AfterValidator, BeforeValidator, StrictBool, StrictInt, StrictStr, ValidationInfo
from pydantic_core import PydanticCustomError

from nixernetes.objects.manifest import Json

__all__ = [
    "Annotations",
    "Bool",
    "CommonAnnotations",
    "CommonLabels",
    "Int",
    "JsonMap",
    "JsonValue",
    "Labels",
    "Many",
    "Name",
    "Namespace",
    "StringMap",
    "Text",
    "at_least",
    "matching",
]

T = TypeVar("T")

Bool: TypeAlias = StrictBool
Int: TypeAlias = StrictInt
Text: TypeAlias = StrictStr

_DEEPEST = 100  # levels; Kubernetes itself takes no more than a few dozen
_DNS_LABEL = r"[a-z0-9]([-a-z0-9]*[a-z0-9])?"
_SUBDOMAIN = re.compile(rf"{_DNS_LABEL}(\.{_DNS_LABEL})*")
_LABEL = re.compile(_DNS_LABEL)
_QUALIFIED = re.compile(r"([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]")


def matching(pattern: str, rule: str, fix: Callable[[str], str] | None = None) -> AfterValidator:
    """Return a validator for text that must match a pattern, with the meaning that JSON schema gives to patterns.

    Args:
        pattern: the regular expression of the CRD.
        rule: what it means, in words: "must be a duration such as 30s, 10m or 1h30m".
        fix: returns advice for a wrong value ("write 24h"), ``""`` when none is known; it is added to the message.

    """
    compiled = re.compile(pattern)

    def check(value: str) -> str:
        if compiled.search(value) and not value.endswith("\n"):
            return value
        advice = fix(value) if fix else ""
        raise ValueError(f"{rule}: {advice}" if advice else rule)

    return AfterValidator(check)


def at_least(least: int) -> AfterValidator:
    """Return a validator for a number that its controller refuses below a bound, though an API server takes it."""

    def check(value: int, info: ValidationInfo) -> int:
        if value < least and not (info.context or {}).get("lenient"):
            raise ValueError(f"must be at least {least}")
        return value

    return AfterValidator(check)


def _list(value: object) -> object:
    if isinstance(value, set | frozenset):
        raise ValueError("must be a list: a set has no order")  # noqa: TRY004  # same
    if isinstance(value, str | bytes | Mapping):
        one = "{...}" if isinstance(value, Mapping) else repr(value)
        raise PydanticCustomError("list_type", "must be a list: write [{one}]", {"one": one})
    return value


Many: TypeAlias = Annotated[tuple[T, ...], BeforeValidator(_list)]


def _json(value: Any) -> Json:
    return _plain(value, 0)


def _plain(value: Any, depth: int) -> Json:
    if depth > _DEEPEST:
        raise ValueError(f"is nested deeper than {_DEEPEST} levels, or holds itself")
    if isinstance(value, str):
        return _text(value)
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, list | tuple):
        return [_plain(item, depth + 1) for item in value]
    if isinstance(value, Mapping):
        wrong = [key for key in value if not isinstance(key, str)]
        if wrong:
            raise ValueError(f"has the key {wrong[0]!r}: keys must be text")
        return {_text(key): _plain(item, depth + 1) for key, item in value.items()}
    # pydantic gathers only ValueErrors
    raise ValueError(f"holds a {type(value).__name__}: use text, numbers, booleans, None, lists and dicts")


def _text(value: str) -> str:
    if not value.isascii():
        try:
            value.encode()
        except UnicodeEncodeError:
            raise ValueError("holds text that is not Unicode: half of a surrogate pair") from None
    return value if type(value) is str else str.__str__(value)  # an enum's member is its text


JsonValue: TypeAlias = Annotated[Any, BeforeValidator(_json)]
JsonMap: TypeAlias = Annotated[dict[str, Any], BeforeValidator(_json)]
StringMap: TypeAlias = dict[StrictStr, StrictStr]


def _name(value: str) -> str:
    if len(value) > 253 or not _SUBDOMAIN.fullmatch(value):
        raise ValueError("must be lower-case letters, digits, - and ., at most 253 characters (a DNS-1123 subdomain)")
    return value


def _namespace(value: str) -> str:
    if len(value) > 63 or not _LABEL.fullmatch(value):
        raise ValueError("must be lower-case letters, digits and -, at most 63 characters (a DNS-1123 label)")
    return value


def _qualified(key: str) -> None:
    prefix, _, name = key.rpartition("/")
    if len(name) > 63 or not _QUALIFIED.fullmatch(name) or ("/" in key and not _SUBDOMAIN.fullmatch(prefix)):
        raise ValueError(f"the key {key!r} must be [domain/]name, the name of letters, digits, -, _ and ., at most 63")


def _labels(value: dict[str, str]) -> dict[str, str]:
    for key, text in value.items():
        _qualified(key)
        if len(text) > 63 or (text and not _QUALIFIED.fullmatch(text)):
            raise ValueError(f"the value {text!r} of {key} must be letters, digits, -, _ and ., at most 63")
    return value


def _annotations(value: dict[str, str]) -> dict[str, str]:
    for key in value:
        _qualified(key.lower())  # unlike for labels, Kubernetes ignores case here
    if sum(len(k.encode()) + len(v.encode()) for k, v in value.items()) > 256 * 1024:
        raise ValueError("are larger than 256 KiB, the most that Kubernetes keeps")
    return value


Name: TypeAlias = Annotated[StrictStr, AfterValidator(_name)]
Namespace: TypeAlias = Annotated[StrictStr, AfterValidator(_namespace)]


def _unless_lenient(check: Callable[[dict[str, str]], dict[str, str]]) -> Callable[..., dict[str, str]]:
    """Return a check that lets pass what an API server lets pass: a map of texts that it does not look into."""

    def checked(value: dict[str, str], info: ValidationInfo) -> dict[str, str]:
        return value if (info.context or {}).get("lenient") else check(value)

    return checked


Labels: TypeAlias = Annotated[StringMap, AfterValidator(_labels)]
Annotations: TypeAlias = Annotated[StringMap, AfterValidator(_annotations)]
CommonLabels: TypeAlias = Annotated[StringMap, AfterValidator(_unless_lenient(_labels))]
CommonAnnotations: TypeAlias = Annotated[StringMap, AfterValidator(_unless_lenient(_annotations))]
