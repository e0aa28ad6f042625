"""Keys that a mapping has more than once: the error, and where they stand, counted as Go's reader of YAML counts."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

import yaml

from nixernetes.errors import InputError
from nixernetes.objects.sizes import clipped

__all__ = ["RepeatedKeyError", "repeated_keys"]

_MOST = 100  # rows of one message


class RepeatedKeyError(InputError):
    """A key stands twice in one mapping."""

    def __init__(self, key: str, *, place: str = "") -> None:
        super().__init__(f"key {clipped(key)!r} is given twice", place=place)


def repeated_keys(text: bytes) -> list[str]:
    """Return what ``go.yaml.in/yaml/v3`` says of the first document with repeated keys, a row for each pair.

    Lines are counted from 1 within the document, as ``kio.ByteReader`` of kyaml cuts the stream: at each ``---``
    but one that begins it (``decode.go``, ``mapping``). For a text that was read already: no limit is checked.

    Args:
        text: the stream, UTF-8.

    """
    source = text.decode("utf-8-sig", errors="replace")
    begins = [0] + [at + 1 for at, line in enumerate(source.split("\n")) if at and line.startswith("---")]
    try:
        for root in yaml.compose_all(source, yaml.CSafeLoader):
            first = max(line for line in begins if line <= root.start_mark.line)
            if rows := list(islice(_rows(root, first), _MOST)):
                return rows
    except yaml.YAMLError:
        pass  # broken further down: what was read before it had none
    return []


def _rows(root: yaml.Node, first: int) -> Iterator[str]:
    pending, seen = [root], set[int]()
    while pending:
        node = pending.pop()
        if id(node) in seen:  # an alias
            continue
        seen.add(id(node))
        if isinstance(node, yaml.MappingNode):
            keys = [(at, key) for at, (key, _) in enumerate(node.value) if isinstance(key, yaml.ScalarNode)]
            places: dict[str, list[int]] = {}
            for at, key in keys:
                places.setdefault(key.value, []).append(at)
            for at, key in keys:
                for later in places[key.value]:
                    if later > at:
                        line, before = (each.start_mark.line - first + 1 for each in (node.value[later][0], key))
                        yield f'line {line}: mapping key "{clipped(key.value)}" already defined at line {before}'
            pending.extend(value for _, value in reversed(node.value))
        elif isinstance(node, yaml.SequenceNode):
            pending.extend(reversed(node.value))
