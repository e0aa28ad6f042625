"""What one evaluation may use: steps, length of texts, size of lists.

A step is about one node of the tree inside a loop, one element that a function looks at, or ten characters of a text.
Outside of loops an expression costs no more than its own length, so only loops and what grows with data are counted.
"""

from __future__ import annotations

from dataclasses import dataclass

from nixernetes.languages.cel.errors import BudgetError

__all__ = ["DEFAULT_LIMITS", "Limits", "Meter"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How much one evaluation may use.

    Args:
        steps: about a second's work by default.
        text_length: of one text or byte string that is made, in characters or bytes.
        list_size: elements of one list or map that is made.

    """

    steps: int = 5_000_000
    text_length: int = 1_000_000
    list_size: int = 1_000_000


DEFAULT_LIMITS = Limits()


class Meter:
    """Counts what one evaluation uses.

    Loops take from ``left`` themselves and call ``exhausted`` when it is below nothing: a call for each step would
    take longer than the step. ``patterns`` are the regular expressions that this evaluation has paid for.
    """

    __slots__ = ("left", "limits", "patterns")

    def __init__(self, limits: Limits) -> None:
        self.left = limits.steps
        self.limits = limits
        self.patterns: dict[str, object] = {}

    def charge(self, steps: int) -> None:
        """Take steps.

        Raises:
            BudgetError: there are not that many left.

        """
        self.left -= steps
        if self.left < 0:
            raise self.exhausted()

    def exhausted(self) -> BudgetError:
        """Return the error of an evaluation that took too many steps."""
        self.left = -1
        return BudgetError(f"evaluation takes more than {self.limits.steps:,} steps: shorten its loops or its input")

    def text(self, length: int) -> None:
        """Take the steps of making a text or byte string, before it is made.

        Raises:
            BudgetError: it would be too long, or there are no steps left for it.

        """
        if length > self.limits.text_length:
            raise BudgetError(f"evaluation makes a text of more than {self.limits.text_length:,} characters")
        if length > 10:
            self.charge(length // 10)

    def elements(self, size: int) -> None:
        """Take the steps of making a list or a map, before it is made.

        Raises:
            BudgetError: it would be too large, or there are no steps left for it.

        """
        if size > self.limits.list_size:
            raise BudgetError(f"evaluation makes a list or map of more than {self.limits.list_size:,} elements")
        self.charge(size)
