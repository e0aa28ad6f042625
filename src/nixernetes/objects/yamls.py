"""YAML text to JSON data and back, as Kubernetes tools read and write it.

The parser is libyaml through PyYAML; the construction is ours, because Kubernetes reads YAML through a JSON step:

- YAML 1.1 plain scalars (``yes``/``no``/``on``/``off`` are booleans, ``0777`` and ``0o777`` are octal), but a date or
  a sexagesimal number stays a string, since JSON has neither;
- keys become strings; a duplicate key is an error; ``<<`` merges; anchors work within limits;
- depth, alias expansion and size are limited, so that hostile input costs a bounded amount.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import yaml
from yaml.cyaml import CParser  # type: ignore[attr-defined]  # the stubs forget it

from nixernetes.errors import InputError
from nixernetes.objects.manifest import Json

__all__ = ["Document", "dump", "dump_all", "parse", "parse_all"]

MAX_BYTES = 32 * 1024 * 1024  # far above any manifest that etcd (1.5 MiB) would take; below what would hurt a laptop
MAX_DEPTH = 200  # the Kubernetes API refuses JSON nested deeper than 10,000; no honest manifest passes 100
MAX_NODES = 2_000_000  # after alias expansion: bounds the memory of a "billion laughs" document


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One YAML document: its data and the line (1-based) where it begins."""

    data: Json
    line: int


def parse_all(text: bytes | str, *, file: str = "") -> list[Document]:
    """Parse a YAML stream into its documents; empty documents have ``data=None``.

    Args:
        text: the stream, UTF-8.
        file: its name, for messages.

    Raises:
        InputError: broken YAML, a duplicate key, or a limit passed; the place names file and line.

    """
    if len(text) > MAX_BYTES:
        raise InputError(f"larger than {MAX_BYTES // 1024 // 1024} MiB: split it", subject=file, place=file)
    loader = None
    try:
        loader = _Loader(text.decode("utf-8-sig") if isinstance(text, bytes) else text)
        return list(_documents(loader, file))
    except UnicodeDecodeError as error:
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


def parse(text: bytes | str, *, file: str = "") -> Json:
    """Parse text that holds one document and return its data (None when it is empty).

    Raises:
        InputError: as :func:`parse_all`, or more than one document.

    """
    found = [document for document in parse_all(text, file=file) if document.data is not None]
    if len(found) > 1:
        raise InputError("one YAML document expected, several found", place=f"{file}:{found[1].line}")
    return found[0].data if found else None


def _documents(loader: _Loader, file: str) -> Iterator[Document]:
    while loader.check_node():
        node = loader.get_node()
        if node is None:
            return
        yield Document(data=_Builder(file).build(node, 0), line=node.start_mark.line + 1)


class _Builder:
    """Turns one document's nodes into data, counting what it makes."""

    def __init__(self, file: str) -> None:
        self._file = file
        self._count = 0
        self._open: set[int] = set()

    def build(self, node: yaml.Node, depth: int) -> Json:
        self._count += 1
        if self._count > MAX_NODES:
            raise self._error(node, f"more than {MAX_NODES:,} values after expanding aliases")
        if isinstance(node, yaml.ScalarNode):
            return _scalar(node)
        if depth > MAX_DEPTH:
            raise self._error(node, f"nested deeper than {MAX_DEPTH} levels")
        if id(node) in self._open:
            raise self._error(node, "an alias contains itself")
        self._open.add(id(node))
        try:
            if isinstance(node, yaml.SequenceNode):
                return [self.build(item, depth + 1) for item in node.value]
            return self._mapping(node, depth)
        finally:
            self._open.discard(id(node))

    def _mapping(self, node: yaml.Node, depth: int) -> dict[str, Json]:
        result: dict[str, Json] = {}
        merged: dict[str, Json] = {}
        for key_node, value_node in node.value:
            if key_node.value == "<<" and key_node.tag == _PLAIN:
                self._merge(merged, value_node, depth)
                continue
            key = self._key(key_node)
            if key in result:
                raise self._error(key_node, f"key {key!r} is given twice")
            result[key] = self.build(value_node, depth + 1)
        return {**{k: v for k, v in merged.items() if k not in result}, **result} if merged else result

    def _merge(self, merged: dict[str, Json], node: yaml.Node, depth: int) -> None:
        sources = node.value if isinstance(node, yaml.SequenceNode) else [node]
        for source in sources:
            if not isinstance(source, yaml.MappingNode):
                raise self._error(node, "<< takes a mapping or a list of mappings")
            for key, value in self.build(source, depth + 1).items():
                merged.setdefault(key, value)

    def _key(self, node: yaml.Node) -> str:
        if not isinstance(node, yaml.ScalarNode):
            raise self._error(node, "a key must be a scalar")
        value = _scalar(node)
        if isinstance(value, bool):
            return "true" if value else "false"
        return "null" if value is None else str(value)

    def _error(self, node: yaml.Node, what: str) -> InputError:
        line = node.start_mark.line + 1
        return InputError(what, place=f"{self._file}:{line}" if self._file else f"line {line}")


