"""Time and faults of a running world: the clock is steered where it is a virtual one, images and pods are let fail.

A fault is what the simulated kubelet meets: an image that cannot be pulled, a container that crashes. An image that
cannot be pulled fails for the pods that are made from then on; a broken pod stays so until it is healed or replaced.
"""

from __future__ import annotations

from typing import Final

from nixernetes.app.console.selecting import LiveObject, Selection, one
from nixernetes.app.timing.pace import ClockMove, ClockOrder, SteeredPace
from nixernetes.app.worlds import World
from nixernetes.cluster.api import ApiError
from nixernetes.cluster.workloads.profile import Failure
from nixernetes.errors import InputError
from nixernetes.objects import manifest as manifests
from nixernetes.objects.clocks import timestamp
from nixernetes.objects.durations import parse_duration
from nixernetes.objects.fields import items_at, number_at, text_at
from nixernetes.objects.kinds import POD
from nixernetes.objects.manifest import Json, annotations_of
from nixernetes.objects.well_known import SIMULATED_FAILURE

__all__ = ["clock", "fail", "fail_image", "fail_pod", "heal", "heal_image", "heal_pod", "order_of", "steer"]

_REAL: Final = "this `up` runs in real time: `nixernetes up --clock virtual` has a clock that can be steered"
_MOST_FAULTS: Final = 100
_LONGEST: Final = 500  # characters of an image pattern
_IMAGE: Final = "image"


def order_of(word: str, speed: int = 1) -> ClockOrder:
    """Read an order: ``step``, ``next``, ``settle``, ``run``, ``pause``, or how far to jump: ``+10m``.

    Raises:
        InputError: it is none of these.

    """
    if word.startswith("+"):
        try:
            return ClockOrder(move=ClockMove.JUMP, by=parse_duration(word[1:]))
        except ValueError as error:
            raise InputError(f"{word}: {error}") from error
    if word == ClockMove.JUMP or word not in {*ClockMove}:
        raise InputError(f"{word!r}: use step, next, settle, run, pause, or how far to jump, as +10m")
    return ClockOrder(move=ClockMove(word), speed=speed)


def steer(world: World, order: ClockOrder) -> str:
    """Give the clock an order; return what it does.

    Raises:
        InputError: it is the machine's, or cannot go there.

    """
    return _steered(world).steer(world, order)


def clock(world: World, request: Json) -> Json:
    """Answer for the clock: return ``messages``, and with ``order`` give it one before."""
    word = text_at(request, "order")
    if word:
        return {"messages": [steer(world, order_of(word, number_at(request, "speed", default=1)))]}
    pace = world.pace
    now = timestamp(world.clock.now())
    if not isinstance(pace, SteeredPace):
        return {"messages": [f"{now}, real time"]}
    how = f"on the way to {pace.goal}" if pace.goal else "runs" if pace.speed else "paused"
    due = world.runtime.due()
    after = f"; the next thing happens at {timestamp(due)}" if due is not None else "; nothing is going to happen"
    return {"messages": [f"{now}, {how}{after}"]}


def fail(world: World, request: Json) -> Json:
    """Let an image or a pod fail, as a request says; return ``messages``.

    Raises:
        InputError: there is no such way of failing, or no such pod.

    """
    words = [word for word in items_at(request, "targets") if isinstance(word, str)]
    how = text_at(request, "how")
    if words[:1] == [_IMAGE]:
        return {"messages": [fail_image(world, _pattern(words), _failure(how or Failure.IMAGE_PULL))]}
    item = one(world, Selection.of(request))
    return {"messages": [fail_pod(world, item, _failure(how or Failure.CRASH))]}


def heal(world: World, request: Json) -> Json:
    """Take back what :func:`fail` did; return ``messages``.

    Raises:
        InputError: there is no such fault.

    """
    words = [word for word in items_at(request, "targets") if isinstance(word, str)]
    if words[:1] == [_IMAGE]:
        return {"messages": [heal_image(world, _pattern(words))]}
    return {"messages": [heal_pod(world, one(world, Selection.of(request)))]}


def fail_image(world: World, pattern: str, how: Failure) -> str:
    """Let pods with an image fail from now on; return what that means.

    Raises:
        InputError: the pattern is none, or there are too many.

    """
    if not 0 < len(pattern) <= _LONGEST:
        raise InputError("which image? name one, or a pattern of images as shop:*")
    if pattern not in world.failures and len(world.failures) >= _MOST_FAULTS:
        raise InputError(f"{_MOST_FAULTS} images fail: heal one first")
    world.failures[pattern] = how
    _look(world)
    if how is Failure.IMAGE_PULL:
        return f"{pattern} cannot be pulled: running pods keep running, new ones do not start"
    return f"pods of {pattern} fail: {how}"


def heal_image(world: World, pattern: str) -> str:
    """Let pods with an image be well again.

    Raises:
        InputError: it does not fail.

    """
    if world.failures.pop(pattern, None) is None:
        known = ", ".join(sorted(world.failures)) or "none"
        raise InputError(f"no image {pattern!r} is let fail: there are {known}")
    _look(world)
    return f"{pattern} is healthy again"


def fail_pod(world: World, item: LiveObject, how: Failure) -> str:
    """Break one pod; return what was done.

    Raises:
        InputError: it is no pod.

    """
    if item.key.group_kind != POD:
        raise InputError(f"{item.key}: a Pod can be broken, or an image: `nixernetes fail image PATTERN`")
    _annotate(world, item, str(how))
    return f"{item.key} fails: {how}. A pod that takes its place is well"


def heal_pod(world: World, item: LiveObject) -> str:
    """Let a broken pod be well again.

    Raises:
        InputError: it is not broken.

    """
    if SIMULATED_FAILURE not in annotations_of(item.object):
        raise InputError(f"{item.key} was not let fail")
    _annotate(world, item, "")
    return f"{item.key} is healthy again"


def _annotate(world: World, item: LiveObject, how: str) -> None:
    changed = manifests.copy(item.object)
    notes = {name: text for name, text in annotations_of(changed).items() if name != SIMULATED_FAILURE}
    changed["metadata"]["annotations"] = {**notes, **({SIMULATED_FAILURE: how} if how else {})}
    try:
        world.clusters[item.cluster].update(changed, manager="kubectl-annotate")
    except ApiError as error:
        raise InputError(f"the cluster refuses it: {error.message}") from error


def _look(world: World) -> None:
    for simulator in world.simulators:
        simulator.look_at_pods()


def _pattern(words: list[str]) -> str:
    if len(words) != 2:
        raise InputError("name one image, or one pattern of images: image shop:*")
    return words[1]


def _failure(word: str) -> Failure:
    try:
        return Failure(word)
    except ValueError as error:
        raise InputError(f"{word!r}: use one of {', '.join(Failure)}") from error


def _steered(world: World) -> SteeredPace:
    if not isinstance(world.pace, SteeredPace):
        raise InputError(_REAL)
    return world.pace
