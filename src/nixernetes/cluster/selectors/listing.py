"""Which objects of a kind a list has."""

from __future__ import annotations

from collections.abc import Mapping

from nixernetes.objects.manifest import Manifest, labels_of

__all__ = ["listed"]


def listed(
    rows: Mapping[tuple[str, str], Manifest], namespace: str | None, labels: Mapping[str, str] | None
) -> list[Manifest]:
    """Return objects, sorted by namespace and name.

    Args:
        rows: the objects of a kind by namespace and name.
        namespace: theirs; None is every one.
        labels: what they must have.

    """
    wanted = (labels or {}).items()
    found = [
        row
        for row in rows.items()
        if (namespace is None or row[0][0] == namespace) and (not wanted or wanted <= labels_of(row[1]).items())
    ]
    return [item for _, item in sorted(found, key=lambda row: row[0])]
