"""YAML text to JSON data and back, as Kubernetes tools read and write it.

The parser is libyaml through PyYAML; the construction is ours, from parser events (an anchor may be defined again, as
YAML and Go allow), because Kubernetes reads YAML through a JSON step:

- plain scalars by YAML 1.1 (``yes``/``no``/``on``/``off``/``y``/``n`` are booleans, ``0777`` and ``0o777`` are octal),
  but a date or a sexagesimal number stays a string, since JSON has neither, and ``.inf`` and ``.nan`` are refused;
- a whole float is an integer (``1e3``, ``1.0``), an integer beyond 64 bits is a float, as JSON numbers pass through Go;
- keys become strings; a duplicate key is an error; ``<<`` merges; anchors work within limits;
- depth, alias expansion, documents and size are limited (``sizes``), so that hostile input costs a bounded amount.

Kustomize reads with another library: the ``kustomize`` dialect keeps ``yes`` and ``on`` as strings, writes timestamps
out in full, and tells an empty value (``EMPTY``) from a written ``null``, since a strategic merge drops only the first.
Helm 4 passes manifests through that library: what is ``yes`` or ``off`` stays text there too (``helm4``).

Kustomize writes the annotations of an object's own metadata anew: given twice they are merged, and the first counts.
"""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from math import isinf, isnan
from typing import Final, Literal, TypeAlias

import yaml
from yaml.cyaml import CParser  # type: ignore[attr-defined]  # the stubs forget it

from nixernetes.errors import InputError
from nixernetes.objects.key_order import ordered_keys
from nixernetes.objects.manifest import Json, copy
from nixernetes.objects.sizes import MAX_BYTES, MAX_DEPTH, MAX_VALUES, clipped
from nixernetes.objects.yaml_reading.repeated_keys import RepeatedKeyError
from nixernetes.objects.yaml_reading.scalars import (
    EMPTY,
    NOT_JSON,
    TIMESTAMP,
    Empty,
    plain,
    plain_helm4,
    plain_kustomize,
    refolded,
    tagged,
)

__all__ = [
    "EMPTY",
    "Dialect",
    "Document",
    "Duplicates",
    "dump",
    "dump_all",
    "locate",
    "parse",
    "parse_all",
    "parse_first",
]

MAX_DOCUMENTS = 100_000  # of one stream; the largest bundles hold some thousands

Dialect = Literal["kubernetes", "kustomize", "helm4"]
Duplicates = Literal["refuse", "last"]
_Parsed: TypeAlias = Json  # the stubs of PyYAML know too little of parsers and their events


