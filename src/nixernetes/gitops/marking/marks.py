"""What every object of a platform bears besides its own labels and annotations, as whoever marks it says."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from nixernetes.gitops.declared import DeclaredPart

__all__ = ["NO_MARKS", "Marking", "Marks"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Marks:
    """Labels and annotations.

    Attributes:
        labels: of every object and of every pod template; never of a selector.
        annotations: of every object, not of pod templates: a new build must not restart pods.

    """

    labels: Mapping[str, str] = field(default_factory=dict)
    annotations: Mapping[str, str] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.labels or self.annotations)


NO_MARKS: Final = Marks()


class Marking(DeclaredPart):
    """A declaration that marks all objects of a platform."""

    @abstractmethod
    def marks(self, platform: str, owner: str) -> Marks:
        """Return what objects bear.

        Args:
            platform: the name of the platform.
            owner: who answers for it, ``""`` where the platform does not say.

        Raises:
            InputError: the owner is missing, or cannot be the value of a label.

        """
