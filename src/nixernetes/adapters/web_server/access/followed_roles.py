"""The file of roles while the page is served: what is edited counts at once, for those who are in too.

A file that is not of its form changes nothing, and is told once: whoever may come in is never more than a whole file
said. Where the page is, its TLS and its issuer are those of the start.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path
from time import monotonic
from typing import Final

from nixernetes.adapters.web_server.access.roles import RolesFile, read_roles
from nixernetes.adapters.web_server.access.standing import Standing
from nixernetes.errors import InputError

__all__ = ["FollowedRoles"]

_LOG: Final = logging.getLogger(__name__)
_LOOK_SECONDS: Final = 1.0


class FollowedRoles:
    """Who may come in, as the file says now.

    Args:
        file: the file of roles.
        clock: the seconds that have gone by.

    Raises:
        InputError: the file is not of its form.

    """

    def __init__(self, file: Path, clock: Callable[[], float] = monotonic) -> None:
        self._file = file
        self._clock = clock
        self._stamp = self._look()
        self._read = read_roles(file)
        self._next = clock() + _LOOK_SECONDS

    @property
    def current(self) -> RolesFile:
        """What the file says; it is looked at once a second at most."""
        if self._clock() >= self._next:
            self._next = self._clock() + _LOOK_SECONDS
            stamp = self._look()
            if stamp != self._stamp:
                self._stamp = stamp
                self._again()
        return self._read

    def _again(self) -> None:
        try:
            self._read = read_roles(self._file)
        except InputError as error:
            _LOG.warning("the roles stay as they were: %s", error)

    def _look(self) -> tuple[int, int, int]:
        try:
            found = self._file.stat()
        except OSError:
            return (0, 0, 0)
        return (found.st_mtime_ns, found.st_size, found.st_ino)

    def of_token(self, token: str) -> Callable[[], Standing | None]:
        """Return what says, at any time, what somebody with a token may do; None for what is nobody's, or no longer."""
        name = self.current.name_of(token)
        digest = self.current.tokens[name] if name else ""

        def standing() -> Standing | None:
            found = self.current
            return found.standing(name, ()) if name and (name, digest) in found.tokens.items() else None

        return standing

    def of_person(self, name: str, groups: tuple[str, ...]) -> Callable[[], Standing | None]:
        """Return what says, at any time, what somebody may do whom the issuer has named."""
        return lambda: self.current.standing(name, groups)
