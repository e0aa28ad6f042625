"""A value that nobody here knows, such as the server in an encrypted cluster Secret."""

from __future__ import annotations

from typing import NoReturn

from nixernetes.errors import InputError

__all__ = ["Unknown"]


class Unknown:
    """Stands for a value that is not known; whatever does not read it works, whatever reads it is refused.

    Args:
        reason: why it is not known, and what to do about it.

    Raises:
        InputError: by whatever is done with it.

    """

    __slots__ = ("reason",)

    def __init__(self, reason: str) -> None:
        self.reason = reason

    def __str__(self) -> NoReturn:
        raise InputError(self.reason)

    __repr__ = __bool__ = __len__ = __iter__ = __str__

    def __hash__(self) -> NoReturn:
        raise InputError(self.reason)

    def __eq__(self, other: object) -> NoReturn:
        raise InputError(self.reason)

    __lt__ = __gt__ = __le__ = __ge__ = __contains__ = __getitem__ = __eq__

    def __getattr__(self, name: str) -> NoReturn:
        raise InputError(self.reason)
