"""Which kinds are kept in another version than they are written in, and how they get there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from nixernetes.cluster.conversions import autoscaling, events
from nixernetes.objects.identity import GroupKind
from nixernetes.objects.kinds import EVENT, EVENT_OF_EVENTS
from nixernetes.objects.manifest import Manifest

__all__ = ["converted", "kept_as", "kept_kind"]

Converter = Callable[[Manifest], Manifest]
_KEPT: Final = {  # the version that a version is kept in
    ("HorizontalPodAutoscaler", autoscaling.V1): autoscaling.V2,
    ("Event", events.OF_EVENTS): events.CORE,
}
_CONVERTERS: Final[dict[tuple[str, str, str], Converter]] = {
    ("HorizontalPodAutoscaler", autoscaling.V1, autoscaling.V2): autoscaling.from_v1,
    ("HorizontalPodAutoscaler", autoscaling.V2, autoscaling.V1): autoscaling.to_v1,
    ("Event", events.OF_EVENTS, events.CORE): events.to_core,
    ("Event", events.CORE, events.OF_EVENTS): events.from_core,
}


def converted(manifest: Manifest, api_version: str) -> Manifest:
    """Return an object in another version of its kind; itself where that is its own."""
    if manifest["apiVersion"] == api_version:
        return manifest
    convert = _CONVERTERS.get((manifest["kind"], manifest["apiVersion"], api_version))
    found = convert(manifest) if convert is not None else manifest
    return {**found, "apiVersion": api_version}


def kept_as(manifest: Manifest) -> Manifest:
    """Return an object in the version that its kind is kept in: most kinds are kept as they are written."""
    version = _KEPT.get((manifest["kind"], manifest["apiVersion"]))
    return manifest if version is None else converted(manifest, version)


def kept_kind(kind: GroupKind) -> GroupKind:
    """Return the kind under which objects are kept: the Events of both groups are the same."""
    return EVENT if kind == EVENT_OF_EVENTS else kind
