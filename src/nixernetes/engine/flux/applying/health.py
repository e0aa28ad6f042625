"""Waiting for objects to become healthy, without blocking (Flux, section 8.1)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from nixernetes.cluster.api import Reader, filed
from nixernetes.engine.flux.applying.apply import Pause
from nixernetes.engine.results import Waiting
from nixernetes.errors import NixernetesError
from nixernetes.health import kstatus
from nixernetes.health.expressions import HealthExpressions
from nixernetes.health.kstatus import Status, Verdict
from nixernetes.objects.clocks import Clock
from nixernetes.objects.durations import format_duration
from nixernetes.objects.fields import at
from nixernetes.objects.identity import ObjectKey
from nixernetes.objects.kinds import JOB

__all__ = ["HealthError", "wait_healthy"]

_POLL = timedelta(seconds=5)


class HealthError(NixernetesError):
    """Objects did not become healthy; the message is Flux's.

    Attributes:
        fact: the message without how long it took.

    """

    def __init__(self, fact: str, took: timedelta) -> None:
        super().__init__(f"health check failed after {format_duration(took)}: {fact}")
        self.fact = fact


def wait_healthy(
    api: Reader, clock: Clock, keys: Sequence[ObjectKey], expressions: HealthExpressions, timeout: timedelta
) -> Pause[timedelta]:
    """Wait until every object is current; return how long it took.

    Raises:
        HealthError: an object failed, or the timeout passed.

    """
    started, passing_jobs = clock.now(), _expiring_jobs(api, keys)
    while True:
        now = clock.now()
        found = [(key, _verdict(api, key, clock, expressions)) for key in keys]
        late = [
            (key, verdict)
            for key, verdict in found
            if verdict.status is not Status.CURRENT and not (key in passing_jobs and verdict.status is Status.NOT_FOUND)
        ]
        if not late:
            return now - started
        failed = [pair for pair in late if pair[1].status is Status.FAILED]
        if failed:
            raise HealthError(f"failed early due to stalled resources: {_list(failed)}", now - started)
        if now - started >= timeout:
            raise HealthError(f"timeout waiting for: {_list(late)}", now - started)
        yield Waiting(min(_POLL, timeout - (now - started)), f"health of {_list(late)}")


def _expiring_jobs(api: Reader, keys: Sequence[ObjectKey]) -> set[ObjectKey]:
    """Return the Jobs that Kubernetes removes once they are done: their absence means success."""
    jobs = [(key, api.get(key)) for key in keys if key.group_kind == JOB]
    return {key for key, live in jobs if at(live, "spec", "ttlSecondsAfterFinished") is not None}


def _verdict(api: Reader, key: ObjectKey, clock: Clock, expressions: HealthExpressions) -> Verdict:
    if api.is_namespaced(key.group_kind) is None:
        text = f'no matches for kind "{key.kind}" in group "{key.group}"'
        return Verdict(status=Status.UNKNOWN, reason="NoMatch", message=text)
    live = api.get(filed(api, key))
    return kstatus.NOT_FOUND if live is None else expressions.compute(live, clock.now())


def _list(found: Sequence[tuple[ObjectKey, Verdict]]) -> str:
    """Return how objects stand; why it is not known is told, too (fluxcd/pkg/ssa v0.76, ``manager_wait.go``)."""
    return "[" + ", ".join(f"{key} status: '{each.status}'{_why(each)}" for key, each in found) + "]"


def _why(verdict: Verdict) -> str:
    return f": {verdict.message}" if verdict.status is Status.UNKNOWN and verdict.message else ""
