"""The functions of templates: text/template's own, the common ones of Sprig, and Argo CD's."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Mapping
from math import prod
from typing import Final

from nixernetes.languages.go_quoting import go_quoted
from nixernetes.languages.gotemplates import containers, encodings, texts
from nixernetes.languages.gotemplates.allowance import refuse_long
from nixernetes.languages.gotemplates.numbers import number_list, whole
from nixernetes.languages.gotemplates.printing import printed, printf
from nixernetes.languages.gotemplates.sprig import SPRIG
from nixernetes.languages.gotemplates.tokens import TemplateError
from nixernetes.languages.gotemplates.values import Byte, GoStrings, integer, is_true, show, type_of
from nixernetes.objects.manifest import Json

__all__ = ["DEEP", "FUNCTIONS", "normalize", "slugify"]


def normalize(text: str) -> str:
    """Make a DNS label: lower case, everything else than letters, digits, ``.`` and ``-`` turned into ``-``."""
    clean = re.sub(r"[^a-z0-9-.]", "-", text.lower())
    return clean[:253].strip("-.")


_WORDS: Final = {str: "string", int: "int", bool: "bool"}


def slugify(*args: Json) -> str:
    """Make a short label: ``slugify [limit [smart]] text``; words that do not fit are cut, or dropped when smart."""
    for position, arg in enumerate(args):
        kind = str if position == len(args) - 1 else (int, bool, arg.__class__)[min(position, 2)]
        if arg.__class__ is not kind:
            found = "nil" if arg is None else type_of(arg)
            raise TemplateError(f"interface conversion: interface {{}} is {found}, not {_WORDS[kind]}")
    text = args[-1] if args else ""
    limit = args[0] if len(args) > 1 else 50
    smart = args[1] if len(args) > 2 else True
    clean = normalize(text)
    if not smart and limit < 0:
        raise TemplateError(f"runtime error: slice bounds out of range [:{limit}]")
    clean = re.sub(r"[^a-z0-9_]+", "-", clean if smart else clean[:limit]).strip("-_")
    if limit < 1 or not smart or len(clean) <= limit:
        return clean
    end = clean.rfind("-", 0, limit + 1)
    return clean[: end if end >= 0 else limit]


def _kind(value: Json) -> str:
    """Return what decides whether two values may be compared; nil may be with all."""
    kinds = (("bool", bool), ("int", int), ("float64", float), ("string", str))
    return next((name for name, kind in kinds if isinstance(value, kind)), "" if value is None else "other")


def _check_kinds(left: Json, right: Json) -> None:
    if _kind(left) != _kind(right) and left is not None and right is not None:
        raise TemplateError(f"incompatible types for comparison: {_kind(left)} and {_kind(right)}")


def _compare(left: Json, right: Json) -> int:
    for value in (left, right):
        if not isinstance(value, int | float | str) or isinstance(value, bool):
            raise TemplateError(
                "invalid type for comparison" if value is not None else "incompatible types for comparison"
            )
    _check_kinds(left, right)
    try:
        return int(left > right) - int(left < right)
    except TypeError as error:
        raise TemplateError(f"incompatible types for comparison: {show(left)} and {show(right)}") from error


def _index(value: Json, *keys: Json) -> Json:
    for key in keys:
        if isinstance(value, dict):
            if key is None or not isinstance(key, str):
                why = "value is nil; should be of type string" if key is None else f"value has type {type_of(key)}"
                raise TemplateError(f"error calling index: {why}{'' if key is None else '; should be string'}")
            value = value.get(key, "" if isinstance(value, GoStrings) else None)
        elif isinstance(value, list | str):
            held = value.encode(errors="replace") if isinstance(value, str) else value
            if not isinstance(key, int) or isinstance(key, bool):
                why = "with nil" if key is None else f"with type {type_of(key)}"
                raise TemplateError(f"error calling index: cannot index slice/array {why}")
            if not 0 <= key < len(held):
                raise TemplateError(f"error calling index: index out of range: {show(key)}")
            value = Byte(held[key]) if isinstance(held, bytes) else held[key]
        elif value is None:
            raise TemplateError("error calling index: index of untyped nil")
        else:
            raise TemplateError(f"error calling index: can't index item of type {type_of(value)}")
    return value


def _default(fallback: Json, *values: Json) -> Json:
    return values[0] if values and is_true(values[0]) else fallback


def _indent(count: int, text: str) -> str:
    if count < 0:
        raise TemplateError("strings: negative Repeat count")
    refuse_long("indent", len(text) + count * (text.count("\n") + 1))
    pad = " " * count
    return pad + text.replace("\n", "\n" + pad)


def _replace(old: str, new: str, text: str) -> str:
    refuse_long("replace", len(text) + max(len(new) - len(old), 0) * text.count(old))
    return text.replace(old, new)


def _repeat(count: int, text: str) -> str:
    if count < 0:
        raise TemplateError("strings: negative Repeat count")
    refuse_long("repeat", count * len(text))
    return text * count


def _split(separator: str, text: str) -> GoStrings:
    return GoStrings({f"_{n}": part for n, part in enumerate(texts.split(separator, text))})


def _join(separator: str, items: Json) -> str:
    found = texts.texts(items)
    refuse_long("join", len(separator) * len(found))
    return separator.join(found)


def _length(value: Json) -> int:
    return len(value.encode(errors="replace") if isinstance(value, str) else value)


def _ternary(yes: Json, no: Json, test: Json) -> Json:
    if not isinstance(test, bool):
        raise TemplateError(f"expected bool; found {show(test)}")
    return yes if test else no


def _equal(first: Json, *others: Json) -> bool:
    if not others:
        raise TemplateError("missing argument for comparison")
    for other in others:
        _check_kinds(first, other)
        if isinstance(first, dict | list):
            raise TemplateError(f"non-comparable type {show(first)}: {type_of(first)}")
        if first == other:
            return True
    return False


# Functions that look at all that is within what they are given, and give little.
DEEP: Final = frozenset(("deepEqual", "has", "mustHas", "mustUniq", "mustWithout", "uniq", "without"))

FUNCTIONS: Mapping[str, Callable[..., Json]] = {
    # text/template
    "not": lambda value: not is_true(value),
    "eq": _equal,
    "ne": lambda left, right: not _equal(left, right),
    "lt": lambda left, right: _compare(left, right) < 0,
    "le": lambda left, right: _compare(left, right) <= 0,
    "gt": lambda left, right: _compare(left, right) > 0,
    "ge": lambda left, right: _compare(left, right) >= 0,
    "index": _index,
    "html": encodings.html,
    "js": encodings.js,
    "len": _length,
    "print": printed,
    "printf": printf,
    # Sprig
    "add": lambda *args: whole(sum(integer(arg) for arg in args)),
    "b64dec": encodings.b64_decoded,
    "b64enc": lambda text: base64.b64encode(text.encode()).decode(),
    "coalesce": lambda *args: next((arg for arg in args if is_true(arg)), None),
    "contains": lambda part, text: part in text,
    "default": _default,
    "dict": containers.paired,
    "empty": lambda value: not is_true(value),
    "get": lambda value, key: value.get(key, ""),
    "hasKey": lambda value, key: key in value,
    "hasPrefix": lambda prefix, text: text.startswith(prefix),
    "hasSuffix": lambda suffix, text: text.endswith(suffix),
    "indent": _indent,
    "int": integer,
    "join": _join,
    "list": lambda *args: list(args),
    "lower": texts.lowered,
    "mul": lambda first, *others: whole(prod(map(integer, (first, *others)))),
    "nindent": lambda count, text: "\n" + _indent(count, text),
    "quote": lambda *args: " ".join(go_quoted(show(arg)) for arg in args if arg is not None),
    "repeat": _repeat,
    "replace": _replace,
    "split": _split,
    "splitList": texts.split,
    "squote": lambda *args: " ".join(f"'{show(arg)}'" for arg in args if arg is not None),
    "sub": lambda first, second: whole(integer(first) - integer(second)),
    "ternary": _ternary,
    "title": texts.titled,
    "toString": show,
    "trim": lambda text: text.strip(),
    "trimAll": lambda cut, text: text.strip(cut),
    "trimPrefix": lambda prefix, text: text.removeprefix(prefix),
    "trimSuffix": lambda suffix, text: text.removesuffix(suffix),
    "trunc": texts.truncated,
    "until": lambda count: number_list(0, integer(count), -1 if integer(count) < 0 else 1),
    "upper": texts.uppered,
    # Argo CD
    "fromYaml": lambda text: encodings.from_yaml(text, dict),
    "fromYamlArray": lambda text: encodings.from_yaml(text, list),
    "normalize": normalize,
    "slugify": slugify,
    "toYaml": encodings.to_yaml,
    **SPRIG,
}
