"""What came of a request, object by object, while it goes and after it: hooks, waves, and what each object says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from pydantic import ConfigDict
from pydantic.alias_generators import to_camel

from nixernetes.app.console.happenings import events_of, one_line
from nixernetes.app.console.outcomes import is_removal
from nixernetes.app.web.values import ObjectName
from nixernetes.app.worlds import World
from nixernetes.objects.clocks import timestamp
from nixernetes.objects.fields import flag_at, mapping_at, objects_at, text_at
from nixernetes.objects.identity import ObjectKey, group_kind
from nixernetes.objects.kinds import APPLICATION
from nixernetes.objects.manifest import Manifest

__all__ = ["ResultRow", "confirmation_of", "result_rows", "waiting_of"]

_MOST: Final = 500  # rows
_OUTCOME: Final = re.compile(r"(\S+/\S+) (created|configured|unchanged|deleted|skipped)")


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultRow:
    """What became of one object.

    Attributes:
        name: who it is, or what was done where no object is named.
        status: what became of it, in the words of its engine.
        message: what the engine says.
        phase: of Argo CD: the phase that it is of (PreSync, Sync, ...).
        wave: of Argo CD: its wave; None where that is not known.
        hook: of Argo CD: which hook it is.

    """

    __pydantic_config__ = ConfigDict(alias_generator=to_camel)

    name: str
    status: str = ""
    message: str = ""
    phase: str = ""
    wave: int | None = None
    hook: str = ""


def result_rows(world: World, wanted: ObjectName, token: str) -> tuple[ResultRow, ...]:
    """Return what became of the objects of a delivery since something was asked of it.

    Args:
        world: the world.
        wanted: the delivery.
        token: the token of the request.

    """
    live = world.clusters[wanted.cluster].get(wanted.key) if wanted.cluster in world.clusters else None
    if live is None or is_removal(token):
        return ()
    if wanted.key.group_kind == APPLICATION:
        rows = _of_application(world, wanted, live)
    else:
        rows = _of_flux(world, wanted, token)
    return tuple(row for _, row in zip(range(_MOST), rows, strict=False))


def _of_application(world: World, wanted: ObjectName, live: Manifest) -> Iterator[ResultRow]:
    from nixernetes.engine.argocd.sync.hooks import wave_of  # noqa: PLC0415  # takes long to import

    is_over = text_at(live, "status", "operationState", "phase") != "Running"
    for each in objects_at(live, "status", "operationState", "syncResult", "resources"):
        key = ObjectKey(*(text_at(each, part) for part in ("group", "kind", "namespace", "name")))
        rendered = world.rendered(wanted.cluster, wanted.key, key)
        yield ResultRow(
            name=str(key),
            status=_status(each, is_over=is_over),
            message=one_line(text_at(each, "message")),
            phase=text_at(each, "syncPhase"),
            wave=wave_of(rendered.manifest) if rendered is not None else None,
            hook=text_at(each, "hookType"),
        )


def _status(row: Manifest, *, is_over: bool) -> str:
    """Return what became of an object: of a hook how it ended, of another whether it is applied and, then, healthy."""
    phase, status = text_at(row, "hookPhase"), text_at(row, "status")
    shows_phase = text_at(row, "hookType") or not status or (phase == "Running" and not is_over)
    return phase if shows_phase else status


def _of_flux(world: World, wanted: ObjectName, token: str) -> Iterator[ResultRow]:
    """Yield what its controller has told since: a line for each object, in the order in which it went."""
    since = token.rstrip("+")
    for event in events_of(world, wanted.cluster, wanted.key):
        if timestamp(event.time) < since:
            continue
        for line in event.message.splitlines():
            found = _OUTCOME.fullmatch(line.strip())
            if found is not None:
                yield ResultRow(name=found[1], status=found[2])
            elif line.strip():
                yield ResultRow(name=event.reason, status=event.type, message=line.strip())


def waiting_of(world: World, wanted: ObjectName) -> str:
    """Return what a running operation, or a deletion, says that it waits for; ``""`` where nothing is said."""
    live = world.clusters[wanted.cluster].get(wanted.key) if wanted.cluster in world.clusters else None
    if live is None:
        return ""
    needs = confirmation_of(live)
    if needs:
        return needs
    if text_at(live, "metadata", "deletionTimestamp"):
        return "it goes when its finalizers are gone"
    state = mapping_at(live, "status", "operationState")
    return one_line(text_at(state, "message")) if text_at(state, "phase") == "Running" else ""


def confirmation_of(live: Manifest) -> str:
    """Return what of an Application waits until a person confirms it; ``""`` where nothing does."""
    if group_kind(live) != APPLICATION:
        return ""
    deleted = text_at(live, "metadata", "deletionTimestamp")
    if deleted:
        from nixernetes.engine.argocd import moments  # noqa: PLC0415  # takes long to import
        from nixernetes.engine.argocd.sync.hooks import is_approved  # noqa: PLC0415  # same

        since = moments.parse(deleted)
        held = [
            each for each in objects_at(live, "status", "resources") if flag_at(each, "requiresDeletionConfirmation")
        ]
        if not held or since is None or is_approved(live, since):
            return ""
        return f"the deletion waits for a confirmation, for {_several(held)}"
    state = mapping_at(live, "status", "operationState")
    message = text_at(state, "message")
    return message if text_at(state, "phase") == "Running" and "confirmation of" in message else ""


def _several(rows: list[Manifest]) -> str:
    first = "/".join(filter(None, (text_at(rows[0], part) for part in ("kind", "namespace", "name"))))
    return first if len(rows) == 1 else f"{first} and {len(rows) - 1} more"
