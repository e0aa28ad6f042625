"""More functions of Sprig: the table, expressions, versions, hashes, paths and URLs.

Left out, and refused by name: what reads the clock, the environment or the network, what is random, what makes keys.
"""

from __future__ import annotations

import base64
import hashlib
import posixpath
import re
import zlib
from collections.abc import Callable, Mapping
from decimal import Context
from itertools import islice
from math import ceil, floor
from typing import Final
from urllib.parse import quote_plus, urlsplit, urlunsplit

from nixernetes.languages.go_quoting import go_quoted
from nixernetes.languages.gotemplates import cases, containers, dates, encodings, numbers, texts
from nixernetes.languages.gotemplates.containers import items_of
from nixernetes.languages.gotemplates.numbers import real, whole
from nixernetes.languages.gotemplates.tokens import TemplateError
from nixernetes.languages.gotemplates.values import (
    GoStrings,
    Int64,
    NoTexts,
    SemanticVersion,
    Texts,
    integer,
    is_true,
    kind_of,
    same,
    show,
    type_of,
)
from nixernetes.languages.regexes import Pattern, compiled, matched, replaced, split
from nixernetes.languages.semver import parse_constraint, parse_version
from nixernetes.objects.manifest import Json, copy

__all__ = ["SPRIG"]

_MAX_TEXT = 4096  # characters of a text that is searched for matches: each may become a longer one
_ESCAPE = re.compile(r"%(?![0-9a-fA-F]{2}).{0,2}", re.DOTALL)
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")


def _split_times(separator: str, count: int, text: str) -> GoStrings:
    return GoStrings({f"_{number}": part for number, part in enumerate(texts.split(separator, text, count))})


def _is_match(pattern: str, text: str) -> bool:
    try:
        return _known(pattern).search(text) is not None
    except TemplateError:
        return False  # as Sprig; its mustRegexMatch tells


def _found(pattern: str, text: str) -> str:
    match = _known(pattern).search(_searched(text))
    return "" if match is None else match.group(0) or ""


def _found_all(pattern: str, text: str, count: Json) -> list[Json]:
    wanted = integer(count)
    found = matched(_known(pattern), _searched(text))
    matches = Texts(match.group(0) for match in islice(found, wanted if wanted >= 0 else None))
    return matches or NoTexts()


def _split_at(pattern: str, text: str, count: Json) -> list[Json]:
    _known(pattern)
    return Texts(split(pattern, _searched(text), integer(count)))


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
    return SemanticVersion(Major=major, Minor=minor, Patch=patch, Prerelease=pre, Metadata=build, Original=text)


def _url(text: str) -> dict[str, str]:
    broken = _ESCAPE.search(text)
    if broken is not None:
        shown = go_quoted(broken[0])
        raise TemplateError(f"unable to parse url: parse {go_quoted(text)}: invalid URL escape {shown}")
    scheme = _SCHEME.match(text)
    if scheme is None and (text.startswith(":") or ":" in text.partition("/")[0]):
        raise TemplateError(f"unable to parse url: {text!r} has a colon, but no scheme before it")
    try:
        parts = urlsplit(text)
    except ValueError as error:
        raise TemplateError(f"unable to parse url: {error}") from error
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


def _url_joined(parts: Mapping[str, str]) -> str:
    for name in ("scheme", "host", "path", "query", "opaque", "fragment", "userinfo"):
        found = parts.get(name, "")
        if not isinstance(found, str):
            raise TemplateError(f"unable to parse {name} key, must be of type string, but {type_of(found)} found")
    user, host, path = (parts.get(name) or "" for name in ("userinfo", "host", "path"))
    path = f"/{path}" if host and path and not path.startswith("/") else path
    place = f"{user}@{host}" if user else host
    return urlunsplit((parts.get("scheme") or "", place, path, parts.get("query") or "", parts.get("fragment") or ""))


def _fail(message: str) -> Json:
    if not isinstance(message, str):
        raise TypeError(message)
    raise TemplateError(message)


def _copied(value: Json) -> Json:
    if value is None:
        raise TemplateError("reflect: call of reflect.Value.Type on zero Value")
    return copy(value)


