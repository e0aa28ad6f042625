"""What somebody may do: look, or change what the grants name."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from nixernetes.languages.globs.gobwas import glob_match

__all__ = ["EVERYTHING", "OPERATOR", "VIEWER", "Grant", "Role", "Standing"]


class Role(enum.StrEnum):
    """What somebody may do."""

    VIEWER = "viewer"
    OPERATOR = "operator"


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """What an operator may change: all three must match, and one pattern of each is enough.

    Attributes:
        clusters: patterns of the clusters that objects are in, or deliveries deliver to.
        projects: patterns of AppProjects; what belongs to none is ``""``.
        deliveries: patterns of ``namespace/name``; what no delivery brings is ``""``.

    """

    clusters: tuple[str, ...]
    projects: tuple[str, ...]
    deliveries: tuple[str, ...]

    def allows(self, cluster: str, project: str, delivery: str) -> bool:
        """Tell whether an object may be changed."""
        wanted = ((self.clusters, cluster), (self.projects, project), (self.deliveries, delivery))
        return all(any(glob_match(pattern, text) for pattern in patterns) for patterns, text in wanted)


EVERYTHING = Grant(clusters=("*",), projects=("*",), deliveries=("*",))


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Who somebody is to the page.

    Attributes:
        role: the role.
        name: the name, ``""`` for whoever opened an address that was printed.
        grants: what an operator may change.

    """

    role: Role
    name: str
    grants: tuple[Grant, ...]

    @property
    def is_unbounded(self) -> bool:
        """Whether everything may be changed."""
        return self.role is Role.OPERATOR and EVERYTHING in self.grants

    def allows(self, cluster: str, project: str, delivery: str) -> bool:
        """Tell whether an object may be changed."""
        return self.role is Role.OPERATOR and any(each.allows(cluster, project, delivery) for each in self.grants)


OPERATOR = Standing(role=Role.OPERATOR, name="", grants=(EVERYTHING,))
VIEWER = Standing(role=Role.VIEWER, name="", grants=())
