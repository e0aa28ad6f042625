"""Parts of objects as the JSON of the structs that Go holds them in, and what differs between two.

After Kubernetes 1.34.4, ``pkg/apis/core/types.go``, and ``diff.Diff`` of apimachinery ``pkg/util/diff``.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from difflib import unified_diff
from functools import cache
from importlib.resources import files
from typing import Final, NamedTuple

from nixernetes.objects.manifest import Json

__all__ = ["difference"]

_CONTEXT: Final = 3  # lines
_ANY: Final = "?"
_OF_POD: Final = "^"


class _Field(NamedTuple):
    """A field of a struct.

    Attributes:
        go_name: its name in Go; ``-`` for a struct whose fields are those of the struct that has it.
        name: its name in the API, after ``^`` where the pod has it.
        kind: what it holds.

    """

    go_name: str
    name: str
    kind: str


def difference(struct: str, old: Mapping[str, Json], new: Mapping[str, Json]) -> str:
    """Return what differs between two values of a struct, as a unified diff without its head.

    Args:
        struct: the name in Go: ``PodSpec``.
        old: the value before, as the API has it.
        new: the value now.

    """
    before, after = (_lines(struct, each) for each in (old, new))
    return "".join([*unified_diff(before, after, n=_CONTEXT)][2:])


def _lines(struct: str, value: Mapping[str, Json]) -> list[str]:
    """Return the lines of a struct; as in Go, the last ends as the others do."""
    text = json.dumps(_shown(struct, value, value), indent=1, ensure_ascii=False)
    return [f"{line}\n" for line in text.split("\n")]


def _shown(struct: str, value: Mapping[str, Json], pod: Mapping[str, Json]) -> dict[str, Json]:
    found: dict[str, Json] = {}
    for go_name, name, kind in _structs()[struct]:
        if kind.startswith("+"):
            found |= _shown(kind[1:], value, pod)
        elif name.startswith(_OF_POD):
            found[go_name] = _value(kind, pod.get(name[1:]), pod)
        else:
            found[go_name] = _value(kind, value.get(name), pod)
    return found


def _value(kind: str, value: Json, pod: Mapping[str, Json]) -> Json:
    mark, inner = kind[:2], kind[2:]
    if mark == "[]":
        return [_inner(inner, item, pod) for item in value] if isinstance(value, list) and value else None
    if mark == "{}":
        return {name: _inner(inner, value[name], pod) for name in sorted(value)} if value else None
    if kind[0] == "*":
        return None if value is None else _inner(kind[1:], value, pod)
    if kind[0] == "=":
        return _inner(kind[1:], value or {}, pod)
    return json.loads(kind) if value is None else value


def _inner(struct: str, value: Json, pod: Mapping[str, Json]) -> Json:
    return value if struct == _ANY or not isinstance(value, dict) else _shown(struct, value, pod)


@cache
def _structs() -> Mapping[str, tuple[_Field, ...]]:
    """Return the structs: the table has a paragraph for each."""
    text = (files("nixernetes.cluster.go_forms") / "data" / "structs.txt").read_text(encoding="utf-8")
    found = {}
    for paragraph in text.split("\n\n")[1:]:
        name, *rows = paragraph.strip().split("\n")
        found[name] = tuple(_Field(*row.split(" ", 2)) for row in rows)
    return found
