"""What an object says of itself: its conditions (``metav1.Condition``) and the counts of its status.

Objects come from clusters and repositories, and may have any shape: what is not there, or has another form, says
nothing.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from nixernetes.objects.fields import items_at, number_at
from nixernetes.objects.manifest import Json, Manifest

__all__ = ["Condition", "condition", "conditions", "conditions_in", "counts"]


class Condition(NamedTuple):
    """One condition; the one that an object does not have is false and says nothing."""

    type: str = ""
    status: str = ""
    reason: str = ""
    message: str = ""

    def __bool__(self) -> bool:
        return bool(self.type)

    @property
    def is_true(self) -> bool:
        """Whether it holds."""
        return self.status == "True"

    @property
    def is_false(self) -> bool:
        """Whether it does not hold, and the object says so."""
        return self.status == "False"


_ABSENT: Final = Condition()
_FIELDS: Final = Condition._fields


def conditions(obj: Manifest) -> list[Condition]:
    """Return the conditions of an object, in its order."""
    return conditions_in(items_at(obj, "status", "conditions"))


def conditions_in(items: list[Json]) -> list[Condition]:
    """Return the conditions in a list."""
    return [_read(item) for item in items if isinstance(item, dict)]


def condition(obj: Manifest, name: str) -> Condition:
    """Return the first condition of a type; one that is false and empty where there is none."""
    for item in items_at(obj, "status", "conditions"):
        if isinstance(item, dict) and item.get("type") == name:
            return _read(item)
    return _ABSENT


def counts(obj: Manifest, *names: str) -> list[int]:
    """Return whole numbers of the status; one that is not there is 0."""
    return [number_at(obj, "status", name) for name in names]


def _read(item: Manifest) -> Condition:
    found = (item.get(field) for field in _FIELDS)
    return Condition(*(word if isinstance(word, str) else "" for word in found))
