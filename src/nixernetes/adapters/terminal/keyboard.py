"""The keys that the user presses while something is shown; read without waiting, the terminal is restored."""

from __future__ import annotations

import os
import select
import sys
import termios
import tty
from collections.abc import Iterator
from typing import Final, Self

__all__ = ["Keyboard"]

_MOST_BYTES: Final = 64
_NAMES: Final = {
    "\x1b[A": "up",
    "\x1b[B": "down",
    "\x1bOA": "up",
    "\x1bOB": "down",
    "\x1b[5~": "page up",
    "\x1b[6~": "page down",
    "\x1b[H": "home",
    "\x1b": "escape",
    "\r": "enter",
    "\n": "enter",
    "\x7f": "backspace",
    "\x08": "backspace",
}


class Keyboard:
    """A context manager that reads keys one by one while it is open; where there is no terminal, there are none.

    Args:
        descriptor: the terminal that is read; default: standard input.

    """

    def __init__(self, descriptor: int | None = None) -> None:
        self.descriptor = _standard_input() if descriptor is None else descriptor
        self._before: list[object] | None = None

    def __enter__(self) -> Self:
        if self.descriptor is not None:
            self._before = termios.tcgetattr(self.descriptor)
            tty.setcbreak(self.descriptor)
        return self

    def __exit__(self, *_: object) -> None:
        if self.descriptor is not None and self._before is not None:
            termios.tcsetattr(self.descriptor, termios.TCSADRAIN, self._before)  # type: ignore[arg-type]  # what it gave

    def pressed(self) -> Iterator[str]:
        """Yield what was pressed since: characters, or names of keys such as ``up``, ``page down`` and ``escape``."""
        if self.descriptor is None or not select.select([self.descriptor], [], [], 0)[0]:
            return
        text = os.read(self.descriptor, _MOST_BYTES).decode(errors="replace")
        while text:
            length = next((size for size in (4, 3, 1) if text[:size] in _NAMES), 1)
            key = text[:length]
            text = text[length:]
            if key in _NAMES or key.isprintable():
                yield _NAMES.get(key, key)


def _standard_input() -> int | None:
    try:
        return sys.stdin.fileno() if sys.stdin.isatty() else None
    except (AttributeError, ValueError, OSError):  # there is none, or it is closed
        return None