_NOTES: Final = "/metadata/annotations"
_NOTES_DEPTH: Final = 2
_OPEN: Final = object()  # stands for an anchored value that is still being read


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One YAML document: its data and the line (1-based) where it begins."""

    data: Json
    line: int


def parse_all(
    text: bytes | str, *, file: str = "", dialect: Dialect = "kubernetes", duplicates: Duplicates = "refuse"
) -> list[Document]:
    """Parse a YAML stream into its documents; empty documents have ``data=None``.

    Args:
        text: the stream, UTF-8.
        file: its name, for messages.
        dialect: whose reading of plain scalars.
        duplicates: whether a key that is given twice is refused, or the last one counts.

    Raises:
        InputError: broken YAML, a duplicate key, or a limit passed; the place names file and line.

    """
    return list(_reading(text, file, dialect, duplicates))


def parse(
    text: bytes | str, *, file: str = "", dialect: Dialect = "kubernetes", duplicates: Duplicates = "refuse"
) -> Json:
    """Parse text that holds one document and return its data (None when it is empty).

    Raises:
        InputError: as :func:`parse_all`, or more than one document.

    """
    documents = parse_all(text, file=file, dialect=dialect, duplicates=duplicates)
    found = [document for document in documents if document.data is not None]
    if len(found) > 1:
        raise InputError("one YAML document expected, several found", place=f"{file}:{found[1].line}")
    return found[0].data if found else None


def parse_first(
    text: bytes | str, *, file: str = "", dialect: Dialect = "kubernetes", duplicates: Duplicates = "refuse"
) -> Json:
    """Parse the first document of a stream and return its data (None when it is empty); the rest is not read.

    Raises:
        InputError: as :func:`parse_all`.

    """
    found = next(_reading(text, file, dialect, duplicates), None)
    return None if found is None else found.data


def locate(text: bytes | str, path: Sequence[str | int], *, document: int = 0) -> int:
    """Return the line (1-based) of a key or list item, or of the deepest part of the path that is there; 0 if none.

    This is a second parse, for messages about a file that was read already.

    Args:
        text: the stream, UTF-8.
        path: keys and list positions, from the root of the document.
        document: which document of the stream, from 0.

    """
    try:
        loader = _Positions(text.decode("utf-8-sig") if isinstance(text, bytes) else text)
    except (UnicodeError, yaml.YAMLError):
        return 0
    try:
        return loader.line(tuple(path), document)
    except yaml.YAMLError:
        return 0
    finally:
        loader.dispose()


class _Positions(CParser):
    """Walks events and remembers the line of the deepest matching path."""

    def line(self, path: tuple[str | int, ...], document: int) -> int:
        while self.check_event() and not isinstance(self.peek_event(), yaml.StreamEndEvent):
            event: _Parsed = self.get_event()
            if isinstance(event, yaml.DocumentStartEvent):
                if document == 0:
                    root: _Parsed = self.peek_event()
                    self._best: int = root.start_mark.line + 1
                    self._walk(path, on_path=True, depth=0)
                    return int(self._best)
                document -= 1
        return 0

    def _walk(self, path: tuple[str | int, ...], *, on_path: bool, depth: int) -> None:
        if depth > MAX_DEPTH:
            raise yaml.YAMLError("nested too deeply")  # the reader said so already: there is no data to locate
        event: _Parsed = self.get_event()
        if isinstance(event, yaml.SequenceStartEvent):
            position = 0
            while not isinstance(self.peek_event(), yaml.SequenceEndEvent):
                self._enter(path, position, self.peek_event(), on_path=on_path, depth=depth)
                position += 1
            self.get_event()
        elif isinstance(event, yaml.MappingStartEvent):
            while not isinstance(self.peek_event(), yaml.MappingEndEvent):
                key: _Parsed = self.peek_event()
                self._walk((), on_path=False, depth=depth + 1)
                self._enter(path, getattr(key, "value", None), key, on_path=on_path, depth=depth)
            self.get_event()

    def _enter(
        self, path: tuple[str | int, ...], step: str | int | None, event: _Parsed, *, on_path: bool, depth: int
    ) -> None:
        matches = on_path and bool(path) and path[0] == step
        if matches:
            self._best = event.start_mark.line + 1
        self._walk(path[1:] if matches else (), on_path=matches, depth=depth + 1)


def _reading(text: bytes | str, file: str, dialect: Dialect, duplicates: Duplicates) -> Iterator[Document]:
    # A character is one byte at least, so that a long text need not be encoded to be refused.
    if len(text) > MAX_BYTES or (isinstance(text, str) and len(text) * 4 > MAX_BYTES and _size(text) > MAX_BYTES):
        raise InputError(f"larger than {MAX_BYTES // 1024 // 1024} MiB: split it", place=file)
    loader = None
    try:
        loader = CParser(text.decode("utf-8-sig") if isinstance(text, bytes) else text)
        yield from _documents(loader, file, dialect, duplicates)
    except (UnicodeDecodeError, UnicodeEncodeError) as error:
        raise InputError(f"not UTF-8 text: {error.reason} at byte {error.start}", place=file or "") from error
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = f"{file}:{mark.line + 1}" if mark is not None and file else file
        what = " ".join(filter(None, [error.context, error.problem]))
        raise InputError(f"broken YAML: {what}", place=place) from error
    except yaml.YAMLError as error:
        what = str(error).splitlines()[0] if str(error) else "not YAML"
        raise InputError(f"broken YAML: {what}", place=file) from error
    finally:
        if loader is not None:
            loader.dispose()


def _size(text: str) -> int:
    return len(text.encode(errors="replace"))


def _documents(loader: _Parsed, file: str, dialect: Dialect, duplicates: Duplicates) -> Iterator[Document]:
    next_event = loader.get_event
    builder = _Builder(loader, file, dialect, duplicates)
    count = 0
    while True:
        event = next_event()
        if event is None or isinstance(event, yaml.StreamEndEvent):
            return
        if isinstance(event, yaml.DocumentStartEvent):
            root = next_event()
            count += 1
            if count > MAX_DOCUMENTS:
                raise builder.error(root, f"more than {MAX_DOCUMENTS:,} documents: split the file")
            data = builder.document(root)
            yield Document(data=None if data is EMPTY else data, line=root.start_mark.line + 1)


class _Builder:
    """Turns a stream's events into data, counting what it makes."""

    def __init__(self, loader: _Parsed, file: str, dialect: Dialect, duplicates: Duplicates) -> None:
        self._next = loader.get_event
        self._file = file
        self._plain = {"kustomize": plain_kustomize, "helm4": plain_helm4}.get(dialect, plain)
        self._is_kustomize = dialect == "kustomize"
        self._last_wins = duplicates == "last"
        self._count = 0
        self._characters = 0
        self._anchors: dict[str, tuple[Json, int]] = {}
        self._place = ""  # the keys that lead to what is read, as deep as matters

    def document(self, root: _Parsed) -> Json:
        """Build one document; anchors end with it."""
        self._anchors.clear()
        self._place = ""
        return self.build(root, 0)

    def build(self, event: _Parsed, depth: int) -> Json:
        kind = type(event)
        if kind is yaml.ScalarEvent:
            self._count += 1
            value = self._scalar(event)
            if event.anchor:
                self._anchors[event.anchor] = (value, 1)
            return value
        if kind is yaml.AliasEvent:
            return self._alias(event)
        return self._collection(event, depth)

    def _collection(self, event: _Parsed, depth: int) -> Json:
        if depth > MAX_DEPTH:
            raise self.error(event, f"nested deeper than {MAX_DEPTH} levels")
        before = self._count
        self._expand(event, 1)
        anchor = event.anchor
        if anchor:
            self._anchors[anchor] = (_OPEN, 0)
        value: Json
        if type(event) is yaml.SequenceStartEvent:
            value = []
            while type(item := self._next()) is not yaml.SequenceEndEvent:
                value.append(self.build(item, depth + 1))
        else:
            value = self._mapping(depth)
        if anchor:
            self._anchors[anchor] = (value, self._count - before)
        return value

    def _mapping(self, depth: int) -> dict[str, Json]:
        result: dict[str, Json] = {}
        merged: dict[str, Json] = {}
        while type(event := self._next()) is not yaml.MappingEndEvent:
            key = self._key(event, depth)
            if key is _MERGE:
                merged = self._merge(event, merged if self._is_kustomize else {}, depth)
                if not self._is_kustomize:  # as Go's older reader: what stands last wins
                    result |= merged
                continue
            if self._is_kustomize and depth <= _NOTES_DEPTH:
                self._note(event, key, result, depth)
                continue
            if key in result and not self._last_wins and (self._is_kustomize or key not in merged):
                raise RepeatedKeyError(key, place=self._at(event))
            result[key] = self.build(self._next(), depth + 1)
        return {**{k: v for k, v in merged.items() if k not in result}, **result} if merged else result

    def _note(self, event: _Parsed, key: str, result: dict[str, Json], depth: int) -> None:
        """Read a key that may lead to, or be one of, the annotations of an object's own metadata."""
        outer, self._place = self._place, f"{self._place}/{key}"
        is_note = self._place.startswith(_NOTES)
        if key in result and not is_note and not self._last_wins:
            raise RepeatedKeyError(key, place=self._at(event))
        value, first = self.build(self._next(), depth + 1), result.get(key)
        if self._place == _NOTES and isinstance(first, dict):
            value = {**value, **first} if isinstance(value, dict) else first
        result[key] = value
        self._place = outer

    def _merge(self, event: _Parsed, merged: dict[str, Json], depth: int) -> dict[str, Json]:
        value = self.build(self._next(), depth + 1)
        for source in value if isinstance(value, list) else [value]:
            if not isinstance(source, dict):
                raise self.error(event, "<< takes a mapping or a list of mappings")
            for key, item in source.items():
                merged.setdefault(key, item)
        return merged

    def _key(self, event: _Parsed, depth: int) -> str:
        if type(event) is yaml.ScalarEvent and event.implicit[0] and event.value == "<<":
            return _MERGE
        value = self.build(event, depth)
        if isinstance(value, str):
            return value
        if isinstance(value, (dict, list)):
            raise self.error(event, "a key must be a scalar")
        if self._is_kustomize or value is None:  # its JSON step takes no other keys
            raise self.error(event, f"the key {clipped(event.value)!r} is not text: quote it")
        if isinstance(value, bool):
            return "true" if value else "false"
        return str(value)

    def _alias(self, event: _Parsed) -> Json:
        value, size = self._anchors.get(event.anchor, (None, -1))
        if size < 0:
            raise self.error(
                event, "broken YAML: found an alias that nothing defines: quote a text that begins with '*'"
            )
        if value is _OPEN:
            raise self.error(event, "an alias contains itself")
        self._expand(event, size)
        self._characters += _characters(value)
        if self._characters > MAX_BYTES:
            raise self.error(event, f"more than {MAX_BYTES // 1024 // 1024} MiB of text after expanding aliases")
        return copy(value)

    def _expand(self, event: _Parsed, size: int) -> None:
        self._count += size
        if self._count > MAX_VALUES:
            raise self.error(event, f"more than {MAX_VALUES:,} values after expanding aliases")

    def _scalar(self, event: _Parsed) -> Json:
        if self._count > MAX_VALUES:
            raise self.error(event, f"more than {MAX_VALUES:,} values after expanding aliases")
        text: str = event.value
        if event.implicit[0]:
            value = self._plain(text)
            if value is not NOT_JSON:
                return value
            raise self.error(event, f"{clipped(text)} is not a number that JSON has: quote it if it is text")
        if event.style == ">" and self._is_kustomize and not self._place.startswith(f"{_NOTES}/"):
            text = refolded(text)
        tag: str | None = event.tag
        if tag is None or tag in _TEXT_TAGS:
            return text
        try:
            return tagged(tag, text)
        except (ValueError, binascii.Error):
            short = "!!" + clipped(tag.removeprefix(_YAML_TAG))
            raise self.error(event, f"cannot read a value as {short}") from None

    def error(self, event: _Parsed, what: str) -> InputError:
        return InputError(what, place=self._at(event))

    def _at(self, event: _Parsed) -> str:
        line = event.start_mark.line + 1
        return f"{self._file}:{line}" if self._file else f"line {line}"


