"""What a path means (apiserver pkg/endpoints/request/requestinfo.go, v0.34.4)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

__all__ = ["Target", "target"]

_OF_NAMESPACES: Final = ("status", "finalize")


@dataclass(frozen=True, slots=True)
class Target:
    """A collection, an object or a part of one.

    Attributes:
        group: ``""`` for the core group.
        version: its version.
        resource: the plural.
        namespace: ``""`` where none is named.
        name: ``""`` for the collection.
        subresource: ``status``, ``scale``, ...; ``""`` for the object itself.
        rest: what comes after the subresource (``proxy/...``).
        is_watch: whether the old form of a watch is asked for (``/api/v1/watch/...``).

    """

    group: str
    version: str
    resource: str
    namespace: str = ""
    name: str = ""
    subresource: str = ""
    rest: str = ""
    is_watch: bool = False

    @property
    def api_version(self) -> str:
        """Return group and version as objects state them."""
        return f"{self.group}/{self.version}" if self.group else self.version


@lru_cache(maxsize=4096)
def target(path: str) -> Target | None:
    """Return what a path names; None where it names no resource (discovery, health, versions, nothing)."""
    parts = path.strip("/").split("/")
    if parts[0] == "api" and len(parts) > 2:
        group, version, rest = "", parts[1], parts[2:]
    elif parts[0] == "apis" and len(parts) > 3:
        group, version, rest = parts[1], parts[2], parts[3:]
    else:
        return None
    is_watch = rest[0] == "watch" and len(rest) > 1
    if is_watch:
        rest = rest[1:]
    namespace = ""
    if rest[0] == "namespaces" and len(rest) > 2 and rest[2] not in _OF_NAMESPACES:
        namespace, rest = rest[1], rest[2:]
    resource, *more = rest
    name, subresource = [*more, "", ""][:2]
    return Target(group, version, resource, namespace, name, subresource, "/".join(more[2:]), is_watch)
