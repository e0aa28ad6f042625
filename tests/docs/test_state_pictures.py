"""The pictures of state machines show what the tables say."""

from __future__ import annotations

import pytest
from scripts.draw_state_machines import PICTURES, TARGET

from nixernetes.engine.argocd.operation_phases import OPERATION, OperationEvent, OperationPhase


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_is_drawn_from_its_table(name: str) -> None:
    assert (TARGET / f"{name}.svg").read_text() == PICTURES[name]()


def test_a_move_that_no_row_has_is_a_fault() -> None:
    assert OPERATION.after(OperationPhase.RUNNING, OperationEvent.TERMINATED) == OperationPhase.TERMINATING
    with pytest.raises(ValueError, match="'terminated by a user' in the state 'Succeeded' leads to nothing"):
        OPERATION.after(OperationPhase.SUCCEEDED, OperationEvent.TERMINATED)
