"""Work that waits for the one thread that may touch a world."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from nixernetes.adapters.api_server.owner_queue import OwnerQueue
from nixernetes.errors import BugError, InputError, NixernetesError


def _fails(error: Exception) -> Callable[[], Any]:
    def work() -> None:
        raise error

    return work


def _asked(work: Callable[[], Any]) -> Any:
    """Hand work in, answer as the owner, and return what comes of it; a request is answered beside it."""

    async def both() -> Any:
        queue: OwnerQueue[str, str] = OwnerQueue("busy")
        waiting = asyncio.ensure_future(queue.run(work))
        request = asyncio.ensure_future(queue.ask("hello"))
        await asyncio.sleep(0)
        assert queue.answer(str.upper) == 2
        assert await request == "HELLO"
        queue.close()
        return await waiting

    return asyncio.run(both())


def test_work_is_done_by_the_owner_between_requests() -> None:
    assert _asked(lambda: 6 * 7) == 42


@pytest.mark.parametrize(("error", "kind"), [(InputError("no"), InputError), (ZeroDivisionError("why"), BugError)])
def test_work_that_fails_ends_alone(error: Exception, kind: type[NixernetesError]) -> None:
    with pytest.raises(kind):
        _asked(_fails(error))
