"""``nixernetes ui``: the page of a repository alone, checked again at each edit."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Final

from nixernetes.adapters.files.edits import Edits
from nixernetes.adapters.web_server.access.places import HERE, PagePlace
from nixernetes.adapters.web_server.questions import WebAnswer, WebQuestion
from nixernetes.adapters.web_server.serving import WebServer
from nixernetes.app.check import CheckOptions, checked
from nixernetes.app.shared_results import shared_results
from nixernetes.app.targets import folder_of
from nixernetes.app.web.checked import CheckedPages
from nixernetes.app.web.described import api_description
from nixernetes.app.web.objects.trees import SentTrees
from nixernetes.app.web.pages import EXPORT, answer, answered_hook
from nixernetes.app.web.reviewing import RepositoryReviews
from nixernetes.errors import NixernetesError
from nixernetes.objects.clocks import timestamp

__all__ = ["ServedRepository"]

_LOOK_SECONDS: Final = 0.2
_COMPARED: Final = ("rehearsal", "review", "revisions", EXPORT)


class ServedRepository:
    """The page of a repository.

    Args:
        options: what is checked, and how.
        place: where it listens, and who may come in.
        told: called with the next address after one was used.

    Raises:
        InputError: there is nothing to check, or nothing can listen there.

    """

    def __init__(
        self, options: CheckOptions, place: PagePlace = HERE, told: Callable[[str], None] = lambda _: None
    ) -> None:
        self._options = replace(options, results=shared_results(options.target))
        self._turn = threading.Lock()  # values of a check are worked out when they are asked for, by one at a time
        target = options.target
        self._edits = Edits(folder_of(target))  # before files are read: no edit is lost
        self._pages = self._checked()
        self._trees = SentTrees()
        self._reviews = RepositoryReviews(self._options)
        self._server = WebServer(self._ask, api_description(), told=told, only_reads=True, place=place)

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
        watcher = threading.Thread(target=self._watch, args=(over,), name="edits", daemon=True)
        if not self._options.rev:
            watcher.start()
        try:
            asyncio.run(self._server.serve(started))
        finally:
            over.set()

    def look(self) -> bool:
        """Check again if files were edited since the last look; return whether they were."""
        if not self._edits.since():
            return False
        try:
            pages = self._checked()
        except NixernetesError as error:  # what was right before is shown on, with what is wrong now
            pages = replace(self._pages, problem=str(error))
        self._pages = pages
        self._reviews.edited()
        self._server.feed.changed()
        return True

    def _watch(self, over: threading.Event) -> None:
        while not over.wait(_LOOK_SECONDS):
            self.look()

    def _checked(self) -> CheckedPages:
        outcome = checked(self._options)
        return CheckedPages(
            outcome=outcome,
            title=folder_of(self._options.target).resolve().name,
            head=self._options.rev or "files on disk",
            time=timestamp(datetime.now(tz=UTC)),
        )

    async def _ask(self, question: WebQuestion) -> WebAnswer:
        return await asyncio.to_thread(self._answered, question)

    def _answered(self, question: WebQuestion) -> WebAnswer:
        if question.hook is not None:
            return answered_hook(None, question.hook)
        if question.name in _COMPARED:  # that takes longer, and has a turn of its own
            return answer(self._pages, question, reviewing=self._reviews)
        with self._turn:
            return answer(self._pages, question, trees=self._trees)
