"""Logs of a run: those of the pods that stand for controllers, and all that is in them about one delivery.

The same lines that ``kubectl logs`` prints. Nothing runs in the other pods, so these have none, and say so.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from nixernetes.app.web.logs.choosing import chosen, pods_of
from nixernetes.app.web.logs.values import LoggedLine, LogPage, LogQuestion, shortened
from nixernetes.app.worlds import World
from nixernetes.cluster.embedded import EmbeddedCluster
from nixernetes.engine.installed.controllers import controller_of
from nixernetes.engine.logs.kept import HeldLine
from nixernetes.engine.logs.writing import text_of
from nixernetes.engine.reports.values import DELIVERIES
from nixernetes.errors import InputError
from nixernetes.health.waiting_pods import why_not_ready
from nixernetes.objects.clocks import timestamp
from nixernetes.objects.fields import text_at
from nixernetes.objects.identity import group_kind, key_of
from nixernetes.objects.kinds import POD
from nixernetes.objects.manifest import Manifest, labels_of

__all__ = ["log_page"]

_DEPTH: Final = 6  # from a CronJob to its pods is less
_MOST_PODS: Final = 200
_SIMULATED: Final = "Nothing is written: the pods of this cluster are simulated, and nothing runs in them"


def log_page(world: World, question: LogQuestion) -> LogPage:
    """Return the log that is wanted.

    Raises:
        InputError: the cluster, the object, the pod or the container is not there.

    """
    wanted = question.id
    cluster = world.clusters.get(wanted.cluster)
    if cluster is None:
        raise InputError(f"no cluster is called {wanted.cluster!r}")
    if wanted.key.group_kind in DELIVERIES:
        return _about(world, question)
    live = cluster.get(wanted.key)
    if live is None:
        raise InputError(f"{wanted.cluster}: {wanted.key} is not there any more")
    found = sorted(_pods(cluster, live, _DEPTH), key=lambda pod: key_of(pod).name)[:_MOST_PODS]
    pods = pods_of(found)
    if not pods:
        return LogPage(id=wanted, source="container", says="It has no pods at present")
    pod, container = chosen(question, pods)
    live = next(each for each in found if key_of(each).name == pod.name)
    controller = controller_of(labels_of(live))
    lines = world.logs.held(wanted.cluster, controller, after=_number(question.after)) if controller else []
    return LogPage(
        id=wanted,
        source="container",
        pods=pods,
        pod=pod.name,
        container=container,
        lines=tuple(_line(each, is_named=False) for each in lines[-question.tail :]),
        left_out=max(len(lines) - question.tail, 0),
        cursor=str(lines[-1].number) if lines else question.after,
        says="" if controller else "; ".join(filter(None, (_SIMULATED, why_not_ready(live)))),
    )


def _about(world: World, question: LogQuestion) -> LogPage:
    """Return what controllers wrote about a delivery."""
    key, place = question.id.key, question.id.cluster
    held = world.logs.held(place, after=_number(question.after))
    lines = [each for each in held if each.line.key == key]
    return LogPage(
        id=question.id,
        source="controllers",
        lines=tuple(_line(each, is_named=True) for each in lines[-question.tail :]),
        left_out=max(len(lines) - question.tail, 0),
        cursor=str(held[-1].number) if held else question.after,
    )


def _pods(cluster: EmbeddedCluster, live: Manifest, depth: int) -> Iterator[Manifest]:
    if group_kind(live) == POD:
        yield live
    elif depth:
        for key in sorted(cluster.dependents(text_at(live, "metadata", "uid"))):
            made = cluster.get(key)
            if made is not None:
                yield from _pods(cluster, made, depth - 1)


def _line(held: HeldLine, *, is_named: bool) -> LoggedLine:
    return LoggedLine(
        time=timestamp(held.line.time),
        text=shortened(text_of(held.controller, held.line)),
        controller=held.controller if is_named else "",
    )


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 20 else 0
