"""What a preview could not honour or verify, and went on without: never red by itself, and never silently green."""

from __future__ import annotations

from typing import NamedTuple

__all__ = ["PreviewNote"]


class PreviewNote(NamedTuple):
    """One thing that was not honoured or verified.

    Attributes:
        subject: the object that asks for it, in its one spelling.
        text: the fact, as what follows the subject.

    """

    subject: str
    text: str

    def __str__(self) -> str:
        return f"{self.subject}: {self.text}"
