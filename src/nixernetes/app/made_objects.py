"""What operators and Jobs make on a cluster that runs none of them: pods that need it are not held up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nixernetes.cluster.api import Event, EventType
from nixernetes.cluster.embedded import EmbeddedCluster
from nixernetes.objects.api_groups import RBAC
from nixernetes.objects.identity import ObjectKey, key_of
from nixernetes.objects.kinds import CONFIG_MAP, INGRESS, SECRET, STATEFUL_SET
from nixernetes.objects.manifest import Manifest, annotations_of
from nixernetes.objects.provenance import Origin

if TYPE_CHECKING:
    from nixernetes.verify.references.made import MadeObjects

__all__ = ["MadeElsewhere"]


class MadeElsewhere:
    """Tells whether something that does not run here makes an object of a cluster, or may make it.

    It holds the objects that make others, as long as they are there, and reads them when it is asked.

    Args:
        cluster: the cluster.

    """

    def __init__(self, cluster: EmbeddedCluster) -> None:
        self._name = cluster.name
        self._makers: dict[ObjectKey, Manifest] = {}
        self._found: MadeObjects | None = None
        cluster.watch(self._note)

    def __call__(self, key: ObjectKey) -> bool:
        """Tell whether an object is made, or may be."""
        if not self._makers:
            return False
        if self._found is None:
            self._found = _made(self._name, self._makers)
        return self._found.has(key) or self._found.may_have(key)

    def _note(self, event: Event) -> None:
        key = key_of(event.object)
        if event.type is EventType.DELETED:
            if self._makers.pop(key, None) is not None:
                self._found = None
        elif _may_make(key, event.object):
            self._makers[key] = event.object
            self._found = None


def _may_make(key: ObjectKey, item: Manifest) -> bool:
    if key.group_kind in (SECRET, CONFIG_MAP):
        return bool(annotations_of(item))
    return key.group == RBAC or "." in key.group or key.group_kind in (STATEFUL_SET, INGRESS)


def _made(name: str, makers: dict[ObjectKey, Manifest]) -> MadeObjects:
    from nixernetes.verify.objects import ClusterObjects, Placed  # noqa: PLC0415  # most pods lack nothing
    from nixernetes.verify.references.made import MadeObjects  # noqa: PLC0415  # same

    placed = tuple(Placed(key=key, manifest=item, origin=Origin()) for key, item in sorted(makers.items()))
    return MadeObjects(ClusterObjects(name=name, hub=name, placed=placed, deliveries=()))
