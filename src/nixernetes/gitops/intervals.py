"""Sync intervals in seconds."""

from __future__ import annotations

from nixernetes.errors import InputError
from nixernetes.gitops.declared import caller_place
from nixernetes.objects.durations import parse_duration

__all__ = ["sync_interval_seconds"]


def sync_interval_seconds(interval: str) -> int:
    """Return a sync interval in whole seconds.

    >>> sync_interval_seconds("10m")
    600
    >>> sync_interval_seconds("1h30m")
    5400

    Raises:
        InputError: it is not a duration, not positive, or not a whole number of seconds.

    """
    if not isinstance(interval, str):
        raise InputError(f"{interval!r} is not a duration: write it as text, such as 10m", place=caller_place())
    try:
        seconds = parse_duration(interval).total_seconds()
    except ValueError as error:
        raise InputError(str(error), place=caller_place()) from None
    if seconds <= 0 or seconds != int(seconds):
        raise InputError(
            f"{interval!r} is not a whole, positive number of seconds: write 30s, 10m or 1h", place=caller_place()
        )
    return int(seconds)
