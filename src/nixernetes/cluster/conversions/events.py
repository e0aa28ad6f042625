"""Events of the core group and of ``events.k8s.io``: the same objects, whose fields have other names.

After Kubernetes 1.34.4: ``pkg/apis/events/v1/conversion.go``, and ``pkg/apis/core/validation/events.go`` for what is
refused of those that are written as ``events.k8s.io/v1``.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Final

from nixernetes.objects.api_groups import EVENTS
from nixernetes.objects.fields import mapping_at, number_at, text_at
from nixernetes.objects.manifest import Json, Manifest

__all__ = ["CORE", "OF_EVENTS", "event_problems", "from_core", "to_core"]

CORE: Final = "v1"
OF_EVENTS: Final = f"{EVENTS}/v1"
_NAMES: Final = {
    "involvedObject": "regarding",
    "message": "note",
    "reportingComponent": "reportingController",
    "source": "deprecatedSource",
    "firstTimestamp": "deprecatedFirstTimestamp",
    "lastTimestamp": "deprecatedLastTimestamp",
    "count": "deprecatedCount",
}
_IN_CORE: Final = {other: name for name, other in _NAMES.items()}
_OPTIONAL: Final = ("reportingController", "reportingInstance", "note", "reason", "action", "type")
_ALWAYS: Final[Manifest] = {
    "involvedObject": {},
    "source": {},
    "firstTimestamp": None,
    "lastTimestamp": None,
    "eventTime": None,
    "reportingComponent": "",
    "reportingInstance": "",
}
_ALWAYS_OF_EVENTS: Final[Manifest] = {
    "eventTime": None,
    "regarding": {},
    "deprecatedSource": {},
    "deprecatedFirstTimestamp": None,
    "deprecatedLastTimestamp": None,
}
_FIXED: Final = (
    *("involvedObject", "reason", "message", "source", "firstTimestamp", "lastTimestamp", "count", "reason", "type"),
    *("eventTime", "action", "related", "reportingComponent", "reportingInstance"),
)
_UNSET: Final = ("firstTimestamp", "lastTimestamp", "count")
_LONGEST: Final = {"reportingInstance": 128, "action": 128, "reason": 128, "message": 1024}


def to_core(event: Manifest) -> Manifest:
    """Return an Event of ``events.k8s.io/v1`` as one of the core group."""
    return {**_ALWAYS, **{_IN_CORE.get(name, name): value for name, value in event.items()}}


def from_core(event: Manifest) -> Manifest:
    """Return an Event of the core group as one of ``events.k8s.io/v1``."""
    found = {_NAMES.get(name, name): value for name, value in event.items()}
    return {**_ALWAYS_OF_EVENTS, **{name: value for name, value in found.items() if not (_is_empty(name, value))}}


def _is_empty(name: str, value: Json) -> bool:
    return name in _OPTIONAL and value == ""


def event_problems(new: Manifest, old: Manifest | None, *, is_strict: bool) -> Iterator[str]:
    """Yield what is wrong with an Event, as ``field: message``.

    Args:
        new: the Event, of the core group.
        old: what it replaces.
        is_strict: whether it is written as ``events.k8s.io/v1``.

    """
    yield from _of_all(new, is_strict=is_strict)
    if not is_strict:
        return
    if old is None or old.get("series") != new.get("series"):
        yield from _series(new)
    if old is not None:
        yield from _changed(new, old)
        return
    if new.get("eventTime") is None:
        yield "eventTime: Required value"
    kind = text_at(new, "type")
    if kind not in ("Normal", "Warning"):
        yield f'type: Invalid value: "": has invalid value: {kind}'
    yield from (f'{name}: Invalid value: "": needs to be unset' for name in _UNSET if new.get(name))
    if mapping_at(new, "source"):
        yield 'source: Invalid value: "": needs to be unset'


def _of_all(new: Manifest, *, is_strict: bool) -> Iterator[str]:
    """Yield what ``legacyValidateEvent`` does."""
    about, place = text_at(new, "involvedObject", "namespace"), text_at(new, "metadata", "namespace")
    strayed = f'involvedObject.namespace: Invalid value: "{about}": does not match event.namespace'
    if new.get("eventTime") is None:
        if (about and about != place) or (not about and place not in ("", "default")):
            yield strayed
        return
    if not about and place not in ("default", "kube-system"):
        yield strayed
    controller = "reportingController" if is_strict else "reportingComponent"
    if not text_at(new, "reportingComponent"):
        yield f"{controller}: Required value"
    for name in ("reportingInstance", "action", "reason", "message"):
        text = text_at(new, name)
        if not text and name != "message":
            yield f"{name}: Required value"
        if len(text) > _LONGEST[name]:
            yield f'{name}: Invalid value: "": can have at most {_LONGEST[name]} characters'


def _series(new: Manifest) -> Iterator[str]:
    series = mapping_at(new, "series")
    if not series:
        return
    if number_at(series, "count") < 2:  # one is no series
        yield 'series.count: Invalid value: "": should be at least 2'
    if series.get("lastObservedTime") is None:
        yield "series.lastObservedTime: Required value"


def _changed(new: Manifest, old: Manifest) -> Iterator[str]:
    for name in _FIXED:
        if (old.get(name) or None) != (new.get(name) or None):
            shown = "reportingController" if name == "reportingComponent" else name
            text = json.dumps(new.get(name), separators=(",", ":"), ensure_ascii=False)
            yield f"{shown}: Invalid value: {text}: field is immutable"
