"""Edits of the files below a folder, as their stamps show them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final

__all__ = ["Edits"]

_MOST: Final = 100_000  # files; a folder with more is somebody's home, and only the first count
_LEFT_OUT: Final = (".git", ".venv", "node_modules", "__pycache__")


class Edits:
    """Sees which files below some folders have changed.

    Args:
        places: the folders, or single files.

    """

    def __init__(self, *places: Path) -> None:
        self._places = places
        self._seen = self._state()

    def since(self) -> list[str]:
        """Return the files that were added, changed or removed since the last question, sorted."""
        state = self._state()
        changed = {path for path, stamp in state.items() if self._seen.get(path) != stamp} | (self._seen.keys() - state)
        self._seen = state
        return sorted(changed)

    def _state(self) -> dict[str, tuple[int, int, int]]:
        state = {}
        for path in self._files():
            try:
                found = os.stat(path)  # noqa: PTH116  # thousands of files, many times: a path object each would show
            except OSError:
                continue
            state[path] = (found.st_mtime_ns, found.st_size, found.st_ino)
        return state

    def _files(self) -> Iterator[str]:
        count = 0
        for place in self._places:
            if place.is_file():
                yield str(place)
            for folder, folders, names in os.walk(place):
                folders[:] = sorted(name for name in folders if name not in _LEFT_OUT)
                for name in sorted(names):
                    count += 1
                    if count > _MOST:
                        return
                    yield f"{folder}/{name}"
