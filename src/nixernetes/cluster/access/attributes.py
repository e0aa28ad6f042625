"""What somebody wants to do (apiserver pkg/authorization/authorizer, v0.34.4)."""

from __future__ import annotations

from dataclasses import dataclass

from nixernetes.cluster.access.users import User
from nixernetes.cluster.api import ApiError, Details

__all__ = ["Attributes"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Attributes:
    """One wish.

    Attributes:
        user: who.
        verb: ``get``, ``list``, ...
        group: the API group of a resource.
        resource: the resource; ``""`` for a path that is none.
        subresource: the part of it.
        namespace: where; ``""`` in all.
        name: of which object; ``""`` of all.
        path: the path that is no resource.

    """

    user: User
    verb: str
    group: str = ""
    resource: str = ""
    subresource: str = ""
    namespace: str = ""
    name: str = ""
    path: str = ""

    def refusal(self) -> ApiError:
        """Return the refusal of it."""
        who = f'User "{self.user.name}" cannot {self.verb}'
        if not self.resource:
            return ApiError("Forbidden", f'forbidden: {who} path "{self.path}"', details=Details())
        qualified = f"{self.resource}.{self.group}" if self.group else self.resource
        part = f"{self.resource}/{self.subresource}" if self.subresource else self.resource
        # A request about one namespace is taken as one in it (apiserver v0.34.4, ``requestinfo.go``).
        inside = self.name if (self.group, self.resource) == ("", "namespaces") else self.namespace
        where = f'in the namespace "{inside}"' if inside else "at the cluster scope"
        named = f' "{self.name}"' if self.name else ""
        message = f'{qualified}{named} is forbidden: {who} resource "{part}" in API group "{self.group}" {where}'
        return ApiError("Forbidden", message, details=Details(name=self.name, group=self.group, kind=self.resource))
