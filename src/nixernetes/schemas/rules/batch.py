"""Jobs and CronJobs (``pkg/apis/batch/validation``)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from nixernetes.languages.cron_words import schedule_problem
from nixernetes.objects.fields import mapping_at, text_at
from nixernetes.objects.manifest import Json
from nixernetes.objects.well_known import JOB_CONTROLLER_UID, JOB_NAME
from nixernetes.schemas.problems import FieldPath, Problem, invalid, required, too_long, unsupported
from nixernetes.schemas.rules.domain_paths import domain_path_problems
from nixernetes.schemas.rules.kinds.failure_policies import failure_policy_problems
from nixernetes.schemas.rules.numbers import at_least

__all__ = ["RULES", "UID"]

UID: Final = "(its uid)"  # what a Job will have is not known before
_MODES: Final = ("NonIndexed", "Indexed")
_POLICIES: Final = ("OnFailure", "Never")
_LONGEST_KEEPER: Final = 63
_EVERY: Final = ("@yearly", "@annually", "@monthly", "@weekly", "@daily", "@midnight", "@hourly")


def _job(value: Mapping[str, Json], path: FieldPath) -> Iterator[Problem]:
    policy = text_at(value, "template", "spec", "restartPolicy")
    if "template" not in value:
        yield required((*path, "template", "spec", "containers"))
    if policy in ("", "Always"):
        detail = 'valid values: "OnFailure", "Never"'
        yield required((*path, "template", "spec", "restartPolicy"), detail)
    elif policy not in _POLICIES:
        yield unsupported((*path, "template", "spec", "restartPolicy"), policy, _POLICIES)
    yield from at_least(value, path, 0, "parallelism", "completions", "backoffLimit", "ttlSecondsAfterFinished")
    yield from at_least(value, path, 0, "activeDeadlineSeconds")
    for part, allowed in (("completionMode", _MODES), ("podReplacementPolicy", _replacements(value))):
        told = value.get(part)
        if told is not None and told not in allowed:
            yield unsupported((*path, part), told, allowed)
    keeper = value.get("managedBy")
    if isinstance(keeper, str):
        yield from domain_path_problems(keeper, (*path, "managedBy"))
        if len(keeper) > _LONGEST_KEEPER:
            yield too_long((*path, "managedBy"), _LONGEST_KEEPER)
    if value.get("podFailurePolicy") is not None:
        yield from failure_policy_problems(value, path)
    if text_at(value, "completionMode") == "Indexed" and value.get("completions") is None:
        yield required((*path, "completions"), "when completion mode is Indexed")
    if value.get("backoffLimitPerIndex") is not None and text_at(value, "completionMode") != "Indexed":
        detail = "requires indexed completion mode"
        yield invalid((*path, "backoffLimitPerIndex"), value["backoffLimitPerIndex"], detail)


def _replacements(value: Mapping[str, Json]) -> tuple[str, ...]:
    return ("Failed",) if value.get("podFailurePolicy") is not None else ("Failed", "TerminatingOrFailed")


def _selector(value: Mapping[str, Json], path: FieldPath) -> Iterator[Problem]:
    """Yield selectors that do not choose a Job's own pods; without ``manualSelector`` the server makes it.

    The labels are those of ``generateSelector`` in ``pkg/registry/batch/job``, where the identity of the Job is a new
    one.
    """
    spec, name = mapping_at(value, "spec"), text_at(value, "metadata", "name")
    wanted = mapping_at(spec, "selector", "matchLabels")
    labels, here = mapping_at(spec, "template", "metadata", "labels"), (*path, "spec")
    is_own = spec.get("manualSelector") is True
    if is_own and spec.get("selector") is None:
        yield required((*here, "selector"))
        detail = "`selector` does not match template `labels`"
        yield invalid((*here, "template", "metadata", "labels"), labels or None, detail)
        return
    if not is_own:
        own = {JOB_CONTROLLER_UID: UID, JOB_NAME: name}
        labels = {**labels, **own, "controller-uid": UID, "job-name": name}
        if wanted.keys() <= {*own, "controller-uid", "job-name"}:
            return  # the server's own
        shown = {**mapping_at(spec, "selector"), "matchLabels": {**wanted, next(iter(own)): UID}}
        yield invalid((*here, "selector"), shown, "`selector` not auto-generated")
    if wanted and any(labels.get(key) != text for key, text in wanted.items()):
        detail = "`selector` does not match template `labels`"
        yield invalid((*here, "template", "metadata", "labels"), labels or None, detail)


def _cron_job(value: Mapping[str, Json], path: FieldPath) -> Iterator[Problem]:
    schedule = text_at(value, "schedule")
    if not schedule:
        yield required((*path, "schedule"))
    elif "TZ=" in schedule:
        detail = "cannot use TZ or CRON_TZ in schedule, use timeZone field instead"
        yield invalid((*path, "schedule"), schedule, detail)
    elif schedule not in _EVERY and not schedule.startswith("@every "):
        wrong = schedule_problem(schedule)
        if wrong:
            yield invalid((*path, "schedule"), schedule, wrong)
    yield from _zone(value, path)
    yield from at_least(
        value, path, 0, "startingDeadlineSeconds", "successfulJobsHistoryLimit", "failedJobsHistoryLimit"
    )


def _zone(value: Mapping[str, Json], path: FieldPath) -> Iterator[Problem]:
    zone = text_at(value, "timeZone")
    if value.get("timeZone") == "":
        yield invalid((*path, "timeZone"), "", "timeZone must be nil or non-empty string")
    if not zone:
        return
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        yield invalid((*path, "timeZone"), zone, f"unknown time zone {zone}")


RULES: Final = {"Job": (_selector,), "JobSpec": (_job,), "CronJobSpec": (_cron_job,)}
