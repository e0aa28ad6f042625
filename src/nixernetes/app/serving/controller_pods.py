"""What is in the pods that stand for controllers of a world: their logs, and who listens at their ports."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Sequence

from nixernetes.adapters.programs.redis import RedisConversation
from nixernetes.adapters.programs.tls import EncryptedConversation
from nixernetes.app.serving.clusters import VERSION
from nixernetes.app.worlds import World
from nixernetes.cluster.server.parts.logs import WrittenLine
from nixernetes.cluster.server.requests import Conversation
from nixernetes.engine.argocd.answers.repository_server import RepositoryServer
from nixernetes.engine.argocd.answers.states import ApplicationStates
from nixernetes.engine.installed.controllers import controller_of
from nixernetes.engine.logs.kept import ControllerLogs, LogLine
from nixernetes.engine.logs.writing import text_of
from nixernetes.objects.manifest import Manifest, labels_of

__all__ = ["ControllerPods"]


class ControllerPods:
    """Knows what is in those pods of a cluster that stand for controllers; each container of one has the same log.

    Args:
        world: the world.
        cluster: the name of the cluster.
        tls: how connections to its programs are encrypted.

    """

    def __init__(self, world: World, cluster: str, tls: ssl.SSLContext) -> None:
        self._world = world
        self._cluster = cluster
        self._tls = tls

    def knows(self, pod: Manifest) -> bool:
        """Tell whether a pod stands for a controller."""
        return bool(controller_of(labels_of(pod)))

    def log(self, pod: Manifest, container: str) -> _ControllerLog | None:
        """Return the log of a container of a pod; None where the pod stands for no controller."""
        del container
        controller = controller_of(labels_of(pod))
        return _ControllerLog(self._world.logs, self._cluster, controller) if controller else None

    def connect(self, pod: Manifest, port: int) -> Conversation | None:
        """Return a connection to a port of a pod of Argo CD; None where nobody listens there."""
        argocd = self._world.argocd.get(self._cluster)
        if argocd is None:
            return None
        match controller_of(labels_of(pod)), port:
            case "argocd-redis", 6379:
                return RedisConversation(ApplicationStates(argocd.api, argocd.inspector, argocd.clock, VERSION).value)
            case "argocd-repo-server", 8081:
                from nixernetes.adapters.programs.grpc import GrpcConversation  # noqa: PLC0415  # few ask it

                server = RepositoryServer(argocd.api, argocd.inspector.builder)
                return EncryptedConversation(self._tls, GrpcConversation(server.call))
        return None


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
