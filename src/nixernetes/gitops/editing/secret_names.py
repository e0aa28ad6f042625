"""Names by which values in platform files are taken for secrets: they are not shown, and not promoted unasked."""

from __future__ import annotations

import re

__all__ = ["hidden", "is_secret_name"]

_WORDS = r"passw(?:or)?d|secret|token|credential|api_?key|private_?key"
_NAME = re.compile(rf"(?i)(?:{_WORDS})")
_GIVEN = re.compile(rf"""(?i)(["']?[\w.-]*(?:{_WORDS})[\w.-]*["']?\s*[:=]\s*)(?:"[^"]*"|'[^']*')""")


def is_secret_name(name: str) -> bool:
    """Tell whether a name is that of a secret."""
    return _NAME.search(name) is not None


def hidden(line: str) -> str:
    """Return a line of Python without the texts that are given to names of secrets."""
    return _GIVEN.sub(r'\1"***"', line)
