"""Who owns whom, and what deleting asks of the store."""

from __future__ import annotations

from typing import Final, Protocol

from nixernetes.objects.fields import items_at, objects_at, text_at
from nixernetes.objects.identity import GroupKind, ObjectKey, key_of
from nixernetes.objects.kinds import JOB, REPLICATION_CONTROLLER
from nixernetes.objects.manifest import Json, Manifest

__all__ = [
    "FOREGROUND",
    "ORPHAN",
    "DeletionStore",
    "Dependents",
    "finalizers_of",
    "is_going",
    "orphans_by_default",
    "owners_of",
]

FOREGROUND: Final = "foregroundDeletion"
ORPHAN: Final = "orphan"
_ORPHANING: Final = frozenset([JOB, REPLICATION_CONTROLLER])


class DeletionStore(Protocol):
    """What deleting asks of the store."""

    def get(self, key: ObjectKey) -> Manifest | None:
        """Return an object, or None."""
        ...

    def replace(self, key: ObjectKey, new: Manifest) -> Manifest:
        """Store a new state."""
        ...

    def drop(self, key: ObjectKey) -> None:
        """Take an object out."""
        ...

    def in_namespace(self, namespace: str) -> list[ObjectKey]:
        """Return the keys of everything in a namespace."""
        ...

    def list(self, kind: GroupKind, *, namespace: str | None = None) -> list[Manifest]:
        """Return the objects of a kind, of one namespace or of all."""
        ...

    def is_namespaced(self, kind: GroupKind) -> bool | None:
        """Tell whether a served kind is namespaced; None when it is not served."""
        ...

    def now(self) -> str:
        """Return the present moment."""
        ...


class Dependents:
    """Knows who owns whom; forgotten with the dependents."""

    def __init__(self) -> None:
        self._dependents: dict[str, set[ObjectKey]] = {}

    def of(self, uid: str) -> list[ObjectKey]:
        """Return what an object owns, sorted."""
        return sorted(self._dependents[uid]) if uid in self._dependents else []

    def note(self, manifest: Manifest) -> None:
        """Remember an object's owners."""
        for owner in owners_of(manifest):
            self._dependents.setdefault(owner["uid"], set()).add(key_of(manifest))

    def forget(self, manifest: Manifest) -> None:
        """Forget an object's owners."""
        for owner in owners_of(manifest):
            rest = self._dependents.setdefault(owner["uid"], set())
            rest.discard(key_of(manifest))
            if not rest:
                del self._dependents[owner["uid"]]


def orphans_by_default(kind: GroupKind) -> bool:
    """Tell whether what objects of a kind own stays when nothing is said about it."""
    return kind in _ORPHANING


def owners_of(manifest: Manifest) -> list[Json]:
    """Return the references to the owners of an object, those that name one."""
    found = objects_at(manifest, "metadata", "ownerReferences")
    return [owner for owner in found if all(text_at(owner, part) for part in ("uid", "kind", "name"))]


def finalizers_of(live: Manifest) -> list[str]:
    """Return the finalizers of an object."""
    return items_at(live, "metadata", "finalizers")


def is_going(live: Manifest) -> bool:
    """Tell whether an object was asked to go."""
    return bool(text_at(live, "metadata", "deletionTimestamp"))
