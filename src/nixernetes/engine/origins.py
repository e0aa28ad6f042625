"""What deliveries bring and where it comes from: what a build gave, for as long as the delivery is there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from nixernetes.objects.identity import ObjectKey, key_of
from nixernetes.objects.provenance import Origin
from nixernetes.render.rendered import Rendered, is_opened

__all__ = ["Origins"]


class Origins:
    """What each delivery of one cluster applied last, as it was rendered; forgotten with the delivery."""

    def __init__(self) -> None:
        self._held: dict[ObjectKey, dict[ObjectKey, Rendered]] = {}
        self._sealed: dict[ObjectKey, tuple[Rendered, ...]] = {}

    def __len__(self) -> int:
        """Return how many deliveries are known."""
        return len(self._held)

    def record(self, delivery: ObjectKey, items: Iterable[Rendered]) -> None:
        """Note what a delivery brings; what was noted of it before is forgotten."""
        known = list(items)
        self._held[delivery] = {key_of(item.manifest): item for item in known}
        sealed = tuple(item for item in known if item.seal is not None)
        self._sealed.pop(delivery, None)
        if sealed:
            self._sealed[delivery] = sealed

    def forget(self, delivery: ObjectKey) -> None:
        """Forget a delivery."""
        self._held.pop(delivery, None)
        self._sealed.pop(delivery, None)

    def is_opened(self, key: ObjectKey) -> bool:
        """Tell whether an object holds what SOPS had encrypted, in plain text."""
        return any(is_opened(item) and key_of(item.manifest) == key for item in self.sealed())

    def sealed(self) -> Iterator[Rendered]:
        """Yield what SOPS encrypted in what deliveries brought, delivery by delivery."""
        for delivery in sorted(self._sealed):
            yield from self._sealed[delivery]

    def of(self, delivery: ObjectKey, key: ObjectKey) -> Origin | None:
        """Return the origin of an object that a delivery brings; None when it is not known."""
        found = self.rendered(delivery, key)
        return found.origin if found is not None else None

    def brought(self, delivery: ObjectKey) -> tuple[Rendered, ...]:
        """Return what a delivery brings, hooks too, in the order in which it was rendered."""
        return tuple(self._held.get(delivery, {}).values())

    def rendered(self, delivery: ObjectKey, key: ObjectKey) -> Rendered | None:
        """Return an object as its delivery was rendered last, before its engine marked it; None when it is not known.

        What names no namespace is placed when it is applied, and found all the same.
        """
        held = self._held.get(delivery, {})
        return held.get(key) or held.get(key._replace(namespace=""))
