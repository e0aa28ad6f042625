"""Sync windows: when an AppProject lets an Application sync (section 3.7, appendix G), for a given moment."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from nixernetes.languages.cron import Schedule, parse_schedule
from nixernetes.languages.globs.gobwas import match
from nixernetes.objects.durations import parse_duration
from nixernetes.objects.fields import flag_at, items_at, objects_at, text_at
from nixernetes.objects.manifest import Json, Manifest
from nixernetes.objects.shapes import Shape

__all__ = ["WINDOWS", "can_sync", "is_active", "matching_windows", "time_zone"]

# The form of ``spec.syncWindows``, as Argo CD's definition of an AppProject has it.
WINDOWS: Final[Shape] = [
    {
        **dict.fromkeys(("kind", "schedule", "duration", "timeZone"), str),
        **{name: [str] for name in ("applications", "namespaces", "clusters")},
        **dict.fromkeys(("manualSync", "andOperator", "syncOverrun"), bool),
    }
]


def matching_windows(spec: Manifest, application: str, namespace: str, clusters: Sequence[str]) -> list[Manifest]:
    """Return the windows of a project that apply to an Application.

    Args:
        spec: the AppProject's ``spec``.
        application: the Application's name.
        namespace: its destination namespace.
        clusters: its destination as it is written: a server or a name, never what either stands for.

    """
    told = {"applications": [application], "namespaces": [namespace], "clusters": clusters}
    return [window for window in objects_at(spec, "syncWindows") if _applies(window, told)]


def can_sync(windows: Sequence[Manifest], now: datetime, *, manual: bool, started: datetime | None = None) -> bool:
    """Tell whether a sync may go on at a moment.

    Args:
        windows: the windows that apply (:func:`matching_windows`).
        now: the moment.
        manual: whether a person asked for it.
        started: when the operation began, if it runs already: with ``syncOverrun`` it may finish.

    Raises:
        ValueError: a window has a schedule or duration that does not exist.

    """
    if _is_allowed(windows, now, manual=manual):
        return True
    if started is None or not _is_allowed(windows, started, manual=manual):
        return False
    return all(flag_at(window, "syncOverrun") for window in _blocking(windows, now))


def is_active(window: Manifest, now: datetime) -> bool:
    """Tell whether a window is open at a moment: it opened less than its duration ago.

    A time zone that does not exist is UTC, as for Argo CD. A schedule that never fires (31 April) is always open: its
    next moment is Go's first one, which is past (``active`` of ``types.go`` in Argo CD 3.5).

    Raises:
        ValueError: the schedule or duration does not exist.

    """
    opened = now - parse_duration(text_at(window, "duration"))
    try:
        zone = time_zone(text_at(window, "timeZone"))
    except ValueError:
        zone = time_zone(None)
    fire = _schedule(text_at(window, "schedule")).next_after(opened, zone)
    return fire is None or fire < now


def time_zone(name: str | None) -> ZoneInfo:
    """Return a time zone by its IANA name; UTC when none is given.

    Raises:
        ValueError: there is no such time zone.

    """
    try:
        return ZoneInfo(name or "UTC")
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(f"there is no time zone {name!r}: write an IANA name such as Europe/Berlin") from None


def _is_allowed(windows: Sequence[Manifest], now: datetime, *, manual: bool) -> bool:
    """Decide by the truth table of appendix G."""
    active = [window for window in windows if is_active(window, now)]
    denies = _of(active, "deny")
    if denies:
        return manual and all(flag_at(window, "manualSync") for window in denies)
    if _of(active, "allow"):
        return True
    closed = _of(windows, "allow")
    return not closed or (manual and all(flag_at(window, "manualSync") for window in closed))


def _blocking(windows: Sequence[Manifest], now: datetime) -> list[Manifest]:
    denies = [window for window in _of(windows, "deny") if is_active(window, now)]
    return denies or _of(windows, "allow")


def _of(windows: Iterable[Manifest], kind: str) -> list[Manifest]:
    return [window for window in windows if text_at(window, "kind") == kind]


def _applies(window: Manifest, told: Mapping[str, Sequence[str]]) -> bool:
    answers = [_any(patterns, values) for field, values in told.items() if (patterns := items_at(window, field))]
    return bool(answers) and (all(answers) if flag_at(window, "andOperator") else any(answers))


def _any(patterns: Iterable[Json], values: Sequence[str]) -> bool:
    return any(match(str(pattern), value, negation=False) for pattern in patterns for value in values)


@lru_cache(maxsize=256)
def _schedule(text: str) -> Schedule:
    return parse_schedule(text)
