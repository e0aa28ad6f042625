"""Where folders really are, and the Git work trees around them; what is above many folders is looked at once."""

from __future__ import annotations

import os

__all__ = ["WorkTrees"]


class WorkTrees:
    """Finds places on disk for one command; what changes on disk meanwhile may or may not be seen."""

    def __init__(self) -> None:
        self._real: dict[str, str] = {}
        self._around: dict[str, str] = {}

    def real(self, folder: str) -> str:
        """Return the absolute path of a folder with all links resolved."""
        found = self._real.get(folder)
        if found is None:
            found = self._real[folder] = self._resolved(folder)
        return found

    def around(self, place: str) -> str:
        """Return the nearest work tree that holds a folder, ``""`` for none.

        Args:
            place: the folder, links resolved.

        """
        passed = []
        while place not in self._around:
            passed.append(place)
            parent = os.path.dirname(place)  # noqa: PTH120 - path objects take longer than the answer
            if os.path.lexists(f"{place}/.git"):
                self._around[place] = place
            elif parent == place:
                self._around[place] = ""
            else:
                place = parent
        found = self._around[place]
        self._around |= dict.fromkeys(passed, found)
        return found

    def _resolved(self, folder: str) -> str:
        parent, name = os.path.split(folder)
        if name in ("", ".", "..") or parent in ("", folder):
            return os.path.realpath(folder)
        place = f"{self.real(parent).rstrip('/')}/{name}"
        return os.path.realpath(place) if os.path.islink(place) else place  # noqa: PTH114 - as above
