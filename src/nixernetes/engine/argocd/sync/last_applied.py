"""What was applied last, so that a sync can tell an object that is configured from one that is unchanged.

kubectl keeps it in an annotation of the object; here only its digest is held, and nothing but a word depends on it.
"""

from __future__ import annotations

from nixernetes.objects import manifest as manifests
from nixernetes.objects.bounded import Bounded
from nixernetes.objects.identity import ObjectKey
from nixernetes.objects.manifest import Manifest

__all__ = ["LastApplied"]

_MOST = 16_384  # objects: as many as comparisons are held of


class LastApplied:
    """Digests of what was applied, by cluster and object; beyond 16,384 the one used least recently is forgotten."""

    def __init__(self) -> None:
        self._digests: Bounded[tuple[str, ObjectKey], str] = Bounded(_MOST)

    def takes(self, server: str, key: ObjectKey, target: Manifest) -> bool:
        """Note what is applied now; tell whether it was applied the last time, as far as that is known."""
        digest = manifests.digest(target)
        before = self._digests.get((server, key))
        self._digests.put((server, key), digest)
        return before in (None, digest)
