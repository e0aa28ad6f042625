"""What is asked of logs, and what the page is told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from nixernetes.app.web.values import ObjectName
from nixernetes.app.web.wire import AS_JSON

__all__ = ["LogPage", "LogPod", "LogQuestion", "LoggedLine", "shortened"]

_USUAL: Final = 500  # lines of which somebody reads the end
_MOST: Final = 2_000  # lines at once: as many as a run keeps of each controller
_MOST_LETTERS: Final = 8_000  # of a line


@dataclass(frozen=True, slots=True, kw_only=True)
class LogQuestion:
    """Which log is wanted.

    Attributes:
        id: a pod, what has pods, or a delivery.
        pod: which of several pods, by name; ``""`` for the first.
        container: which of several containers; ``""`` for the first.
        tail: at most so many lines, the latest.
        after: only what came after a former answer with this cursor.

    """

    id: ObjectName
    pod: str = ""
    container: str = ""
    tail: int = _USUAL
    after: str = ""

    @staticmethod
    def of(about: Mapping[str, str], wanted: ObjectName) -> LogQuestion:
        """Read the parameters of a question; a number that is none is as if it were left out."""
        tail = about.get("tail", "")
        return LogQuestion(
            id=wanted,
            pod=about.get("pod", ""),
            container=about.get("container", ""),
            tail=min(int(tail), _MOST) if tail.isdecimal() and len(tail) < 10 else _USUAL,
            after=about.get("after", ""),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class LogPod:
    """A pod that has logs.

    Attributes:
        name: its name.
        phase: its phase, as ``Running``.
        containers: its containers, those that start it last.

    """

    __pydantic_config__ = AS_JSON

    name: str
    phase: str
    containers: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LoggedLine:
    """One line of a log.

    Attributes:
        time: when it was written.
        text: what was written; controllers write JSON.
        controller: whose log it stands in, where several are read at once.

    """

    __pydantic_config__ = AS_JSON

    time: str
    text: str
    controller: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LogPage:
    """A log, or what came since an answer before.

    Attributes:
        id: what was asked about.
        source: ``container`` for the log of one, ``controllers`` for what these wrote about a delivery.
        pods: the pods that can be chosen.
        pod: the one whose log this is.
        container: the container whose log this is.
        lines: the lines, oldest first.
        left_out: how many older lines are held that are not here.
        cursor: what the next question gives as ``after`` to have only what came since.
        says: why there is no log, or ``""``.

    """

    __pydantic_config__ = AS_JSON

    id: ObjectName
    source: Literal["container", "controllers"]
    pods: tuple[LogPod, ...] = ()
    pod: str = ""
    container: str = ""
    lines: tuple[LoggedLine, ...] = ()
    left_out: int = 0
    cursor: str = ""
    says: str = ""


def shortened(text: str) -> str:
    """Return a line, its end left out where nobody would read it."""
    return text if len(text) <= _MOST_LETTERS else f"{text[:_MOST_LETTERS]} … {len(text) - _MOST_LETTERS:,} more"
