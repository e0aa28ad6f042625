"""Profiles: what an environment promises, in one word, and who answers for what it does not keep."""

from __future__ import annotations

from types import MappingProxyType
from typing import Any, Final

from pydantic import model_validator

from nixernetes.compliance.labelling import ComplianceLabels
from nixernetes.compliance.levels import ComplianceLevel
from nixernetes.compliance.waivers import ComplianceWaiver
from nixernetes.gitops.values import Many

__all__ = ["ENVIRONMENTS", "Profile"]

ENVIRONMENTS: Final = MappingProxyType(
    {
        "development": ComplianceLevel.LOW,
        "staging": ComplianceLevel.MEDIUM,
        "production": ComplianceLevel.HIGH,
        "regulated": ComplianceLevel.RESTRICTED,
    }
)
"""The level of each profile."""


class Profile(ComplianceLabels):
    """What an environment promises: `Profile("production", framework="SOC2")`."""

    name: str
    """The environment: `development`, `staging`, `production` or `regulated`; any other name needs a `level`."""
    without: Many[str] = ()
    """Checks of its level that it does not promise: `storage.encrypted`."""
    waivers: Many[ComplianceWaiver] = ()
    """Failures that somebody answers for."""

    def __init__(self, name: str = "", **fields: Any) -> None:
        super().__init__(**({"name": name} if name else {}), **fields)

    @model_validator(mode="before")
    @classmethod
    def _environment(cls, data: Any) -> Any:
        if not isinstance(data, dict) or "level" in data or "name" not in data:
            return data
        level = ENVIRONMENTS.get(data["name"])
        if level is None:
            raise ValueError(f"{data['name']!r} is not one of {', '.join(ENVIRONMENTS)}: give it a level")
        return {**data, "level": level}

    @property
    def requirements(self) -> tuple[str, ...]:
        """The checks that it promises."""
        return tuple(each for each in self.level.requirements if each not in self.without)
