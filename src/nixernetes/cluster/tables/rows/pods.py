"""Pods: how many of their containers are ready, and in one word what they do (``printPod``)."""

from __future__ import annotations

from datetime import datetime
from typing import Final, NamedTuple

from nixernetes.cluster.tables.ages import parsed
from nixernetes.cluster.tables.rows.parts import NONE, Ages, created
from nixernetes.objects.fields import at, flag_at, items_at, number_at, objects_at, text_at
from nixernetes.objects.manifest import Json, Manifest

__all__ = ["pod", "pod_state"]

_GATED: Final = "SchedulingGated"
_LOST: Final = "NodeLost"
_ENDED: Final = ("Succeeded", "Failed")


class _Restarts:
    """How often containers were started again, and when the last time was."""

    def __init__(self) -> None:
        self.count = 0
        self.last: datetime | None = None
        self.text: Json = None

    def add(self, status: Manifest) -> None:
        self.count += number_at(status, "restartCount")
        told = at(status, "lastState", "terminated", "finishedAt")
        moment = parsed(told)
        if moment is not None and (self.last is None or self.last < moment):
            self.last, self.text = moment, told


class _Initial(NamedTuple):
    reason: str
    ready: int
    restarts: _Restarts
    sidecars: _Restarts


class _PodState(NamedTuple):
    """What a pod does.

    Attributes:
        reason: the word for it.
        ready: how many containers are ready.
        restarts: how often they were started again.

    """

    reason: str
    ready: int
    restarts: _Restarts


def pod(item: Manifest, ages: Ages) -> list[Json]:
    """Return the cells of a pod."""
    state = pod_state(item)
    total = len(items_at(item, "spec", "containers"))
    total += sum(_restarts_always(each) for each in objects_at(item, "spec", "initContainers"))
    restarts = state.restarts
    told = str(restarts.count)
    if restarts.count and restarts.last is not None:
        told += f" ({ages(restarts.text)} ago)"
    addresses = objects_at(item, "status", "podIPs")
    return [
        f"{state.ready}/{total}",
        state.reason,
        told,
        created(item, ages),
        (text_at(addresses[0], "ip") if addresses else "") or NONE,
        text_at(item, "spec", "nodeName") or NONE,
        text_at(item, "status", "nominatedNodeName") or NONE,
        _gates(item),
    ]


def pod_state(item: Manifest) -> _PodState:
    """Return what a pod does, as ``kubectl get`` says it."""
    phase = text_at(item, "status", "phase")
    reason = text_at(item, "status", "reason") or phase
    if any(
        text_at(each, "type") == "PodScheduled" and text_at(each, "reason") == _GATED
        for each in objects_at(item, "status", "conditions")
    ):
        reason = _GATED
    first = _initial(item, reason)
    state = _PodState(first.reason, first.ready, first.restarts)
    if first.reason == reason or _condition(item, "Initialized") == "True":
        state = _running(item, first, first.reason)
    reason = state.reason
    if at(item, "metadata", "deletionTimestamp"):
        if text_at(item, "status", "reason") == _LOST:
            reason = "Unknown"
        elif phase not in _ENDED:
            reason = "Terminating"
    return state._replace(reason=reason)


def _initial(item: Manifest, reason: str) -> _Initial:
    """Return how far the initial containers are; the reason is the given one when they are done."""
    known = {text_at(each, "name"): each for each in objects_at(item, "spec", "initContainers")}
    restarts, sidecars, ready = _Restarts(), _Restarts(), 0
    for number, status in enumerate(objects_at(item, "status", "initContainerStatuses")):
        restarts.add(status)
        is_sidecar = _restarts_always(known.get(text_at(status, "name"), {}))
        if is_sidecar:
            sidecars.add(status)
        ended = at(status, "state", "terminated")
        if isinstance(ended, dict) and number_at(ended, "exitCode") == 0:
            continue
        if is_sidecar and flag_at(status, "started"):
            ready += flag_at(status, "ready")
            continue
        waits = text_at(status, "state", "waiting", "reason")
        if isinstance(ended, dict):
            told = _ending(ended)
        elif waits and waits != "PodInitializing":
            told = waits
        else:
            told = f"{number}/{len(known)}"
        return _Initial(f"Init:{told}", ready, restarts, sidecars)
    return _Initial(reason, ready, restarts, sidecars)


def _running(item: Manifest, first: _Initial, reason: str) -> _PodState:
    restarts, ready, has_running = first.sidecars, first.ready, False
    for status in reversed(objects_at(item, "status", "containerStatuses")):
        restarts.add(status)
        ended, waits = at(status, "state", "terminated"), text_at(status, "state", "waiting", "reason")
        if waits:
            reason = waits
        elif isinstance(ended, dict):
            reason = _ending(ended)
        elif flag_at(status, "ready") and isinstance(at(status, "state", "running"), dict):
            has_running = True
            ready += 1
    if reason == "Completed" and has_running:
        reason = "Running" if _condition(item, "Ready") == "True" else "NotReady"
    return _PodState(reason, ready, restarts)


def _ending(ended: Manifest) -> str:
    """Return why a container ended."""
    if text_at(ended, "reason"):
        return text_at(ended, "reason")
    signal = number_at(ended, "signal")
    return f"Signal:{signal}" if signal else f"ExitCode:{number_at(ended, 'exitCode')}"


def _restarts_always(container: Manifest) -> bool:
    return text_at(container, "restartPolicy") == "Always"


def _condition(item: Manifest, kind: str) -> str:
    found = objects_at(item, "status", "conditions")
    return next((text_at(each, "status") for each in found if text_at(each, "type") == kind), "")


def _gates(item: Manifest) -> str:
    gates = objects_at(item, "spec", "readinessGates")
    if not gates:
        return NONE
    passed = sum(_condition(item, text_at(each, "conditionType")) == "True" for each in gates)
    return f"{passed}/{len(gates)}"
