"""Follows kinds of a server: a list to begin with, then what changes (client-go ``tools/cache/reflector.go``, v0.34.4).

A watch that the server ends goes on from the last version that was told. Where that is too old (410), the kind is
listed again, and what differs from what was known is told as changes: nothing is lost but what came and went between.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from typing import Final

from nixernetes.adapters.kube.connections import ApiConnection
from nixernetes.adapters.kube.served_kinds import ServedKind
from nixernetes.adapters.kube.statuses import refusal_of
from nixernetes.cluster.api import ApiError, Event, EventType
from nixernetes.errors import RemoteError
from nixernetes.objects.fields import mapping_at, number_at, objects_at, text_at
from nixernetes.objects.identity import ObjectKey, key_of
from nixernetes.objects.manifest import Json, Manifest

__all__ = ["KindWatches"]

_WATCH_SECONDS: Final = "300"  # after which a server ends a watch, so that a dead connection is noticed
_FIRST_PAUSE: Final = 0.8  # seconds before a server that failed is asked again; as the reflector's back-off
_LONGEST_PAUSE: Final = 30.0
_JOIN_SECONDS: Final = 2.0
_TYPES: Final = frozenset(EventType)


class KindWatches:
    """Threads that follow kinds, one each; all end with :meth:`end`.

    Args:
        connection: the server.

    """

    def __init__(self, connection: ApiConnection) -> None:
        self._connection = connection
        self._ended = threading.Event()
        self._one_at_a_time = threading.Lock()
        self._threads: list[threading.Thread] = []

    def follow(self, kinds: Iterable[ServedKind], callback: Callable[[Event], None]) -> None:
        """Call back after each change; what is there now is known, and not told.

        Raises:
            ApiError: a kind may not be listed.
            RemoteError: the server did not answer.

        """
        found = [_Followed(self._connection, each, self._told(callback)) for each in kinds]
        for each in found:
            each.begin()
        for each in found:
            thread = threading.Thread(target=each.run, args=(self._ended,), daemon=True, name=f"watch-{each.name}")
            self._threads.append(thread)
            thread.start()

    def end(self) -> None:
        """Tell nothing any more."""
        self._ended.set()

    def join(self) -> None:
        """Wait for the threads, once their streams were ended; not for one that does not notice."""
        for each in self._threads:
            if each is not threading.current_thread():
                each.join(_JOIN_SECONDS)

    def _told(self, callback: Callable[[Event], None]) -> Callable[[Event], None]:
        def tell(event: Event) -> None:
            with self._one_at_a_time:
                if not self._ended.is_set():
                    callback(event)

        return tell


class _Followed:
    """One kind: what is known of it, up to which version."""

    def __init__(self, connection: ApiConnection, kind: ServedKind, tell: Callable[[Event], None]) -> None:
        self.name = str(kind.kind)
        self._connection = connection
        self._kind = kind
        self._tell = tell
        self._known: dict[ObjectKey, Manifest] = {}
        self._version = ""

    def begin(self) -> None:
        """Read what is there."""
        answer = self._connection.ask("GET", self._kind.path())
        items = [
            {"apiVersion": self._kind.api_version, "kind": self._kind.kind.kind, **each}
            for each in objects_at(answer, "items")
        ]
        self._known = {key_of(each): each for each in items}
        self._version = text_at(answer, "metadata", "resourceVersion")

    def run(self, ended: threading.Event) -> None:
        """Follow the kind until all ends; a server that fails is asked again, ever more seldom."""
        pause = _FIRST_PAUSE
        while not ended.is_set():
            try:
                self._stream(ended)
                pause = _FIRST_PAUSE
            except ApiError as error:
                if error.code in (403, 404, 405):  # the kind is gone, or nobody may look any more
                    return
                self._version = "" if error.code == 410 or error.reason == "Expired" else self._version
            except RemoteError:
                pass
            else:
                continue
            if ended.wait(pause):
                return
            pause = min(pause * 2, _LONGEST_PAUSE)

    def _stream(self, ended: threading.Event) -> None:
        if not self._version:
            self._again()
        query = {
            "watch": "true",
            "allowWatchBookmarks": "true",
            "resourceVersion": self._version,
            "timeoutSeconds": _WATCH_SECONDS,
        }
        for line in self._connection.lines(self._kind.path(), query):
            if ended.is_set():
                return
            self._take(text_at(line, "type"), mapping_at(line, "object"))

    def _take(self, kind: str, item: Json) -> None:
        if kind == "ERROR":
            raise refusal_of(item, number_at(item, "code"))
        self._version = text_at(item, "metadata", "resourceVersion") or self._version
        if kind not in _TYPES:
            return  # a bookmark
        key = key_of(item)
        old = self._known.pop(key, None)
        if kind != EventType.DELETED:
            self._known[key] = item
        self._tell(Event(EventType(kind), item, old))

    def _again(self) -> None:
        before = self._known
        self.begin()
        for key in sorted({*before, *self._known}):
            old, new = before.get(key), self._known.get(key)
            if new is None:
                gone = before[key]
                self._tell(Event(EventType.DELETED, gone, gone))
            elif old is None:
                self._tell(Event(EventType.ADDED, new))
            elif text_at(old, "metadata", "resourceVersion") != text_at(new, "metadata", "resourceVersion"):
                self._tell(Event(EventType.MODIFIED, new, old))
