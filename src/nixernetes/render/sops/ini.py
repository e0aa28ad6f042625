"""INI files as SOPS reads and writes them: sections of ``key = value``, aligned, without comments."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from nixernetes.errors import InputError
from nixernetes.objects.manifest import Json

__all__ = ["ini_sections", "ini_text"]

_DEFAULT: Final = "DEFAULT"


def ini_sections(text: str, path: str) -> dict[str, dict[str, str]]:
    """Return the sections of an INI file, what stands before the first among them as ``DEFAULT``.

    Raises:
        InputError: a line is neither a section, a pair, a comment nor empty.

    """
    found: dict[str, dict[str, str]] = {_DEFAULT: {}}
    section = found[_DEFAULT]
    for number, raw in enumerate(text.split("\n"), 1):
        line = raw.strip()
        if not line or line[0] in "#;":
            continue
        if line.startswith("[") and line.endswith("]"):
            section = found.setdefault(line[1:-1].strip(), {})
            continue
        name, sign, value = line.partition("=")
        if not sign:
            raise InputError("is neither a section nor key = value", place=f"{path}:{number}")
        section[name.strip()] = _unquoted(value.strip())
    return found


def ini_text(sections: Mapping[str, Mapping[str, Json]]) -> str:
    """Return an INI file."""
    parts = []
    for name, pairs in sections.items():
        if name == _DEFAULT and not pairs:
            continue
        width = max(map(len, pairs), default=0)
        lines = [f"{key.ljust(width)} = {value}\n" for key, value in pairs.items()]
        parts.append(f"[{name}]\n{''.join(lines)}")
    return "\n".join(parts)


def _unquoted(value: str) -> str:
    quoted = len(value) > 1 and value[0] == value[-1] and value[0] in "\"'`"
    return value[1:-1] if quoted else value
