"""Time and faults as the page shows and steers them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Final, Literal

from pydantic import Field

from nixernetes.app.console import steering
from nixernetes.app.console.selecting import LiveObject
from nixernetes.app.timing.pace import SteeredPace
from nixernetes.app.web.values import ObjectName
from nixernetes.app.web.wire import AS_JSON, SENT_JSON
from nixernetes.app.worlds import World
from nixernetes.cluster.workloads.profile import Failure
from nixernetes.errors import InputError
from nixernetes.objects.clocks import timestamp

__all__ = ["ClockPage", "ClockRequest", "FaultLine", "FaultRequest", "clock_of", "faulted", "steered"]

_LONGEST: Final = 500  # characters of an image or an order


@dataclass(frozen=True, slots=True, kw_only=True)
class FaultLine:
    """An image that is let fail.

    Attributes:
        image: the image, or a pattern of images.
        how: the reason that its pods show.

    """

    __pydantic_config__ = AS_JSON

    image: str
    how: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockPage:
    """How time goes on.

    Attributes:
        is_virtual: whether the clock is one that can be steered.
        time: the present moment.
        speed: how many seconds of virtual time a second has; 0 while it stands.
        goal: what it is on its way to, in words.
        next: when something happens next; ``""`` where nothing is going to.
        said: what the latest order does.
        faults: the images that are let fail.

    """

    __pydantic_config__ = AS_JSON

    is_virtual: bool
    time: str
    speed: int = 0
    goal: str = ""
    next: str = ""
    said: str = ""
    faults: tuple[FaultLine, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockRequest:
    """An order to a virtual clock.

    Attributes:
        order: ``step``, ``next``, ``settle``, ``run``, ``pause``, or how far to jump: ``+10m``.
        speed: how many seconds of virtual time a second has while it runs.

    """

    __pydantic_config__ = SENT_JSON

    order: Annotated[str, Field(min_length=1, max_length=_LONGEST)]
    speed: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class FaultRequest:
    """Something that is let fail, or is well again.

    Attributes:
        do: which of the two.
        image: an image, or a pattern of images; ``""`` where a pod is meant.
        pod: a pod.
        how: how it fails.

    """

    __pydantic_config__ = SENT_JSON

    do: Literal["fail", "heal"]
    image: Annotated[str, Field(max_length=_LONGEST)] = ""
    pod: ObjectName | None = None
    how: Failure = Failure.CRASH


def clock_of(world: World, said: str = "") -> ClockPage:
    """Return how time goes on."""
    pace = world.pace
    faults = tuple(FaultLine(image=image, how=str(how)) for image, how in sorted(world.failures.items()))
    now = timestamp(world.clock.now())
    if not isinstance(pace, SteeredPace):
        return ClockPage(is_virtual=False, time=now, said=said, faults=faults)
    due = world.runtime.due()
    return ClockPage(
        is_virtual=True,
        time=now,
        speed=pace.speed,
        goal=pace.goal,
        next=timestamp(due) if due is not None else "",
        said=said,
        faults=faults,
    )


def steered(world: World, request: ClockRequest) -> ClockPage:
    """Give the clock an order.

    Raises:
        InputError: it is the machine's, or cannot do that.

    """
    return clock_of(world, steering.steer(world, steering.order_of(request.order, request.speed)))


def faulted(world: World, request: FaultRequest) -> ClockPage:
    """Let something fail, or be well again.

    Raises:
        InputError: it is not there, or does not fail.

    """
    if request.pod is not None:
        cluster = world.clusters.get(request.pod.cluster)
        live = cluster.get(request.pod.key) if cluster is not None else None
        if live is None:
            raise InputError(f"{request.pod.cluster}: {request.pod.key} is not there any more")
        item = LiveObject(request.pod.cluster, live)
        does_fail = request.do == "fail"
        said = steering.fail_pod(world, item, request.how) if does_fail else steering.heal_pod(world, item)
    elif request.do == "fail":
        said = steering.fail_image(world, request.image, request.how)
    else:
        said = steering.heal_image(world, request.image)
    return clock_of(world, said)
