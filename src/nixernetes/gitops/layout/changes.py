"""What a build would change in a folder, decided from digests alone.

A file is ours when we wrote it last: its content has the digest that the record keeps for its path. What is ours may be
replaced or removed. Anything else that stands in the way is a conflict, and only the user may decide about it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

__all__ = ["Changes", "compare", "digest_bytes"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """What would happen to each path; every tuple is sorted.

    Attributes:
        created: nothing stands there yet.
        configured: ours, with other content than declared.
        deleted: ours, and no longer declared.
        unchanged: exactly as declared.
        edited: declared, but what stands there was changed or made by hand.
        edited_leftover: no longer declared, and changed by hand since we wrote it.

    """

    created: tuple[str, ...]
    configured: tuple[str, ...]
    deleted: tuple[str, ...]
    unchanged: tuple[str, ...]
    edited: tuple[str, ...]
    edited_leftover: tuple[str, ...]

    @property
    def up_to_date(self) -> bool:
        """Whether nothing is left to do."""
        return not (self.created or self.configured or self.deleted or self.conflicts)

    @property
    def conflicts(self) -> tuple[str, ...]:
        """The paths that only the user may decide about, sorted."""
        return tuple(sorted((*self.edited, *self.edited_leftover)))


def compare(declared: Mapping[str, str], recorded: Mapping[str, str], present: Mapping[str, str]) -> Changes:
    """Decide what happens to each path.

    Args:
        declared: path to the digest of the content that the platform declares.
        recorded: path to the digest of what the last build wrote.
        present: path to the digest of what stands there now, for every declared and recorded path that exists.

    """
    found: dict[str, list[str]] = {name: [] for name in Changes.__dataclass_fields__}
    for path in sorted(declared.keys() | recorded.keys()):
        verdict = _verdict(declared.get(path), recorded.get(path), present.get(path))
        if verdict:
            found[verdict].append(path)
    return Changes(**{name: tuple(paths) for name, paths in found.items()})


def digest_bytes(data: bytes) -> str:
    """Return the lower-case hex SHA-256 of a file's content."""
    return hashlib.sha256(data).hexdigest()


def _verdict(declared: str | None, recorded: str | None, present: str | None) -> str:
    if declared is None:
        if present is None:
            return ""
        return "deleted" if present == recorded else "edited_leftover"
    if present is None:
        return "created"
    if present == declared:
        return "unchanged"
    return "configured" if present == recorded else "edited"