_BOOLEANS = {
    **dict.fromkeys(("true", "True", "TRUE", "yes", "Yes", "YES", "on", "On", "ON", "y", "Y"), True),
    **dict.fromkeys(("false", "False", "FALSE", "no", "No", "NO", "off", "Off", "OFF", "n", "N"), False),
}
# Go's YAML reader (sigs.k8s.io/yaml) keeps the single letters as strings, unlike the letter of YAML 1.1.
for _letter in "yYnN":
    del _BOOLEANS[_letter]
_NULLS = frozenset(("", "~", "null", "Null", "NULL"))
_INTEGER = re.compile(r"[-+]?(?:0b[01_]+|0o?[0-7_]+|0x[0-9a-fA-F_]+|[1-9][0-9_]*|0)\Z")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9][0-9_]*(?:\.[0-9_]*)?)(?:[eE][-+]?[0-9]+)?\Z")
_NUMERIC_START = frozenset("+-.0123456789")


class _Loader(CParser):
    """Composes nodes in C; tags only tell plain scalars from quoted ones, :func:`_scalar` does the rest."""

    def resolve(self, kind: type, value: str | None, implicit: object) -> str:
        del value
        if kind is yaml.ScalarNode and isinstance(implicit, tuple) and implicit[0]:
            return _PLAIN
        return _STRING

    def descend_resolver(self, current_node: object, current_index: object) -> None:
        """Path resolvers are not used."""

    def ascend_resolver(self) -> None:
        """Path resolvers are not used."""


_PLAIN = "?"
_STRING = "tag:yaml.org,2002:str"
_TAGS = {f"tag:yaml.org,2002:{name}" for name in ("int", "float", "bool", "null")}


def _scalar(node: yaml.ScalarNode) -> Json:
    return _plain(node.value) if node.tag == _PLAIN or node.tag in _TAGS else node.value


def _plain(text: str) -> Json:
    if text in _NULLS:
        return None
    if text in _BOOLEANS:
        return _BOOLEANS[text]
    if text[0] not in _NUMERIC_START:
        return text
    return _number(text)


def _number(text: str) -> Json:
    if _INTEGER.match(text):
        digits = text.replace("_", "")
        body = digits.lstrip("+-")
        sign = -1 if digits.startswith("-") else 1
        if len(body) > 1 and body[0] == "0" and body[1].isdigit():
            return sign * int(body, 8)
        return sign * int(body, 0)
    if _FLOAT.match(text):
        return float(text.replace("_", ""))
    return text


class _Dumper(yaml.CSafeDumper):
    """Writes block style, strings quoted only when they need to be, long text never folded."""

    def ignore_aliases(self, data: object) -> bool:
        del data
        return True


def _string(dumper: yaml.CSafeDumper, text: str) -> yaml.ScalarNode:
    if "\n" in text and not any(line.endswith((" ", "\t")) for line in text.split("\n")):
        return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|")
    style = '"' if text and not isinstance(_plain(text), str) else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _string)


def dump(data: Json) -> str:
    """Write one document, keys in the order given, two spaces of indent; equal data gives equal text."""
    return yaml.dump(data, Dumper=_Dumper, sort_keys=False, default_flow_style=False, allow_unicode=True, width=2**30)


def dump_all(documents: list[Json]) -> str:
    """Write a stream of documents, separated by ``---`` lines."""
    return "---\n".join(dump(document) for document in documents)
