"""The ConfigMaps, Secrets and ServiceAccounts that objects name and that the repository does not bring."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from nixernetes.objects.identity import ObjectKey
from nixernetes.objects.kinds import CONFIG_MAP, SECRET, SERVICE_ACCOUNT
from nixernetes.verify.objects import ClusterObjects, Placed
from nixernetes.verify.references.graph import references
from nixernetes.verify.references.made import MadeObjects

__all__ = ["NeededObject", "needed_objects"]

_KINDS: Final = (CONFIG_MAP, SECRET, SERVICE_ACCOUNT)


@dataclass(frozen=True, slots=True, kw_only=True)
class NeededObject:
    """An object that has to be there.

    Attributes:
        subjects: who names it.
        may_be_made: whether something that the repository brings may make it.

    """

    subjects: tuple[Placed, ...]
    may_be_made: bool


def needed_objects(cluster: ClusterObjects) -> dict[ObjectKey, NeededObject]:
    """Return the objects that are named and that the repository neither brings nor makes, by identity."""
    made = MadeObjects(cluster)
    found: dict[ObjectKey, list[Placed]] = {}
    for reference in references(cluster):
        key = reference.target
        if key.group_kind not in _KINDS or cluster.has(key) or made.has(key):
            continue
        if (key.group_kind, key.name) == (SERVICE_ACCOUNT, "default"):
            continue  # every namespace has one
        found.setdefault(key, []).append(reference.subject)
    return {
        key: NeededObject(
            subjects=tuple(items),
            may_be_made=made.may_have(key) or cluster.may_have(key.namespace, group=key.group),
        )
        for key, items in sorted(found.items())
    }
