"""The trees of deliveries that were drawn last, each until anything in it changes: ten thousand objects take long.

Holds eight of them; a test holds them equal to trees that are drawn anew.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final, NamedTuple

from nixernetes.app.web.values import ObjectLine
from nixernetes.engine.reports.delivery_index import Who

__all__ = ["DrawnTree", "KeptTrees"]

_MOST: Final = 8


class DrawnTree(NamedTuple):
    """A tree.

    Attributes:
        lines: its lines.
        left_out: how many more it has.
        source: the source that stands above the delivery; None where none does.

    """

    lines: tuple[ObjectLine, ...]
    left_out: int
    source: Who | None


class KeptTrees:
    """Trees by their deliveries."""

    def __init__(self) -> None:
        self._kept: dict[Who, DrawnTree] = {}

    def of(self, who: Who, draw: Callable[[], DrawnTree]) -> DrawnTree:
        """Return the tree of a delivery, drawn where nothing is kept."""
        found = self._kept.pop(who, None) or draw()
        self._kept[who] = found
        if len(self._kept) > _MOST:
            del self._kept[next(iter(self._kept))]
        return found

    def forget(self, changed: Iterable[Who]) -> None:
        """Forget the trees in which any of some deliveries is."""
        gone = {*changed}
        for who, tree in [*self._kept.items()]:
            if who in gone or tree.source in gone:
                del self._kept[who]
