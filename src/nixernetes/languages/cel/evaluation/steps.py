"""What a compiled node is: a function of the frame of one evaluation.

A frame is a list: the meter, the variables as they were given, and a slot for each name that the program uses. A slot
holds ``UNREAD`` until the name is first read, so that a variable nobody reads is never asked for.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeAlias

from nixernetes.languages.cel.errors import EvaluationError
from nixernetes.languages.cel.values import Value

__all__ = ["FIRST_SLOT", "METER", "UNREAD", "VARIABLES", "Frame", "Step", "constant", "local", "variable"]

Frame: TypeAlias = list[Value]
Step: TypeAlias = Callable[[Frame], Value]

METER: Final = 0
VARIABLES: Final = 1
FIRST_SLOT: Final = 2


class _Unread:
    """What a slot holds before its name was read."""

    __slots__ = ()


UNREAD: Final = _Unread()


def constant(value: Value) -> Step:
    """Return a step that gives a value."""
    return lambda _: value


def local(slot: int) -> Step:
    """Return a step that reads the variable of a loop."""
    return lambda frame: frame[slot]


def variable(slot: int, name: str) -> Step:
    """Return a step that reads a variable, and asks for it the first time."""

    def read(frame: Frame) -> Value:
        value = frame[slot]
        if value is UNREAD:
            try:
                value = frame[slot] = frame[VARIABLES][name]
            except KeyError:
                raise EvaluationError(f"no such attribute(s): {name}") from None
        return value

    return read
