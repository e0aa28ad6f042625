"""Who delivers notifications: at once, or in threads of their own, so that nobody waits for a receiver that is slow."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Sequence
from typing import Final

from nixernetes.adapters.notifying.foreign_senders import send_foreign
from nixernetes.adapters.notifying.web_sender import WebSender
from nixernetes.engine.notices.requests import Parcel, WebReply, WebRequest
from nixernetes.errors import NixernetesError, RemoteError

__all__ = ["Courier"]

_WAITING: Final = 1_000  # notifications: of a flood, the others are refused
_MOST_REQUESTS: Final = 50  # of one notification

_Result = tuple[int, NixernetesError | None]


class Courier:
    """Delivers notifications; a :class:`~nixernetes.engine.ports.Notifier`.

    Args:
        threads: how many deliver at a time; 0: each is delivered while it is taken.
        sender: makes what sends requests, for each thread its own.

    """

    def __init__(self, threads: int = 0, sender: Callable[[], WebSender] = WebSender) -> None:
        self._finished: queue.SimpleQueue[_Result] = queue.SimpleQueue()
        self._waiting: queue.Queue[tuple[int, Parcel] | None] = queue.Queue(_WAITING)
        self._senders = [sender() for _ in range(max(threads, 1))]
        self._threads = [
            threading.Thread(target=self._work, args=(each,), name="notifications", daemon=True)
            for each in self._senders[:threads]
        ]
        for thread in self._threads:
            thread.start()

    def take(self, number: int, parcel: Parcel) -> None:
        """Take a notification."""
        if not self._threads:
            self._finished.put((number, _delivered(parcel, self._senders[0])))
            return
        try:
            self._waiting.put_nowait((number, parcel))
        except queue.Full:
            error = RemoteError(f"the notification was not delivered: {_WAITING:,} others wait")
            self._finished.put((number, error))

    def finished(self) -> Sequence[_Result]:
        """Return what ended since the last time."""
        found: list[_Result] = []
        while True:
            try:
                found.append(self._finished.get_nowait())
            except queue.Empty:
                return found

    def close(self) -> None:
        """Stop: what waits is not sent any more, and what is being sent is not waited for longer than a second."""
        while True:
            try:
                self._waiting.get_nowait()
            except queue.Empty:
                break
        for _ in self._threads:
            self._waiting.put(None)
        for thread in self._threads:
            thread.join(timeout=1)
        for sender in self._senders:
            sender.close()

    def _work(self, sender: WebSender) -> None:
        while (taken := self._waiting.get()) is not None:
            number, parcel = taken
            self._finished.put((number, _delivered(parcel, sender)))


def _delivered(parcel: Parcel, sender: WebSender) -> NixernetesError | None:
    """Deliver a notification; return why it was not."""
    exchange = parcel.exchange()
    sender.deadline.begin(parcel.channel.seconds)
    try:
        request = next(exchange)
        for _ in range(_MOST_REQUESTS):
            if isinstance(request, WebRequest):
                answer = sender.ask(request, parcel.channel)
            else:
                send_foreign(request, parcel.channel, max(sender.deadline.left(), 0.1))
                answer = WebReply()
            request = exchange.send(answer)
    except StopIteration:
        return None
    except NixernetesError as error:
        return error
    except Exception as error:  # noqa: BLE001 - a thread must not end, and the notification is told as not delivered
        return RemoteError(f"the notification was not delivered: {type(error).__name__}")
    return RemoteError("the notification was not delivered: it takes more requests than it may")
