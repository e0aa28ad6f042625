"""``sync-window``: the windows of an AppProject can be read, and those that allow do open.

A window that cannot be read forbids every sync (Argo CD v3.5).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from nixernetes.gitops.argocd.projects.windows import is_active, time_zone
from nixernetes.languages.cron import parse_schedule
from nixernetes.objects.durations import parse_duration
from nixernetes.objects.fields import flag_at, objects_at, text_at
from nixernetes.objects.kinds import APP_PROJECT
from nixernetes.objects.manifest import Manifest
from nixernetes.verify.findings import Severity
from nixernetes.verify.platform_view import PlatformView
from nixernetes.verify.rule import Found, Rule

__all__ = ["RULE"]

_A_YEAR: Final = timedelta(days=366)
_MOST_OPENINGS: Final = 1500  # a day of minutes, or a year of days
_ANY_TIME: Final = datetime(2026, 1, 1, tzinfo=UTC)


def _check(view: PlatformView) -> Iterator[Found]:
    for cluster in view.clusters:
        for item in cluster.of(APP_PROJECT):
            windows = objects_at(item.manifest, "spec", "syncWindows")
            for index, window in enumerate(windows):
                path = ("spec", "syncWindows", index, "schedule")
                try:
                    is_active(window, _ANY_TIME)
                except ValueError as error:
                    path = path[:-1] + (("duration",) if "duration" in str(error) else ("schedule",))
                    message = f"this sync window cannot be read, so no Application of the project syncs: {error}"
                    yield Found(cluster=cluster, subject=item, message=message, path=path)
                    continue
                zone = text_at(window, "timeZone")
                if zone and not _is_zone(zone):
                    message = f"there is no time zone {zone}, so Argo CD uses UTC: name one as Europe/Berlin"
                    where = (*path[:-1], "timeZone")
                    yield Found(cluster=cluster, subject=item, message=message, path=where, severity=Severity.WARNING)
                if text_at(window, "kind") == "deny" and not flag_at(window, "manualSync") and _never_ends(window):
                    message = "this sync window denies at all times: it opens again before it closes"
                    yield Found(cluster=cluster, subject=item, message=message, path=path, severity=Severity.WARNING)
                if text_at(window, "kind") == "allow" and not _opens(text_at(window, "schedule")):
                    message = f"this sync window never opens: no day is as {text_at(window, 'schedule')!r} says"
                    yield Found(cluster=cluster, subject=item, message=message, path=path, severity=Severity.WARNING)


def _is_zone(name: str) -> bool:
    try:
        time_zone(name)
    except ValueError:
        return False
    return True


def _never_ends(window: Manifest) -> bool:
    """Tell whether a window opens again, each time that it opens in a year, before it closes."""
    schedule, duration = parse_schedule(text_at(window, "schedule")), parse_duration(text_at(window, "duration"))
    zone, last = ZoneInfo("UTC"), _ANY_TIME + _A_YEAR
    opened = schedule.next_after(_ANY_TIME, zone)
    for _ in range(_MOST_OPENINGS):
        again = schedule.next_after(opened, zone) if opened is not None else None
        if opened is None or again is None or again - opened > duration:
            return False
        if again > last:
            break
        opened = again
    return True


def _opens(schedule: str) -> bool:
    return parse_schedule(schedule).next_after(_ANY_TIME, ZoneInfo("UTC")) is not None


RULE: Final = Rule(
    name="sync-window",
    topic="sync-window",
    severity=Severity.ERROR,
    sentence="The sync windows of an AppProject are valid, and those that allow syncs do open.",
    check=_check,
)