def _characters(value: Json) -> int:
    """Count the characters of all texts in a value."""
    if isinstance(value, str):
        return len(value)
    if isinstance(value, dict):
        return sum(len(key) + _characters(item) for key, item in value.items())
    return sum(map(_characters, value)) if isinstance(value, list) else 0


_YAML_TAG = "tag:yaml.org,2002:"
_TEXT_TAGS = frozenset(("!", _YAML_TAG + "str"))
_MERGE: Final = "\0<<"


class _Dumper(yaml.CSafeDumper):
    """Writes as sigs.k8s.io/yaml: block style, lists not indented, strings quoted only when they need to be."""

    def ignore_aliases(self, data: object) -> bool:
        del data
        return True

    def resolve(self, kind: type, value: str | None, implicit: object) -> str:
        """Return the tag that a reader would give, so that no tag needs to be written."""
        if kind is not yaml.ScalarNode:
            return _YAML_TAG + ("seq" if kind is yaml.SequenceNode else "map")
        unquoted = isinstance(implicit, tuple) and implicit[0]
        found = plain(value) if unquoted and value is not None else ""
        return _YAML_TAG + _TAG_OF.get(type(found), "str")


_TAG_OF: dict[type, str] = {bool: "bool", int: "int", float: "float", type(None): "null"}
_SEXAGESIMAL = re.compile(r"[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?\Z")
_LETTERS = frozenset("yYnN")


