"""What is to be said of a repository besides its clusters: what is wrong in it, and what was left out and why."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

__all__ = ["Note", "NoteKind"]


class NoteKind(StrEnum):
    """What a note is about."""

    BROKEN = "broken"
    """A folder that does not build, or an object that cannot be read: what it says does not start."""
    LEFT_OUT = "left out"
    """A part of a folder that cannot be had here; the rest of the folder starts."""
    CHOSEN = "chosen"
    """Something that the repository does not say, or says twice, and that was decided."""
    TRAP = "trap"
    """Something that is declared, accepted, and does not do what it seems to."""
    UNMATCHED = "unmatched"
    """Something that the command line says and that has no effect here."""
    UNUSED = "unused"
    """Deliveries that nothing brings to a cluster."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """One thing to be said.

    Attributes:
        kind: what it is about.
        message: the fact, and what to do.
        place: ``file:line``, or a file, or a folder.
        cluster: the cluster that it concerns, or ``""``.

    """

    kind: NoteKind
    message: str
    place: str = ""
    cluster: str = ""

    @property
    def is_problem(self) -> bool:
        """Whether something of the repository does not start because of it."""
        return self.kind is NoteKind.BROKEN

    def __str__(self) -> str:
        where = f"{self.cluster}: " if self.cluster else ""
        return f"{where}{self.place}: {self.message}" if self.place else f"{where}{self.message}"
