"""How large data may grow: what is repeated, copied or nested counts each time, so that few words cannot make much.

Honest data is far below each limit. Etcd takes objects of 1.5 MiB; the largest bundles of definitions hold some
100,000 values in 5 MiB.
"""

from __future__ import annotations

from nixernetes.errors import InputError
from nixernetes.objects.manifest import Json

__all__ = [
    "MAX_BYTES",
    "MAX_CHART_BYTES",
    "MAX_DEPTH",
    "MAX_FILES",
    "MAX_FOLDERS",
    "MAX_VALUES",
    "Allowance",
    "CopyBudget",
    "clipped",
    "refuse_deep",
    "refuse_large",
]

MAX_BYTES = 32 * 1024 * 1024  # of one text: far above any manifest; below what would hurt a laptop
MAX_CHART_BYTES = 100 * 1024 * 1024  # of all files of a chart and its dependencies; helm has the same limit
MAX_DEPTH = 200  # the Kubernetes API refuses JSON nested deeper than 10,000; no honest manifest passes 100
MAX_FILES = 200_000  # below one folder; the largest repositories hold half of it
MAX_FOLDERS = 200  # folders in folders; no honest repository passes 30
MAX_VALUES = 1_000_000  # of one text, aliases expanded: about a second of reading
_SHOWN = 100  # characters of somebody's text in a message: enough to find it


def clipped(text: str) -> str:
    """Return a text as messages quote it: the beginning of one that is long."""
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}… ({len(text):,} characters)"


def refuse_deep(path: str) -> None:
    """Refuse a path through too many folders, so that walks through folders may nest.

    Raises:
        InputError: it is deeper than any path may be.

    """
    if path.count("/") >= MAX_FOLDERS:
        raise InputError(f"nested deeper than {MAX_FOLDERS} folders", subject=clipped(path))


def refuse_large(size_bytes: int, path: str) -> None:
    """Refuse a file before it is read.

    Raises:
        InputError: it is larger than any text may be.

    """
    if size_bytes > MAX_BYTES:
        limit = MAX_BYTES // 1024 // 1024
        raise InputError(f"larger than {limit} MiB: split it, or keep it out of what is rendered", subject=path)


class Allowance:
    """How much of something may still be taken.

    Args:
        limit: how much at most.
        message: says that it was too much.

    """

    def __init__(self, limit: int, message: str) -> None:
        self._left = limit
        self._message = message

    def take(self, amount: int) -> None:
        """Count what is taken.

        Raises:
            InputError: all that was counted is too much.

        """
        self._left -= amount
        if self._left < 0:
            raise InputError(self._message)


class CopyBudget:
    """Counts what is repeated, and ends it before it hurts."""

    def __init__(self, *, values: int = MAX_VALUES, characters: int = MAX_BYTES) -> None:
        self._values = values
        self._characters = characters

    def spend(self, value: Json, depth: int = 0) -> None:
        """Count a value that is put below ``depth`` others.

        Raises:
            InputError: it is too deep, or all that was counted is too much.

        """
        if depth > MAX_DEPTH:
            raise InputError(f"nested deeper than {MAX_DEPTH} levels")
        self._values -= 1
        if isinstance(value, str):
            self._characters -= len(value)
        elif isinstance(value, dict):
            for key, item in value.items():
                self._characters -= len(key)
                self.spend(item, depth + 1)
        elif isinstance(value, list):
            for item in value:
                self.spend(item, depth + 1)
        if self._values < 0:
            raise InputError(f"more than {MAX_VALUES:,} values when all copies are counted")
        if self._characters < 0:
            raise InputError(f"more than {MAX_BYTES // 1024 // 1024} MiB of text when all copies are counted")
