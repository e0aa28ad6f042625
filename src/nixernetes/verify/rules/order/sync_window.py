"""``sync-window``: the windows of an AppProject can be read, and those that allow do open.

A window that cannot be read forbids every sync (Argo CD v3.5).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Final
from zoneinfo import ZoneInfo

from nixernetes.gitops.argocd.projects.windows import is_active
from nixernetes.languages.cron import parse_schedule
from nixernetes.objects.fields import objects_at, text_at
from nixernetes.objects.kinds import APP_PROJECT
from nixernetes.verify.findings import Severity
from nixernetes.verify.platform_view import PlatformView
from nixernetes.verify.rule import Found, Rule

__all__ = ["RULE"]

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
                    message = f"this sync window cannot be read, so that no Application of the project syncs: {error}"
                    yield Found(cluster=cluster, subject=item, message=message, path=path)
                    continue
                if text_at(window, "kind") == "allow" and not _opens(text_at(window, "schedule")):
                    message = f"this sync window never opens: no day is as {text_at(window, 'schedule')!r} says"
                    yield Found(cluster=cluster, subject=item, message=message, path=path, severity=Severity.WARNING)


def _opens(schedule: str) -> bool:
    return parse_schedule(schedule).next_after(_ANY_TIME, ZoneInfo("UTC")) is not None


RULE: Final = Rule(
    name="sync-window",
    topic="sync-window",
    severity=Severity.ERROR,
    sentence="The sync windows of an AppProject can be read, and those that allow do open.",
    check=_check,
)
