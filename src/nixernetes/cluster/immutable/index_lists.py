"""Lists of the indexes of a Job, as ``1,3-5`` (``validateIndexesFormat`` of ``pkg/apis/batch/validation``, 1.34.4)."""

from __future__ import annotations

from typing import Final, NamedTuple

__all__ = ["index_problem", "overlap_problem"]

_LONGEST: Final = 10  # digits
_MOST_PARTS: Final = 2


class _Interval(NamedTuple):
    """Indexes from the first to the last.

    Attributes:
        first: the first.
        last: the last.

    """

    first: int
    last: int


def index_problem(text: str, completions: int) -> str:
    """Return what is wrong with a list of indexes, or ``""``.

    Args:
        text: the list.
        completions: how many indexes the Job has.

    """
    previous: _Interval | None = None
    for part in text.split(",") if text else ():
        found = _interval(part, completions)
        if isinstance(found, str):
            return found
        if previous is not None and previous.last >= found.first:
            return f"non-increasing order, previous: {previous.last}, current: {found.first}"
        previous = found
    return ""


def overlap_problem(completed: str, failed: str, completions: int) -> str:
    """Return which index two lists share, or ``""``; what cannot be read is told elsewhere."""
    done, lost = (_intervals(text, completions) for text in (completed, failed))
    while done and lost:
        if done[-1].first <= lost[-1].last and lost[-1].first <= done[-1].last:
            shared = max(done[-1].first, lost[-1].first)
            return f"failedIndexes and completedIndexes overlap at index: {shared}"
        (done if done[-1].first <= lost[-1].first else lost).pop()
    return ""


def _intervals(text: str, completions: int) -> list[_Interval]:
    """Return the intervals of a list that can be read, the last one first."""
    found = [_interval(part, completions) for part in text.split(",")] if text else []
    return [each for each in reversed(found) if isinstance(each, _Interval)]


def _interval(text: str, completions: int) -> _Interval | str:
    parts = text.split("-")
    if len(parts) > _MOST_PARTS:
        told = "violates the requirement that an index interval can have at most two parts separated by '-'"
        return f'the fragment "{text}" {told}'
    numbers = []
    for part in parts:
        if not (part.isascii() and part.isdecimal() and len(part) <= _LONGEST):
            return f'cannot convert string to integer for index: "{part}"'
        if int(part) >= completions:
            return f'too large index: "{part}"'
        numbers.append(int(part))
    if len(numbers) == _MOST_PARTS and numbers[0] >= numbers[1]:
        return f"non-increasing order, previous: {numbers[0]}, current: {numbers[1]}"
    return _Interval(numbers[0], numbers[-1])
