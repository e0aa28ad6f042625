"""Why not all is ready, for the page: each reason once, with who has it and who only waits."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from pydantic import ConfigDict
from pydantic.alias_generators import to_camel

from nixernetes.app.web.values import ObjectName
from nixernetes.engine.reports import DeliveryRow, Report, State, troubles

__all__ = ["ReasonLine", "ReasonsPage", "Unready", "reasons_page"]

_AS_JSON: Final = ConfigDict(alias_generator=to_camel, populate_by_name=True)
_READY: Final = ("ready", "suspended")


@dataclass(frozen=True, slots=True, kw_only=True)
class Unready:
    """A delivery that is not ready.

    Attributes:
        id: who it is.
        state: failed or progressing.
        origin: ``file:line`` where it is written, ``""`` where that is not known.

    """

    __pydantic_config__ = _AS_JSON

    id: ObjectName
    state: State
    origin: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReasonLine:
    """One reason.

    Attributes:
        state: how those stand that have it.
        why: what the engine says.
        remedy: what helps the first of them.
        deliveries: who has it.
        held_up: who only waits for one of them, directly or not.

    """

    __pydantic_config__ = _AS_JSON

    state: State
    why: tuple[str, ...]
    remedy: str
    deliveries: tuple[Unready, ...]
    held_up: tuple[Unready, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReasonsPage:
    """Why not all is ready.

    Attributes:
        reasons: each once; what holds up most comes first, failures before what is on its way.
        ready: how many deliveries are ready or suspended.
        total: how many there are.

    """

    __pydantic_config__ = _AS_JSON

    reasons: tuple[ReasonLine, ...]
    ready: int
    total: int


def reasons_page(report: Report) -> ReasonsPage:
    """Return the reasons of a report."""
    unready = [row for row in report.deliveries if row.state not in _READY]
    lines = [
        ReasonLine(
            state=found.deliveries[0].state,
            why=found.why,
            remedy=found.remedy,
            deliveries=_named(found.deliveries),
            held_up=_named(found.held_up),
        )
        for found in troubles(unready, report)
    ]
    lines.sort(key=lambda line: (line.state != "failed", -len(line.deliveries) - len(line.held_up)))
    total = len(report.deliveries)
    return ReasonsPage(reasons=tuple(lines), ready=total - len(unready), total=total)


def _named(rows: Iterable[DeliveryRow]) -> tuple[Unready, ...]:
    return tuple(Unready(id=ObjectName.of(row.cluster, row.key), state=row.state, origin=row.origin) for row in rows)
