"""How many hours of a month the pods of Jobs and CronJobs run, where somebody says how long one run takes.

A month has the twelfth part of a year's runs. ``@hourly`` and the like, and ``@every 5m``, are schedules too
(robfig/cron, as the CronJob controller reads them). Runs that may not overlap never take more than the month.
"""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache
from typing import Final

from nixernetes.cost.amounts import MONTH_HOURS
from nixernetes.cost.inventory import hours_of
from nixernetes.cost.workloads.scaling import whole_number
from nixernetes.errors import InputError
from nixernetes.languages.cron import parse_schedule
from nixernetes.objects.fields import at, text_at
from nixernetes.objects.manifest import Manifest

__all__ = ["job_pods", "monthly_hours", "runs_a_month"]

_NAMED: Final = {
    "@yearly": "0 0 1 1 *",
    "@annually": "0 0 1 1 *",
    "@monthly": "0 0 1 * *",
    "@weekly": "0 0 * * 0",
    "@daily": "0 0 * * *",
    "@midnight": "0 0 * * *",
    "@hourly": "0 * * * *",
}


@lru_cache(maxsize=1024)
def runs_a_month(schedule: str) -> Fraction:
    """Return how often a schedule fires in a month, on average.

    Raises:
        InputError: it is not one.

    """
    text = schedule.strip()
    if text.startswith("@every "):
        hours = hours_of(text.removeprefix("@every ").strip())
        if hours <= 0:
            raise InputError(f"schedule {schedule!r}: the time between two runs is nothing")
        return Fraction(MONTH_HOURS) / hours
    try:
        return parse_schedule(_NAMED.get(text, text)).runs_a_year() / 12
    except ValueError as error:
        raise InputError(f"schedule: {error}") from error


def job_pods(spec: Manifest) -> int:
    """Return how many pods of a Job run at a time: the parallelism, or the completions where these are fewer.

    Raises:
        InputError: one of them is not a whole number.

    """
    parallelism = whole_number(at(spec, "parallelism"), "parallelism", 1)
    return min(parallelism, whole_number(at(spec, "completions"), "completions", max(parallelism, 1)))


def monthly_hours(cron_job: Manifest, duration: Fraction) -> Fraction:
    """Return how many hours of a month a CronJob runs.

    Args:
        cron_job: its spec.
        duration: how long one run takes, in hours.

    Raises:
        InputError: its schedule is not one.

    """
    hours = runs_a_month(text_at(cron_job, "schedule")) * duration
    overlaps = text_at(cron_job, "concurrencyPolicy") not in ("Forbid", "Replace")
    return hours if overlaps else min(hours, Fraction(MONTH_HOURS))
