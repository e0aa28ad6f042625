"""What policies may ask about the cluster that they are in, as it is at the moment."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Protocol, TypeAlias, overload

from nixernetes.kyverno.engine.cluster.answers import ClusterAnswers
from nixernetes.kyverno.engine.contexts import PolicySurroundings
from nixernetes.objects.fields import text_at
from nixernetes.objects.identity import GroupKind, ObjectKey
from nixernetes.objects.kinds import NAMESPACE
from nixernetes.objects.manifest import Manifest, labels_of
from nixernetes.schemas.plurals import plurals_of

__all__ = ["PolicyStore", "surroundings"]

_Objects: TypeAlias = list[Manifest]
_Kinds: TypeAlias = list[GroupKind]


class PolicyStore(Protocol):
    """What the policies, and what they ask for, are read from."""

    def get(self, key: ObjectKey) -> Manifest | None:
        """Return an object, or None."""
        ...

    def list(self, kind: GroupKind) -> _Objects:
        """Return the objects of a kind."""
        ...

    def kinds(self) -> _Kinds:
        """Return the kinds that are served."""
        ...

    def written(self) -> _Objects:
        """Return all objects."""
        ...

    def apply(self, manifest: Manifest, *, manager: str, force: bool = False) -> Manifest:
        """Write an object."""
        ...


def surroundings(store: PolicyStore) -> PolicySurroundings:
    """Return a cluster as policies see it."""
    answers = ClusterAnswers(is_known=True, held=_Resources(store))
    return PolicySurroundings(objects=_Everything(store), namespace_labels=_NamespaceLabels(store), answers=answers)


class _Everything(Sequence[Manifest]):
    """All objects of the cluster, as they are at the moment."""

    def __init__(self, store: PolicyStore) -> None:
        self._store = store

    @overload
    def __getitem__(self, index: int) -> Manifest: ...

    @overload
    def __getitem__(self, index: slice) -> list[Manifest]: ...

    def __getitem__(self, index: int | slice) -> Manifest | list[Manifest]:
        return self._store.written()[index]

    def __iter__(self) -> Iterator[Manifest]:
        return iter(self._store.written())

    def __len__(self) -> int:
        return len(self._store.written())


class _NamespaceLabels(Mapping[str, Mapping[str, str]]):
    """The labels of the namespaces, as they are at the moment."""

    def __init__(self, store: PolicyStore) -> None:
        self._store = store

    def __getitem__(self, name: str) -> Mapping[str, str]:
        found = self._store.get(ObjectKey("", "Namespace", "", name))
        if found is None:
            raise KeyError(name)
        return labels_of(found)

    def __iter__(self) -> Iterator[str]:
        return (text_at(each, "metadata", "name") for each in self._store.list(NAMESPACE))

    def __len__(self) -> int:
        return len(self._store.list(NAMESPACE))


class _Resources(Mapping[tuple[str, str], list[Manifest]]):
    """The objects of the cluster by group and plural, as they are at the moment."""

    def __init__(self, store: PolicyStore) -> None:
        self._store = store

    def __getitem__(self, resource: tuple[str, str]) -> list[Manifest]:
        group, plural = resource
        for kind in self._store.kinds():
            if kind.group == group and plural in plurals_of(kind.kind):
                return self._store.list(kind)
        raise KeyError(resource)

    def __iter__(self) -> Iterator[tuple[str, str]]:
        return ((kind.group, plurals_of(kind.kind)[0]) for kind in self._store.kinds())

    def __len__(self) -> int:
        return len(self._store.kinds())
