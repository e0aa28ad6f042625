"""While ``nixernetes up`` runs a platform, an edit of its files is built, committed and rolled out, like a push."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING

from nixernetes.adapters.repository_writer import RECORD
from nixernetes.app.console import control
from nixernetes.app.worlds import World
from nixernetes.errors import NixernetesError

if TYPE_CHECKING:
    from nixernetes.app.platform_target import PlatformTarget

__all__ = ["Reloader"]

_LOOK_SECONDS = 1.0
_MAX_FILES = 5_000  # a platform folder is small; one that is not is somebody's home, and only the first files count


class Reloader:
    """Looks for edits, and rolls them out.

    Args:
        target: the platform; its files are those beside the platform file.
        file: the platform file.

    Attributes:
        problem: what is wrong with the platform as it stands now, or ``""``.

    """

    def __init__(self, target: PlatformTarget, file: Path) -> None:
        self._target = target
        self._folder = file if file.is_dir() else file.parent
        self._seen = self._state()
        self._next = 0.0
        self.problem = ""

    def __call__(self, world: World) -> None:
        """Look, at most once a second; an edit that cannot be built changes nothing and is kept in ``problem``."""
        now = monotonic()  # not the world's clock, which may stand still
        if now < self._next:
            return
        self._next = now + _LOOK_SECONDS
        state = self._state()
        if state == self._seen:
            return
        self._seen = state
        try:
            self._target.commit("Build the edited platform")
        except NixernetesError as error:
            self.problem = str(error)
            return
        self.problem = ""
        control.push(world)

    def _state(self) -> dict[Path, tuple[int, int]]:
        state = {}
        for path in _files(self._folder):
            try:
                found = path.stat()
            except OSError:
                continue
            state[path] = (found.st_mtime_ns, found.st_size)
        return state


def _files(folder: Path) -> Iterator[Path]:
    count = 0
    for place, folders, names in os.walk(folder):
        if RECORD in names:
            folders.clear()
            continue
        folders[:] = sorted(name for name in folders if not name.startswith((".", "__")))
        for name in sorted(names):
            count += 1
            if count > _MAX_FILES:
                return
            yield Path(place, name)