@lru_cache(maxsize=8192)
def _style(text: str) -> str | None:
    if "\n" in text:
        return "|"
    if text in _LETTERS or text == "<<" or not isinstance(plain(text), str) or TIMESTAMP.match(text):
        return '"'
    return '"' if text and _SEXAGESIMAL.match(text) else None


def _string(dumper: yaml.CSafeDumper, text: str) -> yaml.ScalarNode:
    return dumper.represent_scalar(_YAML_TAG + "str", text, style=_style(text))


def _float(dumper: yaml.CSafeDumper, value: float) -> yaml.ScalarNode:
    if isnan(value) or isinf(value):
        raise InputError("a number that is not finite cannot be written: JSON has none")
    if value.is_integer() and abs(value) < 2**63:
        return dumper.represent_int(int(value))
    return dumper.represent_scalar(_YAML_TAG + "float", _go_float(value))


def _integer(dumper: yaml.CSafeDumper, value: int) -> yaml.ScalarNode:
    """Write an integer; one beyond 64 bits as the float that readers take it for."""
    if -(2**63) <= value < 2**64:
        return dumper.represent_int(value)
    try:
        return _float(dumper, float(value))
    except OverflowError as error:
        raise InputError("an integer beyond the largest float cannot be written: no reader takes it") from error


