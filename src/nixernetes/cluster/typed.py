"""Built-in kinds are typed: what an API server cannot read into a field is refused, and null is an absent field.

Server-side apply reads with structured-merge-diff (``typed/validate.go``), then converts what it merged to the Go type
(``runtime/converter.go``); create and update decode JSON. The messages are theirs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import islice
from typing import Final

from nixernetes.cluster.api import ApiError
from nixernetes.cluster.fitting import TIMES, Check, Fitting, Root
from nixernetes.cluster.go_forms.named_types import named_type
from nixernetes.errors import InputError
from nixernetes.languages import quantities
from nixernetes.languages.go_values import go_value
from nixernetes.objects import schema
from nixernetes.objects.fields import text_at
from nixernetes.objects.identity import ObjectKey
from nixernetes.objects.manifest import Json, Manifest
from nixernetes.objects.schema import Field
from nixernetes.schemas import versions

__all__ = ["Typed", "check_applied", "check_decoded", "decodes", "has_nulls", "is_declared", "is_of", "known_only"]

_QUANTITY: Final = "io.k8s.apimachinery.pkg.api.resource.Quantity"
_GROUP, _LEAST = 4, 2  # letters of a group, and of the shortest one that may be filled with =
_NO_LETTER: Final = re.compile(r"[^A-Za-z0-9+/]")
_CONVERTING: Final = "error decoding from json: "
_MOST_TOLD: Final = 20  # lines of one message
_OF_EVERY_OBJECT: Final = ("apiVersion", "kind")
_DEFAULT_KEYS: Final = {"protocol": "TCP"}  # the one default among the keys of built-in lists
_ZEROS: Final[dict[str, Json]] = {"s": "", "y": "", "b": False, "i": 0, "l": 0, "n": 0, "o": {}}
_NUMBERS: Final = {"i": "int32", "l": "int64", "n": "float64"}
_INT32: Final = range(-(2**31), 2**31)
_RANGES: Final = {"i": _INT32, "l": range(-(2**63), 2**63)}
_INT_OR_STRING: Final = "io.k8s.apimachinery.pkg.util.intstr.IntOrString"
_NO_QUANTITY: Final = "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"
_GO_TYPES: Final = {"s": "string", "y": "[]uint8", "b": "bool", **_NUMBERS}


@dataclass(frozen=True, slots=True)
class Typed:
    """The type of a kind, as a cluster has it.

    Attributes:
        root: the type.
        fits: tells whether an object is surely of it.
        minor: the minor version of Kubernetes.

    """

    root: Root
    fits: Check
    minor: int

    @classmethod
    def of(cls, manifest: Manifest) -> Typed:
        """Return the type of a built-in kind in the newest version; of another kind its metadata is known."""
        return _typed(manifest["apiVersion"], manifest["kind"])


@cache
def _newest() -> Fitting:
    return Fitting(versions.minor(""))


@lru_cache(maxsize=1000)
def _typed(api_version: str, kind: str) -> Typed:
    field = schema.of(api_version, kind) or schema.metadata_alone()
    return Typed(field, _newest().of(field), versions.minor(""))


def check_applied(manifest: Manifest, key: ObjectKey, typed: Typed | None = None) -> None:
    """Refuse an applied object that is not of its type: other types, fields that it has not, two items with one key.

    Raises:
        ApiError: without a reason, as a server answers.

    """
    typed = typed or Typed.of(manifest)
    if typed.fits(manifest):
        return
    what = f"({_named(manifest)}; {_group_version(manifest)}, Kind={key.kind})"
    lines = [
        f"{path}: {_said(wrong, key, path)}"
        for path, wrong in islice(_misfits(typed.root, manifest, "", typed.minor), _MOST_TOLD)
    ]
    if lines:
        told = lines[0] if len(lines) == 1 else "errors:\n" + "\n".join(f"  {line}" for line in lines)
        raise ApiError("", f"failed to create typed patch object {what}: {told}", subject=str(key))
    problem = _unconverted(typed.root, manifest)
    if problem:
        kind = f"{_group_version(manifest)}, Kind={key.kind}"
        message = (
            f"failed to convert new object {what} to proper version: unable to convert unstructured object to {kind}"
        )
        raise ApiError("", f"{message}: {problem}", subject=str(key))


def check_decoded(manifest: Manifest, key: ObjectKey, typed: Typed | None = None) -> None:
    """Refuse a created or updated object whose fields have other types: of custom kinds, those of its metadata.

    Raises:
        ApiError: BadRequest.

    """
    typed = typed or Typed.of(manifest)
    if typed.fits(manifest):
        return
    root = schema.of(manifest["apiVersion"], key.kind) or schema.metadata_alone()
    problem = _undecoded(root, manifest, key.kind) or _unconverted(root, manifest).removeprefix(_CONVERTING)
    if problem:
        version = schema_version(manifest)
        message = f'{key.kind} in version "{version}" cannot be handled as a {key.kind}: {problem}'
        raise ApiError("BadRequest", message, subject=str(key))


def has_nulls(value: Json) -> bool:
    """Tell whether a value is null somewhere."""
    if isinstance(value, dict):
        return any(item is None or (isinstance(item, dict | list) and has_nulls(item)) for item in value.values())
    return isinstance(value, list) and any(isinstance(item, dict | list) and has_nulls(item) for item in value)


def decodes(manifest: Manifest, typed: Typed | None = None) -> bool:
    """Tell whether an object of a built-in kind can be read into its Go type."""
    typed = typed or Typed.of(manifest)
    if typed.fits(manifest):
        return True
    found = _misfits(typed.root, manifest, "", typed.minor)
    mistyped = any(isinstance(wrong, _Mistyped) for _, wrong in found)
    return not mistyped and not _unconverted(typed.root, manifest)


def schema_version(manifest: Manifest) -> str:
    """Return the version without its group."""
    return str(manifest["apiVersion"]).rpartition("/")[2]


def known_only(manifest: Manifest, typed: Typed | None = None) -> Manifest:
    """Return an object without the fields that its type has not, and without those that are null.

    Of a built-in kind these are not there for its Go type; of a custom kind its definition decides, elsewhere.
    """
    typed = typed or Typed.of(manifest)
    if typed.fits(manifest):
        return manifest
    root = schema.of(manifest["apiVersion"], manifest["kind"])
    if root is None:
        metadata = schema.metadata_alone().field("metadata")
        known = _known_only(metadata, manifest["metadata"], typed.minor) if metadata is not None else None
        is_same = known is None or known is manifest["metadata"]
        return manifest if is_same else {**manifest, "metadata": known}
    found: Manifest = _known_only(root, manifest, typed.minor)
    return found


def _known_only(field: Field, value: Json, minor: int) -> Json:
    """Return the very same value where there is nothing to leave out."""
    if isinstance(value, dict) and field.type_name:
        changed: dict[str, Json] = {}
        for name, item in value.items():
            inner = field.field(name)
            if item is not None and not (field.is_closed and not is_declared(field, name, minor)):
                changed[name] = item if inner is None else _known_only(inner, item, minor)
        same = len(changed) == len(value) and all(changed[name] is item for name, item in value.items())
        return value if same else changed
    if isinstance(value, dict):
        values = field.field("")
        if values is None or None not in value.values():
            return value
        is_text = values.json_type in ("s", "y")
        return {name: "" if item is None else item for name, item in value.items()} if is_text else value
    inner = field.items() if isinstance(value, list) else None
    if inner is None:
        return value
    items = [_known_only(inner, _ZEROS.get(inner.json_type) if item is None else item, minor) for item in value]
    return value if all(new is old for new, old in zip(items, value, strict=True)) else items


def is_declared(field: Root, name: str, minor: int) -> bool:
    """Tell whether a type has a field at a version; every object has a kind and a version."""
    if field.field(name) is None:
        return name in _OF_EVERY_OBJECT
    first, last = versions.field_span(field.type_name, name) if isinstance(field, Field) else (0, minor)
    return first <= minor <= last


@dataclass(frozen=True, slots=True)
class _Mistyped:
    field: Root
    value: Json


def _misfits(field: Root, value: Json, path: str, minor: int) -> Iterator[tuple[str, _Mistyped | str]]:
    """Yield each place whose value is not of its type, in the order in which it is written, and what is wrong."""
    if value is None:
        return
    if not is_of(field, value):
        yield path or ".", _Mistyped(field, value)
    elif isinstance(value, dict):
        for name, item in value.items():
            if field.is_closed and not is_declared(field, name, minor):
                yield f"{path}.{name}", "field not declared in schema"
                return  # Go looks no further at this map
            inner = field.field(name)
            if inner is not None:
                yield from _misfits(inner, item, f"{path}.{name}", minor)
    elif isinstance(value, list) and isinstance(field, Field):
        items = field.items()
        if items is not None:
            yield from ((path, f"duplicate entries for key [{key}]") for key in _twice(field, value))
            for number, item in enumerate(value):
                yield from _misfits(items, item, f"{path}[{_element(field, item, number)}]", minor)


def _twice(field: Field, value: list[Json]) -> Iterator[str]:
    """Yield the keys of items that are there twice, where items are told apart by keys or by what they are."""
    if field.list_type not in ("map", "set"):
        return
    seen: set[str] = set()
    for item in value:
        if field.list_type == "map" and not (
            isinstance(item, dict) and any(key in item for key in field.list_map_keys)
        ):
            continue
        filled = {**_DEFAULT_KEYS, **item} if field.list_type == "map" else item
        key = _element(field, filled, 0)
        if key in seen:
            yield key
        seen.add(key)


def _said(wrong: _Mistyped | str, key: ObjectKey, path: str) -> str:
    if isinstance(wrong, str):
        return wrong
    is_secret = key.kind == "Secret" and not key.group and not path.startswith(".metadata")
    return f"expected {_expected(wrong.field, '***' if is_secret else wrong.value)}"  # no message shows what is in one


def is_of(field: Root, value: Json) -> bool:
    """Tell whether a value has the JSON type of a field."""
    match field.json_type:
        case "s" | "y":
            return isinstance(value, str)
        case "i" | "l" | "n":
            return isinstance(value, int | float) and not isinstance(value, bool)
        case "b":
            return isinstance(value, bool)
        case "a":
            return isinstance(value, list)
        case "o":
            return isinstance(value, dict)
    return True


def _expected(field: Root, value: Json) -> str:
    match field.json_type:
        case "s" | "y":
            return f"string, got &value.valueUnstructured{{Value:{go_value(value, quoted=True)}}}"
        case "b":
            return f"boolean, got &{{{go_value(value)}}}"
        case "a":
            return f"list, got &{{{go_value(value)}}}"
        case "o":
            return f"map, got &{{{go_value(value)}}}"
    return f"numeric (int or float), got {_go_type(value)}"


def _element(field: Field, item: Json, number: int) -> str:
    """Spell an item of a list: by its keys, by its value in a set, else by its place."""
    if field.list_type == "map" and isinstance(item, dict):
        return ",".join(f"{name}={go_value(item[name], quoted=True)}" for name in field.list_map_keys if name in item)
    return f"={go_value(item, quoted=True)}" if field.list_type == "set" else str(number)


def _unconverted(field: Root, value: Json) -> str:
    """Return why a value of the right JSON type is none of the Go type, or ``""``."""
    if value is None:
        return ""
    if isinstance(field, Field) and field.type_name == _QUANTITY:
        return _no_quantity(value)
    if isinstance(value, dict):
        inner = ((field.field(name), item) for name, item in value.items())
        return next((text for one, item in inner if one is not None and (text := _unconverted(one, item))), "")
    if not isinstance(field, Field):
        return ""
    if isinstance(value, list):
        items = field.items()
        return next((text for item in value if (text := _unconverted(items, item))), "") if items is not None else ""
    if field.json_type in ("i", "l") and isinstance(value, float) and not value.is_integer():
        return f"cannot convert float64 to {_NUMBERS[field.json_type]}"
    return f"{_CONVERTING}{_no_base64(value)}" if field.json_type == "y" and _no_base64(value) else ""


def _no_quantity(value: Json) -> str:
    if isinstance(value, bool | list | dict):
        return _NO_QUANTITY
    try:
        quantities.parse(str(value))
    except InputError as error:
        return error.message
    return ""


def _no_base64(text: str) -> str:
    """Return why Go's decoder takes a text for no base64, or ``""`` (``encoding/base64``, ``decodeQuantum``)."""
    at = _broken_base64(text)
    return "" if at < 0 else f"illegal base64 data at input byte {at}"


