"""``nixernetes ui --context``: the page of clusters that others run, looked at every few seconds."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Callable
from types import TracebackType
from typing import Final, Self

from nixernetes.adapters.web_server.access.places import HERE, PagePlace
from nixernetes.adapters.web_server.questions import WebAnswer, WebQuestion
from nixernetes.adapters.web_server.serving import WebServer
from nixernetes.app.live.clusters import Contexts, chosen_contexts, opened
from nixernetes.app.web.described import api_description
from nixernetes.app.web.live.pages import LivePages
from nixernetes.app.web.objects.trees import SentTrees
from nixernetes.app.web.pages import answer, answered_hook

__all__ = ["ServedClusters"]

_LOOK_SECONDS: Final = 5.0


class ServedClusters:
    """The page of real clusters; nobody can change anything through it.

    Args:
        contexts: which clusters.
        place: where it listens, and who may come in.
        told: called with the next address after one was used.

    Raises:
        InputError: there is no kubeconfig, or no such context, or nothing can listen there.

    """

    def __init__(
        self, contexts: Contexts, place: PagePlace = HERE, told: Callable[[str], None] = lambda _: None
    ) -> None:
        self._stack = contextlib.ExitStack()
        clients = {name: self._stack.enter_context(opened(contexts, name))[1] for name in chosen_contexts(contexts)}
        self.pages = LivePages(clients)
        self._trees = SentTrees()
        self._server = WebServer(self._ask, api_description(), told=told, only_reads=True, place=place)

    def __enter__(self) -> Self:
        """Look for the first time."""
        self.pages.look()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the connections."""
        self._stack.close()

    @property
    def address(self) -> str:
        """The address that opens the page for the next browser."""
        return self._server.door.invitation

    def serve(self, started: Callable[[], None]) -> None:
        """Serve until interrupted.

        Args:
            started: called when it answers.

        """
        over = threading.Event()
        threading.Thread(target=self._watch, args=(over,), name="clusters", daemon=True).start()
        try:
            asyncio.run(self._server.serve(started))
        finally:
            over.set()

    def _watch(self, over: threading.Event) -> None:
        while not over.wait(_LOOK_SECONDS):
            if self.pages.look():
                self._server.feed.changed()

    async def _ask(self, question: WebQuestion) -> WebAnswer:
        if question.hook is not None:
            return answered_hook(None, question.hook)
        return await asyncio.to_thread(answer, self.pages, question, trees=self._trees)
