"""The phases of a sync operation (``status.operationState.phase``), and what leads from one to the next.

As gitops-engine's ``pkg/sync/common`` names them, and as ``processRequestedAppOperation`` of Argo CD's
``controller/appcontroller.go`` moves between them. Nothing else writes the field.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from nixernetes.engine.state_machines import Move, StateMachine
from nixernetes.objects.fields import text_at
from nixernetes.objects.manifest import Json

__all__ = ["ENDED", "GOING_ON", "OPERATION", "OperationEvent", "OperationPhase", "moved"]


class OperationPhase(StrEnum):
    """A phase of an operation; ``""`` stands for an Application that never had one."""

    NONE = ""
    RUNNING = "Running"
    TERMINATING = "Terminating"
    SUCCEEDED = "Succeeded"
    FAILED = "Failed"
    ERROR = "Error"


class OperationEvent(StrEnum):
    """What happens to an operation."""

    ASKED = "a sync starts"
    SYNCED = "all tasks succeed"
    FAILED = "a task fails"
    IMPOSSIBLE = "it cannot start"
    RETRIED = "it fails, retries are left"
    TERMINATED = "terminated by a user"
    CLEARED = "hooks deleted"


_P, _E = OperationPhase, OperationEvent
ENDED: Final = (_P.SUCCEEDED, _P.FAILED, _P.ERROR)
GOING_ON: Final = (_P.RUNNING, _P.TERMINATING)
OPERATION: Final = StateMachine(
    name="operation of an Application",
    moves=(
        Move((_P.NONE, *ENDED), _E.ASKED, _P.RUNNING),
        Move((_P.RUNNING,), _E.RETRIED, _P.RUNNING),
        Move((_P.RUNNING,), _E.SYNCED, _P.SUCCEEDED),
        Move((_P.RUNNING,), _E.FAILED, _P.FAILED),
        Move((_P.RUNNING,), _E.IMPOSSIBLE, _P.ERROR),
        Move((_P.RUNNING,), _E.TERMINATED, _P.TERMINATING),
        Move((_P.TERMINATING,), _E.CLEARED, _P.FAILED),
    ),
)


def moved(state: Json, event: OperationEvent, message: str) -> OperationPhase:
    """Move ``status.operationState`` on, with what it says from now on, and return its phase.

    Args:
        state: the block; it is changed in place.
        event: what happens.
        message: what the block says then.

    """
    phase = OperationPhase(OPERATION.after(text_at(state, "phase"), event))
    state.update(phase=str(phase), message=message)
    return phase
