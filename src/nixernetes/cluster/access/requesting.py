"""Who makes the request that is being answered: policies ask for them, deep below the server that knows."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final

from nixernetes.cluster.access.users import ADMINISTRATORS, AUTHENTICATED, User

__all__ = ["requested_by", "requester"]

_NOBODY: Final = User(name="system:apiserver", groups=(ADMINISTRATORS, AUTHENTICATED))
_NOW: ContextVar[User] = ContextVar("the user of the request", default=_NOBODY)


@contextmanager
def requested_by(user: User) -> Iterator[None]:
    """Let what is written meanwhile be the request of somebody."""
    token = _NOW.set(user)
    try:
        yield
    finally:
        _NOW.reset(token)


def requester() -> User:
    """Return who makes the request; the server itself where nobody does."""
    return _NOW.get()
