"""What Kubernetes takes as the value of a label, and what is nearest to a text that it does not take."""

from __future__ import annotations

import re
from typing import Final

__all__ = ["label_value_problem"]

_LEGAL: Final = re.compile(r"(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?\Z")
_ILLEGAL: Final = re.compile(r"[^-A-Za-z0-9_.]+")
_LONGEST: Final = 63


def label_value_problem(text: str) -> str:
    """Return what is wrong with the value of a label, with a proposal; ``""`` for one that is right."""
    if len(text) <= _LONGEST and _LEGAL.match(text):
        return ""
    near = _ILLEGAL.sub("-", text).strip("-_.")[:_LONGEST].strip("-_.")
    rule = "a label value is letters, digits, -, _ and ., begins and ends with a letter or digit, at most 63 characters"
    return f"{text!r}: {rule}" + (f": write {near!r}" if near else "")
