"""Which of the things that a source tells are one Event, and which are too many to be told.

After client-go v0.34.4, ``tools/record/events_cache.go`` (``EventCorrelator``): the same again is counted; ten of a
reason within ten minutes that differ only in their message become one, whose message is the latest; and a source may
tell 25 of one type about an object, and one more every five minutes.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from nixernetes.objects.bounded import Bounded
from nixernetes.objects.identity import ObjectKey

__all__ = ["Correlated", "EventCorrelator", "EventNote"]

_MOST: Final = 4096  # of each: client-go's caches have as many
_SIMILAR: Final = 10
_SIMILAR_WITHIN: Final = timedelta(minutes=10)
_COMBINED: Final = "(combined from similar events): "
_BURST: Final = 25
_REFILL_SECONDS: Final = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class EventNote:
    """What a source tells of an object.

    Attributes:
        component: who tells it.
        key: the object.
        api_version: its apiVersion.
        uid: its uid.
        resource_version: its resourceVersion, which tells no two Events apart.
        type: Normal or Warning.
        reason: one word in CamelCase.
        message: what happened.

    """

    component: str
    key: ObjectKey
    api_version: str
    uid: str
    resource_version: str
    type: str
    reason: str
    message: str

    @property
    def source(self) -> tuple[str, ...]:
        """Who tells of what: the key by which sources are held back."""
        return (self.component, *self.key, self.uid, self.api_version, self.type)


@dataclass(frozen=True, slots=True, kw_only=True)
class Correlated:
    """What becomes of a note.

    Attributes:
        note: the note, with the message that is told.
        name: the name of the Event.
        count: how often it was told, this time included.
        first: when it was told first.

    """

    note: EventNote
    name: str
    count: int
    first: datetime


@dataclass(slots=True)
class _Similar:
    messages: set[str]
    last: datetime


@dataclass(slots=True)
class _Bucket:
    tokens: float
    last: datetime


class EventCorrelator:
    """Counts, combines and holds back; it remembers the latest 4,096 of each.

    Args:
        named: how many names were given before, by earlier runs: within a second they tell Events apart.

    """

    def __init__(self, named: int = 0) -> None:
        self._similar: Bounded[tuple[str, ...], _Similar] = Bounded(_MOST)
        self._told: Bounded[tuple[str, ...], Correlated] = Bounded(_MOST)
        self._buckets: Bounded[tuple[str, ...], _Bucket] = Bounded(_MOST)
        self._names = named

    def note(self, note: EventNote, now: datetime) -> Correlated | None:
        """Return what a note becomes; None where its source has told too much of the object."""
        note, key = self._combined(note, now)
        known = self._told.get(key)
        if known is not None:
            made = replace(known, note=note, count=known.count + 1)
        else:
            self._names += 1
            nanoseconds = int(now.timestamp() * 1_000_000) * 1_000 + self._names % 1_000
            made = Correlated(note=note, name=f"{note.key.name}.{nanoseconds:x}", count=1, first=now)
        self._told.put(key, made)
        return made if self._is_let_through(note, now) else None

    def _combined(self, note: EventNote, now: datetime) -> tuple[EventNote, tuple[str, ...]]:
        """Return a note as it is told, and what it is remembered by."""
        group = (*note.source, note.reason)
        similar = self._similar.get(group)
        if similar is None or now - similar.last > _SIMILAR_WITHIN:
            similar = _Similar(set(), now)
        similar.messages.add(note.message)
        similar.last = now
        self._similar.put(group, similar)
        if len(similar.messages) < _SIMILAR:
            return note, (*group, note.message)
        similar.messages.discard(note.message)
        return replace(note, message=f"{_COMBINED}{note.message}"), group

    def _is_let_through(self, note: EventNote, now: datetime) -> bool:
        bucket = self._buckets.get(note.source)
        if bucket is None:
            bucket = _Bucket(_BURST, now)
        gained = (now - bucket.last).total_seconds() / _REFILL_SECONDS
        bucket.tokens, bucket.last = min(bucket.tokens + max(gained, 0), _BURST), max(now, bucket.last)
        is_let = bucket.tokens >= 1
        bucket.tokens -= is_let
        self._buckets.put(note.source, bucket)
        return is_let
