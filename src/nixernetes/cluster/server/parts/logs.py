"""Logs of containers: which lines a client wants, and the stream of one that follows.

After Kubernetes 1.34.4: ``pkg/apis/core/validation`` (``ValidatePodLogOptions``) and the kubelet's
``pkg/kubelet/kuberuntime/logs``.
"""

from __future__ import annotations

import contextlib
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final, Protocol

from nixernetes.cluster.api import ApiError
from nixernetes.cluster.server.requests import ApiResponse, UrlQuery
from nixernetes.cluster.validation import invalid_field
from nixernetes.objects.identity import ObjectKey

__all__ = ["ContainerLog", "LogOptions", "WrittenLine", "log_response"]

_PLAIN: Final = "text/plain"
_MOST_WAITING: Final = 20_000  # lines that a client has not taken yet; one that is slower than that is sent away


@dataclass(frozen=True, slots=True)
class WrittenLine:
    """One line of a log: when it was written, and its text."""

    time: datetime
    text: str


class ContainerLog(Protocol):
    """The log of one container."""

    def lines(self) -> Sequence[WrittenLine]:
        """Return what is kept of it, oldest first."""
        ...

    def follow(self, told: Callable[[WrittenLine], None]) -> Callable[[], None]:
        """Tell of each line from now on; return what ends that."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class LogOptions:
    """What a client wants of a log (``PodLogOptions``).

    Attributes:
        container: of which container; ``""`` for the only one.
        follows: whether it goes on.
        is_previous: whether it is that of the container before a restart.
        stamps: whether each line begins with its time.
        since: only lines of this moment or later.
        tail: only so many of the last lines.
        limit_bytes: only so many bytes.

    """

    container: str = ""
    follows: bool = False
    is_previous: bool = False
    stamps: bool = False
    since: datetime | None = None
    tail: int | None = None
    limit_bytes: int | None = None

    @classmethod
    def read(cls, query: UrlQuery, key: ObjectKey, now: datetime) -> LogOptions:
        """Read the parameters of a request.

        Args:
            query: they.
            key: the pod, for refusals.
            now: the present, from which seconds are counted.

        Raises:
            ApiError: Invalid, BadRequest.

        """
        tail, limit = _number(query, "tailLines"), _number(query, "limitBytes")
        seconds, moment = _number(query, "sinceSeconds"), _moment(query.text("sinceTime"))
        if tail is not None and tail < 0:
            raise invalid_field(key, "tailLines", _least(tail, 0))
        if limit is not None and limit < 1:
            raise invalid_field(key, "limitBytes", _least(limit, 1, "greater than 0"))
        if seconds is not None and moment is not None:
            raise invalid_field(key, "", "Forbidden: at most one of `sinceTime` or `sinceSeconds` may be specified")
        if seconds is not None:
            if seconds < 1:
                raise invalid_field(key, "sinceSeconds", _least(seconds, 1, "greater than 0"))
            moment = now - timedelta(seconds=min(seconds, 10**9))
        return cls(
            container=query.text("container"),
            follows=query.flag("follow"),
            is_previous=query.flag("previous"),
            stamps=query.flag("timestamps"),
            since=moment,
            tail=tail,
            limit_bytes=limit,
        )

    def chosen(self, lines: Sequence[WrittenLine]) -> bytes:
        """Return the text of those lines that are wanted."""
        wanted = [line for line in lines if self.since is None or line.time >= self.since]
        if self.tail is not None:
            wanted = wanted[len(wanted) - min(self.tail, len(wanted)) :]
        text = b"".join(self.written(line) for line in wanted)
        return text if self.limit_bytes is None else text[: self.limit_bytes]

    def written(self, line: WrittenLine) -> bytes:
        """Return one line as it is sent."""
        if not self.stamps:
            return f"{line.text}\n".encode()
        moment = line.time.astimezone(UTC)
        return f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond * 1000:09d}Z {line.text}\n".encode()


def log_response(log: ContainerLog, options: LogOptions) -> ApiResponse:
    """Answer with what is wanted of a log."""
    body = options.chosen(log.lines())
    if not options.follows:
        return ApiResponse(status=200, content_type=_PLAIN, body=body)
    return ApiResponse(status=200, content_type=_PLAIN, stream=_Following(log, options, body))


class _Following:
    """A log that goes on."""

    def __init__(self, log: ContainerLog, options: LogOptions, first: bytes) -> None:
        self._options = options
        self._left = None if options.limit_bytes is None else options.limit_bytes - len(first)
        # One thread appends while another takes: a deque is whole between two of its operations.
        self._waiting = deque([first] if first else [])
        self._wake: Callable[[], object] | None = None
        self._is_over = False
        self._end = log.follow(self._note)
        if self._left == 0:
            self.close()

    @property
    def is_over(self) -> bool:
        """Tell whether nothing comes after what can be taken now."""
        return self._is_over

    def take(self) -> list[bytes]:
        """Return what there is, and forget it."""
        taken = []
        with contextlib.suppress(IndexError):
            while True:
                taken.append(self._waiting.popleft())
        return taken

    def on_more(self, wake: Callable[[], object]) -> None:
        """Call back when there is something to take, or when it is over."""
        self._wake = wake

    def close(self) -> None:
        """Forget the stream."""
        self._is_over = True
        self._end()
        if self._wake is not None:
            self._wake()

    def _note(self, line: WrittenLine) -> None:
        text = self._options.written(line)
        if self._left is not None:
            text = text[: self._left]
            self._left -= len(text)
        if text:
            self._waiting.append(text)
        if len(self._waiting) >= _MOST_WAITING or self._left == 0:
            self.close()
        elif self._wake is not None:
            self._wake()


def _number(query: UrlQuery, name: str) -> int | None:
    text = query.text(name)
    if not text:
        return None
    try:
        return int(text)
    except ValueError as error:
        raise ApiError("BadRequest", f'strconv.ParseInt: parsing "{text}": invalid syntax') from error


def _moment(text: str) -> datetime | None:
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise ApiError("BadRequest", f'parsing time "{text}" as RFC 3339: cannot parse') from error
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)


def _least(value: int, least: int, words: str = "") -> str:
    return f"Invalid value: {value}: must be {words or f'greater than or equal to {least}'}"
