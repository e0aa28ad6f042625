"""The page of a running world: its owner answers what browsers ask, between two reconciles."""

from __future__ import annotations

import contextlib
from types import TracebackType
from typing import TYPE_CHECKING, Final, Self

from nixernetes.adapters.api_server.owner_queue import OwnerQueue
from nixernetes.adapters.web_server.questions import WebAnswer, WebQuestion
from nixernetes.app.worlds import World

if TYPE_CHECKING:  # a run that ends by itself serves no page
    from nixernetes.adapters.web_server.serving import WebServer
    from nixernetes.app.web.running import RunningPages

__all__ = ["ServedPage"]

_BUSY: Final = WebAnswer(status=429, body=b'{"error":"too many requests wait"}')


class ServedPage:
    """Serves the page of a world; the owner of the world answers what comes, in :meth:`step`.

    Args:
        title: what runs.
        head: at which revision, in words.
        port: the port; 0 takes a free one.

    """

    def __init__(self, title: str, head: str = "", port: int = 0) -> None:
        self._title = title
        self._head = head
        self._port = port
        self._queue: OwnerQueue[WebQuestion, WebAnswer] = OwnerQueue(_BUSY)
        self._running = contextlib.ExitStack()
        self._server: WebServer | None = None
        self._pages: RunningPages | None = None
        self._told = -1

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
        answered = self._queue.answer(lambda question: self._answered(pages, question))
        has_noted = pages.note()
        revision = pages.revision
        if (has_noted or revision != self._told) and self._server is not None:
            self._told = revision
            self._server.feed.changed()
        return answered

    def _begin(self, world: World) -> RunningPages:
        from nixernetes.adapters.web_server.serving import WebServer  # noqa: PLC0415  # see above
        from nixernetes.app.web.described import api_description  # noqa: PLC0415  # same
        from nixernetes.app.web.running import RunningPages  # noqa: PLC0415  # same

        self._server = WebServer(self._queue.ask, api_description(), self._port)
        self._running.enter_context(self._server.in_thread())
        self._pages = RunningPages(world, self._title, self._head)
        return self._pages

    def _answered(self, pages: RunningPages, question: WebQuestion) -> WebAnswer:
        from nixernetes.app.web.pages import answer, answered_hook  # noqa: PLC0415  # see above

        if question.hook is not None:
            return answered_hook(pages, question.hook)
        return answer(pages, question, pages)
