"""Libraries of functions: CEL's own, the extensions of cel-go, and those of Kubernetes. Each is a value."""

from __future__ import annotations

from nixernetes.languages.cel.libraries.collections import FIRST_AND_LAST, LISTS, SETS
from nixernetes.languages.cel.libraries.encoders import ENCODERS
from nixernetes.languages.cel.libraries.math import MATH
from nixernetes.languages.cel.libraries.standard import (
    BINDING,
    OPTIONAL,
    OPTIONAL_UNWRAP,
    STANDARD,
    TWO_VARIABLE_MACROS,
)
from nixernetes.languages.cel.libraries.strings import strings

__all__ = [
    "BINDING",
    "ENCODERS",
    "FIRST_AND_LAST",
    "LISTS",
    "MATH",
    "OPTIONAL",
    "OPTIONAL_UNWRAP",
    "SETS",
    "STANDARD",
    "TWO_VARIABLE_MACROS",
    "strings",
]
