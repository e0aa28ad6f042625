"""A part of a runtime: controllers of one place, whose names are unique there only.

Two control planes of Argo CD share one runtime so, each with an ``argocd-application-controller`` of its own.
"""

from __future__ import annotations

from collections.abc import Iterable

from nixernetes.engine.results import Result
from nixernetes.engine.runtime import Controller, Key, Runtime
from nixernetes.objects.clocks import Clock

__all__ = ["ScopedRuntime"]


class ScopedRuntime:
    """Adds controllers to a runtime, and queues keys for them, by their names in one place.

    Args:
        runtime: what drives them.
        scope: the place; no other scope of the runtime has its name.

    """

    def __init__(self, runtime: Runtime, scope: str) -> None:
        self._runtime = runtime
        self._scope = scope

    @property
    def clock(self) -> Clock:
        """The clock of the runtime."""
        return self._runtime.clock

    def add(self, controller: Controller, keys: Iterable[Key] = ()) -> None:
        """Add a controller and queue its first keys."""
        self._runtime.add(_Placed(self._named(controller.name), controller), keys)

    def enqueue(self, controller: str, key: Key) -> None:
        """Queue a key."""
        self._runtime.enqueue(self._named(controller), key)

    def _named(self, controller: str) -> str:
        return f"{self._scope}/{controller}"


class _Placed:
    """A controller by its name in the whole runtime."""

    def __init__(self, name: str, controller: Controller) -> None:
        self.name = name
        self._controller = controller

    def reconcile(self, key: Key) -> Result:
        return self._controller.reconcile(key)
