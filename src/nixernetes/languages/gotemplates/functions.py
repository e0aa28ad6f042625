"""The functions of templates: text/template's own, the common ones of Sprig, and Argo CD's."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable, Mapping

from nixernetes.languages.gotemplates.allowance import MAX_TEXT
from nixernetes.languages.gotemplates.sprig import SPRIG
from nixernetes.languages.gotemplates.tokens import TemplateError
from nixernetes.languages.gotemplates.values import integer, is_true, show
from nixernetes.objects import yamls
from nixernetes.objects.manifest import Json

__all__ = ["FUNCTIONS", "normalize", "slugify"]


def normalize(text: str) -> str:
    """Make a DNS label: lower case, everything else than letters, digits, ``.`` and ``-`` turned into ``-``."""
    clean = re.sub(r"[^a-z0-9-.]", "-", text.lower())
    return clean[:253].strip("-.")


def slugify(*args: Json) -> str:
    """Make a short label: ``slugify [limit [smart]] text``; words that do not fit are cut (or dropped when smart)."""
    text = str(args[-1])
    limit = int(args[0]) if len(args) > 1 else 50
    clean = re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")
    return clean[:limit].strip("-")


def _kind(value: Json) -> str:
    """Return what decides whether two values may be compared; nil may be with all."""
    kinds = (("bool", bool), ("int", int), ("float64", float), ("string", str))
    return next((name for name, kind in kinds if isinstance(value, kind)), "" if value is None else "other")


def _check_kinds(left: Json, right: Json) -> None:
    if _kind(left) != _kind(right) and left is not None and right is not None:
        raise TemplateError(f"incompatible types for comparison: {_kind(left)} and {_kind(right)}")


def _compare(left: Json, right: Json) -> int:
    _check_kinds(left, right)
    try:
        return int(left > right) - int(left < right)
    except TypeError as error:
        raise TemplateError(f"incompatible types for comparison: {show(left)} and {show(right)}") from error


def _index(value: Json, *keys: Json) -> Json:
    for key in keys:
        if isinstance(value, dict):
            value = value.get(key)
        elif isinstance(value, list | str):
            if not isinstance(key, int) or not 0 <= key < len(value):
                raise TemplateError(f"error calling index: index out of range: {show(key)}")
            value = value[key]
        else:
            raise TemplateError("error calling index: not a map or a list")
    return value


def _printf(form: str, *args: Json) -> str:
    rest = list(args)

    def fill(match: re.Match[str]) -> str:
        if match[0] == "%%":
            return "%"
        if not rest:
            return f"%!{match[2]}(MISSING)"
        value = rest.pop(0)
        if match[2] == "q":
            return json.dumps(show(value), ensure_ascii=False)
        if match[2] in "sv":
            return str(f"%{match[1]}s" % show(value))
        return str(f"%{match[1]}{match[2]}" % value)

    return re.sub(r"%([-+0 ]?\d{0,3}(?:\.\d{1,3})?)([svdqxXfegt])|%%", fill, form)


def _and(*args: Json) -> Json:
    return next((arg for arg in args if not is_true(arg)), args[-1])


def _or(*args: Json) -> Json:
    return next((arg for arg in args if is_true(arg)), args[-1])


def _default(fallback: Json, value: Json = None) -> Json:
    return value if is_true(value) else fallback


def _dict(*pairs: Json) -> dict[str, Json]:
    return {str(key): value for key, value in zip(pairs[::2], pairs[1::2], strict=False)}


def _trunc(count: int, text: str) -> str:
    return text[:count] if count >= 0 else text[count:]


def _bounded(name: str, size: int) -> None:
    """Refuse a text before it is made.

    Raises:
        TemplateError: it would be larger than 1 MB.

    """
    if size > MAX_TEXT:
        raise TemplateError(f"error calling {name}: more than 1 MB of text")


def _indent(count: int, text: str) -> str:
    _bounded("indent", len(text) + count * (text.count("\n") + 1))
    pad = " " * count
    return pad + text.replace("\n", "\n" + pad)


def _replace(old: str, new: str, text: str) -> str:
    _bounded("replace", len(text) + max(len(new) - len(old), 0) * text.count(old))
    return text.replace(old, new)


def _json(value: Json) -> str:
    # What is no JSON data says itself why it cannot be written.
    return json.dumps(_whole(value), separators=(",", ":"), sort_keys=True, ensure_ascii=False, default=str)


def _whole(value: Json) -> Json:
    """Return data with floats that are whole numbers as these, as Go writes them in JSON."""
    if isinstance(value, dict):
        return {key: _whole(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_whole(item) for item in value]
    return int(value) if isinstance(value, float) and abs(value) < 1e21 and value.is_integer() else value


def _yaml(value: Json) -> str:
    return yamls.dump(json.loads(_json(value))).rstrip("\n")


def _repeat(count: int, text: str) -> str:
    _bounded("repeat", count * len(text))
    return text * count


def _split(separator: str, text: str) -> dict[str, str]:
    return {f"_{n}": part for n, part in enumerate(text.split(separator))}


def _join(separator: str, items: Json) -> str:
    if not isinstance(items, list):
        return show(items)
    _bounded("join", len(separator) * len(items))
    return separator.join(show(item) for item in items)


def _equal(first: Json, *others: Json) -> bool:
    for other in others:
        _check_kinds(first, other)
        if first == other:
            return True
    return False


FUNCTIONS: Mapping[str, Callable[..., Json]] = {
    # text/template
    "and": _and,
    "or": _or,
    "not": lambda value: not is_true(value),
    "eq": _equal,
    "ne": lambda left, right: not _equal(left, right),
    "lt": lambda left, right: _compare(left, right) < 0,
    "le": lambda left, right: _compare(left, right) <= 0,
    "gt": lambda left, right: _compare(left, right) > 0,
    "ge": lambda left, right: _compare(left, right) >= 0,
    "index": _index,
    "len": len,
    "print": lambda *args: "".join(show(arg) for arg in args),
    "printf": _printf,
    # Sprig
    "add": lambda *args: sum(integer(arg) for arg in args),
    "b64dec": lambda text: base64.b64decode(text).decode("utf-8", "replace"),
    "b64enc": lambda text: base64.b64encode(text.encode()).decode(),
    "coalesce": lambda *args: next((arg for arg in args if is_true(arg)), None),
    "contains": lambda part, text: part in text,
    "default": _default,
    "dict": _dict,
    "empty": lambda value: not is_true(value),
    "first": lambda items: items[0] if items else None,
    "get": lambda value, key: value.get(key, ""),
    "hasKey": lambda value, key: key in value,
    "hasPrefix": lambda prefix, text: text.startswith(prefix),
    "hasSuffix": lambda suffix, text: text.endswith(suffix),
    "indent": _indent,
    "int": integer,
    "join": _join,
    "last": lambda items: items[-1] if items else None,
    "list": lambda *args: list(args),
    "lower": lambda text: text.lower(),
    "mul": lambda first, second: integer(first) * integer(second),
    "nindent": lambda count, text: "\n" + _indent(count, text),
    "quote": lambda *args: " ".join(json.dumps(show(arg), ensure_ascii=False) for arg in args if arg is not None),
    "repeat": _repeat,
    "replace": _replace,
    "split": _split,
    "splitList": lambda separator, text: text.split(separator),
    "squote": lambda *args: " ".join(f"'{show(arg)}'" for arg in args if arg is not None),
    "sub": lambda first, second: integer(first) - integer(second),
    "ternary": lambda yes, no, test: yes if is_true(test) else no,
    "title": lambda text: re.sub(r"\b\w", lambda match: match[0].upper(), text),
    "toJson": _json,
    "toString": show,
    "trim": lambda text: text.strip(),
    "trimAll": lambda cut, text: text.strip(cut),
    "trimPrefix": lambda prefix, text: text.removeprefix(prefix),
    "trimSuffix": lambda suffix, text: text.removesuffix(suffix),
    "trunc": _trunc,
    "until": lambda count: list(range(min(count, 10_000))),
    "upper": lambda text: text.upper(),
    # Argo CD
    "fromYaml": yamls.parse,
    "fromYamlArray": yamls.parse,
    "normalize": normalize,
    "slugify": slugify,
    "toYaml": _yaml,
    **SPRIG,
}
