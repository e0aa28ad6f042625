"""What is certainly on a cluster before a delivery is applied.

Flux (kustomize-controller v1.9, helm-controller v1.6): a delivery starts when what it depends on is Ready. Ready means
applied; with ``wait`` or a health check, what it brought is Ready too. A parent has applied its definitions of custom
kinds before the child exists. Argo CD v3.5: Applications of one parent are applied in waves, lower ones first.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from nixernetes.objects.fields import flag_at, objects_at, text_at
from nixernetes.objects.identity import ObjectKey
from nixernetes.objects.kinds import APPLICATION, HELM_RELEASE, KUSTOMIZATION
from nixernetes.objects.manifest import Manifest, annotations_of
from nixernetes.objects.well_known import ARGOCD_SYNC_WAVE
from nixernetes.render.deliveries import Delivery
from nixernetes.render.dependency_circles import dependencies_of

__all__ = ["Ordering", "wave_of"]


def wave_of(manifest: Manifest) -> int:
    """Return the sync wave of an object; 0 where none can be read."""
    try:
        return int(annotations_of(manifest).get(ARGOCD_SYNC_WAVE, "0"))
    except ValueError:
        return 0


@dataclass(frozen=True)
class Ordering:
    """The order of the deliveries of one cluster.

    Attributes:
        deliveries: the deliveries.

    """

    deliveries: Sequence[Delivery]
    _before: dict[ObjectKey, frozenset[ObjectKey]] = field(default_factory=dict, compare=False, repr=False)

    @cached_property
    def known(self) -> Mapping[ObjectKey, Delivery]:
        """The deliveries by identity."""
        return {each.key: each for each in self.deliveries}

    @cached_property
    def children(self) -> Mapping[ObjectKey, list[Delivery]]:
        """The deliveries that each brings."""
        found: dict[ObjectKey, list[Delivery]] = {}
        for each in self.deliveries:
            if each.parents:
                found.setdefault(each.parents[0], []).append(each)
        return found

    def before(self, key: ObjectKey) -> frozenset[ObjectKey]:
        """Return the deliveries that are applied before one starts."""
        known = self._before.get(key)
        if known is None:
            self._before[key] = frozenset()  # for circles
            known = self._before[key] = frozenset(self._found(key))
        return known

    def _found(self, key: ObjectKey) -> set[ObjectKey]:
        delivery = self.known.get(key)
        if delivery is None:
            return set()
        found: set[ObjectKey] = set()
        for needed in dependencies_of(delivery.manifest):
            found |= self._ready(needed)
        for parent in delivery.parents[:1]:
            found |= {parent} | self.before(parent)
            if parent.group_kind == APPLICATION:
                wave = wave_of(delivery.manifest)
                for sibling in self.children.get(parent, ()):
                    if wave_of(sibling.manifest) < wave:
                        found |= self._ready(sibling.key)
        return found

    def _ready(self, key: ObjectKey, depth: int = 0) -> set[ObjectKey]:
        """Return what is applied when a delivery is Ready."""
        delivery = self.known.get(key)
        if delivery is None:
            return set()
        found = {key} | self.before(key)
        for child in self.children.get(key, ()) if depth < _DEEPEST else ():
            if waits_for(delivery, child.key):
                found |= self._ready(child.key, depth + 1)
        return found


_DEEPEST = 20  # levels of deliveries that bring deliveries; no platform nests ten


def waits_for(delivery: Delivery, child: ObjectKey) -> bool:
    """Tell whether a delivery is Ready only when something that it brings is."""
    if delivery.key.group_kind != KUSTOMIZATION:
        return delivery.key.group_kind == APPLICATION and child.group_kind in (APPLICATION, HELM_RELEASE)
    if flag_at(delivery.manifest, "spec", "wait"):
        return True
    return any(
        (text_at(each, "kind"), text_at(each, "namespace"), text_at(each, "name")) == child[1:]
        for each in objects_at(delivery.manifest, "spec", "healthChecks")
    )
