"""Jobs and CronJobs (``pkg/apis/batch/validation``)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from nixernetes.languages.cron import parse_schedule
from nixernetes.objects.fields import text_at
from nixernetes.objects.manifest import Json
from nixernetes.schemas.problems import FieldPath, Problem, invalid, required
from nixernetes.schemas.rules.numbers import at_least

__all__ = ["RULES"]

_FIELDS: Final = 5
_EVERY: Final = ("@yearly", "@annually", "@monthly", "@weekly", "@daily", "@midnight", "@hourly")


def _job(value: Mapping[str, Json], path: FieldPath) -> Iterator[Problem]:
    policy = text_at(value, "template", "spec", "restartPolicy")
    if "template" in value and policy in ("", "Always"):
        detail = 'valid values: "OnFailure", "Never"'
        yield required((*path, "template", "spec", "restartPolicy"), detail)
    yield from at_least(value, path, 0, "parallelism", "completions", "backoffLimit", "ttlSecondsAfterFinished")
    yield from at_least(value, path, 0, "activeDeadlineSeconds")
    if value.get("backoffLimitPerIndex") is not None and text_at(value, "completionMode") != "Indexed":
        detail = "requires indexed completion mode"
        yield invalid((*path, "backoffLimitPerIndex"), value["backoffLimitPerIndex"], detail)


def _cron_job(value: Mapping[str, Json], path: FieldPath) -> Iterator[Problem]:
    schedule = text_at(value, "schedule")
    if not schedule:
        if "schedule" in value:
            yield required((*path, "schedule"))
    elif "TZ=" in schedule:
        detail = "cannot use TZ or CRON_TZ in schedule, use timeZone field instead"
        yield invalid((*path, "schedule"), schedule, detail)
    elif not schedule.startswith("@") and len(schedule.split()) != _FIELDS:
        fields = schedule.split()
        yield invalid(
            (*path, "schedule"), schedule, f"expected exactly 5 fields, found {len(fields)}: [{' '.join(fields)}]"
        )
    elif schedule not in _EVERY and not schedule.startswith("@every "):
        try:
            parse_schedule(schedule)
        except ValueError as error:
            yield invalid((*path, "schedule"), schedule, str(error))
    yield from _zone(value, path)
    yield from at_least(
        value, path, 0, "startingDeadlineSeconds", "successfulJobsHistoryLimit", "failedJobsHistoryLimit"
    )


def _zone(value: Mapping[str, Json], path: FieldPath) -> Iterator[Problem]:
    zone = text_at(value, "timeZone")
    if not zone:
        return
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        yield invalid((*path, "timeZone"), zone, f"unknown time zone {zone}")


RULES: Final = {"JobSpec": (_job,), "CronJobSpec": (_cron_job,)}