def _broken_base64(text: str) -> int:
    """Return where a text ceases to be base64, or -1; an unfinished group of four is broken where it begins."""
    letters = [(at, char) for at, char in enumerate(text) if char not in "\r\n"]
    for start in range(0, len(letters), _GROUP):
        group = letters[start : start + _GROUP]
        for number, (at, char) in enumerate(group):
            if char == "=" and number >= _LEAST:
                rest = letters[start + number + 1 :]
                if number == _LEAST:
                    if not rest:
                        return len(text)
                    if rest[0][1] != "=":
                        return at
                    rest = rest[1:]
                return rest[0][0] if rest else -1
            if _NO_LETTER.match(char):
                return at
        if len(group) < _GROUP:
            return len(text) - len(group)
    return -1


def _undecoded(field: Field, value: Json, name: str, path: str = "", owner: str = "", go_type: str = "") -> str:
    """Return Go's words about the first value that cannot be decoded, or ``""``."""
    if value is None:
        return ""
    wrong = _unread(field, value, go_type)
    if wrong:
        word, wanted = wrong
        return (
            f"json: cannot unmarshal {word} into Go struct field {f'{owner}.{path}' if path else name} of type {wanted}"
        )
    kind = field.type_name.rpartition(".")[2]
    if isinstance(value, str) and kind in TIMES and not TIMES[kind].fullmatch(value):
        return _no_time(value, kind)
    if field.type_name == _QUANTITY and isinstance(value, list | dict):
        return _NO_QUANTITY
    if isinstance(value, dict):
        struct = field.type_name.rpartition(".")[2]
        for part, item in value.items():
            inner = field.field(part)
            if inner is not None:
                # The values of a map have the map's path.
                at = (f"{path}.{part}".lstrip("."), struct) if struct else (path, owner)
                problem = _undecoded(inner, item, name, *at, named_type(field.type_name, part) if struct else "")
                if problem:
                    return problem
    items = field.items() if isinstance(value, list) else None
    below = go_type.removeprefix("[]") if go_type.startswith("[]") else ""
    found = (_undecoded(items, item, name, path, owner, below) for item in value) if items is not None else ()
    return next(filter(None, found), "")