def _hash(name: str) -> Callable[[str], str]:
    return lambda text: hashlib.new(name, text.encode(), usedforsecurity=False).hexdigest()


def _from_json(text: str) -> Json:
    try:
        return encodings.from_json(text)
    except ValueError:
        return None  # as Sprig; its mustFromJson tells


_SPRIG: Final[dict[str, Callable[..., Json]]] = {
    # texts
    "abbrev": texts.abbreviated,
    "abbrevboth": texts.abbreviated_both,
    "camelcase": cases.camel,
    "cat": lambda *args: " ".join(show(arg) for arg in args if arg is not None),
    "hello": lambda: "Hello!",
    "initials": lambda text: "".join(chr(word.encode(errors="replace")[0]) for word in text.split()),
    "kebabcase": lambda text: cases.separated(text, "-"),
    "nospace": lambda text: "".join(text.split()),
    "plural": lambda one, many, count: one if count == 1 else many,
    "println": lambda *args: " ".join(show(arg) for arg in args) + "\n",
    "snakecase": lambda text: cases.separated(text, "_"),
    "splitn": _split_times,
    "substr": texts.substring,
    "swapcase": cases.swapped,
    "toStrings": lambda value: Texts(texts.texts(value)),
    "trimall": lambda cut, text: text.strip(cut),
    "untitle": lambda text: re.sub(r"(?<!\S)\w", lambda match: match[0].lower(), text),
    "urlquery": lambda *args: quote_plus(encodings.escapable(*args)),
    "wrap": texts.wrapped,
    "wrapWith": lambda width, sign, text: texts.wrapped(width, text, sign, breaks_words=True),
    # expressions
    "mustRegexMatch": lambda pattern, text: _known(pattern).search(text) is not None,
    "regexFind": _found,
    "regexFindAll": _found_all,
    "regexMatch": _is_match,
    "regexQuoteMeta": lambda text: re.sub(r"([\\.+*?()|\[\]{}^$])", r"\\\1", text),
    "regexReplaceAll": _replaced,
    "regexReplaceAllLiteral": lambda pattern, text, by: _replaced(pattern, text, by, literal=True),
    "regexSplit": _split_at,
    # lists
    "all": lambda *args: all(is_true(arg) for arg in args),
    "any": lambda *args: any(is_true(arg) for arg in args),
    "append": lambda items, item: [*items_of(items), item],
    "chunk": containers.chunks,
    "compact": lambda items: [item for item in items_of(items) if is_true(item)],
    "concat": lambda *lists: [item for items in lists for item in items_of(items)],
    "first": lambda items: (items_of(items) or [None])[0],
    "has": containers.has,
    "initial": lambda items: items_of(items)[:-1],
    "last": lambda items: (items_of(items) or [None])[-1],
    "prepend": lambda items, item: [item, *items_of(items)],
    "push": lambda items, item: [*items_of(items), item],
    "rest": lambda items: items_of(items)[1:],
    "reverse": lambda items: items_of(items)[::-1],
    "slice": containers.part,
    "sortAlpha": lambda items: Texts(["<nil>"] if items is None else sorted(texts.texts(items))),
    "tuple": lambda *args: list(args),
    "uniq": containers.unique,
    "untilStep": numbers.number_list,
    "without": containers.without,
    # maps
    "deepCopy": _copied,
    "dig": containers.dig,
    "keys": lambda *maps: Texts(sorted(key for each in maps for key in each)),
    "merge": containers.merged,
    "mergeOverwrite": lambda into, *others: containers.merged(into, *others, overwrite=True),
    "omit": lambda value, *keys: {key: item for key, item in value.items() if key not in keys},
    "pick": lambda value, *keys: {key: value[key] for key in keys if key in value},
    "pluck": lambda key, *maps: [each[key] for each in maps if key in each],
    "set": containers.changed,
    "unset": containers.without_key,
    "values": lambda value: [value[key] for key in sorted(value)],
    # numbers
    "add1": lambda value: whole(integer(value) + 1),
    "add1f": lambda value: numbers.decimals(Context.add)(value, 1),
    "addf": numbers.decimals(Context.add),
    "atoi": lambda text: int(text) if re.fullmatch(r"[+-]?[0-9]{1,18}", text) else 0,
    "biggest": lambda *args: Int64(max(integer(arg) for arg in args)),
    "ceil": lambda value: float(ceil(real(value))),
    "div": numbers.divided,
    "divf": numbers.decimals(Context.divide),
    "float64": real,
    "floor": lambda value: float(floor(real(value))),
    "int64": lambda value: Int64(integer(value)),
    "max": lambda *args: Int64(max(integer(arg) for arg in args)),
    "maxf": lambda *args: max(real(arg) for arg in args),
    "min": lambda *args: Int64(min(integer(arg) for arg in args)),
    "minf": lambda *args: min(real(arg) for arg in args),
    "mod": numbers.remainder,
    "mulf": numbers.decimals(Context.multiply),
    "round": numbers.rounded,
    "seq": numbers.sequence,
    "subf": numbers.decimals(Context.subtract),
    "toDecimal": numbers.octal,
    # dates
    "date": dates.date,
    "dateInZone": dates.date,
    "dateModify": dates.modified,
    "duration": dates.duration,
    "durationRound": dates.duration_round,
    "htmlDate": lambda value: dates.date("2006-01-02", value),
    "htmlDateInZone": lambda value, zone: dates.date("2006-01-02", value, zone),
    "mustToDate": dates.to_date,
    "toDate": dates.to_date_or_zero,
    "unixEpoch": dates.unix_epoch,
    # kinds, versions, encodings
    "adler32sum": lambda text: str(zlib.adler32(text.encode())),
    "b32dec": encodings.b32_decoded,
    "b32enc": lambda text: base64.b32encode(text.encode(errors="replace")).decode(),
    "base": lambda path: posixpath.basename(path.rstrip("/")) or ("/" if path else "."),
    "clean": lambda path: posixpath.normpath(path) if path else ".",
    "deepEqual": same,
    "dir": lambda path: posixpath.normpath(posixpath.dirname(path) or "."),
    "ext": lambda path: posixpath.splitext(f"x{posixpath.basename(path)}")[1],
    "fail": _fail,
    "fromJson": _from_json,
    "isAbs": lambda path: path.startswith("/"),
    "kindIs": lambda kind, value: kind_of(value) == kind,
    "kindOf": kind_of,
    "mustFromJson": encodings.from_json,
    "semver": _version,
    "semverCompare": _admits,
    "sha1sum": _hash("sha1"),
    "sha256sum": _hash("sha256"),
    "sha512sum": _hash("sha512"),
    "toJson": encodings.to_json,
    "toPrettyJson": lambda value: encodings.to_json(value, indent=2),
    "toRawJson": lambda value: encodings.to_json(value, html=False),
    "typeIs": lambda name, value: type_of(value) == name,
    "typeIsLike": lambda name, value: name in (type_of(value), f"*{type_of(value)}"),
    "typeOf": type_of,
    "urlJoin": _url_joined,
    "urlParse": _url,
}
# Names for the same: those that fail where the others do not, which here all do; and others' older names.
_MUST = (
    *("append", "chunk", "compact", "dateModify", "deepCopy", "first", "has", "initial", "last", "merge"),
    *("mergeOverwrite", "prepend", "push", "regexFind", "regexFindAll", "regexReplaceAll", "regexReplaceAllLiteral"),
    *("regexSplit", "rest", "reverse", "slice", "toJson", "toPrettyJson", "toRawJson", "uniq", "without"),
)
_ALIASES = {
    **{f"must{name[0].upper()}{name[1:]}": name for name in _MUST},
    **{f"os{name[0].upper()}{name[1:]}": name for name in ("base", "clean", "dir", "ext", "isAbs")},
    "date_in_zone": "dateInZone",
    "date_modify": "dateModify",
    "must_date_modify": "dateModify",
}
SPRIG: Final[Mapping[str, Callable[..., Json]]] = {**_SPRIG, **{name: _SPRIG[of] for name, of in _ALIASES.items()}}
