"""The page of a running world: its owner answers what browsers ask, between two reconciles."""

from __future__ import annotations

import contextlib
import json
import time
from collections.abc import Callable
from types import TracebackType
from typing import TYPE_CHECKING, Final, Self

from nixernetes.adapters.api_server.owner_queue import OwnerQueue
from nixernetes.adapters.web_server.questions import WebAnswer, WebQuestion
from nixernetes.app.worlds import World
from nixernetes.errors import NixernetesError

if TYPE_CHECKING:  # a run that ends by itself serves no page
    from nixernetes.adapters.web_server.access.places import PagePlace
    from nixernetes.adapters.web_server.changes import ChangeFeed
    from nixernetes.adapters.web_server.serving import WebServer
    from nixernetes.app.web.objects.trees import SentTrees
    from nixernetes.app.web.running import RunningPages

__all__ = ["ServedPage"]

_LEAST_SECONDS: Final = 0.1  # between two changes that are told: browsers draw no faster
_LEAST_UNHEARD_SECONDS: Final = 0.5  # where nobody listens
_MOST_SECONDS: Final = 5.0  # a history with longer gaps says little
_REST: Final = 4  # times as long as reading took, nothing is read: a fifth of the engine's time
_REST_UNHEARD: Final = 20  # a twentieth, where nobody listens
_BUSY: Final = WebAnswer(status=429, body=b'{"error":"too many requests wait"}')


def _failed(error: NixernetesError) -> WebAnswer:
    return WebAnswer(status=500, body=json.dumps({"error": str(error)}).encode())


class ServedPage:
    """Serves the page of a world; the owner of the world answers what comes, in :meth:`step`.

    Args:
        title: what runs.
        head: at which revision, in words.
        place: where it listens, and who may come in; None for this machine alone, at a free port.
        keep: keeps what changed, before anyone is told of it.

    """

    def __init__(
        self, title: str, head: str = "", place: PagePlace | None = None, keep: Callable[[], None] = lambda: None
    ) -> None:
        self._keep = keep
        self._title = title
        self._head = head
        self._place = place
        self._queue: OwnerQueue[WebQuestion, WebAnswer] = OwnerQueue(_BUSY, failed=_failed)
        self._running = contextlib.ExitStack()
        self._server: WebServer | None = None
        self._pages: RunningPages | None = None
        self._trees: SentTrees | None = None
        self._seen = -1
        self._moved = 0
        self._has_changed = False
        self._next = 0.0

    @property
    def descriptor(self) -> int:
        """Return what is readable when requests wait."""
        return self._queue.descriptor

    @property
    def address(self) -> str:
        """The address that opens the page for the next browser; ``""`` before the first step."""
        return self._server.door.invitation if self._server is not None else ""

    @property
    def viewer_address(self) -> str:
        """The address for those who only look; ``""`` before the first step."""
        return self._server.door.viewer_address if self._server is not None else ""

    def __enter__(self) -> Self:
        """Begin nothing yet: the world is made later."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop serving."""
        self._running.close()
        self._queue.close()

    def step(self, world: World) -> int:
        """Answer the requests that wait, and tell browsers what has changed; return how many requests they were.

        Raises:
            InputError: at the first call, when nothing can listen.

        """
        pages = self._pages or self._begin(world)
        answered = self._queue.answer(lambda question: self._answered(pages, question), self._keep)
        moved = world.pace.number if world.pace is not None else 0
        if moved:  # time is steered: each moment on the way is one of the history, however fast they come
            self._has_changed = pages.look() or self._has_changed
            pages.note()
        is_other = pages.revision != self._seen or pages.is_behind or moved != self._moved
        if is_other and self._server is not None and time.monotonic() >= self._next:
            self._tell(pages, self._server.feed, moved)
        return answered

    def _tell(self, pages: RunningPages, feed: ChangeFeed, moved: int) -> None:
        """Read again what changed, and tell browsers; then rest, so that the engine has most of the time."""
        from nixernetes.app.web.pages import told  # noqa: PLC0415  # see above

        began = time.monotonic()
        self._seen = pages.revision
        has_changed = pages.look() or self._has_changed
        self._has_changed = False
        has_moved, self._moved = moved != self._moved, moved
        if pages.note() or has_changed or has_moved:
            feed.changed(told(pages.changed()))
        took = time.monotonic() - began
        least, rest = (_LEAST_SECONDS, _REST) if feed.is_heard else (_LEAST_UNHEARD_SECONDS, _REST_UNHEARD)
        self._next = began + min(max(least, rest * took), _MOST_SECONDS)

    def _begin(self, world: World) -> RunningPages:
        from nixernetes.adapters.web_server.access.places import HERE  # noqa: PLC0415  # see above
        from nixernetes.adapters.web_server.serving import WebServer  # noqa: PLC0415  # see above
        from nixernetes.app.web.described import api_description  # noqa: PLC0415  # same
        from nixernetes.app.web.running import RunningPages  # noqa: PLC0415  # same

        self._server = WebServer(self._queue.ask, api_description(), place=self._place or HERE)
        self._running.enter_context(self._server.in_thread())
        self._pages = RunningPages(world, self._title, self._head)
        return self._pages

    def _answered(self, pages: RunningPages, question: WebQuestion) -> WebAnswer:
        from nixernetes.app.web.objects.trees import SentTrees  # noqa: PLC0415  # see above
        from nixernetes.app.web.pages import answer, answered_hook  # noqa: PLC0415  # same

        if question.hook is not None:
            return answered_hook(pages, question.hook)
        if self._trees is None:
            self._trees = SentTrees()
        return answer(pages, question, pages, trees=self._trees)
