"""What happened to a cluster, change by change: what watches and pages of lists go back to."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from nixernetes.cluster.api import Event, EventType, Watcher
from nixernetes.objects.identity import GroupKind, group_kind
from nixernetes.objects.manifest import Manifest

__all__ = ["History", "HistoryStore", "Recorded"]

_MOST: Final = 10_000  # changes; an API server forgets what is older than five minutes
Rows = dict[tuple[str, str], Manifest]


class HistoryStore(Watcher, Protocol):
    """A cluster that counts its changes."""

    @property
    def revision(self) -> int:
        """Return the number of the last change."""
        ...

    def now(self) -> str:
        """Return the present."""
        ...

    def rows(self, kind: GroupKind) -> Mapping[tuple[str, str], Manifest]:
        """Return the objects of a kind by namespace and name."""
        ...


@dataclass(frozen=True, slots=True)
class Recorded:
    """One change.

    Attributes:
        revision: its number; higher than those of all before it.
        kind: the kind of the object.
        event: what happened.

    """

    revision: int
    kind: GroupKind
    event: Event


class History:
    """The last changes of a cluster, 10,000 at the most.

    Args:
        store: the cluster.
        past: returns what happened before this, in order, as far as it is known; asked when somebody goes back that
            far. None where it is forgotten.

    """

    def __init__(self, store: HistoryStore, past: Callable[[], Sequence[Recorded]] | None = None) -> None:
        self._store = store
        self._changes: deque[Recorded] = deque(maxlen=_MOST)
        self._began = self._forgotten = store.revision
        self._past = past
        store.watch(self._note)

    @property
    def revision(self) -> int:
        """Return the number of the last change."""
        return self._store.revision

    @property
    def oldest(self) -> int:
        """Return the oldest revision whose state can still be told."""
        self._recall()
        return self._forgotten

    def forgot(self, revision: int) -> bool:
        """Tell whether the state at a revision can be told no more."""
        if revision < self._began:
            self._recall()
        return revision < self._forgotten

    def last(self) -> Recorded:
        """Return the change that was noted last; there has to be one."""
        return self._changes[-1]

    def all_since(self, revision: int) -> list[Recorded]:
        """Return the changes of all kinds after a revision, in order."""
        return [*self._after(revision)][::-1]

    def cut(self) -> None:
        """Forget what is later than the last change of the cluster: it was taken back."""
        while self._changes and self._changes[-1].revision > self._store.revision:
            self._changes.pop()

    def since(self, revision: int, kind: GroupKind) -> list[Recorded]:
        """Return the changes of a kind after a revision, in order."""
        return [change for change in self._after(revision) if change.kind == kind][::-1]

    def rows_at(self, revision: int, kind: GroupKind) -> Rows:
        """Return the objects of a kind as they were at a revision, which is not older than the oldest."""
        rows = dict(self._store.rows(kind))
        for change in self._after(revision):
            if change.kind != kind:
                continue
            meta = change.event.object["metadata"]
            place = (str(meta.get("namespace", "")), str(meta["name"]))
            if change.event.type is EventType.ADDED:
                rows.pop(place, None)
            elif change.event.old is not None:
                rows[place] = change.event.old
        return rows

    def _after(self, revision: int) -> Iterator[Recorded]:
        """Yield the changes after a revision, the last one first."""
        if revision < self._began:
            self._recall()
        for change in reversed(self._changes):
            if change.revision <= revision:
                return
            yield change

    def _note(self, event: Event) -> None:
        if len(self._changes) == _MOST:
            self._forgotten = self._changes[0].revision
        self._changes.append(Recorded(self._store.revision, group_kind(event.object), event))

    def _recall(self) -> None:
        """Learn what happened before this."""
        if self._past is None:
            return
        found, self._past = [*self._past()], None
        known = [*(each for each in found if each.revision <= self._began), *self._changes][-_MOST:]
        if known:
            self._forgotten = known[0].revision - 1
        self._changes = deque(known, maxlen=_MOST)
