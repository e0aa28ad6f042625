"""Keys of ConfigMaps and Secrets (``IsConfigMapKey`` of apimachinery ``util/validation``, v0.34.4)."""

from __future__ import annotations

import re
from typing import Final

__all__ = ["config_key_problem"]

_KEY: Final = re.compile(r"[-._a-zA-Z0-9]+")
_LONGEST_KEY: Final = 253
_KEY_RULE: Final = (
    "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  "
    "or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')"
)


def config_key_problem(key: str) -> str:
    """Return what is wrong with a key, or ``""``."""
    if key in (".", ".."):
        return f"must not be '{key}'"
    if key.startswith(".."):
        return "must not start with '..'"
    if len(key) > _LONGEST_KEY:
        return f"must be no more than {_LONGEST_KEY} characters"
    return "" if _KEY.fullmatch(key) else _KEY_RULE
