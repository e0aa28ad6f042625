"""Writes a manifest as :func:`nixernetes.objects.yamls.dump` does, byte for byte, at a tenth of the cost.

A platform of a thousand apps is ten thousand small documents of short, plain strings. Those are written here directly;
a string that might need quotes is written by the real dumper once and remembered, and a document with text that is long
or has several lines, or with a key that needs care, goes to the real dumper as a whole.
"""

from __future__ import annotations

import re
from functools import lru_cache

from nixernetes.objects import yamls
from nixernetes.objects.manifest import Json

__all__ = ["dump"]

_PLAIN = re.compile(r"(?:[A-Za-z/]|\./)[A-Za-z0-9_./-]*(?::[A-Za-z0-9_./-]+)*\Z")
_WORDS = frozenset(("true", "false", "yes", "no", "on", "off", "y", "n", "null"))
_INT64 = 2**63  # larger numbers have a form of their own
_UNFOLDED = 70  # libyaml folds text with spaces near column 80
_LONGEST_KEY = 100  # libyaml writes a key of more than 128 characters in another form


def dump(data: Json) -> bytes:
    """Return the YAML text of one document, UTF-8."""
    lines: list[str] = []
    if isinstance(data, dict) and data and _mapping(data, "", lines):
        return "".join(lines).encode()
    return yamls.dump(data).encode()


def _mapping(data: dict[str, Json], indent: str, lines: list[str], first: str | None = None) -> bool:
    lead = indent if first is None else first
    for key, value in data.items():
        if type(key) is not str or len(key) > _LONGEST_KEY or not key.isprintable():
            return False
        if not _value(f"{lead}{_scalar(key)}:", value, indent, lines):
            return False
        lead = indent
    return True


def _value(head: str, value: Json, indent: str, lines: list[str]) -> bool:
    if type(value) is str:
        if not value.isprintable() or (" " in value and len(head) + len(value) > _UNFOLDED):
            return False
        lines.append(f"{head} {_scalar(value)}\n")
        return True
    if isinstance(value, dict):
        if not value:
            lines.append(f"{head} {{}}\n")
            return True
        lines.append(f"{head}\n")
        return _mapping(value, indent + "  ", lines)
    if isinstance(value, list):
        if not value:
            lines.append(f"{head} []\n")
            return True
        lines.append(f"{head}\n")
        return _sequence(value, indent, lines)
    return _constant(head, value, lines)


def _sequence(items: list[Json], indent: str, lines: list[str]) -> bool:
    head = f"{indent}-"
    for item in items:
        if isinstance(item, dict) and item:
            if not _mapping(item, indent + "  ", lines, f"{head} "):
                return False
        elif isinstance(item, list):
            if item:
                return False
            lines.append(f"{head} []\n")
        elif not _value(head, item, indent, lines):
            return False
    return True


def _constant(head: str, value: Json, lines: list[str]) -> bool:
    if value is None:
        lines.append(f"{head} null\n")
    elif isinstance(value, bool):
        lines.append(f"{head} {'true' if value else 'false'}\n")
    elif type(value) is int and -_INT64 <= value < _INT64:
        lines.append(f"{head} {value}\n")
    else:
        return False
    return True


@lru_cache(maxsize=65536)
def _scalar(text: str) -> str:
    if _PLAIN.match(text) and text.lower() not in _WORDS:
        return text
    return yamls.dump({"k": text})[3:-1]
