"""ClusterRoles that gather the rules of others (kubernetes v1.34.4, ``pkg/controller/clusterroleaggregation``)."""

from __future__ import annotations

from typing import Final

from nixernetes.cluster.api import Event
from nixernetes.cluster.controllers.parts import Worker
from nixernetes.objects.fields import objects_at
from nixernetes.objects.identity import ObjectKey, key_of
from nixernetes.objects.kinds import CLUSTER_ROLE
from nixernetes.objects.manifest import Json, Manifest, labels_of
from nixernetes.objects.selectors import matches

__all__ = ["RoleAggregator"]

_MANAGER: Final = "clusterrole-aggregation-controller"


class RoleAggregator(Worker):
    """Writes into gathering roles the rules of the roles that they select."""

    def note(self, event: Event, key: ObjectKey) -> None:
        """Look at all that gather, whenever a role changes."""
        del event
        if key.group_kind == CLUSTER_ROLE:
            self.ask(*(key_of(each) for each in self._cluster.list(CLUSTER_ROLE) if _selectors(each)))

    def handle(self, key: ObjectKey) -> None:
        """Bring the rules of one role up to date."""
        live = self._cluster.get(key)
        if live is None or not _selectors(live):
            return
        rules: list[Json] = []
        for each in sorted(self._cluster.list(CLUSTER_ROLE), key=lambda role: role["metadata"]["name"]):
            if each["metadata"]["name"] != key.name and any(_selects(one, each) for one in _selectors(live)):
                rules += [rule for rule in objects_at(each, "rules") if rule not in rules]
        if rules != objects_at(live, "rules"):
            self._cluster.update({**live, "rules": rules}, manager=_MANAGER)


def _selectors(role: Manifest) -> list[Manifest]:
    return objects_at(role, "aggregationRule", "clusterRoleSelectors")


def _selects(selector: Manifest, role: Manifest) -> bool:
    try:
        return matches(selector, labels_of(role))
    except ValueError:
        return False
