"""What is in pods: logs of their containers, and who listens at their ports."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from nixernetes.cluster.server.parts.logs import ContainerLog
from nixernetes.cluster.server.requests import Conversation
from nixernetes.objects.manifest import Manifest

__all__ = ["PodInsides", "PodTunnel"]


class PodInsides(Protocol):
    """Knows what is in pods."""

    def knows(self, pod: Manifest) -> bool:
        """Tell whether anything is known of a pod."""
        ...

    def log(self, pod: Manifest, container: str) -> ContainerLog | None:
        """Return the log of a container of a pod; None where nothing is known of it."""
        ...

    def connect(self, pod: Manifest, port: int) -> Conversation | None:
        """Return a new connection to a port of a pod; None where nobody listens."""
        ...


@dataclass(frozen=True, slots=True)
class PodTunnel:
    """The ports of one pod."""

    insides: PodInsides
    pod: Manifest

    def connect(self, port: int) -> Conversation | None:
        """Return a new connection to a port; None where nobody listens."""
        return self.insides.connect(self.pod, port)
