"""Orphaned resources of a project: what stands in the namespaces that it delivers to and nobody owns (section 3.8).

Argo CD counts them, and names them in its page alone; here they are named.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from nixernetes.app.web.values import DeliveryLine, ObjectName
from nixernetes.app.web.views.reading import Reading
from nixernetes.engine.argocd.comparison.tracking import Tracking
from nixernetes.engine.argocd.comparison.warnings import is_left_out
from nixernetes.engine.argocd.statuses import owners_of
from nixernetes.errors import InputError
from nixernetes.objects.api_groups import EVENTS
from nixernetes.objects.fields import text_at
from nixernetes.objects.identity import ObjectKey, key_of
from nixernetes.objects.kinds import CONFIG_MAP, EVENT
from nixernetes.objects.manifest import Json, Manifest
from nixernetes.objects.well_known import ARGOCD_NAMESPACE

__all__ = ["orphans_of"]

_SETTINGS: Final = ObjectKey(CONFIG_MAP.group, CONFIG_MAP.kind, ARGOCD_NAMESPACE, "argocd-cm")
_NO_LIST: Final = frozenset((EVENT, (EVENTS, "Event")))


def orphans_of(
    reading: Reading, hub: str, block: Json, users: Sequence[tuple[DeliveryLine, Manifest | None]]
) -> Iterator[ObjectName]:
    """Yield the orphans of a project, by cluster, kind and name; nothing where it does not look for them.

    Args:
        reading: the clusters; nothing is known of one that does not run here.
        hub: the cluster of its Argo CD.
        block: its ``orphanedResources``.
        users: its Applications.

    """
    if not isinstance(block, dict) or reading.mode != "run":
        return
    places: dict[str, set[str]] = {}
    for line, app in users:
        namespace = text_at(app, "spec", "destination", "namespace") if app is not None else ""
        if namespace:
            places.setdefault(line.destination, set()).add(namespace)
    tracking = _tracking(reading, hub)
    for place, namespaces in sorted(places.items()):
        for kind, count in sorted(reading.kinds(place).items()):
            for item in reading.list(place, kind) if count and kind not in _NO_LIST else ():
                key = key_of(item)
                is_owned = bool(owners_of(item)) or bool(tracking.owner(item))
                if key.namespace in namespaces and not is_owned and not is_left_out(key, block):
                    yield ObjectName.of(place, key)


def _tracking(reading: Reading, hub: str) -> Tracking:
    data = reading.get(hub, _SETTINGS)
    method = text_at(data, "data", "application.resourceTrackingMethod")
    label = text_at(data, "data", "application.instanceLabelKey")
    try:
        return Tracking(**{name: text for name, text in (("method", method), ("label", label)) if text})
    except InputError:  # its controller says so itself
        return Tracking()
