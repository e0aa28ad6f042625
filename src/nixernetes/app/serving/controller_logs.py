"""The logs of the controllers of a world, as the logs of their pods."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from nixernetes.cluster.server.parts.logs import WrittenLine
from nixernetes.engine.installed.controllers import controller_of
from nixernetes.engine.logs.kept import ControllerLogs, LogLine
from nixernetes.engine.logs.writing import text_of
from nixernetes.objects.manifest import Manifest, labels_of

__all__ = ["ControllerPodLogs"]


class ControllerPodLogs:
    """Knows the logs of those pods of a cluster that stand for controllers; each container of one has the same.

    Args:
        logs: the logs of all controllers.
        cluster: the name of the cluster.

    """

    def __init__(self, logs: ControllerLogs, cluster: str) -> None:
        self._logs = logs
        self._cluster = cluster

    def of(self, pod: Manifest, container: str) -> _ControllerLog | None:
        """Return the log of a container of a pod; None where the pod stands for no controller."""
        del container
        controller = controller_of(labels_of(pod))
        return _ControllerLog(self._logs, self._cluster, controller) if controller else None


class _ControllerLog:
    def __init__(self, logs: ControllerLogs, cluster: str, controller: str) -> None:
        self._logs = logs
        self._cluster = cluster
        self._controller = controller

    def lines(self) -> Sequence[WrittenLine]:
        """Return what is kept of it."""
        return [self._written(line) for line in self._logs.lines(self._cluster, self._controller)]

    def follow(self, told: Callable[[WrittenLine], None]) -> Callable[[], None]:
        """Tell of each line from now on; return what ends that."""
        return self._logs.follow(self._cluster, self._controller, lambda line: told(self._written(line)))

    def _written(self, line: LogLine) -> WrittenLine:
        return WrittenLine(line.time, text_of(self._controller, line))
