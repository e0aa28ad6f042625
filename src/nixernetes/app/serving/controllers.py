"""The controllers of a cluster that is served alone: they run between requests, in the loop of its server."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from nixernetes.adapters.api_server.webhooks import called
from nixernetes.cluster.admission.webhook_calls import WebhookAnswer, WebhookCall, WebhookNeededError, answered
from nixernetes.cluster.controllers.events import ClusterEvents
from nixernetes.cluster.controllers.installing import controllers
from nixernetes.cluster.embedded import EmbeddedCluster
from nixernetes.cluster.workloads import WorkloadProfile, WorkloadSimulator
from nixernetes.errors import BugError, NixernetesError
from nixernetes.objects.clocks import Clock
from nixernetes.objects.identity import ObjectKey

__all__ = ["ServedControllers"]

_MOST_AT_ONCE: Final = 20  # objects; requests are answered in between
_MOST_ANSWERS: Final = 100  # of webhooks, that one object may ask
_LONGEST_WAIT: Final = timedelta(seconds=30)
_DISK_WAIT: Final = timedelta(seconds=5)  # when what they do cannot be kept


class ServedControllers:
    """Runs the controllers of one cluster whenever something is due.

    Args:
        cluster: the cluster.
        clock: where time comes from.
        profile: how its workloads behave.
        certificate: that of the authority that signs for its API server, as PEM.
        told: told of an object that could not be handled; the others go on.
        keep: keeps what changed, soon, and tells whether that works at the moment; what is not kept did not happen, and
            is tried again.

    """

    def __init__(
        self,
        cluster: EmbeddedCluster,
        clock: Clock,
        profile: WorkloadProfile,
        certificate: str,
        told: Callable[[str], None],
        keep: Callable[[], bool] = lambda: True,
    ) -> None:
        self._clock = clock
        self._told = told
        self._keep = keep
        self._is_held = False
        self._answers: dict[str, WebhookAnswer] = {}  # of webhooks, that what is handled at the moment asked
        self._asking: asyncio.Task[None] | None = None
        self._moment: datetime | None = None  # at which what is handled at the moment began: names of pods follow it
        parts = controllers(cluster, certificate)
        events = ClusterEvents(cluster)
        self._simulator = WorkloadSimulator(cluster, clock, profile, self._failed, events=events, parts=parts)
        self._waiting: asyncio.TimerHandle | None = None

    def wake(self) -> None:
        """Look soon, and again whenever something is due; called in the loop of the server."""
        if self._is_held or self._asking is not None:
            return
        if self._waiting is not None:
            self._waiting.cancel()
        due = self._simulator.due()
        wait = _LONGEST_WAIT if due is None else min(max(due - self._clock.now(), timedelta()), _LONGEST_WAIT)
        self._waiting = asyncio.get_running_loop().call_later(wait.total_seconds(), self._run)

    def _run(self) -> None:
        self._waiting, self._is_held = None, False
        if self._keep():
            call = self._step()
            if call is not None:
                self._asking = asyncio.get_running_loop().create_task(self._ask(call))
                return
            if self._keep():
                self.wake()
                return
        self._is_held = True
        self._waiting = asyncio.get_running_loop().call_later(_DISK_WAIT.total_seconds(), self._run)

    def _step(self) -> WebhookCall | None:
        """Handle some objects; return the call of a webhook that has to be made before the next."""
        self._moment = self._moment or self._clock.now()
        try:
            with answered(self._answers):
                self._simulator.run(self._moment, _MOST_AT_ONCE)
        except WebhookNeededError as needed:
            return needed.call
        self._answers, self._moment = {}, None
        return None

    async def _ask(self, call: WebhookCall) -> None:
        """Make a call, and go on with its answer; what was done until then is kept meanwhile."""
        self._keep()
        if len(self._answers) >= _MOST_ANSWERS:
            self._answers = {}
        self._answers[call.key] = await called(call)
        self._asking = None
        self._run()

    def _failed(self, key: ObjectKey, error: Exception) -> None:
        is_told = isinstance(error, NixernetesError) and not isinstance(error, BugError)
        self._told(f"{key}: {error}" if is_told else f"internal error: {key}: {type(error).__name__}: {error}")
