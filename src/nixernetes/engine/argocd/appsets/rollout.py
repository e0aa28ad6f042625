"""Progressive syncs: which Applications of an ApplicationSet are synced now, step by step (``strategy: RollingSync``).

An Application belongs to the first step whose expressions its labels match, and goes from Waiting over Pending and
Progressing to Healthy. A step begins when all Applications of the steps before are Healthy; of a step, ``maxUpdate``
are on the way at once; Applications of no step are not synced.

The rules are ``applicationset/progressivesync/progressive_sync.go`` of Argo CD 3.5.1. Moments have whole seconds here,
and a sync may begin in the second in which it was asked for: where the original asks for a later moment, the same one
is enough, unless the operation that was asked for has not begun.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from nixernetes.engine.argocd import moments
from nixernetes.engine.argocd.statuses import ApplicationStatus, OperationState
from nixernetes.objects import manifest as manifests
from nixernetes.objects.fields import at, flag_at, items_at, mapping_at, objects_at, text_at
from nixernetes.objects.manifest import Json, Manifest

__all__ = ["StepwiseSync", "backwards", "is_reversed", "is_rolling", "rolled", "triggered", "without_automation"]

_WAITING, _PENDING, _PROGRESSING, _HEALTHY = "Waiting", "Pending", "Progressing", "Healthy"
_NO_STEP = -1
_RETRIES = 5  # as many as an automated sync of the application controller
_BROKEN = ("InvalidSpecError", "UnknownError")
_REASON = "ApplicationSet RollingSync triggered a sync of this Application resource"


@dataclass(frozen=True, slots=True, kw_only=True)
class StepwiseSync:
    """How far the Applications of an ApplicationSet are.

    Attributes:
        statuses: the rows of ``status.applicationStatus``, by name.
        selected: the Applications of the steps that have begun.
        step: the step that goes on, from 1; 0 when all are done.

    """

    statuses: tuple[Json, ...]
    selected: frozenset[str]
    step: int


def is_rolling(found: Manifest) -> bool:
    """Tell whether an ApplicationSet is synced step by step."""
    strategy = mapping_at(found, "spec", "strategy")
    return strategy.get("type") == "RollingSync" and isinstance(strategy.get("rollingSync"), dict)


def is_reversed(found: Manifest) -> bool:
    """Tell whether the Applications of an ApplicationSet are deleted from the last step to the first."""
    order = text_at(found, "spec", "strategy", "deletionOrder")
    return is_rolling(found) and bool(_steps(found)) and order.lower() == "reverse"


def backwards(found: Manifest, current: Sequence[Manifest]) -> list[str]:
    """Return the names of the Applications that belong to a step, in the order in which they are deleted."""
    steps = _steps_of(found, current)
    return sorted(steps, key=lambda name: (-steps[name], name))


def rolled(
    found: Manifest,
    current: Sequence[Manifest],
    generated: Sequence[Manifest],
    is_changed: Callable[[Manifest, Manifest], bool],
    now: datetime,
) -> StepwiseSync:
    """Return how far an ApplicationSet is now.

    Args:
        found: the ApplicationSet, with the statuses of the last time.
        current: its Applications as they are.
        generated: its Applications as they shall be.
        is_changed: tells whether a live and a generated Application have different specs.
        now: the present moment.

    """
    steps = _steps_of(found, generated)
    wanted = {_name(each): each for each in generated}
    before = {text_at(row, "application"): row for row in objects_at(found, "status", "applicationStatus")}
    rows = {}
    for app in sorted(current, key=_name):
        row = before.get(_name(app)) or _row(app, "No Application status found, defaulting status to Waiting", now)
        target = wanted.get(_name(app))
        changed = target is not None and is_changed(app, target)
        rows[_name(app)] = _moved(app, row, now, changed=changed) | {"step": str(_step(steps, _name(app)))}
    selected = _selected(found, generated, rows)
    if not _steps(found):
        rows = {}
    _promote(found, steps, rows, selected, now)
    return StepwiseSync(statuses=tuple(rows.values()), selected=selected, step=_going_on(found, rows))


def triggered(found: Manifest, rollout: StepwiseSync, application: Manifest) -> Manifest:
    """Return a generated Application without automated sync, with an operation where it is its turn.

    The statuses of the last time count: what has just become Pending is asked to sync when that is written.
    """
    if not _steps(found):
        return application
    automated = at(application, "spec", "syncPolicy", "automated")
    prune = isinstance(automated, dict) and automated.get("enabled") is not False and flag_at(automated, "prune")
    made = without_automation(application)
    name = _name(made)
    pending = any(
        row.get("application") == name and row.get("status") == _PENDING
        for row in objects_at(found, "status", "applicationStatus")
    )
    return made | {"operation": _operation(made, prune=prune)} if pending and name in rollout.selected else made


def without_automation(application: Manifest) -> Manifest:
    """Return an Application whose automated sync, if it has one, is off: its ApplicationSet syncs it."""
    policy = mapping_at(application, "spec", "syncPolicy")
    automated = policy.get("automated")
    if not isinstance(automated, dict):
        return application
    off = {**policy, "automated": {**automated, "enabled": False}}
    return {**application, "spec": {**application["spec"], "syncPolicy": off}}


def _operation(application: Manifest, *, prune: bool) -> Json:
    policy = mapping_at(application, "spec", "syncPolicy")
    sync: Json = {"prune": True} if prune else {}
    if policy.get("syncOptions"):
        sync["syncOptions"] = manifests.copy(policy["syncOptions"])
    return {
        "sync": sync,
        "initiatedBy": {"username": "applicationset-controller", "automated": True},
        "info": [{"name": "Reason", "value": _REASON}],
        "retry": manifests.copy(policy.get("retry") or {"limit": _RETRIES}),
    }


def _name(app: Manifest) -> str:
    return text_at(app, "metadata", "name")


def _steps(found: Manifest) -> list[Json]:
    return objects_at(found, "spec", "strategy", "rollingSync", "steps")


def _step(steps: Mapping[str, int], name: str) -> int:
    return steps[name] + 1 if name in steps else _NO_STEP


def _steps_of(found: Manifest, applications: Sequence[Manifest]) -> dict[str, int]:
    """Return the first step of each Application that belongs to one."""
    made: dict[str, int] = {}
    for app in applications:
        for position, step in enumerate(_steps(found)):
            if _belongs(app, step):
                made.setdefault(_name(app), position)
    return made


def _belongs(app: Manifest, step: Json) -> bool:
    labels = mapping_at(app, "metadata", "labels")
    return all(_matches(labels, rule) for rule in objects_at(step, "matchExpressions"))


def _matches(labels: Mapping[str, Json], rule: Json) -> bool:
    key, operator = text_at(rule, "key"), text_at(rule, "operator")
    if key not in labels:
        return operator != "In"
    is_listed = labels[key] in items_at(rule, "values")
    return is_listed if operator == "In" else operator == "NotIn" and not is_listed


def _row(app: Manifest, message: str, now: datetime) -> Json:
    return {
        "application": _name(app),
        "lastTransitionTime": moments.timestamp(now),
        "message": message,
        "status": _WAITING,
        "step": str(_NO_STEP),
        "targetRevisions": list(ApplicationStatus.of(app).revisions),
    }


def _moved(app: Manifest, row: Json, now: datetime, *, changed: bool) -> Json:
    """Return the row of an Application as it is after a look at the Application."""
    status = ApplicationStatus.of(app)
    revisions = list(status.revisions)
    moved = revisions != items_at(row, "targetRevisions")
    to: tuple[str, str] | None = None
    waits = text_at(row, "status") == _WAITING
    if moved or changed:
        what = " (revision and spec differ)" if moved and changed else "" if moved else " (spec differs)"
        to = (_WAITING, f"Application has pending changes{what}, setting status to Waiting")
        waits = True
    if waits:
        # A new target does not mean that there is something to do.
        if status.sync == "Synced":
            word = _HEALTHY if status.health == "Healthy" else _PROGRESSING
            to = (word, f"Application resource has synced, updating status to {word}")
    elif text_at(row, "status") == _PENDING:
        to = _begun(app, status, moments.parse(text_at(row, "lastTransitionTime")))
    elif text_at(row, "status") == _PROGRESSING and (status.sync, status.health) == ("Synced", "Healthy"):
        to = (_HEALTHY, "Application resource became Healthy, updating status from Progressing to Healthy")
    if to is None:
        return dict(row)
    there = {"lastTransitionTime": moments.timestamp(now), "status": to[0], "message": to[1]}
    return {**row, **there, "targetRevisions": revisions}


def _begun(app: Manifest, status: ApplicationStatus, since: datetime | None) -> tuple[str, str] | None:
    """Return what an Application that was asked to sync has become; None while it is nothing else."""
    if since is not None and status.reconciled is not None and status.reconciled < since:
        return None
    state = OperationState.of(app)
    started = state.started_at
    is_asked_only = bool(app.get("operation")) and not state.is_running
    if started is not None and (since is None or started >= since) and not is_asked_only:
        completed = {"Succeeded": " successfully"} | dict.fromkeys(("Failed", "Error"), "")
        how = f"completed a sync{completed[state.phase]}" if state.phase in completed else "became Progressing"
        return _PROGRESSING, f"Application resource {how}, updating status from Pending to Progressing"
    if any(text_at(item, "type") in _BROKEN for item in status.conditions):
        return _PROGRESSING, "Application resource has error and cannot sync, updating status to Progressing"
    return None


def _selected(found: Manifest, generated: Sequence[Manifest], rows: Mapping[str, Json]) -> frozenset[str]:
    """Return the Applications of the steps up to the first that is not Healthy."""
    selected: set[str] = set()
    for step in _steps(found):
        names = {_name(app) for app in generated if _belongs(app, step)}
        selected |= names
        if any(name not in rows or rows[name]["status"] != _HEALTHY for name in names):
            break
    return frozenset(selected)


def _promote(
    found: Manifest, steps: Mapping[str, int], rows: dict[str, Json], selected: frozenset[str], now: datetime
) -> None:
    """Let as many Applications of a step begin as it may have on the way."""
    # An Application of no step counts for the first, as in the original; it is never selected.
    places = {name: steps.get(name, 0) for name in rows}
    totals = [sum(place == position for place in places.values()) for position in range(len(_steps(found)))]
    busy = [0] * len(totals)
    for name, row in rows.items():
        busy[places[name]] += row["status"] in (_PENDING, _PROGRESSING)
    for name, row in rows.items():
        place = places[name]
        limit = _limit(at(_steps(found)[place], "maxUpdate"), totals[place])
        if row["status"] == _WAITING and name in selected and (limit is None or busy[place] < limit):
            busy[place] += 1
            row.update(
                lastTransitionTime=moments.timestamp(now),
                status=_PENDING,
                message="Application moved to Pending status, watching for the Application resource to start "
                "Progressing",
            )


def _limit(asked: Json, total: int) -> int | None:
    """Return how many may be on the way: a number, or a part that is rounded down but never to none; None for all."""
    if asked is None:
        return None
    if isinstance(asked, int):
        return asked
    number = str(asked).removesuffix("%")
    if number == str(asked) or not (number.isascii() and number.isdigit()):
        return 0 if asked == "0%" else 1  # what cannot be read counts as 0, which a text other than 0% raises to 1
    return max(int(number[:9]) * total // 100, 0 if asked == "0%" else 1)


def _going_on(found: Manifest, rows: Mapping[str, Json]) -> int:
    for position in range(1, len(_steps(found)) + 1):
        if any(row["step"] == str(position) and row["status"] != _HEALTHY for row in rows.values()):
            return position
    return 0