def _go_float(value: float) -> str:
    """Write a float as Go's ``%g`` with the shortest digits: with an exponent below 1e-4 and from 1e6 on."""
    sign, digits, exponent = Decimal(repr(value)).as_tuple()
    shown = "".join(map(str, digits)).rstrip("0") or "0"
    power = len(digits) + int(exponent) - 1
    if -4 <= power < 6:
        return f"{'-' if sign else ''}{abs(Decimal(repr(value))):f}"
    mantissa = shown[0] + (f".{shown[1:]}" if len(shown) > 1 else "")
    return f"{'-' if sign else ''}{mantissa}e{'-' if power < 0 else '+'}{abs(power):02}"


def _mapping(dumper: yaml.CSafeDumper, data: dict[str, Json]) -> yaml.MappingNode:
    if not dumper.sort_keys:
        return dumper.represent_mapping(_YAML_TAG + "map", data)
    return dumper.represent_mapping(_YAML_TAG + "map", [(key, data[key]) for key in ordered_keys(tuple(data))])


_Dumper.add_representer(dict, _mapping)
_Dumper.add_representer(str, _string)
_Dumper.add_multi_representer(str, _string)
_Dumper.add_representer(float, _float)
_Dumper.add_representer(int, _integer)
_Dumper.add_representer(Empty, lambda dumper, _: dumper.represent_none(None))


def dump(data: Json, *, sort_keys: bool = False) -> str:
    """Write one document as Kubernetes tools print it; equal data gives equal text.

    Args:
        data: JSON data.
        sort_keys: whether keys are sorted, as kubectl and kustomize print them; else they stay in their order.

    """
    try:
        text = yaml.dump(data, Dumper=_Dumper, sort_keys=sort_keys, default_flow_style=False, allow_unicode=True)
    except UnicodeEncodeError as error:
        raise InputError("a text with half a surrogate pair cannot be written: it is not valid Unicode") from error
    # PyYAML marks the end of a document that ends in open text, or is a scalar; Kubernetes tools do not.
    return text.removesuffix("...\n") if text.endswith("\n...\n") else text


def dump_all(documents: list[Json], *, sort_keys: bool = False) -> str:
    """Write a stream of documents, separated by ``---`` lines."""
    return "---\n".join(dump(document, sort_keys=sort_keys) for document in documents)
