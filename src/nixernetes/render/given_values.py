"""The ConfigMaps and Secrets that the user gives beside a repository; they win over declared ones."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from nixernetes.objects.identity import ObjectKey, key_of
from nixernetes.objects.manifest import Manifest

__all__ = ["GivenValues"]


class GivenValues:
    """ConfigMaps and Secrets of the user; the last of equal ones counts.

    One without a namespace stands for the object of its name in every namespace; one that names the namespace counts
    more.

    Args:
        items: the objects.
        opened: those that were encrypted in their files.

    """

    def __init__(self, items: Iterable[Manifest] = (), opened: Iterable[ObjectKey] = ()) -> None:
        self._items = {key_of(item): item for item in items}
        self._opened = frozenset(opened)

    def __iter__(self) -> Iterator[Manifest]:
        """Iterate over the objects, in order of their identities."""
        return iter(self._items[key] for key in sorted(self._items))

    def __len__(self) -> int:
        """Return how many objects there are."""
        return len(self._items)

    def get(self, key: ObjectKey) -> Manifest | None:
        """Return what is given for an identity, with its namespace set; None for nothing."""
        exact = self._items.get(key)
        if exact is not None:
            return exact
        anywhere = self._items.get(key._replace(namespace=""))
        if anywhere is None:
            return None
        return {**anywhere, "metadata": {**anywhere["metadata"], "namespace": key.namespace}}

    def over(self, declared: Mapping[ObjectKey, Manifest]) -> dict[ObjectKey, Manifest]:
        """Return objects with what is given in place of them, and beside them what nobody declares."""
        found = {key: self.get(key) or item for key, item in declared.items()}
        seen = {(key.kind, key.name) for key in declared}
        others = (key for key in self._items if key.namespace or (key.kind, key.name) not in seen)
        return found | {key: self._items[key] for key in others}

    def is_opened(self, key: ObjectKey) -> bool:
        """Tell whether what is given for an identity was encrypted in its file."""
        return key in self._opened or (key not in self._items and key._replace(namespace="") in self._opened)
