"""What the user says about the tools: ``--source URL=PATH``, ``--values FILE`` and their like."""

from __future__ import annotations

from pathlib import Path

from nixernetes.app.toolbox import ToolOptions
from nixernetes.errors import InputError

__all__ = ["pairs", "tool_options"]


def tool_options(sources: list[str], values: list[Path], api_versions: list[str]) -> ToolOptions:
    """Read what the user says about the tools.

    Raises:
        InputError: a ``--source`` is not of its form, or names what is not there.

    """
    found = {url: Path(path) for url, path in pairs("--source", "URL=PATH", sources).items()}
    for url, path in found.items():
        if not path.exists():
            raise InputError(f"{path}, which stands for {url}, does not exist", subject="--source")
    named = tuple(version for text in api_versions for version in text.split(",") if version)
    return ToolOptions(sources=found, values=tuple(values), api_versions=named)


def pairs(option: str, form: str, values: list[str]) -> dict[str, str]:
    """Return the values of an option that are pairs.

    Raises:
        InputError: one of them is not of the form.

    """
    found = {}
    for value in values:
        name, separator, rest = value.rpartition("=")
        if not (name and separator and rest):
            raise InputError(f"{value!r} is not {form}", subject=option)
        found[name] = rest
    return found