def _unread(field: Field, value: Json, go_type: str) -> tuple[str, str] | None:
    """Return what JSON a value is and what its Go type is, where that cannot read it; else None."""
    if field.type_name == _INT_OR_STRING:
        if isinstance(value, str) or (isinstance(value, int) and not isinstance(value, bool) and value in _INT32):
            return None
        return _json_word(value) if not _is_whole(value) else f"number {value}", _NUMBERS["i"]
    if field.type_name.rpartition(".")[2] in TIMES:
        return None if isinstance(value, str) else (_json_word(value), _GO_TYPES["s"])
    if not is_of(field, value):
        return _json_word(value), go_type or _go_field(field)
    if field.json_type in ("i", "l") and (isinstance(value, float) or value not in _RANGES[field.json_type]):
        return f"number {go_value(value)}", go_type or _go_field(field)
    return None


def _is_whole(value: Json) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


_TWO: Final = re.compile(r"\d\d")
_DASH, _COLON, _T = re.compile("-"), re.compile(":"), re.compile("T")
_LAYOUT: Final = (  # each part of the layout, and what it reads
    *(("2006", re.compile(r"\d{4}")), ("-", _DASH), ("01", _TWO), ("-", _DASH), ("02", _TWO), ("T", _T), ("15", _TWO)),
    *((":", _COLON), ("04", _TWO), (":", _COLON), ("05", _TWO)),
)
_FRACTIONS: Final = {"MicroTime": (".000000", re.compile(r"\.\d{6}")), "Time": ("", re.compile(r"(?:[.,]\d+)?"))}
_ZONE: Final = ("Z07:00", re.compile(r"Z|[+-]\d\d:\d\d"))


