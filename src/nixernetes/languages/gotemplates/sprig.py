"""More functions of Sprig: texts, lists, maps, numbers and encodings.

Left out, and refused by name: what reads the clock, the environment or the network, what is random, what makes keys.
"""

from __future__ import annotations

import base64
import hashlib
import posixpath
import re
import zlib
from collections.abc import Callable, Mapping
from itertools import islice
from math import ceil, floor
from typing import Final
from urllib.parse import quote_plus, urlsplit

from nixernetes.languages.gotemplates.tokens import TemplateError
from nixernetes.languages.gotemplates.values import integer, is_true, show
from nixernetes.languages.regexes import Pattern, compiled, matched, replaced, split
from nixernetes.languages.semver import parse_constraint, parse_version
from nixernetes.objects.manifest import Json

__all__ = ["SPRIG"]

_MAX_ITEMS = 10_000
_MAX_TEXT = 4096  # characters of a text that is searched for matches: each may become a longer one


def _words(text: str) -> list[str]:
    return [word for word in re.split(r"[^0-9A-Za-z]+", re.sub(r"([a-z0-9])([A-Z])", r"\1 \2", text)) if word]


def _snake(text: str, sign: str) -> str:
    return sign.join(_words(text)).lower()


def _abbreviated(width: int, text: str) -> str:
    return text if width < 4 or len(text) <= width else f"{text[: width - 3]}..."


def _substring(start: int, end: int, text: str) -> str:
    if start < 0:
        return text[:end]
    return text[start:] if end < 0 or end > len(text) else text[start:end]


def _split_times(separator: str, count: int, text: str) -> dict[str, str]:
    parts = text.split(separator, count - 1) if count > 0 else text.split(separator)
    return {f"_{number}": part for number, part in enumerate(parts)}


def _items(value: Json) -> list[Json]:
    if not isinstance(value, list):
        raise TemplateError(f"not a list: {show(value)}")
    return value


def _slice(items: Json, *bounds: Json) -> Json:
    if not isinstance(items, list | str):
        raise TemplateError(f"not a list: {show(items)}")
    start, end = (*(integer(bound) for bound in bounds), *(0, len(items))[len(bounds) :])[:2]
    if not 0 <= start <= end <= len(items):
        raise TemplateError(f"slice bounds out of range: {start}:{end}")
    return items[start:end]


def _unique(items: Json) -> list[Json]:
    found: list[Json] = []
    for item in _items(items):
        if item not in found:
            found.append(item)
    return found


def _chunks(size: int, items: Json) -> list[list[Json]]:
    whole = _items(items)
    return [whole[start : start + size] for start in range(0, len(whole), max(size, 1))]


def _until(start: int, stop: int, step: int) -> list[int]:
    if step == 0 or (stop - start) * step < 0:
        return []
    found = range(start, stop, step)
    if len(found) > _MAX_ITEMS:
        raise TemplateError(f"more than {_MAX_ITEMS:,} numbers")
    return list(found)


def _merged(into: Json, *others: Json, overwrite: bool = False) -> Json:
    """Merge maps into a new one; what is there and not empty stays, unless it is overwritten."""
    result = dict(into)
    for other in others:
        for key, value in other.items():
            known = result.get(key)
            if isinstance(known, dict) and isinstance(value, dict):
                result[key] = _merged(known, value, overwrite=overwrite)
            elif key not in result or (is_true(value) if overwrite else not is_true(known)):
                result[key] = value
    return result


def _dig(*path: Json) -> Json:
    *keys, fallback, value = path
    for key in keys:
        if not isinstance(value, dict) or key not in value:
            return fallback
        value = value[key]
    return value


def _kind(value: Json) -> str:
    kinds = ((bool, "bool"), (int, "int"), (float, "float64"), (str, "string"), (list, "slice"), (dict, "map"))
    return next((name for kind, name in kinds if isinstance(value, kind)), "invalid")


def _float(value: Json) -> float:
    try:
        return float(value or 0)
    except (TypeError, ValueError):
        return 0.0


def _divided(first: Json, second: Json) -> int:
    below = integer(second)
    if below == 0:
        raise TemplateError("integer divide by zero")
    whole = abs(integer(first)) // abs(below)
    return whole if (integer(first) < 0) == (below < 0) else -whole


def _rest_of(first: Json, second: Json) -> int:
    return integer(first) - integer(second) * _divided(first, second)


def _rounded(value: Json, places: int) -> float:
    scale = 10.0**places
    return floor(_float(value) * scale + 0.5) / scale


def _found(pattern: str, text: str) -> str:
    match = _known(pattern).search(_searched(text))
    return "" if match is None else match.group(0) or ""


def _found_all(pattern: str, text: str, count: Json) -> list[Json]:
    wanted = integer(count)
    found = matched(_known(pattern), _searched(text))
    return [match.group(0) for match in islice(found, wanted if wanted >= 0 else None)]


def _split_at(pattern: str, text: str, count: Json) -> list[Json]:
    _known(pattern)
    return [*split(pattern, _searched(text), integer(count))]


def _known(pattern: str) -> Pattern:
    try:
        return compiled(pattern)
    except ValueError as error:
        raise TemplateError(str(error)) from error


def _searched(text: str, by: str = "") -> str:
    """Return a text that may be searched, and its matches replaced by another one."""
    for each in (text, by):
        if len(each) > _MAX_TEXT:
            raise TemplateError(f"a text of {len(each)} characters is too long to be searched")
    return text


def _replaced(pattern: str, text: str, by: str, *, literal: bool = False) -> str:
    _known(pattern)
    return replaced(pattern, _searched(text, by), by, literal=literal)


