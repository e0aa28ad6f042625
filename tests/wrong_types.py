"""Documents in which one value is of a type that nobody expects there."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

__all__ = ["changes", "read"]

_Path = tuple[Any, ...]
_WRONG: list[Any] = [
    *([1], {"a": 1}, {}, [], 3, 1.5, True, None, "x", "", [["y"]], [None], {"x": None}, [{"name": 3}], "\0", -1, 1e300),
]


def read(folder: Path) -> dict[str, str]:
    """Return the files of a folder by their paths in it."""
    found = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_text() for path in found}


def changes(documents: list[Any]) -> st.SearchStrategy[list[Any]]:
    """Return a strategy of these documents with one value replaced, anywhere in one of them."""
    places = [(number, path) for number, document in enumerate(documents) for path in _places(document)]
    return st.builds(
        lambda place, value: [
            _put(document, place[1], value) if number == place[0] else document
            for number, document in enumerate(documents)
        ],
        st.sampled_from(places),
        st.sampled_from(_WRONG),
    )


def _places(node: Any, path: _Path = ()) -> Iterator[_Path]:
    yield path
    items = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, value in items:
        yield from _places(value, (*path, key))


def _put(node: Any, path: _Path, value: Any) -> Any:
    if not path:
        return value
    changed = dict(node) if isinstance(node, dict) else list(node)
    changed[path[0]] = _put(node[path[0]], path[1:], value)
    return changed
