"""Answers that are kept up to a bound: a memo that says when it forgets."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

__all__ = ["Bounded"]

_Key = TypeVar("_Key", bound=Hashable)
_Value = TypeVar("_Value")


def _one(value: object) -> int:
    del value
    return 1


class Bounded(Generic[_Key, _Value]):
    """Answers by what was asked; beyond the most, what was asked for least recently is forgotten.

    Args:
        most: how much is held.
        weigh: how much an answer counts; without it, each counts one.

    """

    def __init__(self, most: int, weigh: Callable[[_Value], int] = _one) -> None:
        self._most = most
        self._weigh = weigh
        self._weight = 0
        self._held: OrderedDict[_Key, _Value] = OrderedDict()

    def __len__(self) -> int:
        """Return how many answers are held."""
        return len(self._held)

    def get(self, key: _Key) -> _Value | None:
        """Return the answer to a question, or None when it is not held."""
        if key not in self._held:
            return None
        self._held.move_to_end(key)
        return self._held[key]

    def put(self, key: _Key, value: _Value) -> None:
        """Hold an answer; one alone is held however much it counts."""
        self.drop(key)
        self._held[key] = value
        self._weight += self._weigh(value)
        while self._weight > self._most and len(self._held) > 1:
            _, gone = self._held.popitem(last=False)
            self._weight -= self._weigh(gone)

    def drop(self, key: _Key) -> None:
        """Forget the answer to a question, if it is held."""
        if key in self._held:
            self._weight -= self._weigh(self._held.pop(key))

    def clear(self) -> None:
        """Forget everything."""
        self._held.clear()
        self._weight = 0

    def answer(self, key: _Key, make: Callable[[], _Value]) -> _Value:
        """Return the answer to a question, made when it is not held; what ``make`` raises is not held."""
        if key in self._held:
            self._held.move_to_end(key)
            return self._held[key]
        value = make()
        self.put(key, value)
        return value