def _admits(constraint: str, version: str) -> bool:
    found = parse_version(version)
    if found is None:
        raise TemplateError(f"Invalid Semantic Version: {version}")
    return parse_constraint(constraint).admits(found)


def _version(text: str) -> Json:
    found = parse_version(text)
    if found is None:
        raise TemplateError(f"Invalid Semantic Version: {text}")
    major, minor, patch = found.numbers
    _, _, build = text.partition("+")
    _, _, pre = text.partition("+")[0].partition("-")
    return {"Major": major, "Minor": minor, "Patch": patch, "Prerelease": pre, "Metadata": build, "Original": text}


def _url(text: str) -> dict[str, str]:
    parts = urlsplit(text)
    user, _, host = parts.netloc.rpartition("@")
    return {
        "scheme": parts.scheme,
        "host": host,
        "hostname": parts.hostname or "",
        "path": parts.path,
        "query": parts.query,
        "fragment": parts.fragment,
        "opaque": "",
        "userinfo": user,
    }


def _fail(message: str) -> Json:
    raise TemplateError(message)


def _hash(name: str) -> Callable[[str], str]:
    return lambda text: hashlib.new(name, text.encode(), usedforsecurity=False).hexdigest()


SPRIG: Final[Mapping[str, Callable[..., Json]]] = {
    # texts
    "abbrev": _abbreviated,
    "camelcase": lambda text: "".join(word[:1].upper() + word[1:].lower() for word in _words(text)),
    "cat": lambda *args: " ".join(show(arg) for arg in args if arg is not None),
    "initials": lambda text: "".join(word[0] for word in text.split()),
    "kebabcase": lambda text: _snake(text, "-"),
    "nospace": lambda text: "".join(text.split()),
    "plural": lambda one, many, count: one if count == 1 else many,
    "println": lambda *args: " ".join(show(arg) for arg in args) + "\n",
    "snakecase": lambda text: _snake(text, "_"),
    "splitn": _split_times,
    "substr": _substring,
    "toStrings": lambda items: [show(item) for item in _items(items) if item is not None],
    "trimall": lambda cut, text: text.strip(cut),
    "untitle": lambda text: re.sub(r"\b\w", lambda match: match[0].lower(), text),
    "urlquery": lambda *args: quote_plus("".join(show(arg) for arg in args)),
    # expressions
    "regexFind": _found,
    "regexMatch": lambda pattern, text: _known(pattern).search(text) is not None,
    "regexFindAll": _found_all,
    "regexReplaceAll": _replaced,
    "regexReplaceAllLiteral": lambda pattern, text, by: _replaced(pattern, text, by, literal=True),
    "regexSplit": _split_at,
    # lists
    "all": lambda *args: all(is_true(arg) for arg in args),
    "any": lambda *args: any(is_true(arg) for arg in args),
    "append": lambda items, item: [*_items(items), item],
    "chunk": _chunks,
    "compact": lambda items: [item for item in _items(items) if is_true(item)],
    "concat": lambda *lists: [item for items in lists for item in _items(items)],
    "has": lambda item, items: item in (items or []),
    "initial": lambda items: _items(items)[:-1],
    "prepend": lambda items, item: [item, *_items(items)],
    "rest": lambda items: _items(items)[1:],
    "reverse": lambda items: _items(items)[::-1],
    "slice": _slice,
    "sortAlpha": lambda items: sorted(show(item) for item in _items(items)),
    "tuple": lambda *args: list(args),
    "uniq": _unique,
    "untilStep": _until,
    "without": lambda items, *gone: [item for item in _items(items) if item not in gone],
    # maps
    "deepCopy": lambda value: value,  # nothing here changes a value
    "dig": _dig,
    "keys": lambda *maps: sorted(key for each in maps for key in each),
    "merge": _merged,
    "mergeOverwrite": lambda into, *others: _merged(into, *others, overwrite=True),
    "omit": lambda value, *keys: {key: item for key, item in value.items() if key not in keys},
    "pick": lambda value, *keys: {key: value[key] for key in keys if key in value},
    "pluck": lambda key, *maps: [each[key] for each in maps if key in each],
    "values": lambda value: [value[key] for key in sorted(value)],
    # numbers
    "add1": lambda value: integer(value) + 1,
    "atoi": lambda text: int(text) if re.fullmatch(r"[+-]?\d{1,19}", text) else 0,
    "ceil": lambda value: float(ceil(_float(value))),
    "div": _divided,
    "float64": _float,
    "floor": lambda value: float(floor(_float(value))),
    "int64": integer,
    "max": lambda *args: max(integer(arg) for arg in args),
    "min": lambda *args: min(integer(arg) for arg in args),
    "mod": _rest_of,
    "round": _rounded,
    # kinds, versions, encodings
    "adler32sum": lambda text: str(zlib.adler32(text.encode())),
    "b32dec": lambda text: base64.b32decode(text).decode("utf-8", "replace"),
    "b32enc": lambda text: base64.b32encode(text.encode()).decode(),
    "base": lambda path: posixpath.basename(path.rstrip("/")) or ("/" if path else "."),
    "clean": lambda path: posixpath.normpath(path) if path else ".",
    "dir": lambda path: posixpath.normpath(posixpath.dirname(path) or "."),
    "ext": lambda path: posixpath.splitext(f"x{posixpath.basename(path)}")[1],
    "fail": _fail,
    "isAbs": lambda path: path.startswith("/"),
    "kindIs": lambda kind, value: _kind(value) == kind,
    "kindOf": _kind,
    "semver": _version,
    "semverCompare": _admits,
    "sha1sum": _hash("sha1"),
    "sha256sum": _hash("sha256"),
    "sha512sum": _hash("sha512"),
    "urlParse": _url,
}
