"""Texts that do nothing to the terminal, whatever stands in them, and how states look."""

from __future__ import annotations

from typing import Final

from rich.text import Text

from nixernetes.errors import printable

__all__ = ["MARKS", "STYLES", "Shown", "counted"]

STYLES: Final = {"ready": "green", "progressing": "yellow", "failed": "red", "suspended": "dim"}
MARKS: Final = {"ready": "✔", "progressing": "◌", "failed": "✗", "suspended": "‖"}


class Shown(Text):
    """A text that does nothing to the terminal: names and messages come from repositories."""

    def __init__(self, text: str, style: str = "") -> None:
        super().__init__(printable(text), style=style)

    def add(self, text: str, style: str = "") -> Shown:
        """Add a text in another style; return the whole."""
        self.append(printable(text), style=style)
        return self


def counted(number: int, noun: str) -> str:
    """Return a number with its noun: ``1 object``, ``2 objects``."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
