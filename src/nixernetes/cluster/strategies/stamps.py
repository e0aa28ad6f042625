"""What a server writes into the metadata of every new object."""

from __future__ import annotations

import uuid
from typing import Final

from nixernetes.objects.manifest import Manifest

__all__ = ["stamped"]

_UIDS: Final = uuid.UUID("6ba7b811-9dad-11d1-80b4-00c04fd430c8")


def stamped(manifest: Manifest, *, identity: str, now: str, version: str, counts: bool = False) -> Manifest:
    """Return a new object with a uid, the time of its creation, a version, and its first generation.

    Args:
        manifest: the object.
        identity: what tells it from every other object: equal ones have equal uids.
        now: the moment.
        version: the version of its first state; ``""`` for one that is not stored.
        counts: whether its kind counts generations.

    """
    meta = {
        **manifest["metadata"],
        "uid": str(uuid.uuid5(_UIDS, identity)),
        **({"resourceVersion": version} if version else {}),
        "creationTimestamp": now,
    }
    if counts:
        meta["generation"] = 1
    return {**manifest, "metadata": meta}