def _no_time(text: str, kind: str) -> str:
    """Return Go's words about a time that its layout does not read (``time.Parse``)."""
    parts = (*_LAYOUT, _FRACTIONS[kind], _ZONE)
    at, told = 0, ""
    for layout, pattern in parts:
        found = pattern.match(text, at)
        if found is None:
            told = f'cannot parse "{text[at:]}" as "{layout}"'
            break
        at = found.end()
    layout, rest = "".join(each for each, _ in parts), f'extra text: "{text[at:]}"'
    return f'parsing time "{text}" as "{layout}": {told or rest}'


def _json_word(value: Json) -> str:
    if isinstance(value, bool):
        return "bool"
    names = {str: "string", int: "number", float: "number", list: "array", dict: "object"}
    return names[type(value)]


def _go_field(field: Field) -> str:
    if field.json_type in _GO_TYPES:
        return _GO_TYPES[field.json_type]
    if field.json_type == "a":
        items = field.items()
        return f"[]{_go_field(items)}" if items is not None else "[]interface {}"
    if field.type_name:
        package, _, name = field.type_name.rpartition(".")
        return f"{package.rpartition('.')[2]}.{name}"
    values = field.field("")
    return f"map[string]{_go_field(values)}" if values is not None else "map[string]interface {}"


def _go_type(value: Json) -> str:
    if isinstance(value, bool):
        return "bool"
    names = {str: "string", int: "int64", float: "float64", list: "[]interface {}", dict: "map[string]interface {}"}
    return names[type(value)]


def _named(manifest: Manifest) -> str:
    """Spell a name as Go's ``NamespacedName`` does: the namespace is what the object says."""
    return f"{text_at(manifest, 'metadata', 'namespace')}/{text_at(manifest, 'metadata', 'name')}"


def _group_version(manifest: Manifest) -> str:
    """Spell an API version as Go's ``GroupVersion`` does: the core group has nothing before its slash."""
    version = str(manifest["apiVersion"])
    return version if "/" in version else f"/{version}"
