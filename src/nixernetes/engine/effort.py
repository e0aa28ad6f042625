"""How much a run on a virtual clock may do: hours of it must end in a minute, whatever the intervals are."""

from __future__ import annotations

from collections import Counter
from typing import Final

from nixernetes.errors import InputError

__all__ = ["Effort"]

_MOST: Final = 50_000  # steps of a small run; one takes some tenths of a millisecond
_MOST_A_KEY: Final = 800  # and of each key on average: six hours of a retry every 30 seconds

_Work = tuple[str, tuple[str, ...]]


class Effort:
    """Counts the steps of a run by what they were for, as long as the run goes on."""

    def __init__(self) -> None:
        self._steps: Counter[_Work] = Counter()
        self._total = 0

    def step(self, name: str, key: tuple[str, ...]) -> None:
        """Count a step."""
        self._steps[(name, key)] += 1
        self._total += 1

    @property
    def is_spent(self) -> bool:
        """Whether there were too many steps."""
        return self._total >= _MOST + _MOST_A_KEY * len(self._steps)

    def blame(self) -> tuple[str, tuple[str, ...], InputError]:
        """Return what took the most steps, and what to say of it."""
        (name, key), steps = self._steps.most_common(1)[0]
        why = (
            f"the run ends here, after {self._total:,} steps; {steps:,} of them were for this one: its interval is too "
            "short, or something changes it back each time"
        )
        return name, key, InputError(why)
