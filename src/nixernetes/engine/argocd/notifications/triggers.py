"""Triggers: which conditions hold, and under which key a delivery is remembered (``pkg/triggers``, ``state.go``)."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from nixernetes.engine.argocd.notifications.subscribers import NotificationRecipient
from nixernetes.engine.notices.encoding import go_json
from nixernetes.languages import expr
from nixernetes.objects.fields import at, items_at
from nixernetes.objects.manifest import Json, Manifest, annotations_of
from nixernetes.objects.well_known import ARGOCD_NOTIFIED

__all__ = ["ConditionResult", "Remembered", "run_trigger"]

_MOST: Final = 100  # deliveries that an Application remembers


@dataclass(frozen=True, slots=True, kw_only=True)
class ConditionResult:
    """A condition of a trigger.

    Attributes:
        key: which one it is: its place, and the hash of its expression.
        templates: what it sends.
        holds: whether it holds.
        once_per: what it is sent once for, or ``""``.

    """

    key: str
    templates: tuple[str, ...]
    holds: bool
    once_per: str = ""

    def memory(self, trigger: str, to: NotificationRecipient, namespace: str) -> str:
        """Return the key under which a delivery is remembered; of a namespace's own settings it names that."""
        parts = filter(None, (self.once_per, namespace, trigger, self.key))
        return ":".join((*parts, to.service, to.recipient))


def run_trigger(conditions: Iterable[Json], values: Mapping[str, Json]) -> list[ConditionResult]:
    """Return the conditions of a trigger; one that fails on these values does not hold.

    Raises:
        InputError: an expression cannot be read, or uses what is not supported.

    """
    found = []
    for index, condition in enumerate(conditions):
        when, once = at(condition, "when"), at(condition, "oncePer")
        text = _text(when)
        digest = base64.urlsafe_b64encode(hashlib.sha1(text.encode(), usedforsecurity=False).digest())
        holds = _value(text or "false", values) is True
        found.append(
            ConditionResult(
                key=f"[{index}].{digest.decode().rstrip('=')}",
                templates=tuple(str(each) for each in items_at(condition, "send")),
                holds=holds,
                once_per=expr.shown(_value(_text(once), values)) if holds and once else "",
            )
        )
    return found


def _text(value: Json) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)


def _value(text: str, values: Mapping[str, Json]) -> Json:
    try:
        return expr.evaluate(text, values)
    except expr.EvaluationFailure:
        return None


class Remembered:
    """What an Application remembers of deliveries: its annotation ``notified.notifications.argoproj.io``."""

    def __init__(self, app: Manifest) -> None:
        try:
            found = json.loads(annotations_of(app).get(ARGOCD_NOTIFIED) or "{}")
        except (ValueError, RecursionError):
            found = {}
        sound = isinstance(found, dict) and all(type(moment) is int for moment in found.values())
        self.moments: dict[str, int] = found if sound else {}

    def told(self, key: str, moment: int) -> bool:
        """Take note of a delivery; return whether it is a new one."""
        if key in self.moments:
            return False
        self.moments[key] = moment
        return True

    def forget(self, result: ConditionResult, key: str) -> None:
        """Forget a delivery whose condition does not hold any more, or which failed; not one that is sent once for."""
        if not result.once_per:
            self.moments.pop(key, None)

    def text(self) -> str:
        """Return the annotation; of more than a hundred deliveries the latest."""
        latest = sorted(self.moments.items(), key=lambda item: (item[1], item[0]))[-_MOST:]
        return go_json(dict(sorted(latest))).decode() if latest else ""
