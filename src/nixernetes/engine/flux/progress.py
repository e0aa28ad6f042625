"""Whether anything can still move by itself: the bookkeeping behind ``Flux.settled``.

An object is at rest when its last run succeeded, when it is stalled or suspended, or when it failed, and failed in the
same way again in a run that began after the last change of anything in the cluster. The last rule makes sure that
nobody is called hopeless who has not had a look at what the others did; but nobody waits for a look that is hours away.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta

from nixernetes.engine.results import Done, Result, RetryAfter, Stalled, Waiting
from nixernetes.objects.identity import ObjectKey

__all__ = ["Progress"]

_FAR = timedelta(hours=1)  # who fails and looks again so late is as it is for whoever watches
_DURATION = re.compile(r"\b\d+(\.\d+)?(h|m|s|ms|µs)(\d+(\.\d+)?(m|s))*\b")


@dataclass(slots=True)
class _State:
    rests: bool = False
    began: int = -1
    error: str | None = None
    is_far: bool = False  # failed, and the next run is hours away


class Progress:
    """Counts changes and remembers how each object's last run ended."""

    def __init__(self) -> None:
        self._changes = 0
        self._states: dict[ObjectKey, _State] = {}

    def changed(self) -> None:
        """Note that something in the cluster changed."""
        self._changes += 1

    def expect(self, key: ObjectKey) -> None:
        """Note that an object will be reconciled."""
        self._states.setdefault(key, _State()).rests = False

    def forget(self, key: ObjectKey) -> None:
        """Note that an object is gone."""
        self._states.pop(key, None)

    def begins(self, key: ObjectKey) -> None:
        """Note that a run begins or goes on."""
        state = self._states.setdefault(key, _State())
        if state.rests or state.began < 0:
            state.began = self._changes
        state.rests = state.is_far = False

    def ended(self, key: ObjectKey, result: Result, *, again: bool) -> None:
        """Note how a run ended."""
        state = self._states.get(key)
        if state is None:
            return
        state.is_far = isinstance(result, RetryAfter) and result.delay > _FAR and not again
        match result:
            case Done() | Stalled():
                state.error, state.rests = None, not again
            case RetryAfter(why=why) | Waiting(on=why):
                error = _DURATION.sub("", why)
                state.rests = not again and state.error == error and state.began == self._changes
                state.error = error
        if not state.rests:
            state.began = -1

    def settled(self) -> bool:
        """Tell whether every object is at rest, and those that failed have seen the latest change."""
        return all(
            state.is_far or (state.rests and (state.error is None or state.began == self._changes))
            for state in self._states.values()
        )
