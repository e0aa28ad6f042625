"""The errors of Nixernetes, split by who must act.

    NixernetesError
    ├── InputError        the user: a declaration, a file, a flag. Carries the object, the place and the remedy
    ├── RemoteError       something outside: a Git repository, a chart repository, a cluster
    └── BugError          us: an invariant that did not hold

A message says which object, what is wrong and what to do; the place (``file:line``) stands in front when known.
The command line prints ``str(error)`` and never a traceback for these.
"""

from __future__ import annotations

import re

__all__ = ["BugError", "InputError", "NixernetesError", "NotYetError", "RemoteError", "printable"]


# What moves the cursor, colours the screen or turns the writing direction, and bytes of names that are no UTF-8.
_UNPRINTABLE = re.compile("[\0-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
_LONGEST = 4000  # characters of a message; a chain of ten bases with long paths has half of it


class NixernetesError(Exception):
    """The root: everything that Nixernetes raises on purpose.

    Args:
        message: what is wrong, and what to do about it.
        subject: the object or file it is about, in its one spelling (``Kind/namespace/name`` or a path).
        place: ``file:line`` (or ``file``) of the cause, when known.

    """

    def __init__(self, message: str, *, subject: str = "", place: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.subject = subject
        self.place = place

    def __str__(self) -> str:
        head = f"{_one_line(self.place)}: " if self.place else ""
        known = not self.subject or self.subject in self.message.partition("\n")[0]
        about = "" if known else f"{_one_line(self.subject)}: "
        return printable(_bounded(f"{head}{about}{self.message}"))


def printable(text: str) -> str:
    """Return a text that does nothing to a terminal: names in repositories may hold control characters."""
    return _UNPRINTABLE.sub(_spelled, text)


def _spelled(found: re.Match[str]) -> str:
    code = ord(found[0])
    code = code - 0xDC00 if 0xDC80 <= code <= 0xDCFF else code  # a byte, as Python keeps it in a name
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"


def _one_line(text: str) -> str:
    return text.replace("\n", "\\n")


def _bounded(text: str) -> str:
    """Leave out the middle of what would fill the screen: the begin names the file, the end the reason."""
    if len(text) <= _LONGEST:
        return text
    half = _LONGEST // 2
    return f"{text[:half]} … ({len(text) - 2 * half:,} characters left out) … {text[-half:]}"


class NotYetError(Exception):
    """An answer that is still being computed: ask again soon. Nothing is wrong, so that it is no error to be told.

    Args:
        what: what is being computed.

    """


class InputError(NixernetesError):
    """What the user wrote cannot be done as written."""


class RemoteError(NixernetesError):
    """Something outside this process did not answer as it should."""


class BugError(NixernetesError):
    """An invariant of ours did not hold."""
