"""Application conditions: present or absent, with a type and a message (section 11)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from nixernetes.objects.manifest import Json, Manifest

__all__ = ["ApplicationCondition", "ConditionType", "errors_of", "merge", "summary"]


class ConditionType(StrEnum):
    """The condition types."""

    DELETION_ERROR = "DeletionError"
    INVALID_SPEC = "InvalidSpecError"
    COMPARISON = "ComparisonError"
    SYNC = "SyncError"
    UNKNOWN = "UnknownError"
    SHARED_RESOURCE = "SharedResourceWarning"
    REPEATED_RESOURCE = "RepeatedResourceWarning"
    EXCLUDED_RESOURCE = "ExcludedResourceWarning"
    ORPHANED_RESOURCE = "OrphanedResourceWarning"


@dataclass(frozen=True, slots=True)
class ApplicationCondition:
    """A condition."""

    type: ConditionType
    message: str

    @property
    def is_error(self) -> bool:
        """Whether it is more than a warning."""
        return self.type.endswith("Error")


def merge(
    old: Sequence[Json], new: Iterable[ApplicationCondition], evaluated: Iterable[ConditionType], now: str
) -> list[Json]:
    """Return the conditions after an evaluation.

    Args:
        old: ``status.conditions`` before.
        new: what was found.
        evaluated: the types that were looked at: theirs are replaced, others stay.
        now: the transition time of what is new or says something new.

    """
    types = set(evaluated)
    before = {(item["type"], item["message"]): item for item in old}
    kept = [item for item in old if item["type"] not in types]
    for condition in new:
        fresh = {"type": str(condition.type), "message": condition.message, "lastTransitionTime": now}
        kept.append(before.get((str(condition.type), condition.message), fresh))
    return sorted(kept, key=lambda item: (item["type"], item["message"]))


def errors_of(app: Manifest) -> list[Json]:
    """Return the error conditions of an Application."""
    return [item for item in (app.get("status") or {}).get("conditions") or [] if item["type"].endswith("Error")]


def summary(conditions: Iterable[ApplicationCondition]) -> str:
    """Return the conditions in one line, as an operation's message gives them."""
    return ";".join(f"{item.type}: {item.message}" for item in conditions)
