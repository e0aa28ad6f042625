"""``nixernetes status`` on the command line."""

from __future__ import annotations

import sys
from collections import Counter
from datetime import datetime
from typing import Final

from nixernetes.app.live.status import LiveStatus, StatusQuestion, status
from nixernetes.cli.questions.asking import checked_form
from nixernetes.cli.questions.printing import columns, data, say
from nixernetes.cluster.tables.ages import age
from nixernetes.engine.reports import short_revision
from nixernetes.engine.reports.standings import DeliveryStanding
from nixernetes.objects.clocks import timestamp
from nixernetes.objects.manifest import Json

__all__ = ["run"]

_HEADS: Final = ["CONTEXT", "KIND", "NAMESPACE", "NAME", "STATE", "HEALTH", "REASON", "REVISION", "AGE", "MESSAGE"]
_STATES: Final = ("ready", "progressing", "failed", "suspended")


def run(question: StatusQuestion, output: str) -> None:
    """Print how deliveries stand; exits with 1 where something could not be read."""
    form = checked_form(output, ("yaml", "json"))
    found = status(question)
    if form:
        data(_as_json(found), form)
    elif found.deliveries:
        columns(_HEADS, [_cells(each, found.now) for each in found.deliveries])
    for context, fault in found.faults:
        say(f"{context}: {fault}", err=True)
    if not form and not found.faults:
        say(_counted(found), err=True)
    if found.faults:
        sys.exit(1)


def _cells(item: DeliveryStanding, now: datetime) -> list[str]:
    key = item.key
    shown = [item.context, key.kind, key.namespace, key.name, item.state, item.health, item.reason]
    return [*shown, short_revision(item.revision), age(item.created, now), short_revision(item.message)]


def _counted(found: LiveStatus) -> str:
    counts = Counter(each.state for each in found.deliveries)
    states = ", ".join(f"{counts[state]} {state}" for state in _STATES if counts[state])
    total, contexts = len(found.deliveries), len(found.contexts)
    where = found.contexts[0] if contexts == 1 else f"{contexts} contexts"
    return f"{total} {'delivery' if total == 1 else 'deliveries'} in {where}{f': {states}' if states else ''}"


def _as_json(found: LiveStatus) -> Json:
    """Return the answer as data; ``docs/real-clusters.md`` documents the fields, which stay as they are."""
    return {
        "time": timestamp(found.now),
        "contexts": list(found.contexts),
        "deliveries": [
            {
                "context": each.context,
                "group": each.key.group,
                "kind": each.key.kind,
                "namespace": each.key.namespace,
                "name": each.key.name,
                "state": each.state,
                "health": each.health,
                "status": each.status,
                "reason": each.reason,
                "revision": each.revision,
                "message": each.message,
                "created": each.created,
            }
            for each in found.deliveries
        ],
        "faults": [{"context": context, "message": message} for context, message in found.faults],
    }
