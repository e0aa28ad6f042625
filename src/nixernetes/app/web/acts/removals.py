"""What a deletion would do, as the page tells it before it is asked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from nixernetes.app.console import changing
from nixernetes.app.console.leaving import AffectedObject, Cascade, expected
from nixernetes.app.console.selecting import LiveObject
from nixernetes.app.web.values import ObjectName
from nixernetes.app.web.wire import AS_JSON
from nixernetes.app.worlds import World
from nixernetes.errors import InputError

__all__ = ["RemovalLine", "RemovalPage", "removal_of"]

_MOST: Final = 300  # lines of either list


@dataclass(frozen=True, slots=True, kw_only=True)
class RemovalLine:
    """An object that goes or stays.

    Attributes:
        id: the object.
        why: why it stays, or what it waits for.

    """

    __pydantic_config__ = AS_JSON

    id: ObjectName
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RemovalPage:
    """What deleting an object would do.

    Attributes:
        says: what happens, in sentences.
        goes: what goes with it: the first three hundred.
        going: how many go with it.
        stays: what it brought or owns, and stays: the first three hundred.
        staying: how many stay.
        is_cut: whether more would go than is followed.
        again: who brings it again, and when.

    """

    __pydantic_config__ = AS_JSON

    says: tuple[str, ...] = ()
    goes: tuple[RemovalLine, ...] = ()
    going: int = 0
    stays: tuple[RemovalLine, ...] = ()
    staying: int = 0
    is_cut: bool = False
    again: tuple[str, ...] = ()


def removal_of(world: World, wanted: ObjectName, cascade: str) -> RemovalPage:
    """Return what deleting an object would do.

    Raises:
        InputError: it is not there, or there is no such way of deleting.

    """
    if cascade not in {*Cascade}:
        raise InputError(f"no such way of deleting: {cascade!r}")
    cluster = world.clusters.get(wanted.cluster)
    live = cluster.get(wanted.key) if cluster is not None else None
    if live is None:
        raise InputError(f"{wanted.cluster}: {wanted.key} is not there: it may have been deleted")
    item = LiveObject(wanted.cluster, live)
    found = expected(world, item, Cascade(cascade))
    return RemovalPage(
        says=tuple(found.says),
        goes=_lines(found.goes),
        going=len(found.goes),
        stays=_lines(found.stays),
        staying=len(found.stays),
        is_cut=found.is_cut,
        again=tuple(changing.undone(world, item)),
    )


def _lines(parts: Sequence[AffectedObject]) -> tuple[RemovalLine, ...]:
    return tuple(RemovalLine(id=ObjectName.of(part.cluster, part.key), why=part.why) for part in parts[:_MOST])
