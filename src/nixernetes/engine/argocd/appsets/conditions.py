"""The conditions of an ApplicationSet: ``setApplicationSetStatusCondition`` of Argo CD 3.5."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from nixernetes.objects.manifest import Json

__all__ = ["SetLook", "conditions"]

_GOOD = "All applications have been generated successfully"


@dataclass(frozen=True, slots=True, kw_only=True)
class SetLook:
    """What a look at an ApplicationSet came to.

    Attributes:
        error: what went wrong, or ``""``.
        reason: the reason of what went wrong, or ``""``.
        is_generated: whether parameters could be generated.
        step: the step of a rollout that goes on, 0 when all are done; None when none was looked at.

    """

    error: str = ""
    reason: str = ""
    is_generated: bool = False
    step: int | None = None


def conditions(old: Sequence[Json], said: SetLook, *, is_rolling: bool, now: str) -> list[Json]:
    """Return the conditions, sorted by type; one that says what it said keeps its moment.

    Args:
        old: the conditions of the last time.
        said: what is to be said.
        is_rolling: whether Applications are synced step by step; what was said of a rollout stays then.
        now: the present moment.

    """
    error, is_generated = said.error, said.is_generated
    rows = [
        ("ErrorOccurred", "True" if error else "False", said.reason or "ApplicationSetUpToDate", error or _GOOD),
        (
            "ParametersGenerated",
            "True" if is_generated else "False",
            "ParametersGenerated" if is_generated else "ErrorOccurred",
            "Successfully generated parameters for all Applications" if is_generated else error,
        ),
        (
            "ResourcesUpToDate",
            "False" if error else "True",
            "ErrorOccurred" if error else "ApplicationSetUpToDate",
            error or _GOOD,
        ),
    ]
    if said.step is not None:
        rows.append(_rollout(said.step))
    names = ("type", "status", "reason", "message")
    before = {tuple(item.get(name) for name in names): item for item in old}
    made = [before.get(row) or {**dict(zip(names, row, strict=True)), "lastTransitionTime": now} for row in rows]
    kept = [item for item in old if item.get("type") == "RolloutProgressing" and is_rolling and said.step is None]
    return [*made, *kept]


def _rollout(step: int) -> tuple[str, str, str, str]:
    if step:
        message = f"ApplicationSet is performing rollout of step {step}"
        return "RolloutProgressing", "True", "ApplicationSetModified", message
    return "RolloutProgressing", "False", "ApplicationSetRolloutComplete", "ApplicationSet Rollout has completed"
