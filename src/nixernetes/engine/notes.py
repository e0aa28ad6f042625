"""What controllers could not honour or verify, for as long as the object is there."""

from __future__ import annotations

from collections.abc import Sequence

from nixernetes.objects.identity import ObjectKey

__all__ = ["Notes"]


class Notes:
    """The notes on the objects of one cluster; forgotten with the object."""

    def __init__(self) -> None:
        self._held: dict[ObjectKey, tuple[tuple[str, ...], str]] = {}
        self._places: dict[ObjectKey, str] = {}

    def __len__(self) -> int:
        """Return how many objects have notes."""
        return len(self._held.keys() | self._places.keys())

    def record(self, key: ObjectKey, notes: Sequence[str], besides: str = "") -> bool:
        """Keep the notes on an object in place of what was noted before.

        Args:
            key: the object.
            notes: the notes.
            besides: what is said of the object elsewhere, and only counts as a change here.

        Returns:
            Whether anything is another than before.

        """
        self._places.pop(key, None)
        found = (tuple(dict.fromkeys(notes)), besides)
        is_new = found != self._held.get(key, ((), ""))
        self._held[key] = found
        if found == ((), ""):
            del self._held[key]
        return is_new

    def record_place(self, key: ObjectKey, text: str) -> None:
        """Say beside the notes where what the status tells is written, until notes are recorded anew."""
        self._places[key] = text

    def forget(self, key: ObjectKey) -> None:
        """Forget an object."""
        self._held.pop(key, None)
        self._places.pop(key, None)

    def of(self, key: ObjectKey) -> tuple[str, ...]:
        """Return the notes on an object."""
        notes = self._held[key][0] if key in self._held else ()
        return (*notes, self._places[key]) if key in self._places else notes
