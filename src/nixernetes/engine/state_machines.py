"""State machines as tables: from which state which event leads where. The diagrams of the docs are drawn from them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

__all__ = ["Move", "StateMachine"]


@dataclass(frozen=True, slots=True)
class Move:
    """A row: in one of these states this event leads to that state.

    Attributes:
        states: where it may happen.
        event: what happens.
        to: the state afterwards.

    """

    states: tuple[str, ...]
    event: str
    to: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StateMachine:
    """The states of something, and what moves it from one to the next.

    Attributes:
        name: what it is a state of.
        moves: the rows. A state and an event may stand in several, where the event can end in several ways.

    """

    name: str
    moves: tuple[Move, ...]

    def after(self, state: str, event: str) -> str:
        """Return the state that an event leads to.

        Args:
            state: the state before.
            event: what happens; it has one end in that state.

        Raises:
            ValueError: the table has no such move, or several.

        """
        found = self.outcomes(state, event)
        if len(found) != 1:
            raise ValueError(f"{self.name}: {str(event)!r} in the state {str(state)!r} leads to {found or 'nothing'}")
        return found[0]

    def outcomes(self, state: str, event: str) -> tuple[str, ...]:
        """Return every state that an event can lead to."""
        return tuple(move.to for move in self.moves if state in move.states and event == move.event)

    def arrows(self) -> Iterator[tuple[str, str, str]]:
        """Yield each state before, event, and state after, in the order of the table."""
        for move in self.moves:
            for state in move.states:
                yield state, move.event, move.to
