"""Text to settings: every key that is wrong is told with its line, all of them at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Final, TypeAlias

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from nixernetes.errors import InputError
from nixernetes.objects import yamls
from nixernetes.objects.manifest import Json
from nixernetes.settings.compliance_model import ComplianceSettings, ComplianceWaiverSettings
from nixernetes.settings.cost_model import (
    AssumptionSettings,
    BudgetSettings,
    CostSettings,
    NodeMarkerSettings,
    WaiverSettings,
)
from nixernetes.settings.model import (
    ClusterSettings,
    ExceptionSettings,
    NodePoolSettings,
    NodeSettings,
    NodeTaintSettings,
    RepositorySettings,
    SuppliedValues,
)

__all__ = ["NAME", "SettingsFile", "read_settings"]

NAME: Final = "nixernetes.yaml"
_MOST: Final = 20  # errors that are told at once
_Path: TypeAlias = tuple[str | int, ...]
_UNQUOTED: Final = "is not text: put it in quotes (1.30 without them is the number 1.3)"
_FACTS: Final = {
    "missing": "is missing",
    "string_type": _UNQUOTED,
    "dict_type": "is not a mapping of keys to values",
    "mapping_type": "is not a mapping of keys to values",
    "model_type": "is not a mapping of keys to values",
    "model_attributes_type": "is not a mapping of keys to values",
    "list_type": "is not a list",
    "string_too_short": "is empty: say it in a few words",
}
_MODELS: Final[tuple[tuple[_Path, type[BaseModel]], ...]] = (  # "*" is any key or item
    ((), RepositorySettings),
    (("clusters", "*"), ClusterSettings),
    (("clusters", "*", "nodePools", "*"), NodePoolSettings),
    (("clusters", "*", "nodePools", "*", "taints", "*"), NodeTaintSettings),
    (("values", "*"), SuppliedValues),
    (("exceptions", "*"), ExceptionSettings),
    (("clusters", "*", "nodes", "*"), NodeSettings),
    (("clusters", "*", "nodes", "*", "taints", "*"), NodeTaintSettings),
    (("cost",), CostSettings),
    (("compliance",), ComplianceSettings),
    (("compliance", "waivers", "*"), ComplianceWaiverSettings),
    (("cost", "assume"), AssumptionSettings),
    (("cost", "spot", "*"), NodeMarkerSettings),
    (("cost", "budgets", "*"), BudgetSettings),
    (("cost", "budgets", "*", "waivers", "*"), WaiverSettings),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingsFile:
    """RepositorySettings, and where they are written.

    Attributes:
        settings: the settings.
        file: the name of the file, for messages; ``""`` where there is none, and nothing is set.
        text: its content.

    """

    settings: RepositorySettings = field(default_factory=RepositorySettings)
    file: str = ""
    text: bytes = b""

    def line(self, *path: str | int) -> int:
        """Return the line of a key or list item."""
        return yamls.locate(self.text, path)

    def place(self, *path: str | int) -> str:
        """Return ``file:line`` of a key or list item."""
        return f"{self.file}:{self.line(*path)}"


def read_settings(text: bytes, file: str = NAME) -> SettingsFile:
    """Return the settings that a text holds; an empty one sets nothing.

    Args:
        text: YAML.
        file: its name, for messages.

    Raises:
        InputError: it is not YAML, or a key is unknown, missing or not of its form; each with its line.

    """
    data = yamls.parse(text, file=file)
    if data is None:
        return SettingsFile(file=file, text=text)
    if not isinstance(data, dict):
        raise InputError("not a mapping of keys to values: see docs/settings.md", place=f"{file}:1")
    try:
        return SettingsFile(settings=RepositorySettings.model_validate(data), file=file, text=text)
    except ValidationError as error:
        raise _refusal(error, data, text, file) from error


def _refusal(error: ValidationError, data: Json, text: bytes, file: str) -> InputError:
    found = error.errors(include_url=False, include_input=False)
    told = sorted({_told(each, data, text) for each in found})
    (line, first), *rest = told[:_MOST]
    lines = [first, *(f"{file}:{number}: {fact}" for number, fact in rest)]
    if len(told) > _MOST:
        lines.append(f"and {len(told) - _MOST} more")
    return InputError("\n".join(lines), place=f"{file}:{line}")


def _told(error: ErrorDetails, data: Json, text: bytes) -> tuple[int, str]:
    """Return the line of an error, and what it says."""
    path = tuple(_written(error["loc"], data))
    kind = error["type"]
    if kind == "extra_forbidden":
        name = str(path[-1])
        fact = f"unknown key{_meant(path[:-1], name)}"
    elif kind == "literal_error":
        fact = f"is not one of {error['ctx']['expected'].replace(' or ', ', ')}"
    elif kind == "value_error":
        fact = str(error["ctx"]["error"])
    else:
        fact = _FACTS.get(kind, error["msg"])
    return yamls.locate(text, path) or 1, f"{_spelled(path)}: {fact}" if path else fact


def _written(location: Sequence[str | int], data: Json) -> Iterator[str | int]:
    """Yield the steps of a location that are in the file; others name a form that was tried."""
    for number, step in enumerate(location):
        try:
            data = data[step]
        except (LookupError, TypeError):
            if number < len(location) - 1 or step in ("file", "object"):
                continue
        yield step


def _spelled(path: _Path) -> str:
    """Return a path as it is spoken of: ``clusters.production.nodePools[0].name``."""
    text = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)
    return text.removeprefix(".")


def _meant(path: _Path, name: str) -> str:
    for place, model in _MODELS:
        if len(place) == len(path) and all(one in ("*", other) for one, other in zip(place, path, strict=True)):
            known = sorted(info.alias or key for key, info in model.model_fields.items())
            near = get_close_matches(name, known, n=1)
            return f": is it {near[0]}?" if near else f": there are {', '.join(known)}"
    return ""
