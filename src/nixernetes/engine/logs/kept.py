"""The logs of the controllers of all clusters, each kept up to so many lines; who follows one is told of each line."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, TypeAlias

from nixernetes.objects.clocks import Clock
from nixernetes.objects.identity import ObjectKey

__all__ = ["ControllerLogs", "HeldLine", "LogLine"]

Level = Literal["info", "error"]
_Place: TypeAlias = tuple[str, str]  # cluster, controller


@dataclass(frozen=True, slots=True, kw_only=True)
class LogLine:
    """One line.

    Attributes:
        time: when it was written.
        level: how grave it is.
        message: what it says.
        key: the object that it is about; None for the controller itself.
        error: what went wrong, or ``""``.
        fields: more to tell, by the names that the controller gives them.

    """

    time: datetime
    level: Level
    message: str
    key: ObjectKey | None = None
    error: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldLine:
    """A line that is held.

    Attributes:
        number: greater than that of every line written before, of whichever log.
        controller: in whose log it stands.
        line: the line.

    """

    number: int
    controller: str
    line: LogLine


class ControllerLogs:
    """Takes lines.

    Args:
        clock: where time comes from.
        keep: how many of the latest lines of each controller are held; 0 holds nothing, where nobody can ask.

    """

    def __init__(self, clock: Clock, keep: int = 0) -> None:
        self._clock = clock
        self._keep = keep
        self._lines: dict[_Place, deque[HeldLine]] = {}
        self._written = 0
        self._followers: dict[_Place, list[Callable[[LogLine], None]]] = {}

    def write(
        self,
        cluster: str,
        controller: str,
        message: str,
        *,
        key: ObjectKey | None = None,
        error: str = "",
        fields: Mapping[str, str] | None = None,
    ) -> None:
        """Write a line into the log of a controller; with an error it is an error."""
        if self._keep:
            level: Level = "error" if error else "info"
            now = self._clock.now()
            line = LogLine(time=now, level=level, message=message, key=key, error=error, fields=fields or {})
            self.add(cluster, controller, line)

    def add(self, cluster: str, controller: str, line: LogLine) -> None:
        """Add a line to the log of a controller."""
        if not self._keep:
            return
        place = (cluster, controller)
        held = self._lines.get(place)
        if held is None:
            held = self._lines[place] = deque(maxlen=self._keep)
        self._written += 1
        held.append(HeldLine(number=self._written, controller=controller, line=line))
        for told in tuple(self._followers.get(place, ())):
            told(line)

    def lines(self, cluster: str, controller: str) -> list[LogLine]:
        """Return what is held of a log, oldest first."""
        return [held.line for held in self._lines.get((cluster, controller), ())]

    def held(self, cluster: str, controller: str = "", *, after: int = 0) -> list[HeldLine]:
        """Return what is held of one log of a cluster, or of all, in the order in which it was written.

        Args:
            cluster: the cluster.
            controller: whose log; ``""`` for those of all controllers.
            after: only lines with a greater number.

        """
        places = [place for place in self._lines if place[0] == cluster and controller in ("", place[1])]
        found = [held for place in places for held in self._lines[place] if held.number > after]
        return sorted(found, key=lambda held: held.number)

    def follow(self, cluster: str, controller: str, told: Callable[[LogLine], None]) -> Callable[[], None]:
        """Tell of each line from now on; return what ends that."""
        followers = self._followers.setdefault((cluster, controller), [])
        followers.append(told)

        def end() -> None:
            if told in followers:
                followers.remove(told)

        return end
