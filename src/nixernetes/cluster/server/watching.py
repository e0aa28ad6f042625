"""Watches: what happens to a collection, as it happens."""

from __future__ import annotations

import contextlib
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from nixernetes.cluster.api import EventType
from nixernetes.cluster.history import Recorded
from nixernetes.objects.manifest import Manifest

__all__ = ["Told", "Watch", "Watches", "of_interest"]

# What a client has not taken yet, beside what it is told first; one that is slower than that is sent away.
_MOST_WAITING: Final = 20_000  # events
_MOST_BYTES: Final = 16 * 1024 * 1024

Matches = Callable[[Manifest], bool]
Writes = Callable[["Told"], bytes]


@dataclass(frozen=True, slots=True)
class Told:
    """One event as a client sees it.

    Attributes:
        type: ``ADDED``, ``MODIFIED``, ``DELETED``, ``BOOKMARK`` or ``ERROR``.
        object: the object after it; of a deletion its last state, with the revision of the deletion.

    """

    type: str
    object: Manifest


def of_interest(change: Recorded, matches: Matches) -> Told | None:
    """Return what a client is told of a change that only wants some objects.

    An object that begins to match is added for it, one that ceases to match is deleted: as it was, with the new
    revision.
    """
    event = change.event
    if event.type is EventType.DELETED:
        return Told("DELETED", _at(event.object, change.revision)) if matches(event.object) else None
    was = event.old is not None and matches(event.old)
    if matches(event.object):
        return Told("MODIFIED" if was else "ADDED", event.object)
    return Told("DELETED", _at(event.old, change.revision)) if was and event.old is not None else None


def _at(manifest: Manifest, revision: int) -> Manifest:
    return {**manifest, "metadata": {**manifest["metadata"], "resourceVersion": str(revision)}}


class Watch:
    """One open watch.

    Args:
        matches: tells which objects the client wants.
        writes: writes one event.
        told: what it is told first.
        forget: called when it is closed.

    """

    def __init__(self, matches: Matches, writes: Writes, told: Iterable[Told], forget: Callable[[Watch], None]) -> None:
        self._matches = matches
        self._writes = writes
        # One thread appends while another takes: a deque is whole between two of its operations, and each thread
        # counts for itself.
        self._waiting = deque(writes(each) for each in told)
        self._room = len(self._waiting) + _MOST_WAITING
        self._taken_bytes = 0
        self._told_bytes = sum(map(len, self._waiting))
        self._room_bytes = self._told_bytes + _MOST_BYTES
        self._forget = forget
        self._wake: Callable[[], object] | None = None
        self._is_over = False

    @property
    def is_over(self) -> bool:
        """Tell whether nothing comes after what can be taken now."""
        return self._is_over

    def take(self) -> list[bytes]:
        """Return the events that there are, and forget them."""
        taken = []
        with contextlib.suppress(IndexError):
            while True:
                taken.append(self._waiting.popleft())
        self._taken_bytes += sum(map(len, taken))
        return taken

    def on_more(self, wake: Callable[[], object]) -> None:
        """Call back when there is something to take, or when it is over."""
        self._wake = wake

    def note(self, change: Recorded) -> None:
        """Take note of a change."""
        told = of_interest(change, self._matches)
        if told is not None:
            self.tell(told)

    def tell(self, told: Told) -> None:
        """Add an event."""
        if len(self._waiting) >= self._room or self._told_bytes - self._taken_bytes >= self._room_bytes:
            self.close()
            return
        written = self._writes(told)
        self._told_bytes += len(written)
        self._waiting.append(written)
        if self._wake is not None:
            self._wake()

    def end(self) -> None:
        """Let the client take what there is, and nothing after it."""
        self._is_over = True
        self._forget(self)
        if self._wake is not None:
            self._wake()

    def close(self) -> None:
        """Forget the watch."""
        self._waiting.clear()
        self.end()


class Watches:
    """All open watches of a server, by kind."""

    def __init__(self) -> None:
        self._open: dict[object, list[Watch]] = {}

    def __len__(self) -> int:
        """Return how many there are."""
        return sum(len(each) for each in self._open.values())

    def open(self, kind: object, matches: Matches, writes: Writes, told: Iterable[Told]) -> Watch:
        """Open a watch of a kind."""

        def forget(watch: Watch) -> None:
            rest = [each for each in self._open.get(kind, ()) if each is not watch]
            if rest:
                self._open[kind] = rest
            else:
                self._open.pop(kind, None)

        watch = Watch(matches, writes, told, forget)
        self._open.setdefault(kind, []).append(watch)
        return watch

    def note(self, change: Recorded) -> None:
        """Tell all whom it concerns of a change."""
        for watch in tuple(self._open.get(change.kind, ())):
            watch.note(change)

    def bookmark(self, kind: object, told: Told) -> None:
        """Tell all watches of a kind of a revision."""
        for watch in tuple(self._open.get(kind, ())):
            watch.tell(told)

    def end(self, kind: object) -> None:
        """End the watches of a kind that is not served any more."""
        for watch in tuple(self._open.get(kind, ())):
            watch.end()

    def end_all(self) -> None:
        """End all watches: the server stops."""
        for kind in [*self._open]:
            self.end(kind)
