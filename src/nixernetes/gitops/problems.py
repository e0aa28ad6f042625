"""Everything that is wrong with a platform, reported at once and sorted."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from nixernetes.errors import InputError

__all__ = ["PlatformError", "Problems"]


class PlatformError(InputError):
    """A platform cannot be built.

    Attributes:
        problems: what is wrong, sorted by place, each once.

    """

    def __init__(self, problems: Iterable[InputError]) -> None:
        self.problems = tuple(sorted({str(problem): problem for problem in problems}.values(), key=_order))
        count = len(self.problems)
        head = f"the platform has {count} problems:\n" if count > 1 else ""
        super().__init__(head + "\n".join(f"  {problem}" if head else str(problem) for problem in self.problems))


class Problems:
    """Collects problems while the work goes on."""

    def __init__(self) -> None:
        self._found: list[InputError] = []

    def add(self, message: str, *, subject: str = "", place: str = "") -> None:
        """Note one problem."""
        self._found.append(InputError(message, subject=subject, place=place))

    @contextmanager
    def noted(self, *, subject: str = "", place: str = "") -> Iterator[None]:
        """Note an :class:`InputError` raised inside, give it subject and place if it has none, and go on after it."""
        try:
            yield
        except PlatformError as error:
            self._found.extend(error.problems)
        except InputError as error:
            self.add(error.message, subject=error.subject or subject, place=error.place or place)

    def raise_if_any(self) -> None:
        """Raise :class:`PlatformError` when there is a problem."""
        if self._found:
            raise PlatformError(self._found)


def _order(problem: InputError) -> tuple[str, int, str]:
    file, _, line = problem.place.rpartition(":")
    return (file, int(line), str(problem)) if re.fullmatch(r"\d+", line) else (problem.place, 0, str(problem))
